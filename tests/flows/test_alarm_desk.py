"""What is done to an alarm at the desk: given back, handed over, lowered, opened again; and it is never forgotten."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from flows.alarm import (
    Alarm,
    Closed,
    Event,
    HandedOver,
    LetGo,
    Lowered,
    MadeContact,
    PageStep,
    PutStatus,
    Raised,
    Reopened,
    TellHer,
    TellStaff,
    Took,
)
from flows.climbing import react
from flows.ladder import LEVELS, Level
from storage.coding import decode, encode
from tests.flows.test_alarm import AMAL, BADRIA, MONDAY, RULES, STAFF, AnAlarm, after, paged, started

TAKEN = after(started(), Took(AMAL), minutes=1)
CONTACTED = after(TAKEN, MadeContact(AMAL), minutes=2)


@pytest.mark.parametrize("held", [TAKEN, CONTACTED], ids=["taken", "contacted"])
def test_what_is_let_go_climbs_again_without_her_at_first(held: object) -> None:
    let = after(held, LetGo(AMAL), minutes=3)  # type: ignore[arg-type]
    assert (let.alarm.status, let.alarm.staff, let.alarm.round) == ("open", None, 2)
    assert AMAL not in {who for _, called in paged(let.effects) for who in called}
    assert PutStatus("waiting") in let.effects
    assert [one.what for one in let.effects if isinstance(one, TellHer)] == ["again"]


def test_she_who_asked_for_another_person_is_not_told_what_she_knows() -> None:
    let = after(CONTACTED, LetGo(AMAL, by_her=True), minutes=3)
    assert not [one for one in let.effects if isinstance(one, TellHer)]
    assert [one for one in let.effects if isinstance(one, PageStep)]


@pytest.mark.parametrize("event", [LetGo(BADRIA), HandedOver(AMAL), Reopened(BADRIA), Lowered("critical")])
def test_what_does_not_apply_changes_nothing(event: Event) -> None:
    assert after(TAKEN, event, minutes=3).effects == ()
    assert after(TAKEN, event, minutes=3).alarm == TAKEN.alarm


def test_handed_over_it_is_anothers_with_the_same_time_left() -> None:
    over = after(TAKEN, HandedOver(BADRIA), minutes=3)
    assert (over.alarm.staff, over.alarm.due_at) == (BADRIA, TAKEN.alarm.due_at)
    assert TellStaff(BADRIA, "taken") in over.effects
    assert after(over, MadeContact(BADRIA), minutes=4).alarm.status == "contacted"


def test_lowered_while_it_waits_it_climbs_the_lower_ladder_and_the_lowest_has_none() -> None:
    high = after(started(), Lowered("high"), minutes=1)
    assert (high.alarm.level, high.alarm.round) == ("high", 2)
    assert after(started(), Lowered("low"), minutes=1).alarm.due_at is None


def test_lowered_when_taken_there_is_the_lower_levels_time_for_contact() -> None:
    lowered = after(TAKEN, Lowered("high"), minutes=5).alarm
    assert lowered.due_at == MONDAY + timedelta(minutes=1) + RULES.ladders["high"].contact_within


def test_opened_again_it_is_in_somebodys_hands_and_can_be_raised() -> None:
    opened = after(CONTACTED, Closed(), Reopened(BADRIA), minutes=9)
    assert (opened.alarm.status, opened.alarm.staff) == ("contacted", BADRIA)
    raised = after(after(opened, Lowered("high"), minutes=9), Raised("critical"), minutes=10).alarm
    assert (raised.status, raised.staff) == ("taken", BADRIA)


class AnAlarmAtTheDesk(AnAlarm):
    """The same alarm, and what is done to it at the desk beside everything else."""

    def is_done(self, event: Event) -> None:
        before = self.alarm
        turned = react(decode(encode(before), Alarm), event, self.roster, self.now)
        self.alarm, self.effects = turned.alarm, turned.effects
        assert self.alarm.due_at is None or self.alarm.due_at > self.now
        assert self.effects or self.alarm == before
        self.one_holds_it_at_most()
        if self.effects and isinstance(event, HandedOver | Reopened):
            self.holder = event.staff

    @rule(staff=STAFF, by_her=st.booleans())
    def somebody_lets_it_go(self, staff: int, by_her: bool) -> None:
        self.is_done(LetGo(staff, by_her))

    @rule(staff=STAFF)
    def it_is_handed_over(self, staff: int) -> None:
        self.is_done(HandedOver(staff))

    @rule(level=st.sampled_from(LEVELS))
    def it_is_lowered(self, level: Level) -> None:
        self.is_done(Lowered(level))

    @rule(staff=STAFF)
    def it_is_opened_again(self, staff: int) -> None:
        self.is_done(Reopened(staff))


TestAnAlarmAtTheDesk = AnAlarmAtTheDesk.TestCase
TestAnAlarmAtTheDesk.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
