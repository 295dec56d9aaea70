// Pads as storage/vault.py does (PADMÉ: a size betrays only its order). It never looks at what it pads.

import { Unreadable } from "./errors.js";

const MARK = 0x80;
const LEAST = 64;

/** Bytes that `length` bytes are padded to. */
export function padded(length) {
  const wanted = Math.max(LEAST, length + 1);
  const exponent = bits(wanted) - 1;
  const mask = 2 ** (exponent - bits(exponent)) - 1;
  // By division, since JavaScript's own & ends at 32 bits.
  return Math.ceil(wanted / (mask + 1)) * (mask + 1);
}

export function pad(plain) {
  const filled = new Uint8Array(padded(plain.length));
  filled.set(plain);
  filled[plain.length] = MARK;
  return filled;
}

export function unpad(filled) {
  const end = filled.lastIndexOf(MARK);
  if (end < 0) throw new Unreadable("A sealed value has no padding.");
  return filled.subarray(0, end);
}

function bits(number) {
  return number.toString(2).length;
}
