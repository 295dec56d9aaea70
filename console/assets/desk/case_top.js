// Shows what comes first: how urgent and why, her wishes above all else, then her answers question by question.

import { badge, fill, make, quoted, show, timed } from "./case_make.js";
import { answers, things } from "./case_open.js";
import { answered, listed, plain, reasons, say, title } from "./words.js";

/** What must not be done stands first, then how and when to reach her, our word, what she wishes. */
const WISHES = ["never", "reach", "hours", "word", "wish"];

export function showTop(root, open, words) {
  const { level, status, openedAt, closedAt, outcome, drill } = open.data;
  fill(
    root,
    "badges",
    badge(level, words.levels[level] ?? level),
    badge(status, words.statuses[status] ?? status),
    drill ? badge("drill", say("drill")) : null,
  );
  fill(root, "since", say("opened"), " ", timed(openedAt), ...(closedAt ? [" · ", say("closed"), " ", timed(closedAt)] : []));
  fill(root, "outcome", status === "closed" && outcome ? `${words.outcomes[outcome] ?? outcome}` : "");
  showUrgency(root, open, words);
  showWishes(root, open, words);
  showAnswers(root, open, words);
}

function showUrgency(root, open, words) {
  const set = things(open, "opened", "urgency").at(-1)?.content.because;
  fill(root, "because", ...reasons(words, set).map((text) => make("li", {}, text)));
  show(root, "because", (set ?? []).length > 0);
  const changed = things(open, "lowered", "raised").at(-1);
  show(root, "changed", changed !== undefined);
  if (!changed) return;
  const { from, to, words: why } = changed.content;
  const sentence = say(changed.kind, { from: words.levels[from] ?? from, to: words.levels[to] ?? to, name: plain(by(changed)) });
  fill(root, "changed", make("p", {}, sentence, " ", timed(changed.at)), why ? quoted(why) : null);
}

/** Who did something, or that the program did. */
export function by(thing) {
  return thing.staff ?? say("nobody");
}

function showWishes(root, open, words) {
  const given = answers(open);
  const rows = WISHES.map((name) => {
    const [said, isSaid] = inWords(words, name, given[name], open.shut.length > 0);
    const kind = name === "never" ? (isSaid ? "wish never" : "wish") : "wish";
    return make("div", { class: kind, "data-wish": name }, make("dt", {}, title(words, name)), make("dd", {}, ...said));
  });
  fill(root, "wishes", ...rows);
  show(root, "withdrawn", things(open, "withdrawn").length > 0);
  show(root, "silent", open.data.silent);
  show(root, "another", things(open, "another").length > 0);
}

function showAnswers(root, open, words) {
  const given = answers(open);
  const asked = words.questions.map(({ name }) => name).filter((name) => name in given && !WISHES.includes(name));
  const strange = Object.keys(given).filter((name) => !words.questions.some((question) => question.name === name));
  const rows = [...asked, ...strange].map((name) => {
    const [said] = inWords(words, name, given[name]);
    return make("div", { class: "wish" }, make("dt", {}, title(words, name)), make("dd", {}, ...said));
  });
  fill(root, "answers", ...rows);
  const opened = things(open, "opened").at(0)?.content ?? {};
  const ways = [words.channels[opened.channel], words.languages[opened.language]].filter(Boolean);
  fill(root, "ways", ways.join(" · "));
  showNone(root, open, "answers", rows.length === 0);
}

/**
 * An answer as elements, and whether she gave one. Names of codes first, then her own words, then her files. While
 * something is shut, that she gave none is not known.
 */
function inWords(words, question, answer, isShut = false) {
  const said = answer ? answered(words, question, answer) : [];
  const parts = [];
  if (said.length > 0) parts.push(make("p", {}, said.join(" · ")));
  if (answer?.words) parts.push(quoted(answer.words));
  if (answer?.files?.length) parts.push(pointer(answer.files));
  return parts.length > 0 ? [parts, true] : [[make("p", { class: "quiet" }, isShut ? say("unread") : words.unsaid)], false];
}

/** Say that there is nothing, or that nothing of it can be read yet: the two must not look alike. */
export function showNone(root, open, part, isNone) {
  show(root, `no-${part}`, isNone && open.shut.length === 0);
  show(root, `unread-${part}`, isNone && open.shut.length > 0);
}

/** Where the files that came with something are found on this page. */
export function pointer(files) {
  const links = files.map((file, place) => make("a", { href: `#file-${file}`, "hx-boost": "false" }, say("file_link", { place: place + 1 })));
  return make("p", { class: "row" }, ...links);
}

/** What did not open, and what to do about it. */
export function showShut(root, open) {
  const lines = [];
  const sealedBefore = open.shut.filter(({ why }) => why === "epoch").length;
  const broken = open.shut.length - sealedBefore;
  const colleagues = open.data.team.filter(({ staff }) => staff !== open.data.me).map(({ name }) => name);
  if (sealedBefore > 0) {
    const count = sealedBefore;
    const sentence = colleagues.length > 0 ? say("before", { count, names: listed(colleagues) }) : say("before_alone", { count });
    lines.push(make("p", { class: "notice care" }, sentence));
  }
  if (broken > 0) lines.push(make("p", { class: "notice wrong" }, say("broken", { count: broken })));
  if (!open.data.reader) lines.push(make("p", { class: "notice care" }, say("no_key")));
  for (const { name } of open.data.missing.filter(({ staff }) => staff !== open.data.me)) {
    lines.push(make("p", { class: "notice" }, say("lacks", { name: plain(name) })));
  }
  fill(root, "shut", ...lines);
}
