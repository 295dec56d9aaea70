"""Proves that a text reaches her in good Arabic: forms, dates, numbers and order, and nothing of hers interpreted."""

import gettext
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel import Locale

from messages import Text, both, catalog, clock, isolated, join, raw, t, tn
from messages.catalog import plural_form, render
from messages.po import PLURALS

ARABIC = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\\n"

msgid "Thank you."
msgstr "شكرًا لثقتكِ."

msgid "Your code: {code}"
msgstr "رمزكِ: {code}"

msgid "{code} is your code"
msgstr "{code} رمزكِ"

msgid "{count} report"
msgid_plural "{count} reports"
msgstr[0] "لا توجد بلاغات"
msgstr[1] "بلاغ واحد"
msgstr[2] "بلاغان"
msgstr[3] "{count} بلاغات"
msgstr[4] "{count} بلاغًا"
msgstr[5] "{count} بلاغ"

#, fuzzy
msgid "Guess"
msgstr "تخمين"
"""
SATURDAY = datetime(2025, 10, 4, 15, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _small_catalogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for language, words in (("ar", ARABIC), ("en", "")):
        file = tmp_path / language / "LC_MESSAGES" / "messages.po"
        file.parent.mkdir(parents=True)
        file.write_text(words)
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)
    catalog.sentences.cache_clear()
    yield
    catalog.sentences.cache_clear()


def test_a_sentence_is_said_in_the_reader_s_language() -> None:
    assert render(t("Thank you."), "ar") == "شكرًا لثقتكِ."
    assert render(t("Thank you."), "en") == "Thank you."


def test_english_stands_in_for_a_missing_translation() -> None:
    assert render(t("Nobody translated {this}", this="it"), "ar") == "Nobody translated it"


def test_a_fuzzy_translation_is_not_used() -> None:
    assert render(t("Guess"), "ar") == "Guess"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "لا توجد بلاغات"),
        (1, "بلاغ واحد"),
        (2, "بلاغان"),
        (3, "3 بلاغات"),
        (10, "10 بلاغات"),
        (11, "11 بلاغًا"),
        (25, "25 بلاغًا"),
        (99, "99 بلاغًا"),
        (100, "100 بلاغ"),
        (101, "101 بلاغ"),
        (102, "102 بلاغ"),
        (103, "103 بلاغات"),
        (111, "111 بلاغًا"),
        (1000, "1,000 بلاغ"),
    ],
)
def test_arabic_counts_in_six_forms(count: int, words: str) -> None:
    assert render(tn("{count} report", "{count} reports", count), "ar") == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 reports"), (1, "1 report"), (2, "2 reports")])
def test_english_counts_in_two_forms(count: int, words: str) -> None:
    assert render(tn("{count} report", "{count} reports", count), "en") == words


def test_an_untranslated_counted_sentence_is_counted_in_english() -> None:
    assert render(tn("{count} cup", "{count} cups", 2), "ar") == "2 cups"


def test_the_header_in_the_files_agrees_with_cldr() -> None:
    rule = gettext.c2py(PLURALS["ar"].partition("plural=")[2].rstrip(";"))
    assert [rule(n) for n in range(2000)] == [plural_form("ar", n) for n in range(2000)]


def test_the_plural_forms_are_those_babel_knows() -> None:
    assert set(catalog.FORMS["ar"]) == set(Locale("ar").plural_form.tags) | {"other"}


def test_braces_in_a_person_s_words_are_words() -> None:
    assert render(t("Your code: {code}", code="{code} {0} %s {{x}}"), "ar") == "رمزكِ: {code} {0} %s {{x}}"


def test_a_date_has_its_weekday_and_western_digits() -> None:
    assert render(t("Your code: {code}", code=date(2025, 10, 4)), "ar") == "رمزكِ: السبت، 4 أكتوبر 2025"


def test_a_moment_is_shown_in_the_reader_s_zone() -> None:
    assert render(t("Your code: {code}", code=SATURDAY), "ar") == "رمزكِ: السبت، 4 أكتوبر 2025، 6:05 م"
    assert render(t("{at}", at=SATURDAY), "en") == "Saturday, 4 October 2025, 6:05 pm"
    assert render(t("{at}", at=SATURDAY), "en", "UTC") == "Saturday, 4 October 2025, 3:05 pm"


def test_a_clock_shows_only_the_hour() -> None:
    assert render(clock(SATURDAY), "ar") == "6:05 م"


def test_nothing_we_render_holds_arabic_indic_digits_or_hidden_marks_of_babel() -> None:
    words = render(t("{day} {at} {n}", day=date(2025, 10, 4), at=SATURDAY, n=1234567), "ar")
    assert words == "السبت، 4 أكتوبر 2025 السبت، 4 أكتوبر 2025، 6:05 م 1,234,567"


def test_a_negative_number_does_not_turn_round() -> None:
    assert render(t("Your code: {code}", code=-12), "ar") == "رمزكِ: \u2066-12\u2069"


def test_a_code_that_begins_with_a_letter_needs_nothing() -> None:
    assert render(t("Your code: {code}", code="K7P-3QX"), "ar") == "رمزكِ: K7P-3QX"


def test_a_phone_number_keeps_its_order_in_arabic_and_is_bare_in_english() -> None:
    assert render(isolated("+967 770 000 000"), "ar") == "\u2066+967 770 000 000\u2069"
    assert render(isolated("+967 770 000 000"), "en") == "+967 770 000 000"


def test_an_arabic_line_that_begins_with_a_latin_word_is_marked() -> None:
    assert render(t("{code} is your code", code="K7P"), "ar") == "\u200fK7P رمزكِ"


def test_a_code_alone_on_a_later_line_stays_clean_for_copying() -> None:
    assert render(join(t("Thank you."), raw("K7P"), between="\n"), "ar") == "شكرًا لثقتكِ.\n\u2068K7P\u2069"
    assert render(join(t("Thank you."), both("K7P", "K7P"), between="\n"), "ar") == "شكرًا لثقتكِ.\nK7P"


def test_a_latin_first_line_is_marked_if_arabic_follows() -> None:
    assert render(join(both("K7P", "K7P"), t("Thank you."), between="\n"), "ar") == "\u200fK7P\nشكرًا لثقتكِ."


def test_words_wholly_latin_are_left_alone() -> None:
    assert render(both("WhatsApp", "WhatsApp"), "ar") == "WhatsApp"


def test_english_is_never_marked() -> None:
    assert render(t("Your code: {code}", code="قلم"), "en") == "Your code: قلم"


def test_her_words_cannot_turn_the_words_around_them() -> None:
    shown = render(t("Your code: {code}", code=raw("\u202eelif {code}\u2069")), "ar")
    assert shown == "رمزكِ: \u2068elif {code}\u2069"


def test_a_plain_string_in_a_blank_loses_its_bidi_controls() -> None:
    assert render(t("Your code: {code}", code="a\u202eb"), "ar") == "رمزكِ: ab"


def test_words_from_data_are_said_in_both_languages_as_they_are() -> None:
    label = both("مأرب {x}", "Marib {x}")
    assert (render(label, "ar"), render(label, "en")) == ("مأرب {x}", "Marib {x}")


def test_a_text_within_a_text_is_rendered_in_the_same_language() -> None:
    assert render(t("Your code: {code}", code=t("Thank you.")), "ar") == "رمزكِ: شكرًا لثقتكِ."


@pytest.mark.parametrize("text", [join(), raw("")])
def test_nothing_said_is_nothing_shown(text: Text) -> None:
    assert render(text, "ar") == ""


def test_more_than_ten_paragraphs_keep_their_order() -> None:
    assert render(join(*(both(str(n), str(n)) for n in range(12)), between=" "), "en") == "0 1 2 3 4 5 6 7 8 9 10 11"
