"""Polls and pledges at the desk: the list, one to write or to approve, its result, and the result as a file.

It shows no count while answers still come, and never who answered.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.responses import Response

from console.desk.campaign_csv import download
from console.desk.guard import Way
from console.desk.visit import Visit
from flows.poll import MOST
from handlers import poll_desk
from handlers.poll_desk import Result, Wanted, cleaned
from messages import Text, t
from storage import polls as kept
from storage.polls import Poll

_LONGEST_NUMBER: Final = 19
STATES: Final[dict[str, Text]] = {
    "draft": t("Waits for a second person"),
    "coming": t("Opens later"),
    "open": t("Open"),
    "closed": t("Over"),
}


async def polls(visit: Visit) -> Response:
    """The list."""
    found = [] if visit.session.duress else await visit.read(kept.every)
    now = visit.world().now
    return visit.page("polls.html", polls=[(poll, standing(poll, now)) for poll in found], states=STATES)


def standing(poll: Poll, now: datetime) -> str:
    """Where a poll stands, as the page calls it."""
    if poll.state != "approved":
        return poll.state
    return "coming" if now < poll.opens_at else "open" if now < poll.closes_at else "closed"


async def new(visit: Visit) -> Response:
    """An empty form; its number is drawn here, so that sending it twice makes one poll."""
    empty = Wanted("poll", "", "", (), None, None)
    return _form(visit, visit.world().draw.number(), empty)


def _form(
    visit: Visit, number: int, wanted: Wanted, status: int = 200, *, times: tuple[str, str] = ("", ""), **more: Any
) -> Response:
    rows = [*wanted.options, *[("", "")] * (MOST - len(wanted.options))]
    shown = {"faults": {}, "why": None, "poll": None, "result": None, "state_name": "draft"} | more
    return visit.page(
        "poll.html", status, number=number, wanted=wanted, rows=rows, times=times, states=STATES,
        longest=poll_desk.LONGEST, highest=_highest, **shown,
    )  # fmt: skip


def _highest(result: Result) -> int:
    """The longest bar."""
    return max((line.count or 0 for line in result.lines), default=0) or 1


async def poll(visit: Visit) -> Response:
    """One of them."""
    return await _one(visit)


async def _one(visit: Visit, status: int = 200, why: Text | None = None) -> Response:
    number, world = number_of(visit), visit.world()
    found = None if visit.session.duress else await visit.read(poll_desk.result, number, world)
    if found is None:
        return visit.page("polls_gone.html", 404)
    poll, result = found
    body = poll.body
    options = tuple((option.ar, option.en) for option in body.options)
    wanted = Wanted(poll.kind, body.ar, body.en, options, poll.opens_at, poll.closes_at)
    times = (_local(visit, poll.opens_at), _local(visit, poll.closes_at))
    shown = {"poll": poll, "result": result, "state_name": standing(poll, world.now), "why": why}
    return _form(visit, number, wanted, status, times=times, **shown)


async def save(visit: Visit) -> Response:
    """Keep it as a draft, or show beside each field what is wrong."""
    form = await visit.request.form()
    number = number_of(visit) if "number" in visit.request.path_params else as_number(str(form.get("id", "")))
    if visit.session.duress or not number:
        return visit.go("/desk/polls")
    wanted, world = _wanted(visit, form), visit.world()
    faults = await visit.read(poll_desk.faults, wanted, world)
    times = (str(form.get("opens", ""))[:32], str(form.get("closes", ""))[:32])
    if faults:
        return _form(visit, number, wanted, 422, times=times, faults=faults)
    refused = await visit.write(poll_desk.save, number, wanted, visit.member.id, world)
    return visit.go(f"/desk/polls/{number}") if refused is None else await _one(visit, 409, poll_desk.why_not(refused))


def _wanted(visit: Visit, form: FormData) -> Wanted:
    def said(name: str) -> str:
        return cleaned(str(form.get(name, "")))

    rows = [(said(f"ar{place}"), said(f"en{place}")) for place in range(1, MOST + 1)]
    options = tuple(row for row in rows if any(row))
    if form.get("domains"):
        options = poll_desk.domains()
    kind = "pledge" if form.get("kind") == "pledge" else "poll"
    opens, closes = (_moment(visit, str(form.get(name, ""))) for name in ("opens", "closes"))
    return Wanted(kind, said("ar"), said("en"), options, opens, closes)


def _moment(visit: Visit, words: str) -> datetime | None:
    """A wall-clock time of the desk's zone; None where it is none."""
    try:
        at = datetime.fromisoformat(words)
        return at.replace(tzinfo=visit.desk.zone).astimezone(UTC) if at.tzinfo is None else None
    except (ValueError, OverflowError):
        return None


def _local(visit: Visit, at: datetime) -> str:
    return at.astimezone(visit.desk.zone).strftime("%Y-%m-%dT%H:%M")


async def approve(visit: Visit) -> Response:
    """The second person lets it open, as she has read it."""
    if visit.session.duress:
        return visit.page("polls_gone.html", 404)
    form = await visit.request.form()
    version = as_number(str(form.get("version", "")))
    refused = await visit.write(poll_desk.approve, number_of(visit), version, visit.member.id, visit.world())
    if refused is None:
        return visit.go(f"/desk/polls/{number_of(visit)}")
    return await _one(visit, 409, poll_desk.why_not(refused))


async def close(visit: Visit) -> Response:
    """End it now."""
    number = number_of(visit)
    if visit.session.duress or not await visit.write(poll_desk.close, number, visit.member.id, visit.world()):
        return visit.page("polls_gone.html", 404)
    return visit.go(f"/desk/polls/{number}")


async def delete(visit: Visit) -> Response:
    """Delete a draft, or one that is over."""
    number = number_of(visit)
    if visit.session.duress or not await visit.write(poll_desk.delete, number, visit.member.id, visit.world()):
        return visit.page("polls_gone.html", 404)
    return visit.go("/desk/polls")


async def as_file(visit: Visit) -> Response:
    """The result for a spreadsheet, with the same counts left out as on the page."""
    found = None
    if not visit.session.duress:
        found = await visit.read(poll_desk.result, number_of(visit), visit.world())
    poll, result = found or (None, None)
    if poll is None or result is None:
        return visit.page("polls_gone.html", 404)
    few = visit.say(t("fewer than {count}", count=result.smallest))
    rows: list[list[str | int]] = [[poll.body.ar, poll.body.en, ""]]
    rows += [[line.option.ar, line.option.en, few if line.count is None else line.count] for line in result.lines]
    return download("poll", rows)


def number_of(visit: Visit) -> int:
    """The row that the address names; 0, which there is not, where it names none."""
    return as_number(visit.request.path_params["number"])


def as_number(words: str) -> int:
    """A row's number; 0 for anything else."""
    fits = words.isascii() and words.isdecimal() and len(words) <= _LONGEST_NUMBER
    return int(words) if fits and int(words) < 1 << 63 else 0


WAYS: tuple[Way, ...] = (
    Way("/desk/polls", polls, "compose"),
    Way("/desk/polls", save, "compose", ("POST",)),
    Way("/desk/polls/new", new, "compose"),
    Way("/desk/polls/{number}", poll, "compose"),
    Way("/desk/polls/{number}", save, "compose", ("POST",)),
    Way("/desk/polls/{number}/result.csv", as_file, "compose"),
    Way("/desk/polls/{number}/approve", approve, "approve", ("POST",)),
    Way("/desk/polls/{number}/close", close, "publish", ("POST",)),
    Way("/desk/polls/{number}/delete", delete, "publish", ("POST",)),
)
