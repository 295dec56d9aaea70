"""Wiping a chat: what is deleted, what is called back, what stays, and that it ends, whatever the platform answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.preview import Preview
from bot.channels.telegram.channel import Telegram
from bot.channels.voice.channel import Voice
from bot.channels.whatsapp.channel import WhatsApp
from bot.mechanism import load
from bot.settings import ROOT
from bot.wiring import DRAW
from flows.core import Said
from handlers import wiping
from handlers.channel import Channel, ChannelName, Delivered, Inbound, Limits, Moved, Outcome, TryLater, Undeliverable
from handlers.draw import World
from handlers.wiper import HUNDRED, Wiper, erase_now
from handlers.wiping import ERASABLE
from messages import raw
from storage import cases, outbox, people, replies, staff, wipes
from storage.outbox import Lane
from storage.people import who
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit
from tests.handlers.test_media import Shelf

NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = load(ROOT / "mechanism")
HER, CHAT = 7, "1001"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@dataclass
class Board(Shelf):
    """A platform that deletes what it is asked to, or answers as it is told."""

    answers: list[Outcome | Exception] = field(default_factory=list)
    asked_for: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)

    async def erase(self, address: str, messages: Sequence[str]) -> Outcome:
        self.asked_for.append((address, tuple(messages)))
        answer = self.answers.pop(0) if self.answers else Delivered("")
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Delivered):
            self.deleted |= set(messages)
        return answer


def telegram() -> Board:
    return Board(limits=Limits(None, 4096, 8, erases=timedelta(hours=48)))


@dataclass
class Chat:
    """Her chat, our database, and the clock."""

    store: Store
    board: Board = field(default_factory=telegram)
    channel: ChannelName = "telegram"
    now: datetime = NOON
    faults: list[Exception] = field(default_factory=list)

    def world(self) -> World:
        return World(self.now, RULES, DRAW)

    async def opens(self, *, staff_too: bool = False) -> None:
        if staff_too:
            await self.store.write(staff.add, 50, staff.Facts("هدى", "ar"), "focal_point", {self.channel: CHAT}, NOON)
        await self.store.write(people.meet, HER, self.channel, CHAT)

    async def she_wrote(self, *messages: str) -> None:
        for message in messages:
            await self.store.write(wiping.note, HER, message, self.now)

    async def puts_out(self, key: str, lane: Lane = Lane.CONVERSATION) -> None:
        def act(unit: Unit) -> None:
            index = unit.vault.index(who(self.channel, CHAT))
            outbox.add(unit, key, self.channel, index, lane, outbox.body(CHAT, "ar", raw("سر")), self.now)

        await self.store.write(act)

    async def claims(self, lane: Lane = Lane.CONVERSATION) -> list[int]:
        letters = await self.store.write(outbox.claim, self.channel, lane, 50, self.now)
        return [letter.id for letter in letters]

    async def settles(self, number: int, state: str = "delivered", **more: Any) -> None:
        await self.store.write(outbox.settle, [outbox.settled(number, state, **more)])

    async def we_wrote(self, key: str, reference: str, lane: Lane = Lane.CONVERSATION) -> None:
        """A letter that arrived."""
        await self.puts_out(key, lane)
        (number,) = await self.claims(lane)
        await self.settles(number, reference=reference, sent_at=self.now)

    async def wipes(self) -> None:
        await self.store.write(self._begins)

    def _begins(self, unit: Unit) -> None:
        known = people.find(unit, self.channel, CHAT, self.now)
        assert known is not None
        wiping.begin(unit, known, Inbound(self.channel, "1", CHAT, Said("طقس اليوم")), self.world())

    async def erases_this(self, message: str) -> None:
        def act(unit: Unit) -> None:
            known = people.find(unit, self.channel, CHAT, self.now)
            assert known is not None
            inbound = Inbound(self.channel, "1", CHAT, Said("كلمة"), message=message)
            wiping.erase_this(unit, known, inbound, self.world())

        await self.store.write(act)

    async def works(self, after: timedelta = timedelta()) -> None:
        """The worker comes by."""
        self.now += after
        await erase_now(self.store, {self.channel: self.board}, self.world)

    async def column(self, sql: str) -> list[Any]:
        return [row[0] for row in await self.store.read(lambda unit: unit.all(sql))]

    async def left(self) -> list[int]:
        return await self.column("SELECT id FROM wipes")

    async def states(self) -> dict[str, str]:
        rows = await self.store.read(lambda unit: unit.all("SELECT key, state FROM letters"))
        return {key: state for key, state in rows}  # noqa: C416 - rows are tuples of any length to mypy


@pytest.fixture
async def chat(store: Store) -> Chat:
    found = Chat(store)
    await found.opens()
    return found


# ---------------------------------------------------------------- what is deleted


async def test_both_sides_go_the_newest_first_and_no_id_is_left_here(chat: Chat) -> None:
    await chat.she_wrote("9", "11")
    await chat.we_wrote("in:telegram:1:0", "10 12")
    await chat.wipes()
    await chat.works()
    assert chat.board.asked_for == [(CHAT, ("12", "11", "10", "9"))]
    assert await chat.left() == []
    assert await chat.column("SELECT message FROM her_messages") == []
    assert await chat.column("SELECT reference FROM letters WHERE reference IS NOT NULL") == []


async def test_many_go_in_hundreds(chat: Chat) -> None:
    await chat.she_wrote(*(str(number) for number in range(1000, 1250)))
    await chat.wipes()
    await chat.works()
    assert [len(messages) for _, messages in chat.board.asked_for] == [HUNDRED, HUNDRED, 50]
    assert len(chat.board.deleted) == 250


async def test_a_message_that_comes_twice_is_kept_once(chat: Chat) -> None:
    await chat.she_wrote("9", "9")
    assert await chat.column("SELECT message FROM her_messages") == ["9"]


async def test_what_is_older_than_two_days_is_forgotten_and_not_asked_for(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.we_wrote("in:telegram:1:0", "2")
    chat.now += 49 * HOUR
    await chat.she_wrote("3")
    await chat.wipes()
    await chat.works()
    assert chat.board.deleted == {"3"}
    assert await chat.column("SELECT message FROM her_messages") == []
    assert await chat.column("SELECT reference FROM letters WHERE reference IS NOT NULL") == []


async def test_what_is_said_after_it_stays(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.wipes()
    await chat.we_wrote("in:telegram:1:0", "2")
    await chat.she_wrote("3")
    await chat.works()
    assert chat.board.deleted == {"1"}


async def test_the_ids_and_the_chat_lie_sealed_until_they_are_deleted(chat: Chat) -> None:
    await chat.she_wrote("7716354")
    await chat.wipes()
    rows = await chat.store.read(lambda unit: unit.all("SELECT address, messages FROM wipes"))
    assert rows
    assert not any(word in bytes(sealed) for row in rows for sealed in row for word in (b"7716354", CHAT.encode()))


async def test_one_message_of_hers_goes_alone(chat: Chat) -> None:
    await chat.she_wrote("1", "2")
    await chat.puts_out("in:telegram:1:0")
    await chat.erases_this("2")
    await chat.works()
    assert chat.board.deleted == {"2"}
    assert await chat.column("SELECT message FROM her_messages") == ["1"]
    assert await chat.states() == {"in:telegram:1:0": "waiting"}


async def test_a_word_that_came_without_an_id_wipes_nothing(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.erases_this("")
    await chat.works()
    assert chat.board.asked_for == []


# ---------------------------------------------------------------- what is called back


async def test_what_waits_for_her_is_called_back(chat: Chat) -> None:
    await chat.puts_out("in:telegram:1:0")
    await chat.puts_out("broadcast:1:1", Lane.BROADCAST)
    await chat.wipes()
    await chat.puts_out("in:telegram:2:0")
    assert await chat.states() == {
        "in:telegram:1:0": "cancelled",
        "broadcast:1:1": "cancelled",
        "in:telegram:2:0": "waiting",
    }
    assert await chat.column("SELECT key FROM letters WHERE body IS NOT NULL") == ["in:telegram:2:0"]


async def test_a_focal_points_pages_and_rota_are_neither_called_back_nor_deleted(store: Store) -> None:
    chat = Chat(store)
    await chat.opens(staff_too=True)
    await chat.we_wrote("page:1", "1", Lane.PAGE)
    await chat.we_wrote("rota:1", "2")
    await chat.we_wrote("in:telegram:1:0", "3")
    await chat.puts_out("page:2", Lane.PAGE)
    await chat.puts_out("rota:2")
    await chat.puts_out("in:telegram:2:0")
    await chat.wipes()
    await chat.works()
    assert chat.board.deleted == {"3"}
    states = await chat.states()
    assert (states["page:2"], states["rota:2"], states["in:telegram:2:0"]) == ("waiting", "waiting", "cancelled")


async def test_a_page_is_never_called_back(chat: Chat) -> None:
    await chat.puts_out("page:1", Lane.PAGE)
    await chat.wipes()
    assert await chat.states() == {"page:1": "waiting"}


async def test_a_colleagues_message_that_was_called_back_leaves_its_case_waiting_for_an_answer(chat: Chat) -> None:
    await chat.store.write(_replied)
    await chat.puts_out(replies.letter_key(61), Lane.RELAY)
    await chat.wipes()
    assert await chat.states() == {replies.letter_key(61): "cancelled"}
    assert await chat.column("SELECT answered_at FROM cases") == [1]
    assert await chat.column("SELECT what FROM audit") == ["message_dropped"]


async def test_one_that_was_on_its_way_and_never_left_does_too(chat: Chat) -> None:
    await chat.store.write(_replied)
    await chat.puts_out(replies.letter_key(61), Lane.RELAY)
    (number,) = await chat.claims(Lane.RELAY)
    await chat.wipes()
    await chat.store.write(outbox.put_back, number, NOON + HOUR)
    await chat.works(2 * SECOND)
    assert await chat.column("SELECT answered_at FROM cases") == [1]
    assert await chat.left() == []


def _replied(unit: Unit) -> None:
    staff.add(unit, 50, staff.Facts("هدى", "ar"), "focal_point", {"telegram": "2"}, NOON)
    cases.add_reader(unit, 1, "recovery", public_key(bytes(32)), NOON)
    facets = cases.Facets("high", (), {})
    to = cases.readers(unit)
    cases.open_case(unit, 60, "KTR-4MW", bytes(32), person=HER, facets=facets, mechanism="1", now=NOON, to=to)
    replies.add(unit, replies.Reply(61, 60, 50, "sent", NOON, NOON), None)
    cases.note_answered(unit, 60, NOON)


# ---------------------------------------------------------------- what was on its way


async def test_a_letter_that_was_on_its_way_is_deleted_once_it_has_arrived(chat: Chat) -> None:
    await chat.puts_out("in:telegram:1:0")
    (number,) = await chat.claims()
    await chat.wipes()
    await chat.works()
    assert chat.board.asked_for == []
    assert len(await chat.left()) == 1
    await chat.settles(number, reference="5", sent_at=chat.now)
    await chat.works(2 * SECOND)
    assert chat.board.deleted == {"5"}
    assert await chat.left() == []
    assert await chat.column("SELECT reference FROM letters WHERE reference IS NOT NULL") == []


@pytest.mark.parametrize("state", ["waiting", "held", "doubt"])
async def test_a_letter_that_was_on_its_way_is_not_sent_a_second_time(chat: Chat, state: str) -> None:
    await chat.puts_out("in:telegram:1:0")
    (number,) = await chat.claims()
    await chat.wipes()
    await chat.settles(number, state, why="429", due_at=NOON)
    assert await chat.states() == {"in:telegram:1:0": "cancelled"}
    assert await chat.column("SELECT key FROM letters WHERE body IS NOT NULL") == []
    await chat.works(2 * SECOND)
    assert await chat.left() == []


async def test_neither_is_it_after_the_process_died_or_stopped(chat: Chat) -> None:
    for key in ("in:telegram:1:0", "in:telegram:2:0"):
        await chat.puts_out(key)
    first, _ = await chat.claims()
    await chat.wipes()
    await chat.store.write(outbox.give_back, [first])
    await chat.store.write(outbox.recover, "telegram", doubtful=False)
    assert set((await chat.states()).values()) == {"cancelled"}
    await chat.works(2 * SECOND)
    assert await chat.left() == []


async def test_what_was_claimed_and_not_begun_is_taken_from_the_queue(chat: Chat) -> None:
    await chat.puts_out("in:telegram:1:0")
    (number,) = await chat.claims()
    assert await chat.store.read(wipes.on_their_way, "telegram") == set()
    await chat.wipes()
    assert await chat.store.read(wipes.on_their_way, "telegram") == {number}
    await chat.store.write(wipes.call_back, [number])
    assert await chat.states() == {"in:telegram:1:0": "cancelled"}


async def test_on_whatsapp_what_waits_is_called_back_though_nothing_can_be_deleted(store: Store) -> None:
    chat = Chat(store, Board(limits=Limits(None, 1600, 10)), "whatsapp")
    await chat.opens()
    await chat.puts_out("in:whatsapp:1:0")
    (number,) = await chat.claims()
    await chat.settles(number, "sent", reference="SM1", sent_at=NOON)
    await chat.puts_out("in:whatsapp:2:0")
    await chat.wipes()
    await chat.works()
    assert (chat.board.asked_for, await chat.left()) == ([], [])
    assert await chat.states() == {"in:whatsapp:1:0": "sent", "in:whatsapp:2:0": "cancelled"}
    assert await chat.column("SELECT reference FROM letters WHERE reference IS NOT NULL") == ["SM1"]


async def test_on_whatsapp_a_late_refusal_does_not_send_a_letter_again(store: Store) -> None:
    chat = Chat(store, Board(limits=Limits(None, 1600, 10)), "whatsapp")
    await chat.opens()
    await chat.puts_out("in:whatsapp:1:0")
    (number,) = await chat.claims()
    await chat.settles(number, "sent", reference="SM1", sent_at=NOON)
    await chat.wipes()
    assert await chat.store.write(outbox.advance, "in:whatsapp:1:0", "SM1", 5, "held", "outside window")
    assert await chat.states() == {"in:whatsapp:1:0": "cancelled"}


# ---------------------------------------------------------------- what the platform answers


async def test_told_to_wait_it_goes_on_where_it_was_when_the_wait_is_over(chat: Chat) -> None:
    await chat.she_wrote(*(str(number) for number in range(1000, 1150)))
    await chat.wipes()
    chat.board.answers = [Delivered(""), TryLater(NOON + 30 * SECOND, "429", everybody=True)]
    await chat.works()
    await chat.works(29 * SECOND)
    assert len(chat.board.asked_for) == 2
    await chat.works(2 * SECOND)
    assert [len(messages) for _, messages in chat.board.asked_for] == [100, 50, 50]
    assert (len(chat.board.deleted), await chat.left()) == (150, [])


@pytest.mark.parametrize("answer", [TryLater(NOON, "502"), Undeliverable("403", gone=True), Moved("2")])
async def test_other_trouble_is_tried_again_after_growing_waits(chat: Chat, answer: Outcome) -> None:
    await chat.she_wrote("1")
    await chat.wipes()
    chat.board.answers = [answer] * 3
    tried: list[int] = []
    for second in range(10):
        before = len(chat.board.asked_for)
        await chat.works(SECOND if second else timedelta())
        if len(chat.board.asked_for) > before:
            tried.append(second)
    assert tried == [0, 1, 3, 7]
    assert chat.board.deleted == {"1"}


async def test_after_two_days_it_is_given_up(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.wipes()
    chat.board.answers = [TryLater(NOON, "502")]
    await chat.works()
    await chat.works(49 * HOUR)
    assert (len(chat.board.asked_for), await chat.left()) == (1, [])


async def test_where_nothing_can_be_deleted_it_ends(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.wipes()
    chat.board.answers = [Undeliverable("nothing can be deleted here")]
    await chat.works()
    assert await chat.left() == []


async def test_what_breaks_is_told_and_comes_again_and_stops_no_other(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.wipes()
    await chat.erases_this("2")
    chat.board.answers = [OSError("broken")]
    wiper = Wiper(chat.store, {"telegram": chat.board}, chat.world, chat.faults.append)
    assert await wiper.erase_due() == 2
    await wiper.finish()
    assert [str(fault) for fault in chat.faults] == ["broken"]
    assert len(chat.board.deleted) == 1
    await chat.works(wiping.LEASE)
    assert chat.board.deleted == {"1", "2"}


async def test_what_another_process_works_on_is_left_to_it_until_its_time_is_over(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.wipes()
    await chat.store.write(wiping.take_due, 8, chat.world())  # and then it was killed
    await chat.works()
    assert chat.board.asked_for == []
    await chat.works(wiping.LEASE)
    assert chat.board.deleted == {"1"}


async def test_a_wipe_of_a_channel_that_is_not_here_is_left_to_who_has_it(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.wipes()
    await erase_now(chat.store, {}, chat.world)
    assert len(await chat.left()) == 1


# ---------------------------------------------------------------- when ids end


async def test_ids_end_with_the_time_in_which_something_could_be_deleted_by_them(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.we_wrote("in:telegram:1:0", "2")
    chat.now += 2 * HOUR
    await chat.she_wrote("3")
    await chat.we_wrote("in:telegram:2:0", "4")
    chat.now = NOON + 49 * HOUR
    assert await chat.store.write(wiping.sweep, chat.world()) == 2
    assert await chat.column("SELECT message FROM her_messages") == ["3"]
    assert await chat.column("SELECT reference FROM letters WHERE reference IS NOT NULL") == ["4"]


async def test_whatsapps_ids_are_kept_for_their_status(store: Store) -> None:
    chat = Chat(store, channel="whatsapp")
    await chat.opens()
    await chat.we_wrote("in:whatsapp:1:0", "SM1")
    chat.now += 49 * HOUR
    await chat.store.write(wiping.sweep, chat.world())
    assert await chat.column("SELECT reference FROM letters") == ["SM1"]


async def test_a_wipe_that_nobody_worked_on_ends_too(chat: Chat) -> None:
    await chat.she_wrote("1")
    await chat.wipes()
    chat.now += 49 * HOUR
    await chat.store.write(wiping.sweep, chat.world())
    assert await chat.left() == []


async def test_every_channel_says_itself_what_is_held_here_of_it() -> None:
    account = ("AC1", "token", "+14155238886", "https://example.org", lambda: NOON)
    channels: list[Channel] = [
        Telegram("1:a", lambda: NOON),
        WhatsApp(*account),
        Voice(*account),
        Preview((), "run", lambda: NOON),
    ]
    assert {channel.name for channel in channels if channel.limits.erases} == ERASABLE
    for channel in channels:
        await channel.close()
