"""What becomes of shifts that are handed over or cut, across clocks that change."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.rota import Shift, cut_short, handed_over, on_call, own_spans, stretches

HUDA, AMAL, SAMIRA = 1, 2, 3
ZONES = ("Asia/Aden", "Europe/Berlin", "America/New_York")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_shift(
    starts: str, ends: str, *, zone: str = "Asia/Aden", override: bool = False, covers: int | None = None
) -> Shift:
    return Shift(7, HUDA, "first", datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone, override, covers)


def test_a_whole_shift_that_is_handed_over_is_the_same_shift_now_hers() -> None:
    shift = a_shift("2026-01-01T08:00", "2026-01-01T20:00")
    (taken,) = handed_over(shift, AMAL, *shift.span)
    assert (taken.id, taken.staff_id, taken.span) == (shift.id, AMAL, shift.span)


def test_a_part_that_is_handed_over_leaves_the_shift_as_it_was_before_and_after() -> None:
    shift = a_shift("2026-01-01T08:00", "2026-01-01T20:00")
    listed = handed_over(shift, AMAL, utc("2026-01-01T09:00"), utc("2026-01-01T11:00"))
    assert listed[0] == shift
    found = [(one.starts.hour, one.staff) for one in stretches(listed, "first", *shift.span)]
    assert found == [(5, (HUDA,)), (9, (AMAL,)), (11, (HUDA,))]


def test_a_part_of_an_override_that_is_handed_over_still_covers_the_same_person() -> None:
    under = Shift(8, SAMIRA, "first", datetime(2026, 1, 1), datetime(2026, 1, 2), "Asia/Aden")  # noqa: DTZ001
    over = a_shift("2026-01-01T08:00", "2026-01-01T20:00", override=True, covers=SAMIRA)
    pieces = handed_over(over, AMAL, utc("2026-01-01T09:00"), utc("2026-01-01T11:00"))
    found = [one.staff for one in stretches([under, *pieces], "first", *under.span)]
    assert found == [(SAMIRA,), (HUDA,), (AMAL,), (HUDA,), (SAMIRA,)]
    assert [piece.id for piece in pieces] == [7, 0, 0]


def test_nothing_can_be_taken_of_a_shift_at_another_time() -> None:
    shift = a_shift("2026-01-01T08:00", "2026-01-01T20:00")
    try:
        handed_over(shift, AMAL, utc("2026-02-01T00:00"), utc("2026-02-02T00:00"))
    except ValueError:
        return
    raise AssertionError("it was taken")


def test_a_shift_cut_short_was_what_it_was() -> None:
    shift = a_shift("2026-01-01T08:00", "2026-01-01T20:00")
    assert cut_short(shift, utc("2026-01-01T09:30")).span == (shift.span[0], utc("2026-01-01T09:30"))


MOMENTS = st.integers(0, 300).map(lambda halves: datetime(2026, 10, 22, tzinfo=UTC) + timedelta(minutes=30 * halves))


@given(st.sampled_from(ZONES), st.integers(0, 200), st.integers(1, 100), MOMENTS, MOMENTS, st.booleans())
def test_whoever_hands_a_part_over_nobody_is_missing_and_she_has_it(
    zone: str, begins: int, halves: int, one: datetime, other: datetime, override: bool
) -> None:
    start = datetime(2026, 10, 23) + timedelta(minutes=30 * begins)  # noqa: DTZ001
    ends = start + timedelta(minutes=30 * halves)
    shift = Shift(7, HUDA, "first", start, ends, zone, override, SAMIRA if override else None)
    asked = min(one, other), max(one, other) + timedelta(minutes=30)
    if not (asked[0] < shift.span[1] and shift.span[0] < asked[1]):
        return
    listed = handed_over(shift, AMAL, *asked)
    moment = shift.span[0]
    while moment < shift.span[1]:
        present = on_call(listed, "first", moment)
        assert present, "a gap"
        assert AMAL in present or not asked[0] <= moment < asked[1]
        moment += timedelta(minutes=30)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=5))
def test_what_she_really_is_on_call_for_is_her_shift_without_what_others_cover(parts: list[tuple[int, int]]) -> None:
    shift = a_shift("2026-01-01T00:00", "2026-01-02T00:00")
    base = datetime(2026, 1, 1)  # noqa: DTZ001
    covers = [
        Shift(
            10 + place, AMAL, "first", base + timedelta(hours=a), base + timedelta(hours=a + b), "Asia/Aden", True, HUDA
        )
        for place, (a, b) in enumerate(parts)
    ]
    mine = own_spans(shift, [shift, *covers])
    for hour in range(24):
        at = shift.span[0] + timedelta(hours=hour)
        there = HUDA in on_call([shift, *covers], "first", at)
        assert there == any(a <= at < b for a, b in mine)


@given(st.integers(0, 13), st.sampled_from(ZONES))
def test_stretches_are_the_whole_time_without_a_hole(days: int, zone: str) -> None:
    shift = Shift(7, HUDA, "first", datetime(2026, 10, 24, 20), datetime(2026, 10, 25, 2, 30), zone)  # noqa: DTZ001
    start, end = utc("2026-10-20T00:00"), utc("2026-10-20T00:00") + timedelta(days=days + 1)
    found = stretches([shift], "first", start, end)
    assert [found[0].starts, *[one.ends for one in found]] == [*[one.starts for one in found], end]
