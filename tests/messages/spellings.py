"""The many ways in which one phrase is typed: what keyboards, phones, dialects and haste make of it."""

import unicodedata
from collections.abc import Iterator
from itertools import cycle

PROCLITICS = ("و", "ف", "ب", "ل", "س", "ال", "وال", "بال", "فال", "كال", "لل")
HARAKAT = "\u064e\u064f\u0650\u0652\u064b\u0651\u064e\u0670"
FORMS = {
    (unicodedata.normalize("NFKC", char), kind): char
    for char in map(chr, range(0xFE80, 0xFEFD))
    for kind in ("isolated", "initial", "medial", "final")
    if unicodedata.decomposition(char).startswith(f"<{kind}>")
}
SENTENCES = (
    "والله {} يا أختي",
    "{}، باي",
    "مرحبا. {}!!",
    "اسمعيني بسرعة {} ذلحين",
    "ok {} 😭",
    "3 مرات\n{}\nالله يعينني",
)


def is_arabic(phrase: str) -> bool:
    return "ARABIC" in unicodedata.name(phrase.strip()[0])


def spellings(phrase: str) -> Iterator[tuple[str, str]]:
    """Each way with its name; the phrase as it is comes first."""
    yield "as it is", phrase
    yield from (("in a sentence", sentence.format(phrase)) for sentence in SENTENCES)
    yield "marks around it", f"\u200f\u2067{phrase}\u2069\u200f\ufeff"
    yield "marks inside it", "\u200c".join(phrase[:2]) + "\u200d" + phrase[2:].replace(" ", "\u00a0\u200e")
    yield "punctuated", f"«{phrase}»؟!،"
    yield "cried out", f"🆘{phrase}🆘"
    yield "on lines of its own", phrase.replace(" ", "\n")
    for place, letter in enumerate(phrase):
        if letter.isalpha():
            yield "drawn out", phrase[:place] + letter * 5 + phrase[place + 1 :]
    if is_arabic(phrase):
        yield from _arabic(phrase)
    else:
        yield "in capitals", phrase.upper()
        yield "wide", "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in phrase)


def _arabic(phrase: str) -> Iterator[tuple[str, str]]:
    marks = cycle(HARAKAT)
    yield "harakat", "".join(char + next(marks) if char.isalpha() else char for char in phrase)
    yield "tatweel", "".join(char + "ـــ" if char.isalpha() else char for char in phrase)
    yield "Persian letters", phrase.translate(str.maketrans("يكىه", "یکیہ"))
    yield "hamzas", "".join("أ" if char == "ا" and fresh else char for char, fresh in _begins(phrase))
    yield "hamza below", "".join("إ" if char == "ا" and fresh else char for char, fresh in _begins(phrase))
    yield "hamzas lost", phrase.translate(str.maketrans("أإآؤئ", "ااااا"[:3] + "وي"))
    yield "ة and ه", " ".join(word[:-1] + {"ة": "ه", "ه": "ة"}.get(word[-1], word[-1]) for word in phrase.split())
    yield "ى and ي", " ".join(word[:-1] + {"ى": "ي", "ي": "ى"}.get(word[-1], word[-1]) for word in phrase.split())
    yield "presentation forms", " ".join(_shaped(word) for word in phrase.split())
    yield from ((f"after {proclitic}", proclitic + phrase) for proclitic in PROCLITICS)
    yield "all at once", "\u200f" + "".join(c + "ــَ" for c in "و" + phrase.replace("ي", "ی").replace("ك", "ک")) + "!!"


def _begins(phrase: str) -> Iterator[tuple[str, bool]]:
    before = " "
    for char in phrase:
        yield char, before == " "
        before = char


def _shaped(word: str) -> str:
    """As old keyboards and copied documents send it: each letter in its shape."""
    shaped = ""
    for place, letter in enumerate(word):
        joins = place > 0 and (word[place - 1], "initial") in FORMS
        last = place == len(word) - 1
        wanted = ("final" if last else "medial") if joins else ("isolated" if last else "initial")
        fallback = "final" if joins else "isolated"
        shaped += FORMS.get((letter, wanted)) or FORMS.get((letter, fallback)) or letter
    return shaped
