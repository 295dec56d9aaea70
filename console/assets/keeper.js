// The worker that holds the keys of whoever is at the desk. It has no page, no cookie of its own and no storage:
// what it knows ends with it. A seed never leaves it, but wrapped by her passphrase or sealed to another reader.

import { drawn, drawnNumber, fromBase64, toBase64 } from "./keeper/bytes.js";
import { joinFile, openPart } from "./keeper/files.js";
import { proposed } from "./keeper/proposing.js";
import * as ring from "./keeper/ring.js";

async function partOf({ file, secret, part, body }) {
  ring.opened();
  return openPart(file, secret, part, typeof body === "string" ? fromBase64(body) : body);
}

async function answer({ data: { number, act, values } }) {
  try {
    const value = await ACTS[act](values);
    self.postMessage({ number, value }, value instanceof Uint8Array ? [value.buffer] : []);
  } catch (error) {
    self.postMessage({ number, kind: error.name, message: error.message });
  }
}

const ACTS = {
  newSalt: async () => toBase64(drawn(16)),
  newNumber: async () => drawnNumber(),
  propose: async ({ language }) => proposed(language),
  derive: ring.derive,
  makeKey: ring.makeKey,
  unwrap: ring.openHers,
  rewrap: ring.rewrap,
  decoy: ring.decoy,
  openShares: ring.openShares,
  openItem: ring.openItem,
  sealItem: ring.sealItem,
  reseal: ring.reseal,
  openPart: partOf,
  joinFile: ({ parts, sha256 }) => joinFile(parts, sha256),
};

self.addEventListener("message", answer);
