"""Reads a campaign from its form: whatever can't be read is left out, and shows as missing. It keeps nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time
from typing import Final, cast, get_args

from starlette.datastructures import FormData

from flows.broadcast import Audience
from flows.campaign import BUTTONS, LANGUAGES, LAST_DAY, MESSAGES, How, Message, Plan
from flows.public import LEADERS, TOPICS
from flows.pushed import WAYS
from flows.rules import Taxonomy
from messages.arabic import digits, strip_controls
from messages.content import TRACKS
from messages.text import Language

LONGEST: Final = 10_000
"""Characters of a text that are kept, so that she can shorten it herself: no channel takes half of them."""
_BLANK: Final = 500
_BLANKS: Final = 20
_NAME: Final = 200
_RATE: Final = 6
_DIGITS: Final = 19
_MOST_DAYS: Final = 366
_YEARS: Final = range(2020, 2100)
_CHANNELS: Final = ("telegram", "whatsapp")


def plan_of(form: FormData, taxonomy: Taxonomy) -> Plan:
    """What she filled in."""
    count = min(max(_number(form, "count"), 1), MESSAGES)
    how = _text(form, "how", _DIGITS)
    return Plan(
        name=" ".join(_text(form, "name", _NAME).split()),
        begins=_day(form, "begins"),
        ends=_day(form, "ends"),
        audience=_audience(form, taxonomy),
        messages=tuple(_message(form, place) for place in range(count)),
        how=cast("How", how) if how in get_args(How) else "once",
        day=_day(form, "day"),
        hour=_hour(form),
        weekdays=tuple(sorted({int(day) for day in _chosen(form, "weekdays", map(str, range(7)))})),
        monthday=min(max(_number(form, "monthday"), 1), LAST_DAY),
        reader_clock=_text(form, "clock", _DIGITS) == "reader",
        spaced=_text(form, "spaced", _DIGITS) == "yes",
        per_minute=_number(form, "rate", _RATE),
    )


def with_another(plan: Plan) -> Plan:
    """With one more message, a day after the last."""
    if len(plan.messages) >= MESSAGES:
        return plan
    return replace(plan, messages=(*plan.messages, Message(after=plan.messages[-1].after + 1)))


def without(plan: Plan, place: int) -> Plan:
    """Without one of its messages; the last one stays."""
    left = tuple(message for at, message in enumerate(plan.messages) if at != place)
    if not left:
        return plan
    return replace(plan, messages=(replace(left[0], after=0), *left[1:]))


def _audience(form: FormData, taxonomy: Taxonomy) -> Audience:
    to = _text(form, "audience", _NAME)
    leaders = tuple(_chosen(form, "leaders", LEADERS)) if to == "leaders" else ()
    languages = tuple(cast("Language", one) for one in _chosen(form, "languages", LANGUAGES))
    return Audience(
        topic=to if to in TOPICS else "",
        languages=() if len(languages) == len(LANGUAGES) else languages,
        areas=tuple(_chosen(form, "areas", [*taxonomy.governorates, "abroad"])),
        channels=tuple(_chosen(form, "channels", _CHANNELS)),
        tracks=tuple(_chosen(form, "tracks", TRACKS)),
        leaders=leaders,
    )


def _message(form: FormData, place: int) -> Message:
    ways = [str(way) for way in form.getlist(f"buttons-{place}") if way in WAYS]
    sids = {language: _text(form, f"sid-{language}-{place}", _NAME) for language in LANGUAGES}
    return Message(
        texts={language: _words(form, f"{language}-{place}") for language in LANGUAGES},
        media=_number(form, f"media-{place}", _DIGITS),
        full=_text(form, f"full-{place}", _DIGITS) == "yes",
        buttons=tuple(dict.fromkeys(ways))[:BUTTONS],
        after=min(_number(form, f"after-{place}"), _MOST_DAYS) if place else 0,
        sids={language: sid for language, sid in sids.items() if sid},
        blanks={language: _blanks(form, f"blanks-{language}-{place}") for language in LANGUAGES if sids[language]},
    )


def _blanks(form: FormData, name: str) -> tuple[str, ...]:
    """One variable on each line."""
    lines = _words(form, name).splitlines()
    return tuple(" ".join(line.split())[:_BLANK] for line in lines if line.strip())[:_BLANKS]


def _words(form: FormData, name: str) -> str:
    """A text as it is to be read: without what turns or hides words, line breaks as one character."""
    said = strip_controls(_text(form, name, LONGEST).replace("\r\n", "\n").replace("\r", "\n"))
    return said.strip()


def _text(form: FormData, name: str, most: int) -> str:
    given = form.get(name, "")
    whole = given if isinstance(given, str) else ""
    return whole[:most].encode("utf-8", "replace").decode().replace("\x00", "").strip()


def _chosen(form: FormData, name: str, among: Iterable[str]) -> list[str]:
    """The choices that were ticked, in the order in which they stand."""
    ticked = set(map(str, form.getlist(name)))
    return [one for one in among if one in ticked]


def _number(form: FormData, name: str, most: int = 3) -> int:
    written = digits(_text(form, name, _DIGITS))
    number = int(written) if written.isascii() and written.isdigit() and len(written) <= most else 0
    return number if number < 1 << 63 else 0


def _day(form: FormData, name: str) -> date | None:
    try:
        day = date.fromisoformat(digits(_text(form, name, _DIGITS)))
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _hour(form: FormData) -> time | None:
    try:
        hour = time.fromisoformat(digits(_text(form, "hour", _DIGITS)))
    except ValueError:
        return None
    return None if hour.tzinfo else hour.replace(second=0, microsecond=0)
