// Moves between the desk's pages without loading them anew, so that the worker with the keys lives on.
//
// It never keeps a page: going back asks the server again, which answers only whoever is still signed in.

import htmx from "htmx.org/dist/htmx.esm.js";
import { tell, word } from "./saying.js";

const DOOR = "/desk/enter";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  defaultFocusScroll: false,
  // A link must be ours from the moment it is there: pressed a moment earlier, it would load the page and lose the keys.
  defaultSettleDelay: 0,
  historyCacheSize: 0,
  // Back is answered by the server with a whole page, in place: a reload would lose the keys.
  historyRestoreAsHxRequest: false,
  refreshOnHistoryMiss: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  timeout: 30_000,
});

/** Show another page of the desk, here. */
export const go = (path) => shown(path, { swap: "innerHTML show:window:top", push: "true" });

/** The same page again, fresh from the server. */
export const again = () => shown(location.pathname + location.search, { swap: "innerHTML" });

function shown(path, how) {
  const whole = { target: document.body, headers: { "HX-Boosted": "true" } };
  // That it could not be reached is told below, where every request's failure is.
  return htmx.ajax("GET", path, { ...whole, ...how }).catch(() => {});
}

/** Call `start(root)` for the page as it is, and for whatever htmx puts into it later. */
export function onArrival(start) {
  document.addEventListener("htmx:load", ({ target }) => start(target));
  start(document.body);
}

const isHtml = (xhr) => (xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/html");

function readied({ detail }) {
  detail.headers["X-Desk-Token"] = document.body.dataset.token ?? "";
  if (detail.target === document.body) detail.headers["HX-Boosted"] = "true";
}

// A page that says what is wrong is shown; a bare sentence is told, and the form stays as she filled it.
function judged({ detail }) {
  const { xhr } = detail;
  if (xhr.status >= 400) {
    detail.shouldSwap = isHtml(xhr);
    detail.isError = false; // htmx would write the address into the console
    if (!detail.shouldSwap) tell(xhr.responseText.trim() || word(xhr.status === 401 ? "ended" : "broken"));
  }
  if (detail.shouldSwap && detail.target === document.body) adopt(xhr.responseText);
}

// A swap changes what is in the body; what stands on <html> and <body> themselves is taken over here.
function adopt(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const { lang, dir } = fresh.documentElement;
  if (!lang) return;
  Object.assign(document.documentElement, { lang, dir });
  document.body.className = fresh.body.className;
  for (const name of Object.keys(document.body.dataset)) delete document.body.dataset[name];
  Object.assign(document.body.dataset, fresh.body.dataset);
}

function settled({ detail }) {
  if (detail.target !== document.body) return;
  if (answered) shows();
  answered = false;
  left = location.pathname;
  if (!document.querySelector("[autofocus]")) document.getElementById("main")?.focus({ preventScroll: true });
}

// htmx leaves a page that answers a form where the form was scrolled to: what was said of it would go unseen above.
let answered = false;
let left = location.pathname;

function shows() {
  if (location.pathname !== left) scrollTo(0, 0);
  document.querySelector("main :is([role=alert], .notice[role=status], [data-news])")?.scrollIntoView({ block: "center" });
}

const on = (name, act) => document.addEventListener(name, act);
on("htmx:configRequest", readied);
on("htmx:beforeOnLoad", ({ detail }) => (answered ||= detail.xhr.getResponseHeader("HX-Location") !== null));
on("htmx:beforeSwap", judged);
on("htmx:afterSettle", settled);
on("htmx:historyCacheMissLoad", ({ detail }) => adopt(detail.response));
on("htmx:historyCacheMissLoadError", ({ detail }) => (detail.xhr.status === 401 ? location.replace(DOOR) : location.reload()));
on("htmx:sendError", () => tell(word("unreachable")));
on("htmx:timeout", () => tell(word("unreachable")));
