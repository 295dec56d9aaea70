// Locks the desk after an idle while, when she asks, and when the page is put away: the worker ends with its keys, and
// what was opened leaves the page (all that stands in elements marked data-sealed).

import { again } from "./going.js";
import { Locked, keeper, unlocked } from "./keeper.js";
import { each } from "./mounting.js";
import { tell, word } from "./saying.js";

const MINUTE = 60_000;
const IDLE = 10 * MINUTE;
const LOOKED = 5_000; // how often the clock is looked at

let used = Date.now();
let warned = false;

const note = () => {
  used = Date.now();
  if (warned) tell("");
  warned = false;
};

// What comes after too long a while is no use of hers any more: perhaps the phone slept, and someone else woke it.
const touched = () => {
  look();
  note();
};

function look() {
  if (!keeper.isOpen()) return;
  const idle = Date.now() - used;
  if (idle >= IDLE) lockNow();
  else if (idle >= IDLE - MINUTE && !warned) {
    warned = true;
    tell(word("locking"));
  }
}

/** Lock, empty what was opened, and ask for the passphrase. */
function lockNow() {
  keeper.lock();
  return reopened();
}

/** Ask for the passphrase; the page comes anew if something had left it. */
async function reopened() {
  try {
    const moved = await unlocked();
    tell("");
    if (!moved && document.querySelector("[data-emptied]")) await again();
  } catch (error) {
    if (!(error instanceof Locked)) throw error; // else she left it locked
  }
}

function emptied() {
  warned = false;
  for (const element of document.querySelectorAll("[data-sealed]")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button quiet", textContent: word("unlock") });
    button.addEventListener("click", reopened);
    element.dataset.emptied = "";
    element.replaceChildren(button);
  }
}

// One button says which of the two it is, and does the other.
function label(button) {
  button.textContent = word(keeper.isOpen() ? "lock" : "unlock");
}

const turned = () => (keeper.isOpen() ? lockNow() : reopened());
const labelAll = () => document.querySelectorAll("[data-lock]").forEach(label);

export function mount(root) {
  each(root, "[data-lock]", (button) => {
    label(button);
    button.addEventListener("click", turned);
  });
}

document.addEventListener("desk:locked", () => (emptied(), labelAll()));
document.addEventListener("desk:unlocked", () => (note(), labelAll()));
for (const sign of ["pointerdown", "keydown", "wheel", "touchmove"]) addEventListener(sign, touched, { passive: true });
// A phone that slept ran no timer: the clock is looked at as soon as it wakes.
document.addEventListener("visibilitychange", look);
setInterval(look, LOOKED);
// A page that is put away may be kept as it is, for "Back": it is kept empty, and comes anew.
addEventListener("pagehide", () => keeper.isOpen() && keeper.lock());
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
