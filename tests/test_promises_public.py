"""What SECURITY.md promises to those who are sent something unasked, and to those who answer and ask as the public."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.core import Person
from handlers import media_library
from handlers.campaigns import Refused
from handlers.media_library import Offered, Ready
from storage import people, polls, runs, subscribers
from storage.store import Store
from storage.unit import Unit
from tests import telling
from tests.broadcasting import TIPS, becomes, crowd, ends, launched, texts
from tests.handlers import test_campaigns as desk_of
from tests.handlers.test_campaigns import NOW, RULES, desk
from tests.pictures import jpeg
from tests.storage import public_seeds
from tests.town import Town, town

__all__ = ["desk"]
SAME_FOR_ALL = {"whatsapp", "telegram", "ar", 0, 1, None}


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        yield found


async def test_no_value_in_the_database_joins_the_public_to_people(store: Store) -> None:
    def plant(unit: Unit) -> None:
        known = people.meet(unit, 1, "whatsapp", public_seeds.READER)
        people.keep_talk(unit, known.id, known.talk, NOW, timedelta(hours=1))
        public_seeds.plant(unit, NOW)

    await store.write(plant)

    def values(unit: Unit, *tables: str) -> set[object]:
        rows = [row for table in tables for row in unit.all(f"SELECT * FROM {table}")]
        return {bytes(one) if isinstance(one, memoryview) else one for row in rows for one in row} - SAME_FOR_ALL

    hers = await store.read(values, "people", "talks")
    assert len(hers) > 4
    for table in ("subscribers", "learners"):
        assert not hers & await store.read(values, table)


async def test_one_word_ends_what_is_sent_unasked_until_she_chooses_again(place: Town) -> None:
    phones = await crowd(place, 1)
    await phones[1001].says("إيقاف")
    await phones[1001].sees("")
    assert await place.working.store.read(subscribers.count) == 0
    await phones[1001].says("شكرا")
    await phones[1001].sees("")
    await telling.letters_are_gone(place)
    before = len(texts(place, 1001))
    await ends(place, await launched(place))
    assert len(texts(place, 1001)) == before


async def test_nothing_goes_to_many_before_a_second_person_and_the_undo_window(desk: Store) -> None:
    found = await desk_of.begun(desk)
    assert isinstance(await desk_of.signs(desk, found, desk_of.WRITER), Refused)
    assert await desk.read(runs.of_campaign, found.id) == []
    await desk_of.signs(desk, found, desk_of.SECOND)
    (run,) = await desk.read(runs.of_campaign, found.id)
    assert run.starts_at - NOW >= RULES.broadcasts.undo
    assert (run.made_by, run.approved_by) == (desk_of.WRITER, desk_of.SECOND)


async def test_nothing_that_is_kept_says_who_answered_a_poll_how(store: Store) -> None:
    options = tuple(polls.Option(code, code, code) for code in ("security", "economic"))
    poll = polls.Poll(7, "poll", "draft", polls.Body("؟", "?", options, (1,)), 1, None, NOW, NOW + timedelta(days=9))

    def answers(unit: Unit) -> None:
        polls.add(unit, poll)
        polls.approve(unit, 7, 2)
        for number, choice in ((1, "security"), (2, "economic"), (1, "economic")):
            polls.answer(unit, 7, "telegram", str(number), choice)

    await store.write(answers)
    marks = await store.read(lambda unit: unit.all("SELECT * FROM poll_marks"))
    assert await store.read(polls.counts, 7) == {"security": 1, "economic": 1}
    assert [len(row) for row in marks] == [2, 2]
    assert not any(b"economic" in bytes(mark) or b"security" in bytes(mark) for _, mark in marks)


async def test_nothing_comes_unasked_to_a_hidden_chat_or_in_the_night(place: Town) -> None:
    phones = await crowd(place, 2)
    await phones[1001].says("السلام عليكم")
    await phones[1001].sees("")
    await telling.letters_are_gone(place)

    def hides(unit: Unit) -> None:
        known = people.find(unit, "telegram", "1001", place.now())
        assert known is not None
        people.remember(unit, known.id, Person(language="ar", welcomed=True, locked=True))

    await place.working.store.write(hides)
    before = len(texts(place, 1001))
    await place.passes(hours=11)  # 23:00 in Aden
    run = await launched(place, replace(TIPS, spaced=False))
    await becomes(place, run, lambda found: found.state == "sending")
    assert not texts(place, 1002)
    await place.passes(hours=9)
    assert (await ends(place, run)).counts == {"delivered": 1, "skipped": 1}
    assert len(texts(place, 1001)) == before


async def test_what_was_withdrawn_is_sent_to_nobody_any_more(place: Town) -> None:
    await crowd(place, 2)
    ready = await media_library.prepare(Offered("ندوة", jpeg(), people=True, consent="نعم", shows="نساء"))
    assert isinstance(ready, Ready)
    world = place.working.world()
    medium = await place.working.store.write(media_library.keep, ready, 1, world)
    run = await launched(place, replace(TIPS, media=medium), after=timedelta(hours=1))
    await becomes(place, run, lambda found: found.state == "waiting")
    await place.working.store.write(media_library.withdraw, medium, 1, place.now())
    await place.passes(hours=1)
    found = await becomes(place, run, lambda found: found.state == "paused")
    assert found.why == "media"
    assert [call for call in place.telegram.calls if call.method in {"sendPhoto", "sendMessage"}] == []
