"""An alarm as a machine: whatever happens to it, in whatever order, an urgent one is never forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.mechanism import load
from flows.alarm import (
    Alarm,
    Closed,
    Effect,
    Event,
    GaveBack,
    Log,
    MadeContact,
    PageStep,
    Passed,
    PutStatus,
    Raised,
    StopPages,
    TellHer,
    TellStaff,
    TimePassed,
    Took,
    Turned,
    Unreached,
)
from flows.climbing import begin, react
from flows.ladder import LEVELS, Level
from flows.paging import Colleague, Roster, calls_to_all, calls_to_coordinators
from storage.coding import decode, encode

RULES = load(Path("mechanism"))
MONDAY = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
"""Ten in the morning in Aden, in working hours."""
AMAL, BADRIA, COORDINATOR, DESK, AUDITOR = 1, 2, 3, 4, 5
EVERYBODY = Roster(
    (
        Colleague(AMAL, "focal_point", ("telegram", "whatsapp")),
        Colleague(BADRIA, "focal_point", ("telegram",)),
        Colleague(COORDINATOR, "coordinator", ("telegram",)),
        Colleague(DESK, "national_desk", ("whatsapp",)),
        Colleague(AUDITOR, "auditor", ("telegram",)),
    ),
    first=(AMAL,),
    substitutes=(BADRIA,),
)
NOBODY = Roster()


def started(level: Level = "critical", roster: Roster = EVERYBODY) -> Turned:
    return react(begin(level, RULES, MONDAY), TimePassed(), roster, MONDAY)


def after(turned: Turned, *events: Event, minutes: float = 0, roster: Roster = EVERYBODY) -> Turned:
    """What follows, `minutes` after the alarm began."""
    for event in events:
        turned = react(turned.alarm, event, roster, MONDAY + timedelta(minutes=minutes))
    return turned


def paged(effects: tuple[Effect, ...]) -> list[tuple[int, set[int]]]:
    """Who was paged at which step."""
    return [(one.step, {call.staff for call in one.calls}) for one in effects if isinstance(one, PageStep)]


def climb(turned: Turned, minutes: float, roster: Roster = EVERYBODY) -> list[tuple[float, set[int]]]:
    """Who is paged at which minute, each step at its own moment."""
    seen = []
    while (due := turned.alarm.due_at) is not None and due <= MONDAY + timedelta(minutes=minutes):
        turned = react(turned.alarm, TimePassed(), roster, due)
        minute = (due - MONDAY) / timedelta(minutes=1)
        seen += [(minute, who) for _, who in paged(turned.effects)]
    return seen


def test_a_critical_alarm_pages_at_once() -> None:
    assert paged(started().effects) == [(0, {AMAL})]


def test_the_critical_ladder_climbs_in_the_order_of_the_association() -> None:
    # The voice step has nobody on it yet, so the substitute's comes at its moment, and all after it as much earlier.
    points = {AMAL, BADRIA}
    assert climb(started(), 40) == [
        (2, {AMAL}),
        (4, {BADRIA}),
        (8, points),
        (13, {COORDINATOR}),
        (28, {DESK}),
        (38, {AMAL}),
        (40, {AMAL}),
    ]


def test_the_high_ladder_climbs_in_the_order_of_the_association() -> None:
    assert climb(started("high"), 120) == [
        (15, {BADRIA}),
        (30, {AMAL, BADRIA}),
        (60, {COORDINATOR}),
        (120, {AMAL}),
    ]


def test_a_medium_alarm_set_in_the_weekend_waits_for_sunday_morning() -> None:
    friday = datetime(2026, 1, 9, 10, 0, tzinfo=UTC)
    assert begin("medium", RULES, friday).due_at == datetime(2026, 1, 11, 5, 0, tzinfo=UTC)


def test_a_low_alarm_has_nothing_to_do() -> None:
    assert started("low").alarm.due_at is None


def test_a_step_with_nobody_on_it_is_skipped_in_the_same_moment() -> None:
    turned = started(roster=replace(EVERYBODY, first=()))
    assert paged(turned.effects) == [(3, {BADRIA})]
    assert [one.step for one in turned.effects if isinstance(one, Log)] == [0, 1, 2]


def test_a_ladder_on_which_nobody_is_found_pages_whoever_there_is_but_no_auditor() -> None:
    roster = Roster((Colleague(9, "campaigner", ("telegram",)), Colleague(DESK, "national_desk", ("telegram",))))
    turned = after(started("high", NOBODY), TimePassed(), minutes=1, roster=roster)
    assert paged(turned.effects) == [(4, {DESK})]


def test_with_nobody_at_all_it_says_so_and_looks_again_in_a_minute() -> None:
    turned = started(roster=NOBODY)
    assert any(isinstance(one, Log) and one.what == "nobody" for one in turned.effects)
    assert turned.alarm.due_at == MONDAY + timedelta(minutes=1)


def test_each_overdue_step_fires_once_in_order_with_how_late_it_is() -> None:
    turned = after(started(), TimePassed(), minutes=600)
    pages = [one for one in turned.effects if isinstance(one, PageStep)]
    assert [(one.round, one.step, one.late / timedelta(minutes=1)) for one in pages] == [
        (1, 1, 598),
        (1, 3, 596),
        (1, 4, 592),
        (1, 5, 587),
        (1, 6, 572),
    ]
    assert turned.alarm.due_at == MONDAY + timedelta(minutes=610)


def test_a_pass_moves_on_at_once_when_nobody_of_her_step_is_left() -> None:
    assert paged(after(started(), Passed(AMAL), minutes=1).effects) == [(3, {BADRIA})]


def test_a_pass_waits_while_a_colleague_of_her_step_may_still_answer() -> None:
    two = replace(EVERYBODY, first=(AMAL, BADRIA))
    one_passed = after(started(roster=two), Passed(AMAL), minutes=1, roster=two)
    assert paged(one_passed.effects) == []
    assert paged(after(one_passed, Passed(BADRIA), minutes=1, roster=two).effects) == [(5, {COORDINATOR})]


def test_after_the_last_pass_whoever_is_left_beside_the_ladder_is_paged() -> None:
    others = Roster(
        (Colleague(AMAL, "coordinator", ("telegram",)), Colleague(DESK, "national_desk", ("telegram",))), (AMAL,)
    )
    last = after(started("high", others), TimePassed(), minutes=60, roster=others)
    assert paged(after(last, Passed(AMAL), minutes=61, roster=others).effects) == [(4, {DESK})]


def test_one_who_is_alone_and_passes_is_not_asked_again_at_once() -> None:
    alone = Roster((Colleague(AMAL, "focal_point", ("telegram",)),), (AMAL,))
    turned = after(started(roster=alone), Passed(AMAL), minutes=1, roster=alone)
    assert paged(turned.effects) == []
    assert turned.alarm.due_at == MONDAY + timedelta(minutes=3)


def test_one_whom_no_page_reaches_counts_as_nobody() -> None:
    assert paged(after(started(), Unreached(AMAL, 1, 0, at_all=True), minutes=1).effects) == [(1, {AMAL})]


def test_a_page_of_an_earlier_step_that_fails_late_hurries_nothing() -> None:
    second = after(started(), TimePassed(), minutes=2)
    assert after(second, Unreached(AMAL, 1, 0, at_all=False), minutes=3).alarm.due_at == second.alarm.due_at


def test_one_whom_an_earlier_page_reached_may_still_answer() -> None:
    second = after(after(started(), TimePassed(), minutes=2), Unreached(AMAL, 1, 1, at_all=False), minutes=2)
    assert AMAL in second.alarm.paged


def test_a_pass_at_the_end_of_the_ladder_leaves_the_pause_as_it_is() -> None:
    ended = started("high")
    for minutes in (15, 30, 60):
        ended = after(ended, TimePassed(), minutes=minutes)
    passed = after(ended, Passed(COORDINATOR), minutes=70)
    assert passed.alarm.due_at == ended.alarm.due_at == MONDAY + timedelta(minutes=120)


def test_a_take_stops_pages_and_tells_her_and_the_taker() -> None:
    kinds = [type(one) for one in after(started(), Took(AMAL), minutes=1).effects]
    assert kinds == [Log, StopPages, PutStatus, TellStaff, TellHer]


@pytest.mark.parametrize("event", [Took(BADRIA), Passed(BADRIA), GaveBack(BADRIA), MadeContact(BADRIA)])
def test_what_another_does_after_the_take_changes_nothing(event: Event) -> None:
    taken = after(started(), Took(AMAL), minutes=1)
    assert after(taken, event, minutes=2) == Turned(taken.alarm)


def test_without_contact_in_time_it_climbs_again_from_the_start_and_the_taker_hears() -> None:
    late = after(after(started(), Took(AMAL), minutes=1), TimePassed(), minutes=31)
    assert late.alarm.status == "open"
    assert paged(late.effects) == [(0, {AMAL})]
    assert TellStaff(AMAL, "untaken") in late.effects
    assert PutStatus("waiting") in late.effects


def test_what_is_given_back_goes_to_others_first() -> None:
    given = after(after(started(), Took(AMAL), minutes=1), GaveBack(AMAL), minutes=2)
    assert paged(given.effects) == [(3, {BADRIA})]


def test_she_hears_that_it_was_given_back_even_if_she_heard_something_just_before() -> None:
    told = after(started(), TimePassed(), minutes=4)
    assert told.alarm.told_at is not None
    given = after(told, Took(BADRIA), GaveBack(BADRIA), minutes=5)
    assert [one.what for one in given.effects if isinstance(one, TellHer)] == ["again"]


def test_a_higher_level_climbs_its_ladder_from_the_start_in_a_new_round() -> None:
    raised = after(started("high"), Raised("critical"), minutes=10)
    assert (raised.alarm.round, raised.alarm.level) == (2, "critical")
    assert paged(raised.effects) == [(0, {AMAL})]


def test_a_higher_level_leaves_a_taken_case_with_its_taker_and_less_time() -> None:
    raised = after(after(started("high"), Took(AMAL), minutes=1), Raised("critical"), minutes=2)
    assert raised.alarm.due_at == MONDAY + timedelta(minutes=32)
    assert paged(raised.effects) == []


@pytest.mark.parametrize(("event", "status"), [(MadeContact(AMAL), "taken"), (Closed(), "open")])
def test_new_danger_after_contact_or_the_end_is_an_alarm_again(event: Event, status: str) -> None:
    ended = after(after(started("high"), Took(AMAL), minutes=1), event, minutes=2)
    raised = after(ended, Raised("critical"), minutes=60)
    assert raised.alarm.status == status
    assert raised.alarm.due_at is not None


def test_she_is_not_told_again_that_nobody_answered_within_half_a_pause() -> None:
    told = times_told(started(), 200)
    assert len(told) > 5
    assert all(later - earlier >= timedelta(minutes=5) for earlier, later in pairwise(told))


def times_told(turned: Turned, minutes: float) -> list[datetime]:
    told = []
    while (due := turned.alarm.due_at) is not None and due <= MONDAY + timedelta(minutes=minutes):
        turned = react(turned.alarm, TimePassed(), EVERYBODY, due)
        told += [due for one in turned.effects if isinstance(one, TellHer)]
    return told


def test_the_coordinators_are_woken_or_everybody_where_there_is_none() -> None:
    assert {call.staff for call in calls_to_coordinators(EVERYBODY)} == {COORDINATOR}
    without = replace(EVERYBODY, colleagues=tuple(one for one in EVERYBODY.colleagues if one.id != COORDINATOR))
    assert calls_to_coordinators(without) == calls_to_all(without)


STAFF = st.sampled_from([one.id for one in EVERYBODY.colleagues])


class AnAlarm(RuleBasedStateMachine):
    """One alarm, people who come and go, and anything that may happen, in any order."""

    alarm: Alarm
    effects: tuple[Effect, ...]

    @initialize(level=st.sampled_from(LEVELS))
    def begins(self, level: Level) -> None:
        self.now, self.roster = MONDAY, EVERYBODY
        self.holder: int | None = None
        self.alarm = begin(level, RULES, self.now)
        self.happens(TimePassed())

    def happens(self, event: Event) -> None:
        before = self.alarm
        turned = react(decode(encode(before), Alarm), event, self.roster, self.now)
        self.alarm, self.effects = turned.alarm, turned.effects
        assert LEVELS.index(self.alarm.level) <= LEVELS.index(before.level)
        assert self.alarm.round >= before.round
        assert self.alarm.due_at is None or self.alarm.due_at > self.now
        assert self.effects or (self.alarm.status, self.alarm.staff) == (before.status, before.staff)
        self.nobody_is_asked_who_passed(before, event)
        self.one_holds_it_at_most()

    def nobody_is_asked_who_passed(self, before: Alarm, event: Event) -> None:
        passed = {*before.passed, *([event.staff] if isinstance(event, Passed) else [])}
        called = {call.staff for one in self.steps() if one.round == before.round for call in one.calls}
        assert called.isdisjoint(passed)

    def one_holds_it_at_most(self) -> None:
        for effect in self.effects:
            match effect:
                case StopPages(taker) if taker is not None:
                    assert self.holder is None
                    self.holder = taker
                case PutStatus("waiting" | "closed"):
                    self.holder = None
                case _:
                    pass

    def steps(self) -> list[PageStep]:
        return [effect for effect in self.effects if isinstance(effect, PageStep)]

    @rule(minutes=st.sampled_from([0, 1, 2, 5, 15, 40, 90, 1500, 6000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.happens(TimePassed())
        places = [(one.round, one.step) for one in self.steps()]
        assert places == sorted(set(places))

    @rule()
    def its_moment_comes(self) -> None:
        self.now = max(self.now, self.alarm.due_at or self.now)
        self.happens(TimePassed())

    @rule(staff=STAFF)
    def somebody_takes_it(self, staff: int) -> None:
        self.happens(Took(staff))

    @rule(staff=STAFF)
    def somebody_passes(self, staff: int) -> None:
        self.happens(Passed(staff))

    @rule(staff=STAFF)
    def somebody_gives_it_back(self, staff: int) -> None:
        self.happens(GaveBack(staff))

    @rule(staff=STAFF)
    def somebody_makes_contact(self, staff: int) -> None:
        self.happens(MadeContact(staff))

    @rule(staff=STAFF, at_all=st.booleans())
    def a_page_reaches_nobody(self, staff: int, at_all: bool) -> None:
        self.happens(Unreached(staff, self.alarm.round, self.alarm.asked_at or 0, at_all))

    @rule(level=st.sampled_from(LEVELS))
    def more_is_known(self, level: Level) -> None:
        self.happens(Raised(level))

    @rule()
    def it_is_closed(self) -> None:
        self.happens(Closed())

    @rule(here=st.sets(STAFF), first=st.sets(STAFF), substitutes=st.sets(STAFF))
    def people_come_and_go(self, here: set[int], first: set[int], substitutes: set[int]) -> None:
        colleagues = tuple(one for one in EVERYBODY.colleagues if one.id in here)
        self.roster = Roster(colleagues, tuple(sorted(first)), tuple(sorted(substitutes)))

    @invariant()
    def i1_an_open_urgent_alarm_acts_at_some_moment(self) -> None:
        if self.alarm.status == "open" and self.alarm.level != "low":
            assert self.alarm.due_at is not None

    @invariant()
    def i9_who_holds_it_has_a_time_for_contact(self) -> None:
        if self.alarm.status == "taken":
            assert self.alarm.staff == self.holder
            assert self.alarm.due_at is not None

    @invariant()
    def what_is_over_does_nothing_more(self) -> None:
        if self.alarm.status in {"contacted", "closed"}:
            assert self.alarm.due_at is None


TestAnAlarm = AnAlarm.TestCase
TestAnAlarm.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
