"""Her line on the list: put there by her alone, gone at once with all that was on its way, tied to nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.broadcast import Audience, Frozen
from flows.core import Commanded, Event, Said, Study, Subscribe, Unsubscribe
from flows.public import Learning, Public, Subscription
from handlers import broadcasts, courses, inbound, public, subscribing
from handlers.channel import Inbound
from handlers.destroying import everything
from messages import raw
from storage import backup, ending, figures, learners, outbox, people, recipients, subscribers, wipes
from storage.outbox import Lane
from storage.recipients import Listed
from storage.store import Store
from storage.unit import Unit
from tests.desk.working import Room
from tests.handlers.alarm_town import MONDAY

CHANNEL, ADDRESS = "whatsapp", "+967777716354"
HERS = Subscription(("tips", "meetings"), "ar", area="marib", hours="evening", spacing=3)
FROZEN = Frozen("Tips", {"ar": "نصيحة", "en": "A tip"}, Audience("tips"))


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store)


def found(unit: Unit) -> Subscription | None:
    subscriber = subscribers.find(unit, CHANNEL, ADDRESS)
    return subscriber.facts.subscription if subscriber else None


async def subscribes(room: Room, subscription: Subscription = HERS) -> None:
    await room.store.write(subscribing.subscribe, CHANNEL, ADDRESS, subscription, room.world())


async def leaves(room: Room) -> None:
    await room.store.write(subscribing.unsubscribe, CHANNEL, ADDRESS, room.world())


async def writes(room: Room, event: Event, key: str) -> None:
    """A message of hers, received as every message is."""
    received = Inbound("whatsapp", key, ADDRESS, event)
    await room.store.write(inbound.receive, received, room.world())


def counted(unit: Unit) -> dict[str, dict[str, int]]:
    return {name: dict(figures.totals(unit, name)) for name in (subscribing.SUBSCRIBED, subscribing.UNSUBSCRIBED)}


# ---------------------------------------------------------------- on the list, and off it


async def test_what_she_asked_for_is_kept_and_changed_in_its_place(room: Room) -> None:
    await subscribes(room)
    assert await room.store.read(found) == HERS
    other = replace(HERS, topics=("tips",), hours="any")
    await subscribes(room, other)
    assert await room.store.read(found) == other
    assert await room.store.read(subscribers.count) == 1


async def test_a_subscription_to_nothing_is_none(room: Room) -> None:
    await subscribes(room, replace(HERS, topics=()))
    assert await room.store.read(found) is None
    await subscribes(room)
    await subscribes(room, replace(HERS, topics=()))
    assert await room.store.read(found) is None


async def test_who_leaves_is_deleted_and_to_leave_twice_is_nothing(room: Room) -> None:
    await subscribes(room)
    await leaves(room)
    await leaves(room)
    assert await room.store.read(subscribers.count) == 0


async def test_a_leader_stays_one_when_he_changes_what_he_receives(room: Room) -> None:
    facts = subscribers.Facts(ADDRESS, Subscription(), "tribal")
    await room.store.write(subscribers.put, 7, CHANNEL, facts, room.now)
    for subscription in (HERS, Subscription()):
        await subscribes(room, subscription)
        kept = await room.store.read(subscribers.find, CHANNEL, ADDRESS)
        assert kept is not None
        assert (kept.facts.leader, kept.facts.subscription) == ("tribal", subscription)


async def test_it_is_counted_by_topic_and_month_and_a_change_counts_what_changed(room: Room) -> None:
    await subscribes(room)
    await subscribes(room, replace(HERS, hours="any"))
    await subscribes(room, replace(HERS, topics=("tips", "courses")))
    await leaves(room)
    assert await room.store.read(counted) == {
        "subscribed": {"courses": 1, "meetings": 1, "tips": 1},
        "unsubscribed": {"courses": 1, "meetings": 1, "tips": 1},
    }
    assert list(await room.store.read(figures.monthly, "subscribed")) == ["2026-01"]


# ---------------------------------------------------------------- what is on its way


async def is_sent(room: Room, states: dict[str, str]) -> int:
    """A run with a recipient in each state, and a letter to her in each; returns her number."""

    def act(unit: Unit) -> int:
        her = subscribers.find(unit, CHANNEL, ADDRESS)
        assert her is not None
        body = outbox.body(ADDRESS, "ar", raw("نصيحة"))
        for place, (letter, recipient) in enumerate(states.items()):
            world = replace(room.world(), now=room.now + timedelta(seconds=place))
            run = broadcasts.launch(unit, FROZEN, room.now, world, kind="tip")
            recipients.add(unit, run, [Listed(her.id, CHANNEL, room.now)])
            sql = "UPDATE recipients SET state = :state WHERE run_id = :run"
            unit.do(sql, {"state": recipient, "run": run})
            key = f"cast:{run}:{place}"
            outbox.add(unit, key, CHANNEL, her.index, Lane.BROADCAST, body, room.now, state=letter)
        return her.id

    return await room.store.write(act)


def fates(unit: Unit) -> list[tuple[str, str | None, bool]]:
    rows = unit.all("SELECT state, why, body IS NULL FROM letters WHERE lane = 3 ORDER BY id")
    return [(state, why, bool(gone)) for state, why, gone in rows]


async def test_leaving_calls_back_what_waits_and_what_is_leaving_goes_once(room: Room) -> None:
    await subscribes(room)
    her = await is_sent(
        room, {"waiting": "queued", "held": "queued", "doubt": "doubt", "sending": "queued", "delivered": "delivered"}
    )
    await leaves(room)
    cancelled = ("cancelled", "wiped", True)
    assert await room.store.read(fates) == [
        cancelled,
        cancelled,
        cancelled,
        ("sending", "wiped", False),
        ("delivered", None, False),
    ]
    rows = await room.store.read(
        lambda unit: unit.all("SELECT state FROM recipients WHERE subscriber_id = :her", {"her": her})
    )
    assert sorted(state for (state,) in rows) == ["delivered", *["unsubscribed"] * 4]


async def test_a_letter_that_was_claimed_and_not_begun_is_withdrawn(room: Room) -> None:
    await subscribes(room)
    await is_sent(room, {"sending": "queued"})
    await leaves(room)
    gone = list(await room.store.read(wipes.on_their_way, CHANNEL))
    assert len(gone) == 1
    await room.store.write(wipes.call_back, gone)
    assert await room.store.read(fates) == [("cancelled", "wiped", True)]


async def test_nothing_of_another_reader_is_called_back(room: Room) -> None:
    other = "+967777716355"
    await room.store.write(subscribing.subscribe, CHANNEL, other, HERS, room.world())
    body = outbox.body(other, "ar", raw("نصيحة"))

    def waits(unit: Unit) -> None:
        index = unit.vault.index(subscribers.who(CHANNEL, other))
        outbox.add(unit, "cast:9:9", CHANNEL, index, Lane.BROADCAST, body, room.now)

    await room.store.write(waits)
    await subscribes(room)
    await leaves(room)
    assert await room.store.read(fates) == [("waiting", None, False)]
    assert await room.store.read(subscribers.count) == 1


async def test_her_course_waits_where_she_is(room: Room) -> None:
    await room.store.write(courses.study, CHANNEL, ADDRESS, "ar", Study("enrol", "digital", hour=9), room.world())
    await leaves(room)
    learning = await room.store.read(courses.learning_of, CHANNEL, ADDRESS)
    assert learning is not None
    assert (learning.state, learning.course) == ("paused", "digital")


# ---------------------------------------------------------------- for good, until she returns


@pytest.mark.parametrize("gone", ["stop", "blocked"])
async def test_nothing_but_choosing_brings_her_back(room: Room, gone: str) -> None:
    await subscribes(room)
    if gone == "stop":
        await writes(room, Said("إيقاف"), "1")
    else:
        left = Inbound("whatsapp", "1", ADDRESS, Commanded("x"), gone="blocked")
        await room.store.write(inbound.receive, left, room.world())
        back = Inbound("whatsapp", "2", ADDRESS, Commanded("x"), gone="back")
        await room.store.write(inbound.receive, back, room.world())
    for number, words in enumerate(("مرحبا", "start", "نصائح", "1", "اشتراك", "نعم"), 10):
        await writes(room, Said(words), str(number))
        assert await room.store.read(found) is None, words


async def test_the_platform_says_she_takes_nothing_and_she_is_on_no_list(room: Room) -> None:
    await subscribes(room)
    await room.store.write(courses.study, CHANNEL, ADDRESS, "ar", Study("enrol", "digital", hour=9), room.world())
    await room.store.write(public.gone, CHANNEL, ADDRESS, room.world())
    assert await room.store.read(found) is None
    assert await room.store.read(courses.learning_of, CHANNEL, ADDRESS) is None


async def test_whoever_never_asked_for_it_is_on_no_list(room: Room) -> None:
    """She writes, tells, learns what there is and looks around: nothing of that is a subscription."""
    words = (
        "مرحبا",
        "العربية",
        "1",
        "هذا كل شيء",
        "نصائح",
        "1",
        "رجوع",
        "القائمة",
        "1",
        "طلبي",
        "نصائح",
        "2",
        "ليس الآن",
    )
    for number, said in enumerate(words):
        await writes(room, Said(said), str(number))
    assert await room.store.read(subscribers.count) == 0


# ---------------------------------------------------------------- shown where it may be, by the number that she sees


def last_letter(unit: Unit) -> outbox.Body:
    (letter,) = outbox.claim(unit, CHANNEL, Lane.CONVERSATION, 200, MONDAY + timedelta(days=1))[-1:]
    return letter.body


async def test_what_stands_at_a_number_is_what_the_number_opens_from_a_draft_too(room: Room) -> None:
    """Opened in the middle of a report, the hub offers to stop; and that number stops."""
    await subscribes(room)
    for number, said in enumerate(("مرحبا", "العربية", "1", "هذا كل شيء", "1", "نعم، آمنة", "نصائح")):
        await writes(room, Said(said), str(number))
    shown = await room.store.write(last_letter)
    labels = [str(choice.label[1]) for choice in shown.choices]
    assert "Stop all of it" in labels
    await writes(room, Said(str(labels.index("Stop all of it") + 1)), "99")
    assert await room.store.read(found) is None


# ---------------------------------------------------------------- tied to nothing


async def test_a_subscriber_cannot_be_joined_with_a_person_by_anything_that_the_disk_holds(room: Room) -> None:
    """The same woman writes, is answered and subscribes in one moment: no value of one stands beside the other."""
    words = ("مرحبا", "العربية", "1", "هذا كل شيء", "نصائح", "1", "نعم", "1، 4", "مأرب", "1", "1", "نعم")
    for number, said in enumerate(words):
        await writes(room, Said(said), str(number))
        room.passes(seconds=7)
    assert await room.store.read(subscribers.count) == 1
    hers = await room.store.read(lambda unit: set(_values(unit, "subscribers")))
    assert len(hers) >= 4, "there is something to join by"
    others = await room.store.read(
        lambda unit: {value for table in backup.tables() if table != "subscribers" for value in _values(unit, table)}
    )
    assert hers & others == set()


def _values(unit: Unit, table: str) -> Iterator[object]:
    """Every value by which a row could be recognised: channels, yes and no, and counts could be anybody's."""
    for row in unit.all(f"SELECT {', '.join(backup.tables()[table])} FROM {table}"):
        for value in row:
            kept = bytes(value) if isinstance(value, bytes | memoryview) else value
            if (
                isinstance(kept, bytes)
                or (isinstance(kept, int) and kept > 1_000)
                or (isinstance(kept, str) and kept != CHANNEL)
            ):
                yield kept


async def test_nor_can_one_who_learns(room: Room) -> None:
    for number, said in enumerate(("مرحبا", "العربية", "1", "هذا كل شيء")):
        await writes(room, Said(said), str(number))
        room.passes(seconds=7)

    def enrols(unit: Unit) -> None:
        inbound.receive(unit, Inbound("whatsapp", "9", ADDRESS, Said("نصائح")), room.world())
        courses.study(unit, CHANNEL, ADDRESS, "ar", Study("enrol", "digital", hour=9), room.world())

    await room.store.write(enrols)
    hers = await room.store.read(lambda unit: set(_values(unit, "learners")))
    assert len(hers) >= 4
    others = await room.store.read(
        lambda unit: {value for table in backup.tables() if table != "learners" for value in _values(unit, table)}
    )
    assert hers & others == set()


async def test_only_the_day_is_kept_on_which_she_joined(room: Room) -> None:
    await subscribes(room)
    rows = await room.store.read(lambda unit: unit.all("SELECT joined_at FROM subscribers"))
    assert [joined % (24 * 60 * 60 * 1000) for (joined,) in rows] == [0]


# ---------------------------------------------------------------- all of it goes


async def test_everything_deleted_is_the_subscription_the_course_and_what_was_sent_too(room: Room) -> None:
    await writes(room, Said("مرحبا"), "1")
    await subscribes(room)
    await is_sent(room, {"waiting": "queued", "delivered": "delivered", "sent": "sent"})
    await room.store.write(courses.study, CHANNEL, ADDRESS, "ar", Study("enrol", "digital", hour=9), room.world())
    indexes = await room.store.read(
        lambda unit: {unit.vault.index(who(CHANNEL, ADDRESS)) for who in (subscribers.who, learners.who, people.who)}
    )
    room.passes(hours=1)

    def destroys(unit: Unit) -> None:
        known = people.find(unit, CHANNEL, ADDRESS, room.now)
        assert known is not None
        public.destroy(unit, CHANNEL, ADDRESS, room.world())
        everything(unit, known, room.world())

    await room.store.write(destroys)
    left = await room.store.read(
        lambda unit: [table for table in backup.tables() for value in _values(unit, table) if value in indexes]
    )
    assert left == []
    assert await room.store.read(counted) == {
        "subscribed": {"meetings": 1, "tips": 1},
        "unsubscribed": {"meetings": 1, "tips": 1},
    }


async def test_what_waits_for_a_subscriber_is_no_orphan_of_somebody_who_was_destroyed(room: Room) -> None:
    """She never wrote as a person that we know: her letters have a reader who is not among people."""
    await subscribes(room)
    await is_sent(room, {"waiting": "queued"})
    await writes(room, Said("مرحبا"), "1")

    def destroys(unit: Unit) -> None:
        known = people.find(unit, CHANNEL, ADDRESS, room.now)
        assert known is not None
        everything(unit, known, room.world())
        ending.take_orphans(unit, room.now + timedelta(hours=2), room.now - timedelta(days=1))

    await room.store.write(destroys)
    assert await room.store.read(fates) == [("waiting", None, False)]


async def test_what_she_is_told_of_herself_holds_all_of_it(room: Room) -> None:
    await subscribes(room)
    await room.store.write(courses.study, CHANNEL, ADDRESS, "ar", Study("enrol", "digital", hour=9), room.world())
    hers = await room.store.read(public.of_address, CHANNEL, ADDRESS)
    assert hers.subscription == HERS
    assert isinstance(hers.learning, Learning)
    assert await room.store.read(public.of_address, CHANNEL, "+967777716355") == Public()


async def test_the_effects_lead_here(room: Room) -> None:
    her = Inbound("whatsapp", "1", ADDRESS, Said("x"))
    await room.store.write(public.carry, her, "ar", Subscribe(HERS), room.world())
    assert await room.store.read(found) == HERS
    await room.store.write(public.carry, her, "ar", Unsubscribe(), room.world())
    assert await room.store.read(found) is None
