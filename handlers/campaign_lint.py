"""Judges what is to be sent to many: no phone number, link that follows, name, blame, or first line that betrays.

It never corrects a word: it says what stands there and why it may not, to whoever wrote it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from handlers.campaign_links import faulty_links, handles
from handlers.campaign_names import names_in
from handlers.campaign_numbers import phone_numbers
from messages import Text, raw, t
from messages.arabic import ARABIC_LETTER, tokens
from messages.content_check import betrayed
from messages.matching import Phrases, has
from messages.text import Language
from messages.wording import (
    BARE_ADDRESS,
    FOREIGN_DIGITS,
    HARAKAT,
    MASCULINE,
    MASCULINE_ASKED,
    NAMES,
    NEVER,
    NEVER_ENGLISH,
    SLASH_COMMAND,
    WHY,
)

Code = Literal[
    "phone", "handle", "link", "name", "address", "blame", "betrays", "association", "language", "digits", "command",
    "missing", "long",
]  # fmt: skip
_SHOWN = 40
"""Characters of what is found that are repeated to whoever wrote it."""
_ASSOCIATION = re.compile(r"abductees|mothers.? association|\bama\b|\bsanad\b", re.IGNORECASE)
_ASSOCIATION_ARABIC = Phrases.compile(["الرابطة", "رابطة أمهات", "رابطتنا", "أمهات المختطفين", "سند"])
_LATIN_RUN = re.compile(r"[A-Za-z][\w'’]*(?:[ ,]+[A-Za-z][\w'’]*){2,}")
"""Three Latin words in a row: a sentence, no name of an app."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that may not go out. `found` is what stands there, shortened; `why` says what to do instead."""

    code: Code
    why: Text
    found: str = ""

    @property
    def may_be_overruled(self) -> bool:
        """Whether a second person may say that it is none: a word that is a name and something else as well."""
        return self.code == "name"

    @property
    def said(self) -> Text:
        """The whole of it, for who wrote it."""
        return t("“{found}”: {why}", found=raw(self.found), why=self.why) if self.found else self.why


def lint(
    words: str,
    language: Language,
    names: Iterable[str] = (),
    *,
    feminine: bool = True,
    pushed: bool = True,
) -> tuple[Fault, ...]:
    """Everything in a text that may not go out. `names`: of persons, from broadcasts.toml and of the team.

    `feminine`: it speaks to one woman (not to leaders). `pushed`: it comes unasked, so that a locked phone shows it.
    """
    words = _bare(words)
    judged = [*_of_anybody(words, tuple(names)), *_spoken(words, language, feminine=feminine)]
    if pushed:
        judged += _seen_first(words, language)
    return tuple(dict.fromkeys(judged))


def _bare(words: str) -> str:
    """Without what is not seen and takes a word apart: joiners, zero widths, the tatweel. Harakat stay."""
    return "".join(char for char in words if char not in _UNSEEN and unicodedata.category(char) != "Cf")


def _of_anybody(words: str, names: tuple[str, ...]) -> Iterator[Fault]:
    """What would lead to a person."""
    yield from (_fault("phone", PHONE, found) for found in phone_numbers(words))
    yield from (_fault("handle", HANDLE, found) for found in handles(words))
    yield from (_fault("link", LINKS[why], found) for found, why in faulty_links(words))
    yield from (_fault("name", NAME, found) for found in names_in(words, names))


def _seen_first(words: str, language: Language) -> Iterator[Fault]:
    """What a locked phone would tell."""
    first = f"{words.strip().partition(_LINE)[0]}\n{_LOCKED.match(' '.join(words.split()))[0]}"  # type: ignore[index]
    if _ASSOCIATION.search(first) or has(tokens(first), _ASSOCIATION_ARABIC):
        yield Fault("association", ASSOCIATION)
    if any(True for _ in betrayed(words.strip(), language)):
        yield Fault("betrays", BETRAYS)


def _spoken(words: str, language: Language, *, feminine: bool) -> Iterator[Fault]:
    """How it speaks, and in which language."""
    yield from _foreign(words, language)
    if language == "en":
        if found := NEVER_ENGLISH.search(words):
            yield _fault("blame", BLAME, found[0])
        return
    if feminine:
        yield from (_fault("address", ADDRESS, found) for found in _masculine(words))
    yield from (_fault("blame", BLAME, found) for found in has(tokens(words), NEVER))
    if found := WHY.search(HARAKAT.sub("", words)):
        yield _fault("blame", BLAME, found[0])
    if found := FOREIGN_DIGITS.search(words):
        yield _fault("digits", DIGITS, found[0])
    if found := SLASH_COMMAND.search(words):
        yield _fault("command", COMMAND, found[0])


def _masculine(words: str) -> Iterator[str]:
    for word in re.findall(r"\w+", HARAKAT.sub("", words)):
        if word in MASCULINE or (word[:1] in "وف" and word[1:] in MASCULINE):
            yield word
    yield from has(tokens(words), MASCULINE_ASKED)
    yield from (found[0] for found in BARE_ADDRESS.finditer(words))


def _foreign(words: str, language: Language) -> Iterator[Fault]:
    """Words of the other language, where they are more than the name of an app or an address."""
    plain = _ADDRESS.sub(" ", words)
    if found := next((one for one in _WORD.findall(words) if any(map(_is_other, one))), ""):
        yield _fault("language", OTHER, found)
    if language == "en":
        if found := _ARABIC_WORDS.search(plain):
            yield _fault("language", IN_ENGLISH, found[0])
        return
    for line in plain.splitlines():
        latin = re.findall(r"[A-Za-z]+", line)
        alone = latin and not ARABIC_LETTER.search(line) and not {word.lower() for word in latin} <= NAMES
        if alone or (found := _LATIN_RUN.search(line)):
            yield _fault("language", IN_ARABIC, line.strip() if alone else found[0])


def _is_other(letter: str) -> bool:
    """Whether a letter is of another script than the two: it may look like one of theirs."""
    return letter.isalpha() and not unicodedata.name(letter, "").startswith(("ARABIC", "LATIN"))


_ADDRESS = re.compile(r"\S*://\S*")
_WORD = re.compile(r"\w+")
_LINE: Final = "\n"
_LOCKED = re.compile(r".{0,40}\S*")
"""What a locked phone shows, up to the end of its last word."""
_UNSEEN: Final = frozenset("\u034f\u0640")
_ARABIC_WORDS = re.compile(r"[\u0620-\u064a\u0671-\u06d3\ufb50-\ufefc]+(?:\s+[\u0620-\u064a]+)*")


def _fault(code: Code, why: Text, found: str) -> Fault:
    return Fault(code, why, found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…")


def units(words: str) -> int:
    """Length as the channels count it: UTF-16 units."""
    return len(words.encode("utf-16-le", "replace")) // 2


PHONE: Final = t("this could be a phone number. Numbers of people never go out to many.")
HANDLE: Final = t("this leads to somebody's account or mailbox.")
NAME: Final = t("this could be a person's name.")
ADDRESS: Final = t("this speaks to a man or to several. Speak to one woman, and write the kasra: «لكِ».")
BLAME: Final = t("this blames, doubts or promises. Say what she can do, and leave it to her.")
BETRAYS: Final = t("The first 40 characters are shown on a locked phone: begin with something ordinary.")
ASSOCIATION: Final = t("The first line names us. Begin with something ordinary: a locked phone shows it.")
IN_ARABIC: Final = t("this was left in English.")
OTHER: Final = t("these letters belong to another script, and a word may hide behind them.")
IN_ENGLISH: Final = t("this was left in Arabic.")
DIGITS: Final = t("write digits as 1 2 3: the others turn round on some phones.")
COMMAND: Final = t("this turns round in Arabic. Name the button instead.")
LINKS: Final = {
    "scheme": t("only plain addresses that begin with https:// may go out."),
    "host": t("this address hides where it leads, or opens a chat. Write the plain address of the page."),
    "parts": t("this address carries something behind the page's path by which a reader could be followed."),
    "token": t("this address looks as if it were made for one person."),
    "long": t("this address is too long. Link to a page with a short path."),
}
"""By what is wrong with an address."""
