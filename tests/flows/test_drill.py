"""A drill as a machine, and the rung by voice: who is rung, and that a drill never outlives its one round."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from flows.alarm import Alarm, Log, PageStep, Passed, PutStatus, Raised, StopPages, TellHer, TellStaff, TimePassed, Took
from flows.climbing import begin, react
from flows.ladder import Level, Step
from flows.paging import Call, Colleague, Roster, calls, calls_to_all, calls_to_coordinators
from storage.coding import decode, encode
from tests.flows.test_alarm import AMAL, BADRIA, EVERYBODY, MONDAY, NOBODY, RULES

VOICE = Step("voice", timedelta(0), "first", "voice", tell_her=False)
RUNG = Roster(
    (
        Colleague(AMAL, "focal_point", ("telegram", "whatsapp", "voice")),
        Colleague(BADRIA, "focal_point", ("telegram",)),
        Colleague(3, "coordinator", ("telegram", "voice")),
    ),
    first=(AMAL, BADRIA),
    substitutes=(BADRIA,),
)


def drilled(level: Level = "critical", roster: Roster = EVERYBODY) -> Alarm:
    return react(begin(level, RULES, MONDAY, drill=True), TimePassed(), roster, MONDAY).alarm


# ---------------------------------------------------------------- by voice


def test_a_step_by_voice_rings_only_who_can_be_rung() -> None:
    assert calls(VOICE, RUNG) == (Call(AMAL, "voice"),)


def test_a_step_by_voice_without_anybody_who_can_be_rung_is_empty() -> None:
    assert calls(VOICE, EVERYBODY) == ()


@pytest.mark.parametrize("by", ["first_channel", "second_channel", "all_channels"])
def test_no_other_step_rings_anybody(by: str) -> None:
    step = Step("other", timedelta(0), "everybody", by, tell_her=False)  # type: ignore[arg-type]
    assert "voice" not in {call.channel for call in calls(step, RUNG)}


def test_who_is_reached_by_voice_alone_has_no_first_channel() -> None:
    alone = Roster((Colleague(AMAL, "focal_point", ("voice",)),), first=(AMAL,))
    assert calls(RULES.ladders["critical"].steps[0], alone) == ()


def test_the_last_resorts_are_in_writing() -> None:
    for found in (calls_to_all(RUNG), calls_to_coordinators(RUNG)):
        assert found
        assert "voice" not in {call.channel for call in found}


def test_a_critical_ladder_rings_between_the_second_channel_and_the_substitute() -> None:
    alarm, now = begin("critical", RULES, MONDAY), MONDAY
    asked: list[tuple[int, Call]] = []
    while not any(call.staff == BADRIA and step > 2 for step, call in asked):
        turned = react(alarm, TimePassed(), RUNG, now)
        asked += [
            (effect.step, call) for effect in turned.effects if isinstance(effect, PageStep) for call in effect.calls
        ]
        alarm = turned.alarm
        assert alarm.due_at is not None
        now = alarm.due_at
    assert (2, Call(AMAL, "voice")) in asked
    assert [step for step, _ in asked] == sorted(step for step, _ in asked)


# ---------------------------------------------------------------- a drill


def test_an_answer_ends_a_drill_and_tells_nobody_outside() -> None:
    turned = react(drilled(), Took(AMAL), EVERYBODY, MONDAY + timedelta(minutes=1))
    assert (turned.alarm.status, turned.alarm.staff, turned.alarm.due_at) == ("closed", AMAL, None)
    kinds = {type(effect) for effect in turned.effects}
    assert kinds == {Log, StopPages, TellStaff, PutStatus}
    assert TellHer not in kinds


@pytest.mark.parametrize("roster", [EVERYBODY, NOBODY, RUNG])
@pytest.mark.parametrize("level", ["critical", "high", "medium"])
def test_without_an_answer_it_ends_after_one_round(level: Level, roster: Roster) -> None:
    alarm, now, turns = drilled(level, roster), MONDAY, 0
    while alarm.due_at is not None:
        now = alarm.due_at
        alarm = react(alarm, TimePassed(), roster, now).alarm
        turns += 1
        assert turns < 20
    assert (alarm.status, alarm.round, alarm.staff) == ("closed", 1, None)


def test_after_its_end_nothing_moves_it() -> None:
    over = react(drilled(), Took(AMAL), EVERYBODY, MONDAY).alarm
    later: datetime = MONDAY + timedelta(days=2)
    for event in (Took(BADRIA), TimePassed(), Raised("critical"), Passed(BADRIA)):
        turned = react(over, event, EVERYBODY, later)
        assert turned.alarm == over
        assert turned.effects == ()


def test_a_drill_is_never_raised_to_a_real_ladder() -> None:
    alarm = drilled("medium")
    assert react(alarm, Raised("critical"), EVERYBODY, MONDAY).alarm == alarm


def test_it_outlives_a_restart_as_a_drill_and_an_old_alarm_is_none() -> None:
    assert decode(encode(drilled()), Alarm).drill
    kept = encode(begin("critical", RULES, MONDAY)).replace(b',"drill":false', b"")
    assert not decode(kept, Alarm).drill
