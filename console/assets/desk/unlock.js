// The panel that asks for the passphrase again: after a reload, after an idle while, or when she locked the desk.

import { ask } from "./asking.js";
import * as exit from "./exit.js";
import { empty, onSend } from "./filling.js";
import { go } from "./going.js";
import { Locked, Unreadable, keeper, unlockBy } from "./keeper.js";
import { word } from "./saying.js";

let shown = null;

/** Show the panel; resolves when her key is there (with the page that she was sent to, if any), throws `Locked` where she closes it. One panel at a time. */
function panel() {
  const template = document.getElementById("unlock");
  if (!template) return Promise.reject(new Locked("There is nobody signed in."));
  return new Promise((resolve, reject) => {
    shown?.remove();
    shown = template.content.firstElementChild.cloneNode(true);
    const dialog = shown;
    document.body.append(dialog);
    exit.mount(dialog);
    onSend(dialog.querySelector("form"), unlocking);
    dialog.querySelector("[data-later]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      empty(dialog.querySelector("form"));
      dialog.remove();
      const next = dialog.returnValue;
      if (next) go(next);
      if (keeper.isOpen()) resolve(next);
      else reject(new Locked(word("locked")));
    });
    dialog.showModal();
  });
}

async function unlocking(form) {
  const { salt, wrapped, staff } = await ask("/desk/unlock");
  const { login } = await keeper.derive(form.elements.passphrase.value, salt);
  try {
    await keeper.unwrap(wrapped, staff);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // Perhaps the passphrase for when she is forced: the server knows, and both look alike here.
    const other = await ask("/desk/unlock", { login });
    await keeper.unwrap(other.wrapped, other.staff);
    return void shown.close(other.next);
  }
  shown.close("");
}

unlockBy(panel);
