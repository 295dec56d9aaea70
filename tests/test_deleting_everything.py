"""She sees what is held, deletes one report, then everything, and is a stranger again: in Arabic, over the emulators.

Beside it: somebody makes her delete, and somebody deletes who may not be her.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import own_words
from storage import people, words
from storage.people import Known
from storage.unit import Unit
from tests import telling
from tests.people import Woman
from tests.telling import EVERYWHERE, Told
from tests.test_canaries import of_tables, of_words
from tests.town import Town, town

CANARY = "كناري-كلام-q3wkvjhpzx"
SAFE, DURESS = "ليمون وعسل", "قهوة مرة"


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def her_row(place: Town) -> Known | None:
    channel, address = ("telegram", str(telling.NUMBER))
    if place.by_whatsapp:
        channel, address = "whatsapp", f"+96777{telling.NUMBER:07}"
    return await place.working.store.read(people.find, channel, address, place.now())


async def chooses_words(place: Town) -> None:
    """She has a safe word and one that only looks like it."""
    known = await her_row(place)
    assert known is not None
    kept = [(kind, own_words.stretch(said, known.id)) for kind, said in (("safe", SAFE), ("duress", DURESS))]

    def keep(unit: Unit) -> None:
        from dataclasses import replace  # noqa: PLC0415 - beside its use

        for kind, stretched in kept:
            words.put(unit, known.id, kind, stretched, place.now())  # type: ignore[arg-type]
        people.remember(unit, known.id, replace(known.person, words=("safe", "duress")))

    await place.working.store.write(keep)


async def is_asked_about_her_data(amal: Woman) -> None:
    await amal.says("احذفي بياناتي")
    await amal.sees("What is yours stays yours. What would you like?")


async def says_no_to_wiping(place: Town, amal: Woman) -> None:
    if not place.by_whatsapp:
        await amal.sees("Shall we also delete the messages in this chat, yours and ours, as far as the app lets us?")
        await amal.answers("No, leave them")


async def statuses(place: Town) -> list[str]:
    rows = await place.working.store.read(lambda unit: unit.all("SELECT status FROM cases ORDER BY opened_at"))
    return [status for (status,) in rows]


@EVERYWHERE
async def test_she_sees_what_is_held_deletes_one_and_then_everything(place: Town, tmp_path: Path) -> None:
    huda = await telling.on_call(place, "هدى", 2001)
    amal = telling.her(place)
    code = await telling.reports(place, amal, Told(what=CANARY))
    await telling.files_are_here(place)
    await huda.sees("You have an appointment that needs confirming ({code})")
    await huda.answers("I take it")
    await amal.sees("A person has your message now and is seeing to it.")
    await huda.answers("Contact made")
    await amal.sees("A person has noted that she spoke with you. If nobody has, write to us here.")
    await is_asked_about_her_data(amal)
    await amal.answers("Show me what is kept")
    await amal.sees("This is what is kept of you.")
    await amal.answers("A receipt")
    await amal.answers(code)
    await amal.sees_words("SND1.")

    await is_asked_about_her_data(amal)
    await amal.answers("Delete one of them")
    await amal.answers(code)
    await amal.sees("Delete {code} for good? Nobody can bring it back, not even we.")
    await place.restarts()
    await amal.answers("Yes, delete for good")
    await amal.sees("In our backups it lies sealed until they expire, in {days} days at most.")
    assert await place.codes() == []
    await huda.sees("The appointment was called off by whom it was with ({code}), and nothing of it is kept any more.")

    known = await her_row(place)
    assert known is not None
    await is_asked_about_her_data(amal)
    await amal.answers("Delete everything")
    if not place.by_whatsapp:
        await amal.answers("Yes, the messages too")
    await amal.sees("Delete everything we keep of you? Nobody can bring it back, not even we.")
    await amal.answers("Yes, delete for good")
    await amal.sees("It is done. We do not know you any more, and keep nothing that points to you.")
    assert await her_row(place) is None
    if not place.by_whatsapp:
        async with asyncio.timeout(20):
            while any(code in message.text for message in amal.phone.chat):
                await asyncio.to_thread(int)
    await place.restarts()
    await nothing_is_left_of_her(place, tmp_path, known.index)
    await amal.says("السلام عليكم")
    await amal.sees(telling.WELCOME)


async def nothing_is_left_of_her(place: Town, folder: Path, index: bytes) -> None:
    """Neither her words nor her address, in any file or table; the platform's numbers of deliveries say nothing."""
    number = f"96777{telling.NUMBER:07}" if place.by_whatsapp else str(telling.NUMBER)
    shapes = (*of_words(CANARY), *of_words(number), index)
    url = place.settings.database_url

    def found() -> bool:
        if url.startswith("sqlite"):
            contents = [path.read_bytes() for path in folder.glob("sanad.db*")]
        else:
            contents = [content for _, content in of_tables(url)]
        return any(shape in content for content in contents for shape in shapes)

    async with asyncio.timeout(20):
        while await asyncio.to_thread(found):
            await place.working.store.read(lambda unit: unit.one("SELECT 1"))


@EVERYWHERE
async def test_somebody_makes_her_delete_everything_and_nothing_is_lost(place: Town) -> None:
    huda = await telling.on_call(place, "هدى", 2001)
    amal = telling.her(place)
    code = await telling.reports(place, amal, Told())
    await chooses_words(place)
    await place.passes(minutes=1)
    await is_asked_about_her_data(amal)
    await amal.answers("Delete everything")
    await amal.sees("Please write your word first, so that we know it is you.")
    await amal.says(DURESS)
    await says_no_to_wiping(place, amal)
    await amal.sees("Delete everything we keep of you? Nobody can bring it back, not even we.")
    await amal.answers("Yes, delete for good")
    await amal.sees("It is done. We do not know you any more, and keep nothing that points to you.")
    await huda.sees("You have an appointment that needs confirming now ({code})")
    assert len(await place.codes()) == 2, "hers, and the silent one"
    await place.restarts()
    await amal.says("مرحبا")
    shown = [message.text for message in amal.phone.messages][-1:]
    assert code not in shown[0]


@EVERYWHERE
async def test_without_a_word_an_urgent_report_that_nobody_answered_waits_for_the_team(place: Town) -> None:
    huda = await telling.on_call(place, "هدى", 2001)
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    await huda.sees("You have an appointment that needs confirming now ({code})")
    await amal.says("طلبي")
    await amal.answers(code)
    await amal.answers("Delete it for good")
    await amal.sees("Delete {code} for good? Nobody can bring it back, not even we.")
    await amal.answers("Yes, delete for good")
    await amal.sees("{codes} is taken back and the team has been told. It is destroyed when they have closed it.")
    assert await place.codes() == [code]
    await huda.answers("I take it")
    await huda.sees("The appointment is yours ({code}). When you have spoken, choose “Contact made”.")
    assert await statuses(place) == ["taken"]
