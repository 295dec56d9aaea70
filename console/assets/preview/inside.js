// The running ladder, the running check-in and the case from two sides, as the server last told them.

import { count, hour, language, make, words } from "./make.js";

const HEX = 192; // digits shown of a sealed value: the rest looks just the same
const AFTER = 250; // milliseconds: several events in a row are one look
const OVERDUE = 2000; // milliseconds between looks while a step is due
const by = (id) => document.getElementById(id);
let ladder = null;
let watched = null;
let planned = null;
let lastLook = 0;

export function look() {
  clearTimeout(planned);
  planned = setTimeout(async () => {
    lastLook = Date.now();
    const answer = await fetch(`/preview/inside?lang=${language}`).catch(() => null);
    if (answer?.ok) draw(await answer.json());
  }, AFTER);
}

function draw(inside) {
  ladder = inside.ladder;
  watched = inside.watched;
  drawLadder();
  drawWatched();
  fill(by("stored"), inside.stored.map(cell), words.nothing_stored);
  fill(by("opened"), inside.opened ? flat(inside.opened, "") : [], words.nothing_opened);
}

function fill(list, pairs, nothing) {
  const place = list.scrollTop;
  const none = [make("div", { class: "none" }, make("dt", { class: "unseen" }, "–"), make("dd", {}, nothing))];
  list.replaceChildren(...(pairs.length ? pairs : none));
  list.scrollTop = place;
}

function cell({ table, column, hex, size, plain }) {
  if (hex === undefined) return pair(`${table}.${column}`, plain ?? "–");
  const digits = hex.length > HEX ? `${hex.slice(0, HEX)}…` : hex;
  const much = make("small", {}, `${count(size)} ${words.bytes}`);
  const name = make("dt", {}, make("bdi", {}, `${table}.${column}`), " · ", much);
  return make("div", { class: "sealed" }, name, make("dd", {}, make("code", { dir: "ltr" }, digits)));
}

// Each in its own direction, all at the page's side.
function pair(name, value) {
  const [key, is] = [name, String(value)].map((text) => make("bdi", {}, text));
  return make("div", {}, make("dt", {}, key), make("dd", {}, is));
}

// JSON as pairs of path and value, without what is empty.
function flat(value, path) {
  if (value === null || value === "") return [];
  if (typeof value !== "object") return [pair(path, value)];
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return flat(value.join(" · "), path);
  return Object.entries(value).flatMap(([name, one]) => flat(one, path ? `${path}.${name}` : name));
}

function drawLadder() {
  const alarm = by("alarm");
  alarm.dataset.level = ladder?.level ?? "";
  alarm.classList.toggle("taken", Boolean(ladder?.taken_by));
  by("steps").hidden = !ladder;
  if (!ladder) by("alarm-state").textContent = words.no_ladder;
  else if (ladder.taken_by) by("alarm-state").textContent = `${words.taken} ${ladder.taken_by}`;
  else by("alarm-state").textContent = `${words[ladder.level]}. ${words.shortened}`;
  by("steps").replaceChildren(...(ladder?.steps ?? []).map(step));
}

function step({ name, at, state }) {
  const spared = ladder.taken_by && state === "waiting";
  const after = ladder.taken_by ? { waiting: words.spared, sent: words.paged, current: words.paged } : {};
  const what = make("span", { class: "state" }, after[state] ?? words[state]);
  const line = make("li", { class: state }, make("strong", { dir: "auto" }, name), what);
  if (!spared && state !== "skipped") line.append(make("time", { datetime: at, "data-state": state }, hour(at)));
  return line;
}

// When it asks her, and when a person is called: never where she goes.
function drawWatched() {
  const panel = by("watched");
  panel.hidden = !watched;
  if (!watched) return;
  panel.dataset.level = watched.state === "overdue" || watched.state === "called" ? "critical" : "";
  panel.classList.toggle("taken", watched.state === "over");
  const runs = watched.state === "armed" || watched.state === "asked";
  by("watched-state").textContent = runs ? `${words[watched.state]} ${words.shortened}` : words[watched.state];
  by("watched-steps").hidden = !watched.steps.length;
  by("watched-steps").replaceChildren(...watched.steps.map(moment));
}

function moment({ name, at, state }) {
  const line = make("li", { class: state }, make("strong", { dir: "auto" }, name));
  line.append(make("time", { datetime: at, "data-state": state }, hour(at)));
  return line;
}

// Counts down to each step that is still to come, and looks again once one is due.
setInterval(() => {
  const lists = [ladder && !ladder.taken_by && by("steps"), watched && by("watched-steps")];
  let due = false;
  for (const when of lists.flatMap((list) => (list ? [...list.querySelectorAll('[data-state="waiting"]')] : []))) {
    const left = Math.ceil((Date.parse(when.dateTime) - Date.now()) / 1000);
    due ||= left <= 0;
    const seconds = String(Math.max(0, left) % 60).padStart(2, "0");
    when.textContent = `${words.due_in} ${Math.floor(Math.max(0, left) / 60)}:${seconds}`;
  }
  if (due && Date.now() - lastLook > OVERDUE) look();
}, 500);
