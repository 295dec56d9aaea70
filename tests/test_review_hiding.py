"""Somebody else holds her phone, or she calls a second time: each test is a fault that once hurt somebody here."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import ROOT, Settings
from bot.wiring import wired
from flows.alarm import MadeContact
from flows.core import CheckIn, Consent, Effect, OfferChatCode, PartChats, Report, Said, Talk, Turn, TurnCheckIn
from flows.lock import unmasked, view
from handlers import inbound, other_chats, own_words, silences
from handlers.alarm_turns import turn as turn_alarm
from handlers.channel import Inbound
from handlers.own_words import WantsWord
from storage import alarms as kept_alarms
from storage import cases, chats, people, words
from storage.store import Store
from storage.unit import Unit
from storage.vault import Key, write_key
from tests.flows.chat import AMAL, CODE, NOW, Chat, given
from tests.handlers.check_in_town import HER, OTHER, SIX, CheckInTown

HERS, HIS, FORCED = "cardamom tea", "black coffee", "grandma ginger"
ASKED = "Hello, is all well? Write your word when you can."
HALF_PAST = SIX + timedelta(minutes=30)
SHE = replace(AMAL, words=("safe", "duress"), watched=True)


def ahead(hours: float = 3, every: str = "", state: str = "armed") -> CheckIn:
    return CheckIn(7, NOW + timedelta(hours=hours), timedelta(minutes=30), state, every=every)  # type: ignore[arg-type]


def turned(effects: tuple[Effect, ...]) -> list[TurnCheckIn]:
    return [effect for effect in effects if isinstance(effect, TurnCheckIn)]


def hears(chat: Chat, word: str) -> Turn:
    chat.given = replace(chat.given, word=word)  # type: ignore[arg-type]
    turn = chat.does(Said("cardamom"))
    chat.given = replace(chat.given, word="")
    return turn


# ---------------------------------------------------------------- her word opens, and ends nothing


def test_the_word_that_opens_a_hidden_chat_ends_no_check_in_that_lies_ahead() -> None:
    chat = Chat(given=given(person=SHE, check_ins=(ahead(),))).says("0")
    turn = hears(chat, "safe")
    assert turned(turn.effects) == []
    assert "We still wait for you" in chat.reads
    assert turned(hears(chat, "safe").effects) == [TurnCheckIn(7, "safe")]


def test_near_its_moment_or_asked_the_same_word_does_both() -> None:
    for one in (ahead(0.1), ahead(0, state="asked")):
        chat = Chat(given=given(person=SHE, check_ins=(one,))).says("0")
        assert turned(hears(chat, "safe").effects) == [TurnCheckIn(7, "safe")]
        assert "We still wait for you" not in chat.reads


def test_the_word_under_duress_hours_before_calls_and_leaves_the_check_in_running() -> None:
    chat = Chat(given=given(person=SHE, check_ins=(ahead(),))).says("0")
    assert turned(hears(chat, "duress").effects) == [TurnCheckIn(7, "duress", seeming="resume")]


def test_her_word_is_not_given_up_while_only_it_could_say_that_she_is_well() -> None:
    chat = Chat(given=given(person=SHE, check_ins=(ahead(),)))
    chat.says("menu").presses("My words, hiding", "No words any more")
    hears(chat, "safe")
    assert chat.given.person.words == ("safe", "duress")
    assert "only your word says" in "\n".join(chat.shown)


def test_who_says_that_the_word_is_forgotten_chooses_none_while_somebody_waits_for_her() -> None:
    forgot = replace(SHE, forgot_at=NOW - timedelta(hours=25))
    for running, chosen in ((ahead(), False), (ahead(state="paused", every="daily"), True)):
        chat = Chat(given=given(person=forgot, check_ins=(running,)))
        chat.says("menu").presses("My words, hiding", "Change my word")
        assert (chat.asked == "safety.new") is chosen
        if not chosen:
            assert chat.presses("I forgot it").reads.startswith("As long as we wait for you")
            assert chat.given.person.words == ("safe", "duress")


# ---------------------------------------------------------------- what may be seen


def test_a_cry_for_help_by_whoever_holds_her_phone_shows_no_check_in() -> None:
    chat = Chat(given=given(person=SHE, check_ins=(ahead(),))).says("0").says("خطر")
    seen = view(chat.given)
    assert (chat.given.person.locked, seen.check_ins) == (False, ())


@pytest.mark.parametrize("effect", [OfferChatCode("K7P-2XM"), PartChats()], ids=str)
def test_under_duress_no_chat_is_joined_or_parted(effect: Effect) -> None:
    world = given(person=replace(SHE, shown_from=NOW, duress_at=NOW))
    assert unmasked(Turn(Talk(), (effect,)), world, view(world)).effects == ()


# ---------------------------------------------------------------- she calls again


def test_calling_again_after_somebody_was_in_touch_opens_a_case_of_its_own() -> None:
    chat = Chat(given=given()).says("menu").presses("I need help now")
    been = Report(CODE, NOW, "contacted", finished=False)
    chat.given = replace(chat.given, code="QQQ-QQQ", reports=(been,), now=NOW + timedelta(minutes=90))
    chat.says("طوارئ")
    assert chat.cases()[-1].code == "QQQ-QQQ"


@pytest.fixture
async def town(store: Store) -> CheckInTown:
    return CheckInTown(store)


async def write(town: CheckInTown, number: int, said: str, channel: str = "telegram") -> None:
    """A message as `bot.wiring` receives it."""
    message = Inbound(channel, f"m{town.draw.number()}", f"her{number}", Said(said), "en")  # type: ignore[arg-type]
    made, of = None, None
    for _ in range(3):
        try:
            await town.store.write(inbound.receive, message, town.world(), made, of)
            break
        except WantsWord as wanted:
            made, of = own_words.stretch(said, wanted.person), wanted.person
    await town.post()


async def has_words(town: CheckInTown, number: int, **said: str) -> None:
    for kind, word in said.items():
        await town.store.write(words.put, number, kind, own_words.stretch(word, number), town.now)  # type: ignore[arg-type]


async def test_forced_again_within_the_day_after_somebody_was_in_touch_a_person_is_paged_again(
    town: CheckInTown,
) -> None:
    huda, _ = await town.begins()
    await town.woman(welcomed=True, words=("safe", "duress"))
    await has_words(town, HER, safe=HERS, duress=FORCED)
    await write(town, HER, "0")
    await write(town, HER, FORCED)
    [code] = await town.asks(lambda unit: [code for (code,) in unit.all("SELECT code FROM cases")])
    await town.takes(code, huda)
    await somebody_is_in_touch(town, code)
    pages = len(huda.pages)
    await town.until(town.now + timedelta(hours=5))
    await write(town, HER, "0")
    await write(town, HER, FORCED)
    await town.until(town.now + timedelta(minutes=1))
    assert len(huda.pages) > pages
    assert await town.status_of(code) == "waiting"


async def somebody_is_in_touch(town: CheckInTown, code: str) -> None:
    case = await town.store.read(cases.by_code, code)
    assert case is not None
    found = await town.store.read(kept_alarms.load, case.id)
    assert found is not None
    assert found[0].staff is not None
    await town.store.write(turn_alarm, case.id, MadeContact(found[0].staff), town.world())
    assert await town.status_of(code) == "contacted"


# ---------------------------------------------------------------- check-ins that would never have called


async def test_a_recurring_one_goes_on_after_a_miss_and_a_second_miss_pages_though_somebody_has_the_case(
    town: CheckInTown,
) -> None:
    huda, _ = await town.begins()
    her = await town.woman()
    code = await town.arms(every="daily")
    await town.until(HALF_PAST)
    await town.takes(code, huda)
    await somebody_is_in_touch(town, code)
    await town.does("safe")
    pages, asked = len(huda.pages), len(her.shows)
    await town.until(HALF_PAST + timedelta(days=1, minutes=1))
    assert len(her.shows) > asked
    assert len(huda.pages) > pages
    assert await town.status_of(code) == "waiting"


async def test_an_outage_of_days_ago_holds_back_no_alarm_without_a_page_of_its_own(town: CheckInTown) -> None:
    await town.begins()
    for day in range(2):
        for place in range(3):
            number = HER + 100 + day * 10 + place
            await town.woman(number)
            await town.arms(number, SIX + timedelta(days=day, minutes=place))
        await town.until(HALF_PAST + timedelta(days=day, minutes=3))
        rows = await town.asks(lambda unit: unit.all("SELECT missed FROM outages"))
        assert rows == [(3,)] * (day + 1)


async def test_missed_while_the_chat_was_forced_open_nothing_of_it_is_seen_there(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    her = await town.woman()
    code = await town.arms()
    await town.is_now(words=("safe", "duress"), shown_from=town.now, duress_at=town.now)
    await town.until(HALF_PAST)
    assert her.shows == []
    assert len(huda.pages) > 0
    assert (await town.facets(code)).silent
    assert await town.store.read(cases.of_person, HER) == []


# ---------------------------------------------------------------- whose chat answers for her


async def test_nobody_who_holds_her_phone_joins_a_chat_with_a_word_of_his_own_to_hers(town: CheckInTown) -> None:
    await town.begins()
    her = await town.woman(welcomed=True, words=("safe",))
    his = await town.woman(OTHER, welcomed=True, words=("safe",))
    await has_words(town, HER, safe=HERS)
    await has_words(town, OTHER, safe=HIS)
    await town.arms()
    await town.store.write(other_chats.offer, OTHER, CODE, town.world())
    await write(town, HER, CODE)
    assert await town.store.read(chats.others, HER) == []
    assert her.last.text.startswith("This chat has a word of its own.")
    await town.until(SIX)
    await write(town, OTHER, HIS)
    assert [one.state for one in await town.hers()] == ["asked"]
    assert ASKED not in his.texts


async def test_under_duress_joining_is_seen_to_be_done_and_joins_nothing(town: CheckInTown) -> None:
    her = await town.woman(welcomed=True, words=("safe", "duress"), shown_from=town.now, duress_at=town.now)
    his = await town.woman(OTHER, welcomed=True)
    await has_words(town, HER, safe=HERS, duress=FORCED)
    await town.store.write(other_chats.offer, OTHER, CODE, town.world())
    await write(town, HER, CODE)
    assert await town.store.read(chats.others, HER) == []
    assert [phone.last.text.startswith("It is done") for phone in (her, his)] == [True, True]


async def test_a_chat_that_was_parted_waits_for_no_word_that_nobody_keeps(town: CheckInTown) -> None:
    await town.woman(welcomed=True, words=("safe",))
    await town.woman(OTHER, welcomed=True, words=("safe",))
    await has_words(town, HER, safe=HERS)
    await town.joins(HER, OTHER)
    await write(town, OTHER, "menu")
    for step in ("4", "My other chat", "Let this one be alone", HERS):
        await write(town, OTHER, step)
    assert await town.store.read(chats.others, OTHER) == []
    found = await town.store.read(people.facts, OTHER), await town.store.read(people.facts, HER)
    assert [one.words for one in found if one] == [(), ("safe",)]


# ---------------------------------------------------------------- silence after words of danger


async def test_whoever_writes_to_a_chat_without_a_word_that_she_hid_in_danger_stops_no_alarm(
    town: CheckInTown,
) -> None:
    huda, _ = await town.begins()
    await town.woman(welcomed=True, consents={"alert": Consent("1", town.now)})
    for said in ("help me he is at the door", "0", "hello", "who is this", "yes", "what is this"):
        await write(town, HER, said)
    assert await town.asks(lambda unit: unit.one("SELECT alert_at FROM talks")) != (None,)
    town.now += timedelta(minutes=11)
    assert await silences.fire_due(town.store, town.world, _raises) == 1
    await town.post()
    assert len(huda.pages) == 1


def _raises(error: Exception) -> None:
    raise error


# ---------------------------------------------------------------- two at once


async def test_a_timer_and_she_write_over_nothing_of_each_other(town: CheckInTown) -> None:
    """She hides the chat while a check-in that was missed puts its case among hers."""
    await town.woman()
    timer_has_read = threading.Event()

    def she_hides(unit: Unit) -> None:
        known = people.find(unit, "telegram", f"her{HER}", town.now)
        assert known is not None
        timer_has_read.wait(0.5)
        people.remember(unit, HER, replace(known.person, locked=True))

    def timer(unit: Unit) -> None:
        facts = people.facts(unit, HER)
        assert facts is not None
        timer_has_read.set()
        people.remember(unit, HER, replace(facts, cases=(*facts.cases, CODE)))

    await asyncio.gather(town.store.write_for(1, she_hides), town.store.write_for(2, timer))
    after = await town.store.read(people.facts, HER)
    assert after is not None
    assert (after.locked, after.cases) == (True, (CODE,))


async def test_a_word_stretched_for_another_chats_words_is_never_kept_as_hers(town: CheckInTown) -> None:
    await town.woman(welcomed=True, words=("safe",), locked=True, left=True)
    await has_words(town, HER, safe=HERS)
    message = Inbound("telegram", "once", f"her{HER}", Said(HERS), "en")
    made = own_words.stretch(HERS, OTHER)
    with pytest.raises(WantsWord):
        await town.store.write(inbound.receive, message, town.world(), made, OTHER)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_hides_the_chat_is_not_overtaken_by_a_word_that_is_being_stretched(
    database: str, tmp_path: Path
) -> None:
    async with wired(bare_settings(database, tmp_path)) as sanad:
        await sanad.store.write(people.meet, HER, "telegram", "1")
        await sanad.store.write(people.remember, HER, replace(SHE, watched=False, locked=True, left=True))
        await sanad.store.write(words.put, HER, "safe", own_words.stretch(HERS, HER), NOW)
        said = [Inbound("telegram", f"{at}", "1", Said(one), "en") for at, one in enumerate((HERS, "0"))]
        await asyncio.gather(*(sanad.receive(message) for message in said))
        after = await sanad.store.read(people.facts, HER)
        assert after is not None
        assert after.locked


def bare_settings(database: str, tmp_path: Path) -> Settings:
    key = SecretStr(write_key(Key("test1", bytes(range(32)))))
    return Settings.model_construct(
        database_url=database,
        sanad_data=tmp_path,
        sanad_keys=key,
        sanad_mechanism=ROOT / "mechanism",
        telegram_bot_token=SecretStr(""),
        twilio_account_sid="",
    )
