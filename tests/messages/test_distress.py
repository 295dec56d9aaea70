"""The table of what must be heard as distress, however it is typed, and of what must never be: with its figures."""

import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.mechanism import load
from flows.hearing import Heard, listen
from messages.arabic import number, tokens
from tests.messages.spellings import spellings

VECTORS = tomllib.loads((Path(__file__).parent / "vectors.toml").read_text(encoding="utf-8"))
RULES = load(Path("mechanism"))
PHRASES = {
    "immediate": (*VECTORS["phrases"]["immediate"], *RULES.phrases.immediate),
    "topic": (*VECTORS["phrases"]["topic"], *RULES.phrases.topic),
    "unsafe": (*VECTORS["phrases"]["unsafe"], *RULES.phrases.unsafe),
}
INNOCENT = tuple(dict.fromkeys((*VECTORS["innocent"]["messages"], *RULES.phrases.innocent)))
ACCEPTED = tuple(dict.fromkeys((*VECTORS["accepted"]["messages"], *RULES.phrases.false_alarms)))
COMMANDS = [(name, word) for name, words in VECTORS["commands"].items() for word in words]
A_MILLISECOND = 0.001


def meant(heard: Heard) -> set[str]:
    """What a message is heard as, of the three classes."""
    found = {"immediate": heard.distress, "topic": heard.topic, "unsafe": heard.unsafe}
    return {name for name, is_so in found.items() if is_so}


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Class, phrase, way of spelling, message."""
    for name, phrases in PHRASES.items():
        for phrase in dict.fromkeys(phrases):
            for way, message in spellings(phrase):
                yield name, phrase, way, message


def _heard(name: str, way: str, message: str) -> set[str]:
    heard = meant(listen(message, RULES))
    return heard - {"immediate"} if way == "cried out" and name != "immediate" else heard


def _figures(found: Counter[str], missed: Counter[str], alarmed: int, accepted: int) -> str:
    heard = found.total()
    recall = [
        f"  {name:9} {found[name]:6} of {found[name] + missed[name]:6} spellings heard, "
        f"recall {found[name] / (found[name] + missed[name]):.4f}"
        for name in PHRASES
    ]
    innocent = f"  innocent  {alarmed:6} of {len(INNOCENT):6} heard as distress, and {accepted} accepted false alarms"
    without = f"  precision {heard / (heard + alarmed):.4f}, with those {heard / (heard + alarmed + accepted):.4f}"
    return "\n".join(["", *recall, innocent, without, ""])


def test_every_phrase_is_heard_in_every_spelling_and_nothing_innocent_is(capsys: pytest.CaptureFixture[str]) -> None:
    found, missed = Counter[str](), []
    for name, phrase, way, message in rows():
        if name in _heard(name, way, message):
            found[name] += 1
        else:
            missed.append((name, phrase, way, message))
    alarmed = [message for message in INNOCENT if meant(listen(message, RULES))]
    accepted = [message for message in ACCEPTED if meant(listen(message, RULES))]
    with capsys.disabled():
        sys.stdout.write(_figures(found, Counter(row[0] for row in missed), len(alarmed), len(accepted)))
    assert missed == []
    assert alarmed == []


@pytest.mark.parametrize("message", INNOCENT)
def test_an_innocent_message_is_heard_as_nothing(message: str) -> None:
    heard = listen(message, RULES)
    assert (meant(heard), heard.commands, heard.language) == (set(), frozenset(), None)


@pytest.mark.parametrize("message", ACCEPTED)
def test_a_false_alarm_that_is_accepted_only_asks(message: str) -> None:
    heard = listen(message, RULES)
    assert meant(heard)
    assert not heard.commands


@pytest.mark.parametrize(("name", "word"), COMMANDS)
def test_a_command_is_one_as_the_whole_message_and_in_no_other(name: str, word: str) -> None:
    if number(word) is None or name == "exit":
        assert name in listen(word, RULES).commands
        assert name in listen(f" \u200f{word} ", RULES).commands
    if tokens(word) and number(word) is None and word not in {"?", "؟"}:
        assert listen(f"{word} والله يا أختي العزيزة في البيت", RULES).commands == frozenset()
        assert listen(f"كتاب{word}كتاب", RULES).commands == frozenset()


@pytest.mark.parametrize(
    ("message", "never"),
    [
        ("السلام عليكم", "no"),
        ("سلام", "exit"),
        ("وقفة احتجاجية", "stop"),
        ("مخرجات الدورة", "exit"),
        ("ممنوع الخروج", "exit"),
        ("نعمة من الله", "yes"),
        ("مسح ميداني", "delete"),
        ("أوكي شكرا", "yes"),
        ("الطوارئ في المستشفى", "sos"),
        ("10", "exit"),
        ("05", "exit"),
    ],
)
def test_letters_inside_a_word_are_no_command(message: str, never: str) -> None:
    assert never not in listen(message, RULES).commands


def test_where_two_meanings_overlap_both_are_heard_and_the_order_decides() -> None:
    heard = listen("لا ترسلي", RULES)
    assert (heard.unsafe, "stop" in heard.commands) == (True, True)
    heard = listen("ساعديني", RULES)
    assert (heard.distress, "help" in heard.commands) == (True, True)
    heard = listen("زوجي ضربني، باي", RULES)
    assert (heard.distress, heard.commands) == (True, frozenset())
    heard = listen("ok", RULES)
    assert {"yes", "unclear_when_asked_if_safe"} <= heard.commands
    heard = listen("خلاص", RULES)
    assert {"cancel", "unclear"} <= heard.commands


@pytest.mark.parametrize(
    ("message", "calls"),
    [
        ("🆘", False),
        ("🆘🆘", True),
        ("🆘 🆘 🆘", True),
        ("🚨🚨", False),
        ("sos", False),
        ("نجدة", False),
        ("طوارئ", True),
        ("طَوارِئ!", True),
        ("ﻃﻮﺍﺭﺉ", True),
        ("خطر", True),
        ("نداء عاجل", True),
        ("نداء عاجل من المدير", False),
        ("🆘🆘 تعالوا", False),
    ],
)
def test_only_a_whole_message_calls_without_a_question(message: str, calls: bool) -> None:
    assert bool(listen(message, RULES).commands & {"sos", "danger"}) is calls


LONG = {
    "5,000 emoji": "😀" * 5000,
    "4,096 characters of a story": ("وقال لي لا تخرجي من البيت ولا تكلمي أحد " * 120)[:4096],
    "4,096 letters": "ا" * 4096,
    "4,096 characters of cries": ("ضربني " * 900)[:4096],
    "4,096 marks": "\u064e\u0651" * 2048,
    "an ordinary message": "زوجي يهددني بالقتل وأنا في البيت مع الأولاد ولا أدري ماذا أفعل",
}


@pytest.mark.parametrize("what", LONG)
def test_hearing_a_message_takes_less_than_a_millisecond(what: str) -> None:
    listen(LONG[what], RULES)
    took = []
    for _ in range(100):
        began = time.perf_counter()
        listen(LONG[what], RULES)
        took.append(time.perf_counter() - began)
    assert min(took) < A_MILLISECOND, f"{min(took) * 1000:.2f} ms"
