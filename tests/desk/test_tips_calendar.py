"""The calendar of tips at the desk: plain fields become lines, lines are said in words, and the next tip is named."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.desk import tips_form
from console.desk.tips_form import DAYS, SUGGESTED, WEEKS, Slot, Wrong, read
from handlers import tip_calendar, triggers
from messages.content import TRACKS
from storage import audit, calendar
from storage.calendar import Entry
from tests.desk.staff import Desks, Staffer
from tests.desk.test_campaign_run import main, plain
from tests.town import Town, town

HERE = "/desk/campaigns/calendar"
SUNDAY = {"part": "digital", "days": "sun", "hour": "17", "weeks": "every", "zone": "Asia/Aden"}


@dataclass(frozen=True, slots=True)
class Place:
    """A town with somebody of the campaign team."""

    town: Town
    desks: Desks
    rana: Staffer

    async def lines(self) -> list[Entry]:
        return await self.town.working.store.read(tip_calendar.everything)

    async def said(self) -> str:
        return plain((await self.rana.get(HERE)).text)


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with town(sqlite, tmp_path) as opened, Desks(opened) as desks:
        yield Place(opened, desks, await desks.hired("رنا", "campaigner", language="en"))


async def test_days_and_an_hour_become_a_line_that_is_said_in_words(place: Place) -> None:
    answer = await place.rana.post(HERE, SUNDAY)
    assert (answer.status, answer.goes_to) == (303, HERE)
    (line,) = await place.lines()
    assert (line.part, line.moments, line.zone) == ("digital", "0 17 * * sun", "Asia/Aden")
    said = await place.said()
    assert "Sunday · every week · 5:00 pm Asia/Aden" in said
    assert "Next: Sunday, 22 November 2026, 5:00 pm ( in 4 hours )" in said
    first = place.town.working.world().rules.content.tips_of("digital")[0]
    assert f"Next tip: {first.title.id}" in said


async def test_several_days_are_one_line(place: Place) -> None:
    await place.rana.post(HERE, [*SUNDAY.items(), ("days", "thu")])
    assert [line.moments for line in await place.lines()] == ["0 17 * * sun,thu"]


async def test_the_suggested_calendar_adds_its_lines_once(place: Place) -> None:
    assert (await place.rana.post(f"{HERE}/suggested")).status == 303
    assert {(line.part, line.moments) for line in await place.lines()} == {(s.part, s.moments) for s in SUGGESTED}
    assert (await place.rana.post(f"{HERE}/suggested")).status == 409
    assert len(await place.lines()) == len(SUGGESTED)


def test_the_suggested_calendar_is_three_tips_a_week_and_every_track_has_its_turn() -> None:
    sent: list[tuple[datetime, str]] = []
    for slot in SUGGESTED:
        at: datetime | None = datetime(2026, 1, 1, tzinfo=UTC)
        while at is not None and (at := triggers.next_fire(slot.moments, "Asia/Aden", at)) and at.year == 2026:
            sent.append((at, slot.part))
    days = [at.date() for at, _ in sent]
    assert len(days) == len(set(days))
    assert all({at.weekday(), at.hour} <= {6, 1, 3, 14} for at, _ in sent)
    assert len(days) == pytest.approx(3 * 52, abs=2)
    counts = {part: sum(one == part for _, one in sent) for part in TRACKS}
    assert min(counts.values()) >= 22


async def test_a_line_rests_goes_on_and_is_taken_out(place: Place) -> None:
    await place.rana.post(HERE, SUNDAY)
    (line,) = await place.lines()
    for way, state in (("pause", ["paused"]), ("resume", ["on"]), ("remove", [])):
        assert (await place.rana.post(f"{HERE}/{line.id}/{way}")).status == 303
        assert [one.state for one in await place.lines()] == state
    logged = [one.what for one in await place.town.working.store.read(audit.newest, 4)]
    assert logged == ["tips_removed", "tips_resumed", "tips_paused", "tips_added"]
    assert (await place.rana.post(f"{HERE}/{line.id}/remove")).status == 409


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days": ""}, "Choose one day of the week at least."),
        ({"days": "sunday"}, "Choose one day of the week at least."),
        ({"hour": "22"}, "Choose an hour of the list: the others are quiet."),
        ({"hour": "١٧"}, "Choose an hour of the list: the others are quiet."),
        ({"hour": ""}, "Choose an hour of the list: the others are quiet."),
        ({"part": "cases"}, "Choose what comes, and in which weeks, from the lists."),
        ({"weeks": "😀" * 5000}, "Choose what comes, and in which weeks, from the lists."),
        ({"zone": "Asia/Marib"}, "There is no such time zone."),
        ({"zone": "../../etc/passwd"}, "There is no such time zone."),
        ({"zone": "x" * 100_000}, "There is no such time zone."),
    ],
)
async def test_what_cannot_be_a_line_is_said_and_kept_in_the_form(
    place: Place, wrong: dict[str, str], said: str
) -> None:
    answer = await place.rana.post(HERE, SUNDAY | {"part": "legal"} | wrong)
    assert answer.status == 422
    assert said in answer.text
    assert 'value="legal" selected' in answer.text or "part" in wrong
    assert await place.lines() == []


@pytest.mark.parametrize("number", ["0", "7", "x", "-1", "9" * 30, "%F0%9F%98%80"])
async def test_a_line_that_is_none_is_said_in_words(place: Place, number: str) -> None:
    answer = await place.rana.post(f"{HERE}/{number}/pause")
    assert answer.status in {404, 409}
    assert answer.text


async def test_a_line_that_only_crontab_can_say_is_shown_as_it_stands(place: Place) -> None:
    store, world = place.town.working.store, place.town.working.world()
    await store.write(tip_calendar.add, "", "30 9 1 */2 *", None, world)
    said = await place.said()
    assert "All tracks in turn" in said
    assert "30 9 1 */2 *" in said


async def test_tips_that_nobody_has_looked_at_for_too_long_are_named(place: Place) -> None:
    rules = place.town.working.world().rules
    oldest = min(rules.content.tips.values(), key=lambda tip: tip.reviewed)
    assert "Too old to be sent" not in await place.said()
    place.town.telegram.passes((rules.broadcasts.stale + timedelta(days=400)).total_seconds())
    await place.rana.begins_anew(place.town)
    await place.rana.post(HERE, SUNDAY)
    said = await place.said()
    assert "Too old to be sent" in said
    assert oldest.title.id in said
    assert "No tip of this track was looked at lately enough to be sent." in said


async def test_what_the_calendar_sent_is_linked_and_called_by_its_title(place: Place) -> None:
    await place.rana.post(HERE, SUNDAY)
    store = place.town.working.store
    place.town.telegram.passes(6 * 3600)
    await place.rana.begins_anew(place.town)
    (line,) = await place.lines()
    tip = tip_calendar.next_tip(line, place.town.working.world())
    assert tip is not None
    await store.write(tip_calendar.send_due, place.town.working.world())
    page = (await place.rana.get(HERE)).text
    link = page.partition('href="/desk/campaigns/0/runs/')[2].partition('"')[0]
    assert tip[0].title.id in plain(page).partition("Sent lately")[2]
    run = plain((await place.rana.get(f"/desk/campaigns/0/runs/{link}")).text)
    assert run.startswith(f"Back to the calendar {tip[0].title.id} ")


async def test_who_only_composes_sees_the_calendar_and_changes_nothing(place: Place) -> None:
    await place.rana.post(HERE, SUNDAY)
    (line,) = await place.lines()
    editor = await place.desks.hired("Suha", "content_editor", language="en")
    page = await editor.get(HERE)
    assert "Digital safety" in page.text
    assert "<form" not in main(page.text)
    for path in (HERE, f"{HERE}/suggested", f"{HERE}/{line.id}/remove"):
        assert (await editor.post(path, SUNDAY)).status == 403
    assert await place.lines() == [line]


async def test_under_duress_the_calendar_is_empty_and_stays_as_it_is(place: Place) -> None:
    await place.rana.post(HERE, SUNDAY)
    (line,) = await place.lines()
    forced = await place.desks.hired("Amal", "campaigner", language="en", duress=True)
    assert "The calendar is empty" in (await forced.get(HERE)).text
    for path in (HERE, f"{HERE}/suggested", f"{HERE}/{line.id}/remove"):
        assert (await forced.post(path, SUNDAY | {"days": "mon"})).goes_to == HERE
    assert await place.lines() == [line]


async def test_a_full_calendar_says_so(place: Place) -> None:
    store, world = place.town.working.store, place.town.working.world()
    for number in range(tip_calendar.MOST):
        entry = Entry(number + 1, "tip", "", f"{number} 9 * * *", "Asia/Aden", "on", 0, world.now, None, world.now)
        await store.write(calendar.add, entry)
    answer = await place.rana.post(HERE, SUNDAY)
    assert (answer.status, "the calendar is full" in answer.text) == (409, True)


# ---------------------------------------------------------------- plain fields and crontab


@given(
    st.sets(st.sampled_from(DAYS), min_size=1), st.integers(0, 23), st.sampled_from(sorted(WEEKS)),
    st.sampled_from(["", *TRACKS]),
)  # fmt: skip
def test_a_line_in_plain_fields_comes_back_as_it_was(days: set[str], hour: int, weeks: str, part: str) -> None:
    slot = Slot(part, tuple(day for day in DAYS if day in days), hour, weeks)  # type: ignore[arg-type]
    assert read(part, slot.moments) == slot
    assert triggers.is_line(slot.moments)


@given(st.text(max_size=40))
def test_any_other_line_is_none_in_plain_fields(moments: str) -> None:
    slot = read("", moments)
    assert slot is None or slot.moments == moments


async def test_an_hour_in_which_nobody_is_written_to_is_not_offered(place: Place) -> None:
    rules = place.town.working.world().rules.broadcasts
    assert tips_form.hours(rules) == list(range(8, 21))
    with pytest.raises(Wrong):
        tips_form.slot(SUNDAY | {"hour": "7"}, ["sun"], rules)
