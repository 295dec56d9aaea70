"""How a course goes on: at her hour, on days of lessons, one a day, never two waiting, and nothing piled up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from flows.broadcast import is_quiet
from flows.course_events import (
    Answered,
    At,
    CallBack,
    Certify,
    Count,
    Draw,
    Event,
    Finished,
    HeldBack,
    HourSet,
    Missed,
    Opened,
    Paused,
    Quizzed,
    Resumed,
    Tell,
    TimePassed,
    Turned,
    Wrote,
)
from flows.course_times import coming, is_open
from flows.learning import enrolled, has_passed, react, upcoming
from flows.public import Learning
from tests.flows.chat import mechanism
from tests.flows.lessons import course, lesson

ADEN = ZoneInfo("Asia/Aden")
RULES = mechanism().broadcasts
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=ADEN)
LESSONS = course(3)


class Course:
    """One learner's course, and the time."""

    def __init__(self, start: datetime = SUNDAY, hour: int = 17, zone: str = "Asia/Aden") -> None:
        self.now = start.astimezone(UTC)
        self.lessons = tuple(replace(one, reviewed=date(2026, 11, 1)) for one in LESSONS)
        wanted = Learning("digital", "on", hour=hour, zone=zone)
        self.at = enrolled(None, wanted, self.now, RULES)
        self.effects: list[object] = list(self.at.effects)

    @property
    def learning(self) -> Learning:
        return self.at.learning

    def does(self, event: Event) -> Turned:
        at = At(self.at.learning, self.at.next_at, self.now, self.lessons, RULES)
        self.at = react(at, event)
        learning = self.at.learning
        if Draw() in self.at.effects:
            learning = replace(learning, asked=tuple(one.id for one in self.lessons))
        self.at = replace(self.at, learning=learning)
        self.effects += self.at.effects
        return self.at

    def passes(self, **span: float) -> list[Tell]:
        """Time passes, and the timer looks at each of its moments. Gives what she was told meanwhile."""
        end, told = self.now + timedelta(**span), []
        while self.at.next_at is not None and self.at.next_at <= end:
            self.now = max(self.now, self.at.next_at)
            told += [one for one in self.does(TimePassed()).effects if isinstance(one, Tell)]
        self.now = end
        return told

    @property
    def due(self) -> str:
        assert self.at.next_at is not None
        return self.at.next_at.astimezone(ADEN).strftime("%a %d %H:%M")


def learns(how: Course, right: bool = True) -> None:
    name = how.lessons[how.learning.place].id
    how.does(Opened(name))
    how.does(Answered(name, right))


def test_the_first_lesson_is_told_of_on_the_same_day_at_her_hour() -> None:
    assert Course().due == "Sun 22 17:00"


def test_whoever_enrols_at_her_hour_is_told_on_the_next_day() -> None:
    assert Course(SUNDAY.replace(hour=16, minute=30)).due == "Mon 23 17:00"


def test_after_a_lesson_the_next_comes_on_the_next_day_and_not_the_same() -> None:
    how = Course()
    learns(how)
    assert how.due == "Mon 23 17:00"


def test_two_lessons_on_one_day_bring_the_next_on_the_next_day_all_the_same() -> None:
    how = Course()
    learns(how)
    learns(how)
    assert how.due == "Mon 23 17:00"


def test_after_thursday_comes_sunday() -> None:
    how = Course(SUNDAY + timedelta(days=4))
    learns(how)
    assert how.due == "Sun 29 17:00"


def test_in_ramadan_the_hour_moves_behind_the_quiet_span() -> None:
    how = Course(datetime(2027, 2, 14, 9, 0, tzinfo=ADEN))
    assert how.due == "Sun 14 20:00"


def test_each_hour_that_is_offered_has_a_moment_in_ramadan_too() -> None:
    for hour in (9, 13, 17, 20):
        learning = Learning("digital", "on", hour=hour)
        at = coming(learning, datetime(2027, 2, 14, 0, 0, tzinfo=ADEN), RULES)
        assert at is not None, hour
        assert at.astimezone(ADEN).date() == date(2027, 2, 14), hour


def test_a_lesson_that_waits_is_told_of_once_and_then_twice_more_and_never_again() -> None:
    how = Course()
    told = how.passes(days=60)
    assert [one.reminds for one in told] == [False, True, True]
    assert how.at.next_at is None


def test_a_reminder_takes_the_place_of_the_letter_before() -> None:
    how = Course()
    first, second, third = how.passes(days=60)
    assert [one.letter for one in how.effects if isinstance(one, CallBack)] == [first.letter, second.letter]
    assert how.learning.letter == third.letter


def test_days_of_a_server_that_was_down_bring_one_letter_at_her_next_hour() -> None:
    how = Course()
    how.now += timedelta(days=9, hours=3)
    how.does(TimePassed())
    assert not [one for one in how.effects if isinstance(one, Tell)]
    assert len(how.passes(days=1)) == 1


def test_an_hour_late_is_still_told_and_more_waits_for_the_next_day() -> None:
    for minutes, told in ((55, 1), (65, 0)):
        how = Course()
        how.now = SUNDAY.replace(hour=17).astimezone(UTC) + timedelta(minutes=minutes)
        assert len([one for one in how.does(TimePassed()).effects if isinstance(one, Tell)]) == told


def test_whoever_is_in_the_middle_of_something_is_told_a_little_later() -> None:
    how = Course()
    how.now = SUNDAY.replace(hour=17).astimezone(UTC)
    assert not how.does(TimePassed(busy=True)).effects
    assert how.due == "Sun 22 17:15"
    how.now += timedelta(minutes=15)
    assert len(how.does(TimePassed()).effects) == 1


def test_whoever_is_busy_for_longer_than_an_hour_is_told_on_the_next_day() -> None:
    how = Course()
    how.now = SUNDAY.replace(hour=17).astimezone(UTC)
    for _ in range(8):
        how.does(TimePassed(busy=True))
        assert how.at.next_at is not None
        how.now = how.at.next_at
    assert how.now.astimezone(ADEN).date() == SUNDAY.date() + timedelta(days=1)


def test_a_lesson_that_was_opened_and_left_is_reminded_of_and_waits() -> None:
    how = Course()
    how.does(Opened("d01"))
    assert how.due == "Tue 24 17:00"
    assert [one.reminds for one in how.passes(days=30)] == [True, True]
    assert how.learning.place == 0


def test_a_pause_ends_every_letter_and_after_weeks_the_next_lesson_is_the_next() -> None:
    how = Course()
    learns(how)
    how.passes(hours=32)
    how.does(Paused())
    assert isinstance(how.effects[-1], CallBack)
    assert not how.passes(days=21)
    how.does(Resumed())
    assert (how.learning.state, how.learning.place) == ("on", 1)
    assert len(how.passes(days=1)) == 1


def test_another_hour_holds_from_the_next_letter_on() -> None:
    how = Course()
    how.does(HourSet(9))
    assert how.due == "Mon 23 09:00"


def test_another_hour_brings_no_second_lesson_on_the_day() -> None:
    how = Course()
    learns(how)
    how.does(HourSet(20))
    assert how.due == "Mon 23 20:00"


def test_another_hour_wakes_no_course_that_rests() -> None:
    how = Course()
    how.does(Paused())
    assert how.does(HourSet(9)).next_at is None


def test_the_last_lesson_brings_the_quiz_whose_questions_are_drawn_then() -> None:
    how = Course()
    for _ in range(3):
        learns(how)
    assert how.learning.state == "quiz"
    assert how.effects[-1] == Draw()
    assert len(how.learning.asked) == 3


def test_a_quiz_that_is_passed_gives_one_certificate_and_ends_every_letter() -> None:
    how = Course()
    for _ in range(3):
        learns(how)
    for _ in range(3):
        how.does(Quizzed(True))
    assert has_passed(how.learning, RULES)
    assert Certify(100) in how.does(Finished()).effects
    assert (how.learning.state, how.learning.finished, how.at.next_at) == ("done", ("digital",), None)
    assert not how.does(Finished()).effects


def test_a_quiz_that_is_failed_is_drawn_anew_and_can_be_passed() -> None:
    how = Course()
    for _ in range(3):
        learns(how)
    for right in (True, False, False):
        how.does(Quizzed(right))
    assert how.effects[-1] == Draw()
    assert (how.learning.quiz_place, how.learning.quiz_right, how.learning.tries) == (0, 0, 1)
    assert not how.does(Finished()).effects
    for _ in range(3):
        how.does(Quizzed(True))
    assert Certify(100) in how.does(Finished()).effects


def test_figures_count_the_first_time_alone() -> None:
    how = Course()
    for right in (False, True, True):
        learns(how, right)
    for right in (True, False, False, True, True, True):
        how.does(Quizzed(right))
    how.does(Finished())
    counted = [(one.name, one.part) for one in how.effects if isinstance(one, Count)]
    assert counted.count(("course_enrolled", "digital")) == 1
    assert counted.count(("course_finished", "digital")) == 1
    assert [part for name, part in counted if name == "lesson_right"] == ["d02", "d03"]
    assert counted.count(("quiz_asked", "digital")) == 3
    assert counted.count(("quiz_right", "digital")) == 1


def test_a_course_taken_again_counts_in_no_figure_and_stays_finished() -> None:
    before = Learning("digital", "done", finished=("digital",))
    turned = enrolled(before, Learning("digital", "on"), SUNDAY, RULES)
    assert turned.learning.again
    assert turned.learning.finished == ("digital",)
    assert not turned.effects


def test_an_answer_to_another_lesson_changes_nothing() -> None:
    how = Course()
    before = how.at
    for event in (Answered("d02", right=True), Opened("d03"), Answered("x99", right=True)):
        assert replace(how.does(event), effects=()) == replace(before, effects=())


def test_a_lesson_that_nobody_has_looked_at_for_long_is_left_out() -> None:
    how = Course()
    how.lessons = (replace(lesson(1), reviewed=date(2025, 1, 1)), *how.lessons[1:])
    assert upcoming(how.learning, how.lessons, how.now, RULES) == 1
    how.does(Opened("d02"))
    assert how.learning.opened


def test_what_could_not_be_brought_waits_until_she_writes_and_comes_at_her_hour() -> None:
    how = Course()
    how.passes(hours=8)
    how.does(HeldBack())
    assert not how.passes(days=30)
    how.does(Wrote())
    assert how.due.endswith("17:00")
    [told] = how.passes(days=1)
    assert not told.reminds


def test_where_her_hour_is_too_far_the_window_is_used_as_soon_as_may_be() -> None:
    how = Course(SUNDAY - timedelta(days=4))  # a Wednesday
    how.passes(hours=8)
    how.does(HeldBack())
    how.now = datetime(2026, 11, 19, 18, 0, tzinfo=ADEN).astimezone(UTC)  # Thursday: her next hour is on Sunday
    how.does(Wrote())
    assert how.due == "Thu 19 18:15"


def test_what_went_past_its_moment_is_told_of_at_her_next_hour() -> None:
    how = Course()
    how.passes(hours=7)
    how.does(Missed())
    assert not how.learning.opened
    assert how.due == "Mon 23 17:00"


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
ZONES = st.sampled_from(("Asia/Aden", "Europe/Berlin", "America/New_York", "Asia/Kolkata"))


@generated(MOMENTS, st.sampled_from((9, 13, 17, 20)), ZONES)
def test_no_moment_is_quiet_on_her_clock_or_on_a_day_without_lessons(now: datetime, hour: int, zone: str) -> None:
    learning = Learning("digital", "on", hour=hour, zone=zone)
    at = coming(learning, now, RULES)
    assert at is not None
    assert at >= now
    here = at.astimezone(ZoneInfo(zone))
    assert here.weekday() in RULES.lesson_days
    assert not is_quiet(here, RULES)
    assert here.hour >= hour


EVENTS = st.one_of(
    st.sampled_from((Paused(), Resumed(), Finished(), HeldBack(), Missed(), Wrote())),
    st.builds(TimePassed, st.booleans()),
    st.builds(Opened, st.sampled_from(("d01", "d02", "d03"))),
    st.builds(Answered, st.sampled_from(("d01", "d02", "d03")), st.booleans()),
    st.builds(Quizzed, st.booleans()),
    st.builds(HourSet, st.sampled_from((9, 13, 17, 20))),
)  # fmt: skip


@generated(st.lists(st.tuples(EVENTS, st.integers(0, 60 * 50)), max_size=40), st.booleans())
def test_whatever_happens_letters_come_at_open_hours_and_reminders_end(
    steps: list[tuple[Event, int]], by_timer: bool
) -> None:
    how = Course()
    since_hers = 0
    for event, minutes in steps:
        how.now += timedelta(minutes=minutes)
        if by_timer and how.at.next_at is not None:
            how.now = max(how.now, how.at.next_at)
        told = [one for one in how.does(event).effects if isinstance(one, Tell)]
        learning = how.learning
        since_hers = since_hers + len(told) if isinstance(event, TimePassed) else 0
        assert since_hers <= 1 + RULES.lesson_nudges
        assert not told or is_open(learning, how.now, RULES)
        assert 0 <= learning.place <= 3
        assert 0 <= learning.quiz_right <= learning.quiz_place <= 3
        assert learning.state in {"on", "quiz"} or how.at.next_at is None


@pytest.mark.parametrize("zone", ["Asia/Aden", "America/New_York"])
def test_her_hour_is_on_her_own_clock(zone: str) -> None:
    how = Course(zone=zone)
    assert how.at.next_at is not None
    assert how.at.next_at.astimezone(ZoneInfo(zone)).hour == 17
