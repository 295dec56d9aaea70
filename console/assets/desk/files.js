// Shows the files of a case: opened in the page's memory when she asks for one, and forgotten at the lock.
//
// No byte of a file is stored by the browser, unless she saves it herself after a warning.

import { askBytes } from "./asking.js";
import { attempt } from "./case_act.js";
import { fill, make, named, row, timed } from "./case_make.js";
import { things } from "./case_open.js";
import { showNone } from "./case_top.js";
import { endPdfs, showPdf } from "./files_pdf.js";
import { sniff } from "./files_kinds.js";
import { keeper, unlocked } from "./keeper.js";
import { plain, say } from "./words.js";

const addresses = new Set();
const shown = new Map();

/** Parts that are fetched ahead of the one that is opened. */
const AHEAD = 3;

export function mount() {}

/** Forget every file that was opened: blob addresses, players, pages. */
export function forgetFiles() {
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses.clear();
  shown.clear();
  endPdfs();
}

/** List the case's files; those that stand there already (and may be playing) are left as they are. */
export function showFiles(root, open, words) {
  const list = root.querySelector('[data-fill="files"]');
  for (const thing of inOrder(things(open, "file"))) {
    const { file, why = "" } = thing.content;
    const [number, stamp] = [String(file), `${why} ${thing.copied}`];
    const before = shown.get(number);
    if (before?.stamp === stamp && list.contains(before.element)) continue;
    const element = card(open, thing, words);
    shown.set(number, { element, stamp });
    if (before && list.contains(before.element)) before.element.replaceWith(element);
    else if (aboutCopies(thing) === "copy" && shown.has(original(thing))) shown.get(original(thing)).element.before(element);
    else list.append(element);
  }
  list.hidden = list.childElementCount === 0;
  showNone(root, open, "files", list.hidden);
}

const original = ({ content }) => String(content.clean_of ?? 0);

/** What to say of a file beside its kind: the word's name, or nothing. */
function aboutCopies({ content: { clean_of, clean }, copied }) {
  if (clean_of) return "copy";
  if (copied) return "original";
  return clean && clean !== "made" ? "no_copy" : "";
}

/** Each file once, what was sealed of it later before what was sealed earlier; and whether it has a clean copy. */
function inOrder(found) {
  const notes = new Map();
  for (const { at, content } of found) {
    const number = String(content.file);
    const before = notes.get(number);
    notes.set(number, { at: before?.at ?? at, content: { ...before?.content, ...content } });
  }
  const copied = new Set([...notes.values()].map(original));
  return [...notes].map(([number, thing]) => ({ ...thing, copied: copied.has(number) }));
}

const LOST = { "clean copy only": "only_copy", "could not be cleaned": "unclean" };

/** Why there is nothing to open. */
function lost(why = "") {
  return LOST[why] ?? (why.startsWith("not taken") ? "not_taken" : "lost");
}

function card(open, thing, words) {
  const { at, content: note } = thing;
  const [element, part] = row("file");
  element.id = `file-${note.file}`;
  part("kind").textContent = words.files[note.kind] ?? plain(note.kind);
  part("at").append(timed(at));
  if (note.name) part("name").append(named(note.name));
  part("size").textContent = note.size ? size(note.size) : "";
  const about = aboutCopies(thing);
  part("copy").hidden = !about;
  part("copy").textContent = about ? say(about) : "";
  fill(element, "sha", note.sha256 ? make("code", {}, note.sha256) : "");
  part("hash").hidden = !note.sha256 || about === "copy";
  const isHere = note.parts > 0 && !note.why && /^\d+$/.test(note.file);
  part("lost").hidden = isHere;
  part("lost").textContent = say(lost(note.why));
  part("acts").hidden = !isHere;
  const look = part("look");
  look.addEventListener("click", () => attempt(element, () => view(open, note, element)));
  part("save").addEventListener("click", () => attempt(element, () => save(open, note, element)));
  return element;
}

async function view(open, note, element) {
  const bytes = await opened(open, note, element);
  const { mime, as } = sniff(bytes, note);
  const place = element.querySelector('[data-fill="view"]');
  if (as === "pdf") {
    await showPdf(bytes, place);
  } else if (as) {
    place.replaceChildren(player(as, address(bytes, mime), note, element));
  } else {
    place.replaceChildren(make("p", { class: "notice" }, say("no_view")));
  }
  element.querySelector('[data-fill="look"]').hidden = true;
}

function player(as, source, note, element) {
  const spoilt = ({ target }) => target.replaceWith(make("p", { class: "notice" }, say("no_view")));
  if (as === "img") {
    const picture = make("img", { src: source, alt: say("picture") });
    picture.addEventListener("error", spoilt, { once: true });
    const button = make("button", { type: "button", class: "enlarge", title: say("enlarge") }, picture);
    button.addEventListener("click", () => enlarge(source, element));
    return button;
  }
  const media = make(as, { src: source, controls: true, preload: "metadata", controlslist: "nodownload noremoteplayback" });
  media.disableRemotePlayback = true;
  media.addEventListener("error", spoilt, { once: true });
  return media;
}

function enlarge(source, element) {
  const close = make("button", { type: "button", class: "button quiet" }, say("close"));
  const dialog = make("dialog", { class: "dialog large" }, close, make("img", { src: source, alt: say("picture") }));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  element.append(dialog);
  dialog.showModal();
}

/** She was warned: the file becomes one on her device, under a name that says nothing. */
async function save(open, note, element) {
  const bytes = await opened(open, note, element);
  const { ending } = sniff(bytes, note);
  const called = `${open.code}-${note.clean_of ? "clean" : "file"}.${ending}`;
  const link = make("a", { href: address(bytes, "application/octet-stream"), download: called, "hx-boost": "false" });
  element.append(link);
  link.click();
  link.remove();
}

function address(bytes, type) {
  const made = URL.createObjectURL(new Blob([bytes], { type }));
  addresses.add(made);
  return made;
}

/** A file's bytes, as they were when it was received: its SHA-256 is checked, or it does not open. */
async function opened(open, note, element) {
  await unlocked();
  const progress = element.querySelector("progress");
  progress.hidden = false;
  progress.value = 0;
  const parts = fetched(`${open.base}/files/${note.file}`, note.parts);
  try {
    const { file, secret, sha256 } = note;
    const bytes = await keeper.openFile({ file: String(file), secret, parts, sha256 }, (share) => (progress.value = share));
    element.querySelector('[data-fill="checked"]').hidden = !sha256 || Boolean(note.clean_of);
    return bytes;
  } finally {
    progress.hidden = true;
  }
}

/** Promises of the parts, a few of them on their way at once. */
function fetched(base, count) {
  const parts = [];
  for (let part = 0; part < count; part += 1) {
    const before = parts[part - AHEAD];
    const promise = (before ? before.catch(() => {}) : Promise.resolve()).then(() => askBytes(`${base}/${part}`));
    promise.catch(() => {}); // told where it is waited for
    parts.push(promise);
  }
  return parts;
}

function size(bytes) {
  const [amount, unit] = bytes < 1024 * 1024 ? [Math.max(1, Math.round(bytes / 1024)), "kb"] : [(bytes / 1024 / 1024).toFixed(1), "mb"];
  return say(unit, { amount });
}
