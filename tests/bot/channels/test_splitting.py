"""Long texts are split where a reader would pause, and nothing of them is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.text import split, units

LETTERS = st.sampled_from([*"ابتثab .!؟\n…", "\u064b", "\u0651", "😢", "👩\u200d👩", "\u2069"])


def test_a_short_text_stays_whole() -> None:
    assert split("مرحبا.\nكيف حالك؟", 100) == ("مرحبا.\nكيف حالك؟",)


def test_a_text_is_cut_at_the_end_of_a_sentence() -> None:
    assert split("هل أنت بأمان؟ نحن هنا معك. اكتبي لنا", 30) == ("هل أنت بأمان؟ نحن هنا معك.", "اكتبي لنا")


def test_a_line_is_a_sentence_too() -> None:
    assert split("one two\nthree four five", 14) == ("one two", "three four", "five")


def test_a_point_within_a_number_is_no_end_of_a_sentence() -> None:
    assert split("pay 2.50 to her now", 14) == ("pay 2.50 to", "her now")


def test_a_letter_keeps_its_marks() -> None:
    marked = "ب\u064e\u0651" * 10
    assert all(not unicodedata.combining(part[0]) for part in split(marked, 8))


def test_an_emoji_is_never_halved() -> None:
    assert split("😢" * 5, 5) == ("😢😢", "😢😢", "😢")


@pytest.mark.parametrize(("text", "count"), [("ab", 2), ("😢", 2), ("ب\u064e", 2), ("", 0)])
def test_length_is_counted_in_utf_16(text: str, count: int) -> None:
    assert units(text) == count


@given(st.lists(LETTERS, max_size=200).map("".join), st.integers(min_value=4, max_value=40))
def test_no_part_is_too_long_and_no_word_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
