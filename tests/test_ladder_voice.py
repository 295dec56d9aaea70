"""The ladder's rung by voice, as stories: Twilio rings, she types her PIN and a key, and the others are left in peace.

Over the emulators of Telegram and Twilio, by real HTTP with real signatures, on both databases.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handlers import drills
from handlers import voice as acts
from messages import Text
from messages.catalog import render
from storage import alarms, audit, reaches
from tests.people import Woman
from tests.platforms.twilio_calls import PhoneCall, Telephone
from tests.platforms.twilio_checks import signature
from tests.telling import in_danger
from tests.town import Town, town

NOW = "You have an appointment that needs confirming now ({code})"
YOURS = "The appointment is yours ({code}). When you have spoken, choose “Contact made”."
ASK = "Hello. You have an appointment that needs confirming. Please type your PIN, then the hash key."
AGAIN = "That was not it. Please type your PIN once more, then the hash key."
NOTHING = "Hello. Nothing is waiting for you now. Goodbye."
SHUT = "Hello. This can't be answered by telephone now. Please look at your messages. Goodbye."
CHOOSE = "Thank you. To take the appointment, press 4. If you can't, press 5."
PIN, LINE = "274139", "+967770000101"


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        yield found


def said(english: str) -> tuple[str, str]:
    """A sentence as it is said on the telephone."""
    return render(Text(english), "ar"), "arb"


async def can_be_rung(place: Town, number: int, line: str = LINE, pin: str = PIN) -> Telephone:
    store, world = place.working.store, place.working.world()
    await store.write(acts.set_number, number, line, world)
    assert await store.write(acts.set_pin, number, pin, world) is None
    return place.twilio.telephone(line)


async def a_team(place: Town) -> tuple[Woman, Woman, Telephone]:
    """Huda first, with Telegram and a telephone; Badria her substitute, with Telegram."""
    huda = await place.hires("هدى", level="first", telegram="201")
    await place.hires("بدرية", level="substitute", telegram="202")
    phones = [Woman(place.phone(number, has_written=True), "ar") for number in (201, 202)]
    return phones[0], phones[1], await can_be_rung(place, huda)


async def she_is_in_danger(place: Town, huda: Woman) -> Woman:
    """A woman who isn't safe; Huda's first page arrived and is not answered."""
    her = Woman(place.phone(1), "ar")
    await in_danger(place, her)
    await huda.sees(NOW)
    return her


async def rung(place: Town, line: Telephone) -> PhoneCall:
    """Two minutes later: Huda has no second app, so the rung by voice comes next."""
    await place.passes(minutes=2)
    return await line.rings()


async def log(place: Town) -> list[str]:
    (case,) = await place.working.store.read(lambda unit: unit.all("SELECT id FROM cases"))
    return [entry.what for entry in await place.working.store.read(alarms.history, case[0])]


async def audited(place: Town) -> list[str]:
    return [entry.what for entry in await place.working.store.read(audit.after, 0)]


async def status(place: Town) -> str:
    row = await place.working.store.read(lambda unit: unit.one("SELECT status FROM cases"))
    assert row is not None
    return str(row[0])


async def has_ended(place: Town, call: PhoneCall) -> None:
    """The call is over, and the program has heard so."""
    assert call.is_over
    await place.twilio.settles()


async def test_a_page_climbs_to_the_telephone_and_her_pin_and_4_take_it(place: Town) -> None:
    huda, badria, line = await a_team(place)
    her = await she_is_in_danger(place, huda)
    call = await rung(place, line)
    await call.is_answered()
    assert call.heard == [said(ASK)]
    await call.types(f"{PIN}#")
    assert call.heard[1:] == [said(CHOOSE)]
    await call.types("4")
    assert call.is_over
    await huda.sees(YOURS)
    await her.sees("A person has your message now and is seeing to it.")
    await place.passes(minutes=20)
    badria.phone.expects_nothing_more()
    line.expects_no_call()
    assert "page:answered" in await log(place)


async def test_a_second_channel_is_tried_before_the_telephone(place: Town) -> None:
    huda = await place.hires("هدى", level="first", telegram="201", whatsapp="+967770000201")
    await place.hires("بدرية", level="substitute", telegram="202")
    chat, other = Woman(place.phone(201, has_written=True), "ar"), place.twilio.person("+967770000201")
    other.last_wrote = place.clock.now()
    line = await can_be_rung(place, huda)
    await she_is_in_danger(place, chat)
    await place.passes(minutes=2)
    line.expects_no_call()
    await place.passes(minutes=2)
    call = await line.rings()
    await call.is_answered()
    await call.types(f"{PIN}#")
    await call.types("4")
    await chat.sees(YOURS)


async def test_5_passes_and_the_ladder_moves_on_at_once(place: Town) -> None:
    huda, badria, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    await call.is_answered()
    await call.types(f"{PIN}#")
    await call.types("5")
    assert call.heard[-1] == said("Thank you. The appointment goes on to others. Goodbye.")
    await huda.sees("Thank you. The appointment goes on to others ({code}).")
    await badria.sees(NOW)


@pytest.mark.parametrize("how", ["is_not_answered", "is_busy", "hangs_up"])
async def test_without_an_answer_the_page_stays_and_the_ladder_climbs_in_its_own_time(place: Town, how: str) -> None:
    huda, badria, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    if how == "hangs_up":
        await call.is_answered()
    getattr(call, how)()
    await has_ended(place, call)
    assert "page:unanswered" in await log(place)
    badria.phone.expects_nothing_more()
    await place.passes(minutes=2)
    await badria.sees(NOW)
    line.expects_no_call()
    await huda.answers("I take it")
    await huda.sees(YOURS)


async def test_a_call_that_can_not_be_made_is_climbed_past_at_once(place: Town) -> None:
    huda, badria, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    call.fails()
    await badria.sees(NOW)


async def test_silence_and_a_mailbox_hear_the_neutral_sentence_and_nothing_else(place: Town) -> None:
    huda, _, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    await call.is_answered()
    await call.keeps_silent()
    assert call.heard == [said(ASK)] * 2
    await has_ended(place, call)
    assert "page:unanswered" in await log(place)


async def test_what_twilio_takes_for_a_machine_hears_nothing_at_all(place: Town) -> None:
    huda, _, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    await call.is_answered(by="machine_start")
    assert call.is_over
    assert call.heard == []


async def test_three_wrong_pins_end_the_call_and_are_audited_and_the_next_call_asks_for_none(place: Town) -> None:
    huda, _, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    await call.is_answered()
    for typed in ("1111#", "2222#", "33#"):
        assert not call.is_over
        await call.types(typed)
    assert call.heard == [said(ASK), said(AGAIN), said(AGAIN), said("Goodbye.")]
    await has_ended(place, call)
    assert (await audited(place)).count("voice:wrong_pin") == 3
    assert (await audited(place)).count("voice:shut") == 1
    assert await status(place) == "waiting"
    again = await place.twilio.posted(*_signed(place, call.fields["Url"], {"CallSid": call.sid}))
    assert render(Text(SHUT), "ar") in again.body


async def test_a_wrong_pin_may_be_mended(place: Town) -> None:
    huda, _, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    await call.is_answered()
    await call.types("274138#")
    await call.types(f"{PIN}#")
    await call.types("7")
    await call.types("4")
    await huda.sees(YOURS)


async def test_whoever_answers_after_somebody_took_it_hears_that_nothing_waits(place: Town) -> None:
    huda, badria, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    await place.passes(minutes=2)
    await badria.sees(NOW)
    await badria.answers("I take it")
    await badria.sees(YOURS)
    await call.is_answered()
    assert call.heard == [said(NOTHING)]
    assert call.is_over


async def test_whoever_presses_4_while_somebody_else_takes_it_hears_so_kindly(place: Town) -> None:
    huda, badria, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    await place.passes(minutes=2)
    await badria.sees(NOW)
    await call.is_answered()
    await call.types(f"{PIN}#")
    await badria.answers("I take it")
    await badria.sees(YOURS)
    await call.types("4")
    sentence = "Thank you. A colleague has confirmed it already, and nothing more is needed. Goodbye."
    assert call.heard[-1] == said(sentence)


async def test_without_a_pin_nobody_is_rung(place: Town) -> None:
    huda = await place.hires("هدى", level="first", telegram="201", voice=LINE)
    await place.hires("بدرية", level="substitute", telegram="202")
    phones = [Woman(place.phone(number, has_written=True), "ar") for number in (201, 202)]
    line = place.twilio.telephone(LINE)
    await she_is_in_danger(place, phones[0])
    await place.passes(minutes=2)
    await phones[1].sees(NOW)
    line.expects_no_call()
    assert huda


def _signed(place: Town, url: str, params: dict[str, str]) -> tuple[str, dict[str, str], str]:
    return url, params, signature(place.twilio.auth_token, url, params)


FORGED: dict[str, Any] = {
    "nobody's signature": None,
    "another token's": "another",
    "another address's": "elsewhere",
}


@pytest.mark.parametrize("how", FORGED)
async def test_what_twilio_has_not_signed_is_refused_everywhere_and_changes_nothing(place: Town, how: str) -> None:
    huda, _, line = await a_team(place)
    await she_is_in_danger(place, huda)
    call = await rung(place, line)
    page = call.fields["Url"]
    form = {"CallSid": call.sid, "Digits": "4", "CallStatus": "failed"}
    for url in (page, f"{page}/pin/1", f"{page}/key/1", call.fields["StatusCallback"].partition("#")[0]):
        made = {
            "another": signature("not the token", url, form),
            "elsewhere": signature(place.twilio.auth_token, url + "x", form),
        }.get(FORGED[how] or "")
        assert await place.twilio.post(url, form, made) == 403
    assert await status(place) == "waiting"
    assert "page:failed" not in await log(place)


async def test_a_page_that_is_not_there_or_not_by_voice_is_not_spoken_of(place: Town) -> None:
    for name in ("zzz", "ZZZ", "9999999999999", "zzzzzzzzzzzzz", "0"):
        url = f"{place.settings.address}/voice/{name}"
        post = await place.twilio.posted(*_signed(place, url, {"CallSid": "CA1"}))
        assert render(Text(NOTHING), "ar") in post.body


async def test_a_call_in_doubt_is_looked_for_and_she_is_rung_once(place: Town) -> None:
    huda, _, line = await a_team(place)
    await she_is_in_danger(place, huda)
    place.twilio.fails(method="CreateCall", status=500, created=True)
    call = await rung(place, line)
    await call.is_answered()
    await call.types(f"{PIN}#")
    await call.types("4")
    await huda.sees(YOURS)
    await has_ended(place, call)
    line.expects_no_call()
    assert len(place.twilio.voice_calls) == 1


async def test_a_drill_rings_as_in_earnest_and_is_told_in_her_messages(place: Town) -> None:
    huda, badria, line = await a_team(place)
    begun = await place.working.store.write(drills.begin, "critical", place.working.world())
    assert isinstance(begun, drills.Begun)
    await huda.sees(NOW)
    call = await rung(place, line)
    await call.is_answered()
    await call.types(f"{PIN}#")
    await call.types("4")
    await huda.sees("This was a drill ({code}). Thank you: you answered {time} after it began (minutes:seconds).")
    assert await status(place) == "closed"
    await place.passes(minutes=40)
    badria.phone.expects_nothing_more()
    line.expects_no_call()


async def test_the_right_pin_proves_the_number(place: Town) -> None:
    huda, _, line = await a_team(place)
    await she_is_in_danger(place, huda)
    assert "voice" not in {channel for _, channel in await place.working.store.read(reaches.proven)}
    call = await rung(place, line)
    await call.is_answered()
    await call.types(f"{PIN}#")
    assert "voice" in {channel for _, channel in await place.working.store.read(reaches.proven)}
    call.hangs_up()
    await place.twilio.settles()
    assert "page:unanswered" not in await log(place)


async def test_a_status_that_comes_late_or_twice_changes_nothing(place: Town) -> None:
    huda, badria, line = await a_team(place)
    await she_is_in_danger(place, huda)
    place.twilio.repeats_deliveries = 2
    call = await rung(place, line)
    call.is_busy()
    await place.twilio.settles()
    url = call.fields["StatusCallback"].partition("#")[0]
    for late in ("initiated", "failed"):
        form = {"CallSid": call.sid, "CallStatus": late}
        assert (await place.twilio.posted(*_signed(place, url, form))).status == 200
    assert (await log(place)).count("page:unanswered") == 1
    badria.phone.expects_nothing_more()
    assert await status(place) == "waiting"
