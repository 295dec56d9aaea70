"""When a reader may be written to, driven with any hours, zones, spans and ends; and who is in an audience."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import mechanism
from bot.channels.whatsapp.rendering import WINDOW as RENDERED
from bot.settings import ROOT
from flows.broadcast import (
    HOURS,
    WINDOW,
    Audience,
    BroadcastRules,
    Frozen,
    Moment,
    Quiet,
    is_quiet,
    letter_key,
    read_key,
)
from flows.broadcast_times import Timetable, fits, on_her_clock
from flows.public import Subscription

RULES = mechanism.load(ROOT / "mechanism").broadcasts
TIP = Frozen("t", {"ar": "نص"}, Audience("tips"))
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a Sunday, noon in Aden
ADEN = ZoneInfo("Asia/Aden")
ZONES = ("Asia/Aden", "Africa/Cairo", "Europe/Berlin", "Asia/Kuala_Lumpur", "America/Chicago", "no/such")
QUARTER = timedelta(minutes=15)

quarters = st.integers(0, 95).map(lambda place: time(place // 4, place % 4 * 15))
spans = st.lists(st.builds(Quiet, quarters, quarters), max_size=2).map(tuple)
moments = st.integers(0, 400 * 96).map(lambda place: datetime(2026, 1, 1, tzinfo=UTC) + place * QUARTER)
subscriptions = st.builds(
    Subscription,
    st.just(("tips",)),
    hours=st.sampled_from(list(HOURS)),
    spacing=st.integers(1, 7),
    zone=st.sampled_from(ZONES),
)


def moment_for(
    her: Subscription, last: datetime | None, frozen: Frozen, starts: datetime, ends: datetime, rules: BroadcastRules
) -> Moment:
    return Timetable(frozen, starts, ends, rules).moment(her, last)


def rules(quiet: tuple[Quiet, ...], friday: tuple[Quiet, ...], ramadan: tuple[Quiet, ...]) -> BroadcastRules:
    return replace(RULES, quiet=quiet, friday=friday, ramadan=ramadan)


@given(
    subscriptions,
    moments,
    st.none() | st.integers(0, 10 * 96),
    st.integers(0, 10 * 96),
    st.builds(rules, spans, spans, spans),
    st.booleans(),
)
def test_her_moment_is_the_first_that_fits_and_there_is_none_that_does_not(
    her: Subscription, starts: datetime, ago: int | None, lasts: int, given_rules: BroadcastRules, spaced: bool
) -> None:
    last = None if ago is None else starts - ago * QUARTER
    ends = starts + lasts * QUARTER
    found = moment_for(her, last, replace(TIP, spaced=spaced), starts, ends, given_rules)

    earliest = max(starts, last + timedelta(days=her.spacing)) if last and spaced else starts
    places = (earliest + place * QUARTER for place in range(int((ends - earliest) / QUARTER) + 1))
    first = next((at for at in places if fits(on_her_clock(at, her), her.hours, given_rules)), None)
    assert found.at == first
    assert (found.why == "") if first else (found.why in {"hours", "spacing"})


def test_within_her_hours_she_is_written_to_at_once() -> None:
    her = Subscription(("tips",), hours="afternoon")
    assert moment_for(her, None, TIP, NOW, NOW + timedelta(days=1), RULES).at == NOW


def test_outside_her_hours_she_is_written_to_when_they_begin() -> None:
    her = Subscription(("tips",), hours="evening")
    at = moment_for(her, None, TIP, NOW, NOW + timedelta(days=1), RULES).at
    assert at == datetime(2026, 11, 22, 17, tzinfo=ADEN)


def test_at_night_she_is_written_to_in_the_morning() -> None:
    night = datetime(2026, 11, 22, 22, tzinfo=ADEN)
    at = moment_for(Subscription(("tips",)), None, TIP, night, night + timedelta(days=1), RULES).at
    assert at == datetime(2026, 11, 23, 7, 30, tzinfo=ADEN)


def test_on_friday_she_is_written_to_after_the_prayers() -> None:
    friday = datetime(2026, 11, 27, 9, tzinfo=ADEN)
    at = moment_for(Subscription(("tips",)), None, TIP, friday, friday + timedelta(days=1), RULES).at
    assert at == datetime(2026, 11, 27, 16, tzinfo=ADEN)


def test_in_ramadan_she_is_written_to_neither_in_the_morning_nor_at_the_meal() -> None:
    day = date(2027, 2, 9)
    for begins, wanted in ((time(8), time(11)), (time(16, 30), time(20))):
        starts = datetime.combine(day, begins, ADEN)
        at = moment_for(Subscription(("tips",)), None, TIP, starts, starts + timedelta(days=1), RULES).at
        assert at == datetime.combine(day, wanted, ADEN)


def test_where_her_spacing_leaves_no_moment_the_reason_is_her_spacing() -> None:
    her = Subscription(("tips",), spacing=3)
    found = moment_for(her, NOW - timedelta(days=1), TIP, NOW, NOW + timedelta(hours=20), RULES)
    assert (found.at, found.why) == (None, "spacing")


def test_where_her_hours_leave_no_moment_the_reason_is_her_hours() -> None:
    found = moment_for(Subscription(("tips",), hours="morning"), None, TIP, NOW, NOW + timedelta(hours=2), RULES)
    assert (found.at, found.why) == (None, "hours")


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Kuala_Lumpur", 4), ("Europe/Berlin", 11), ("Asia/Aden", 9)])
def test_on_her_own_clock_it_comes_when_that_hour_strikes_there(zone: str, hour: int) -> None:
    her = Subscription(("tips",), zone=zone)
    at = moment_for(her, None, replace(TIP, reader_clock=True), NOW, NOW + timedelta(days=1), RULES).at
    assert at == datetime(2026, 11, 22, hour, tzinfo=UTC)


def test_on_her_own_clock_too_nothing_leaves_before_the_undo_window_is_over() -> None:
    hours = Timetable(replace(TIP, reader_clock=True), NOW, NOW + timedelta(days=1), RULES, NOW - timedelta(hours=1))
    at = hours.moment(Subscription(("tips",), zone="Asia/Kuala_Lumpur"), None).at
    assert at == NOW - timedelta(hours=1)


def test_the_window_is_the_one_that_whatsapp_s_own_rendering_keeps() -> None:
    assert WINDOW == RENDERED


@given(st.integers(1, 2**62), st.integers(1, 2**62))
def test_a_letter_s_key_names_its_run_and_its_reader(run: int, subscriber: int) -> None:
    assert read_key(letter_key(run, subscriber)) == (run, subscriber)


@pytest.mark.parametrize(
    "key", ["", "cast:", "cast:1", "cast:1:", "cast:A:1", "in:telegram:1:0", "cast:1:2:3", "cast:٣:١"]
)
def test_any_other_key_names_none(key: str) -> None:
    assert read_key(key) is None


def test_leaders_get_what_is_meant_for_leaders_and_nothing_else() -> None:
    her = Subscription(("tips",))
    assert Audience("tips").has(her, "telegram", "")
    assert not Audience("tips", leaders=("tribal",)).has(her, "telegram", "")
    assert Audience(leaders=("tribal",)).has(Subscription(), "telegram", "tribal")
    assert not Audience(leaders=("tribal",)).has(Subscription(), "telegram", "religious")


def test_a_quiet_span_over_midnight_holds_on_both_sides_of_it() -> None:
    assert all(is_quiet(datetime(2026, 11, 23, hour, tzinfo=ADEN), RULES) for hour in (0, 7, 21, 23))
    assert not is_quiet(datetime(2026, 11, 23, 12, tzinfo=ADEN), RULES)
