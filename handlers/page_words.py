"""Understands what a focal point writes about a page: take, pass and the like, or 1 and 2, with or without its code.

It never acts, and takes only a whole message for an answer: in a sentence these words may mean anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from messages.arabic import digits, normalise, tokens
from messages.matching import Words
from storage.pages import Page

Action = Literal["t", "p", "c", "g"]
"""Take, pass, contact made, give back: as they stand in a button's key."""
_FIRST, _SECOND = Words.compile(["1"]), Words.compile(["2"])
_ACTIONS: dict[Action, Words] = {
    "t": Words.compile(["أستلم", "أستلمه", "استلمت", "سأستلم", "آخذه", "معي", "take", "I take it"]),
    "p": Words.compile(["لا أستطيع", "لا أقدر", "ما أقدر", "ماقدرش", "مش قادرة", "اعتذر", "pass", "I can't"]),
    "c": Words.compile(["تم التواصل", "تواصلت", "تواصلت معها", "contact", "contact made"]),
    "g": Words.compile(["أعيده", "أعيدها", "إعادة", "give back", "give it back"]),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What she said, with the pages whose code she named."""

    named: tuple[Page, ...]
    action: Action | None
    place: int
    """1 or 2 where she gave a number, else 0."""

    def fits(self, page: Page) -> bool:
        """Whether it can be meant of this page."""
        return self.action is None or (page.state == "taken") == (self.action in {"c", "g"})


def understand(said: str, candidates: Iterable[Page]) -> Spoken | None:
    """Take, pass and the like in words, or 1 and 2, with or without a code; None where it's something else."""
    spoken = tokens(digits(said))
    named = tuple(page for page in candidates if normalise(page.code) in spoken)
    codes = {normalise(page.code) for page in named}
    rest = tuple(token for token in spoken if token not in codes)
    action = next((one for one, spellings in _ACTIONS.items() if rest in spellings.spellings), None)
    place = 1 if rest in _FIRST.spellings else 2 if rest in _SECOND.spellings else 0
    return Spoken(named, action, place) if action or place or (named and not rest) else None
