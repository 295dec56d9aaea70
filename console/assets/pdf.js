// Draws the pages of a PDF on a canvas, with nothing in it that could be pressed or run. It never asks any server.

import { getDocument, PDFWorker } from "pdfjs-dist/legacy/build/pdf.mjs";

const WORKER = "/desk/static/pdf.worker.js";
/** Pixels of a canvas' longer side at most: a page made to be huge is drawn smaller. */
const LARGEST = 4096;

/** Open a PDF's bytes → {count, draw(number, canvas, width) → its text, close()}. Throws where it is no PDF. */
async function open(bytes) {
  const port = new Worker(WORKER);
  const worker = PDFWorker.create({ port });
  const task = getDocument({
    data: bytes,
    worker,
    isEvalSupported: false,
    enableXfa: false,
    useWasm: false,
    useSystemFonts: true,
    disableAutoFetch: true,
    stopAtErrors: false,
    verbosity: 0,
  });
  const close = async () => {
    await task.destroy();
    worker.destroy();
    port.terminate();
  };
  try {
    const document = await task.promise;
    return { count: document.numPages, draw: (...how) => draw(document, ...how), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function draw(document, number, canvas, width) {
  const page = await document.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const wanted = (width * (globalThis.devicePixelRatio || 1)) / natural.width;
  const viewport = page.getViewport({ scale: Math.min(wanted, LARGEST / Math.max(natural.width, natural.height)) });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  // Only what is printed on the page: annotations (links, forms, buttons) are left out.
  await page.render({ canvas, viewport, annotationMode: 0 }).promise;
  const { items } = await page.getTextContent();
  page.cleanup();
  return items.map(({ str, hasEOL }) => str + (hasEOL ? "\n" : " ")).join("");
}

globalThis.deskPdf = { open };
