"""The demo's public: its campaign reaches Nadia and 200 others, and one word of hers keeps the next away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import app, chance, demo, demo_public
from bot.channels.preview import Preview
from bot.settings import Settings
from bot.wiring import Sanad, check_tables, wired
from console.phones import Told
from console.preview_words import STORY
from flows import campaign as flow
from flows.rules import Mechanism
from handlers import broadcasts, campaign_approval, campaign_conflicts, campaigns
from handlers.campaign_approval import Signing
from handlers.campaign_conflicts import Outlook
from handlers.campaign_faults import known
from handlers.campaigns import Done
from storage import logins, runs
from storage.campaigns import everything, get
from storage.unit import Unit

FASTER = 60_000
"""Letters in a minute: nobody watches here."""


@dataclass
class Rehearsal:
    """The demo at work, with a listener on its page."""

    sanad: Sanad
    phones: Preview
    heard: asyncio.Queue[Told]

    async def goes_out(self, number: int) -> None:
        """Reem asks for a second person, and Salma signs with everything confirmed, as at the desk."""
        store, world = self.sanad.store, self.sanad.world()
        reem, salma = await store.read(_hired, "reem"), await store.read(_hired, "salma")
        version = (await store.read(get, number)).version  # type: ignore[union-attr]
        assert isinstance(await store.write(campaigns.ask, number, version, reem, world), Done)
        found = await store.read(campaign_conflicts.estimate, number, world)
        assert found is not None
        signing = await store.read(_signing, number, found, world)
        done = await store.write(campaign_approval.approve, number, salma, signing, found, world)
        assert isinstance(done, Done), done

    async def until(self, name: str, **data: Any) -> None:
        """Wait until the page hears of it."""
        async with asyncio.timeout(20):
            while not any(told.name == name and data.items() <= told.data.items() for told in self.phones._told):
                await self.heard.get()

    async def listed(self, number: int) -> int:
        """How many the campaign is for."""
        (run,) = await self.sanad.store.read(runs.of_campaign, number)
        found = await self.sanad.store.read(broadcasts.progress, run.id, self.sanad.world())
        assert found is not None
        return sum(found.counts.values())

    async def says(self, words: str) -> None:
        await self.sanad.receive(self.phones.say("nadia", words, "ar"))

    def nadia(self) -> list[str]:
        """What stands on her phone, from us."""
        own = (told.data for told in self.phones._told if told.name == "message" and told.data["phone"] == "nadia")
        return [str(one["text"]) for one in own if not one["mine"]]


@pytest.fixture
async def rehearsal(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    settings = Settings.model_construct(sanad_data=tmp_path, sanad_mechanism=Path("mechanism"), port=8000)
    own = demo._own(settings)
    check_tables(own, may_migrate=True)
    recovery = demo._recovery(tmp_path / "recovery.key")
    phones = Preview([phone.name for phone in STORY.phones], "run", chance.now, demo_public.CROWD)
    wiring = wired(own, {"preview": phones}, _at_once)
    async with demo._seeded(wiring, recovery, phones) as sanad, app.duties(sanad):
        with phones.follow("") as heard:
            yield Rehearsal(sanad, phones, heard)


async def test_the_waiting_campaign_reaches_nadia_and_two_hundred_others(rehearsal: Rehearsal) -> None:
    (waiting,) = await rehearsal.sanad.store.read(everything)
    await rehearsal.goes_out(waiting.id)
    await rehearsal.until("crowd", has=demo_public.READERS, of=demo_public.READERS)
    await rehearsal.until("message", phone="nadia", mine=False)
    assert [text.split(".")[0] for text in rehearsal.nadia()] == ["صباح الخير من مأرب"]


async def test_after_one_word_of_hers_the_next_reaches_all_but_nadia(rehearsal: Rehearsal) -> None:
    await rehearsal.says("إيقاف")
    await rehearsal.until("message", phone="nadia", mine=False)
    before = rehearsal.nadia()
    (waiting,) = await rehearsal.sanad.store.read(everything)
    await rehearsal.goes_out(waiting.id)
    await rehearsal.until("crowd", has=demo_public.READERS, of=demo_public.READERS)
    assert await rehearsal.listed(waiting.id) == demo_public.READERS
    assert rehearsal.nadia() == before


async def test_nadia_who_is_subscribed_is_not_greeted_as_a_stranger(rehearsal: Rehearsal) -> None:
    await rehearsal.says("نصائح")
    await rehearsal.until("message", phone="nadia", mine=False)
    (answer,) = rehearsal.nadia()
    assert answer.startswith("هنا ما تتعلّمينه")


def _at_once(rules: Mechanism) -> Mechanism:
    rules = demo._hurried(rules)
    return replace(rules, broadcasts=replace(rules.broadcasts, undo=timedelta(), per_minute=FASTER))


def _hired(unit: Unit, name: str) -> int:
    found = logins.by_name(unit, name)
    assert found is not None
    return found.staff


def _signing(unit: Unit, number: int, found: Any, world: Any) -> Signing:
    one, shelf = get(unit, number), known(unit, world)
    assert one is not None
    met: Outlook = campaign_conflicts.of_plan(unit, one.plan, number, shelf, found, world)
    return Signing(one.version, flow.signed(one.plan, shelf.categories), frozenset(met.warnings))
