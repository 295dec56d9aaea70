"""Holds two whole conversations as they stand on her phone, to be read by people; regenerate them with UPDATE=1."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows.core import Person, Shared, Subscribe
from flows.dates import today
from flows.public import Public
from flows.services import verified_on
from tests.flows.chat import NOW, Chat, given, mechanism

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


def asking_for_help() -> list[str]:
    """For herself, for another woman, a child, care after an assault, and thoughts of self-harm."""
    world = given(rules=verified_on(mechanism(), today(NOW)))
    hers = Chat("ar", world).says("مساعدة").presses("أطلب مساعدة", "نعم، آمنة").says("1، 4").says("1، 2")
    hers.presses("لي أنا", "نعم", "اليوم", "مأرب").presses("دار إيواء", "استشارة قانونية", "هذا كل شيء")
    hers.presses("هنا في هذه المحادثة", "مساءً").says("هيل").presses("إرسال")
    another = Chat("ar", given()).says("القائمة").presses("أطلب مساعدة", "نعم، آمنة", "دعم نفسي", "هذا كل شيء")
    another.presses("أفضّل ألّا أقول", "لامرأة غيري", "لا، لا تعرف", "نعم", "ليس مستعجلًا", "مأرب")
    child = Chat("ar", given()).says("القائمة").presses("أطلب مساعدة", "نعم، آمنة", "من تستمع إليّ", "هذا كل شيء")
    child.presses("لي أنا", "لا")
    care = Chat("ar", given()).says("القائمة").presses("أطلب مساعدة", "نعم، آمنة", "رعاية بعد اعتداء", "نعم")
    care.presses("هنا في هذه المحادثة", "صباحًا").says("كركديه").presses("إرسال")
    self_harm = Chat("ar", given()).says("القائمة").presses("أطلب مساعدة", "نعم، آمنة", "أفكر أن أؤذي نفسي", "أنا وحدي")
    self_harm.presses("نعم، كتابةً هنا").says("اشتي اموت", "تعبت من كل شيء").presses("يكفي الآن")
    held = (hers, another, child, care, self_harm)
    return [line for chat in held for line in (*chat.shown, "-" * 60, "")]


def choosing_what_comes() -> Chat:
    """She subscribes, comes again and changes it, and ends it with one word."""
    chat = Chat("ar", given()).says("نصائح").presses("أختار ما يصلني", "نعم، أختار").says("١، ٤")
    chat.says("مأرب").presses("مساءً", "مرة كل 3 أيام", "نعم، هذا يصلني")
    hers = next(effect.subscription for effect in chat.effects if isinstance(effect, Subscribe))
    chat.given = replace(chat.given, public=Public(hers))
    chat.says("نصائح").presses("أغيّر ما يصلني", "أشياء أخرى", "✓ دعوات", "هذا كل شيء", "نعم، هذا يصلني")
    return chat.says("إيقاف")


def lines_of(chat: Callable[[], Chat]) -> Callable[[], list[str]]:
    return lambda: chat().shown


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("report_en", lines_of(in_english)),
        ("report_ar", lines_of(in_arabic)),
        ("help_ar", asking_for_help),
        ("subscribe_ar", lines_of(choosing_what_comes)),
    ],
)
def test_the_conversation_reads_as_it_did(name: str, held: Callable[[], list[str]]) -> None:
    said = "\n".join(held()).strip() + "\n"
    file = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE") == "1":
        file.write_text(said, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == said


def test_what_leaves_the_sealed_report_is_its_governorate_its_door_and_its_level() -> None:
    english = in_english()
    assert english.cases()[-1].facets == {"governorate": "marib", "door": "menu_digital"}
    assert english.cases()[-1].level == "high"
