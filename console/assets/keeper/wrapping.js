// Wraps her private seed with the key of her passphrase, bound to her number. It never sees the passphrase.

import { drawn, joined } from "./bytes.js";
import { Unreadable } from "./errors.js";
import { wrappedPlace } from "./places.js";

const NONCE = 12;

export async function wrap(wrapping, staff, seed) {
  const nonce = drawn(NONCE);
  const sealed = await crypto.subtle.encrypt(gcm(nonce, staff), wrapping, seed);
  return joined([nonce, new Uint8Array(sealed)]);
}

/** Throws `Unreadable` where it was another passphrase, another person or another value. */
export async function unwrap(wrapping, staff, wrapped) {
  try {
    const plain = await crypto.subtle.decrypt(gcm(wrapped.slice(0, NONCE), staff), wrapping, wrapped.slice(NONCE));
    return new Uint8Array(plain);
  } catch {
    throw new Unreadable("This passphrase does not open her key.");
  }
}

const gcm = (iv, staff) => ({ name: "AES-GCM", iv, additionalData: wrappedPlace(staff) });
