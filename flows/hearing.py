"""Hears what words may mean, in the order that safety asks for: emoji, unsafe to talk, distress, commands, topics.

It never decides what follows: a word is a reason to ask, not to alarm.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from flows.core import Language
from flows.memo import FromRules
from flows.rules import Mechanism
from messages.arabic import number, tokens
from messages.matching import Phrases, Words, cries_for_help, emoji_answer, has

LONGEST_COMMAND: Final = 5
"""Words."""
LANGUAGES: Final[Mapping[str, Language]] = {
    "english": "en", "انجليزي": "en", "انجليزيه": "en", "الانجليزيه": "en",
    "arabic": "ar", "عربي": "ar", "العربيه": "ar", "عربيه": "ar", "بالعربي": "ar",
}  # fmt: skip
"""By normalised word: a whole message that asks for a language."""
OURS: Final[Mapping[str, tuple[str, ...]]] = {
    "language": ("language", "اللغة", "لغة"),
    "about": ("about", "من أنتم", "عن الخدمة", "الموافقات"),
    "report": ("report", "بلاغ", "إبلاغ", "بلاغ جديد"),
    "danger": ("danger", "خطر"),
}
"""Commands that belong to the conversations and not to the association's mechanism."""


@dataclass(frozen=True, slots=True)
class Heard:
    """All that a message may mean beside an answer to the pending question."""

    said: tuple[str, ...]
    """Its normalised words."""
    number: int | None = None
    emoji: Literal["yes", "no", "sos"] | None = None
    unsafe: bool = False
    distress: bool = False
    topic: bool = False
    commands: frozenset[str] = frozenset()
    """Names of the commands and answers (yes, no, unclear, skip) that the whole message is."""
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Ears:
    """The mechanism's phrases, ready to be listened for."""

    phrases: Phrases
    means: Mapping[str, frozenset[str]]
    commands: Mapping[tuple[str, ...], frozenset[str]]


def listen(words: str, rules: Mechanism) -> Heard:
    """Hear a message, however long or strange. Linear in its length."""
    match emoji_answer(words):
        case int(keycap):
            return Heard((), number=keycap)
        case "yes" | "no" as answer:
            return Heard((), emoji=answer, commands=frozenset([answer]))
        case "sos":
            return Heard((), emoji="sos", distress=True)
        case None:
            return _words(words, EARS(rules))


def _words(words: str, ears: Ears) -> Heard:
    said = tuple(tokens(words))
    meant = frozenset(meaning for phrase in has(said, ears.phrases) for meaning in ears.means[phrase])
    return Heard(
        said,
        number=number(words) if len(said) == 1 else None,
        unsafe="unsafe" in meant,
        distress="immediate" in meant or cries_for_help(words),
        topic="topic" in meant,
        commands=ears.commands.get(said, frozenset()) if len(said) <= LONGEST_COMMAND else frozenset(),
        language=LANGUAGES.get(said[0]) if len(said) == 1 else None,
    )


def _ears(rules: Mechanism) -> Ears:
    phrases = rules.phrases
    means: dict[str, set[str]] = defaultdict(set)
    for meaning, group in (("immediate", phrases.immediate), ("topic", phrases.topic), ("unsafe", phrases.unsafe)):
        for phrase in group:
            means[phrase].add(meaning)
    commands: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, spelled in (*phrases.commands.items(), *OURS.items()):
        for spelling in Words.compile(_lettered(spelled)).spellings:
            commands[spelling].add(name)
    return Ears(
        Phrases.compile(means),
        {phrase: frozenset(meant) for phrase, meant in means.items()},
        {spelling: frozenset(names) for spelling, names in commands.items()},
    )


def _lettered(spelled: Iterable[str]) -> list[str]:
    """Emoji among the commands are heard before words are, and numbers choose an option."""
    return [word for word in spelled if tokens(word) and number(word) is None]


EARS: Final = FromRules(_ears)
