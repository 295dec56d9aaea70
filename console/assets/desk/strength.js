// Estimates how hard a passphrase is to guess, in bits, on the low side. It knows no leaked lists, and says no more
// than it knows: what looks like words counts as words do (some 2.5 bits a letter), repeats and runs count once.

const LEAST = 12; // characters
const LEVELS = [45, 60, 75]; // bits: fair, good, strong

const RUNS = ["abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "ضصثقفغعهخحجد", "شسيبلاتنمكط",
  "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "ابجدهوزحطيكلمنسعفصقرشت", "٠١٢٣٤٥٦٧٨٩٠"]; // prettier-ignore
const COMMON = ["password", "passw0rd", "passphrase", "welcome", "letmein", "iloveyou", "admin", "secret", "yemen", "sanaa",
  "aden", "taiz", "allah", "mohammed", "ahmed", "habibi", "sanad", "desk", "كلمةالسر", "كلمة", "السر", "الله", "محمد", "احمد",
  "أحمد", "علي", "فاطمة", "حبيبي", "حبيبتي", "اليمن", "صنعاء", "عدن", "تعز", "مأرب", "سند", "بسم", "الحمد", "مرحبا"]; // prettier-ignore
const WORD = 7; // bits of what everybody tries first
const YEAR = /(?:19|20)\d\d/g;

/** {level: 0 too short, 1 weak, 2 fair, 3 good, 4 strong; bits}. */
export function strength(passphrase) {
  const words = passphrase.normalize("NFKC").trim();
  const bits = estimated(words);
  if ([...words].length < LEAST) return { level: 0, bits };
  return { level: 1 + LEVELS.filter((least) => bits >= least).length, bits };
}

function estimated(passphrase) {
  let rest = passphrase.toLowerCase();
  let bits = 0;
  // The mark for what was counted already is no letter, digit or sign.
  const count = (known) => {
    if (!rest.includes(known)) return;
    rest = rest.replaceAll(known, "\u0000");
    bits += WORD;
  };
  COMMON.forEach(count);
  (rest.match(YEAR) ?? []).forEach(count);
  runs(rest).forEach(count);
  return bits + counted(distinct(rest.replaceAll("\u0000", "")));
}

/** Four and more in a row of the alphabet or the keyboard, there or back. */
function runs(text) {
  const found = [];
  for (const row of RUNS) {
    for (const line of [row, [...row].reverse().join("")]) {
      for (let at = 0; at + 4 <= text.length; at += 1) {
        let end = at + 4;
        if (!line.includes(text.slice(at, end))) continue;
        while (end < text.length && line.includes(text.slice(at, end + 1))) end += 1;
        found.push(text.slice(at, end));
        at = end;
      }
    }
  }
  return found;
}

/** What is new in a text: a letter that only goes on, and three letters that were there before, tell nothing. */
function distinct(text) {
  const letters = [...text.replace(/(.)\1+/gsu, "$1")];
  const seen = new Set();
  return letters.filter((letter, at) => {
    const three = letters.slice(at, at + 3).join("");
    const known = seen.has(three);
    seen.add(three);
    return !known;
  });
}

function counted(letters) {
  const kinds = letters.map(kindOf);
  const changes = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1] && kind !== " " && kinds[at - 1] !== " ");
  return kinds.reduce((sum, kind) => sum + BITS[kind], 0) + 1.5 * changes.length;
}

// A word of four Arabic letters, which stand for no short vowels, is one of as many as a longer Latin one.
const BITS = { a: 2.3, ع: 2.6, 1: 3, "!": 4, " ": 1.5 };

function kindOf(letter) {
  if (/\s/u.test(letter)) return " ";
  if (/\p{N}/u.test(letter)) return "1";
  if (/\p{Script=Arabic}/u.test(letter)) return "ع";
  return /[\p{L}\p{M}]/u.test(letter) ? "a" : "!";
}
