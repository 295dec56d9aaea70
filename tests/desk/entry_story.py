"""A member at the door in a real browser: what she has by heart, what she has on her phone, and what she does there."""

from __future__ import annotations

import base64
import re

from playwright.async_api import Locator, Page, expect

from bot import chance
from handlers import members
from handlers.members import Newcomer
from tests.desk.desk_browser import Screen, has_passphrase
from tests.desk.staff import code_at, hired
from tests.town import Town

PASSPHRASE = "قارب وغيمة وثلاث نخلات"
OTHER = "بحر هادئ تحت قمر قديم"
FORCED = "نافذة صغيرة وكرسي واسع"


class Newly:
    """A member who is invited, and what she has by heart and on her phone."""

    def __init__(self, place: Town, screen: Screen, number: int, link: str, desk_name: str = "huda") -> None:
        self.place, self.screen, self.page = place, screen, screen.page
        self.number, self.link, self.desk_name = number, link, desk_name
        self.secret = b""

    @classmethod
    async def invited(cls, place: Town, screen: Screen) -> Newly:
        number, token = chance.number(), chance.token()
        fit = members.fit(Newcomer("هدى", "focal_point", "ar", telegram="71"))
        assert isinstance(fit, members.Fit)
        world = place.working.world()
        await place.working.store.write(members.add, number, fit, members.link_hash(token), world)
        return cls(place, screen, number, f"/desk/welcome/{token}")

    async def chooses(self, passphrase: str, again: str | None = None) -> None:
        await self.page.locator("[name=name]").fill(self.desk_name)
        await self.page.locator("[name=passphrase]").fill(passphrase)
        await self.page.locator("[name=again]").fill(passphrase if again is None else again)
        await self.page.locator("form[data-welcome] button.button:not(.quiet)").click()

    async def gets_her_codes(self) -> None:
        """The first half of the second step: her recovery codes are shown."""
        words = await self.page.locator("#secret").inner_text()
        self.secret = base64.b32decode(words.replace(" ", ""))
        await self.page.locator("[name=code]").fill(code_at(self.secret, self.place.now()))
        await self.page.locator("main form button").click()
        await expect(self.page.locator("ol.codes li")).not_to_have_count(0)

    async def sets_up_the_second_step(self) -> None:
        await self.gets_her_codes()
        await self.page.locator("main a.button").click()
        await expect(self.page).to_have_url(re.compile(r"/desk$"))

    async def is_welcomed(self, passphrase: str = PASSPHRASE) -> None:
        """The whole way in, to her first page."""
        await self.screen.opens(self.link)
        await self.chooses(passphrase)
        await expect(self.page).to_have_url(re.compile(r"/desk/account/second$"))
        await self.sets_up_the_second_step()

    async def is_at_work(self, passphrase: str = PASSPHRASE) -> None:
        """At her first page with her key open, as some days later; her link was used long ago."""
        staffer = await hired(self.place, "رنا")
        await staffer.leaves()
        self.number, self.secret = staffer.number, staffer.totp
        await has_passphrase(self.place, staffer, self.desk_name, passphrase)
        await self.screen.carries(staffer)
        await self.screen.opens("/desk")
        await lock(self.page).click()
        await self.unlocks(passphrase)
        await is_open(self.page)

    async def signs_in(self, passphrase: str = PASSPHRASE) -> None:
        """By name, passphrase and a code that was not used yet."""
        await self.gives(passphrase)
        await expect(self.page).to_have_url(re.compile(r"/desk/second$"))
        await self.place.passes(seconds=30)
        await self.page.locator("[name=code]").fill(code_at(self.secret, self.place.now()))
        await self.page.locator("main form button").click()
        await expect(self.page).to_have_url(re.compile(r"/desk$"))

    async def gives(self, passphrase: str) -> None:
        """Her name and a passphrase at the door."""
        await self.screen.opens("/desk/enter")
        await self.page.locator("[name=name]").fill(self.desk_name)
        await self.page.locator("[name=passphrase]").fill(passphrase)
        await self.page.locator("form[data-enter] button.button:not(.quiet)").click()

    async def unlocks(self, passphrase: str) -> None:
        """In the panel, which is there."""
        await panel(self.page).locator("[name=passphrase]").fill(passphrase)
        await panel(self.page).locator("button.button:not(.quiet)").click()


def panel(page: Page) -> Locator:
    return page.locator("dialog.unlock")


def lock(page: Page) -> Locator:
    return page.locator("[data-lock]")


async def is_open(page: Page) -> None:
    await expect(lock(page)).to_have_text("إقفال")


async def is_locked(page: Page) -> None:
    await expect(lock(page)).to_have_text("فتح القفل")


async def changes(huda: Newly, form: str, passphrase: str) -> None:
    """Fill in one of the forms of her account, and send it."""
    await huda.page.locator("nav.ways a[href='/desk/account']").click()
    place = huda.page.locator(f"form[{form}]")
    await huda.page.locator(f"details:has(form[{form}]) summary").click()
    await place.locator("[name=old]").fill(PASSPHRASE)
    await place.locator("[name=passphrase]").fill(passphrase)
    await place.locator("[name=again]").fill(passphrase)
    await place.locator("button.button:not(.quiet)").click()
