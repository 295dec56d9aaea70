"""What tests of the rota at the desk share: a town with focal points and a coordinator, and shifts of this week."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import chance
from flows.rota import RotaLevel, Shift
from storage import shifts
from tests.desk.staff import Answer, Desks, Staffer
from tests.town import Town, town

WEEK = "2026-11-21"
ROTA = f"/desk/rota?week={WEEK}"


@dataclass(slots=True)
class Rota:
    """The town at work; it is noon of Sunday 22 November 2026 in Aden."""

    place: Town
    huda: Staffer
    najla: Staffer
    boss: Staffer
    desks: Desks

    async def shift(
        self, who: Staffer, starts: str, ends: str, zone: str = "Asia/Aden", level: RotaLevel = "first",
        covers: Staffer | None = None,
    ) -> int:  # fmt: skip
        """Put a shift on the rota, behind the desk's back."""
        times = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
        over = covers is not None
        kept = Shift(chance.number(), who.number, level, *times, zone, over, covers.number if covers else None)
        await self.place.working.store.write(shifts.add, kept)
        return kept.id

    async def every(self) -> list[tuple[int, str, str, bool]]:
        """Every shift: whose, from when to when by its clock, and whether it stands in for another."""
        found = await self.place.working.store.read(shifts.every)
        return [(one.staff_id, f"{one.starts:%m-%dT%H:%M}", f"{one.ends:%m-%dT%H:%M}", one.override) for one in found]

    async def adds(self, by: Staffer, starts: str, ends: str, **more: str) -> Answer:
        """Fill the form for a new shift in."""
        form = {"starts": starts, "ends": ends, "level": "first", "zone": "Asia/Aden", "weeks": "0", "week": WEEK}
        return await by.post("/desk/rota/add", form | more)

    async def does(self, by: Staffer, act: str, /, **form: str) -> Answer:
        """Send one of the other forms."""
        return await by.post(f"/desk/rota/{act}", {"week": WEEK} | form)


@asynccontextmanager
async def rota_town(database: str, folder: Path) -> AsyncIterator[Rota]:
    """A town with two focal points and a coordinator who read English, on an empty rota."""
    async with town(database, folder) as place, Desks(place) as desks:
        phones = [place.phone(number, has_written=True) for number in (2001, 2002, 2003)]
        huda = await desks.hired("Huda", phone=phones[0], language="en")
        najla = await desks.hired("Najla", phone=phones[1], language="en")
        boss = await desks.hired("Samira", "coordinator", phone=phones[2], language="en")
        yield Rota(place, huda, najla, boss, desks)


def words(page: Answer) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
