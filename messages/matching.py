"""Recognises words in what she typed: phrases inside a message, commands that are the whole of it, emoji answers.

It never decides what follows from a hit; a hit in `has` is a reason to ask, not to alarm.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from messages.arabic import tokens

PROCLITICS = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "س")
"""And, with the, so the, like the, for the, the, and, so, with, for, will: written onto the word that follows."""
SHORTEST_STEM, SHORTEST_FIRST = 3, 2
"""Letters that must remain: else وقف would be قف. Two will do where more words follow: «ولا ترسلوا»، «وفي خطر»."""
YES, NO, SOS = frozenset("✅👍✔☑"), frozenset("❌👎✖"), frozenset("🆘🚨")
LONGEST_EMOJI = 256
"""Characters. Whoever sends more of them is read as words are; a cry for help is heard in those as well."""
KEYCAPS = {f"{digit}\u20e3": digit for digit in range(10)} | {"🔟": 10}
DOUBLED = re.compile(r"([^\W\d_])\1|.")
UNSEEN = dict.fromkeys((0xFE0F, 0x200D, *range(0x1F3FB, 0x1F400), *range(0x2066, 0x206A), 0x200E, 0x200F))
"""Variation selectors, joiners, skin tones, direction marks."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases ready to be looked for, by their first word as it may be met, proclitic and all.

    Each with the words that follow and how the phrase was written.
    """

    first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]

    @classmethod
    def compile(cls, phrases: Iterable[str]) -> "Phrases":
        """Normalise and index. ValueError if a phrase has no letters (an emoji: `emoji_answer` looks at those)."""
        first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for phrase in phrases:
            for head, *rest in _with_single_letters(_spelled(phrase)):
                for met in _as_met(head, alone=not rest):
                    first[met].append((tuple(rest), phrase.strip()))
        return cls({head: tuple(rests) for head, rests in first.items()})


@dataclass(frozen=True, slots=True)
class Words:
    """Commands and answers ready to be compared with a whole message."""

    spellings: frozenset[tuple[str, ...]]

    @classmethod
    def compile(cls, words: Iterable[str]) -> "Words":
        """Normalise. Emoji among the words are passed over: `emoji_answer` has looked at those before."""
        return cls(frozenset(tuple(tokens(word)) for word in words) - {()})


def has(said: Sequence[str], phrases: Phrases) -> tuple[str, ...]:
    """The phrases found in `tokens(message)`, as they were written, in the order met; empty if none.

    A phrase is a run of whole words; only its first may carry a proclitic.
    """
    hits = []
    for place, token in enumerate(said):
        for rest, phrase in phrases.first.get(token, ()):
            if not rest or tuple(said[place + 1 : place + 1 + len(rest)]) == rest:
                hits.append(phrase)
    return tuple(dict.fromkeys(hits))


def whole(message: str | Sequence[str], words: Words | Iterable[str]) -> bool:
    """Whether the whole message (or its tokens) is one of these words: «لا» is also inside «السلام».

    Compile words that are asked for often; a plain list is compiled on each call.
    """
    said = tokens(message) if isinstance(message, str) else message
    spellings = words.spellings if isinstance(words, Words) else Words.compile(words).spellings
    return tuple(said) in spellings


def emoji_answer(message: str) -> Literal["yes", "no", "sos"] | int | None:
    """What a message of nothing but emoji answers. To be asked before normalising, which leaves nothing of it."""
    if len(message) > LONGEST_EMOJI:
        return None
    bare = "".join(message.translate(UNSEEN).split())
    if bare in KEYCAPS:
        return KEYCAPS[bare]
    signs = frozenset(bare)
    if not signs or not signs <= YES | NO | SOS:
        return None
    if signs & SOS:
        return "sos"
    if signs <= YES:
        return "yes"
    return "no" if signs <= NO else None


def cries_for_help(message: str) -> bool:
    """Whether 🆘 or 🚨 stands anywhere in a message: as good as a phrase of immediate danger."""
    return not SOS.isdisjoint(message)


def cries(message: str) -> int:
    """How many 🆘 there are in a message."""
    return message.count("🆘")


def _spelled(phrase: str) -> list[str]:
    spelled = tokens(phrase)
    if not spelled:
        raise ValueError(f"{phrase!r} has no letters to look for")
    return spelled


def _with_single_letters(spelled: list[str]) -> Iterable[tuple[str, ...]]:
    """The phrase, and as it is where a double letter was drawn out: «هدددددني» becomes «هدني» when it's normalised."""
    return product(*(set(map("".join, product(*_runs(token)))) for token in spelled))


def _runs(token: str) -> Iterable[tuple[str, ...]]:
    """Each letter of a word; of a double one both ways in which it may be met."""
    return ((run, run[0]) if len(run) > 1 else (run,) for run in (found[0] for found in DOUBLED.finditer(token)))


def _as_met(head: str, *, alone: bool) -> Iterable[str]:
    """A phrase's first word in all the ways in which it may stand in a message."""
    yield head
    if len(head) >= (SHORTEST_STEM if alone else SHORTEST_FIRST):
        yield from (proclitic + head for proclitic in PROCLITICS)
