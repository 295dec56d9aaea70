// Puts a case's codes into words in the visitor's language, and moments into her clock. It never shows HTML.

import { ask } from "./asking.js";

const known = {};

export function mount() {}

/** The words for every code (GET /desk/words), asked once for each language and kept as long as the page lives. */
export function dictionary() {
  const { lang } = document.documentElement;
  known[lang] ??= ask("/desk/words").catch((error) => {
    delete known[lang];
    throw error;
  });
  return known[lang];
}

/** A sentence of templates/desk/case_words.html by its name; what fills its {blanks} keeps its direction. */
export function say(name, blanks = {}) {
  const place = document.getElementById("case-words")?.content.querySelector(`[data-word="${name}"]`);
  const filled = (blank, key) => (key in blanks ? `\u2068${blanks[key]}\u2069` : blank);
  return (place?.textContent ?? "").replace(/\{(\w+)\}/g, filled);
}

/** A person's text without the marks that turn the direction of what stands around them. */
export function plain(text) {
  return String(text ?? "").replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** Names in a row, each kept apart in its direction. */
export function listed(names) {
  const locale = document.documentElement.lang;
  return new Intl.ListFormat(locale).format(names.map((name) => `\u2068${plain(name)}\u2069`));
}

/** The label of a question's code. */
export function label(words, question, code) {
  const labels = words.questions.find(({ name }) => name === question)?.labels ?? {};
  return labels[code] ?? words.terms[code] ?? plain(code);
}

/** The title of a question. */
export function title(words, question) {
  if (question === "statement") return words.statement;
  return words.questions.find(({ name }) => name === question)?.title ?? plain(question);
}

/** What an answer says beside her own words: labels of its codes, a day, a place. A list of short texts. */
export function answered(words, question, answer) {
  const codes = (answer.codes ?? []).filter((code) => !(answer.date || answer.words) || code !== "unknown");
  const said = codes.map((code) => label(words, question, code));
  if (answer.date) said.push(day(answer.date));
  if (answer.place) said.push(`${words.shared} (${answer.place.map((degrees) => degrees.toFixed(5)).join(", ")})`);
  return said;
}

/** Why an urgency is what it is: "question: answer", for each pair that set it. */
export function reasons(words, because) {
  return (because ?? []).map(([question, code]) => {
    const said = question === "statement" ? words.levels[code] : label(words, question, code);
    return `${title(words, question)}: ${said ?? plain(code)}`;
  });
}

/** A moment (ISO 8601) on the desk's clock. */
export function moment(iso) {
  return clock({ dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

/** A day (ISO 8601, without a time) with its weekday. */
export function day(iso) {
  return clock({ dateStyle: "full" }, "UTC").format(new Date(`${iso}T00:00:00Z`));
}

function clock(style, zone) {
  const locale = document.documentElement.lang === "ar" ? "ar-YE-u-nu-latn" : "en-GB";
  const timeZone = zone ?? document.querySelector("[data-zone]")?.dataset.zone ?? "Asia/Aden";
  return new Intl.DateTimeFormat(locale, { ...style, timeZone });
}
