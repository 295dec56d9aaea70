// What every form with a passphrase does: one try at a time, a sentence when it fails, the field emptied at the end.
//
// It never sends the form itself: a passphrase goes to the worker, and nowhere else.

import { Refused } from "./asking.js";
import { Unreadable } from "./keeper.js";
import { word } from "./saying.js";

/** Call `act(form)` when the form is sent; what it throws is said in the form. A returned sentence is said, too. */
export function onSend(form, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    busy(form, true);
    say(form, "");
    try {
      const problem = await act(form);
      if (problem) say(form, problem);
    } catch (error) {
      say(form, sentence(error));
    } finally {
      busy(form, false);
    }
  });
}

/** Say what is wrong, in the form's own place for it. */
export function say(form, text) {
  const place = form.querySelector(".problem");
  place.textContent = text;
  place.hidden = !text;
}

/** Empty every field that holds a passphrase. */
export function empty(form) {
  for (const field of secrets(form)) field.value = "";
}

const secrets = (form) => form.querySelectorAll("[name=passphrase], [name=again], [name=old]");

function sentence(error) {
  if (error instanceof Refused) return error.message;
  if (error instanceof Unreadable) return word("wrong");
  console.error(error.name);
  return word("broken");
}

function busy(form, is) {
  form.setAttribute("aria-busy", is);
  for (const button of form.querySelectorAll("button")) button.disabled = is;
  const progress = form.querySelector("progress") ?? made(form);
  progress.hidden = !is;
}

// Argon2id takes half a second here and some seconds on an old phone: it is seen that something happens.
function made(form) {
  const progress = document.createElement("progress");
  progress.setAttribute("aria-label", word("working"));
  form.querySelector(".problem").before(progress);
  return progress;
}
