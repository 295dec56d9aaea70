// Does something to a case: seals what goes with it here, in the page, and sends it. What she wrote stays if it fails.

import { ask, Refused } from "./asking.js";
import { keeper, Locked, unlocked } from "./keeper.js";
import { tell } from "./saying.js";
import { say } from "./words.js";

const TRIES = 4;

/** Seal one thing to the case's present key → {number, epoch, body}. */
export async function sealed(open, kind, content) {
  await unlocked();
  const { epoch, publicKey } = open;
  const number = await keeper.newNumber();
  const items = [{ kind, at: new Date().toISOString(), content }];
  return { number, epoch, body: await keeper.sealItem({ caseNumber: open.data.case, epoch, publicKey, number, items }) };
}

/**
 * Do an act. `build` makes what is sent, and is asked again where the case got a new key meanwhile or a number was
 * taken: the same words, sealed anew. Throws Refused: nothing of it was kept.
 */
export async function act(open, path, build) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask(open.base + path, await build());
    } catch (error) {
      if (tries === TRIES || !isWorthAnother(open, error)) throw error;
    }
  }
}

function isWorthAnother(open, error) {
  if (!(error instanceof Refused) || error.status !== 409) return false;
  const { code, epoch, publicKey } = error.data;
  if (code === "epoch") Object.assign(open, { epoch, publicKey });
  return code === "epoch" || code === "number";
}

/**
 * Send a form by `send(values)`, once at a time. Afterwards it is empty and `done` is said; if it fails, everything
 * stays in it and the reason stands under it.
 */
export function sends(form, send, done = "") {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    const values = Object.fromEntries(new FormData(form));
    attempt(form, async () => {
      await send(values, form);
      for (const field of form.querySelectorAll("textarea, input[type=date], input[type=time]")) {
        field.value = "";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      const said = typeof done === "function" ? done() : done && say(done);
      if (said) tell(said);
    });
  });
}

/** Do something for a part of the page, with its button resting and the reason of a failure shown in it. */
export async function attempt(part, what) {
  // The button that sends to her is minded by the composer: it opens only for words that were looked at.
  const buttons = [...part.querySelectorAll("button:not([data-send])")];
  if (part instanceof HTMLButtonElement) buttons.push(part);
  const problem = part.querySelector("[data-problem]") ?? part.parentElement?.querySelector("[data-problem]");
  problemOf(problem, "");
  part.setAttribute("aria-busy", "true");
  for (const button of buttons) button.disabled = true;
  try {
    await what();
  } catch (error) {
    problemOf(problem, reason(error));
  } finally {
    part.removeAttribute("aria-busy");
    for (const button of buttons) button.disabled = false;
  }
}

function problemOf(element, text) {
  if (!element) {
    if (text) tell(text);
    return;
  }
  element.textContent = text;
  element.hidden = !text;
}

/** Why something did not work, in her language. */
export function reason(error) {
  if (error instanceof Refused) return error.message || say("failed");
  if (error instanceof Locked) return say("not_unlocked");
  console.warn(error?.name ?? "Error");
  return say("failed");
}
