"""Times as women write them, in both languages, all digits and the ways of Yemen; and read back so that they agree."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.clock_said import both_ways, dated, lasting, short
from flows.clock_words import goes_and_returns, named_in, when
from flows.dates import YEMEN
from messages.catalog import render

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday, 15:00 in Yemen."""
TODAY = """
الساعة 6 م|18:00   ٦ مساءً|18:00   6م|18:00   6 مساء|18:00   18:00|18:00   ۱۸:۳۰|18:30   ١٨:٣٠|18:30   18.30|18:30
بعد ساعتين|17:00   بعد نص ساعة|15:30   بعد ساعة وربع|16:15   خلال 45 دقيقة|15:45   بعد ساعة|16:00   ساعتين|17:00
بعد ثلاث ساعات|18:00   بعد ٣ ساعات|18:00   بعد 3 ساعات إلا ربع|17:45   بعد ساعتين و10 دقائق|17:10   كمان ساعة|16:00
بعد ساعة ونص|16:30   بعد ربع ساعة|15:15   بعد خمس وأربعين دقيقة|15:45   خلال ساعتين|17:00   ساعة ونص|16:30
بعد عشرين دقيقة|15:20   بعد نصف ساعة|15:30   الليلة 9|21:00   الليلة الساعة تسع|21:00   العصر|15:30   المغرب|18:00
العشاء|19:30   قبل المغرب|17:30   بعد المغرب|18:30   بعد العصر 4|16:00   4 العصر|16:00   8 بالليل|20:00
اليوم 5 المغرب|17:00   اليوم الساعة 7|19:00   السادسة مساءً|18:00   السادسة والنصف مساء|18:30   ثمان المسا|20:00
ثمان ونص الليل|20:30   سبع إلا ربع مساء|18:45   6 إلا ثلث المغرب|17:40   6 إلا 10 مساء|17:50   6 و20 دقيقة مساء|18:20
الساعة ست ونص وخمس مساء|18:35   10 الليل إن شاء الله|22:00   في الساعة 7 مساءً تقريبا|19:00   \u200f18:00\u200f|18:00
ba3d sa3tain|17:00   in 2 hours|17:00   in an hour|16:00   in half an hour|15:30   in an hour and a half|16:30
in 1.5 hours|16:30   in 2 h 10 min|17:10   in 2h 10 min|17:10
in 90 minutes|16:30   after three hours|18:00   at 6 pm|18:00
by six in the evening|18:00   6:30 p.m.|18:30   half past six this evening|18:30   tonight at nine|21:00
quarter to seven pm|18:45   18:00 please|18:00   in forty five minutes|15:45   at 18.15|18:15
"""
TOMORROW = """
بكرة الساعة 8 الصبح|08:00   غدا 8 صباحا|08:00   غدًا الساعة ٨ صباحًا|08:00   6:30 ص|06:30   بكره العصر|15:30
بكرة بعد الظهر 2|14:00   الظهر|12:00   12 الظهر|12:00   الخميس 9 الصبح|09:00   يوم الخميس 5 العصر|17:00   14:30|14:30
12 الليل|00:00   منتصف الليل|00:00   الليلة 1|01:00   الفجر|05:00   5 فجرًا|05:00   بكرة 11 الظهر|11:00
tomorrow 8 am|08:00   8 am|08:00   tomorrow at eight in the morning|08:00   noon|12:00   thursday 5 pm|17:00
09:15 am|09:15
"""
EITHER = """
6|18:00|06:00   الساعة 6|18:00|06:00   ست|18:00|06:00   ست ونص|18:30|06:30   6 ونص|18:30|06:30   6 30|18:30|06:30
الساعة ست إلا ربع|17:45|05:45   by six|18:00|06:00   half past six|18:30|06:30   ثمان|20:00|08:00   احدعش|23:00|11:00
six thirty|18:30|06:30   الساعة السابعة والربع|19:15|07:15   sa3a 6|18:00|06:00   الساعة عشر|22:00|10:00
"""


def cases(table: str) -> list[list[str]]:
    return [one.strip().split("|") for line in table.splitlines() for one in line.split("   ") if one.strip()]


def here(at: datetime | None) -> str:
    return at.astimezone(YEMEN).strftime("%a %H:%M") if at else ""


@pytest.mark.parametrize(("words", "hour"), cases(TODAY))
def test_an_hour_of_today_is_understood(words: str, hour: str) -> None:
    found = when(words, NOW)
    assert found is not None
    assert (here(found.at), found.other) == (f"Wed {hour}", None)


@pytest.mark.parametrize(("words", "hour"), cases(TOMORROW))
def test_an_hour_of_tomorrow_or_one_that_has_passed_today_is_tomorrows(words: str, hour: str) -> None:
    found = when(words, NOW)
    assert found is not None
    assert (here(found.at), found.other) == (f"Thu {hour}", None)


@pytest.mark.parametrize(("words", "hour", "other"), cases(EITHER))
def test_an_hour_that_may_be_of_either_half_of_the_day_is_given_as_both(words: str, hour: str, other: str) -> None:
    found = when(words, NOW)
    assert found is not None
    assert (here(found.at), here(found.other)) == (f"Wed {hour}", f"Thu {other}")


def test_at_least_eighty_phrases_stand_in_the_table() -> None:
    assert len(cases(TODAY) + cases(TOMORROW) + cases(EITHER)) >= 80


@pytest.mark.parametrize(
    "words",
    [
        *("", "لا أعرف", "777123456", "+967 777 123 456", "4/10", "2026-03-05", "25:00", "6:75", "بعدين", "6-7", "¾"),
        *("معي واحدة من أخواتي", "soon", "the 3 of us", "🆘", "و", "بعد", "الا", "in", "half", "9999999999999 ساعة"),
    ],
)
def test_what_names_no_time_is_none(words: str) -> None:
    assert when(words, NOW) is None


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("رايحة مستشفى الثورة مع أختي وارجع الساعة 6 المغرب", "Wed 18:00"),
        ("بروح السوق الساعة 4 العصر وبرجع قبل المغرب", "Wed 17:30"),
        ("Going to the court at 4 pm, back by 6 pm", "Wed 18:00"),
        ("أزور 3 بيوت في شارع 20 وأرجع بعد ساعتين", "Wed 17:00"),
        ("أنا في بيت رقم 6", ""),
        ("two friends and I, 3 km away", ""),
    ],
)
def test_a_sentence_about_where_she_goes_may_name_when_she_is_back(words: str, hour: str) -> None:
    found = named_in(words, NOW)
    assert here(found.at if found else None) == hour


def test_going_and_coming_back_by_a_time_is_one_sentence_and_nothing_else_is() -> None:
    assert goes_and_returns("رايحة المستشفى وارجع الساعة 6", NOW)
    assert goes_and_returns("Going to the hospital, back by six", NOW)
    assert not goes_and_returns("رجعت من المستشفى", NOW)
    assert not goes_and_returns("زوجي راح الساعة 6", NOW)


def test_today_that_is_over_stays_over_so_that_it_can_be_said() -> None:
    found = when("اليوم الساعة 2 الظهر", NOW)
    assert found is not None
    assert found.at < NOW


def test_the_small_hours_are_not_taken_for_the_other_half_of_an_afternoon() -> None:
    found = when("4", datetime(2026, 3, 4, 10, 0, tzinfo=UTC))
    assert found is not None
    assert (here(found.at), found.other) == ("Wed 16:00", None)


MINUTES = st.integers(0, 2 * 24 * 60)


@given(MINUTES, st.integers(1, 7 * 24 * 60 - 1), st.sampled_from(("ar", "en")))
@settings(max_examples=300)
def test_whatever_we_say_back_means_the_same_moment_when_it_is_written_to_us(start: int, ahead: int, lang: str) -> None:
    now = NOW + timedelta(minutes=start)
    at = now + timedelta(minutes=ahead)
    for said in (short(at, now), dated(at, now), both_ways(at, now), lasting(at - now)):
        found = when(render(said, lang), now)  # type: ignore[arg-type]
        assert found is not None, render(said, lang)  # type: ignore[arg-type]
        assert (found.at, found.other) == (at, None)


PIECES = (
    *(
        "6",
        "18:00",
        "٦",
        "ونص",
        " و ",
        "بعد",
        "ساعة",
        "الا",
        "ربع",
        "م",
        "ص",
        "بكرة",
        "العصر",
        "الساعة",
        "يوم",
        "الليل",
    ),
    *("in", "half", "past", "to", "_", "99999", "0", "24", "tomorrow", ":", "/", " ", "\u200f", "½", "and", "a", "min"),
)


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)))
@settings(max_examples=400)
def test_nothing_that_she_may_write_breaks_it(words: str) -> None:
    for found in (when(words, NOW), named_in(words, NOW)):
        assert found is None or found.at.tzinfo is not None


@pytest.mark.parametrize("piece", ["6 ", "و", "ست ونص ", "6:30", "بعد ساعة و", "7 " * 6 + "ص", "٦", "half past "])
def test_a_very_long_message_costs_no_more_than_a_short_one(piece: str) -> None:
    began = time.perf_counter()
    when(piece * 100_000, NOW)
    assert time.perf_counter() - began < 0.2


@pytest.mark.parametrize(
    ("minutes", "arabic", "english"),
    [
        (130, "الساعة 5:10 مساءً، بعد ساعتين و10 دقائق", "at 17:10, in 2 h 10 min"),
        (60, "الساعة 4:00 مساءً، بعد ساعة", "at 16:00, in 1 h"),
        (11, "الساعة 3:11 مساءً، بعد 11 دقيقة", "at 15:11, in 11 min"),
        (62, "الساعة 4:02 مساءً، بعد ساعة ودقيقتين", "at 16:02, in 1 h 2 min"),
        (17 * 60, "الساعة 8:00 صباحًا غدًا الخميس، بعد 17 ساعة", "at 8:00 am tomorrow, Thursday, in 17 h"),
        (
            2 * 1440 - 60,
            "الساعة 2:00 ظهرًا يوم الجمعة، بعد يوم و23 ساعة",
            "at 14:00 on Friday, in 1 day 23 h",
        ),
    ],
)
def test_a_time_is_read_back_by_clock_and_by_span(minutes: int, arabic: str, english: str) -> None:
    said = both_ways(NOW + timedelta(minutes=minutes), NOW)
    assert (render(said, "ar"), render(said, "en")) == (arabic, english)
