"""Proves that a word is recognised however it is typed, and that shown words stay in their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.arabic import digits, isolate, normalise, number, quote, strip_controls, tokens

ARABIC = st.text(alphabet=[chr(c) for c in range(0x0600, 0x0700)] + list(" abcXYZ019?!\u200f\u200c\ufe0f\u20e3"))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("سَاعِدُونِي", "ساعدوني"),
        ("ســاعدونــي", "ساعدوني"),
        ("ﺳﺎﻋﺪﻭﻧﻲ", "ساعدوني"),
        ("ساعدونی", "ساعدوني"),
        ("ساعدوووووني!!!", "ساعدوني"),
        ("\u200fساعدوني\u200f", "ساعدوني"),
        ("\ufeffساعد\u200cوني", "ساعدوني"),
        ("مخطوفة", "مخطوفه"),
        ("إهانة", "اهانه"),
        ("آمنة", "امنه"),
        ("أمنة", "امنه"),
        ("ٱلله", "الله"),
        ("مأرب", "مارب"),
        ("علي", "علي"),
        ("على", "علي"),
        ("مسؤول", "مسوول"),
        ("شيء", "شي"),
        ("سائل", "سايل"),
        ("کرة", "كره"),
        ("رحمٰن", "رحمن"),
        ("لاااا", "لا"),
        ("الله", "الله"),
        ("SOS", "sos"),
        ("Straße", "strasse"),
        ("«خطر»، نعم.", "خطر نعم"),
        ("؟", "?"),
        ("1️⃣", "1"),
        ("٣٤ ۳۴", "34 34"),
        ("ا\u0654مل", "امل"),
        ("İstanbul", "istanbul"),
        ("  \n\t ", ""),
    ],
)
def test_every_way_of_typing_a_word_becomes_one_spelling(typed: str, plain: str) -> None:
    assert normalise(typed) == plain


def test_a_ligature_s_persian_yeh_is_mapped_after_the_ligature_is_opened() -> None:
    assert normalise("﷼") == "ريال"


@pytest.mark.parametrize("emoji", ["✅", "👍", "❌", "👎", "🆘"])
def test_emoji_answers_normalise_to_nothing_so_they_are_looked_at_before(emoji: str) -> None:
    assert normalise(emoji) == ""


@given(ARABIC)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_normalising_never_leaves_marks_controls_or_double_spaces(text: str) -> None:
    assert all(c.isalnum() or c in "_? " for c in normalise(text))
    assert "  " not in normalise(text)


@pytest.mark.parametrize("text", ["ا" * 1_000_000, "a\u0327\u0301" * 333_333, "ﷺ" * 100_000, "\u0301\u0327" * 500_000])
def test_a_million_characters_do_not_hang(text: str) -> None:
    assert len(normalise(text)) < 2_000_000


def test_harakat_do_not_split_a_word_into_tokens() -> None:
    assert tokens("سَاعِدُونِي الآن") == ["ساعدوني", "الان"]


def test_a_question_mark_does_not_stick_to_its_word() -> None:
    assert tokens("هل أنا في خطر؟") == ["هل", "انا", "في", "خطر"]


def test_question_marks_alone_are_a_word() -> None:
    assert tokens("؟؟") == ["?"]


def test_an_empty_message_has_no_words() -> None:
    assert tokens("…") == []


def test_digits_of_all_three_sets_and_keycaps_become_western() -> None:
    assert digits("٣ ۳ 3 3️⃣ 3⃣ 🔟 أ") == "3 3 3 3 3 10 أ"


def test_digits_leaves_a_superscript_alone() -> None:
    assert digits("²") == "²"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("4", 4), ("\u200f4\u200f", 4), ("٣٤", 34), ("۳", 3), ("1️⃣", 1), ("🔟", 10), ("2.", 2), ("(٢)", 2), (" 3 ", 3)],
)
def test_a_message_that_is_one_number_is_that_number(typed: str, meant: int) -> None:
    assert number(typed) == meant


@pytest.mark.parametrize("typed", ["", "sa3dooni", "3ndi", "1 2", "4.5", "1؟", "نعم", "رقم 1", "9" * 5000, "5atar"])
def test_a_digit_inside_other_words_is_no_choice(typed: str) -> None:
    assert number(typed) is None


def test_a_phone_number_is_isolated() -> None:
    assert isolate("+967 770 000 000") == "\u2066+967 770 000 000\u2069"


@given(st.text())
def test_a_quote_closes_every_isolate_it_opens_on_every_line(words: str) -> None:
    for line in quote(words).split("\n"):
        assert line == "" or (line[0], line[-1]) == ("\u2068", "\u2069")
        assert strip_controls(line[1:-1]) == line[1:-1]


def test_an_override_in_her_words_is_taken_out() -> None:
    assert quote("آمن\u202eelif\u2066") == "\u2068آمنelif\u2069"


def test_her_lines_stay_lines() -> None:
    assert quote("أول\r\n\nثان") == "\u2068أول\u2069\n\n\u2068ثان\u2069"


def test_what_no_database_or_phone_accepts_is_taken_out() -> None:
    assert strip_controls("a\x00b\ud83dc") == "abc"
