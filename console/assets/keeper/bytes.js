// Turns text, base64, hexadecimal and numbers into bytes and back. It never guesses: what is malformed throws.

const WORDS = new TextEncoder();
const READ = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const utf8 = (text) => WORDS.encode(text);
export const text = (bytes) => READ.decode(bytes);

export function fromBase64(encoded) {
  const letters = atob(encoded);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

export function toBase64(bytes) {
  let letters = "";
  // A few thousand at a time: so many arguments a call may have everywhere.
  for (let at = 0; at < bytes.length; at += 4096) letters += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return btoa(letters);
}

export function toHex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** `count` fresh bytes from the browser's generator. */
export const drawn = (count) => crypto.getRandomValues(new Uint8Array(count));

/** A positive 62-bit number in decimal, as `bot.chance.number` draws one. */
export function drawnNumber() {
  const number = new DataView(drawn(8).buffer).getBigUint64(0) >> 2n;
  return String(number || 1n);
}
