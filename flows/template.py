"""Says what WhatsApp's Content templates may look like, and fills one. It never asks whether Meta approved it.

Source: channels.md, the sections on 63016, 63028, 21655 and 21656, and on Content types.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from messages import Text, t
from messages.text import Language

Category = Literal["utility", "marketing"]
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
TemplateState = Literal["approved", "paused"]
SID: Final = re.compile(r"HX[0-9a-fA-F]{32}")
LONGEST: Final = 1024
"""Characters of a quick reply's body."""
BUTTONS: Final = 3
TITLE: Final = 20
NAME: Final = 60
_BLANK = re.compile(r"\{\{(\d+)\}\}")
_REFUSED = re.compile(r"[\n\r\t]| {5,}")
"""In what fills a variable: error 21656."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A template as somebody registers it, just as it stands at Twilio."""

    name: str
    sid: str
    language: str
    category: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()
    """Title and way (`flows.pushed.WAYS`) of each."""


def blanks_of(body: str) -> int:
    """How many variables a body has."""
    return len(set(_BLANK.findall(body)))


def filled(body: str, blanks: Sequence[str]) -> str:
    """The words that arrive. A variable without a value stays as it is."""
    values = {str(place): " ".join(value.split()) for place, value in enumerate(blanks, 1)}
    return _BLANK.sub(lambda found: values.get(found[1], found[0]), body)


def wrong_with(draft: Draft, ways: Sequence[str]) -> dict[str, Text]:
    """What is wrong with a template, by field; nothing if it may be registered."""
    wrong: dict[str, Text] = {}
    if not 0 < len(draft.name) <= NAME:
        wrong["name"] = t("Give it a name by which you find it again, of at most {most} characters.", most=NAME)
    if not SID.fullmatch(draft.sid):
        wrong["sid"] = t("This is no SID of a template. Copy it from Twilio: HX and 32 letters and digits.")
    if draft.language not in get_args(Language):
        wrong["language"] = t("Choose the template's language.")
    if draft.category not in CATEGORIES:
        wrong["category"] = t("Choose the template's category.")
    if body := _wrong_body(draft.body):
        wrong["body"] = body
    if buttons := _wrong_buttons(draft, ways):
        wrong["buttons"] = buttons
    return wrong


def _wrong_body(body: str) -> Text | None:
    if not 0 < len(body) <= LONGEST:
        return t("The text has 1 to {most} characters.", most=LONGEST)
    numbers = [int(number) for number in _BLANK.findall(body)]
    if "{" in (rest := _BLANK.sub("", body)) or "}" in rest:
        return t("Curly brackets stand only around variables, just so: {example}.", example="{{1}}")
    if list(dict.fromkeys(numbers)) != list(range(1, len(set(numbers)) + 1)):
        return t("Number the variables in the order in which they come, from 1, without a gap.")
    if re.match(r"\s*\{\{", body) or re.search(r"\}\}[\s.!؟?،,…]*$", body):
        return t("A template neither begins nor ends with a variable: Meta refuses it.")
    if re.search(r"\}\}\s*\{\{", body):
        return t("Between two variables there have to be words: Meta refuses it else.")
    return None


def _wrong_buttons(draft: Draft, ways: Sequence[str]) -> Text | None:
    titles = [title for title, _ in draft.buttons]
    if len(titles) > BUTTONS or any(not 0 < len(title) <= TITLE for title in titles):
        return t(
            "A template has {most} buttons at most, each with a title of at most {long}.", most=BUTTONS, long=TITLE
        )
    if len(set(titles)) != len(titles) or any(way not in ways for _, way in draft.buttons):
        return t("Give each button a title of its own, and choose what it opens.")
    return None


def wrong_blanks(variables: int, blanks: Sequence[str]) -> Text | None:
    """What is wrong with what fills a template."""
    if len(blanks) != variables:
        return t("This template has {wanted} variables, and {given} are filled.", wanted=variables, given=len(blanks))
    if any(not blank.strip() or _REFUSED.search(blank) for blank in blanks):
        return t("Write something for each variable, without a line break or a row of spaces.")
    return None
