"""Her other chat: a code from one, written in the other, joins them; nothing else does, and guessing leads nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.mechanism import load
from bot.settings import ROOT
from bot.wiring import DRAW
from flows.core import EraseThis, OfferChatCode, PartChats, Person, Said
from handlers import other_chats, retention
from handlers.channel import ChannelName, Inbound
from handlers.draw import World
from handlers.inbound import receive
from handlers.own_words import WantsWord, judge, stretch, whose
from storage import chats, people, words
from storage.store import Store
from storage.unit import Unit
from tests.flows.chat import AMAL, Chat, given

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = load(ROOT / "mechanism")
HERS = Person(language="en", welcomed=True)
CODE = "K7P-2XM"


# ---------------------------------------------------------------- the talk


def test_without_a_word_of_her_own_she_is_given_a_code_at_once() -> None:
    chat = Chat(given=given()).says("menu").presses("Check on me later", "My other chat", "Join my other chat")
    assert OfferChatCode(CODE) in chat.last
    assert CODE in chat.reads
    assert chat.talk.flow == ""


@pytest.mark.parametrize("label", ["Join my other chat", "Let this one be alone"])
def test_with_a_word_of_her_own_it_is_asked_for_and_the_duress_word_joins_and_parts_nothing(label: str) -> None:
    seen = []
    for kind in ("safe", "duress", "other"):
        chat = Chat(given=given(person=replace(AMAL, words=("safe", "duress"))))
        chat.says("menu").presses("Check on me later", "My other chat", label)
        chat.given = replace(chat.given, word=kind)
        chat.says("cardamom")
        seen.append((chat.reads, any(isinstance(one, OfferChatCode | PartChats) for one in chat.last)))
        assert EraseThis() in chat.last
    assert seen[0][0] == seen[1][0]
    assert [done for _, done in seen] == [True, False, False]


# ---------------------------------------------------------------- joining


@dataclass
class Phones:
    """Two chats, and what was written to each."""

    store: Store
    sent: int = 0

    async def has(self, number: int, channel: str, person: Person = HERS) -> None:
        await self.store.write(_person, number, channel, person)

    async def offers(self, number: int, code: str = CODE) -> None:
        await self.store.write(other_chats.offer, number, code, _world())

    async def says(self, number: int, channel: ChannelName, said: str, after: timedelta = timedelta(0)) -> None:
        self.sent += 1
        inbound = Inbound(channel, f"{self.sent}", f"{number}", Said(said), "en")
        try:
            await self.store.write(receive, inbound, _world(after))
        except WantsWord as wants:  # as bot.wiring does: stretched beside the writer, and received once more
            await self.store.write(receive, inbound, _world(after), stretch(said, wants.person))

    async def others(self, number: int) -> list[int]:
        return await self.store.read(chats.others, number)

    async def told(self) -> Sequence[object]:
        sql = "SELECT key FROM letters WHERE key LIKE 'join:%' ORDER BY key"
        return await self.store.read(lambda unit: [key for (key,) in unit.all(sql)])

    async def person(self, number: int) -> Person:
        found = await self.store.read(people.recall, number)
        assert found is not None
        return found[3]


def _world(after: timedelta = timedelta(0)) -> World:
    return World(NOW + after, RULES, DRAW)


def _person(unit: Unit, number: int, channel: str, person: Person) -> None:
    people.meet(unit, number, channel, f"{number}")
    people.remember(unit, number, person)


@pytest.fixture
async def phones(store: Store) -> Phones:
    two = Phones(store)
    await two.has(1, "telegram")
    await two.has(2, "whatsapp")
    return two


@pytest.mark.parametrize("said", [CODE, "k7p-2xm", "\u200fK7P-2XM\u200f", " K7P 2XM ", "K7P2XM", "K7P – 2XM"])
async def test_the_code_written_in_the_other_chat_joins_both_and_both_are_told(phones: Phones, said: str) -> None:
    await phones.offers(1)
    await phones.says(2, "whatsapp", said)
    assert (await phones.others(1), await phones.others(2)) == ([2], [1])
    assert len(await phones.told()) == 2


async def test_a_code_joins_once_and_for_a_quarter_of_an_hour(phones: Phones) -> None:
    await phones.has(3, "telegram")
    await phones.offers(1)
    await phones.says(2, "whatsapp", CODE, after=timedelta(minutes=16))
    assert await phones.others(1) == []
    await phones.offers(1)
    await phones.says(2, "whatsapp", CODE)
    await phones.says(3, "telegram", CODE)
    assert await phones.others(3) == []


async def test_an_unused_code_is_swept(phones: Phones) -> None:
    await phones.offers(1)
    await phones.store.write(retention.sweep_records, _world(timedelta(minutes=16)))
    row = await phones.store.read(lambda unit: unit.one("SELECT COUNT(*) FROM chat_codes"))
    assert row == (0,)


async def test_the_chat_that_made_it_is_told_to_write_it_in_the_other(phones: Phones) -> None:
    await phones.offers(1)
    await phones.says(1, "telegram", CODE)
    assert await phones.others(1) == []
    assert len(await phones.told()) == 1
    await phones.says(2, "whatsapp", CODE)
    assert await phones.others(1) == [2]


async def test_whoever_guesses_is_not_looked_at_for_a_while_and_told_nothing_of_it(phones: Phones) -> None:
    await phones.offers(1)
    for wrong in ("A22-222", "A22-223", "A22-224", "A22-225", "A22-226"):
        await phones.says(2, "whatsapp", wrong)
    await phones.says(2, "whatsapp", CODE)
    assert await phones.others(2) == []
    assert await phones.told() == []
    await phones.offers(1)
    await phones.says(2, "whatsapp", CODE, after=timedelta(minutes=15))
    assert await phones.others(2) == []  # the code, offered at nine, is over by then
    await phones.store.write(other_chats.offer, 1, CODE, _world(timedelta(minutes=15)))
    await phones.says(2, "whatsapp", CODE, after=timedelta(minutes=16))
    assert await phones.others(2) == [1]


async def test_a_code_of_a_report_of_hers_keeps_its_meaning(phones: Phones) -> None:
    await phones.has(4, "telegram", replace(HERS, cases=(CODE,)))
    await phones.offers(1)
    await phones.says(4, "telegram", CODE)
    assert await phones.others(4) == []


@pytest.mark.parametrize("state", ["quiet", "locked"])
async def test_a_chat_that_shows_nothing_joins_nothing_and_is_told_nothing(phones: Phones, state: str) -> None:
    await phones.has(5, "whatsapp", replace(HERS, **{state: True}))  # type: ignore[arg-type]
    await phones.offers(1)
    await phones.says(5, "whatsapp", CODE)
    assert await phones.others(5) == []
    await phones.has(7, "telegram", replace(HERS, **{state: True}))  # type: ignore[arg-type]
    await phones.offers(7, "M4Q-7RT")
    await phones.says(2, "whatsapp", "M4Q-7RT")
    assert await phones.told() == [f"join:whatsapp:{phones.sent}:2"]


async def test_what_one_chat_knows_the_other_listens_for(phones: Phones) -> None:
    await phones.has(6, "telegram", replace(HERS, words=("safe",), watched=True))
    await phones.store.write(words.put, 6, "safe", stretch("هيل", 6), NOW)
    await phones.offers(6)
    await phones.says(2, "whatsapp", CODE)
    assert await phones.person(2) == replace(HERS, words=("safe",), watched=True)
    assert await phones.store.read(whose, 2) == 6
    assert await phones.store.read(judge, 6, stretch("هَيْل", 6)) == "safe"


async def test_parted_chats_know_nothing_of_each_other(phones: Phones) -> None:
    await phones.offers(1)
    await phones.says(2, "whatsapp", CODE)
    await phones.store.write(other_chats.part, 1)
    assert (await phones.others(1), await phones.others(2)) == ([], [])


async def test_ordinary_words_are_no_codes() -> None:
    for said in ("thanks", "danger", "K7P-2XM please", "K7P-2XMM", "", "LINK-ABCD-EFGH"):
        assert other_chats.read(Inbound("telegram", "1", "1", Said(said), "en")) is None
