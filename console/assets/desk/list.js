// Keeps the list of cases fresh: hears from the server that something changed, and asks for the list again.
// It never learns what changed, and it doesn't keep a session alive: what it asks is marked as not hers.

import htmx from "htmx.org";
import { keeper } from "./keeper.js";
import { tell, word } from "./saying.js";

const LIVE = { "X-Desk-Live": "1" };
const COME_BACK = 10_000;
let line = null;

/** Listen while somebody is signed in whom cases concern. */
export function mount() {
  if (!document.querySelector("nav.ways[data-live]")) hangUp();
  else if (!line) listen();
}

function listen() {
  line = new EventSource("/desk/events");
  line.addEventListener("cases", () => document.dispatchEvent(new CustomEvent("desk:cases")));
  line.addEventListener("error", async () => {
    if (line?.readyState !== EventSource.CLOSED) return; // it comes back by itself
    hangUp();
    if (await isOver()) ended();
    else setTimeout(() => mount(), COME_BACK);
  });
}

/** What is open here must not stay before whoever has this browser; what she was writing stays sealed in the page. */
function ended() {
  if (document.querySelector("[data-sealed]")) keeper.lock();
  else if (document.getElementById("list")) location.replace("/desk/enter");
  tell(word("ended"));
}

/** Whether she was signed out from elsewhere, or by time. */
async function isOver() {
  const answer = await fetch("/desk/words", { headers: LIVE, cache: "no-store" }).catch(() => null);
  return answer?.status === 401;
}

function hangUp() {
  line?.close();
  line = null;
}

document.addEventListener("desk:cases", async () => {
  const list = document.getElementById("list");
  if (!list) return;
  const before = list.innerText;
  await htmx.ajax("GET", location.pathname + location.search, {
    target: list, select: "#list", swap: "outerHTML", headers: LIVE,
  });
  const now = document.getElementById("list");
  if (now && now.innerText !== before) tell(now.dataset.live);
});

addEventListener("pagehide", hangUp);
addEventListener("pageshow", () => document.body && mount());
