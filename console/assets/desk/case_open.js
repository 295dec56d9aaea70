// Opens a case: asks for what is sealed, opens what her key opens, and says what stays shut and why.
//
// One thing that doesn't open never hides the rest. What is open lives in the `open` object alone, until the lock.

import { ask } from "./asking.js";
import { keeper, Locked, unlocked } from "./keeper.js";

/** A case that is to be opened: its server side in `data`, what was opened in `entries`, what wasn't in `shut`. */
export function closed(code) {
  return { base: `/desk/cases/${code}`, code, data: null, entries: [], shut: [], epochs: new Set(), found: new Map() };
}

/** Forget everything that was opened. */
export function forget(open) {
  Object.assign(open, { data: null, entries: [], shut: [], epochs: new Set(), found: new Map() });
}

/** Fetch the case and open what is new in it. `live`: by the page itself, not by her hand. Throws Refused, Locked. */
export async function refresh(open, { live = false, onProgress = () => {} } = {}) {
  await unlocked();
  const data = await fetched(open, live);
  Object.assign(open, { data, epoch: data.epoch, publicKey: data.publicKey });
  await openKeys(open);
  await openItems(open, onProgress);
  return open;
}

/** The sealed case; of its items only those that are not here yet are asked for. */
async function fetched(open, live) {
  const before = open.data?.items ?? [];
  const more = live ? { "X-Desk-Live": "1" } : {};
  const data = await ask(`${open.base}/sealed?have=${before.length}`, undefined, more);
  const items = [...before, ...data.items];
  // Something was taken away meanwhile: all of it is read anew.
  if (items.length !== data.count) return ask(`${open.base}/sealed`, undefined, more);
  return { ...data, items };
}

async function openKeys(open) {
  const { case: caseNumber, reader, shares } = open.data;
  const wanted = Object.entries(shares).filter(([epoch]) => !open.epochs.has(epoch));
  if (!reader || wanted.length === 0) return;
  // Each by itself: a share that is damaged leaves the others their use.
  const opened = wanted.map(async ([epoch, share]) => {
    for (const one of await keeper.openShares({ caseNumber, reader, shares: { [epoch]: share } })) open.epochs.add(String(one));
  });
  passOnLock(await Promise.allSettled(opened));
}

async function openItems(open, onProgress) {
  const fresh = open.data.items.filter(({ number, epoch }) => !open.found.has(number) && open.epochs.has(String(epoch)));
  let done = 0;
  const opened = fresh.map(async (item) => {
    open.found.set(item.number, await opening(open, item));
    onProgress((done += 1) / fresh.length);
  });
  passOnLock(await Promise.allSettled(opened));
  arrange(open);
}

async function opening(open, { number, epoch, body }) {
  try {
    return await keeper.openItem({ caseNumber: open.data.case, epoch, number, body });
  } catch (error) {
    if (error instanceof Locked) throw error;
    return null;
  }
}

/** In the order in which they came: a row may hold several things that were sealed together. */
function arrange(open) {
  open.entries = [];
  open.shut = [];
  for (const { number, epoch, staff, mine } of open.data.items) {
    const things = open.found.get(number);
    if (!Array.isArray(things)) {
      open.shut.push({ number, epoch, staff, why: open.epochs.has(String(epoch)) ? "broken" : "epoch" });
      continue;
    }
    for (const thing of things) {
      if (isThing(thing)) open.entries.push({ ...thing, number, staff, mine, content: thing.content ?? {} });
      else open.shut.push({ number, epoch, staff, why: "broken" });
    }
  }
}

function isThing(thing) {
  return typeof thing === "object" && thing !== null && typeof thing.kind === "string" && !isNaN(new Date(thing.at));
}

function passOnLock(settled) {
  for (const { reason } of settled) if (reason instanceof Locked) throw reason;
}

/** Everything of some kinds, oldest first. */
export function things(open, ...kinds) {
  return open.entries.filter(({ kind }) => kinds.includes(kind));
}

/** Her answers by question: a later one takes the place of an earlier. */
export function answers(open) {
  return Object.assign({}, ...open.entries.map(({ content }) => content.answers ?? {}));
}

/** Which keys of the case a colleague lacks and this page holds. */
export function canHandOn(open, { epochs }) {
  return epochs.map(String).filter((epoch) => open.epochs.has(epoch));
}

/** Hand the case's keys on to a colleague who lacks them. A person asks for it, having seen whose key it is. */
export async function handOn(open, colleague) {
  const { reader, publicKey } = colleague;
  const caseNumber = open.data.case;
  const sealed = canHandOn(open, colleague).map(async (epoch) => [
    epoch,
    await keeper.reseal({ caseNumber, epoch, reader, publicKey }),
  ]);
  await ask(`${open.base}/shares`, { reader, shares: Object.fromEntries(await Promise.all(sealed)) });
}

/** A public key's fingerprint in groups of four, as her account page and `sanad recover` show it. */
export async function fingerprint(publicKey) {
  const bytes = Uint8Array.from(atob(publicKey), (letter) => letter.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const digits = [...digest.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.match(/.{4}/g).join(" ");
}
