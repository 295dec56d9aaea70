"""How a letter looks on WhatsApp: numbered choices, templates, the 24-hour window, long texts."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.whatsapp.rendering import Part, numbered, parts
from bot.channels.whatsapp.templates import Templates
from flows.pushed import WAYS
from handlers.channel import Button
from messages.catalog import render
from tests.bot.channels.letters import NOON, buttons, letter

HX = "HX" + "a" * 32


def rendered(templates: dict[tuple[str, Any], str] | None = None, **changed: Any) -> tuple[Part, ...]:
    asked = {"heard_at": NOON, "address": "+967770000001", **changed}
    return parts(letter(**asked), Templates(templates or {}), NOON)


def test_choices_stand_numbered_under_the_words() -> None:
    shown = numbered(letter(text="هل أنت بأمان؟", buttons=buttons("نعم", "لا")))
    assert shown == "هل أنت بأمان؟\n\n1. نعم\n2. لا\nاكتبي الرقم."


def test_a_hint_stands_beside_its_choice() -> None:
    assert numbered(letter(text="?", buttons=(Button("k", "تهديد", "كلام أو سلاح"),))).endswith(
        "1. تهديد: كلام أو سلاح\nاكتبي الرقم."
    )


def test_the_way_to_hide_the_chat_stands_under_the_choices_as_nought() -> None:
    shown = numbered(letter(text="هل أنت بأمان؟", buttons=buttons("نعم", "لا"), hide="طقس اليوم"))
    assert shown == "هل أنت بأمان؟\n\n1. نعم\n2. لا\n0. طقس اليوم\nاكتبي الرقم."


def test_it_stands_under_no_letter_without_choices() -> None:
    assert numbered(letter(text="أهلًا!", standing="on", hide="طقس اليوم")) == "أهلًا!"


def test_a_template_has_no_room_for_it() -> None:
    (part,) = rendered({("quick_reply_2", "ar"): HX}, text="?", buttons=buttons("a", "b"), hide="طقس اليوم")
    assert "طقس" not in part.variables


def test_a_long_letter_is_cut_at_sentences() -> None:
    bodies = [part.body for part in rendered(text="هذه جملة. " * 400, buttons=buttons("نعم"))]
    assert len(bodies) > 1
    assert all(len(body) <= 1600 for body in bodies)
    assert bodies[-1].endswith("1. نعم\nاكتبي الرقم.")


@pytest.mark.parametrize("silent", [timedelta(hours=24), timedelta(hours=23, minutes=56), timedelta(days=9)])
def test_nothing_is_written_freely_once_the_window_is_closing(silent: timedelta) -> None:
    assert rendered(heard_at=NOON - silent) == ()


def test_nobody_is_written_to_freely_who_never_wrote() -> None:
    assert rendered(heard_at=None) == ()


def test_within_the_window_words_go_as_they_are() -> None:
    assert rendered(heard_at=NOON - timedelta(hours=23)) == (Part("مرحبا"),)


def test_outside_the_window_the_template_of_its_purpose_carries_the_letter() -> None:
    (part,) = rendered({("page", "ar"): HX}, heard_at=None, purpose="page", blanks=("K7Q", "  two\nlines ", ""))
    assert part.sid == HX
    assert json.loads(part.variables) == {"1": "K7Q", "2": "two lines", "3": "-"}


def test_a_template_in_another_language_is_no_template() -> None:
    assert rendered({("page", "en"): HX}, heard_at=None, purpose="page") == ()


@pytest.mark.parametrize(
    ("count", "shape"), [(2, "quick_reply_2"), (3, "quick_reply_3"), (5, "list_5"), (10, "list_10")]
)
def test_a_question_takes_the_template_of_its_shape(count: int, shape: str) -> None:
    (part,) = rendered({(shape, "ar"): HX}, text="?", buttons=buttons(*"abcdefghij"[:count]))
    assert json.loads(part.variables) == {"1": "?"} | {
        str(2 + place * 2 + half): value
        for place in range(count)
        for half, value in enumerate(("abcdefghij"[place], f"b{place + 1}"))
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "two\nlines"},
        {"text": "far     apart"},
        {"text": "x" * 1025},
        {"buttons": buttons("نعم", "تسمية أطول مما يتسع له زر في قائمة")},
        {"buttons": buttons(*"abcdefghijk")},
    ],
)
def test_what_no_template_can_hold_is_written_in_words(changed: dict[str, Any]) -> None:
    templates: dict[tuple[str, Any], str] = {(shape, "ar"): HX for shape in ("quick_reply_2", "list_2", "list_11")}
    assert all(not part.sid for part in rendered(templates, **{"buttons": buttons("نعم", "لا"), **changed}))


def test_a_label_too_long_for_a_button_goes_into_a_list() -> None:
    templates: dict[tuple[str, Any], str] = {("quick_reply_2", "ar"): HX, ("list_2", "ar"): "HX" + "b" * 32}
    (part,) = rendered(templates, text="?", buttons=buttons("نعم", "x" * 22))
    assert part.sid == "HX" + "b" * 32


# ---------------------------------------------------------------- what came unasked


def test_under_what_came_unasked_the_labels_stand_in_words_and_never_numbers() -> None:
    labels = buttons("أختار ما يصلني", "إيقاف هذه الرسائل")
    shown = numbered(letter(text="نصيحة اليوم.", buttons=labels, by_word=True))
    assert shown == "نصيحة اليوم.\n\nللمتابعة اكتبي: «أختار ما يصلني» أو «إيقاف هذه الرسائل»"


def test_one_label_stands_alone_and_in_her_language() -> None:
    shown = numbered(letter(text="A tip.", buttons=buttons("Show the menu"), language="en", by_word=True))
    assert shown == "A tip.\n\nTo go on, write: “Show the menu”"


def test_three_labels_are_three() -> None:
    shown = numbered(letter(text="A tip.", buttons=buttons("One", "Two", "Three"), language="en", by_word=True))
    assert shown.endswith("write: “One” or “Two” or “Three”")


def test_without_a_button_nothing_stands_under_it() -> None:
    assert numbered(letter(text="A tip.", by_word=True)) == "A tip."


def test_a_label_can_be_copied_from_it_as_it_is_heard() -> None:
    """No invisible mark stands between the quotation marks: what is copied from there is the label."""
    for language in ("ar", "en"):
        for way, label in WAYS.items():
            said = render(label, language)
            shown = numbered(letter(text="", buttons=buttons(said), language=language, by_word=True))
            copied = re.split("[«»“”]", shown)[1]
            assert copied == said, way
