"""Who is on call: wall clocks, doubled and missing hours, overrides, gaps."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rota import RotaLevel, Shift, everybody, gaps, on_call, working_moment
from flows.rules import WorkingHours

HUDA, AMAL, SAMIRA = 1, 2, 3
HOURS = WorkingHours(frozenset({6, 0, 1, 2, 3}), time(8), time(16), "Asia/Aden")


def shift(
    who: int, starts: str, ends: str, *, zone: str = "Asia/Aden", level: RotaLevel = "first", override: bool = False,
    covers: int | None = None,
) -> Shift:  # fmt: skip
    begins = datetime.fromisoformat(starts)
    return Shift(who, who, level, begins, datetime.fromisoformat(ends), zone, override, covers)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_shift_is_read_in_its_own_zone() -> None:
    day = shift(HUDA, "2026-01-01T08:00", "2026-01-01T20:00")
    assert on_call([day], "first", utc("2026-01-01T05:00")) == (HUDA,)
    assert on_call([day], "first", utc("2026-01-01T04:59")) == ()


def test_a_shift_holds_its_first_moment_and_not_its_last() -> None:
    day = shift(HUDA, "2026-01-01T08:00", "2026-01-01T20:00")
    night = shift(AMAL, "2026-01-01T20:00", "2026-01-02T08:00")
    assert on_call([day, night], "first", utc("2026-01-01T17:00")) == (AMAL,)


def test_levels_do_not_mix() -> None:
    shifts = [shift(HUDA, "2026-01-01", "2026-01-02"), shift(AMAL, "2026-01-01", "2026-01-02", level="substitute")]
    now = utc("2026-01-01T12:00")
    assert (on_call(shifts, "first", now), on_call(shifts, "substitute", now)) == ((HUDA,), (AMAL,))


def test_everybody_is_first_ones_first_and_each_once() -> None:
    shifts = [
        shift(AMAL, "2026-01-01", "2026-01-02", level="substitute"),
        shift(HUDA, "2026-01-01", "2026-01-02"),
        shift(HUDA, "2026-01-01", "2026-01-02", level="substitute"),
    ]
    assert everybody(shifts, utc("2026-01-01T12:00")) == (HUDA, AMAL)


def test_two_shifts_of_one_person_count_once() -> None:
    shifts = [shift(HUDA, "2026-01-01", "2026-01-03"), shift(HUDA, "2026-01-02", "2026-01-04")]
    assert on_call(shifts, "first", utc("2026-01-02T12:00")) == (HUDA,)


def test_an_override_stands_in_for_the_person_it_covers_and_nobody_else() -> None:
    shifts = [
        shift(HUDA, "2026-01-01", "2026-01-05"),
        shift(AMAL, "2026-01-01", "2026-01-05"),
        shift(SAMIRA, "2026-01-02", "2026-01-03", override=True, covers=HUDA),
    ]
    assert set(on_call(shifts, "first", utc("2026-01-02T12:00"))) == {AMAL, SAMIRA}


def test_an_override_that_covers_nobody_by_name_stands_in_for_all() -> None:
    shifts = [
        shift(HUDA, "2026-01-01", "2026-01-05"),
        shift(AMAL, "2026-01-01", "2026-01-05"),
        shift(SAMIRA, "2026-01-02", "2026-01-03", override=True),
    ]
    assert on_call(shifts, "first", utc("2026-01-02T12:00")) == (SAMIRA,)


@pytest.mark.parametrize(
    ("now", "who"),
    [("2026-01-01T12:00", HUDA), ("2026-01-02T12:00", SAMIRA), ("2026-01-03T12:00", HUDA), ("2026-01-04T12:00", AMAL)],
)
def test_an_override_does_not_merge_its_neighbours(now: str, who: int) -> None:
    shifts = [
        shift(HUDA, "2026-01-01", "2026-01-04"),
        shift(AMAL, "2026-01-04", "2026-01-07"),
        shift(SAMIRA, "2026-01-02", "2026-01-03", override=True, covers=HUDA),
    ]
    assert on_call(shifts, "first", utc(now)) == (who,)


@pytest.mark.parametrize(("day", "begins_utc"), [("2026-03-28", 8), ("2026-03-30", 7), ("2026-10-26", 8)])
def test_nine_in_berlin_stays_nine_when_the_clock_changes(day: str, begins_utc: int) -> None:
    abroad = shift(HUDA, f"{day}T09:00", f"{day}T17:00", zone="Europe/Berlin")
    assert abroad.span[0] == utc(f"{day}T{begins_utc:02}:00")


def test_aden_never_changes_its_clock() -> None:
    winter, summer = (shift(HUDA, f"2026-{month}-01T08:00", f"2026-{month}-01T09:00").span[0] for month in ("01", "07"))
    assert (winter.hour, summer.hour) == (5, 5)


def test_in_the_doubled_hour_a_start_means_the_first_and_an_end_the_second() -> None:
    # On 25 October 2026 Berlin has 02:30 twice: 00:30 and 01:30 UTC.
    ends = shift(HUDA, "2026-10-24T20:00", "2026-10-25T02:30", zone="Europe/Berlin")
    starts = shift(AMAL, "2026-10-25T02:30", "2026-10-25T10:00", zone="Europe/Berlin")
    assert (starts.span[0], ends.span[1]) == (utc("2026-10-25T00:30"), utc("2026-10-25T01:30"))
    assert gaps([ends, starts], "first", ends.span[0], starts.span[1]) == []


def test_in_the_missing_hour_neighbours_overlap_rather_than_leave_a_gap() -> None:
    # On 29 March 2026 Berlin has no 02:30: it reads as 00:30 or as 01:30 UTC.
    ends = shift(HUDA, "2026-03-28T20:00", "2026-03-29T02:30", zone="Europe/Berlin")
    starts = shift(AMAL, "2026-03-29T02:30", "2026-03-29T10:00", zone="Europe/Berlin")
    assert (starts.span[0], ends.span[1]) == (utc("2026-03-29T00:30"), utc("2026-03-29T01:30"))


def test_handing_over_at_midnight_between_two_zones_leaves_the_gap_that_really_is_there() -> None:
    aden = shift(HUDA, "2026-01-01T08:00", "2026-01-01T20:00")
    berlin = shift(AMAL, "2026-01-01T20:00", "2026-01-02T06:00", zone="Europe/Berlin")
    found = gaps([aden, berlin], "first", aden.span[0], berlin.span[1])
    assert found == [(utc("2026-01-01T17:00"), utc("2026-01-01T19:00"))]


def test_an_empty_rota_is_one_gap() -> None:
    start, end = utc("2026-01-01T00:00"), utc("2026-01-08T00:00")
    assert gaps([], "first", start, end) == [(start, end)]


MOMENTS = st.integers(0, 200).map(lambda hours: datetime(2026, 10, 23) + timedelta(minutes=30 * hours))  # noqa: DTZ001
SHIFTS = st.lists(
    st.builds(
        lambda number, starts, halves, zone, override, covers: Shift(
            number, number, "first", starts, starts + timedelta(minutes=30 * halves), zone, override, covers
        ),
        st.integers(1, 5),
        MOMENTS,
        st.integers(1, 60),
        st.sampled_from(["Asia/Aden", "Europe/Berlin", "America/New_York"]),
        st.booleans(),
        st.none() | st.integers(1, 5),
    ),
    max_size=8,
)


@given(SHIFTS, MOMENTS)
def test_a_moment_lies_in_a_gap_exactly_when_nobody_is_on_call(shifts: list[Shift], wall: datetime) -> None:
    now = wall.replace(tzinfo=UTC)
    found = gaps(shifts, "first", utc("2026-10-20T00:00"), utc("2026-11-05T00:00"))
    assert any(start <= now < end for start, end in found) == (not on_call(shifts, "first", now))


@given(SHIFTS)
def test_gaps_never_touch_or_overlap(shifts: list[Shift]) -> None:
    found = gaps(shifts, "first", utc("2026-10-20T00:00"), utc("2026-11-05T00:00"))
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_a_shift_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="end after"):
        shift(HUDA, "2026-01-02", "2026-01-01")


def test_a_shift_with_a_zone_inside_its_times_is_refused() -> None:
    with pytest.raises(ValueError, match="wall-clock"):
        shift(HUDA, "2026-01-01T00:00+03:00", "2026-01-02T00:00+03:00")


def test_a_shift_in_no_zone_is_refused() -> None:
    with pytest.raises(KeyError, match="Marib"):
        shift(HUDA, "2026-01-01", "2026-01-02", zone="Asia/Marib")


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-22T09:00", "2026-11-22T09:00"),
        ("2026-11-22T04:00", "2026-11-22T05:00"),
        ("2026-11-22T13:00", "2026-11-23T05:00"),
        ("2026-11-26T13:00", "2026-11-29T05:00"),
        ("2026-11-27T09:00", "2026-11-29T05:00"),
    ],
)
def test_working_hours_begin_now_or_on_the_next_working_day_after_the_weekend(now: str, begins: str) -> None:
    assert working_moment(HOURS, utc(now)) == utc(begins)
