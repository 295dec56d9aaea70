"""Messages to her: only in the way and hours that she marked safe, kept sealed, sent once, taken back in time."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import Any

import pytest

from flows.core import Language, Person
from handlers import replies, work_people, work_take
from handlers.alarm_letters import still_true
from handlers.channel import Outgoing
from handlers.rendering import outgoing
from handlers.replies import Draft, Message
from handlers.reply_words import OPENING, READY
from handlers.work import NotDone
from handlers.work_people import Off
from handlers.work_take import Nothing
from messages.arabic import normalise
from messages.catalog import render
from messages.wording import ON_A_LOCKED_PHONE, ON_A_LOCKED_PHONE_ENGLISH
from storage import outbox, people, work
from storage import replies as kept
from storage.outbox import Lane
from storage.store import Store
from storage.unit import Unit
from tests.desk.working import HER, Colleague, Room

WORDS = "I have spoken with the lawyer."
NIGHT = {"hours": 16}  # from ten in the morning to two at night, in Aden


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store)


async def at_work(room: Room, **wishes: Any) -> Colleague:
    huda = await room.has("Huda")
    await room.she_reports(**wishes)
    await room.does(work_take.take, huda, Nothing())
    room.passes(hours=25)  # she has not written for a day
    return huda


async def letters(room: Room) -> list[Outgoing]:
    """What goes out to her from the desk, once."""
    claimed = await room.store.write(outbox.claim, "telegram", Lane.RELAY, 100, room.now)
    return [outgoing(letter, None) for letter in claimed]


async def refusal(act: Awaitable[Any]) -> NotDone:
    with pytest.raises(NotDone) as refused:
        await act
    return refused.value


async def says(room: Room, by: Colleague, number: str = "5", words: str = WORDS) -> Any:
    return (await room.does(replies.write, by, Message(number, words))).values


async def states(room: Room, by: Colleague) -> list[str]:
    return [one["state"] for one in (await room.sees(by))["messages"]]


def _writes(unit: Unit, now: datetime, *, quiet: bool = False) -> None:
    """She writes to us."""
    from flows.core import Talk  # noqa: PLC0415 - beside its use

    people.keep_talk(unit, HER, Talk(), now, None)
    people.remember(unit, HER, Person(language="en", welcomed=True, quiet=quiet))


async def she_writes(room: Room, *, quiet: bool = False) -> None:
    await room.store.write(_writes, room.now, quiet=quiet)


async def test_a_message_goes_out_at_once_where_she_may_be_written_to(room: Room) -> None:
    huda = await at_work(room)
    assert (await says(room, huda))["state"] == "sent"
    [letter] = await letters(room)
    assert letter.text.startswith(render(OPENING, "en"))
    assert WORDS in letter.text
    [item] = [one for one in await room.reads(huda) if one.kind == "message"]
    assert item.content == {"id": "5", "words": WORDS, "language": "en"}
    assert (await room.sees(huda))["answeredAt"] == room.now


async def test_the_preview_is_what_she_sees_to_the_letter(room: Room) -> None:
    huda = await at_work(room)
    seen = (await room.does(replies.preview, huda, Draft(WORDS))).values
    await says(room, huda)
    [letter] = await letters(room)
    assert (seen["text"], seen["language"], seen["state"]) == (letter.text, "en", "now")


async def test_a_message_sent_twice_arrives_once(room: Room) -> None:
    huda = await at_work(room)
    await asyncio.gather(says(room, huda), says(room, huda))
    await says(room, huda)
    assert len(await letters(room)) == 1
    assert len([one for one in await room.reads(huda) if one.kind == "message"]) == 1


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_the_beginning_is_all_that_a_locked_phone_shows_and_it_tells_nothing(
    room: Room, language: Language
) -> None:
    huda = await at_work(room, language=language)
    await says(room, huda, words="بلاغ تهديد threat")
    [letter] = await letters(room)
    first = letter.text[:40]
    assert not [word for word in ON_A_LOCKED_PHONE if word in normalise(first)]
    assert not ON_A_LOCKED_PHONE_ENGLISH.search(first)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_there_are_ready_sentences_that_fit_and_begin_harmlessly(language: Language) -> None:
    assert len(READY) >= 10
    for text in READY.values():
        said = render(text, language)
        assert len(said) < 200
        assert not [word for word in ON_A_LOCKED_PHONE if word in normalise(said[:40])], said
        assert not ON_A_LOCKED_PHONE_ENGLISH.search(said[:40]), said


async def test_outside_her_hours_it_is_held_and_goes_out_in_them(room: Room) -> None:
    huda = await at_work(room, hours="morning")
    room.passes(**NIGHT)
    held = await says(room, huda)
    assert held["state"] == "held"
    assert "goes out at" in render(held["why"], "en")
    room.passes(hours=3)
    await room.store.write(replies.send_due, room.world())
    assert await letters(room) == []
    room.passes(hours=5)
    await asyncio.gather(*(room.store.write(replies.send_due, room.world()) for _ in range(3)))
    assert len(await letters(room)) == 1
    assert await states(room, huda) == ["sent"]


@pytest.mark.parametrize("reach", ["call", "message", ""])
async def test_where_this_chat_is_not_her_way_it_waits_until_she_writes(room: Room, reach: str) -> None:
    huda = await at_work(room, reach=reach)
    assert (await says(room, huda))["state"] == "held"
    room.passes(days=1)
    await room.store.write(replies.send_due, room.world())
    assert await letters(room) == []
    await she_writes(room)
    await room.store.write(replies.release, HER, room.world())
    assert len(await letters(room)) == 1


async def test_she_who_is_in_danger_and_was_asked_nothing_is_answered_here(room: Room) -> None:
    huda = await room.has("Huda")
    await room.she_reports("critical", reach="", hours="")
    await room.does(work_take.take, huda, Nothing())
    await she_writes(room)
    room.passes(hours=17)
    assert (await says(room, huda))["state"] == "sent"


async def test_while_she_writes_she_is_answered_whatever_the_hour(room: Room) -> None:
    huda = await at_work(room, reach="call", hours="morning")
    room.passes(**NIGHT)
    await she_writes(room)
    room.passes(minutes=10)
    assert (await says(room, huda))["state"] == "sent"


async def test_while_it_isnt_safe_for_her_to_write_nothing_goes_out(room: Room) -> None:
    huda = await at_work(room)
    await she_writes(room, quiet=True)
    held = await says(room, huda)
    assert held["state"] == "held"
    await room.store.write(replies.release, HER, room.world())
    assert await letters(room) == []


async def test_she_who_asked_not_to_be_reached_is_never_written_to_and_nothing_is_kept(room: Room) -> None:
    huda = await at_work(room, reach="do_not")
    await she_writes(room)
    refused = await refusal(says(room, huda))
    assert (refused.status, refused.code) == (409, "not_now")
    assert (await room.sees(huda))["messages"] == []
    assert [one for one in await room.reads(huda) if one.kind == "message"] == []
    assert (await room.does(replies.preview, huda, Draft(WORDS))).values["state"] == "refused"


async def test_what_is_held_is_dropped_when_she_takes_it_all_back(room: Room) -> None:
    huda = await at_work(room, reach="call")
    await says(room, huda)
    await room.she("withdrawn")
    room.passes(hours=2)
    await room.store.write(replies.send_due, room.world())
    assert await states(room, huda) == ["dropped"]
    assert await room.store.read(kept.body, 5) is None
    assert (await refusal(says(room, huda, "6"))).code == "not_now"


async def safe(room: Room) -> list[bool]:
    """What is asked of each message just before it leaves."""
    claimed = await room.store.write(outbox.claim, "telegram", Lane.RELAY, 100, room.now)
    return [await room.store.write(replies.still_safe, letter, room.world()) for letter in claimed]


async def test_a_message_that_waited_for_the_network_does_not_go_out_beyond_her_hours(room: Room) -> None:
    huda = await at_work(room, hours="morning")
    assert (await says(room, huda))["state"] == "sent"
    room.passes(**NIGHT)
    assert await safe(room) == [False]
    assert await safe(room) == []
    room.passes(hours=8)
    assert await safe(room) == [True]


async def test_a_message_that_waited_does_not_follow_her_word_that_it_is_not_safe(room: Room) -> None:
    huda = await at_work(room)
    await says(room, huda)
    await she_writes(room, quiet=True)
    assert await safe(room) == [False]
    await she_writes(room)
    found = await room.store.read(people.recall, HER)
    assert found is not None
    await room.store.write(outbox.hasten, found[2], room.now)
    assert await safe(room) == [True]


async def test_a_message_that_waited_is_called_back_when_she_takes_it_all_back(room: Room) -> None:
    huda = await at_work(room)
    await says(room, huda)
    await room.she("withdrawn")
    assert await safe(room) == [False]
    room.passes(hours=2)
    assert await safe(room) == []


async def test_what_is_held_can_be_taken_back_and_what_went_out_can_not(room: Room) -> None:
    huda = await at_work(room, reach="call")
    await says(room, huda)
    await room.does(replies.take_back, huda, Nothing(), number=5)
    assert await states(room, huda) == ["back"]
    await she_writes(room)
    await room.store.write(replies.release, HER, room.world())
    assert await letters(room) == []
    await says(room, huda, "6")
    assert (await refusal(room.does(replies.take_back, huda, Nothing(), number=6))).code == "not_now"


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
async def test_a_message_has_words_and_not_too_many(room: Room, words: str) -> None:
    huda = await at_work(room)
    assert (await refusal(says(room, huda, words=words))).status == 400


async def test_finding_01_nobody_else_writes_to_her_or_takes_a_message_back(room: Room) -> None:
    huda = await at_work(room, reach="call")
    rim = await room.has("Rim")
    await says(room, huda)
    for act in (
        says(room, rim, "6"),
        room.does(replies.preview, rim, Draft(WORDS)),
        room.does(replies.take_back, rim, Nothing(), number=5),
    ):
        assert (await refusal(act)).status == 404
    assert (await refusal(room.does(replies.take_back, huda, Nothing(), number=99))).status == 404


async def test_a_held_message_of_a_colleague_who_left_still_goes_out_once(room: Room) -> None:
    huda = await at_work(room, reach="call")
    await says(room, huda)
    await room.does(work_people.take_off, huda, Off(), number=huda.who.staff)
    await she_writes(room)
    await room.store.write(replies.release, HER, room.world())
    assert len(await letters(room)) == 1
    assert (await room.store.read(work.times, (await room.case()).id)).answered_at == room.now


async def told(room: Room) -> list[bool]:
    """What is asked of each line about her case just before it leaves."""
    claimed = await room.store.write(outbox.claim, "telegram", Lane.CONVERSATION, 100, room.now)
    lines = [letter for letter in claimed if letter.key.startswith("told:")]
    return [await room.store.write(still_true, letter, room.world()) for letter in lines]


async def test_a_line_about_her_case_goes_out_while_it_is_true(room: Room) -> None:
    huda = await room.has("Huda")
    await room.she_reports()
    await room.does(work_take.take, huda, Nothing())
    asked = await told(room)
    assert asked
    assert all(asked)


async def test_a_line_that_waited_too_long_or_is_not_safe_any_more_is_called_back(room: Room) -> None:
    huda = await room.has("Huda")
    await room.she_reports()
    await room.does(work_take.take, huda, Nothing())
    await room.does(work_take.contact, huda, Nothing())
    room.passes(minutes=1)
    await she_writes(room, quiet=True)
    assert not any(await told(room))
    assert await told(room) == []
