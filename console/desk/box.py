"""The question box at the desk: the moderators' queue, and the page of those who are asked.

Nobody sees who asked; those who are asked see only what was passed on to their own class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from console.desk.guard import Way
from console.desk.polls import number_of
from console.desk.visit import Visit
from flows.asking import WHOM
from handlers import box_desk
from handlers.box_desk import Refusal
from messages import Text, t

STATES: Final[dict[str, Text]] = {
    "asked": t("New"),
    "passed_on": t("Passed on, not answered yet"),
    "written": t("Answer written, to be looked at"),
    "answered": t("Answered"),
    "refused": t("Not passed on"),
}
_GONE: Final = 409


async def box(visit: Visit) -> Response:
    """The moderators' page."""
    return await _queue(visit)


async def _queue(visit: Visit, status: int = 200, **more: Any) -> Response:
    hidden = visit.session.duress
    waiting = [] if hidden else await visit.read(box_desk.queue)
    over = [] if hidden else await visit.read(box_desk.over)
    shown = {"why": None, "at": 0, "given": ""} | more
    return visit.page(
        "box.html", status, waiting=waiting, over=over, states=STATES, whom=WHOM, reasons=box_desk.WHY,
        longest=box_desk.LONGEST, **shown,
    )  # fmt: skip


async def _act(visit: Visit, act: Callable[..., Refusal | None], *said: str) -> Response:
    """Do one act of a moderator's, and show the queue as it is then."""
    number = number_of(visit)
    if visit.session.duress:
        return visit.go("/desk/box")
    refused = await visit.write(act, number, *said, visit.member.id, visit.world())
    if refused is None:
        return visit.go("/desk/box")
    return await _queue(visit, _GONE, why=box_desk.why_not(refused), at=number, given=said[0] if said else "")


async def refuse(visit: Visit) -> Response:
    """Don't pass it on."""
    form = await visit.request.form()
    return await _act(visit, box_desk.refuse, str(form.get("why", "")))


async def pass_on(visit: Visit) -> Response:
    """Pass it on, word for word."""
    return await _act(visit, box_desk.pass_on)


async def answer_for_us(visit: Visit) -> Response:
    """Answer for the association."""
    form = await visit.request.form()
    return await _act(visit, box_desk.answer_for_us, str(form.get("answer", "")))


async def release(visit: Visit) -> Response:
    """The second look: let the answer go to her."""
    return await _act(visit, box_desk.release)


async def send_back(visit: Visit) -> Response:
    """The second look: ask for another answer."""
    return await _act(visit, box_desk.send_back)


# ---------------------------------------------------------------- those who are asked


async def questions(visit: Visit) -> Response:
    """What was passed on to those of her class."""
    return await _passed(visit)


async def _passed(visit: Visit, status: int = 200, **more: Any) -> Response:
    found = [] if visit.session.duress else await visit.read(box_desk.for_role, visit.member.role)
    shown = {"why": None, "at": 0, "given": ""} | more
    return visit.page("questions.html", status, questions=found, longest=box_desk.LONGEST, **shown)


async def answer(visit: Visit) -> Response:
    """Answer one; a moderator looks at it before it goes out."""
    number = number_of(visit)
    form = await visit.request.form()
    if visit.session.duress:
        return visit.go("/desk/questions")
    words = str(form.get("answer", ""))
    who = (visit.member.role, visit.member.id)
    refused = await visit.write(box_desk.answer, number, words, *who, visit.world())
    if refused is None:
        return visit.go("/desk/questions")
    return await _passed(visit, _GONE, why=box_desk.why_not(refused), at=number, given=words)


WAYS: tuple[Way, ...] = (
    Way("/desk/box", box, "moderate"),
    Way("/desk/box/{number}/refuse", refuse, "moderate", ("POST",)),
    Way("/desk/box/{number}/pass", pass_on, "moderate", ("POST",)),
    Way("/desk/box/{number}/answer", answer_for_us, "moderate", ("POST",)),
    Way("/desk/box/{number}/release", release, "moderate", ("POST",)),
    Way("/desk/box/{number}/back", send_back, "moderate", ("POST",)),
    Way("/desk/questions", questions, "answer"),
    Way("/desk/questions/{number}", answer, "answer", ("POST",)),
)
