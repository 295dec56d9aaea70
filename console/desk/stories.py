"""Stories and initiatives at the desk: the list, one to write, to publish by a second person, to withdraw.

It shows how many are interested in an initiative only rounded down, and never who.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.datastructures import FormData
from starlette.responses import Response

from console.desk.guard import Way
from console.desk.polls import as_number, number_of
from console.desk.visit import Visit
from flows.rules import LONGEST_LABEL
from handlers import story_desk
from handlers.poll_desk import cleaned, why_not
from handlers.story_desk import Wanted
from messages import Text, t
from storage.stories import Story

STATES: Final[dict[str, Text]] = {
    "draft": t("Waits for a second person"),
    "published": t("Published"),
    "withdrawn": t("Withdrawn"),
}
KINDS: Final[dict[str, Text]] = {"story": t("Story"), "initiative": t("Initiative")}


async def stories(visit: Visit) -> Response:
    """The list."""
    return visit.page("stories.html", stories=await _every(visit), states=STATES, kinds=KINDS)


async def _every(visit: Visit) -> list[tuple[Story, int]]:
    return [] if visit.session.duress else await visit.read(story_desk.every, visit.world())


async def new(visit: Visit) -> Response:
    """An empty form; its number is drawn here, so that sending it twice makes one."""
    return _form(visit, visit.world().draw.number(), Wanted("story", "", "", "", "", consented=False))


def _form(visit: Visit, number: int, wanted: Wanted, status: int = 200, **more: Any) -> Response:
    shown = {"faults": {}, "why": None, "story": None, "interested": 0} | more
    return visit.page(
        "story.html", status, number=number, wanted=wanted, states=STATES, kinds=KINDS, title=LONGEST_LABEL,
        longest=story_desk.LONGEST, **shown,
    )  # fmt: skip


async def story(visit: Visit) -> Response:
    """One of them."""
    return await _one(visit)


async def _one(visit: Visit, status: int = 200, why: Text | None = None) -> Response:
    number = number_of(visit)
    found = next((one for one in await _every(visit) if one[0].id == number), None)
    if found is None:
        return visit.page("stories_gone.html", 404)
    story, interested = found
    body = story.body
    words = (body.title_ar, body.title_en, body.text_ar, body.text_en)
    wanted = Wanted(story.kind, *words, consented=body.consented)
    return _form(visit, number, wanted, status, story=story, interested=interested, why=why)


async def save(visit: Visit) -> Response:
    """Keep it as a draft, or show beside each field what is wrong."""
    form = await visit.request.form()
    number = number_of(visit) if "number" in visit.request.path_params else as_number(str(form.get("id", "")))
    if visit.session.duress or not number:
        return visit.go("/desk/stories")
    wanted, world = _wanted(form), visit.world()
    faults = await visit.read(story_desk.faults, wanted, world)
    if faults:
        return _form(visit, number, wanted, 422, faults=faults)
    refused = await visit.write(story_desk.save, number, wanted, visit.member.id, world)
    return visit.go(f"/desk/stories/{number}") if refused is None else await _one(visit, 409, why_not(refused))


def _wanted(form: FormData) -> Wanted:
    kind = "initiative" if form.get("kind") == "initiative" else "story"
    title_ar, title_en, text_ar, text_en = (
        cleaned(str(form.get(name, ""))) for name in ("title_ar", "title_en", "text_ar", "text_en")
    )
    return Wanted(kind, title_ar, title_en, text_ar, text_en, consented=bool(form.get("consented")))


async def publish(visit: Visit) -> Response:
    """The second person lets it be read, as she has read it."""
    if visit.session.duress:
        return visit.page("stories_gone.html", 404)
    form = await visit.request.form()
    version = as_number(str(form.get("version", "")))
    refused = await visit.write(story_desk.publish, number_of(visit), version, visit.member.id, visit.world())
    if refused is None:
        return visit.go(f"/desk/stories/{number_of(visit)}")
    return await _one(visit, 409, why_not(refused))


async def withdraw(visit: Visit) -> Response:
    """Nobody reads it any more."""
    number = number_of(visit)
    if visit.session.duress or not await visit.write(story_desk.withdraw, number, visit.member.id, visit.world()):
        return visit.page("stories_gone.html", 404)
    return visit.go(f"/desk/stories/{number}")


async def delete(visit: Visit) -> Response:
    """Delete one that is not published."""
    number = number_of(visit)
    if visit.session.duress or not await visit.write(story_desk.delete, number, visit.member.id, visit.world()):
        return visit.page("stories_gone.html", 404)
    return visit.go("/desk/stories")


WAYS: tuple[Way, ...] = (
    Way("/desk/stories", stories, "compose"),
    Way("/desk/stories", save, "compose", ("POST",)),
    Way("/desk/stories/new", new, "compose"),
    Way("/desk/stories/{number}", story, "compose"),
    Way("/desk/stories/{number}", save, "compose", ("POST",)),
    Way("/desk/stories/{number}/publish", publish, "approve", ("POST",)),
    Way("/desk/stories/{number}/withdraw", withdraw, "publish", ("POST",)),
    Way("/desk/stories/{number}/delete", delete, "publish", ("POST",)),
)
