"""She chooses what comes to her, changes it, and ends it in every way there is, on both platforms' emulators."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.core import Language
from flows.public import Subscription
from flows.questions import Choose, Several, Where
from flows.subscribe import AGREED
from flows.subscribe_script import AREA, BEFORE, SPACING, TOPIC
from flows.unasked import ENDED
from flows.ways import NOTHING_OPEN
from handlers import broadcasts
from messages import Text
from storage import subscribers
from tests import telling
from tests.broadcasting import TIPS, ends, launched
from tests.people import Woman
from tests.telling import DONE, ONCE
from tests.test_deleting_everything import is_asked_about_her_data, says_no_to_wiping
from tests.town import Town, town

BOTH = pytest.mark.parametrize(
    ("database", "place", "language"),
    [("sqlite", "telegram", "ar"), pytest.param("postgres", "whatsapp", "en", marks=pytest.mark.postgres)],
    indirect=["database", "place"],
)
"""Arabic on Telegram, English on WhatsApp."""
OVER = ENDED.id
STOPS = (
    "قف",
    "توقّفي",
    "أوقفي",
    "وقفي",
    "إيقاف",
    "الغي الاشتراك",
    "إلغاء الاشتراك",
    "كفاية",
    "يكفي!",
    "STOP",
    "Unsubscribe",
)


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


def where(place: Town) -> tuple[str, str]:
    return ("whatsapp", f"+96777{telling.NUMBER:07}") if place.by_whatsapp else ("telegram", str(telling.NUMBER))


async def receives(place: Town) -> Subscription | None:
    found = await place.working.store.read(subscribers.find, *where(place))
    return found.facts.subscription if found else None


async def opens(her: Woman) -> None:
    await her.says("نصائح" if her.language == "ar" else "tips")
    await her.sees("Something to learn, to read or to ask. What would you like?")


async def subscribes(place: Town, her: Woman) -> None:
    """From the menu to the end, with a restart in the middle."""
    await opens(her)
    await her.answers("Choose what I receive")
    await her.sees(BEFORE.id)
    await her.answers("Yes, let me choose")
    await her.sees(asks(TOPIC))
    await her.answers("Short tips")
    await her.sees(telling_more())
    await place.restarts()
    await her.answers(DONE)
    await her.sees(asks(AREA))
    await her.says("مأرب")
    await her.sees("When may it come? By night nothing comes anyway.")
    await her.answers("Any time")
    await her.sees(asks(SPACING))
    await her.answers("Once a day at most")
    await her.sees("This is what you choose:")
    assert await receives(place) is None
    await her.answers("Yes, send me this")
    await her.sees(AGREED.id)


def asks(question: Choose | Several | Where) -> str:
    """What a question says."""
    return question.text.id if isinstance(question.text, Text) else ""


def telling_more() -> str:
    return "You can press more of them, or “That's all”.\nNoted so far: {chosen}"


@BOTH
async def test_she_subscribes_gets_a_tip_changes_it_and_stops(place: Town, language: Language) -> None:
    amal = telling.her(place, language)
    await telling.is_welcomed(amal)
    await subscribes(place, amal)
    assert await receives(place) == Subscription(("tips",), language, area="marib")

    run = await launched(place, replace(TIPS, buttons=("subscribe", "unsubscribe")))
    await ends(place, run)
    tip = await amal.sees_words("نصيحة اليوم" if language == "ar" else "Today's tip")
    if place.by_whatsapp:
        assert "1." not in tip.text
        assert "write: “Choose what I receive” or “Send me no more”" in tip.text
        await amal.says("choose what I receive")
    else:
        await amal.answers("Choose what I receive")
    await amal.sees("This comes to you now:")
    await amal.answers("More or less often")
    await amal.sees(asks(SPACING))
    await amal.answers("Once a week")
    await amal.sees("This is what you choose:")
    await amal.answers("Yes, send me this")
    await amal.sees(AGREED.id)
    assert await receives(place) == Subscription(("tips",), language, area="marib", spacing=7)

    await amal.says(amal.hers("Send me no more"))
    await amal.sees(OVER)
    assert await receives(place) is None
    await place.restarts()
    await place.passes(days=8)
    assert (await ends(place, await launched(place))).total == 0


@BOTH
async def test_each_word_ends_it_and_she_can_always_come_back(place: Town, language: Language) -> None:
    amal = telling.her(place, language)
    await telling.is_welcomed(amal)
    for word in STOPS:
        await _is_put_on_the_list(place, language)
        await amal.says(word)
        await amal.sees(OVER)
        assert await receives(place) is None, word
    await amal.says("stop")
    await amal.sees(NOTHING_OPEN.id)
    await subscribes(place, amal)
    assert await receives(place) is not None


async def _is_put_on_the_list(place: Town, language: Language) -> None:
    facts = subscribers.Facts(where(place)[1], Subscription(("tips",), language))
    await place.working.store.write(subscribers.put, 77, where(place)[0], facts, place.now())


@BOTH
async def test_in_a_draft_it_ends_and_the_draft_goes_on(place: Town, language: Language) -> None:
    amal = telling.her(place, language)
    await telling.begins(place, amal)
    await _is_put_on_the_list(place, language)
    await place.restarts()
    await amal.says("إيقاف")
    await amal.sees(OVER)
    assert await receives(place) is None
    await amal.answers("Go on")
    await amal.sees("In which governorate? You can also write the place, or share a location if that is safe.")


@BOTH
async def test_a_hidden_chat_shows_nothing_of_it_and_it_ends_all_the_same(place: Town, language: Language) -> None:
    amal = telling.her(place, language)
    await telling.is_welcomed(amal)
    await _is_put_on_the_list(place, language)
    await amal.says("0")
    await amal.sees_words("مأرب اليوم" if language == "ar" else "Marib today:")
    await amal.says("stop")
    await _is_on_no_list(place)
    await telling.letters_are_gone(place)
    assert not [one for one in amal.phone.messages if amal.hers(OVER) in one.text]


@BOTH
async def test_words_that_say_it_is_not_safe_do_both(place: Town, language: Language) -> None:
    amal = telling.her(place, language)
    await telling.is_welcomed(amal)
    await _is_put_on_the_list(place, language)
    await amal.says("لا ترسلوا")
    await amal.sees("All right, thank you.")
    assert await receives(place) is None
    await amal.says("مرحبا")
    await amal.sees("Hello. Is now a good time?")


@ONCE
async def test_who_blocks_and_comes_back_gets_nothing_until_she_chooses_again(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await subscribes(place, amal)
    await amal.phone.blocks_bot()
    await _is_on_no_list(place)
    await amal.phone.unblocks_bot()
    await amal.says("مرحبا")
    await amal.sees("We are here for you. Choose what fits:")
    await place.restarts()
    assert (await ends(place, await launched(place))).total == 0
    await subscribes(place, amal)
    await ends(place, await launched(place))
    await amal.sees_words("نصيحة اليوم")


async def _is_on_no_list(place: Town) -> None:
    async with asyncio.timeout(10):
        while await receives(place) is not None:
            pass


@ONCE
async def test_one_press_under_a_tip_ends_it(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await _is_put_on_the_list(place, "ar")
    await ends(place, await launched(place, replace(TIPS, buttons=("subscribe", "unsubscribe"))))
    await amal.sees_words("نصيحة اليوم")
    await place.restarts()
    await amal.answers("Send me no more")
    await amal.sees(OVER)
    assert await receives(place) is None


@ONCE
async def test_a_tip_that_waits_is_called_back_when_she_stops(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await _is_put_on_the_list(place, "ar")
    await place.working.store.write(broadcasts.stop_all, 1, place.working.world())
    run = await launched(place)
    await telling.letters_are_gone(place)
    await amal.says("يكفي")
    await amal.sees(OVER)
    await place.working.store.write(broadcasts.allow_again, 2, place.working.world())
    assert (await ends(place, run)).counts in ({"unsubscribed": 1}, {})
    assert not [one for one in amal.phone.messages if "نصيحة اليوم" in one.text]


@BOTH
async def test_who_tells_and_asks_for_help_is_sent_nothing_unasked(place: Town, language: Language) -> None:
    huda, amal = await telling.on_call(place, "هدى", 2001), telling.her(place, language)
    await telling.in_danger(place, amal)
    await huda.sees("You have an appointment that needs confirming now ({code})")
    await opens(amal)
    await amal.answers("Choose what I receive")
    await amal.sees(BEFORE.id)
    await amal.answers("Not now")
    await amal.sees("All right, nothing is sent to you. It is all here whenever you like.")
    found = await ends(place, await launched(place))
    assert found.total == 0
    assert await place.working.store.read(subscribers.count) == 0


@BOTH
async def test_she_sees_what_is_kept_of_it_and_everything_deleted_takes_it_along(
    place: Town, language: Language
) -> None:
    amal = telling.her(place, language)
    await telling.is_welcomed(amal)
    await _is_put_on_the_list(place, language)
    await is_asked_about_her_data(amal)
    await amal.answers("Show me what is kept")
    await amal.sees("What you chose to receive, with your address once more, on a list that says nothing else.")
    await amal.answers("Delete everything")
    await says_no_to_wiping(place, amal)
    await amal.sees("Delete everything we keep of you? Nobody can bring it back, not even we.")
    await amal.answers("Yes, delete for good")
    await amal.sees("It is done. We do not know you any more, and keep nothing that points to you.")
    assert await place.working.store.read(subscribers.count) == 0


@ONCE
async def test_hiding_the_chat_takes_the_tips_out_of_it_too(place: Town) -> None:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await _is_put_on_the_list(place, "ar")
    await ends(place, await launched(place))
    await amal.sees_words("نصيحة اليوم")
    await amal.says("0")
    await amal.sees_words("مأرب اليوم")
    async with asyncio.timeout(10):
        while any("نصيحة اليوم" in one.text for one in amal.phone.chat):
            await place.working.store.read(subscribers.count)
