"""Polls and pledges at the desk: written by one, approved by another, ended; and results that point at nobody.

It never shows a count while answers still come, nor one that is too small: watching it grow would tell who chose what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, assert_never

from flows.poll import MOST
from flows.rules import LONGEST_LABEL
from handlers.draw import World
from handlers.story_lint import faults as lint
from handlers.story_lint import names
from messages import Text, t
from messages.arabic import strip_controls
from messages.catalog import render
from storage import audit, polls
from storage.polls import Body, Kind, Option, Poll
from storage.unit import Unit

LONGEST: Final = 300
"""Characters of a question, in each language."""
FEWEST: Final = 2
LONGEST_OPEN: Final = timedelta(days=92)
DOMAINS: Final[Mapping[str, Text]] = {
    "political": t("Political challenges"),
    "social": t("Social challenges"),
    "cultural": t("Cultural challenges"),
    "security": t("Security challenges"),
    "digital": t("Digital challenges"),
    "media": t("Media challenges"),
    "psychological": t("Psychological challenges"),
    "economic": t("Economic challenges"),
}
"""The association's eight (capabilities 1.1), as answers to "the hardest challenge this month?"."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A poll as somebody writes it; options by line, Arabic and English side by side."""

    kind: str
    ar: str
    en: str
    options: tuple[tuple[str, str], ...]
    opens_at: datetime | None
    closes_at: datetime | None


Refusal = Literal["gone", "yours", "changed", "late"]


def domains() -> tuple[tuple[str, str], ...]:
    """The eight domains as answers."""
    return tuple((render(label, "ar"), render(label, "en")) for label in DOMAINS.values())


def faults(unit: Unit, wanted: Wanted, world: World) -> dict[str, list[Text]]:
    """What is wrong, by field; empty where it may be kept."""
    found: dict[str, list[Text]] = {}
    question = [t("Write the question in both languages.")] if not (wanted.ar and wanted.en) else []
    if max(len(wanted.ar), len(wanted.en)) > LONGEST:
        question.append(t("{most} characters at most, in each language.", most=LONGEST))
    known = names(unit, world)
    question += lint((wanted.ar, wanted.en), known, world, leaders=wanted.kind == "pledge")
    if question:
        found["question"] = question
    if options := _option_faults(wanted, known, world):
        found["options"] = options
    if wanted.opens_at is None or wanted.closes_at is None or not wanted.opens_at < wanted.closes_at:
        found["times"] = [t("Give a beginning and an end behind it.")]
    elif wanted.closes_at <= world.now or wanted.closes_at - wanted.opens_at > LONGEST_OPEN:
        found["times"] = [t("It ends in the future, and is open for 3 months at most.")]
    return found


def _option_faults(wanted: Wanted, known: tuple[str, ...], world: World) -> list[Text]:
    found: list[Text] = []
    fewest = 1 if wanted.kind == "pledge" else FEWEST
    if not fewest <= len(wanted.options) <= MOST or not all(ar and en for ar, en in wanted.options):
        found.append(t("From {fewest} to {most} answers, each in both languages.", fewest=fewest, most=MOST))
    if any(len(said) > LONGEST_LABEL for one in wanted.options for said in one):
        found.append(t("An answer has {most} characters at most: it stands on a button.", most=LONGEST_LABEL))
    if any(len({one[place] for one in wanted.options}) < len(wanted.options) for place in (0, 1)):
        found.append(t("Two answers are the same."))
    arabic, english = ("\n".join(one[place] for one in wanted.options) for place in (0, 1))
    return found + lint((arabic, english), known, world, leaders=wanted.kind == "pledge", first=False)


def save(unit: Unit, number: int, wanted: Wanted, by: int, world: World) -> Refusal | None:
    """Keep a draft without faults, new or not. Says why where it can't be changed."""
    kind: Kind = "pledge" if wanted.kind == "pledge" else "poll"
    options = tuple(Option(str(place), *one) for place, one in enumerate(wanted.options, 1))
    assert wanted.opens_at is not None  # noqa: S101 - `faults` was asked
    assert wanted.closes_at is not None  # noqa: S101 - as above
    body = Body(wanted.ar, wanted.en, options, (by,))
    poll = Poll(number, kind, "draft", body, by, None, wanted.opens_at, wanted.closes_at)
    known = polls.get(unit, number)
    if known is None:
        polls.add(unit, poll)
    elif known.state != "draft":
        return "gone"
    else:
        authors = tuple(dict.fromkeys((*known.body.authors, by)))
        body = Body(wanted.ar, wanted.en, options, authors, known.body.version + 1)
        polls.change(unit, replace(poll, body=body))
    audit.record(unit, world.now, "poll:written", staff=by, target=number)
    return None


def approve(unit: Unit, number: int, version: int, by: int, world: World) -> Refusal | None:
    """Let it open: by a second person, who read this very version. Says why where that can't be."""
    poll = polls.get(unit, number)
    if poll is None or poll.state != "draft":
        return "gone"
    if by in poll.body.authors:
        return "yours"
    if poll.body.version != version:
        return "changed"
    if poll.closes_at <= world.now:
        return "late"
    polls.approve(unit, number, by)
    audit.record(unit, world.now, "poll:approved", staff=by, target=number)
    return None


def close(unit: Unit, number: int, by: int, world: World) -> bool:
    """End it now. False where it isn't open or waiting to be."""
    done = bool(polls.close(unit, world.now, number))
    if done:
        audit.record(unit, world.now, "poll:closed", staff=by, target=number)
    return done


def delete(unit: Unit, number: int, by: int, world: World) -> bool:
    """Delete a draft, or one that is over with its result. False where it is neither."""
    done = polls.delete(unit, number)
    if done:
        audit.record(unit, world.now, "poll:deleted", staff=by, target=number)
    return done


# ---------------------------------------------------------------- what is shown of it


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of a result: None where fewer chose it than may be shown."""

    option: Option
    count: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """What may be known of a poll that is over."""

    lines: tuple[Line, ...]
    total: int | None
    """Of all answers; None where the total would tell a count that is not shown."""
    smallest: int


def result(unit: Unit, number: int, world: World) -> tuple[Poll, Result | None] | None:
    """A poll, and its result once it is over."""
    poll = next((one for one in polls.every(unit) if one.id == number), None)
    if poll is None:
        return None
    if poll.state != "closed":
        return poll, None
    smallest, counted = world.rules.broadcasts.smallest, polls.counts(unit, number)
    counts = [(option, counted.get(option.code, 0)) for option in poll.body.options]
    lines = tuple(Line(option, count if count >= smallest else None) for option, count in counts)
    whole = None if any(line.count is None for line in lines) else sum(count for _, count in counts)
    return poll, Result(lines, whole, smallest)


def why_not(refusal: Refusal) -> Text:
    """Why something can't be done with it."""
    match refusal:
        case "gone":
            return t("It is no draft any more. Look at it as it is now.")
        case "yours":
            return t("You have written on it: a second person has to approve it.")
        case "changed":
            return t("It was changed while you read. Read it once more, then approve it.")
        case "late":
            return t("Its end is over. Choose a later one first.")
        case _:
            assert_never(refusal)


def cleaned(words: str) -> str:
    """What somebody typed, without what could turn or hide words, and without space around it."""
    return strip_controls(words.replace("\r\n", "\n")).strip()
