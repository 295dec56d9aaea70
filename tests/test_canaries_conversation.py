"""Words of her own, a plan, a place and a cry for help in one conversation: found nowhere, and gone when she says.

It looks where `tests/test_canaries.py` looks, before she has everything deleted and after.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import own_words
from storage import backup, people, words
from storage.people import Known
from storage.unit import Unit
from tests import telling
from tests.people import Woman
from tests.telling import EVERYWHERE
from tests.test_canaries import caught, of_files, of_pages, of_tables, opened_with_server_keys, woven
from tests.test_check_in_talk import PLAN, WORD, sets
from tests.test_deleting_everything import her_row, is_asked_about_her_data
from tests.town import Town, town

DURESS = "شاهي حليب بالزنجبيل"
CRY = "كناري-صرخة-q1wkvjhpzx عند الباب الأزرق"
SPELT = "كَرْكَدِيه بالهيـل"
"""Her word as another phone writes it: the same word to us, and as little to be found."""
LATITUDE, LONGITUDE = 15.46373, 45.32917
PLANTED = (PLAN, WORD, DURESS, CRY, SPELT, str(LATITUDE), str(LONGITUDE))


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def everything_lies(place: Town, folder: Path) -> list[tuple[str, bytes]]:
    """Files, tables, logs, answers and metrics."""
    url = place.settings.database_url
    found = [*of_files(folder), *[page async for page in of_pages(place)], ("the log", place.log.getvalue().encode())]
    return found + ([] if url.startswith("sqlite") else list(of_tables(url)))


async def has_a_second_word(place: Town, known: Known) -> None:
    stretched = own_words.stretch(DURESS, known.id)
    await place.working.store.write(words.put, known.id, "duress", stretched, place.now())


async def tells_all(place: Town, amal: Woman) -> Known:
    """A word, a plan, another word, a cry for help, her place."""
    await sets(place, amal)
    known = await her_row(place)
    assert known is not None
    await has_a_second_word(place, known)
    await amal.says("طوارئ")
    await amal.sees_words("ننادي الآن المناوِبة")
    await amal.phone.sends_location(LATITUDE, LONGITUDE)
    await amal.sees("It has arrived, thank you.")
    await amal.says(CRY)
    await amal.sees("It has arrived, thank you.")
    await telling.letters_are_gone(place)
    return known


def hangs_on(unit: Unit, person: int, cases: list[int]) -> list[str]:
    """Every table with a row that names her or a case of hers, the log apart: it keeps numbers, and says so."""
    found = []
    for table, columns in backup.tables().items():
        if table == "audit":
            continue
        for column in columns:
            if column in {"person_id", "other_id"} or (table, column) == ("people", "id"):
                numbers = [person]
            elif column == "case_id" or (table, column) == ("cases", "id"):
                numbers = cases
            else:
                continue
            sql = f"SELECT 1 FROM {table} WHERE {column} = :number"
            found += [f"{table}.{column}" for number in numbers if unit.one(sql, {"number": number})]
    return found


@EVERYWHERE
async def test_what_she_says_to_be_safe_is_found_nowhere_and_goes_when_she_says(place: Town, tmp_path: Path) -> None:
    huda, amal = await telling.on_call(place, "هدى", 2001), telling.her(place)
    known = await tells_all(place, amal)
    number = f"96777{telling.NUMBER:07}" if place.by_whatsapp else str(telling.NUMBER)
    net = woven(PLANTED, (), (number,))
    assert [one for where, what in await everything_lies(place, tmp_path) for one in caught(net, where, what)] == []
    spoken = woven(PLANTED, (), ())
    unlocked = await place.working.store.read(opened_with_server_keys)
    assert [one for where, what in unlocked for one in caught(spoken, where, what)] == []
    await huda.sees("You have an appointment that needs confirming now ({code})")
    shown = [(message.text, message.buttons) for message in huda.phone.messages]
    calls = [call.params for call in (*place.telegram.calls, *place.twilio.calls)]
    to_huda = [params for params in calls if "2001" in str(params.get("chat_id") or params.get("To"))]
    letters = json.dumps([shown, to_huda], ensure_ascii=False, default=str).encode()
    assert caught(net, "a letter to Huda", letters) == []

    cases = await place.working.store.read(
        lambda unit: [one for (one,) in unit.all("SELECT id FROM cases WHERE person_id = :id", {"id": known.id})]
    )
    assert len(cases) == 2, "what she cried for, and the plan that sleeps"
    assert await place.working.store.read(hangs_on, known.id, cases), "the net is cast where she lies"
    await deletes_everything(place, amal)
    assert await place.working.store.read(hangs_on, known.id, cases) == []
    await is_gone(place, tmp_path, known.index, net)
    await place.restarts()
    await place.passes(hours=7)
    assert await place.codes() == [], "the plan that was deleted with all else calls nobody"
    assert await place.working.store.read(people.find, "telegram", str(telling.NUMBER), place.now()) is None


async def deletes_everything(place: Town, amal: Woman) -> None:
    """Her word, in a spelling of another phone, deletes it all."""
    await amal.says("احذفي بياناتي")
    await amal.sees_words("هل نتوقف هنا؟")
    await amal.answers("Stop here")
    await is_asked_about_her_data(amal)
    await amal.answers("Delete everything")
    await amal.sees("Please write your word first, so that we know it is you.")
    await amal.says(SPELT)
    if not place.by_whatsapp:
        await amal.sees("Shall we also delete the messages in this chat, yours and ours, as far as the app lets us?")
        await amal.answers("Yes, the messages too")
    await amal.sees("Delete everything we keep of you? Nobody can bring it back, not even we.")
    await amal.answers("Yes, delete for good")
    await amal.sees("It is done. We do not know you any more, and keep nothing that points to you.")


async def is_gone(place: Town, folder: Path, index: bytes, net: dict[str, frozenset[bytes]]) -> None:
    """Neither a word of hers nor her address, its index too, in any file, table, log or answer."""
    whole = {**net, "her blind index": frozenset((index,))}
    left = ["not looked yet"]
    async with asyncio.timeout(30):
        while left:
            lies = await everything_lies(place, folder)
            left = [one for where, what in lies for one in caught(whole, where, what)]
            await place.working.store.read(lambda unit: unit.one("SELECT 1"))
