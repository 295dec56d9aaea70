// Leaves at once, to a page that says nothing: the keys go first, then what is seen, then the session, then the page.
//
// By the link on each page, or by pressing Escape three times. The page's place in the history goes to the new one.

import { keeper } from "./keeper.js";
import { each } from "./mounting.js";

const QUICKLY = 1500; // milliseconds for three times Escape
const presses = [];

function leave(link) {
  const { token } = document.body.dataset;
  keeper.lock();
  // Whoever leaves like this does not come back in a minute: her session ends, without waiting for the answer.
  if (token) navigator.sendBeacon("/desk/leave", new URLSearchParams({ token }));
  document.body.replaceChildren();
  document.title = "";
  location.replace(link.href);
}

function pressed(event) {
  if (event.key !== "Escape" || event.repeat) return;
  presses.push(event.timeStamp);
  const [first] = presses.slice(-3);
  const link = document.querySelector("[data-exit]");
  if (presses.length >= 3 && event.timeStamp - first < QUICKLY && link) leave(link);
}

export function mount(root) {
  each(root, "[data-exit]", (link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave(link);
    });
  });
}

// Before anything else hears it: a panel may take the key for itself.
addEventListener("keydown", pressed, { capture: true });
