"""Whatever people, platforms, forgers and clocks send: a kind answer or knowingly none, and no word in the log."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import telling
from tests.bot.test_webhooks import CANARY, FORMS, updates
from tests.people import Woman
from tests.platforms.twilio_checks import signature
from tests.telling import EVERYWHERE, ON_WHATSAPP, ONCE, WELCOME, Told
from tests.town import SECRET, Town, town

TODAY = "Are you afraid that something may happen today?"
OLD = "This was answered already, and your answer is kept. We are here now:"
UNKNOWN = "We couldn't read that button, and that is our fault. Let us go on here:"
TOWER, OVERRIDES = "a" + "\u0301" * 3000, "\u202e\u2066\u202eقلب الكلام\u200f\u202d" * 40


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found
        await found.telegram.settles()
        await found.twilio.settles()
        assert refusals(found) == []


def refusals(place: Town) -> list[int]:
    """What the platforms were answered that was no 2xx: they would bring it again, or give up."""
    telegram = [call.status or 0 for call in place.telegram.calls if call.method == "webhook failed"]
    forged = {403}
    twilio = [post.status for post in place.twilio.deliveries if not 200 <= post.status < 300]
    return [status for status in (*telegram, *twilio) if status not in forged]


async def is_asked_if_safe(place: Town) -> Woman:
    """At the question that matters most."""
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await amal.answers("Tell what happened")
    await amal.sees(telling.SAFE)
    amal.phone.reads()
    return amal


async def is_answered(amal: Woman) -> str:
    """The next letter to her."""
    found = await amal.phone._bell.until(lambda: amal.phone.unread or None, 10)
    assert found, f"nothing came:\n{amal.phone.screen()}"
    (letter, *_) = amal.phone.reads()
    return str(letter.text)


# ---------------------------------------------------------------- what people send

Send = Callable[[Any], Awaitable[Any]]
ODD: dict[str, Send] = {
    "5,000 emoji": lambda phone: phone.says("😢" * 5000),
    "right-to-left overrides": lambda phone: phone.says(OVERRIDES),
    "only invisible marks": lambda phone: phone.says("\u200f\u202e\u2069"),
    "null bytes": lambda phone: phone.says("\0سلام\0\0"),
    "100,000 characters": lambda phone: phone.says("كلام كثير " * 10_000),
    "a tower of marks": lambda phone: phone.says(TOWER),
    "white space": lambda phone: phone.says(" \n\t "),
    "a format string": lambda phone: phone.says("{code} %s ${x} {0.__class__} <b>&amp;"),
    "SQL": lambda phone: phone.says("'; DROP TABLE cases; --"),
    "a sticker": lambda phone: phone.sends_sticker(),
    "a contact": lambda phone: phone.sends_contact(),
    "the other side of the world": lambda phone: phone.sends_location(-41.3, 174.8),
    "a photo that is none": lambda phone: phone.sends_photo(b"\0not a photo"),
    "an empty photo": lambda phone: phone.sends_photo(b""),
    "a button made up": lambda phone: phone.presses_data("ffffffff.zzzz"),
    "a button of another program": lambda phone: phone.presses_data("\u202e" * 20),
    "a page's button that is not hers": lambda phone: phone.presses_data("p.zzzzzzzzzzzzz.t"),
}


@EVERYWHERE
async def test_whatever_she_sends_she_is_answered_and_can_go_on(place: Town) -> None:
    amal = await is_asked_if_safe(place)
    for what, send in ODD.items():
        await send(amal.phone)
        answer = await is_answered(amal)
        assert answer.strip(), what
        assert "خطأ: إدخال" not in answer, what
    assert await telling.counted(place, "SELECT COUNT(*) FROM cases") == 0, "nothing of that was danger"
    await amal.says("أنا في خطر")
    await amal.answers("Yes, I need help now")
    await amal.sees("What is it about? The nearest is enough.")
    assert await telling.counted(place, "SELECT COUNT(*) FROM cases") == 1


POLL = {"id": "1", "question": "q", "options": [], "total_voter_count": 0, "is_closed": False, "type": "regular"}


BESIDE_WORDS: tuple[dict[str, Any], ...] = (
    {"poll": POLL},
    {"dice": {"emoji": "🎲", "value": 1}},
    {"story": {"id": 1}},
    {},
)


@ONCE
async def test_what_telegram_has_beside_words_is_answered_kindly(place: Town) -> None:
    amal = await is_asked_if_safe(place)
    kindly = amal.hers(
        "We couldn't open what you sent, and that is our fault. Words, a voice note, a photo or a button all reach us."
    )
    for content in BESIDE_WORDS:
        await amal.phone.sends_raw({"message": amal.phone._shapes(content)})
        assert kindly in await is_answered(amal), content


@EVERYWHERE
async def test_a_hundred_thousand_characters_are_kept_whole_and_as_they_were(place: Town) -> None:
    told = Told(what="\u202eكلام\0" + "كثير 😢 " * 14_000)
    amal = telling.her(place)
    await telling.begins(place, amal)
    await telling.tells(amal, told)
    await amal.says("تخطي")
    code = await telling.ends(amal, told)
    assert (await place.opens_case(code)).data["answers"]["what"]["words"] == told.what


@ONCE
async def test_a_location_on_the_other_side_of_the_world_is_taken_for_outside_yemen(place: Town) -> None:
    amal = telling.her(place)
    await telling.begins(place, amal)
    await amal.phone.sends_location(-41.3, 174.8)
    await amal.sees("When was it, the last time?")


@ON_WHATSAPP
async def test_media_whose_type_is_made_up_is_kept_as_a_file(place: Town) -> None:
    amal = telling.her(place)
    code = await telling.in_danger(place, amal)
    await amal.phone.sends_photo(b"?", content_type="x-\u202e/;;;")
    await amal.sees("It has reached the team as well. We go on where we were:")
    await telling.files_are_here(place)
    assert [content for _, content in await telling.files_of(place, code)] == [b"?"]


# ---------------------------------------------------------------- buttons


@ONCE
async def test_an_old_button_changes_nothing_and_says_so(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await amal.answers("Tell what happened")
    safe = await amal.sees(telling.SAFE)
    await amal.phone.presses_data(safe.buttons[0][1], safe)
    await amal.sees(TODAY)
    await amal.phone.presses_data(safe.buttons[1][1], safe)
    assert amal.hers(TODAY) in (await amal.sees(OLD)).text
    assert await telling.counted(place, "SELECT COUNT(*) FROM cases") == 0


@ONCE
async def test_a_double_tap_counts_once(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await amal.answers("Tell what happened")
    safe = await amal.sees(telling.SAFE)
    for _ in range(3):
        await amal.phone.presses_data(safe.buttons[0][1], safe)
    await amal.sees(TODAY)
    await place.telegram.settles()
    await telling.letters_are_gone(place)
    assert [message.text for message in amal.phone.unread if amal.hers(TODAY) in message.text] == []


@ONCE
async def test_a_forged_button_is_answered_kindly(place: Town) -> None:
    amal = await is_asked_if_safe(place)
    await amal.phone.presses_data("../../etc/passwd\0")
    assert amal.hers(UNKNOWN) in await is_answered(amal)


# ---------------------------------------------------------------- webhooks


@EVERYWHERE
async def test_forged_webhooks_leave_no_trace_and_hear_no_reason(place: Town) -> None:
    amal = telling.her(place)
    await amal.phone.says("مرحبا")
    await amal.sees(telling.HELLO)
    await amal.sees(WELCOME)
    before = await telling.counted(place, "SELECT COUNT(*) FROM inbox")
    if place.by_whatsapp:
        ways = ("unsigned", "wrong token", "other address", "changed")
        statuses = [await amal.phone.forges(CANARY, how) for how in ways]
    else:
        statuses = [await amal.phone.forges(CANARY, secret) for secret in (None, "", "guess", SECRET + "x")]
    assert statuses == [403] * 4
    assert await telling.counted(place, "SELECT COUNT(*) FROM inbox") == before
    assert {post.body for post in place.twilio.deliveries if post.status == 403} <= {""}
    assert CANARY not in place.log.getvalue()
    amal.phone.expects_nothing_more()


@EVERYWHERE
async def test_deliveries_that_are_repeated_act_once(place: Town) -> None:
    place.telegram.repeats_deliveries = place.twilio.repeats_deliveries = 2
    huda = await telling.on_call(place, "هدى", 2001)
    amal = telling.her(place)
    await telling.in_danger(place, amal)
    await huda.sees("You have an appointment that needs confirming now ({code})")
    await amal.phone.sends_photo(b"photo")
    await amal.sees("It has reached the team as well. We go on where we were:")
    await (place.twilio if place.by_whatsapp else place.telegram).settles()
    await telling.files_are_here(place)
    await telling.letters_are_gone(place)
    counted = [await telling.counted(place, f"SELECT COUNT(*) FROM {table}") for table in ("cases", "pages", "files")]
    assert counted == [1, 1, 1]
    texts = [message.text for message in amal.phone.messages]
    assert len(texts) == len(set(texts)), "nothing was said to her twice"


# ---------------------------------------------------------------- clocks


@ONCE
async def test_a_clock_that_jumps_back_and_forth_loses_nothing(place: Town) -> None:
    amal, told = telling.her(place), Told()
    await telling.begins(place, amal)
    await telling.letters_are_gone(place)
    await place.passes(hours=-30)
    await telling.tells(amal, told)
    await telling.letters_are_gone(place)
    await place.passes(minutes=50)
    await amal.says("تخطي")
    code = await telling.ends(amal, told)
    await place.passes(hours=-5)
    await place.passes(hours=40)
    assert (await place.opens_case(code)).data["answers"]["what"]["words"] == told.what


@ONCE
async def test_a_page_still_goes_out_when_the_clock_has_jumped_back(place: Town) -> None:
    huda = await telling.on_call(place, "هدى", 2001)
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await place.passes(hours=-48)
    await amal.answers("Tell what happened")
    await amal.answers("No, I am not safe")
    await huda.sees("You have an appointment that needs confirming now ({code})")


# ---------------------------------------------------------------- anything at all, through the whole program


@pytest.fixture
def whole(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[Town, asyncio.Runner]]:
    """A town whose loop stands still between examples."""
    shutil.copy(sqlite_template, tmp_path / "sanad.db")
    with asyncio.Runner() as runner:
        manager = town(f"sqlite:///{tmp_path / 'sanad.db'}", tmp_path)
        place = runner.run(manager.__aenter__())
        try:
            yield place, runner
        finally:
            runner.run(manager.__aexit__(None, None, None))


def nothing_of_it_in_the_log(place: Town) -> None:
    logged = place.log.getvalue()
    assert CANARY not in logged
    assert "😢" not in logged
    assert '"error"' not in logged


def test_no_updates_of_telegram_break_the_program_or_leak_a_word(whole: tuple[Town, asyncio.Runner]) -> None:
    place, runner = whole
    place.telegram.person(1001, has_written=True)
    fresh = itertools.count(1)

    async def arrive(bodies: list[bytes]) -> list[int]:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        statuses = []
        async with aiohttp.ClientSession() as session:
            for body in bodies:
                update = json.loads(body)
                if isinstance(update["update_id"], int):
                    update["update_id"] = next(fresh)
                address = f"{place.settings.address}/telegram"
                async with session.post(address, json=update, headers=headers) as answer:
                    statuses.append(answer.status)
                    assert CANARY.encode() not in await answer.read()
        return statuses

    @settings(max_examples=40, database=None)
    @given(st.lists(updates(), min_size=1, max_size=5))
    def anything(bodies: list[bytes]) -> None:
        assert set(runner.run(arrive(bodies))) == {200}
        nothing_of_it_in_the_log(place)

    anything()


def test_no_forms_of_twilio_break_the_program_or_leak_a_word(whole: tuple[Town, asyncio.Runner]) -> None:
    place, runner = whole
    place.twilio.person("+967770000001").last_wrote = place.clock.now()

    async def arrive(forms: list[dict[str, str]], path: str) -> list[int]:
        statuses = []
        for form in forms:
            if form.get("MessageSid"):
                form |= {"MessageSid": place.twilio.new_sid("SM")}
            url = place.settings.address + path
            made = signature(place.twilio.auth_token, url, form)
            statuses.append(await place.twilio.post(url, form, made))
        return statuses

    @settings(max_examples=40, database=None)
    @given(st.lists(FORMS, min_size=1, max_size=5), st.sampled_from(["/whatsapp", "/whatsapp/status"]))
    def anything(forms: list[dict[str, str]], path: str) -> None:
        assert set(runner.run(arrive(forms, path))) == {200}
        nothing_of_it_in_the_log(place)

    anything()
