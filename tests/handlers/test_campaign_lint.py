"""The lint of what goes out to many: what it refuses however it is written, and what it lets through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import mechanism
from bot.settings import ROOT
from handlers.campaign_lint import lint
from messages.text import Language

NAMES = (*mechanism.load(ROOT / "mechanism").broadcasts.names, "هدى المرادي", "Thuraya Saleh")
ARABIC = "صباح الخير. فكرة صغيرة لهذا اليوم، تقرأ في دقيقة واحدة. "
ENGLISH = "Good morning. A small idea for today, read in a minute or two. "


def codes(words: str, language: Language = "ar", **more: bool) -> set[str]:
    first = ARABIC if language == "ar" else ENGLISH
    return {fault.code for fault in lint(first + words, language, NAMES, **more)}


@pytest.mark.parametrize(
    "words",
    [
        "+967 770 000 001",
        "770000001",
        "٧٧٠٠٠٠٠٠١",
        "۷۷۰-۰۰۰-۰۰۱",
        "7 7 0 0 0 0 0 0 1",
        "７７０００００００１",
        "①②③④⑤⑥⑦",
        "7\u200b7\u200b0\u200b0000001",
        "(01) 234.567",
        "سبعة سبعة صفر صفر صفر واحد اثنين ثلاثة",
    ],
)
def test_a_phone_number_is_found_in_all_digits_and_shapes(words: str) -> None:
    assert "phone" in codes(words)


@pytest.mark.parametrize("words", ["يوم 2026-11-22", "من 2025 إلى 2026", "في 5 دقائق و 20 خطوة", "الدرس 12 من 30"])
def test_a_date_and_a_count_are_no_phone_number(words: str) -> None:
    assert "phone" not in codes(words)


@pytest.mark.parametrize("words", ["@huda", "@ هدى", "＠huda_1", "huda@example.org"])
def test_a_handle_or_mailbox_is_found(words: str) -> None:
    assert "handle" in codes(words)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/tips",
        "https://example.org/tips?utm=1",
        "https://example.org/tips#me",
        "https://user:pw@example.org/",
        "https://bit.ly/abc",
        "bit.ly/abc",
        "https://wa.me/967770000001",
        "t.me/joinchat/AAAA",
        "https://chat.whatsapp.com/Abc",
        "https://example.org:8443/a",
        "https://192.168.1.1/a",
        "https://xn--80ak6aa92e.com/",
        "https://еxample.org/a",
        "https://example.org/u/3f2c9a7be1d04c55",
        "https://example.org/1234567",
        "https://example.org/a/b/c/d/e/f",
        "tg://resolve?domain=x",
        "mailto:x@example.org",
        "javascript://example.org/%0aalert(1)",
        "//example.org/a",
        "https://[::1]/a",
    ],
)
def test_an_address_that_could_follow_or_mislead_is_refused(address: str) -> None:
    assert "link" in codes(f"اقرئي {address} غدًا")


@pytest.mark.parametrize(
    "address", ["https://example.org/tips", "https://www.example.org", "https://example.org/a/b-c"]
)
def test_a_plain_page_is_let_through(address: str) -> None:
    assert codes(f"المزيد في {address}.") == set()


@pytest.mark.parametrize(
    "words",
    [
        "فاطمة",
        "قالت فَاطِمَه",
        "ولأحمد",
        "وبمحمد",
        "يا فاطمة",
        "عبد الرحمن",
        "هدى المرادي",
        "المرادي",
        "وعلي",
        "الأستاذة هدى",
        "د. سميرة",
    ],
)
def test_a_name_is_found_with_what_is_written_onto_it(words: str) -> None:
    assert "name" in codes(words)


@pytest.mark.parametrize("words", ["على الطاولة", "إلى البيت", "الشيخ الذي", "بيد القاضي، لكن", "أمل وسلام ونور"])
def test_a_common_word_is_no_name(words: str) -> None:
    assert "name" not in codes(words)


def test_an_english_name_and_an_honorific_are_found() -> None:
    assert "name" in codes("Ask Fatima.", "en")
    assert "name" in codes("Ask Dr. Nabila.", "en")
    assert "name" not in codes("Ask a doctor.", "en")


def test_only_a_name_may_be_overruled() -> None:
    found = lint("اتصل بفاطمة على ٧٧٠٠٠٠٠٠١ أو @huda https://bit.ly/x لماذا", "ar", NAMES)
    assert {fault.code for fault in found if fault.may_be_overruled} == {"name"}
    assert {"phone", "handle", "link", "address", "blame"} <= {fault.code for fault in found}


def test_it_speaks_to_one_woman_unless_it_speaks_to_leaders() -> None:
    assert "address" in codes("اكتبوا لنا")
    assert "address" not in codes("اكتبوا لنا", feminine=False)


def test_what_blames_or_promises_is_refused_in_both_languages() -> None:
    assert "blame" in codes("لماذا لم تفعلي؟")
    assert "blame" in codes("We will protect you.", "en")


@pytest.mark.parametrize(
    ("words", "language", "code"),
    [
        ("إذا وصلكِ تهديد فاحفظيه", "ar", "betrays"),
        ("Got a threat? Keep it.", "en", "betrays"),
        ("رابطة أمهات المختطفين ترحب", "ar", "association"),
        ("The Abductees' Mothers Association greets you.", "en", "association"),
    ],
)
def test_the_first_words_betray_nothing(words: str, language: Language, code: str) -> None:
    assert code in {fault.code for fault in lint(words, language)}
    assert code not in {fault.code for fault in lint(words, language, pushed=False)}


def test_what_was_left_in_the_other_language_is_found() -> None:
    assert "language" in codes("\nWrite it down tonight")
    assert "language" in codes("افتحي please open the settings page")
    assert "language" in codes("Write صباح الخير", "en")
    assert "language" not in codes("افتحي WhatsApp ثم الإعدادات")


def test_its_own_tips_pass() -> None:
    from messages.catalog import render  # noqa: PLC0415 - beside the content
    from messages.content import load  # noqa: PLC0415

    for tip in load().tips.values():
        for language in ("ar", "en"):
            found = lint(render(tip.text, language), language, NAMES)
            assert [fault.code for fault in found if fault.code != "name"] == [], tip.id


@given(st.text(max_size=300), st.sampled_from(("ar", "en")))
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_is_judged_and_never_breaks_it(words: str, language: Language) -> None:
    for fault in lint(words, language, NAMES):
        assert fault.said


def test_a_huge_text_is_judged_in_no_time() -> None:
    import time  # noqa: PLC0415 - quadratic patterns would take minutes

    before = time.process_time()
    for words in ("1 " * 10_000, "a." * 10_000, "😀" * 10_000, "https://a" * 2_000, "@" * 20_000, "a@" * 10_000):
        lint(words, "ar", NAMES)
    assert time.process_time() - before < 10


@pytest.mark.parametrize(
    "words",
    ["770*000*001", "770|000|001", "770~000~001", "770,000,001", "770،000،001", "77,00,00,001"],
)
def test_a_phone_number_is_found_behind_any_sign(words: str) -> None:
    assert "phone" in codes(words)


@pytest.mark.parametrize("words", ["25,000,000 ريال", "من 5,000 - 10,000 ريال", "يوم 12/11، 13/11/2026", "1,000,000"])
def test_an_amount_and_two_dates_are_no_phone_number(words: str) -> None:
    assert "phone" not in codes(words)


@pytest.mark.parametrize("hidden", ["\u200b", "\u200c", "\u200d", "\u2060", "\u034f", "\u00ad", "\u0640"])
def test_what_is_not_seen_hides_no_name_and_no_address(hidden: str) -> None:
    assert "name" in codes(f"قالت فا{hidden}طمة")
    assert "name" in codes(f"Fa{hidden}tima", "en")
    assert "address" in codes(f"علي{hidden}ك")
    assert "association" in {one.code for one in lint(f"من الرا{hidden}بطة، ثم البقية", "ar", NAMES)}


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Fátima says", "en"), ("Fatima's house", "en"), ("Fatima’s house", "en"), ("Mrs.Nabiha", "en"),
        ("قال علی", "ar"), ("الأستاذة\nنبيهة", "ar"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_spelled(words: str, language: Language) -> None:
    assert "name" in codes(words, language)


@pytest.mark.parametrize("words", ["F\u0430tima", "\U0001d405atima", "g\u03bfogle"])
def test_letters_of_another_script_hide_nothing(words: str) -> None:
    assert "language" in codes(words, "en")


def test_what_follows_a_short_first_line_is_on_the_locked_phone_too() -> None:
    found = lint("Hello\nfrom the Abductees' Mothers Association", "en", NAMES)
    assert "association" in {one.code for one in found}
