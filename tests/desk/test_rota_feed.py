"""A member's own times in her calendar: by a secret link alone, neutral, and right where clocks change."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from flows.rota import Shift, on_call
from handlers.draw import World
from handlers.feed import calendar
from handlers.rota_week import _drawn as drawn
from handlers.rota_week import days_of, empty_week, saturday
from storage import staff
from storage.staff import Member
from tests.desk.rota_town import Rota, rota_town, words
from tests.desk.staff import Answer, Client
from tests.handlers.alarm_town import RULES, draws

HUDA, AMAL = 1, 2
ZONES = ("Asia/Aden", "Europe/Berlin", "America/New_York", "Africa/Cairo")
AROUND = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)


@pytest.fixture
async def rota(sqlite: str, tmp_path: Path) -> AsyncIterator[Rota]:
    async with rota_town(sqlite, tmp_path) as found:
        yield found


def member(number: int) -> Member:
    return Member(number, "Huda Secretname", "focal_point", "ar", active=True, reaches=())


def events(ical: bytes) -> list[Any]:
    return list(Calendar.from_ical(ical).walk("VEVENT"))


def spans(ical: bytes) -> list[tuple[datetime, datetime]]:
    return sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in events(ical))


async def link(rota: Rota) -> str:
    """A new link of Huda's, as its page shows it."""
    page = await rota.does(rota.huda, "feed", act="new")
    found = re.search(r'value="(http[^"]+\.ics)"', page.text)
    assert found, words(page)
    return found[1].removeprefix(rota.place.settings.address)


async def fetched(rota: Rota, path: str, **headers: str) -> Answer:
    """As a calendar does: without a cookie, from anywhere."""
    async with Client(rota.place.settings.address) as nobody:
        return await nobody.get(path, headers=headers)


# ---------------------------------------------------------------- the link


async def test_a_calendar_is_shown_her_own_times_and_nobody_else_s_name(rota: Rota) -> None:
    await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00", "Europe/Berlin")
    await rota.shift(rota.najla, "2026-11-24T08:00", "2026-11-24T20:00")
    answer = await fetched(rota, await link(rota))
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events(answer.body)
    assert (str(event["SUMMARY"]), event.start.tzinfo.key) == ("Appointment", "Europe/Berlin")
    assert event.start.replace(tzinfo=None) == datetime(2026, 11, 23, 8)  # noqa: DTZ001
    said = answer.text.lower()
    hidden = ("huda", "najla", "samira", "sanad", "case", "rota", "shift", "duty", "call", "desk", "protection")
    assert [word for word in hidden if word in said] == []


async def test_the_same_rota_is_the_same_calendar_and_is_not_sent_twice(rota: Rota) -> None:
    await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    path = await link(rota)
    first = await fetched(rota, path)
    await rota.place.passes(hours=1)
    again = await fetched(rota, path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    await rota.shift(rota.huda, "2026-11-25T08:00", "2026-11-25T20:00")
    changed = await fetched(rota, path, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status == 200
    assert str(events(first.body)[0]["UID"]) in {str(event["UID"]) for event in events(changed.body)}


async def test_a_link_that_is_wrong_ended_renewed_or_of_somebody_gone_shows_what_any_wrong_address_does(
    rota: Rota,
) -> None:
    first = await link(rota)
    assert (await fetched(rota, first)).status == 200
    second = await link(rota)
    tried = [await fetched(rota, first), await fetched(rota, "/desk/rota/feed/wrong.ics")]
    tried.append(await fetched(rota, f"/desk/rota/feed/{'x' * 500}.ics"))
    await rota.does(rota.huda, "feed", act="revoke")
    tried.append(await fetched(rota, second))
    third = await link(rota)
    await rota.place.working.store.write(staff.disable, rota.huda.number)
    tried.append(await fetched(rota, third))
    nowhere = await fetched(rota, "/desk/nowhere")
    assert {(one.status, one.body) for one in tried} == {(nowhere.status, nowhere.body)} == {(404, b"Not Found")}


async def test_a_link_is_kept_as_its_hash_and_is_in_no_log(rota: Rota) -> None:
    path = await link(rota)
    token = path.rpartition("/")[2].removesuffix(".ics")
    rows = await rota.place.working.store.read(lambda unit: unit.all("SELECT token_hash FROM feeds"))
    assert [len(bytes(row[0])) for row in rows] == [32]
    assert token not in str(rows)
    await fetched(rota, path)
    assert token not in rota.place.log.getvalue()


async def test_a_link_is_no_session(rota: Rota) -> None:
    path = await link(rota)
    async with aiohttp.ClientSession() as http, http.get(rota.place.settings.address + path) as answer:
        assert "Set-Cookie" not in answer.headers


# ---------------------------------------------------------------- clocks that change

STARTS = st.integers(0, 400).map(lambda halves: datetime(2026, 10, 20) + timedelta(minutes=30 * halves))  # noqa: DTZ001
SHIFTS = st.lists(
    st.builds(
        lambda number, who, starts, halves, zone, covers: Shift(
            number, who, "first", starts, starts + timedelta(minutes=30 * halves), zone, covers is not None, covers
        ),
        st.integers(1, 10**9),
        st.sampled_from([HUDA, AMAL]),
        STARTS,
        st.integers(1, 100),
        st.sampled_from(ZONES),
        st.sampled_from([None, None, HUDA, AMAL]),
    ),
    max_size=5,
    unique_by=lambda shift: shift.id,
)


@settings(max_examples=40)
@given(SHIFTS)
def test_the_calendar_and_the_rota_agree_at_every_half_hour(listed: list[Shift]) -> None:
    shown = spans(calendar(member(HUDA), listed, AROUND))
    moment = datetime(2026, 10, 19, tzinfo=UTC)
    while moment < datetime(2026, 11, 3, tzinfo=UTC):
        there = HUDA in on_call(listed, "first", moment)
        assert there == any(start <= moment < end for start, end in shown), moment
        moment += timedelta(minutes=30)


@settings(max_examples=40)
@given(SHIFTS)
def test_every_event_has_a_name_of_its_own_that_stays(listed: list[Shift]) -> None:
    first, again = (calendar(member(HUDA), one, AROUND) for one in (listed, list(listed)))
    assert first == again
    names = [str(event["UID"]) for event in events(first)]
    assert len(names) == len(set(names))


@settings(max_examples=60)
@given(SHIFTS, st.sampled_from(ZONES), st.sampled_from([date(2026, 10, 20), date(2026, 10, 27), date(2026, 11, 1)]))
def test_the_page_s_week_is_whole_and_says_who_is_on_call_at_every_half_hour(
    listed: list[Shift], zone: str, day: date
) -> None:
    first = saturday(day)
    now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    week = drawn(first, listed, {HUDA: "Huda", AMAL: "Amal"}, HUDA, World(now, RULES, draws(), zone))
    pieces = [piece for day in week.days for piece in day.levels["first"]]
    edges = days_of(first, zone)
    assert [pieces[0].span[0], *[one.span[1] for one in pieces]] == [*[one.span[0] for one in pieces], edges[-1][1]]
    assert pieces[0].span[0] == edges[0][0]
    for piece in pieces:
        moment = piece.span[0]
        while moment < piece.span[1]:
            names = {"Huda" if who == HUDA else "Amal" for who in on_call(listed, "first", moment)}
            assert {person.name for person in piece.people} == names
            moment += timedelta(minutes=30)


def test_a_day_on_which_the_clock_changes_is_marked_and_has_its_25_hours() -> None:
    world = World(datetime(2026, 10, 25, tzinfo=UTC), RULES, draws(), "Europe/Berlin")
    week = empty_week(date(2026, 10, 24), world)
    assert [day.turns for day in week.days] == [False, True, False, False, False, False, False]
    ((whole,),) = [week.days[1].levels["first"]]
    assert whole.span[1] - whole.span[0] == timedelta(hours=25)
