"""The demo: its times, and what its page shows of what runs and of what lies in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import demo
from bot.channels.preview import Preview
from bot.inside import Inspector
from bot.mechanism import load
from bot.settings import Settings
from bot.wiring import Sanad, check_tables, wired
from console.phones import Inside
from console.preview_words import STORY
from flows.core import Talk
from flows.rules import Mechanism
from handlers import check_ins
from messages.catalog import render
from tests.flows.chat import Chat, given

MECHANISM = Path("mechanism")
WORD, GOES = "blue door", "to the old market"
TWO_MINUTES = (
    *("hello", "English", "All right, go on", "That's all", "Check on me later", "Yes, set it up", WORD, WORD),
    *(GOES, "Ma'rib", "in 2 min", "1 min", "Only this once", "Yes, it is right"),
)
DELETES = ("menu", "What you keep of me", "Delete everything", WORD, "No, leave them", "Yes, delete for good")


@dataclass
class Rehearsal:
    sanad: Sanad
    phones: Preview
    inspector: Inspector

    async def says(self, *words: str) -> None:
        for one in words:
            await self.sanad.receive(self.phones.say("hers", one, "en"))

    async def passes(self, span: timedelta) -> None:
        world = self.sanad.world()
        later = replace(world, now=world.now + span)

        def failed(_number: int, error: Exception) -> None:
            raise error

        await check_ins.fire_due(self.sanad.store, lambda: later, lambda _: None, failed)

    async def sees(self) -> Inside:
        return await self.inspector.look()


@pytest.fixture
async def rehearsal(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    own = demo._own(Settings.model_construct(sanad_data=tmp_path, sanad_mechanism=MECHANISM, port=8000))
    check_tables(own, may_migrate=True)
    recovery = demo._recovery(tmp_path / "recovery.key")
    async with wired(own, {}, demo._hurried) as sanad:
        await sanad.store.write(demo.seed_staff, sanad.world(), recovery)
        phones = Preview([phone.name for phone in STORY.phones], "run", sanad.now)
        yield Rehearsal(sanad, phones, Inspector(sanad, phones, recovery.seed))


def hurried() -> Mechanism:
    return demo._hurried(load(MECHANISM))


def test_a_check_in_of_the_demo_is_over_within_three_minutes() -> None:
    rules = hurried().check_ins
    assert rules.soonest <= timedelta(minutes=1)
    assert rules.least_grace <= timedelta(minutes=1) <= rules.most_grace
    assert [at for at in rules.asks if at < timedelta(minutes=1)] == list(rules.asks)


@pytest.mark.parametrize(("rules", "offered"), [(hurried(), True), (load(MECHANISM), False)], ids=["demo", "real"])
def test_minutes_that_only_the_demo_knows_are_offered_only_there(rules: Mechanism, offered: bool) -> None:
    here = given(rules=rules, person=replace(given().person, words=("safe",)))
    chat = Chat("en", here, Talk("check_in"))
    chat.says("A new one" if here.check_ins else "Yes, set it up")
    chat.says(GOES).says("Ma'rib")
    labels = _labels(chat)
    assert "in 1 h" in labels
    assert ("in 2 min" in labels) is offered


def _labels(chat: Chat) -> list[str]:
    return [render(choice.label, "en") for letter in chat.letters for choice in letter.choices]


async def test_nothing_of_her_is_shown_before_she_has_written(rehearsal: Rehearsal) -> None:
    inside = await rehearsal.sees()
    assert (inside.watched, inside.opened) == (None, None)
    assert {cell.table for cell in inside.stored} <= {"staff"}


async def test_the_running_check_in_is_shown_without_where_she_goes(rehearsal: Rehearsal) -> None:
    await rehearsal.says(*TWO_MINUTES)
    inside = await rehearsal.sees()
    assert inside.watched is not None
    assert inside.watched.state == "armed"
    assert [render(step.name, "en") for step in inside.watched.steps][-2:] == ["She is asked", "A person is called"]
    assert {step.state for step in inside.watched.steps} == {"waiting"}
    assert GOES not in repr(inside)
    assert inside.opened is None


async def test_a_missed_one_calls_and_the_key_holder_reads_where_she_was_going(rehearsal: Rehearsal) -> None:
    await rehearsal.says(*TWO_MINUTES)
    await rehearsal.passes(timedelta(minutes=4))
    inside = await rehearsal.sees()
    assert inside.watched is not None
    assert (inside.watched.state, inside.watched.steps) == ("overdue", ())
    assert inside.opened is not None
    assert inside.opened["Where she was going"] == GOES
    assert GOES.encode() not in b"".join(cell.value for cell in inside.stored if isinstance(cell.value, bytes))


async def test_her_word_after_that_is_not_shown_as_its_end(rehearsal: Rehearsal) -> None:
    await rehearsal.says(*TWO_MINUTES)
    await rehearsal.passes(timedelta(minutes=4))
    await rehearsal.says(WORD)
    inside = await rehearsal.sees()
    assert inside.watched is not None
    assert inside.watched.state == "called"


async def test_her_word_in_time_ends_it(rehearsal: Rehearsal) -> None:
    await rehearsal.says(*TWO_MINUTES)
    await rehearsal.says(WORD)
    inside = await rehearsal.sees()
    assert inside.watched is not None
    assert inside.watched.state == "over"


async def test_what_she_adds_after_calling_is_read_by_the_key_holder(rehearsal: Rehearsal) -> None:
    await rehearsal.says("hello", "English", "emergency", "he is at the door")
    await rehearsal.sanad.receive(rehearsal.phones.place("hers", 15.4622, 45.3258, "en"))
    inside = await rehearsal.sees()
    assert inside.opened is not None
    assert inside.opened["She added"] == ["he is at the door"]
    assert inside.opened["Where she is"] == [15.4622, 45.3258]


async def test_after_hiding_what_is_kept_is_still_shown_and_after_deleting_nothing_of_her(rehearsal: Rehearsal) -> None:
    await rehearsal.says(*TWO_MINUTES, "0")
    kept = {f"{cell.table}.{cell.column}" for cell in (await rehearsal.sees()).stored}
    assert {"people.address", "words.safe", "check_ins.body", "case_items.body"} <= kept
    await rehearsal.says(WORD, *DELETES)
    left = await rehearsal.sees()
    assert {cell.table for cell in left.stored} <= {"staff", "letters"}
    assert left.watched is None
