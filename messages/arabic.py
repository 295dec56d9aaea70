"""Makes Arabic comparable (normalise, tokens, number) and safe to show among other words (isolate, strip_controls).

It never changes what is stored or shown: a normalised text is for matching only.
"""

import re
import unicodedata

DROPPED = frozenset({"Cf", "Mn", "Me"})
"""Invisible marks (RLM, isolates, ZWNJ, BOM), harakat, the dagger alef, VS16 and the keycap."""
LETTERS = str.maketrans(
    "أإآٱٲٳىیېئؤةۀہەھکڪگڤپچژ؟،؛٪٫٬۔",
    "ااااااييييوهههههككقفبجز?,;%.,.",
    "ـء",
)
"""One letter for its many shapes; tatweel and a lone hamza go."""
TRIPLED = re.compile(r"([^\W\d_])\1{2,}")
CHUNK = 128
"""Characters. `unicodedata.normalize` is quadratic on long runs of combining marks, so it never sees a long one."""
REMEMBERED = 4096
LRI, FSI, PDI, RLM = "\u2066", "\u2068", "\u2069", "\u200f"
UNSHOWN = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]"
)
LATIN_FIRST = re.compile("(?m)^[^A-Za-z\u00c0-\u024f\u0590-\u08ff\u200f\ufb1d-\ufefc\n]*[A-Za-z\u00c0-\u024f]")
ARABIC_LETTER = re.compile("[\u0620-\u064a\u0671-\u06d3\ufb50-\ufefc]")
LONGEST_NUMBER = 15


class _Folding(dict[int, str]):
    """What each character becomes. Filled as characters are met, up to a limit, so that nobody can fill memory."""

    def __missing__(self, point: int) -> str:
        folded = _fold(chr(point))
        if len(self) < REMEMBERED:
            self[point] = folded
        return folded


class _Decimals(dict[int, str]):
    """Every decimal digit of any script as a Western one."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        western = str(unicodedata.decimal(char)) if char.isdecimal() else char
        if len(self) < REMEMBERED:
            self[point] = western
        return western


def _fold(char: str) -> str:
    if unicodedata.category(char) in DROPPED:
        return ""
    letter = char.translate(LETTERS)
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return "".join(c if c.isalnum() or c in "_?" else " " for c in letter.casefold() if not unicodedata.combining(c))


_FOLDING, _DECIMALS = _Folding(), _Decimals()


def normalise(text: str) -> str:
    """One spelling for the many ways a word is typed: harakat, hamzas, tatweel, Persian letters, digits, repetition.

    Never show or store the result: علي and على become the same. Linear in the length of the text.
    """
    if text.isascii():
        composed = text
    elif len(text) <= CHUNK:
        composed = unicodedata.normalize("NFKC", text)
    else:
        parts = (text[at : at + CHUNK] for at in range(0, len(text), CHUNK))
        composed = "".join(unicodedata.normalize("NFKC", part) for part in parts)
    return " ".join(TRIPLED.sub(r"\1", composed.translate(_FOLDING)).split())


def tokens(text: str) -> list[str]:
    """The normalised words. Question marks are dropped, unless the message holds nothing else: that asks for help."""
    folded = normalise(text)
    return folded.replace("?", " ").split() or (["?"] if folded else [])


def digits(text: str) -> str:
    """The same text with Western digits: from ٣, ۳ and keycaps, all else untouched."""
    return text.replace("\ufe0f\u20e3", "").replace("\u20e3", "").replace("🔟", "10").translate(_DECIMALS)


def number(text: str) -> int | None:
    """The number a message consists of, else None: inside words a digit may be an Arabizi letter."""
    whole = normalise(digits(text))
    return int(whole) if whole.isdecimal() and len(whole) <= LONGEST_NUMBER else None


def strip_controls(text: str) -> str:
    """Without what could turn, hide or break the words around it: bidi controls, NULs, halves of surrogate pairs."""
    return UNSHOWN.sub("", text)


def isolate(text: str) -> str:
    """Left-to-right data (a phone number) so that Arabic around it doesn't turn it round."""
    return f"{LRI}{strip_controls(text)}{PDI}"


def quote(words: str) -> str:
    """A person's own words: each line isolated, its direction taken from its own first letter."""
    lines = (strip_controls(line) for line in words.splitlines())
    return "\n".join(f"{FSI}{line}{PDI}" if line else "" for line in lines)


def lead(text: str) -> str:
    """Mark each Arabic line that begins with a Latin word, and such a first line, so that it isn't turned round."""
    if not LATIN_FIRST.search(text) or not ARABIC_LETTER.search(text):
        return text
    lines = text.split("\n")
    marked = (
        RLM + line if LATIN_FIRST.match(line) and (place == 0 or ARABIC_LETTER.search(line)) else line
        for place, line in enumerate(lines)
    )
    return "\n".join(marked)
