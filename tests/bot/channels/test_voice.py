"""The telephone as a channel, against Twilio's contract: what a call asks for, what errors mean, what is ever said."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from bot.channels.voice import speech
from bot.channels.voice.channel import Voice
from bot.channels.voice.status import call_status, fate
from handlers import voice as acts
from handlers.channel import Delivered, InDoubt, Outgoing, TryLater, Undeliverable
from handlers.voice_words import Said, spoken
from messages.catalog import render
from messages.wording import faults_in_arabic, faults_in_english
from storage import voice as kept
from storage.store import Store
from tests.handlers.alarm_town import MONDAY, Town
from tests.platforms.phones import Clock
from tests.platforms.twilio import Twilio

HER = "+967770000101"
OURS = "+14155230000"
PAGE = Outgoing("page:k3", HER, "words that are never said")


@pytest.fixture
async def tw() -> AsyncIterator[Twilio]:
    async with Twilio(clock=Clock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))) as found:
        found.telephone(HER)
        yield found


@pytest.fixture
async def channel(tw: Twilio) -> AsyncIterator[Voice]:
    made = Voice(
        tw.account_sid,
        tw.auth_token,
        OURS,
        "https://sanad.example",
        lambda: datetime.fromtimestamp(tw.clock.now(), UTC),
        api_url=tw.url,
    )
    yield made
    await made.close()


# ---------------------------------------------------------------- a call is made


async def test_a_call_carries_no_words_and_asks_our_webhook_what_to_say(tw: Twilio, channel: Voice) -> None:
    assert isinstance(await channel.send(PAGE), Delivered)
    (asked,) = tw.voice_calls
    assert asked["Url"] == "https://sanad.example/voice/k3"
    assert asked["StatusCallback"].startswith("https://sanad.example/voice/status?letter=")
    assert (asked["To"], asked["From"]) == (HER, OURS)
    assert not {"Twiml", "Record", "SendDigits"} & asked.keys()
    assert tw.phone_calls[0].events == ["initiated", "answered", "completed"]


async def test_a_call_is_not_done_before_its_end_is_told(channel: Voice) -> None:
    sent = await channel.send(PAGE)
    assert isinstance(sent, Delivered)
    assert not sent.final


async def test_what_is_no_page_is_never_said_on_the_telephone(tw: Twilio, channel: Voice) -> None:
    assert isinstance(await channel.send(Outgoing("staff:k3", HER, "more")), Undeliverable)
    assert tw.voice_calls == []


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        ({"status": 429, "code": 20429}, TryLater),
        ({"status": 401, "code": 20003}, TryLater),
        ({"status": 400, "code": 21211}, Undeliverable),
        ({"status": 500}, InDoubt),
        ({"status": 503, "created": True}, InDoubt),
        ({"created": True, "closes": True}, InDoubt),
    ],
)
async def test_what_twilio_answers_is_told_apart(
    tw: Twilio, channel: Voice, trouble: dict[str, int], outcome: type
) -> None:
    tw.fails(method="CreateCall", **trouble)  # type: ignore[arg-type]
    assert isinstance(await channel.send(PAGE), outcome)


async def test_a_number_that_is_none_is_given_up_for_good(tw: Twilio, channel: Voice) -> None:
    tw.fails(method="CreateCall", code=21211)
    assert await channel.send(PAGE) == Undeliverable("21211", gone=True)


# ---------------------------------------------------------------- in doubt


async def test_a_call_that_was_made_after_all_is_found_and_not_made_again(tw: Twilio, channel: Voice) -> None:
    since = datetime.fromtimestamp(tw.clock.now(), UTC)
    tw.fails(method="CreateCall", status=500, created=True)
    assert isinstance(await channel.send(PAGE), InDoubt)
    assert await channel.reconcile(PAGE, since) == Delivered(tw.phone_calls[0].sid, final=False)


async def test_another_pages_call_is_not_taken_for_this_one(tw: Twilio, channel: Voice) -> None:
    since = datetime.fromtimestamp(tw.clock.now(), UTC)
    await channel.send(Outgoing("page:other", HER, ""))
    tw.fails(method="CreateCall", status=500)
    assert isinstance(await channel.send(PAGE), InDoubt)
    assert isinstance(await channel.reconcile(PAGE, since), InDoubt)


async def test_it_is_made_again_only_once_it_is_sure_that_it_never_was(tw: Twilio, channel: Voice) -> None:
    since = datetime.fromtimestamp(tw.clock.now(), UTC)
    tw.fails(method="CreateCall", status=500)
    await channel.send(PAGE)
    assert await channel.reconcile(PAGE, since) == InDoubt("not listed yet")
    tw.passes(31)
    found = await channel.reconcile(PAGE, since)
    assert isinstance(found, TryLater)
    assert found.why == "never arrived"


async def test_while_twilio_is_away_it_stays_in_doubt(tw: Twilio, channel: Voice) -> None:
    tw.fails(method="ListCalls", status=503)
    since = datetime.fromtimestamp(tw.clock.now(), UTC) - timedelta(minutes=5)
    assert isinstance(await channel.reconcile(PAGE, since), InDoubt)


# ---------------------------------------------------------------- how a call went


@pytest.mark.parametrize("status", ["completed", "busy", "no-answer", "canceled"])
def test_a_call_that_rang_is_over_whoever_answered(status: str) -> None:
    change = fate(status, "CA1")
    assert change is not None
    assert change.is_over
    assert change.outcome == Delivered("CA1")


def test_a_call_that_could_not_be_made_fails() -> None:
    change = fate("failed", "CA1")
    assert change is not None
    assert isinstance(change.outcome, Undeliverable)


def test_statuses_only_ever_move_forward() -> None:
    ranks = [fate(status, "CA1") for status in ("initiated", "in-progress", "completed")]
    assert [change.rank for change in ranks if change] == [1, 2, 3]


@pytest.mark.parametrize("form", [{}, {"CallStatus": "completed"}, {"CallSid": "CA1", "CallStatus": "singing"}])
def test_what_is_no_status_is_none(form: dict[str, str]) -> None:
    assert call_status(form) is None


# ---------------------------------------------------------------- what is said


SENTENCES: tuple[Said, ...] = get_args(Said)
BEFORE_THE_PIN = ("ask", "again", "nothing", "shut", "goodbye")


@pytest.mark.parametrize("what", SENTENCES)
def test_everything_that_is_ever_said_is_one_of_a_few_sentences_without_a_blank(what: Said) -> None:
    english, arabic = render(spoken(what), "en"), render(spoken(what), "ar")
    assert "{" not in english + arabic
    assert re.search("[؀-ۿ]", arabic)
    assert not [*faults_in_arabic(arabic, is_page=True), *faults_in_english(english, is_page=True)]


@pytest.mark.parametrize("what", BEFORE_THE_PIN)
def test_before_the_pin_nothing_says_what_it_is_about_or_what_the_keys_do(what: Said) -> None:
    words = set(re.findall(r"[a-z']+", render(spoken(what), "en").lower()))
    assert words <= ALLOWED, words - ALLOWED
    assert not re.search(r"\d", render(spoken(what), "ar"))


ALLOWED = set(
    re.findall(
        r"\S+",
        """hello you have an appointment that needs confirming please type your pin then the hash key
        that was not it once more nothing is waiting for now goodbye
        this can't be answered by telephone look at messages""",
    )
)


def test_arabic_is_said_by_an_arabic_voice_and_english_by_an_english_one() -> None:
    assert 'language="arb"' in speech.ending("goodbye", "ar")
    assert 'voice="Polly.Zeina"' in speech.ending("goodbye", "ar")
    assert 'language="en-GB"' in speech.ending("goodbye", "en")


# ---------------------------------------------------------------- her PIN


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


@pytest.mark.parametrize("pin", ["2741", "٢٧٤١٣٩", "90210"])
async def test_a_pin_is_kept_as_a_sealed_hash_and_known_again(town: Town, pin: str) -> None:
    amal = await town.has("amal")
    assert await town.store.write(acts.set_pin, amal.number, pin, town.world()) is None
    found = await town.asks(kept.pin_of, amal.number)
    assert found is not None
    assert acts.is_right(pin, found)
    assert not acts.is_right("0000", found)
    row = await town.asks(lambda unit: unit.one("SELECT pin_hash FROM voice_pins"))
    assert row is not None
    assert found.hash not in bytes(row[0])


@pytest.mark.parametrize(
    "pin", ["", "123", "123456789", "0000", "1234", "8765", "7890", "121212", "27a1", "²³⁴⁵", "27 41"]
)
async def test_a_pin_that_is_none_or_soon_guessed_is_refused(town: Town, pin: str) -> None:
    amal = await town.has("amal")
    assert await town.store.write(acts.set_pin, amal.number, pin, town.world()) is not None
    assert await town.asks(kept.pin_of, amal.number) is None


async def test_who_has_a_pin_can_be_rung_only_where_calls_are_set_up(town: Town) -> None:
    amal = await town.has("amal", "focal_point", "telegram", "voice")
    await town.store.write(acts.set_pin, amal.number, "2741", town.world())
    assert await town.asks(kept.can_be_rung) == frozenset()
    await town.store.write(kept.note_configured, rings=True)
    assert await town.asks(kept.can_be_rung) == {amal.number}


async def test_wrong_pins_shut_the_way_for_longer_each_time_and_a_right_one_opens_it(town: Town) -> None:
    amal = await town.has("amal")
    waits = []
    for count in range(1, 10):
        await town.store.write(kept.note_wrong, amal.number, town.now)
        if count % acts.TRIES == 0:
            await town.store.write(kept.shut_until, amal.number, town.now + timedelta(minutes=count))
            waits.append(await town.asks(kept.wrong_until, amal.number))
    assert waits == [MONDAY + timedelta(minutes=minutes) for minutes in (3, 6, 9)]
    await town.store.write(kept.forget_wrong, amal.number)
    assert await town.asks(kept.wrong_until, amal.number) is None


async def test_what_is_written_to_her_never_goes_by_telephone(town: Town) -> None:
    amal = await town.has("amal", "focal_point", "voice")
    await town.has("najla", "coordinator")
    await town.is_on_call(amal)
    await town.store.write(acts.set_pin, amal.number, "2741", town.world())
    await town.store.write(kept.note_configured, rings=True)
    await town.meets_her()
    await town.alarm()
    await town.passes(minutes=45)
    rows = await town.asks(lambda unit: unit.all("SELECT key FROM letters WHERE channel = 'voice'"))
    assert rows
    assert all(key.startswith("page:") for (key,) in rows)
