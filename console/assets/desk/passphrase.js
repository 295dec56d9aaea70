// Chooses passphrases: the welcome of someone new, a change, and the one for when she is forced. With a meter that
// says how hard it is to guess, and one of seven words to accept. No passphrase leaves the page but to the worker.

import { ask } from "./asking.js";
import { empty, onSend } from "./filling.js";
import { go } from "./going.js";
import { keeper } from "./keeper.js";
import { each } from "./mounting.js";
import { word } from "./saying.js";
import { strength } from "./strength.js";

const FAIR = 2;
const LEVELS = ["short", "weak", "fair", "good", "strong"];
const same = (one, other) => one.normalize("NFKC") === other.normalize("NFKC");

/** What speaks against the passphrase in a form; empty where nothing does. */
function problem({ elements: { passphrase, again } }) {
  const { level } = strength(passphrase.value);
  if (level < FAIR) return word(LEVELS[level]);
  return same(passphrase.value, again.value) ? "" : word("different");
}

async function welcome(form) {
  const wrong = problem(form);
  if (wrong) return wrong;
  const { name, passphrase } = form.elements;
  const salt = await keeper.newSalt();
  const { login } = await keeper.derive(passphrase.value, salt);
  const made = await keeper.makeKey(form.dataset.staff);
  const { next } = await ask(form.getAttribute("action"), { name: name?.value ?? "", salt, login, ...made });
  empty(form);
  await go(next);
}

async function change(form) {
  const wrong = problem(form);
  if (wrong) return wrong;
  const { staff, login } = await opened(form);
  const newSalt = await keeper.newSalt();
  const { login: newLogin } = await keeper.derive(form.elements.passphrase.value, newSalt);
  const newWrapped = await keeper.rewrap(staff);
  const { next } = await ask(form.getAttribute("action"), { login, newSalt, newLogin, newWrapped });
  empty(form);
  await go(next);
}

async function forced(form) {
  const wrong = problem(form);
  if (wrong) return wrong;
  const { staff, salt, login } = await opened(form);
  const { login: duressLogin } = await keeper.derive(form.elements.passphrase.value, salt);
  const decoy = await keeper.decoy(staff);
  const { next } = await ask(form.getAttribute("action"), { login, duressLogin, decoy });
  empty(form);
  await go(next);
}

/** Her present passphrase, proven by opening her key with it. */
async function opened(form) {
  const { salt, wrapped, staff } = await ask("/desk/unlock");
  const { login } = await keeper.derive(form.elements.old.value, salt);
  await keeper.unwrap(wrapped, staff);
  return { salt, staff, login };
}

function meter(place) {
  const field = place.closest("form").elements.passphrase;
  const bar = document.createElement("meter");
  Object.assign(bar, { min: 0, max: 4, low: 2, high: 3, optimum: 4, value: 0 });
  bar.setAttribute("aria-label", word("meter"));
  const said = document.createElement("p");
  said.className = "hint";
  said.setAttribute("aria-live", "polite");
  place.append(bar, said);
  field.addEventListener("input", () => {
    const { level } = strength(field.value);
    bar.value = level;
    said.textContent = field.value ? word(LEVELS[level]) : "";
  });
}

function generate(place) {
  const { passphrase, again } = place.closest("form").elements;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button quiet", textContent: word("propose") });
  const proposed = document.createElement("p");
  proposed.className = "generated words";
  const said = document.createElement("p");
  Object.assign(said, { className: "hint", textContent: word("proposed"), hidden: true });
  said.setAttribute("role", "status");
  place.append(button, proposed, said);
  button.addEventListener("click", async () => {
    proposed.textContent = passphrase.value = await keeper.propose(document.documentElement.lang);
    passphrase.dispatchEvent(new Event("input"));
    again.value = "";
    said.hidden = false;
    again.focus();
  });
}

function show(button) {
  const field = button.closest(".secret").querySelector("input");
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  });
}

export function mount(root) {
  each(root, "form[data-welcome]", (form) => onSend(form, welcome));
  each(root, "form[data-passphrase]", (form) => onSend(form, change));
  each(root, "form[data-duress]", (form) => onSend(form, forced));
  each(root, "[data-meter]", meter);
  each(root, "[data-generate]", generate);
  each(root, "[data-show]", show);
}
