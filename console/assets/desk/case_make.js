// Makes elements for the page of a case. What a person wrote becomes text, never an element, a link or an attribute.

import { moment, plain } from "./words.js";

/** Characters from which a person's text stands in a box of its own that scrolls. */
const LONG = 1500;

/** An element with a class, attributes and children (elements, or texts of ours). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A person's words: her line breaks kept, her direction her own, everything in it dead. */
export function quoted(text) {
  const words = make("bdi", { class: "words", dir: "auto" });
  words.textContent = plain(text);
  if (words.textContent.length <= LONG) return words;
  return make("div", { class: "long", tabindex: "0" }, words);
}

/** A short thing that a person named (herself, a file), inside a line of ours. */
export function named(text) {
  const name = make("bdi", { class: "named" });
  name.textContent = plain(text);
  return name;
}

/** A moment on the desk's clock. */
export function timed(iso) {
  return make("time", { class: "time", datetime: iso }, moment(iso));
}

/** A badge: its word always says what its colour does. */
export function badge(kind, text) {
  return make("span", { class: `badge ${kind}` }, text);
}

/** A copy of the page's <template data-row="name">, and its parts by their data-fill. */
export function row(name) {
  const element = document.querySelector(`template[data-row="${name}"]`).content.firstElementChild.cloneNode(true);
  return [element, (part) => element.querySelector(`[data-fill="${part}"]`)];
}

/** Put children in place of what a part of the page holds. */
export function fill(root, part, ...children) {
  const element = root.querySelector(`[data-fill="${part}"]`);
  element?.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Show a part, or hide it. */
export function show(root, part, shown) {
  for (const element of root.querySelectorAll(`[data-when="${part}"]`)) element.hidden = !shown;
}

/** Fill a <select> with [value, text] pairs, keeping what was chosen where it is still there. */
export function choices(select, pairs) {
  const before = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => make("option", { value }, text)));
  if (pairs.some(([value]) => value === before)) select.value = before;
}
