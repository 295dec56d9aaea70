"""What tests of the composer share: a town with a campaign team of three, an editor, and some subscribers."""

from __future__ import annotations

import asyncio
import contextlib
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import chance
from flows.public import Subscription, Topic
from messages.text import Language
from storage import audit, campaigns, runs, subscribers
from storage.campaigns import Campaign
from storage.runs import Run
from tests.desk.staff import Answer, Desks, Staffer
from tests.town import Town, town

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
"""Sunday noon in Aden."""
ARABIC = "صباح الخير. فكرة صغيرة لهذا اليوم: غيّري كلمة مرور بريدكِ، واكتبيها على ورقة تحفظينها عندكِ."
ENGLISH = "Good morning. A small idea for today: change your mailbox's password, and keep it on paper."
SID = "HX" + "a1" * 16


@dataclass(slots=True)
class Team:
    """The town at work."""

    place: Town
    writer: Staffer
    second: Staffer
    editor: Staffer
    boss: Staffer
    desks: Desks
    phones: list[Any] = field(default_factory=list)
    """Of the subscribers."""

    async def begins(self, by: Staffer | None = None) -> int:
        """Press the button for a new one; its number."""
        answer = await (by or self.writer).post("/desk/campaigns", {})
        assert answer.status == 303, answer.text
        return int(answer.goes_to.rpartition("/")[2])

    async def saves(self, number: int, /, **changes: str | list[str]) -> Answer:
        """Fill the form in and save it, as who wrote it."""
        return await self.saves_as(self.writer, number, **changes)

    async def saves_as(self, who: Staffer, at: int, /, **changes: str | list[str]) -> Answer:
        """The same as another."""
        return await who.post(f"/desk/campaigns/{at}", form(await self.one(at), **changes))

    async def written(self, **changes: str | list[str]) -> int:
        """A campaign that is whole."""
        number = await self.begins()
        answer = await self.saves_as(self.writer, number, **changes)
        assert answer.status == 303, answer.text
        return number

    async def asked(self, **changes: str | list[str]) -> int:
        """A campaign for which a second person was asked."""
        number = await self.written(**changes)
        answer = await self.does(self.writer, number, "ask")
        assert answer.status == 303, words(answer)
        return number

    async def does(self, by: Staffer, number: int, act: str, **fields: str) -> Answer:
        """Send one of the other forms, with the version that stands there now."""
        found = await self.find(number)
        version = "0" if found is None else str(found.version)
        return await by.post(f"/desk/campaigns/{number}/{act}", {"version": version} | fields)

    async def signs(self, by: Staffer, number: int, **fields: str) -> Answer:
        """Approve what the page shows, with every warning confirmed."""
        page = (await by.get(f"/desk/campaigns/{number}/look")).text
        shown = {
            name: html.unescape(value)
            for name, value in re.findall(r'type="hidden" name="(signed|warnings)" value="([^"]*)"', page)
        }
        return await self.does(by, number, "approve", **({"sure": "yes", **shown} | fields))

    async def find(self, number: int) -> Campaign | None:
        return await self.place.working.store.read(campaigns.get, number)

    async def one(self, number: int) -> Campaign:
        found = await self.find(number)
        assert found is not None
        return found

    async def runs(self, number: int) -> list[Run]:
        return await self.place.working.store.read(runs.of_campaign, number)

    async def stands(self, number: int, state: str) -> None:
        """Wait until its first run is so."""
        news = asyncio.Event()
        self.place.working.store.listen(lambda _: news.set())
        async with asyncio.timeout(20):
            while (await self.runs(number))[0].state != state:
                news.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.5):
                        await news.wait()

    async def logged(self) -> list[str]:
        entries = await self.place.working.store.read(audit.newest, 100)
        return [entry.what for entry in reversed(entries)]

    async def subscribes(
        self, address: str, channel: str = "telegram", language: Language = "ar", topic: Topic = "tips"
    ) -> None:
        """Somebody is on the list."""
        facts = subscribers.Facts(address, Subscription((topic,), language))
        await self.place.working.store.write(subscribers.put, chance.number(), channel, facts, self.place.now())


def form(found: Campaign, **changes: str | list[str]) -> list[tuple[str, str]]:
    """The form as a browser sends it, filled in; with some of it changed."""
    filled: dict[str, str | list[str]] = {
        "version": str(found.version),
        "count": "1",
        "name": "Passwords",
        "begins": "2026-11-22",
        "ends": "2026-12-22",
        "audience": "tips",
        "ar-0": ARABIC,
        "en-0": ENGLISH,
        "how": "once",
        "day": "2026-11-24",
        "hour": "17:00",
        "clock": "aden",
        "spaced": "yes",
        "act": "save",
    }
    filled |= {name.replace("_", "-"): value for name, value in changes.items()}
    return [(name, one) for name, value in filled.items() for one in (value if isinstance(value, list) else [value])]


def words(page: Answer) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@asynccontextmanager
async def campaign_town(database: str, folder: Path, *, count: int = 3) -> AsyncIterator[Team]:
    """A town at noon, with somebody on call, and `count` subscribers to tips."""
    async with town(database, folder, start=NOW) as place, Desks(place) as desks:
        phone = place.phone(3001, has_written=True)
        writer = await desks.hired("Widad", "campaigner", phone=phone, language="en")
        second = await desks.hired("Thuraya", "campaigner", phone=place.phone(3002, has_written=True), language="en")
        editor = await desks.hired("Intisar", "content_editor", language="en")
        boss = await desks.hired("Samira", "coordinator", phone=place.phone(3003), language="en", on_call="first")
        await desks.hired("Najla", phone=place.phone(3004), on_call="substitute")
        team = Team(place, writer, second, editor, boss, desks)
        for number in range(count):
            team.phones.append(place.phone(4000 + number, has_written=True))
            await team.subscribes(str(team.phones[-1].chat_id))
        yield team
