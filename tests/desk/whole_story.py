"""A town's desk from the first invitation on: who works there, her browsers and phones, and the paper shares.

It decides nothing: what is proven with it stands in the story that tells it. With STORY_PICTURES=folder every main
station is kept as two pictures, of a phone's width and a desk's.
"""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot import chance
from bot.commands import recovery_file
from bot.commands.recovery_file import RecoveryKey
from flows.rota import Shift
from storage import cases, logins, readers, shifts, staff
from tests.bot.commands.conftest import Sanad
from tests.console.preview_browser import SMALL, WIDE
from tests.desk.case_story import Shown
from tests.desk.desk_browser import Screen, desk_open
from tests.desk.entry_story import Newly
from tests.desk.staff import Desks, derive, unwrap
from tests.people import Woman
from tests.town import KEY, SEED, Town


@dataclass(slots=True)
class Whole:
    """The town, its coordinator at her desk, and the browsers that are open."""

    place: Town
    chromium: str
    salma: Screen
    stack: AsyncExitStack
    phones: dict[str, Woman] = field(default_factory=dict)
    """The members' phones, by their names."""
    taken: list[str] = field(default_factory=list)

    @classmethod
    async def begins(cls, place: Town, chromium: str, stack: AsyncExitStack) -> Whole:
        """A coordinator at work, and nobody else."""
        desks = await stack.enter_async_context(Desks(place))
        salma = await desks.hired("سلمى", "coordinator")
        return cls(place, chromium, await stack.enter_async_context(desk_open(chromium, place, carrying=salma)), stack)

    async def looks(self, page: Page, name: str) -> None:
        """Keep the station's two pictures, if somebody wants to see them."""
        if not (folder := os.environ.get("STORY_PICTURES")):
            return
        self.taken.append(name)
        for width, height in (SMALL, WIDE):
            await page.set_viewport_size({"width": width, "height": height})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            path = f"{folder}/{len(self.taken):02}-{name}-{width}.png"
            await page.screenshot(path=path, full_page=True)

    async def link(self) -> str:
        """The link that the coordinator is shown, as a path."""
        link = await self.salma.page.locator("#link").inner_text()
        return link.removeprefix(self.place.settings.address)

    async def invites(self, name: str, desk_name: str, telegram: int) -> Newly:
        """The coordinator invites her on the people page; she has a browser of her own."""
        await self.salma.opens("/desk/people")
        form = self.salma.page.locator("form[action='/desk/people']")
        await form.locator("[name=name]").fill(name)
        await form.locator("[name=role]").select_option("focal_point")
        await form.locator("[name=telegram]").fill(str(telegram))
        await form.locator("button").click()
        await expect(self.salma.page.locator("#link-title")).to_contain_text(name)
        screen = await self.stack.enter_async_context(desk_open(self.chromium, self.place))
        everybody = await self.place.working.store.read(staff.members)
        self.phones[name] = Woman(self.place.phone(telegram), "ar")
        number = next(member.id for member in everybody if member.name == name)
        return Newly(self.place, screen, number, await self.link(), desk_name)

    async def invites_anew(self, name: str) -> str:
        """The coordinator makes her another link, on the people page."""
        await self.salma.opens("/desk/people")
        card = self.salma.page.locator("article", has=self.salma.page.get_by_role("heading", name=name))
        await card.locator("summary").first.click()
        await card.locator("form[action$='/invite'] button").click()
        await expect(self.salma.page.locator("#link-title")).to_contain_text(name)
        return await self.link()

    async def is_on_call(self, member: Newly) -> None:
        """She is first on call from now on."""
        starts, ends = datetime(2020, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - wall-clock
        shift = Shift(chance.number(), member.number, "first", starts, ends, "Asia/Aden")
        await self.place.working.store.write(shifts.add, shift)

    async def key_of(self, member: Newly, passphrase: str) -> tuple[int, bytes]:
        """Her reader and the private half that her passphrase opens, as a copy of hers would."""
        login = await self.place.working.store.read(logins.of_staff, member.number)
        reader = await self.place.working.store.read(readers.of_staff, member.number)
        assert login is not None
        assert reader is not None
        wrapping = await asyncio.to_thread(lambda: derive(passphrase, login.salt).wrapping)
        return reader.id, unwrap(wrapping, login.wrapped, member.number)

    async def seeds(self, code: str, key: tuple[int, bytes]) -> dict[int, bytes]:
        """The case's private halves, by epoch, that a key opens now."""
        sealed = await self.place.working.store.read(cases.sealed_case, code)
        assert sealed is not None
        return cases.case_seeds(sealed, *key)

    async def notes(self, code: str, seeds: dict[int, bytes]) -> list[str]:
        """The notes that private halves of a case open."""
        sealed = await self.place.working.store.read(cases.sealed_case, code)
        assert sealed is not None
        return [item.content["words"] for item in cases.open_items(sealed, seeds) if item.kind == "note"]


async def links_her_phone(huda: Newly, phone: Woman) -> None:
    """She sends the bot the code that her account shows."""
    await huda.page.locator("nav.ways a[href='/desk/account']").click()
    await huda.page.locator("form[action='/desk/account/link'] button").click()
    await phone.says(await huda.page.locator("#link-code").inner_text())
    await phone.sees("Thank you, this phone is noted. Messages for you will come here.")
    await huda.page.locator("nav.ways a[href='/desk/account']").click()
    await expect(huda.page.locator("[aria-labelledby=phones] .badge.good")).to_have_count(1)


async def fingerprint(member: Newly) -> str:
    """What her account page shows of her key."""
    await member.page.locator("nav.ways a[href='/desk/account']").click()
    return await member.page.locator("[aria-labelledby=key] .number").inner_text()


async def finds(member: Newly, code: str) -> Shown:
    """She opens the case from her list; her key is open already."""
    if not member.page.url.endswith("/desk"):
        await member.page.locator("nav.ways a[href='/desk']").click()
        await expect(member.page).to_have_url(re.compile("/desk$"))
    await member.page.locator(f"#case-{code}").click()
    await expect(member.page).to_have_url(re.compile(f"/desk/cases/{code}$"))
    case = Shown(member.screen, code)
    await case.is_open()
    return case


async def asks_in(case: Shown, name: str, words: str) -> None:
    """In the case's own form she asks a colleague in."""
    part = case.part("people")
    await part.locator("details[data-colleagues] summary").click()
    await part.locator("#colleague option", has_text=name).wait_for(state="attached")
    await part.locator("#colleague").select_option(label=name)
    await part.locator("#asked").fill(words)
    await part.locator("form[data-give] button").click()
    await expect(part.locator('[data-fill="team"]')).to_contain_text(name)


async def takes_off_for_good(case: Shown, name: str, why: str) -> None:
    row = case.part("people").locator('[data-fill="team"] > li', has_text=name)
    await row.locator("summary").click()
    await row.locator("textarea").fill(why)
    await row.locator("[name=for_good]").check()
    await row.locator("form button").click()
    await expect(case.part("people").locator('[data-fill="team"]')).not_to_contain_text(name)


async def changes_track(case: Shown, track: str, state: str, words: str = "") -> None:
    part = case.page.locator("[data-track-part]", has=case.page.locator(f"form[data-track={track}]"))
    await case.unfolds(part)
    await part.locator("select").select_option(state)
    await part.locator("textarea").fill(words)
    await part.locator("form button").click()
    await expect(part.locator('[data-fill="state"] .badge')).to_have_class("badge good")


async def closes(case: Shown, outcome: str, words: str) -> None:
    part = case.page.locator("details", has=case.page.locator("form[data-close]"))
    if not await part.evaluate("part => part.open"):
        await part.locator("summary").click()
    await case.page.locator("#outcome").select_option(outcome)
    await case.page.locator("#closing").fill(words)
    await case.page.locator("form[data-close] button").click()


@dataclass(frozen=True, slots=True)
class Holders:
    """Those who keep the recovery key on paper, and the command that they and the server's keeper call."""

    sanad: Sanad

    @classmethod
    def of(cls, place: Town, folder: Path, patch: pytest.MonkeyPatch) -> Holders:
        """The command at the town's database; the recovery key is split into three shares, of which two open it."""
        patch.chdir(folder)
        sanad = Sanad(folder, patch)
        sanad.set(SANAD_KEYS=KEY, DATABASE_URL=place.settings.database_url, COLUMNS="200")
        recovery_file.write(folder / "recovery.json", RecoveryKey(1, SEED), place.now())
        return cls(sanad)

    def give_back(self, name: str) -> str:
        """Split, export, seal with the first and the last share, import. Returns what export said."""
        folder = self.sanad.folder
        self.sanad.works("keys", "split", "recovery.json", "--shares", "2/3", "--out", "shares")
        (folder / "recovery.json").unlink()
        (folder / "shares" / "share-2.txt").unlink()
        said = self.sanad.works("recover", "export", "--who", name, "--out", "request.json")
        sealing = ("recover", "seal", "request.json", "--shares", "shares", "--out", "answer.json")
        self.sanad.works(*sealing, says="y\n")
        self.sanad.works("recover", "import", "answer.json")
        return said
