"""Courses as they are kept: enrolled, told of, pushed no further than is safe, certified, counted, forgotten."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.chance import number
from flows.core import Language, Person, Study
from flows.public import Learning, Subscription
from handlers import certificates, course_figures, course_openers, courses
from handlers.draw import Draw, World
from messages.catalog import render
from storage import figures, learners, outbox, people, subscribers
from storage.outbox import Lane, Letter
from storage.store import Store
from storage.unit import Unit, millis
from tests.flows.chat import mechanism
from tests.flows.lessons import course, taught

ADEN = ZoneInfo("Asia/Aden")
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=ADEN).astimezone(UTC)
HER = ("telegram", "4711")
IDS = [f"d{place:02}" for place in range(1, 7)]


class Class:
    """One learner, the course's lessons, and the time."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = SUNDAY
        dated = (replace(one, reviewed=SUNDAY.date()) for one in course(6))
        self.rules = taught(*dated)

    def world(self) -> World:
        draw = Draw(number, lambda: "AAA-222", lambda: "AAA", os.urandom)
        return World(self.now, self.rules, draw, address="https://example.org")

    async def does(self, did: str, language: Language = "ar", **more: Any) -> str | None:
        study = Study(did, **({"course": "digital"} | more))  # type: ignore[arg-type]
        said = await self.store.write(courses.study, *HER, language, study, self.world())
        return render(said, language) if said else None

    async def learns(self, *ids: str, right: bool = True) -> None:
        for one in ids:
            await self.does("opened", lesson=one)
            await self.does("answered", lesson=one, right=right)

    async def answers_quiz(self, *right: bool) -> None:
        for one in right:
            learning = await self.learning()
            await self.does("quizzed", lesson=learning.asked[learning.quiz_place], right=one)

    async def learning(self) -> Learning:
        found = await self.store.read(courses.learning_of, *HER)
        assert found is not None
        return found

    async def passes(self, **span: float) -> int:
        """Time passes, and the timer looks at each of its moments. Says how many letters were put out."""
        end, before = self.now + timedelta(**span), len(await self.letters())
        while (due := await self._due()) is not None and due <= end:
            self.now = max(self.now, due)
            await self.looks()
        self.now = end
        return len(await self.letters()) - before

    async def looks(self) -> None:
        await course_openers.send_due(self.store, self.world, self._fails)

    def _fails(self, error: Exception) -> None:
        raise error

    async def _due(self) -> datetime | None:
        learner = await self.store.read(learners.find, *HER)
        return learner.next_at if learner else None

    async def letters(self, state: str = "") -> list[str]:
        sql = "SELECT key FROM letters WHERE key LIKE 'lesson%' AND (state = :state OR :state = '') ORDER BY id"
        return [key for (key,) in await self.store.read(lambda unit: unit.all(sql, {"state": state}))]

    async def claims(self) -> Letter:
        [letter] = await self.store.write(outbox.claim, HER[0], Lane.BROADCAST, 9, self.now)
        return letter

    async def wanted(self, letter: Letter) -> bool:
        return await self.store.write(courses.still_wanted, letter, self.world())

    async def is_somebody(self, **facts: Any) -> None:
        """She has written to us, and this is what is remembered of her."""

        def act(unit: Unit) -> None:
            known = people.find(unit, *HER, self.now) or people.meet(unit, number(), *HER)
            people.remember(unit, known.id, Person(**facts))

        await self.store.write(act)


@pytest.fixture
async def her(store: Store) -> Class:
    found = Class(store)
    await found.does("enrol")
    return found


async def test_a_lesson_is_told_of_in_one_letter_of_the_lowest_lane(her: Class) -> None:
    assert await her.passes(days=1) == 1
    letter = await her.claims()
    assert letter.body.to == HER[1]
    assert letter.body.purpose == "lesson"
    assert render(letter.body.words(), "ar") == "درس اليوم جاهز. افتحيه متى شئتِ."
    assert [choice.key for choice in letter.body.choices] == ["p::lesson", "p::unsubscribe"]


async def test_it_speaks_the_language_that_she_reads_by_now(her: Class) -> None:
    await her.is_somebody(language="en")
    await her.passes(days=1)
    assert (await her.claims()).body.language == "en"


async def test_a_kill_while_it_is_put_out_leaves_it_due_and_then_one_letter(her: Class) -> None:
    her.now = datetime(2026, 11, 22, 17, 0, tzinfo=ADEN).astimezone(UTC)
    learner = await her.store.read(learners.find, *HER)
    assert learner is not None

    def killed(unit: Unit) -> None:
        course_openers.fire(unit, learner.id, her.world())
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await her.store.write(killed)
    assert await her.letters() == []
    await her.looks()
    await her.looks()
    assert len(await her.letters()) == 1


async def test_one_that_breaks_stops_no_other_and_is_tried_again(her: Class) -> None:
    await her.store.write(courses.study, "telegram", "4712", "ar", Study("enrol", "digital"), her.world())
    seal = "UPDATE learners SET facts = :none WHERE id = (SELECT MIN(id) FROM learners)"
    await her.store.write(lambda unit: unit.do(seal, {"none": b"broken"}))
    her.now = datetime(2026, 11, 22, 17, 0, tzinfo=ADEN).astimezone(UTC)
    broken: list[Exception] = []
    await course_openers.send_due(her.store, her.world, broken.append)
    assert len(broken) == 1
    assert len(await her.letters()) == 1


async def test_what_she_did_by_herself_calls_the_letter_back(her: Class) -> None:
    await her.passes(days=1)
    await her.learns("d01")
    assert await her.letters("waiting") == []


@pytest.mark.parametrize("hidden", ["quiet", "locked", "left"])
async def test_a_hidden_chat_gets_nothing_and_is_told_at_the_hour_after_it_is_back(her: Class, hidden: str) -> None:
    await her.is_somebody(**{hidden: True})
    assert await her.passes(days=9) == 0
    await her.is_somebody()
    assert await her.passes(days=1) == 1


async def test_a_chat_hidden_between_putting_out_and_sending_gets_nothing(her: Class) -> None:
    await her.passes(hours=7, minutes=1)
    letter = await her.claims()
    await her.is_somebody(left=True)
    assert not await her.wanted(letter)
    await her.is_somebody()
    assert await her.passes(days=1) == 1


async def test_a_letter_held_until_the_night_is_not_sent_then_but_at_her_next_hour(her: Class) -> None:
    await her.passes(hours=7, minutes=1)
    letter = await her.claims()
    her.now += timedelta(hours=6)
    assert not await her.wanted(letter)
    assert not (await her.learning()).opened
    assert await her.passes(days=1) == 1


async def test_a_letter_that_she_no_longer_needs_is_not_sent(her: Class) -> None:
    await her.passes(hours=7, minutes=1)
    letter = await her.claims()
    assert await her.wanted(letter)
    await her.does("pause")
    assert not await her.wanted(letter)


async def test_a_forged_key_wants_nothing(her: Class) -> None:
    await her.passes(days=1)
    letter = await her.claims()
    for key in ("lesson:", "lesson:zzzzzzzzzzzzz:1", "lesson:0:0", "lesson:é:1"):
        assert not await her.wanted(Letter(1, key, b"", Lane.BROADCAST, letter.body, 1, her.now))


async def test_outside_the_window_it_waits_until_she_writes(her: Class) -> None:
    await her.passes(hours=8)
    [key] = await her.letters()
    await her.store.write(courses.held_back, key, her.world())
    assert await her.passes(days=30) == 0
    await her.store.write(courses.wrote, *HER, her.world())
    assert await her.passes(days=1) == 1


async def test_an_answer_sent_twice_counts_once(her: Class) -> None:
    await her.learns("d01", "d01")
    assert (await her.learning()).place == 1
    assert await her.store.read(figures.totals, "lesson_done") == {"d01": 1}


async def test_the_quiz_asks_lessons_of_the_course_each_once(her: Class) -> None:
    await her.learns(*IDS)
    asked = (await her.learning()).asked
    assert len(set(asked)) == len(asked) == her.rules.broadcasts.quiz
    assert set(asked) <= set(IDS)


async def test_a_quiz_answered_by_repeated_presses_of_one_button_counts_it_once(her: Class) -> None:
    await her.learns(*IDS)
    first = (await her.learning()).asked[0]
    for _ in range(9):
        await her.does("quizzed", lesson=first, right=True)
    assert (await her.learning()).quiz_place == 1


async def test_failed_then_passed_gives_a_certificate_that_can_be_looked_up(her: Class) -> None:
    await her.learns(*IDS)
    await her.answers_quiz(True, True, True, False, False)
    assert await her.does("finished") is None
    await her.answers_quiz(True, True, True, True, False)
    shown = await her.does("finished")
    assert shown is not None
    written = shown.split("\n")[1].strip("\u2066\u2069")
    assert certificates.NUMBER.fullmatch(written.replace("-", ""))
    assert "https://example.org/certificate" in shown
    assert "نوفمبر 2026" in shown
    told = await her.store.read(courses.look_up, f"  {written.lower().replace('-', ' ')} ")
    assert "80%" in render(told, "ar")
    assert await her.does("finished") is None


@pytest.mark.parametrize(
    "written", ["", "S", "S7K2", "😀" * 5000, "S" + "A" * 12, "'; DROP TABLE certificates", "S0000-0000-0000", "\x00"]
)
async def test_a_number_that_was_never_given_gets_a_kind_answer(her: Class, written: str) -> None:
    told = await her.store.read(courses.look_up, written)
    assert "لا نجد شهادة" in render(told, "ar")


async def test_arabic_digits_and_full_width_letters_name_the_same_certificate() -> None:
    assert certificates.plain("Ｓ٢٣٤۵-abcd efgh") == "S2345ABCDEFGH"


async def test_leaving_deletes_her_where_she_has_passed_nothing(her: Class) -> None:
    await her.passes(days=1)
    await her.does("leave")
    assert await her.store.read(courses.learning_of, *HER) is None
    assert await her.letters("waiting") == []


async def test_leaving_a_second_course_keeps_what_she_has_passed(her: Class) -> None:
    await her.learns(*IDS)
    await her.answers_quiz(*[True] * 5)
    await her.does("finished")
    await her.does("enrol")
    await her.does("leave")
    learning = await her.learning()
    assert (learning.state, learning.finished) == ("done", ("digital",))
    assert await her.passes(days=30) == 0


async def test_deleting_everything_leaves_no_row_of_hers_and_the_certificate_without_her(her: Class) -> None:
    await her.learns(*IDS)
    await her.answers_quiz(*[True] * 5)
    await her.does("finished")
    await her.store.write(courses.leave, *HER)
    rows = await her.store.read(lambda unit: unit.all("SELECT 1 FROM learners"))
    given = await her.store.read(lambda unit: unit.all("SELECT course, month, score FROM certificates"))
    assert rows == []
    assert given == [("digital", "2026-11", 100)]


async def test_a_year_after_her_last_lesson_she_is_forgotten_and_not_before(her: Class) -> None:
    await her.learns("d01")
    await her.passes(days=364)
    assert await her.store.write(course_openers.sweep, her.world()) == 0
    her.now += timedelta(days=2)
    assert await her.store.write(course_openers.sweep, her.world()) == 1
    assert await her.store.read(courses.learning_of, *HER) is None


async def test_a_reminder_does_not_lengthen_her_year(her: Class) -> None:
    await her.passes(days=30)
    her.now = SUNDAY + timedelta(days=366)
    assert await her.store.write(course_openers.sweep, her.world()) == 1


async def test_nothing_of_her_is_readable_without_the_keys_and_nothing_joins_her_to_people(her: Class) -> None:
    await her.is_somebody()
    await her.store.write(subscribers.put, number(), HER[0], subscribers.Facts(HER[1], Subscription()), her.now)
    rows = {}
    for table in ("learners", "people", "subscribers"):
        rows[table] = await her.store.read(lambda unit, table=table: unit.all(f"SELECT * FROM {table}"))  # type: ignore[misc]
    [kept] = rows["learners"]
    values = [bytes(one) for one in kept if isinstance(one, bytes | memoryview)]
    assert not any(HER[1].encode() in one or b"digital" in one for one in values)
    others = {one for table in ("people", "subscribers") for row in rows[table] for one in row}
    shared = {one for one in kept if one is not None} & others
    assert all(one == HER[0] or (isinstance(one, int) and one <= millis(her.now)) for one in shared), shared


async def test_her_zone_is_that_of_her_subscription(store: Store) -> None:
    her = Class(store)
    far = subscribers.Facts(HER[1], Subscription(zone="America/New_York"))
    await store.write(subscribers.put, number(), HER[0], far, her.now)
    await her.does("enrol")
    assert (await her.learning()).zone == "America/New_York"


async def test_a_course_that_is_not_there_enrols_nobody(store: Store) -> None:
    her = Class(store)
    await her.does("enrol", course="cooking")
    assert await store.read(courses.learning_of, *HER) is None


# ---------------------------------------------------------------- figures


async def _counted(her: Class, name: str, part: str, by: int) -> None:
    await her.store.write(figures.add, name, part, "2026-11", by)


async def test_small_counts_and_shares_of_few_are_not_shown(her: Class) -> None:
    await her.learns("d01")
    [found] = await her.store.read(course_figures.read, her.world())
    assert (found.enrolled, found.finished, found.before, found.gain) == (None, 0, None, None)
    assert found.lessons[0].done is None


async def test_reach_and_gain_are_reckoned_from_counts_alone(her: Class) -> None:
    for name, part, by in (
        ("course_enrolled", "digital", 39),
        ("lesson_done", "d01", 40),
        ("lesson_right", "d01", 20),
        ("quiz_asked", "digital", 100),
        ("quiz_right", "digital", 85),
    ):
        await _counted(her, name, part, by)
    [found] = await her.store.read(courses.figures, her.world())
    assert (found.enrolled, found.before, found.after, found.gain) == (40, 50, 85, 35)


async def test_months_of_one_figure_add_up(her: Class) -> None:
    for month in ("2026-10", "2026-11", "2026-11"):
        await her.store.write(figures.add, "lesson_done", "d02", month)
    assert await her.store.read(figures.totals, "lesson_done") == {"d02": 3}
    assert await her.store.read(figures.monthly, "lesson_done") == {"2026-10": {"d02": 1}, "2026-11": {"d02": 2}}


def test_none_is_shown_as_none_and_the_smallest_as_it_is() -> None:
    assert [figures.shown(count, 5).count for count in (0, 1, 4, 5)] == [0, None, None, 5]


def test_the_associations_own_rules_teach_every_track() -> None:
    rules = mechanism()
    assert {one.track for one in rules.content.lessons.values()} == {
        "digital", "legal", "physical", "psychosocial", "political",
    }  # fmt: skip
