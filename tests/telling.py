"""A whole report told in the town, with something of one's own in every place that takes words or files.

It decides nothing: what is proven with it stands in the tests that tell it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from flows.core import Language
from flows.rota import RotaLevel
from handlers.media import fetch_now
from messages import Text
from messages.catalog import render
from storage import files
from tests.people import Woman
from tests.town import Town

EVERYWHERE = pytest.mark.parametrize(
    ("database", "place"),
    [("sqlite", "telegram"), pytest.param("postgres", "whatsapp", marks=pytest.mark.postgres)],
    indirect=True,
)
"""Each app, and each database, with as few towns as that takes."""
ONCE = pytest.mark.parametrize(("database", "place"), [("sqlite", "telegram")], indirect=True)
"""For what depends on neither."""
ON_WHATSAPP = pytest.mark.parametrize(("database", "place"), [("sqlite", "whatsapp")], indirect=True)
HELLO = "Hello!"
"""Comes before the first question, and brings the standing button."""
WELCOME = "Hello, and welcome. Which language suits you?"
SKIP = "I'd rather not say"
DONE = "That's all"
SAFE = "Are you in a safe place now?"
PROOF = (
    "If you have something that shows it, you can send it here: a photo, a voice note, a video, a document. "
    "It isn't needed: we believe you."
)
DOORS = (
    "What is it about? The nearest is enough, there is no wrong answer.\n"
    "At any time you can write “back”, “help” or “stop”."
)
TELL = (
    "Tell us what happened, in your own words, in writing or by voice. You need not name anyone.\n"
    "A voice can be recognised: write if you would rather not be known by it."
)
WORD = (
    "So that you know it is really us: choose a word that we say first. Any everyday word, such as a dish or a colour."
)
ARRIVED = (
    "It has arrived. Thank you for your trust. Your code is {code}.\n{next_step}\n\n"
    "You may delete this chat from your phone: nothing is lost with us, and the code can be found here again."
)
NUMBER = 7_716_354
"""Ends a telephone number, and is a chat's number, that is found by chance in no other row of bytes."""


@dataclass(frozen=True, slots=True)
class Told:
    """What she says at each question that takes words, and the files that she sends."""

    where: str = "في حارة الورد"
    when: str = "قبل أيام لا أذكرها"
    what: str = "كتب لي رجل رسائل لا أريدها"
    who: str = "رجل لا أعرف اسمه"
    wish: str = "أن يتوقف"
    never: str = "لا تزوروا بيتي"
    contact: str = "رقم أختي"
    hours: str = "بعد العصر"
    word: str = "كركديه"
    caption: str = "صورة الرسالة"
    file_name: str = "report.pdf"
    photo: bytes = b"\xff\xd8\xff photo"
    voice: bytes = b"OggS voice"
    document: bytes = b"%PDF- document"


def her(place: Town, language: Language = "ar", name: str = "Amal", number: int = NUMBER) -> Woman:
    """The woman of the story, on the story's app."""
    phone = place.phone(number)
    phone.name = name
    return Woman(phone, language)


async def on_call(place: Town, name: str, number: int, level: RotaLevel | None = "first") -> Woman:
    """A focal point with a phone of the story's app, who has opened the bot."""
    address = f"+96777{number:07}" if place.by_whatsapp else str(number)
    await place.hires(name, level=level, **{"whatsapp" if place.by_whatsapp else "telegram": address})
    focal_point = Woman(place.phone(number, has_written=True), "ar")
    if place.by_whatsapp:  # opens the 24-hour window, outside which a page needs a template
        await focal_point.says("مرحبا")
        await focal_point.sees(WELCOME)
    return focal_point


async def is_welcomed(her: Woman) -> None:
    """From her first word to the menu."""
    await her.says("مرحبا")
    await her.sees(WELCOME)
    await her.answers("العربية" if her.language == "ar" else "English")
    await her.answers("All right, go on")
    await her.answers(DONE)
    await her.sees("Thank you. It is noted, and you can change it at any time.")


async def begins(place: Town, her: Woman, door: str = "menu_official") -> None:
    """Welcomed, safe, and behind one of the doors, at the question of place."""
    await is_welcomed(her)
    await her.answers("Tell what happened")
    await her.sees(SAFE)
    await her.answers("Yes, I am safe")
    await her.sees("Are you afraid that something may happen today?")
    await her.answers("No")
    await her.sees(DOORS)
    await her.answers(place.working.rules.taxonomy.doors[door].short[her.language])
    await her.sees("Which of these fits?")
    await her.answers(SKIP)
    await her.sees("In which governorate? You can also write the place, or share a location if that is safe.")


async def tells(her: Woman, told: Told) -> None:
    """From the question of place to the one for files, all in her own words."""
    await her.says(told.where)
    await her.sees("When was it, the last time?")
    await her.says(told.when)
    await her.sees("Did it happen once, or again?")
    await her.answers("Once")
    await her.sees(TELL)
    await her.says(told.what)
    await her.sees("Who do you think is behind it? You need not know, and need not say.")
    await her.says(told.who)
    await her.sees(PROOF)


async def sends_files(place: Town, her: Woman, told: Told) -> None:
    """A photo with words under it, a voice note and a document."""
    await her.phone.sends_photo(told.photo, caption=told.caption)
    await sees_it_kept(her)
    await her.phone.sends_voice(told.voice)
    await sees_it_kept(her)
    mime = {} if place.by_whatsapp else {"mime": "application/pdf"}
    await her.phone.sends_document(told.document, name=told.file_name, **mime)
    await sees_it_kept(her)
    await her.answers(DONE)


async def sees_it_kept(her: Woman) -> None:
    """A file of hers has been kept, and she may send the next."""
    kept = Text("{kept} Send the next one, or press “That's all”.", (("kept", "§"),))
    await her.sees_words(render(kept, her.language).rpartition("§")[2].strip())


async def ends(her: Woman, told: Told) -> str:
    """From her wishes to "send". Returns the code of her report."""
    await her.sees("What do you wish to happen? The decision is yours. You can also write it.")
    await her.says(told.wish)
    await her.sees("Is there anything that we must not do? You can also write it.")
    await her.says(told.never)
    await her.sees("How is it safe for us to reach you?")
    await her.answers("By a call")
    await her.sees("On which number? Write it, and who may answer. If it is the one you write from, press the button.")
    await her.says(told.contact)
    await her.sees("At what time is it safe? You can also write it.")
    await her.says(told.hours)
    await her.sees(WORD)
    await her.says(told.word)
    await her.sees("Thank you. This is what we have so far, as you told it:")
    await her.answers("Send")
    await her.sees(ARRIVED)
    return await her.code()


async def reports(place: Town, her: Woman, told: Told) -> str:
    """A whole report, with files. Returns its code."""
    await begins(place, her)
    await tells(her, told)
    await sends_files(place, her, told)
    return await ends(her, told)


async def files_are_here(place: Town) -> None:
    """Wait until no file is to be fetched, nor to be deleted at the platform."""
    async with asyncio.timeout(20):
        while await counted(place, "SELECT COUNT(*) FROM files WHERE state IN ('wanted', 'discard')"):
            await fetches(place)  # unless the program's own duty has them already


async def fetches(place: Town) -> None:
    """What the worker does every second: fetch what is due, and delete what is here from the platform."""
    sanad = place.working
    await fetch_now(sanad.store, sanad.channels, sanad.world)


async def letters_are_gone(place: Town) -> None:
    """Wait until every letter has arrived."""
    async with asyncio.timeout(20):
        while await counted(place, "SELECT COUNT(*) FROM letters WHERE body IS NOT NULL"):
            pass


async def counted(place: Town, sql: str) -> int:
    """The one number that a statement gives."""
    row = await place.working.store.read(lambda unit: unit.one(sql))
    assert row is not None
    return int(row[0])


async def in_danger(place: Town, her: Woman) -> str:
    """Her case is open before the form is finished: what she sends now goes into it. Returns its code."""
    await is_welcomed(her)
    await her.answers("Tell what happened")
    await her.sees(SAFE)
    await her.answers("No, I am not safe")
    await her.sees("What is it about? The nearest is enough.")
    return await her.code()


async def files_of(place: Town, code: str) -> list[tuple[dict[str, Any], bytes]]:
    """The files of a case as the holder of the recovery key has them: what is noted of each, and its bytes."""
    opened = await place.opens_case(code)
    found = []
    for note in opened.data["files"]:
        parts = await place.working.store.read(files.parts, note["file"])
        key = opened.file_keys[note["file"]]
        found.append((note, b"".join(key.open_part(number, part) for number, part in enumerate(parts))))
    return found
