// Shows a PDF page by page on a canvas. Its reader is fetched from our own server when the first PDF is opened.

import { make } from "./case_make.js";
import { say } from "./words.js";

const READER = "/desk/static/pdf.js";
const open = new Set();
let reader = null;

function readerIsHere() {
  reader ??= new Promise((resolve, reject) => {
    const script = make("script", { src: READER });
    script.addEventListener("load", () => resolve(globalThis.deskPdf));
    script.addEventListener("error", () => {
      reader = null;
      reject(new Error("The reader for PDF could not be loaded."));
    });
    document.head.append(script);
  });
  return reader;
}

/** Show a PDF in `place`; where it can't be read, say so there. */
export async function showPdf(bytes, place) {
  const { open: read } = await readerIsHere();
  let pdf;
  try {
    pdf = await read(bytes);
  } catch {
    place.replaceChildren(make("p", { class: "notice" }, say("no_view")));
    return;
  }
  open.add(pdf);
  // Left to right whatever the page: a canvas draws text in the direction of what it stands in.
  const canvas = make("canvas", { class: "sheet", role: "img", dir: "ltr" });
  const text = make("bdi", { class: "words", dir: "auto" });
  const where = make("span", { class: "quiet" });
  const back = make("button", { type: "button", class: "button quiet" }, say("page_before"));
  const forth = make("button", { type: "button", class: "button quiet" }, say("page_after"));
  const written = make("details", {}, make("summary", {}, say("page_text")), text);
  let number = 1;

  async function turn(by) {
    number = Math.min(Math.max(number + by, 1), pdf.count);
    const width = Math.max(place.clientWidth, 240);
    const read = await pdf.draw(number, canvas, width);
    const said = say("page_of", { number, count: pdf.count });
    canvas.setAttribute("aria-label", said);
    where.textContent = said;
    text.textContent = read;
    written.hidden = !read.trim();
    back.disabled = number === 1;
    forth.disabled = number === pdf.count;
  }
  back.addEventListener("click", () => turn(-1));
  forth.addEventListener("click", () => turn(1));
  place.replaceChildren(canvas, make("div", { class: "row no-print" }, back, where, forth), written);
  await turn(0);
}

/** Close every PDF: its reader's memory goes with it. */
export function endPdfs() {
  for (const pdf of open) pdf.close();
  open.clear();
}
