"""Holds two whole conversations as they stand on her phone, to be read by people; regenerate them with UPDATE=1."""

import os
from pathlib import Path

import pytest

from flows.core import Language, Person, Shared
from tests.flows.chat import Chat, given

FOLDER = Path(__file__).parent.parent / "transcripts"


def in_english() -> Chat:
    chat = Chat("en", given(person=Person(), hint="en", erasable=False))
    chat.says("hello").presses("English", "All right, go on").says("1, 4").presses("Tell what happened")
    chat.presses("Yes, I am safe").says("no").presses("Blackmail or hacking", "Blackmail with images", "That's all")
    chat.presses("Ma'rib").presses("More…", "Harib").presses("Earlier").says("٢٨/٢/٢٠٢٦")
    chat.says("hm?").presses("It is getting worse")
    chat.says("Someone sends me pictures of me that I never gave him, and says he will post them on Thursday.")
    chat.presses("I'd rather not say").does(Shared(11, "photo", "his message"))
    chat.shown.append("    ▸ (a photo: his message)\n")
    chat.presses("That's all").says("5 8").says("back").presses("Someone to listen", "That's all")
    chat.presses("Contact the police", "That's all", "Here, in this chat", "In the evening").says("cardamom")
    chat.presses("Change something", "More…", "When to reach you", "At night", "Send").says("status")
    return chat


def in_arabic() -> Chat:
    chat = Chat("ar", given(person=Person()))
    chat.says("السلام عليكم").presses("العربية", "حسنًا، نتابع", "هذا كل شيء").says("ساعدوني هو عند الباب")
    chat.presses("نعم، أحتاج مساعدة الآن").says("١").says("مأرب الوادي").says("زوجي يدق الباب ومعه سلاح")
    chat.presses("باتصال").says("777123456، أختي ترد عليه").presses("إرسال").says("شكرًا لكم")
    return chat


@pytest.mark.parametrize(("language", "held"), [("en", in_english), ("ar", in_arabic)])
def test_the_conversation_reads_as_it_did(language: Language, held: object) -> None:
    assert callable(held)
    said = "\n".join(held().shown).strip() + "\n"
    file = FOLDER / f"report_{language}.txt"
    if os.environ.get("UPDATE") == "1":
        file.write_text(said, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == said


def test_what_leaves_the_sealed_report_is_its_governorate_its_door_and_its_level() -> None:
    english = in_english()
    assert english.cases()[-1].facets == {"governorate": "marib", "door": "menu_digital"}
    assert english.cases()[-1].level == "high"
