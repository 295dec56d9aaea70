"""Polls, the question box and the leaders' channel as stories: over the emulators and the desk, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows.asking import ABOUT
from flows.cover import first
from flows.options import short
from handlers import box, box_desk, leader_desk, leaders, polls, story_desk
from handlers.story_desk import Wanted
from messages.catalog import render
from storage import box as kept
from storage import polls as asked
from storage import subscribers
from storage.polls import Body, Option
from storage.unit import Unit
from tests import telling
from tests.desk.staff import Desks
from tests.people import Woman
from tests.telling import EVERYWHERE, ONCE
from tests.test_canaries import opened_with_server_keys
from tests.town import Town, town

WRITE = (
    "Write it in a few sentences, please. Leave out names, places and whatever could point to you or to another "
    "woman: it is passed on just as you write it.\nIt is for: {whom}"
)
LOOK = "Here it is once more, as it would be passed on, word for word:"
SENT = "Thank you. It is with the person who reads questions first. The answer comes here; it may take days."
ANSWER = "Here is the answer to what you asked here some time ago:"
QUESTION = "متى يفتح مكتب الشؤون كناري-سؤال-w1kvjhpzx"
REPLY = "يفتح يوم الأحد كناري-رد-w2kvjhpzx"


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def puts(amal: Woman, words: str) -> None:
    """From the menu to a question in the box."""
    await amal.says("سؤال")
    await amal.sees(ABOUT.id)
    await amal.answers("Government bodies")
    await amal.sees(WRITE)
    await amal.says(words)
    await amal.sees(LOOK)
    await amal.answers("Yes, put it so")
    await amal.sees(SENT)


async def number(place: Town, state: kept.State) -> int:
    (entry,) = await place.working.store.read(kept.in_state, state)
    return entry.id


@EVERYWHERE
async def test_a_question_is_read_first_answered_looked_at_again_and_then_brought_to_her(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await puts(amal, QUESTION)
    await place.restarts()
    async with Desks(place) as desks:
        salma, reem = await desks.hired("Salma", "coordinator"), await desks.hired("Reem", "campaigner")
        body, cso = await desks.hired("Office", "body_government"), await desks.hired("Group", "body_cso")
        assert QUESTION not in (await body.get("/desk/questions")).text, "nobody reads before the moderator"
        queue = await salma.get("/desk/box")
        assert QUESTION in queue.text
        assert str(telling.NUMBER) not in queue.text
        one = await number(place, "asked")
        await salma.post(f"/desk/box/{one}/pass", {})
        assert QUESTION in (await body.get("/desk/questions")).text
        assert str(telling.NUMBER) not in (await body.get("/desk/questions")).text
        assert QUESTION not in (await cso.get("/desk/questions")).text
        assert (await cso.post(f"/desk/questions/{one}", {"answer": REPLY})).status == 409
        await body.post(f"/desk/questions/{one}", {"answer": REPLY})
        assert QUESTION not in (await body.get("/desk/questions")).text
        await telling.letters_are_gone(place)
        assert REPLY not in amal.phone.screen(), "nothing goes to her before the second look"
        await place.restarts()
        await reem.post(f"/desk/box/{one}/release", {})
    said = await amal.sees(ANSWER)
    assert REPLY in said.text
    await amal.says("سؤال")
    await amal.answers("Read answer {number}")
    assert REPLY in (await amal.sees(ANSWER)).text
    place.telegram.passes(timedelta(days=31).total_seconds())
    assert await place.working.store.write(box.sweep, place.working.world()) == 1
    assert not [column for column, value in await opened(place) if b"w1kvjhpzx" in value]


async def until(place: Town, sql: str, wanted: int) -> None:
    """Wait until a count is what it comes to: each look waits for the database itself."""
    async with asyncio.timeout(20):
        while await telling.counted(place, sql) != wanted:
            pass


async def opened(place: Town) -> list[tuple[str, bytes]]:
    return await place.working.store.read(opened_with_server_keys)


@EVERYWHERE
async def test_into_a_hidden_chat_no_answer_comes_until_she_is_back(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await puts(amal, QUESTION)
    cover = render(first("", place.now()).text, "ar")
    await amal.says("خروج")
    await amal.sees_words(cover)
    world, store = place.working.world, place.working.store
    one = await number(place, "asked")
    await store.write(box_desk.answer_for_us, one, REPLY, 1, world())
    assert await store.write(box_desk.release, one, 1, world()) == "same", "never by whoever wrote it"
    assert await store.write(box_desk.release, one, 2, world()) is None
    await until(
        place, "SELECT COUNT(*) FROM letters WHERE key LIKE 'asked:%' AND attempts > 0 AND state = 'waiting'", 1
    )
    assert REPLY not in amal.phone.screen()
    await amal.says("مرحبا")
    await amal.says("مرحبا")
    await amal.sees("Hello. Is now a good time?")
    await amal.answers("Yes")
    await amal.sees("How can we be of use?")
    await place.passes(minutes=11)
    assert REPLY in (await amal.sees(ANSWER)).text


async def opens_poll(place: Town, kind: asked.Kind = "poll") -> int:
    """A poll that two people have made, and that is open."""
    now = place.now()
    options = (
        Option("1", "تحديات أمنية", "Security challenges"),
        Option("2", "تحديات نفسية", "Psychological challenges"),
    )
    body = Body("ما أصعب تحدٍّ هذا الشهر؟", "What was the hardest this month?", options, (1,))
    ends = now + timedelta(days=7)
    poll = asked.Poll(77, kind, "draft", body, 1, None, now - timedelta(hours=1), ends)

    def make(unit: Unit) -> None:
        asked.add(unit, poll)
        asked.approve(unit, 77, 2)

    await place.working.store.write(make)
    return 77


@EVERYWHERE
async def test_with_all_keys_nobody_can_tell_from_the_database_who_chose_what(place: Town) -> None:
    poll = await opens_poll(place)
    women = [telling.her(place, number=telling.NUMBER - n) for n in range(2)]
    for woman, answer in zip(women, ("Security challenges", "Psychological challenges"), strict=True):
        await telling.is_welcomed(woman)
        await woman.says("استطلاع")
        await woman.sees_words("ما أصعب تحدٍّ هذا الشهر؟")
        await woman.answers(answer)
        await woman.sees("Thank you. Your answer is counted, and nothing says that it is yours.")
    await telling.letters_are_gone(place)
    assert await place.working.store.read(asked.counts, poll) == {"1": 1, "2": 1}
    marks = {short("poll.choice", f"{poll}:{code}") for code in ("1", "2")}
    for column, value in await opened(place):
        if column != "polls.body":
            assert not [mark for mark in marks if f".{mark}".encode() in value], column
            assert "تحديات".encode() not in value, column
    talks = [value for column, value in await opened(place) if column == "talks.body"]
    assert talks[0] == talks[1], "two who answered differently are kept alike"
    world = place.working.world()
    assert await place.working.store.write(polls.vote, channel(place), address(place, 0), poll, "2", world) is not None
    assert await place.working.store.read(asked.counts, poll) == {"1": 1, "2": 1}, "each is counted once"
    place.telegram.passes(timedelta(days=8).total_seconds())
    await place.working.store.write(polls.sweep, place.working.world())
    assert await telling.counted(place, "SELECT COUNT(*) FROM poll_marks") == 0


def channel(place: Town) -> str:
    return "whatsapp" if place.by_whatsapp else "telegram"


def address(place: Town, minus: int) -> str:
    number = telling.NUMBER - minus
    return f"+96777{number:07}" if place.by_whatsapp else str(number)


@ONCE
async def test_she_reads_a_story_and_is_counted_as_interested_once(place: Town) -> None:
    world, store = place.working.world(), place.working.store
    words = ("البئر", "The well", "نحفر بئرًا مع الجيران.", "We dig a well with our neighbours.")
    await store.write(story_desk.save, 31, Wanted("initiative", *words, consented=False), 1, world)
    assert await store.write(story_desk.publish, 31, 1, 1, world) == "yours"
    assert await store.write(story_desk.publish, 31, 1, 2, world) is None
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    for turn in range(2):
        await amal.says("مبادرات")
        await amal.sees("What is being done near you and elsewhere. Which would you like to know more of?")
        await amal.phone.presses("البئر")
        await amal.sees_words("نحفر بئرًا مع الجيران.")
        if turn == 0:
            await amal.answers("I am interested")
            await amal.sees("Thank you. You are counted, without your name.")
    assert "تهمّني" not in amal.phone.messages[-1].labels
    assert await telling.counted(place, "SELECT COUNT(*) FROM story_marks") == 1


@EVERYWHERE
async def test_a_leader_comes_by_a_code_once_pledges_and_leaves_by_one_word(place: Town) -> None:
    store, world = place.working.store, place.working.world
    await opens_poll(place, "pledge")
    code = await store.write(leader_desk.make_code, "tribal", 1, world())
    assert code is not None
    salem = telling.her(place, number=telling.NUMBER - 7, name="Salem")
    await salem.says(code.lower().replace("-", " "))
    welcome = await salem.sees(leaders.WELCOME.id)
    assert "بكم" in welcome.text
    await salem.sees("A pledge is open, and counted without a name. It is shown when “poll” is written here.")
    found = await store.read(subscribers.find, channel(place), address(place, 7))
    assert found is not None
    assert (found.facts.leader, found.facts.subscription.topics) == ("tribal", ())
    await place.restarts()
    await salem.says("استطلاع")
    await salem.sees_words("ما أصعب تحدٍّ هذا الشهر؟")
    await salem.answers("Security challenges")
    await salem.sees("Thank you. The pledge is counted, without a name.")
    await salem.says("إيقاف")
    await until(place, "SELECT COUNT(*) FROM subscribers", 0)
    other = telling.her(place, number=telling.NUMBER - 8)
    await other.says(code)
    await other.sees("This code was used already, or its time is over. Please ask for a new one.")
    assert await place.working.store.read(subscribers.count) == 0


@ONCE
async def test_a_code_is_over_after_a_week_or_when_all_are_taken_back(place: Town) -> None:
    store, world = place.working.store, place.working.world
    late = await store.write(leader_desk.make_code, "community", 1, world())
    place.telegram.passes(timedelta(days=7, seconds=1).total_seconds())
    void = await store.write(leader_desk.make_code, "community", 1, world())
    assert await store.write(leader_desk.void, 1, world()) == 2
    assert await store.write(leader_desk.make_code, "queen", 1, world()) is None
    salem = telling.her(place)
    for code in (late, void):
        await salem.says(str(code))
        await salem.sees("This code was used already, or its time is over. Please ask for a new one.")
    assert await store.read(subscribers.count) == 0
