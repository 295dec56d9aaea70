// Proposes a passphrase of everyday words, each drawn alike from 1,024. It never keeps one.

import { drawn } from "./bytes.js";
import { ARABIC } from "./words_ar.js";
import { ENGLISH } from "./words_en.js";

const WORDS = 7; // ten bits each

export function proposed(language) {
  const list = (language === "ar" ? ARABIC : ENGLISH).split(" ");
  const numbers = new Uint16Array(drawn(2 * WORDS).buffer);
  // 65,536 is a multiple of 1,024: no word is likelier than another.
  return [...numbers].map((number) => list[number % list.length]).join(" ");
}
