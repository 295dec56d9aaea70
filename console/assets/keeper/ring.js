// Holds the keys that are open: hers, and those of the cases she looked at. They never leave the worker but sealed.

import { drawn, fromBase64, text, toBase64, utf8 } from "./bytes.js";
import { Locked, Unreadable } from "./errors.js";
import { parsed } from "./numbers.js";
import { derived } from "./passphrase.js";
import { itemPlace, sharePlace } from "./places.js";
import { SEED, openWith, privateKey, publicKey, sealTo } from "./sealing.js";
import { unwrap, wrap } from "./wrapping.js";

let hers = null; // {seed, key}
let wrapping = null; // of the passphrase that was given last
const cases = new Map(); // "case/epoch" → {seed, key}

const pair = async (seed) => ({ seed, key: await privateKey(seed) });

// Of use once: afterwards nothing of the passphrase is left here.
async function withDerived(use) {
  if (!wrapping) throw new Locked("No passphrase was given.");
  const used = await use(wrapping);
  wrapping = null;
  return used;
}

export async function derive({ passphrase, salt }) {
  const made = await derived(passphrase, fromBase64(salt));
  wrapping = made.wrapping;
  return { login: toBase64(made.login) };
}

export async function makeKey({ staff }) {
  const seed = drawn(SEED);
  const wrapped = await withDerived((key) => wrap(key, staff, seed));
  hers = await pair(seed);
  return { public: toBase64(await publicKey(seed)), wrapped: toBase64(wrapped) };
}

export async function openHers({ wrapped, staff }) {
  const seed = await withDerived((key) => unwrap(key, staff, fromBase64(wrapped)));
  if (seed.length !== SEED) throw new Unreadable("What was wrapped is no key.");
  hers = await pair(seed);
  cases.clear();
}

export async function rewrap({ staff }) {
  const { seed } = opened();
  return toBase64(await withDerived((key) => wrap(key, staff, seed)));
}

/** Under duress a key is found that opens nothing, and looks like any other. */
export async function decoy({ staff }) {
  return toBase64(await withDerived((key) => wrap(key, staff, drawn(SEED))));
}

export async function openShares({ caseNumber, reader, shares }) {
  const { key } = opened();
  for (const [epoch, sealed] of Object.entries(shares)) {
    const name = `${caseNumber}/${epoch}`;
    if (cases.has(name)) continue;
    const seed = await openWith(key, sharePlace(caseNumber, reader, epoch), fromBase64(sealed));
    cases.set(name, await pair(seed.slice()));
  }
  const known = [...cases.keys()].filter((name) => name.startsWith(`${caseNumber}/`));
  return known.map((name) => name.split("/")[1]);
}

export async function openItem({ caseNumber, epoch, number, body }) {
  const { key } = ofCase(caseNumber, epoch);
  const plain = await openWith(key, itemPlace(caseNumber, number), fromBase64(body));
  try {
    return parsed(text(plain));
  } catch {
    // The browser's own sentence would quote from it.
    throw new Unreadable("What was sealed here is not of our making.");
  }
}

/**
 * Where she holds the case's key of this epoch, it must be the one that she is told to seal to: a server that was taken
 * over could name another. Needs an open desk in any case.
 */
export async function sealItem({ caseNumber, epoch, publicKey: to, number, items }) {
  opened();
  const held = cases.get(`${caseNumber}/${epoch}`);
  if (held) held.public ??= toBase64(await publicKey(held.seed));
  if (held && held.public !== to) throw new Unreadable("This is not the case's key.");
  return toBase64(await sealTo(fromBase64(to), itemPlace(caseNumber, number), utf8(JSON.stringify(items))));
}

export async function reseal({ caseNumber, epoch, reader, publicKey: to }) {
  const { seed } = ofCase(caseNumber, epoch);
  return toBase64(await sealTo(fromBase64(to), sharePlace(caseNumber, reader, epoch), seed));
}

export function opened() {
  if (!hers) throw new Locked("There is no key: unlock first.");
  return hers;
}

function ofCase(caseNumber, epoch) {
  opened();
  const found = cases.get(`${caseNumber}/${epoch}`);
  if (!found) throw new Unreadable("She has no key to this part of the case.");
  return found;
}
