"""A check-in told over the emulators: set in words, put off, ended by her word, called off; restarts between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.unit import Unit
from tests import telling
from tests.people import Woman
from tests.telling import EVERYWHERE, ONCE
from tests.town import Town, town

WORD = "كركديه بالهيل"
PLAN = "رايحة مستشفى مأرب مع أختي وارجع الساعة 6 مساء"
MENU = "How can we be of use?"
ASKED_WORD = "Write your word, please."
DONE = "Thank you, it is done."


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def opens(place: Town, her: Woman) -> None:
    await her.says("القائمة")
    await her.sees(MENU)
    await her.answers("Check on me later")


async def sets(place: Town, her: Woman) -> None:
    """From her first word to an agreement, in the words and digits of Marib, with a restart in the middle."""
    await telling.is_welcomed(her)
    await opens(place, her)
    await her.answers("Yes, set it up")
    await her.sees_words("اختاري أولًا كلمة لا يعرفها سواكِ")
    await her.says(WORD)
    await her.sees("Thank you. Write the same word once more, so that we surely have it right.")
    await place.restarts()
    await her.says(WORD)
    await her.sees_words("إلى أين تذهبين، وماذا نحتاج أن نعرف إن لم تعودي؟")
    await her.says(PLAN)
    await her.sees_words("متى تعودين؟ اكتبي الوقت كما تقولينه")
    await place.restarts()
    await her.says("الساعة ٦ مساءً")
    await her.sees_words("وكم ننتظر بعد ذلك")
    await picks(her, "15 دقيقة")
    await her.sees("Only this once, or again?")
    await her.answers("Only this once")
    await her.sees_words("هكذا فهمنا منكِ")
    await her.answers("Yes, it is right")
    await her.sees_words("اتفقنا: الساعة 6:00 مساءً، بعد 6 ساعات")


async def states(place: Town) -> list[str]:
    def look(unit: Unit) -> list[str]:
        return [state for (state,) in unit.all("SELECT state FROM check_ins ORDER BY id")]

    return await place.working.store.read(look)


async def awake(place: Town) -> int:
    return await telling.counted(place, "SELECT COUNT(*) FROM cases WHERE status <> 'sleeping'")


async def picks(her: Woman, label: str) -> None:
    """Press a choice whose words are made of a time, or write its number."""
    await her.phone.until(lambda: her._choice(label) is not None)
    how = her._choice(label)
    await (her.phone.presses(label) if how == "press" else her.phone.says(how))


async def chooses(her: Woman, what: str, hour: str = "اليوم 6:00 مساءً") -> None:
    await her.sees("This is what we agreed on:")
    await picks(her, hour)
    await her.answers(what)


@EVERYWHERE
async def test_she_goes_puts_it_off_and_comes_back_with_her_word(place: Town) -> None:
    await telling.on_call(place, "Huda", 9_000_001)
    her = telling.her(place)
    await sets(place, her)
    assert await states(place) == ["armed"]
    await opens(place, her)
    await chooses(her, "I need more time")
    await her.sees_words("كم ننتظر بعد؟")
    await her.says("بعد 7 ساعات")
    await her.sees(ASKED_WORD)
    await place.restarts()
    await her.says(WORD)
    await her.sees_words("الساعة 7:00 مساءً")
    await opens(place, her)
    await chooses(her, "I am back and well", "اليوم 7:00 مساءً")
    await her.sees(ASKED_WORD)
    await her.says(WORD)
    await her.sees(DONE)
    assert await states(place) == ["over"]
    assert await awake(place) == 0


@ONCE
async def test_her_plan_and_her_word_stand_nowhere_in_the_database(place: Town) -> None:
    await telling.on_call(place, "Huda", 9_000_001)
    her = telling.her(place)
    await sets(place, her)
    kept = (Path(place.settings.sanad_data) / "sanad.db").read_bytes()
    for words in (PLAN, "مستشفى", WORD, "كركديه"):
        assert words.encode() not in kept


@EVERYWHERE
async def test_calling_it_off_needs_her_word_and_another_one_does_nothing_she_could_see(place: Town) -> None:
    await telling.on_call(place, "Huda", 9_000_001)
    her = telling.her(place)
    await sets(place, her)
    await opens(place, her)
    await chooses(her, "I need it no more")
    await her.sees(ASKED_WORD)
    await her.says("كلمة أخرى")
    await her.sees_words("لم نتعرّف عليها")
    assert await states(place) == ["armed"]
    await her.says(WORD)
    await her.sees(DONE)
    assert await states(place) == ["over"]
    assert await awake(place) == 0


@ONCE
async def test_two_words_that_are_not_hers_call_a_person_and_nothing_shows_it(place: Town) -> None:
    await telling.on_call(place, "Huda", 9_000_001)
    her = telling.her(place)
    await sets(place, her)
    await opens(place, her)
    await chooses(her, "I am back and well")
    await her.sees(ASKED_WORD)
    for wrong in ("قهوة مرة", "تمر هندي"):
        await her.says(wrong)
        await her.sees_words("لم نتعرّف عليها")
    await her.phone.until(lambda: sum("لم نتعرّف عليها" in message.text for message in her.phone.messages) == 2)
    assert await awake(place) == 1


@ONCE
async def test_her_word_written_on_telegram_leaves_the_chat_at_once(place: Town) -> None:
    await telling.on_call(place, "Huda", 9_000_001)
    her = telling.her(place)
    await sets(place, her)
    await her.phone.until(lambda: not [one for one in her.phone.chat if WORD in one.text])
