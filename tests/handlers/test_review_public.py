"""What is kept of the public and sent to it, where it had no end, came too late, or stood beside another list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from flows.broadcast import Audience, Frozen, letter_key
from flows.core import Answer, AskStakeholder, Person, Said, Study, Talk
from flows.public import Subscription
from handlers import box, box_desk, broadcasts, courses, inbound, outcomes, public, statuses, stories, subscribing
from handlers.channel import Inbound, Undeliverable
from handlers.lanes import Ready
from handlers.wiping import begin
from messages import raw
from storage import backup, learners, outbox, people, recipients, subscribers, wipes
from storage import box as kept
from storage import stories as told
from storage.outbox import Lane, Letter
from storage.recipients import Listed
from storage.store import Store
from storage.stories import Body, Story
from storage.unit import Unit
from tests.desk.working import Room

HER = ("telegram", "4711")
ASKED = AskStakeholder("association", "When does the office open?")
MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 20, tzinfo=UTC)


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store, now=MORNING)


async def met(room: Room, person: Person | None = None) -> people.Known:
    """She wrote to us a day ago."""

    def act(unit: Unit) -> people.Known:
        known = people.meet(unit, 7, *HER)
        people.keep_talk(unit, known.id, Talk(), room.now - timedelta(days=1), None)
        if person is not None:
            people.remember(unit, known.id, person)
        return known

    return await room.store.write(act)


# ---------------------------------------------------------------- a draft


def test_a_draft_that_is_kept_for_a_day_is_so_while_a_lesson_is_open_over_it(room: Room) -> None:
    draft = Talk("report", {"danger": Answer(codes=("safe",))}, kept_long=True)
    keep = room.rules.retention
    assert inbound.silence(Talk("lesson", under=draft), room.world()) == keep.kept_draft
    assert inbound.silence(Talk("lesson", under=Talk("report", draft.answers)), room.world()) == keep.draft_silence


# ---------------------------------------------------------------- the question box


async def asks(room: Room) -> int:
    assert await room.store.write(box.ask, *HER, "en", ASKED, room.world()) is None
    (entry,) = await room.store.read(kept.in_state, "asked")
    return entry.id


async def brought(room: Room) -> Letter:
    """The answer to her question, released by a second person, and claimed to be sent."""
    number, world = await asks(room), room.world()
    assert await room.store.write(box_desk.answer_for_us, number, "On Sunday.", 1, world) is None
    assert await room.store.write(box_desk.release, number, 2, world) is None
    (letter,) = await room.store.write(outbox.claim, HER[0], Lane.RELAY, 9, room.now)
    return letter


async def test_questions_that_her_chat_may_not_show_are_not_told_by_a_refusal(room: Room) -> None:
    """Under another word than hers none of before is in sight: five more are taken, and then it is enough."""
    for _ in range(10):
        assert await room.store.write(box.ask, *HER, "en", ASKED, room.world()) is None
    assert await room.store.write(box.ask, *HER, "en", ASKED, room.world()) is not None


async def test_a_question_that_nobody_moves_on_has_an_end(room: Room) -> None:
    await met(room)
    await asks(room)
    room.passes(days=89)
    await room.store.write(box.sweep, room.world())
    assert [one.state for one in await room.store.read(kept.of_asker, *HER)] == ["asked"]
    room.passes(days=3)
    await room.store.write(box.sweep, room.world())
    assert [one.state for one in await room.store.read(kept.of_asker, *HER)] == ["refused"]
    assert len(await room.store.write(outbox.claim, HER[0], Lane.RELAY, 9, room.now)) == 1, "she is told, kindly"
    room.passes(days=32)
    assert await room.store.write(box.sweep, room.world()) == 1
    assert await room.store.read(kept.of_asker, *HER) == []


async def test_an_answer_does_not_come_by_night(room: Room) -> None:
    await met(room)
    letter = await brought(room)
    assert await room.store.write(box.still_safe, letter, room.world())
    room.now = NIGHT
    assert not await room.store.write(box.still_safe, letter, room.world())
    room.now = NIGHT + timedelta(hours=9)
    (again,) = await room.store.write(outbox.claim, HER[0], Lane.RELAY, 9, room.now)
    assert await room.store.write(box.still_safe, again, room.world())


async def test_it_does_come_by_night_to_her_who_is_just_writing(room: Room) -> None:
    room.now = NIGHT
    known = await met(room)
    letter = await brought(room)
    await room.store.write(lambda unit: people.keep_talk(unit, known.id, Talk(), NIGHT, None))
    assert await room.store.write(box.still_safe, letter, room.world())


async def test_the_night_is_that_of_her_own_clock(room: Room) -> None:
    await met(room)
    abroad = Subscription(("tips",), area="abroad", zone="America/New_York")
    await room.store.write(subscribing.subscribe, *HER, abroad, room.world())
    letter = await brought(room)
    assert not await room.store.write(box.still_safe, letter, room.world())


async def test_a_question_cannot_be_joined_with_the_person_by_anything_that_the_disk_holds(room: Room) -> None:
    def asks_and_is_answered(unit: Unit) -> None:
        known = people.meet(unit, 7, *HER)
        wipes.note(unit, known.id, "1", room.now)
        people.keep_talk(unit, known.id, Talk(), room.now, None)
        box.ask(unit, *HER, "en", ASKED, room.world())
        outbox.add(unit, "in:1", HER[0], known.index, Lane.CONVERSATION, outbox.body(HER[1], "en", raw("")), room.now)

    await room.store.write(asks_and_is_answered)
    hers = await room.store.read(lambda unit: set(_values(unit, "box")))
    assert len(hers) >= 3, "there is something to join by"
    others = await room.store.read(
        lambda unit: {value for table in backup.tables() if table != "box" for value in _values(unit, table)}
    )
    assert hers & others == set()


def _values(unit: Unit, table: str) -> Iterator[object]:
    for row in unit.all(f"SELECT {', '.join(backup.tables()[table])} FROM {table}"):
        for value in row:
            found = bytes(value) if isinstance(value, bytes | memoryview) else value
            if isinstance(found, bytes) or (isinstance(found, int) and found > 1_000):
                yield found


# ---------------------------------------------------------------- everything is deleted


async def test_who_has_everything_deleted_is_interested_in_nothing_any_more(room: Room) -> None:
    words = ("بئر", "A well", "نحفر بئرًا.", "We dig a well.")

    def joins(unit: Unit) -> None:
        told.add(unit, Story(21, "initiative", "draft", Body(*words, (1,)), 1, None, room.now))
        told.publish(unit, 21, 2, room.now)
        stories.join_in(unit, *HER, 21)
        stories.join_in(unit, HER[0], "another", 21)

    await room.store.write(joins)
    await room.store.write(public.destroy, *HER, room.world())
    (story,) = await room.store.read(stories.published, "initiative", *HER)
    assert not story.joined
    assert await room.store.read(told.interested) == {21: 1}, "nobody else's is touched"


# ---------------------------------------------------------------- she is gone, or chose otherwise


async def test_a_reply_that_cannot_reach_her_any_more_ends_what_is_sent_unasked_as_well(room: Room) -> None:
    known = await met(room)
    await room.store.write(subscribing.subscribe, *HER, Subscription(("tips",)), room.world())
    await room.store.write(courses.study, *HER, "en", Study("enrol", "digital", hour=9), room.world())
    letter = Letter(
        9, "in:telegram:1:0", known.index, Lane.CONVERSATION, outbox.body(HER[1], "en", raw("")), 0, room.now
    )
    verdict = outcomes.judge(letter, Undeliverable("403", gone=True), room.now)
    await room.store.write(outcomes.record, Ready(9, letter, None), HER[0], verdict, room.world())
    assert await room.store.read(subscribers.count) == 0
    assert await room.store.read(courses.learning_of, *HER) is None


async def test_nor_does_it_go_on_after_a_status_that_says_so(room: Room) -> None:
    known = await met(room)
    await room.store.write(subscribing.subscribe, *HER, Subscription(("tips",)), room.world())

    def sends(unit: Unit) -> None:
        body = outbox.body(HER[1], "en", raw("Hello"))
        outbox.add(unit, "in:1:0", HER[0], known.index, Lane.CONVERSATION, body, room.now)
        outbox.claim(unit, HER[0], Lane.CONVERSATION, 9, room.now)
        statuses.record_status(unit, "in:1:0", "SM1", 2, Undeliverable("63033", gone=True), room.world())

    await room.store.write(sends)
    assert await room.store.read(subscribers.count) == 0


async def test_what_waits_in_the_outbox_goes_by_what_she_chooses_now(room: Room) -> None:
    await room.store.write(subscribing.subscribe, *HER, Subscription(("tips", "meetings")), room.world())
    frozen = Frozen("Tips", {"ar": "نصيحة", "en": "A tip"}, Audience("tips"))

    def put_out(unit: Unit) -> tuple[int, int]:
        her = subscribers.find(unit, *HER)
        assert her is not None
        run = broadcasts.launch(unit, frozen, room.now, room.world(), kind="tip")
        recipients.add(unit, run, [Listed(her.id, HER[0], room.now)])
        recipients.queue(unit, run, her.id, template=False)
        body = outbox.body(HER[1], "ar", raw("نصيحة"))
        outbox.add(unit, letter_key(run, her.id), HER[0], her.index, Lane.BROADCAST, body, room.now)
        return run, her.id

    run, number = await room.store.write(put_out)
    await room.store.write(subscribing.subscribe, *HER, Subscription(("meetings",)), room.world())
    assert await room.store.write(outbox.claim, HER[0], Lane.BROADCAST, 9, room.now) == []
    assert await room.store.read(recipients.state_of, run, number) == "pending", "she is looked at anew"


# ---------------------------------------------------------------- hiding


async def test_what_is_just_leaving_unasked_when_she_hides_the_chat_is_deleted_when_it_arrives(room: Room) -> None:
    known = await met(room)

    def hides(unit: Unit) -> tuple[list[int], frozenset[str]]:
        index = unit.vault.index(learners.who(*HER))
        body = outbox.body(HER[1], "ar", raw("درس اليوم جاهز"))
        outbox.add(unit, "lesson:1:1", HER[0], index, Lane.BROADCAST, body, room.now)
        (letter,) = outbox.claim(unit, HER[0], Lane.BROADCAST, 9, room.now)
        begin(unit, known, Inbound("telegram", "5", HER[1], Said("0")), room.world())
        (wipe,) = wipes.take(unit, room.now, room.now + timedelta(seconds=20), 9)
        return [one - letter.id for one in wipe.letters], frozenset(unit.wakes)

    left, wakes = await room.store.write(hides)
    assert left == [0]
    assert "broadcasts" in wakes, "what was let go a moment ago is asked for again"
