"""Who is reminded when: a day ahead unless it is night, an hour ahead always, once for a time on call."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.reminding import Due, after_quiet, due, is_quiet, is_silent, stints
from flows.rota import RotaLevel, Shift

HUDA, AMAL = 1, 2


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shift(
    who: int, starts: str, ends: str, *, zone: str = "Asia/Aden", level: RotaLevel = "first", covers: int | None = None
) -> Shift:
    times = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    return Shift(who, who, level, *times, zone, covers is not None, covers)


def sent(shifts: list[Shift], now: str, looked: str | None = None) -> list[Due]:
    at, before = utc(now), None if looked is None else utc(looked)
    return [one for stint in stints(shifts, at) if (one := due(stint, at, before))]


DAY = shift(HUDA, "2026-01-10T10:00", "2026-01-10T20:00")  # begins at 07:00 UTC


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        ("2026-01-09T06:59", []),
        ("2026-01-09T07:00", ["day"]),
        ("2026-01-10T05:59", ["day"]),
        ("2026-01-10T06:00", ["hour"]),
        ("2026-01-10T07:30", ["hour"]),
        ("2026-01-10T16:59", ["hour"]),
        ("2026-01-10T17:00", []),
    ],
)
def test_a_reminder_is_due_a_day_ahead_and_an_hour_ahead_and_never_when_it_is_over(now: str, kinds: list[str]) -> None:
    assert [one.kind for one in sent([DAY], now)] == kinds


def test_what_comes_after_its_moment_because_nobody_looked_is_late() -> None:
    assert not sent([DAY], "2026-01-09T08:00")[0].late, "nobody ever looked before: it is a new rota"
    assert not sent([DAY], "2026-01-09T08:00", "2026-01-09T07:59")[0].late, "it was looked at in time: a new shift"
    assert sent([DAY], "2026-01-09T08:00", "2026-01-09T06:00")[0].late
    assert sent([DAY], "2026-01-10T07:30", "2026-01-10T05:00")[0].begun


def test_back_to_back_shifts_of_one_person_are_one_time_on_call() -> None:
    after = shift(HUDA, "2026-01-10T20:00", "2026-01-11T08:00", level="substitute")
    assert [one.stint.starts for one in sent([DAY, after], "2026-01-10T16:30")] == [DAY.span[0]]
    assert len(stints([DAY, after], utc("2026-01-10T16:30"))) == 1


def test_whoever_is_covered_at_the_beginning_is_reminded_of_when_it_is_her_turn() -> None:
    cover = shift(AMAL, "2026-01-10T10:00", "2026-01-10T14:00", covers=HUDA)
    found = stints([DAY, cover], utc("2026-01-10T06:00"))
    assert [(one.staff, one.starts) for one in found] == [(AMAL, DAY.span[0]), (HUDA, utc("2026-01-10T11:00"))]


def test_a_time_on_call_that_began_long_ago_is_nothing_to_be_reminded_of() -> None:
    assert stints([shift(HUDA, "2020-01-01", "2100-01-01")], utc("2026-01-10T06:00")) == []


def test_the_day_ahead_waits_for_the_end_of_the_night_and_the_hour_ahead_does_not() -> None:
    night = shift(HUDA, "2026-01-10T03:00", "2026-01-10T09:00")  # 00:00 UTC; a day ahead it is night as well
    assert sent([night], "2026-01-09T00:00") == []
    assert sent([night], "2026-01-09T02:59") == []
    assert [one.kind for one in sent([night], "2026-01-09T03:00", "2026-01-09T02:59")] == ["day"]
    assert not sent([night], "2026-01-09T03:00", "2026-01-09T02:59")[0].late
    assert [one.kind for one in sent([night], "2026-01-09T23:00")] == ["hour"]


@pytest.mark.parametrize(
    ("at", "zone", "quiet"),
    [
        ("2026-01-09T18:59", "Asia/Aden", False),
        ("2026-01-09T19:00", "Asia/Aden", True),
        ("2026-01-10T02:59", "Asia/Aden", True),
        ("2026-01-10T03:00", "Asia/Aden", False),
        ("2026-01-09T19:00", "Europe/Berlin", False),
        ("2026-07-09T20:00", "Europe/Berlin", True),
    ],
)
def test_night_is_by_her_own_clock(at: str, zone: str, quiet: bool) -> None:
    assert is_quiet(utc(at), zone) == quiet
    assert not is_quiet(after_quiet(utc(at), zone), zone)


def test_silence_is_told_half_an_hour_ahead_but_never_before_she_had_time_to_answer() -> None:
    (stint,) = stints([DAY], utc("2026-01-10T06:00"))
    early = utc("2026-01-09T07:00")
    assert not is_silent(stint, utc("2026-01-10T06:29"), early)
    assert is_silent(stint, utc("2026-01-10T06:30"), early)
    assert not is_silent(stint, utc("2026-01-10T06:30"), utc("2026-01-10T06:20"))
    assert is_silent(stint, utc("2026-01-10T06:35"), utc("2026-01-10T06:20"))
    assert not is_silent(stint, stint.ends + timedelta(seconds=1), early)


def test_a_reminder_across_the_change_of_the_clock_is_a_real_day_and_a_real_hour_ahead() -> None:
    abroad = shift(HUDA, "2026-10-25T08:00", "2026-10-25T16:00", zone="Europe/Berlin")  # the night before has 25 hours
    assert abroad.span[0] == utc("2026-10-25T07:00")
    assert [one.kind for one in sent([abroad], "2026-10-24T06:59")] == []
    assert [one.kind for one in sent([abroad], "2026-10-24T07:00")] == ["day"]
