// The page's side of the keeper: asks the worker that holds the keys, and says when they are gone.
//
// It never sees a key: a passphrase goes in, opened words come out.

/** There is no key: she has not unlocked, or the desk was locked again. */
export class Locked extends Error {
  name = "Locked";
}

/** It does not open: another key, another place, or bytes that were changed. */
export class Unreadable extends Error {
  name = "Unreadable";
}

const KINDS = { Locked, Unreadable };
const WORKER = "/desk/static/keeper.js";

let worker = null;
let open = false;
let last = 0;
const waiting = new Map();

function started() {
  if (worker) return worker;
  worker = new Worker(WORKER);
  worker.addEventListener("message", ({ data }) => answered(data));
  // Not to be understood, or not to be loaded: whoever waits is told, and the next one gets a fresh worker.
  worker.addEventListener("error", () => end(new Error("The worker that holds the keys could not be started.")));
  return worker;
}

function answered({ number, value, kind, message }) {
  const asked = waiting.get(number);
  waiting.delete(number);
  if (!asked) return;
  if (kind === undefined) asked.resolve(value);
  else asked.reject(new (KINDS[kind] ?? Error)(message));
}

function end(error) {
  worker?.terminate();
  worker = null;
  open = false;
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}

function ask(act, values, transfer = []) {
  return new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    started().postMessage({ number: last, act, values }, transfer);
  });
}

function opened(value) {
  open = true;
  document.dispatchEvent(new CustomEvent("desk:unlocked"));
  return value;
}

/** A file's bytes, part after part. `parts`: base64, ArrayBuffer or Uint8Array, or promises of them, in order. */
async function openFile({ file, secret, parts, sha256 }, onProgress = () => {}) {
  const plain = [];
  for (const [part, sealed] of [...parts].entries()) {
    plain.push(await ask("openPart", { file, secret, part, body: await sealed }));
    onProgress(plain.length / parts.length);
  }
  return ask("joinFile", { parts: plain, sha256 }, plain.map((part) => part.buffer));
}

export const keeper = {
  /** A fresh salt (base64) for a new passphrase. */
  newSalt: () => ask("newSalt", {}),
  /** A passphrase of seven everyday words (70 bits) in "ar" or "en". */
  propose: (language) => ask("propose", { language }),
  /** Passphrase and salt (base64) → {login} (base64); the wrapping key stays in the worker for one call. */
  derive: (passphrase, salt) => ask("derive", { passphrase, salt }),
  /** A new key pair for a member → {public, wrapped}, wrapped by what was derived last. */
  makeKey: (staff) => ask("makeKey", { staff }).then(opened),
  /** Open her wrapped key with what was derived last. Throws `Unreadable` where the passphrase is another. */
  unwrap: (wrapped, staff) => ask("unwrap", { wrapped, staff }).then(opened),
  /** Her open key, wrapped by what was derived last: for a new passphrase → wrapped. */
  rewrap: (staff) => ask("rewrap", { staff }),
  /** A key that opens nothing, wrapped by what was derived last: for a duress passphrase → wrapped. */
  decoy: (staff) => ask("decoy", { staff }),
  /** Whether her key is there. */
  isOpen: () => open,
  /** Forget every key, at once. Document event `desk:locked`. */
  lock() {
    end(new Locked("The desk was locked."));
    document.dispatchEvent(new CustomEvent("desk:locked"));
  },
  /** Open a case's keys: shares {epoch: base64} of one reader → list of epochs that are open now. */
  openShares: ({ caseNumber, reader, shares }) => ask("openShares", { caseNumber, reader, shares }),
  /** What was sealed under one number → list of {kind, at, content}; integers of 16 digits and more are strings. */
  openItem: ({ caseNumber, epoch, number, body }) => ask("openItem", { caseNumber, epoch, number, body }),
  /**
   * Seal a list of items to a case's present public key (base64) → base64. Throws `Unreadable` where she holds the key
   * of this epoch and `publicKey` is another.
   */
  sealItem: ({ caseNumber, epoch, publicKey, number, items }) =>
    ask("sealItem", { caseNumber, epoch, publicKey, number, items }),
  /** A fresh number for a row: a random 62-bit number as a decimal string. */
  newNumber: () => ask("newNumber", {}),
  /** A case's key of one epoch, sealed for another reader by her public key (base64) → base64. */
  reseal: ({ caseNumber, epoch, reader, publicKey }) => ask("reseal", { caseNumber, epoch, reader, publicKey }),
  openFile,
};

let panel = () => Promise.reject(new Locked("There is nowhere to unlock."));
let asked = null;

/** Who shows the panel that asks for the passphrase: a function that resolves when the key is there. */
export function unlockBy(shown) {
  panel = shown;
}

/** Resolves when her key is there; asks for her passphrase if it isn't. Throws `Locked` where she says not now. */
export function unlocked() {
  if (open) return Promise.resolve();
  asked ??= Promise.resolve(panel()).finally(() => (asked = null));
  return asked;
}
