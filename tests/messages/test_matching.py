"""Proves that distress is heard however it is typed, and that no word inside another word is taken for a command."""

import pytest

from messages.arabic import tokens
from messages.matching import Phrases, Words, cries_for_help, emoji_answer, has, whole

DISTRESS = Phrases.compile(
    """ساعدوني · ساعديني · انقذوني · انا في خطر · في خطر · خطر علي · بيقتلني · هددني بالقتل · مخطوفة · محبوسة · ضربني ·
    قفل علي الباب · موقفيني في النقطة · النجدة · نجدة · sos · help me · sa3dooni · saa3dooni · el7a2ooni ·
    ana fi 5atar · ana 5ayfa · khayfa · لا ترسلوا · ما قدرش اتكلم · خطفوني · نزيف""".split("·")  # noqa: SIM905 - words, not lines
)
YES = Words.compile(["نعم", "نعمم", "ايوه", "أكيد", "موافقة", "بلى", "ok", "na3am", "1"])
NO = Words.compile(["لا", "لأ", "لاا", "كلا", "مش موافقة", "ما اشتي", "2"])
STOP = Words.compile(["قف", "توقف", "وقفي", "إيقاف", "لا ترسلي"])
EXIT = Words.compile(["خروج", "باي", "مع السلامة", "خ", "exit"])
DEATH = Words.compile(["موت", "مسح"])


@pytest.mark.parametrize(
    ("message", "phrase"),
    [
        ("سَاعِدُونِي", "ساعدوني"),
        ("ســـاعدوني", "ساعدوني"),
        ("ﺳﺎﻋﺪﻭﻧﻲ", "ساعدوني"),
        ("ساعدونی", "ساعدوني"),
        ("ساعدووووني", "ساعدوني"),
        ("أنقذوني!!", "انقذوني"),
        ("مخطوفه", "مخطوفة"),
        ("أنا محبوسةٌ في البيت", "محبوسة"),
        ("هدّدني بالقتل أمس", "هددني بالقتل"),
        ("وهددني بالقتل", "هددني بالقتل"),
        ("قفل عليّ الباب", "قفل علي الباب"),
        ("موقفینی فی النقطة", "موقفيني في النقطة"),
        ("هل أنا في خطر؟", "انا في خطر"),
        ("SOS", "sos"),
        ("Help me!", "help me"),
        ("sa3dooni", "sa3dooni"),
        ("Ana fi 5atar", "ana fi 5atar"),
        ("el7a2ooni plz", "el7a2ooni"),
        ("زوجي ضربني، باي", "ضربني"),
        ("\u200fساعد\u200cوني\u200f", "ساعدوني"),
    ],
)
def test_a_phrase_is_found_however_it_is_typed(message: str, phrase: str) -> None:
    assert phrase in has(tokens(message), DISTRESS)


@pytest.mark.parametrize(
    "message", ["رقم شرطة النجدة", "ضربني الشوق", "خطر على بالي سؤال", "البرنامج في خطر من التوقف"]
)
def test_these_known_false_alarms_are_heard_too_since_a_hit_only_asks(message: str) -> None:
    assert has(tokens(message), DISTRESS)


@pytest.mark.parametrize("message", ["السلام عليكم", "وقفة احتجاجية", "مخرجات الدورة", "نعمة", "في البيت خطر", ""])
def test_ordinary_words_are_no_distress(message: str) -> None:
    assert has(tokens(message), DISTRESS) == ()


def test_only_the_first_word_of_a_phrase_may_carry_a_proclitic() -> None:
    assert has(tokens("ضربوا وفي خطر"), DISTRESS) == ("في خطر",)
    assert has(tokens("هددني وبالقتل"), DISTRESS) == ()


def test_a_proclitic_is_not_taken_from_a_word_that_would_be_too_short() -> None:
    assert has(tokens("وقف"), Phrases.compile(["قف"])) == ()


@pytest.mark.parametrize(("message", "phrase"), [("ولا ترسلوا", "لا ترسلوا"), ("وما قدرش اتكلم", "ما قدرش اتكلم")])
def test_a_short_first_word_may_carry_a_proclitic_where_more_words_follow(message: str, phrase: str) -> None:
    assert has(tokens(message), DISTRESS) == (phrase,)


def test_phrases_are_told_once_each_in_the_order_met() -> None:
    assert has(tokens("ساعدوني ساعدوني هو ضربني"), DISTRESS) == ("ساعدوني", "ضربني")


def test_a_phrase_cut_off_by_the_end_is_not_found() -> None:
    assert has(tokens("هددني"), DISTRESS) == ()


def test_a_phrase_without_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="no letters"):
        Phrases.compile(["🆘"])


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("نعم", YES),
        ("نَعَم.", YES),
        ("أيوة", YES),
        ("اكيد!", YES),
        ("٢", NO),
        ("۲", NO),
        ("2️⃣", NO),
        ("لاااا", NO),
        ("لأ", NO),
        ("مش موافقه", NO),
        ("ما أشتي", NO),
        ("قِف", STOP),
        ("ايقاف", STOP),
        ("\u200fخروج\u200f", EXIT),
        ("مع السلامه", EXIT),
        ("EXIT", EXIT),
        ("خ", EXIT),
    ],
)
def test_a_command_is_heard_when_it_is_the_whole_message(message: str, words: Words) -> None:
    assert whole(message, words)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("السلام عليكم", NO),
        ("سلام", EXIT),
        ("موتر", DEATH),
        ("وقفة احتجاجية", STOP),
        ("ممنوع الخروج", EXIT),
        ("مخرجات", EXIT),
        ("نعمة", YES),
        ("مسح ميداني", DEATH),
        ("ok thanks", YES),
        ("نعم لا", YES),
        ("", YES),
        ("12", YES),
        ("ماشي", YES),
    ],
)
def test_a_command_inside_other_words_is_not_a_command(message: str, words: Words) -> None:
    assert not whole(message, words)


def test_tokens_already_cut_and_a_plain_list_serve_as_well() -> None:
    assert whole(tokens("نَعم"), ["نعم"])


def test_an_emoji_among_command_words_matches_nothing_by_itself() -> None:
    assert not whole("❌", Words.compile(["نعم", "✅"]))


def test_a_question_mark_alone_can_be_a_word() -> None:
    assert whole("؟", Words.compile(["?", "مساعدة"]))
    assert whole("مساعدة؟", Words.compile(["?", "مساعدة"]))


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("✅", "yes"),
        ("👍", "yes"),
        ("👍🏽", "yes"),
        ("👍👍 ✅", "yes"),
        ("✔️", "yes"),
        ("❌", "no"),
        ("👎🏿", "no"),
        ("🆘", "sos"),
        ("🚨🚨", "sos"),
        ("🆘👍", "sos"),
        ("1️⃣", 1),
        ("3⃣", 3),
        ("0️⃣", 0),
        ("🔟", 10),
        ("\u200f👍\u200f", "yes"),
    ],
)
def test_an_emoji_is_an_answer(message: str, meant: object) -> None:
    assert emoji_answer(message) == meant


@pytest.mark.parametrize("message", ["", "نعم ✅", "👍❌", "1️⃣2️⃣", "1", "😀", "👍😀", "\ufe0f"])
def test_emoji_that_answer_nothing_clear_are_no_answer(message: str) -> None:
    assert emoji_answer(message) is None


def test_a_cry_beside_words_is_heard() -> None:
    assert cries_for_help("تعالوا 🚨")
    assert not cries_for_help("تعالوا")
