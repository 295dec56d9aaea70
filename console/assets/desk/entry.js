// Signs in: the passphrase becomes two keys in the worker, one of which goes to the server; the other opens hers.

import { ask } from "./asking.js";
import { empty, onSend } from "./filling.js";
import { go } from "./going.js";
import { keeper } from "./keeper.js";
import { each } from "./mounting.js";

async function enter(form) {
  const { name, passphrase } = form.elements;
  const { salt } = await ask("/desk/enter/salt", { name: name.value });
  const { login } = await keeper.derive(passphrase.value, salt);
  const { next, wrapped, staff } = await ask(form.getAttribute("action"), { name: name.value, login });
  await keeper.unwrap(wrapped, staff);
  empty(form);
  await go(next);
}

// Whoever is at the door has no keys: what an earlier visit left ends here. So it does when she signs out.
function atTheDoor(form) {
  if (keeper.isOpen()) keeper.lock();
  onSend(form, enter);
}

export function mount(root) {
  each(root, "form[data-enter]", atTheDoor);
  each(root, "form[action='/desk/leave']", (form) => form.addEventListener("submit", () => keeper.lock()));
}
