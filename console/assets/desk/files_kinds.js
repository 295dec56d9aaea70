// Tells what a file is from its first bytes, never from what it calls itself. What it doesn't know isn't shown.

const ascii = (sign) => [...sign].map((letter) => letter.charCodeAt(0));
const OFFICE = "application/vnd.openxmlformats-officedocument.";
const ODF = "application/vnd.oasis.opendocument.";

// What may be saved under its own ending, though it isn't shown. Anything else is saved as .bin.
const ENDINGS = new Map([
  [`${OFFICE}wordprocessingml.document`, "docx"],
  [`${OFFICE}spreadsheetml.sheet`, "xlsx"],
  [`${OFFICE}presentationml.presentation`, "pptx"],
  [`${ODF}text`, "odt"],
  [`${ODF}spreadsheet`, "ods"],
  [`${ODF}presentation`, "odp"],
  ["text/plain", "txt"],
]);

const MAGIC = [
  [[0xff, 0xd8, 0xff], 0, "image/jpeg", "img", "jpg"],
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 0, "image/png", "img", "png"],
  [[0x47, 0x49, 0x46, 0x38], 0, "image/gif", "img", "gif"],
  [[0x57, 0x45, 0x42, 0x50], 8, "image/webp", "img", "webp"],
  [[0x4f, 0x67, 0x67, 0x53], 0, "audio/ogg", "audio", "ogg"],
  [[0x49, 0x44, 0x33], 0, "audio/mpeg", "audio", "mp3"],
  [[0xff, 0xfb], 0, "audio/mpeg", "audio", "mp3"],
  [[0x23, 0x21, 0x41, 0x4d, 0x52], 0, "audio/amr", "audio", "amr"],
  [[0x57, 0x41, 0x56, 0x45], 8, "audio/wav", "audio", "wav"],
  [ascii("ftypM4A"), 4, "audio/mp4", "audio", "m4a"],
  [ascii("ftyphe"), 4, "image/heic", null, "heic"],
  [ascii("ftypmif1"), 4, "image/heic", null, "heic"],
  [ascii("ftypmsf1"), 4, "image/heic", null, "heic"],
  [ascii("ftypavi"), 4, "image/avif", "img", "avif"],
  [ascii("ftyp3g"), 4, "video/3gpp", "video", "3gp"],
  [ascii("ftypqt"), 4, "video/quicktime", "video", "mov"],
  [ascii("ftyp"), 4, "video/mp4", "video", "mp4"],
  [[0x1a, 0x45, 0xdf, 0xa3], 0, "video/webm", "video", "webm"],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 0, "application/pdf", "pdf", "pdf"],
];

/** What the bytes are → {mime, as: img|audio|video|pdf|null, ending}. A voice note in MP4 or WebM is heard, not seen. */
export function sniff(bytes, { kind, mime: told }) {
  const found = MAGIC.find(([magic, at]) => magic.every((byte, place) => bytes[at + place] === byte));
  if (!found) return { mime: "application/octet-stream", as: null, ending: ENDINGS.get(told) ?? "bin" };
  const [, , mime, as, ending] = found;
  if (as === "video" && kind === "voice") return { mime: mime.replace("video", "audio"), as: "audio", ending };
  return { mime, as, ending };
}
