"""Hears what words may mean, in the order that safety asks for: emoji, unsafe to talk, distress, commands, topics.

It never decides what follows: a word is a reason to ask, not to alarm.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from flows.core import Language
from flows.memo import FromRules
from flows.pushed import WAYS as PUSHED
from flows.rules import Mechanism
from messages.arabic import number, tokens
from messages.catalog import render
from messages.matching import Phrases, Words, cries, cries_for_help, emoji_answer, has

LONGEST_COMMAND: Final = 5
"""Words."""
CALLING: Final = 2
"""So many 🆘 and nothing else call at once, as the commands `sos` do; one is asked about."""
SOS: Final = frozenset(("sos", "danger"))
"""Commands that call the person on call at once."""
SPOKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "lesson": ("lesson", "درس", "درس اليوم", "الدرس", "ابدئي درس اليوم"),
    "subscribe": ("subscribe", "اشتراك", "اشترك", "الاشتراك"),
    "course": ("course", "دورة", "دورة قصيرة"),
    "poll": ("poll", "استطلاع"),
    "stories": ("stories", "قصص", "قصة"),
    "initiatives": ("initiatives", "مبادرات"),
    "asking": ("question", "سؤال", "عندي سؤال"),
}
"""What opens the ways of a message that came unasked (`flows.pushed`), where it has no buttons."""
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
    "learn": ("tips", "نصائح", "دروس", "نصائح ودروس"),
    **SPOKEN,
    "certificate": ("certificate", "شهادة", "رقم الشهادة"),
}
"""Commands that belong to the conversations and not to the association's mechanism."""
BY_LABEL: Final = "by_label"
"""Beside the name of a command that was said by the whole label of a button of `flows.pushed`."""
_NAMES: Final = {"unsubscribe": "stop"}
"""Labels of `flows.pushed` that mean a command of another name."""


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
            return Heard((), number=keycap, commands=frozenset() if keycap else frozenset(["exit"]))
        case "yes" | "no" as answer:
            return Heard((), emoji=answer, commands=frozenset([answer]))
        case "sos":
            called = cries(words) >= CALLING
            return Heard((), emoji="sos", distress=True, commands=frozenset(["sos"]) if called else frozenset())
        case None:
            return _words(words, EARS(rules))


def named_by(words: str, rules: Mechanism) -> frozenset[str]:
    """Names of the commands that a whole message is, without a look at what else it may mean."""
    return _command(tuple(tokens(words)), EARS(rules))


def _words(words: str, ears: Ears) -> Heard:
    said = tuple(tokens(words))
    single = number(words) if len(said) == 1 else None
    commands = frozenset(["exit"]) if single == 0 else _command(said, ears)
    meant = frozenset(meaning for phrase in has(said, ears.phrases) for meaning in ears.means[phrase])
    return Heard(
        said,
        number=single,
        unsafe="unsafe" in meant,
        distress="immediate" in meant or cries_for_help(words) or bool(commands & SOS),
        topic="topic" in meant,
        commands=commands,
        language=LANGUAGES.get(said[0]) if len(said) == 1 else None,
    )


def _command(said: tuple[str, ...], ears: Ears) -> frozenset[str]:
    return ears.commands.get(said, frozenset()) if len(said) <= LONGEST_COMMAND else frozenset()


def _ears(rules: Mechanism) -> Ears:
    phrases = rules.phrases
    means: dict[str, set[str]] = defaultdict(set)
    for meaning, group in (("immediate", phrases.immediate), ("topic", phrases.topic), ("unsafe", phrases.unsafe)):
        for phrase in group:
            means[phrase].add(meaning)
    commands: dict[tuple[str, ...], set[str]] = defaultdict(set)
    pushed = {_NAMES.get(way, way): tuple(render(label, one) for one in ("ar", "en")) for way, label in PUSHED.items()}
    for name, spelled in (*phrases.commands.items(), *OURS.items(), *pushed.items()):
        for spelling in Words.compile(_lettered(spelled)).spellings:
            commands[spelling].add(name)
    for label in (one for labels in pushed.values() for one in labels):
        for spelling in Words.compile(_lettered([label])).spellings:
            commands[spelling].add(BY_LABEL)
    return Ears(
        Phrases.compile(means),
        {phrase: frozenset(meant) for phrase, meant in means.items()},
        {spelling: frozenset(names) for spelling, names in commands.items()},
    )


def _lettered(spelled: Iterable[str]) -> list[str]:
    """Emoji among the commands and the 0 are heard before words are, and other numbers choose an option."""
    return [word for word in spelled if tokens(word) and number(word) is None]


EARS: Final = FromRules(_ears)
