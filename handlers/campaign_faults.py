"""Looks at a campaign as it was written down and says what is wrong, field by field, before anybody else has to look.

It never mends a word, and never asks who would get it: that is `handlers.campaign_conflicts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flows.campaign import Message, Plan, first_moment, last_moment, moments, starts
from flows.public import LEADERS, TOPICS
from flows.pushed import WAYS
from flows.template import filled, wrong_blanks
from handlers import triggers
from handlers.campaign_lint import Fault, lint, units
from handlers.draw import World
from messages import Text, t, tn
from messages.catalog import render
from messages.text import Language
from storage import media, staff, templates
from storage.media import Medium
from storage.templates import Template
from storage.unit import Unit

TELEGRAM: Final = 4096
"""UTF-16 units of a message."""
CAPTION: Final = 1024
"""UTF-16 units below a picture, voice or video on Telegram."""
WHATSAPP: Final = 1600
"""UTF-16 units of a message."""
NAME: Final = 60
FASTEST: Final = 6000
_BY_WORD: Final = 60
"""UTF-16 units of the line that names the buttons where there are none, without their labels."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a campaign is held against: names of persons, the library, WhatsApp's templates by SID."""

    names: tuple[str, ...]
    media: Mapping[int, Medium]
    templates: Mapping[str, Template]

    @property
    def categories(self) -> dict[str, str]:
        """Category of each template by its SID."""
        return {sid: template.category for sid, template in self.templates.items()}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault, and beside which field of the form it stands: `name`, `ar-0` for the first message's Arabic."""

    field: str
    fault: Fault


def known(unit: Unit, world: World) -> Known:
    """Look all of it up."""
    team = tuple(member.name for member in staff.members(unit) if member.active)
    shelf = {one.id: one for one in media.everything(unit)}
    return Known((*world.rules.broadcasts.names, *team), shelf, {one.sid: one for one in templates.everything(unit)})


def faults(plan: Plan, found: Known, world: World) -> tuple[Wrong, ...]:
    """Everything that has to be mended before a second person is asked."""
    wrong = [*_frame(plan), *_times(plan, world)]
    for place, message in enumerate(plan.messages):
        wrong += _message(plan, place, message, found)
    return tuple(wrong)


def _frame(plan: Plan) -> Iterator[Wrong]:
    if not plan.name:
        yield _missing("name", t("Give the campaign a name. Only the team sees it."))
    elif len(plan.name) > NAME:
        yield _long("name", len(plan.name) - NAME)
    if plan.begins is None or plan.ends is None:
        yield _missing("begins" if plan.begins is None else "ends", t("Choose the days between which it may go out."))
    elif plan.ends < plan.begins:
        yield _missing("ends", t("The last day comes before the first one."))
    audience = plan.audience
    if not (set(audience.leaders) <= set(LEADERS) and (audience.leaders or audience.topic in TOPICS)):
        yield _missing("audience", t("Choose who gets it: those who asked for a topic, or leaders."))
    if plan.per_minute < 0 or plan.per_minute > FASTEST:
        yield _missing("rate", t("Write 1 to {most} letters a minute, or nothing.", most=FASTEST))


def _times(plan: Plan, world: World) -> Iterator[Wrong]:
    if plan.hour is None:
        yield _missing("hour", t("Choose the hour at which it goes out."))
    if plan.how == "once" and plan.day is None:
        yield _missing("day", t("Choose the day on which it goes out."))
    if plan.how == "weekly" and not plan.weekdays:
        yield _missing("weekdays", t("Choose at least one day of the week."))
    first, last = first_moment(plan, world.zone), last_moment(plan, world.zone)
    if first is None or last is None or plan.hour is None:
        return
    if any(not first <= at < last for at in starts(plan, world.zone)):
        yield _missing("day", t("Not all of its messages lie within the period of the campaign."))
    recurs = plan.how == "monthly" or (plan.how == "weekly" and plan.weekdays)
    if recurs and (next_at := triggers.next_fire(moments(plan), world.zone, first)) is not None and next_at >= last:
        yield _missing("ends", t("Within its period there is no such day."))


def _message(plan: Plan, place: int, message: Message, found: Known) -> Iterator[Wrong]:
    for language in plan.languages:
        words = message.texts.get(language, "").strip()
        if not words:
            yield _missing(f"{language}-{place}", MISSING[language])
            continue
        yield from (Wrong(f"{language}-{place}", fault) for fault in _words(plan, words, language, message, found))
    if any(way not in WAYS for way in message.buttons):
        yield _missing(f"buttons-{place}", t("Choose the buttons from the list."))
    if message.media and message.media not in found.media:
        yield _missing(f"media-{place}", t("This is no longer in the library. Choose another, or none."))
    if place and plan.how == "once" and message.after <= plan.messages[place - 1].after:
        yield _missing(f"after-{place}", t("Each message comes at least a day after the one before it."))
    for language, sid in message.sids.items():
        if sid and language in plan.languages:
            yield from _template(place, language, sid, message, found, feminine=not plan.audience.leaders)


def _words(plan: Plan, words: str, language: Language, message: Message, found: Known) -> Iterator[Fault]:
    # What is longer than any channel takes is refused for that: nobody waits while the rest of it is judged.
    yield from lint(words[:TELEGRAM], language, found.names, feminine=not plan.audience.leaders)
    channels = plan.audience.channels or ("telegram", "whatsapp")
    most = []
    if "telegram" in channels:
        most.append(CAPTION if message.media else TELEGRAM)
    if "whatsapp" in channels:
        labels = [render(WAYS[way], language) for way in message.buttons if way in WAYS]
        most.append(WHATSAPP - sum(units(label) + 6 for label in labels) - (_BY_WORD if labels else 0))
    if most and (over := units(words) - min(most)) > 0:
        yield _too_long(over)


def _template(
    place: int, language: Language, sid: str, message: Message, found: Known, *, feminine: bool
) -> Iterator[Wrong]:
    field, template = f"sid-{language}-{place}", found.templates.get(sid)
    if template is None:
        yield _missing(field, t("This template is not registered any more. Choose another, or none."))
        return
    if template.language != language:
        yield _missing(field, t("This template is in another language."))
    blanks = message.blanks.get(language, ())
    if why := wrong_blanks(template.variables, blanks):
        yield _missing(f"blanks-{language}-{place}", why)
        return
    said = filled(template.body, blanks)
    for fault in lint(said, language, found.names, feminine=feminine):
        yield Wrong(f"blanks-{language}-{place}" if blanks else field, fault)
    for title, _ in template.buttons:
        for fault in lint(title, language, found.names, feminine=feminine, pushed=False):
            yield Wrong(field, fault)


def _missing(field: str, why: Text) -> Wrong:
    return Wrong(field, Fault("missing", why))


def _long(field: str, over: int) -> Wrong:
    return Wrong(field, _too_long(over))


def _too_long(over: int) -> Fault:
    said = tn("This is {count} character too long.", "This is {count} characters too long.", over)
    return Fault("long", said)


MISSING: Final[Mapping[Language, Text]] = {
    "ar": t("The Arabic text is missing."),
    "en": t("The English text is missing."),
}
"""By language: what is said where its text is missing."""
