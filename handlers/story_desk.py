"""Stories and initiatives at the desk: written by one, published by another, withdrawn; and how many are interested.

It never tells who is interested, and rounds the number down, so that watching it tells nothing of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from flows.rules import LONGEST_LABEL
from handlers.draw import World
from handlers.poll_desk import Refusal
from handlers.story_lint import faults as lint
from handlers.story_lint import names
from messages import Text, t
from storage import audit, stories
from storage.stories import Body, Kind, Story
from storage.unit import Unit

LONGEST: Final = 600
"""Characters of a text, in each language."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A story as somebody writes it."""

    kind: str
    title_ar: str
    title_en: str
    text_ar: str
    text_en: str
    consented: bool


def faults(unit: Unit, wanted: Wanted, world: World) -> dict[str, list[Text]]:
    """What is wrong, by field; empty where it may be kept."""
    found: dict[str, list[Text]] = {}
    known = names(unit, world)
    title: list[Text] = []
    if not (wanted.title_ar and wanted.title_en) or max(len(wanted.title_ar), len(wanted.title_en)) > LONGEST_LABEL:
        title.append(
            t("A title in both languages, {most} characters at most: it stands on a button.", most=LONGEST_LABEL)
        )
    title += lint((wanted.title_ar, wanted.title_en), known, world, consented=wanted.consented)
    if title:
        found["title"] = title
    text: list[Text] = []
    if not (wanted.text_ar and wanted.text_en) or max(len(wanted.text_ar), len(wanted.text_en)) > LONGEST:
        text.append(t("A text in both languages, {most} characters at most.", most=LONGEST))
    whole = (f"{wanted.title_ar}\n\n{wanted.text_ar}", f"{wanted.title_en}\n\n{wanted.text_en}")
    text += [fault for fault in lint(whole, known, world, consented=wanted.consented) if fault not in title]
    if text:
        found["text"] = text
    return found


def save(unit: Unit, number: int, wanted: Wanted, by: int, world: World) -> Refusal | None:
    """Keep it without faults, as a draft, new or not. Says why where it can't be changed."""
    kind: Kind = "initiative" if wanted.kind == "initiative" else "story"
    words = (wanted.title_ar, wanted.title_en, wanted.text_ar, wanted.text_en)
    story = Story(number, kind, "draft", Body(*words, (by,), wanted.consented), by, None, world.now)
    known = stories.get(unit, number)
    if known is None:
        stories.add(unit, story)
    elif known.state == "published":
        return "gone"
    else:
        authors = tuple(dict.fromkeys((*known.body.authors, by)))
        body = Body(*words, authors, wanted.consented, known.body.version + 1)
        stories.change(unit, replace(story, body=body))
    audit.record(unit, world.now, "story:written", staff=by, target=number)
    return None


def publish(unit: Unit, number: int, version: int, by: int, world: World) -> Refusal | None:
    """Let it be read: by a second person, who read this very version. Says why where that can't be."""
    story = stories.get(unit, number)
    if story is None or story.state != "draft":
        return "gone"
    if by in story.body.authors:
        return "yours"
    if story.body.version != version:
        return "changed"
    stories.publish(unit, number, by, world.now)
    audit.record(unit, world.now, "story:published", staff=by, target=number)
    return None


def withdraw(unit: Unit, number: int, by: int, world: World) -> bool:
    """Nobody reads it any more. False where it was not published."""
    done = stories.withdraw(unit, number, world.now)
    if done:
        audit.record(unit, world.now, "story:withdrawn", staff=by, target=number)
    return done


def delete(unit: Unit, number: int, by: int, world: World) -> bool:
    """Delete it with its marks. False while it is published."""
    done = stories.delete(unit, number)
    if done:
        audit.record(unit, world.now, "story:deleted", staff=by, target=number)
    return done


def every(unit: Unit, world: World) -> list[tuple[Story, int]]:
    """All of them, the newest first, each with how many are interested at least: 0 below the smallest number shown."""
    counted, step = stories.interested(unit), world.rules.broadcasts.smallest
    return [(story, counted.get(story.id, 0) // step * step) for story in stories.every(unit)]
