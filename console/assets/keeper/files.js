// Opens the parts of a file with the file's own key, and proves the whole by its SHA-256. It never keeps a part.

import { fromBase64, joined, toHex } from "./bytes.js";
import { Unreadable } from "./errors.js";
import { partPlace } from "./places.js";

/** One part, opened: its nonce is its number (storage/seal.py, FileKey). Throws `Unreadable`. */
export async function openPart(file, secret, part, sealed) {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setUint32(8, part);
  const key = await crypto.subtle.importKey("raw", fromBase64(secret), "AES-GCM", false, ["decrypt"]);
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: partPlace(file, part) }, key, sealed);
    return new Uint8Array(plain);
  } catch {
    throw new Unreadable("A part of this file does not open.");
  }
}

/** The parts as one. Throws `Unreadable` where the whole is not what its SHA-256 (hexadecimal) says. */
export async function joinFile(parts, sha256) {
  const whole = joined(parts);
  if (sha256 === undefined) return whole;
  const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", whole)));
  if (digest !== sha256.toLowerCase()) throw new Unreadable("This file is not whole, or it was changed.");
  return whole;
}
