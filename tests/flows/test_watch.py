"""A check-in alone: one next moment until it ends, one alarm at most, nothing lost, whatever the clock and she do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mechanism import load
from flows.dates import YEMEN
from flows.watch import begin, moments, react
from flows.watching import (
    Ask,
    CallBack,
    Cancelled,
    Duress,
    Effect,
    Event,
    Extended,
    Note,
    Paused,
    PutOff,
    Raise,
    Remind,
    Resumed,
    Safe,
    TimePassed,
    Watch,
    WrongWord,
)
from storage.coding import decode, encode

RULES = load(Path("mechanism")).check_ins
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""A Sunday, three in the afternoon in Yemen."""
SIX = datetime(2026, 11, 22, 18, 0, tzinfo=YEMEN)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


class Clock:
    """A check-in and its clock; between any two steps it goes through JSON."""

    def __init__(self, due_at: datetime = SIX, grace: float = 30, every: str = "", now: datetime = NOW) -> None:
        self.now = now
        self.watch = begin(RULES, due_at, minutes(grace), now, every)
        self.seen: list[tuple[datetime, Effect]] = []

    def does(self, event: Event) -> tuple[Effect, ...]:
        turned = react(decode(encode(self.watch), Watch), event, self.now)
        self.watch = turned.watch
        self.seen += [(self.now, effect) for effect in turned.effects]
        return turned.effects

    def until(self, end: datetime) -> None:
        """Time passes, and it is called at each of its moments."""
        while self.watch.state in {"armed", "asked"} and self.watch.next_at is not None and self.watch.next_at <= end:
            self.now = max(self.now, self.watch.next_at)
            self.does(TimePassed())
        self.now = end

    def said(self, kind: type[Effect]) -> list[str]:
        return [at.astimezone(YEMEN).strftime("%H:%M") for at, effect in self.seen if isinstance(effect, kind)]


def test_she_is_reminded_then_asked_then_a_person_is_called() -> None:
    clock = Clock()
    clock.until(SIX + timedelta(hours=5))
    assert clock.said(Remind) == ["17:45", "17:55"]
    assert clock.said(Ask) == ["18:00", "18:05", "18:10"]
    assert clock.said(Raise) == ["18:30"]
    assert (clock.watch.state, clock.watch.next_at) == ("overdue", None)


def test_questions_behind_her_grace_are_not_asked() -> None:
    clock = Clock(grace=5)
    clock.until(SIX + timedelta(hours=1))
    assert (clock.said(Ask), clock.said(Raise)) == (["18:00"], ["18:05"])


def test_her_grace_stays_within_what_may_be_chosen() -> None:
    assert begin(RULES, SIX, minutes(0), NOW).grace == RULES.least_grace
    assert begin(RULES, SIX, timedelta(days=3), NOW).grace == RULES.most_grace


def test_a_short_check_in_leaves_out_reminders_that_lie_before_it() -> None:
    clock = Clock(NOW + minutes(10))
    clock.until(NOW + timedelta(hours=2))
    assert clock.said(Remind) == ["15:05"]
    assert clock.said(Ask)[0] == "15:10"


def test_safe_ends_it_and_its_plan_goes_after_seven_days() -> None:
    clock = Clock()
    clock.until(SIX + minutes(2))
    assert clock.does(Safe()) == (CallBack(SIX.astimezone(UTC)),)
    assert (clock.watch.state, clock.watch.next_at) == ("over", clock.now + timedelta(days=7))


def test_after_it_is_over_only_her_other_word_means_anything() -> None:
    clock = Clock()
    clock.does(Safe())
    for event in (TimePassed(), Safe(), Extended(5), Cancelled(), Paused(), Resumed(), WrongWord()):
        assert clock.does(event) == ()
    assert clock.does(Duress(Safe())) == (Raise("duress", timedelta(0)),)


def test_putting_it_off_keeps_the_chain_and_is_told_softly_beyond_the_usual() -> None:
    clock = Clock()
    offs = [clock.does(Extended(30))[1] for _ in range(4)]
    assert offs == [PutOff(1, often=False), PutOff(2, often=False), PutOff(3, often=False), PutOff(4, often=True)]
    clock.until(SIX + timedelta(hours=3))
    assert clock.said(Remind) == ["19:45", "19:55"]
    assert clock.said(Raise) == ["20:30"]


def test_putting_it_off_while_she_is_asked_counts_from_now() -> None:
    clock = Clock()
    clock.until(SIX + minutes(7))
    clock.does(Extended(20))
    assert (clock.watch.state, clock.watch.due_at) == ("armed", SIX + minutes(27))


def test_a_second_wrong_word_calls_a_person_at_once_and_silently() -> None:
    clock = Clock()
    assert clock.does(WrongWord()) == ()
    assert clock.does(WrongWord())[-1] == Raise("wrong_word", timedelta(0))
    assert clock.watch.silent


def test_duress_does_what_it_seems_to_do_and_calls_a_person() -> None:
    for seeming in (Safe(), Extended(30), Cancelled()):
        safe, under_duress = Clock(), Clock()
        safe.does(seeming)
        effects = under_duress.does(Duress(seeming))
        assert effects[-1] == Raise("duress", timedelta(0))
        alike = (safe.watch.state, safe.watch.due_at, safe.watch.next_at)
        assert alike == (under_duress.watch.state, under_duress.watch.due_at, under_duress.watch.next_at)


def test_missed_after_duress_is_a_note_and_no_second_alarm() -> None:
    clock = Clock()
    clock.does(Duress(Extended(30)))
    clock.until(SIX + timedelta(hours=3))
    assert len(clock.said(Raise)) == 1
    assert clock.seen[-1][1] == Note("missed")


def test_after_the_alarm_her_word_is_a_note_and_stops_nothing() -> None:
    clock = Clock()
    clock.until(SIX + timedelta(hours=1))
    assert clock.does(Safe()) == (Note("says_safe"),)


def test_after_downtime_it_acts_once_and_says_how_late() -> None:
    clock = Clock()
    clock.now = SIX + minutes(7)
    assert clock.does(TimePassed()) == (Ask(minutes(7)),)
    clock.now = SIX + timedelta(hours=9)
    assert clock.does(TimePassed())[-1] == Raise("missed", timedelta(hours=8, minutes=30))
    assert clock.does(TimePassed()) == ()


def test_a_clock_that_jumps_back_repeats_nothing() -> None:
    clock = Clock()
    clock.until(SIX + minutes(1))
    clock.now = SIX - timedelta(hours=2)
    assert clock.does(TimePassed()) == ()
    clock.until(SIX + timedelta(hours=1))
    assert clock.said(Ask) == ["18:00", "18:05", "18:10"]


def test_daily_comes_again_at_the_same_hour_even_when_it_was_put_off() -> None:
    clock = Clock(every="daily")
    clock.does(Extended(90))
    clock.until(SIX + minutes(91))
    clock.does(Safe())
    assert clock.watch.due_at == SIX + timedelta(days=1)
    assert (clock.watch.state, clock.watch.round, clock.watch.extended) == ("armed", 2, 0)


def test_said_safe_before_its_hour_it_comes_tomorrow_and_not_today() -> None:
    clock = Clock(every="daily")
    clock.does(Safe())
    assert clock.watch.due_at == SIX + timedelta(days=1)


def test_on_weekdays_it_leaves_out_friday_and_saturday() -> None:
    thursday = SIX + timedelta(days=4)
    clock = Clock(thursday, every="weekdays", now=thursday - minutes(60))
    clock.does(Safe())
    assert clock.watch.due_at.astimezone(YEMEN).strftime("%A %H:%M") == "Sunday 18:00"


def test_paused_it_waits_for_her_and_goes_on_at_its_next_hour() -> None:
    clock = Clock(every="daily")
    clock.does(Paused())
    assert clock.watch.next_at is None
    clock.now = SIX + timedelta(days=3, hours=1)
    assert clock.does(TimePassed()) == ()
    clock.does(Resumed())
    assert clock.watch.due_at == SIX + timedelta(days=4)


def test_what_comes_once_cannot_be_paused() -> None:
    clock = Clock()
    assert clock.does(Paused()) == ()
    assert clock.watch.state == "armed"


_SEEMING: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([Safe(), Cancelled(), Paused(), Resumed()]), st.integers(-5, 240).map(Extended)
)
_HERS = st.one_of(_SEEMING, st.just(WrongWord()), _SEEMING.map(Duress))
_STEPS = st.lists(
    st.one_of(st.integers(-600, 3000).map(minutes), st.just(TimePassed()), _HERS), min_size=1, max_size=25
)
_STARTS = st.tuples(st.integers(-30, 3000).map(minutes), st.integers(0, 90), st.sampled_from(["", "daily", "weekdays"]))


@settings(max_examples=400)
@given(_STARTS, _STEPS)
def test_whatever_happens(start: tuple[timedelta, int, str], steps: list[timedelta | Event]) -> None:
    ahead, grace, every = start
    clock = Clock(NOW + ahead, grace, every)
    for step in steps:
        if isinstance(step, timedelta):
            clock.now += step
            continue
        before = clock.watch
        clock.does(step)
        _is_sound(clock, before, step)
    raised = [effect for _, effect in clock.seen if isinstance(effect, Raise)]
    assert len(raised) <= 1, "one alarm at most"
    assert bool(raised) == bool(clock.watch.raised), "and never none where there should be one"


def _is_sound(clock: Clock, before: Watch, event: Event) -> None:
    watch = clock.watch
    waits = watch.state in {"armed", "asked"}
    assert waits <= (watch.next_at is not None), "who is waited for has one next moment"
    if waits:
        assert watch.next_at == moments(watch)[watch.step]
        assert watch.next_at <= watch.due_at + watch.grace
    if isinstance(event, TimePassed):
        assert not waits or watch.next_at > clock.now, "what is due is done"  # type: ignore[operator]
        assert watch.state == before.state or watch.state in {"asked", "overdue"}, "time alone ends nothing"
    if isinstance(event, Duress):
        assert watch.raised == "duress"


@given(_STARTS, st.lists(st.integers(1, 600).map(minutes), min_size=1, max_size=40))
def test_left_alone_it_always_ends_in_the_alarm(start: tuple[timedelta, int, str], waits: list[timedelta]) -> None:
    clock = Clock(NOW + start[0], start[1], start[2])
    for wait in waits:
        clock.now += wait
        clock.does(TimePassed())
    clock.now = max(clock.now, clock.watch.due_at + clock.watch.grace)
    clock.does(TimePassed())
    assert [effect.why for _, effect in clock.seen if isinstance(effect, Raise)] == ["missed"]


@given(st.integers(2, 500))
def test_made_faster_for_the_demo_it_keeps_its_shape(times: int) -> None:
    rules = RULES.faster(times)
    watch = begin(rules, SIX, rules.most_grace, NOW)
    steps = moments(watch)
    assert list(steps) == sorted(set(steps))
    assert len(steps) == len(RULES.reminders) + len(RULES.asks) + 1
