// Seals to a public key and opens with a private one: HPKE (RFC 9180) with X-Wing, byte for byte as storage/seal.py.
//
// It never keeps a key: keeper/ring.js does.

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { joined } from "./bytes.js";
import { Unreadable } from "./errors.js";
import { pad, unpad } from "./padding.js";

const SUITE = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const ENC = 1120;
export const SEED = 32;

/** The private key that `seed` (32 bytes) stands for. */
export async function privateKey(seed) {
  // A copy: the library reads the whole buffer behind what it is given.
  return SUITE.kem.importKey("raw", seed.slice(), false);
}

/** The public half (1216 bytes) of what `seed` stands for. */
export async function publicKey(seed) {
  const pair = await SUITE.kem.generateKeyPairDerand(seed.slice());
  return new Uint8Array(await SUITE.kem.serializePublicKey(pair.publicKey));
}

export async function sealTo(publicBytes, place, plain) {
  const recipientPublicKey = await SUITE.kem.importKey("raw", publicBytes.slice(), true);
  const { ct, enc } = await SUITE.seal({ recipientPublicKey, info: place }, pad(plain));
  return joined([new Uint8Array(enc), new Uint8Array(ct)]);
}

/** Open with a key of `privateKey`. Throws `Unreadable` where the key or the place doesn't fit. */
export async function openWith(key, place, sealed) {
  let plain;
  try {
    const enc = sealed.slice(0, ENC);
    plain = await SUITE.open({ recipientKey: key, enc, info: place }, sealed.slice(ENC));
  } catch {
    throw new Unreadable("This key does not open it here.");
  }
  return unpad(new Uint8Array(plain));
}
