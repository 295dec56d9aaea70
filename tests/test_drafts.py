"""What she began and did not send: kept sealed for its time of silence, then destroyed with its files, and she is told.

Told gently, and once, when she comes back; what had reached the team before stays with the team.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import retention
from tests import telling
from tests.people import Woman
from tests.telling import EVERYWHERE, ONCE, Told
from tests.town import Town, town

BACK = (
    "Welcome back. You were silent for a while, so what you had begun was destroyed, for your safety. "
    "Nothing of it remains here. You can begin again whenever you like."
)
BACK_WITH_CASE = (
    "Welcome back. You were silent for a while. What reached the team under {code} is still with them; "
    "the rest of what you had begun was destroyed, for your safety."
)
MENU = "How can we be of use?"
TOLD = Told(photo=b"\xff\xd8\xff" + b"a photo of hers" * 30_000)


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def sweeps(place: Town) -> None:
    """What the worker does every few seconds."""
    await place.working.store.write(retention.sweep_drafts, place.working.world())


async def has_sent_a_photo(place: Town, amal: Woman) -> None:
    """A draft with words in it, and a file where files are asked for."""
    await telling.begins(place, amal)
    await telling.tells(amal, TOLD)
    await amal.phone.sends_photo(TOLD.photo, caption=TOLD.caption)
    await telling.sees_it_kept(amal)
    await telling.files_are_here(place)


async def drafts(place: Town) -> int:
    """How many talks hold something."""
    return await telling.counted(place, "SELECT COUNT(*) FROM talks WHERE expires_at IS NOT NULL")


async def files(place: Town) -> tuple[int, int]:
    """How many files there are, and how many parts of files."""
    count = telling.counted
    return await count(place, "SELECT COUNT(*) FROM files"), await count(place, "SELECT COUNT(*) FROM file_parts")


@EVERYWHERE
async def test_a_draft_and_its_files_are_destroyed_after_an_hour_of_silence(place: Town) -> None:
    await has_sent_a_photo(place, telling.her(place))
    assert await files(place) == (1, 2)
    await place.passes(minutes=61)
    await sweeps(place)
    assert (await drafts(place), await files(place)) == (0, (0, 0))


@ONCE
async def test_within_the_hour_she_goes_on_where_she_was(place: Town) -> None:
    amal = telling.her(place)
    await has_sent_a_photo(place, amal)
    await place.passes(minutes=59)
    await sweeps(place)
    await amal.answers(telling.DONE)
    code = await telling.ends(amal, TOLD)
    assert (await place.opens_case(code)).data["answers"]["what"]["words"] == TOLD.what


@ONCE
async def test_each_message_of_hers_begins_the_hour_anew(place: Town) -> None:
    amal = telling.her(place)
    await telling.begins(place, amal)
    for say, see in ((TOLD.where, "When was it, the last time?"), (TOLD.when, "Did it happen once, or again?")):
        await place.passes(minutes=45)
        await sweeps(place)
        await amal.says(say)
        await amal.sees(see)


@EVERYWHERE
async def test_she_is_told_gently_when_she_comes_back_and_only_once(place: Town) -> None:
    amal = telling.her(place)
    await has_sent_a_photo(place, amal)
    await place.passes(minutes=61)
    await sweeps(place)
    await amal.says("مرحبا")
    await amal.sees(BACK)
    await amal.says("مرحبا")
    assert amal.hers(BACK) not in (await amal.sees(MENU)).text


@ONCE
async def test_nothing_is_sent_to_her_when_her_draft_is_destroyed(place: Town) -> None:
    amal = telling.her(place)
    await has_sent_a_photo(place, amal)
    before = len(amal.phone.messages)
    await place.passes(minutes=61)
    await sweeps(place)
    await telling.letters_are_gone(place)
    assert len(amal.phone.messages) == before


@ONCE
async def test_nothing_of_the_draft_is_shown_when_she_comes_back_before_the_sweep(place: Town) -> None:
    amal = telling.her(place)
    await has_sent_a_photo(place, amal)
    await place.passes(minutes=61)
    await amal.says("مرحبا")
    assert TOLD.what not in (await amal.sees(BACK)).text


@ONCE
async def test_the_files_go_as_well_when_she_comes_back_before_the_sweep(place: Town) -> None:
    amal = telling.her(place)
    await has_sent_a_photo(place, amal)
    await place.passes(minutes=61)
    await amal.says("مرحبا")
    await amal.sees(BACK)
    await sweeps(place)
    assert await files(place) == (0, 0)


@ONCE
async def test_a_file_that_came_before_it_was_asked_for_is_destroyed_with_the_draft(place: Town) -> None:
    amal = telling.her(place)
    await telling.begins(place, amal)
    await amal.phone.sends_photo(TOLD.photo)
    await amal.sees("It has reached us and it is kept. We go on where we were:")
    await telling.files_are_here(place)
    await place.passes(minutes=61)
    await sweeps(place)
    assert await files(place) == (0, 0)


@ONCE
async def test_a_draft_is_kept_for_a_day_if_she_asks_and_no_longer(place: Town) -> None:
    amal = telling.her(place)
    await has_sent_a_photo(place, amal)
    await amal.says("إيقاف")
    await amal.sees("You may leave at any time. What shall become of what you have begun?")
    await amal.answers("Keep it for a day")
    await amal.sees(
        "What you have begun is kept for a day, then destroyed. Whenever you are ready, we go on from there."
    )
    await place.passes(hours=23)
    await sweeps(place)
    assert (await drafts(place), await files(place)) == (1, (1, 2))
    await place.passes(hours=1, minutes=1)
    await sweeps(place)
    assert (await drafts(place), await files(place)) == (0, (0, 0))


@ONCE
async def test_what_she_forgets_is_gone_at_once(place: Town) -> None:
    amal = telling.her(place)
    await has_sent_a_photo(place, amal)
    await amal.says("إيقاف")
    await amal.answers("Forget it")
    await amal.sees("It is done. Nothing of it is kept here. You can also delete this chat from your phone.")
    assert (await drafts(place), await files(place)) == (0, (0, 0))


@ONCE
async def test_what_reached_the_team_stays_with_the_team(place: Town) -> None:
    huda = await telling.on_call(place, "هدى", 2001)
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await amal.answers("Tell what happened")
    await amal.sees(telling.SAFE)
    await amal.answers("No, I am not safe")
    await amal.sees("What is it about? The nearest is enough.")
    code = await amal.code()
    await huda.sees("You have an appointment that needs confirming now ({code})")
    await amal.phone.sends_photo(TOLD.photo)
    await amal.sees("It has reached the team as well. We go on where we were:")
    await telling.files_are_here(place)
    await place.passes(minutes=61)
    await sweeps(place)
    assert (await drafts(place), await files(place)) == (0, (1, 2))
    await amal.says("مرحبا")
    assert code in (await amal.sees(BACK_WITH_CASE)).text
    assert [note["kind"] for note in (await place.opens_case(code)).data["files"]] == ["photo"]


@ONCE
async def test_a_draft_lies_sealed(place: Town) -> None:
    await has_sent_a_photo(place, telling.her(place))
    talks = await place.working.store.read(lambda unit: unit.all("SELECT body FROM talks"))
    parts = await place.working.store.read(lambda unit: unit.all("SELECT body FROM file_parts"))
    assert all(TOLD.what.encode() not in bytes(body) for (body,) in talks)
    assert all(TOLD.photo[3:40] not in bytes(body) for (body,) in parts)


@ONCE
async def test_where_nothing_of_hers_was_lost_she_is_told_of_no_loss(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await amal.answers("Language / اللغة")
    await amal.sees("Which language suits you?")
    await place.passes(minutes=61)
    await sweeps(place)
    amal.phone.reads()
    await amal.says("مرحبا")
    assert amal.hers(BACK) not in (await amal.sees_words("")).text
