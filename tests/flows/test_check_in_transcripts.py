"""Holds a check-in as it stands on her phone, in both languages, to be read by people; regenerate with UPDATE=1."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.core import CheckIn, EraseThis, Language
from tests.flows.chat import AMAL, NOW, Chat, given

FOLDER = Path(__file__).parent.parent / "transcripts"
HERS = CheckIn(5, NOW + timedelta(hours=3), timedelta(minutes=15), "armed", every="daily")


def word(chat: Chat, kind: str, written: str) -> None:
    """She writes a word of hers; where the channel allows it, it is deleted."""
    chat.given = replace(chat.given, word=kind)  # type: ignore[arg-type]
    chat.says(written)
    chat.given = replace(chat.given, word="")
    if EraseThis() in chat.last and chat.given.erasable:
        chat.shown.append(f"    (deleted: {written})\n")


def in_arabic() -> Chat:
    chat = Chat("ar", given(person=AMAL)).says("القائمة").presses("اطمئنوا عليّ لاحقًا", "نعم، لنرتّب ذلك")
    word(chat, "other", "كركديه بالهيل")
    word(chat, "other", "كركدية")
    word(chat, "other", "كركديه بالهيل")
    word(chat, "safe", "كركديه بالهيل")
    chat.says("رايحة مستشفى الثورة مع أختي وارجع الساعة 9").presses("مأرب").says("الساعة ٩")
    chat.presses("اليوم 9:00 مساءً", "15 دقيقة", "كل يوم في هذه الساعة", "نعم، هذا صحيح")
    chat.given = replace(chat.given, check_ins=(HERS,))
    chat.says("القائمة").presses("اطمئنوا عليّ لاحقًا", "اليوم 9:00 مساءً", "أحتاج وقتًا أكثر").says("امبارح", "9 ونص مساء")
    word(chat, "other", "كركدية")
    word(chat, "safe", "كركديه بالهيل")
    chat.says("القائمة").presses("اطمئنوا عليّ لاحقًا", "محادثتي الأخرى", "ربط محادثتي الأخرى")
    word(chat, "safe", "كركديه بالهيل")
    return chat


def in_english() -> Chat:
    chat = Chat("en", given(person=replace(AMAL, language="en"), hint="en", erasable=False))
    chat.says("menu", "Going to the court with Samira, back by 9 pm").presses("Yes, set it up")
    word(chat, "other", "cardamom tea")
    word(chat, "safe", "cardamom tea")
    chat.presses("Leave it as it is").says("skip").says("in five minutes").says("in 2 h 10 min")
    chat.presses("30 min", "Only this once", "Another time").says("9").presses("today 21:00", "Yes, it is right")
    chat.given = replace(chat.given, check_ins=(replace(HERS, state="asked", due_at=NOW - timedelta(minutes=3)),))
    chat.says("menu").presses("Check on me later").says("1").presses("I am back and well")
    word(chat, "safe", "cardamom tea")
    return chat


@pytest.mark.parametrize(("language", "held"), [("en", in_english), ("ar", in_arabic)])
def test_the_check_in_reads_as_it_did(language: Language, held: object) -> None:
    assert callable(held)
    said = "\n".join(held().shown).strip() + "\n"
    file = FOLDER / f"check_in_{language}.txt"
    if os.environ.get("UPDATE") == "1":
        file.write_text(said, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == said
