"""A whole course over the emulators: enrolled, told of each day at her hour, paused, stopped, failed, passed, checked.

In Arabic on Telegram and in English on WhatsApp, on both databases, with the clock moved and the program restarted.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.channels.whatsapp.templates import Templates
from flows.certificate import NUMBER
from flows.core import Language
from flows.lesson import WELL_DONE
from flows.lesson_shown import WELCOME_BACK
from flows.lesson_stage import RESTS, WAITS
from flows.questions.parts import NOT_UNDERSTOOD
from flows.unasked import ENDED
from flows.ways import NOT_HERE
from handlers import certificates, course_openers
from handlers.course_letters import words
from messages import Text
from messages.catalog import render
from messages.content import Asked, Lesson
from storage import learners, people
from storage.learners import Learner
from tests.people import Woman
from tests.test_main_job import goes_on, is_welcomed
from tests.town import Town, town

ADEN = ZoneInfo("Asia/Aden")
SATURDAY = datetime(2026, 11, 21, 10, 0, tzinfo=ADEN)
READY, REMINDER = words(reminds=False), words(reminds=True)
OPEN = "Open today's lesson"


async def _becomes(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until the database says so; it rings no bell."""
    async with asyncio.timeout(10):
        while not await holds():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)


@dataclass
class Student:
    """A woman in a course: her phone, and the town's time."""

    place: Town
    her: Woman
    channel: str
    address: str

    @property
    def language(self) -> Language:
        return self.her.language

    def course(self, track: str = "legal") -> tuple[Lesson, ...]:
        return self.place.working.rules.content.course(track)

    async def enrols(self, hour: str = "At 5 in the afternoon", *, first: str = "Later") -> None:
        await is_welcomed(self.place, self.her, goes_on)
        await self.her.says("دورة" if self.language == "ar" else "course")
        await self.her.answers("Rights and law")
        await self.her.answers(hour)
        await self.her.sees("Would you like the first lesson now?")
        await self.her.answers(first)
        if first == "Later":
            await self.sees(WAITS)

    async def rests(self) -> None:
        """Enough for today, as she hears it."""
        await self.her.answers("Enough for today")
        await self.sees(WELL_DONE)

    async def sees(self, text: Text) -> None:
        await self.her.sees_words(render(text, self.language))

    async def writes(self) -> None:
        """Anything at all: WhatsApp's window is open for a day again."""
        await self.her.says("menu" if self.language == "en" else "القائمة")
        await self.her.sees("How can we be of use?")

    async def until(self, day: int, hour: int, minute: int = 0, *, month: int = 11) -> None:
        """Let time pass until a moment of November, and everything that is due meanwhile be done at its moment."""
        end = datetime(self.place.now().year, month, day, hour, minute, tzinfo=ADEN)
        await self.passes(end - self.place.now())

    async def passes(self, span: timedelta) -> None:
        end = self.place.now() + span
        while (due := await self._due()) is not None and due <= end:
            await self._moves(max(due, self.place.now()))
            await self._told()
        await self._moves(end)

    async def _moves(self, to: datetime) -> None:
        if to > self.place.now():
            await self.place.passes(seconds=(to - self.place.now()).total_seconds())

    async def _due(self) -> datetime | None:
        found = await self.row()
        return found.next_at if found else None

    async def _told(self) -> None:
        """Everybody whose lesson is due is told; wait until what was put out has left."""
        working = self.place.working
        await course_openers.send_due(working.store, working.world, self._fails)
        sql = "SELECT 1 FROM letters WHERE state IN ('waiting', 'sending')"

        async def left() -> bool:
            return not await working.store.read(lambda unit: unit.all(sql))

        await _becomes(left)

    def _fails(self, error: Exception) -> None:
        raise error

    async def row(self) -> Learner | None:
        return await self.place.working.store.read(learners.find, self.channel, self.address)

    async def hidden(self) -> bool:
        found = await self.place.working.store.read(people.at, self.channel, self.address)
        return found is not None and (found.left or found.locked)

    def told(self) -> int:
        """How many lines have told her of a lesson, of either kind."""
        lines = [render(text, self.language) for text in (READY, REMINDER)]
        return sum(line in message.text for message in self.her.phone.messages for line in lines)

    async def opens(self) -> None:
        """Press what stands under the line; on WhatsApp write its label."""
        await self.her.sees_words(render(READY, self.language))
        if self.channel == "telegram":
            await self.her.answers(OPEN)
        else:
            await self.her.says(self.her.hers(OPEN))

    async def reads(self, lesson: Lesson) -> None:
        for text in (lesson.hook, lesson.point, lesson.action):
            await self.her.sees_words(render(text, self.language)[:30])

    async def answers(self, asked: Asked, *, right: bool = True) -> None:
        """Answer in the words of her language, and read what is said to just this answer."""
        answer = next(one for one in asked.answers if one.right is right)
        await self.her.phone.until(lambda: render(asked.text, self.language) in self.her.phone.messages[-1].text)
        await self.chooses(render(answer.label, self.language))
        await self.her.sees_words(render(answer.feedback, self.language)[:30])

    async def chooses(self, label: str) -> None:
        if self.channel == "telegram":
            await self.her.phone.presses(label)
        else:
            await self.her.says(label)

    async def learns(self, lesson: Lesson, *, right: bool = True) -> None:
        await self.reads(lesson)
        await self.answers(lesson.question, right=right)

    async def quiz(self, *right: bool) -> None:
        for one in right:
            found = await self.row()
            assert found is not None
            learning = found.facts.learning
            lesson = self.place.working.rules.content.lessons[learning.asked[learning.quiz_place]]
            await self.answers(lesson.quiz, right=one)


@pytest.fixture(params=["telegram", "whatsapp"])
async def amal(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Student]:
    async with town(database, tmp_path, start=SATURDAY.astimezone(UTC)) as place:
        place.by_whatsapp = request.param == "whatsapp"
        her = Woman(place.phone(1001), "en" if place.by_whatsapp else "ar")
        yield Student(place, her, request.param, "+967770001001" if place.by_whatsapp else "1001")


@pytest.fixture
async def nour(database: str, tmp_path: Path) -> AsyncIterator[Student]:
    async with town(database, tmp_path, start=SATURDAY.astimezone(UTC)) as place:
        yield Student(place, Woman(place.phone(1001), "ar"), "telegram", "1001")


async def test_a_course_of_six_lessons_a_quiz_failed_and_passed_and_a_certificate_that_anybody_checks(
    amal: Student,
) -> None:
    her, lessons = amal.her, amal.course()
    assert len(lessons) >= 6
    await amal.enrols()
    days = (22, 23, 24, 25, 26, 29)  # Sunday to Thursday, and the Sunday after it
    for day, lesson in zip(days, lessons, strict=True):
        if day in {22, 29} and amal.channel == "whatsapp":  # more than a day after she wrote last, the window is shut
            await amal.until(day, 9)
            await amal.writes()
        await amal.until(day, 16, 59)
        before = amal.told()
        await amal.until(day, 17, 30)
        await amal.opens()
        assert amal.told() == before + 1
        await amal.learns(lesson, right=day != 23)
        if day != 29:
            await amal.rests()
        if day == 24:
            await amal.place.restarts()
    await her.answers("The last questions")
    await amal.quiz(True, True, True, False, False)
    assert "60" in her.phone.messages[-1].text
    assert "80" in her.phone.messages[-1].text
    await her.answers("The questions again")
    await amal.quiz(*[True] * 5)
    await her.answers("My certificate")
    shown = await her.sees_words("شهادتكِ:" if amal.language == "ar" else "Your certificate:")
    number = re.search(r"S\w{4}-\w{4}-\w{4}", shown.text)
    assert number is not None
    await _is_checked(amal, number[0])
    await amal.passes(timedelta(days=30))
    assert amal.told() == len(days)


async def _is_checked(amal: Student, number: str) -> None:
    """In the chat, where a wrong number gets a kind answer, and on the page for everybody."""
    ask = "شهادة" if amal.language == "ar" else "certificate"
    await amal.her.says(ask)
    await amal.sees(NUMBER.text)  # type: ignore[arg-type]
    await amal.her.says(number.lower().replace("-", " "))
    await amal.her.sees_words("هذه الشهادة صحيحة" if amal.language == "ar" else "This certificate was given: ")
    await amal.her.says(ask)
    await amal.sees(NUMBER.text)  # type: ignore[arg-type]
    await amal.her.says("S7K2M-4QTR-9WXZ")
    await amal.sees(certificates.UNKNOWN)
    async with httpx.AsyncClient(base_url=amal.place.settings.address) as anybody:
        page = await anybody.get(f"/certificate/{number}", params={"language": amal.language})
        assert page.status_code == 200
        assert render(amal.course()[0].title, amal.language) not in page.text
        assert "noindex" in page.headers["x-robots-tag"]


async def test_after_a_week_of_silence_she_goes_on_where_she_was_and_nothing_has_piled_up(amal: Student) -> None:
    her, lessons = amal.her, amal.course()
    await amal.enrols(first="Yes, now")
    await amal.learns(lessons[0])
    await amal.rests()
    if amal.channel == "whatsapp":  # nothing more can be brought to her once the window is shut
        await amal.until(30, 9)
        assert amal.told() == 0
    else:
        await amal.until(30, 9)
        assert amal.told() == 3
        await her.sees_words(render(REMINDER, amal.language))
    await her.says("درس" if amal.language == "ar" else "lesson")
    await amal.learns(lessons[1])


async def test_a_pause_of_three_weeks_and_then_the_next_lesson_with_one_line_of_welcome(amal: Student) -> None:
    her, lessons = amal.her, amal.course()
    await amal.enrols(first="Yes, now")
    await amal.learns(lessons[0])
    await amal.rests()
    await her.says("دورة" if amal.language == "ar" else "course")
    await her.answers("Pause the course")
    await amal.sees(RESTS)
    await amal.passes(timedelta(days=21))
    assert amal.told() == 0
    await her.says("درس" if amal.language == "ar" else "lesson")
    await her.answers("Go on")
    await amal.sees(WELCOME_BACK)
    await amal.learns(lessons[1])


async def test_stop_in_the_middle_of_a_lesson_ends_every_line_and_the_course_waits(amal: Student) -> None:
    her, lessons = amal.her, amal.course()
    await amal.enrols(first="Yes, now")
    await amal.reads(lessons[0])
    await her.says("إيقاف" if amal.language == "ar" else "stop")
    await her.sees_words(render(ENDED, amal.language))
    await amal.passes(timedelta(days=30))
    assert amal.told() == 0
    found = await amal.row()
    assert found is not None
    assert found.facts.learning.state == "paused"


async def test_whoever_blocks_us_is_in_no_course_any_more(nour: Student) -> None:
    await nour.enrols()
    await nour.her.phone.blocks_bot()

    async def deleted() -> bool:
        return await nour.row() is None

    await _becomes(deleted)
    await nour.passes(timedelta(days=10))
    await nour.her.phone.unblocks_bot()
    await nour.passes(timedelta(days=10))
    assert nour.told() == 0


async def test_a_server_that_was_away_for_days_tells_once_and_at_her_hour(nour: Student) -> None:
    await nour.enrols()
    await nour.place.closes()
    nour.place.telegram.passes(timedelta(days=4, hours=10).total_seconds())  # Wednesday, in the evening
    await nour.place.opens()
    await nour.passes(timedelta(minutes=1))
    assert nour.told() == 0
    await nour.until(26, 17, 1)
    await nour.her.sees_words(render(READY, "ar"))
    await nour.place.restarts()
    await nour.until(26, 20)
    assert nour.told() == 1


async def test_in_ramadan_she_is_told_after_sunset_prayers_and_not_at_a_quiet_hour(
    database: str, tmp_path: Path
) -> None:
    start = datetime(2027, 2, 13, 12, 0, tzinfo=ADEN)
    async with town(database, tmp_path, start=start.astimezone(UTC)) as place:
        nour = Student(place, Woman(place.phone(1001), "ar"), "telegram", "1001")
        await nour.enrols()
        await nour.until(14, 19, 59, month=2)
        assert nour.told() == 0
        await nour.until(14, 20, 1, month=2)
        await nour.her.sees_words(render(READY, "ar"))


async def test_a_hidden_chat_hears_of_no_lesson_until_she_is_back(nour: Student) -> None:
    await nour.enrols()
    await nour.her.says("خروج")
    await _hides(nour, hidden=True)
    await nour.passes(timedelta(days=10))
    assert nour.told() == 0
    for _ in range(3):  # she has no word of her own: the cover first, then a harmless question
        await nour.her.says("القائمة")
    await _hides(nour, hidden=False)
    await nour.passes(timedelta(days=1))
    assert nour.told() == 1


async def _hides(nour: Student, *, hidden: bool) -> None:
    async def so() -> bool:
        return await nour.hidden() is hidden

    await _becomes(so)


async def test_a_voice_note_a_photo_and_strange_words_in_a_lesson_get_a_kind_line(nour: Student) -> None:
    her, lesson = nour.her, nour.course()[0]
    await nour.enrols(first="Yes, now")
    await nour.reads(lesson)
    await her.phone.sends_voice(b"OggS" + bytes(100))
    await nour.sees(NOT_HERE)
    await her.says("😀" * 5000)
    await nour.sees(NOT_UNDERSTOOD)
    await nour.answers(lesson.question, right=False)


async def test_a_template_carries_the_line_where_the_window_is_shut(database: str, tmp_path: Path) -> None:
    sid = "HX" + "7" * 32
    async with town(database, tmp_path, start=SATURDAY.astimezone(UTC)) as place:
        place.by_whatsapp = True
        place.twilio.template(sid, body="درس اليوم جاهز. افتحيه متى شئتِ.")
        place.working.channels["whatsapp"]._templates = Templates({("lesson", "ar"): sid})  # type: ignore[attr-defined]
        amal = Student(place, Woman(place.phone(1001), "ar"), "whatsapp", "+967770001001")
        await amal.enrols()
        await amal.until(22, 17, 1)  # a day and seven hours after she wrote
        await amal.her.sees_words("درس اليوم جاهز")
        await amal.her.says("درس")
        await amal.reads(amal.course()[0])
