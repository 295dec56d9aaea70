"""The preview page in a real browser: the main job by hand, by keyboard, in both languages and on a small phone."""

import base64
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Locator, expect, sync_playwright

from console.preview_words import WORDS
from flows.core import Language, Located, Pressed, Said
from flows.dates import YEMEN
from handlers.channel import Handle
from messages.catalog import render
from tests.console.preview_browser import SMALL, WIDE, Visit, start_browser, visiting
from tests.console.preview_story import ANSWERS, CALLED, HIDE, PAGE, QUESTION, TAKE, TAKEN, WEATHER

pytestmark = pytest.mark.browser

BOTH: tuple[Language, Language] = ("ar", "en")
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = start_browser(playwright, chromium)
        yield browser
        browser.close()


def phone(visit: Visit, name: str) -> Locator:
    return visit.page.locator(f"#phone-{name}")


def says_she_is_not_safe(visit: Visit) -> None:
    visit.writes("...")
    visit.presses(ANSWERS[visit.language][1].label)
    expect(phone(visit, "hers")).to_contain_text(CALLED[visit.language])


@pytest.mark.parametrize("language", BOTH)
def test_she_reports_the_page_arrives_and_it_is_taken(browser: Browser, language: Language) -> None:
    with visiting(browser, language) as visit:
        visit.writes("مرحبا")
        expect(phone(visit, "hers")).to_contain_text(QUESTION[language])
        visit.presses(ANSWERS[language][1].label)
        expect(phone(visit, "hers")).to_contain_text(CALLED[language])
        expect(phone(visit, "huda").locator(".messages")).to_contain_text(PAGE[language])
        visit.presses(TAKE[language][0].label, "huda")
        expect(phone(visit, "hers")).to_contain_text(TAKEN[language])
        expect(visit.page.locator("#alarm")).to_have_class("alarm taken")
        expect(visit.page.locator("#alarm-state")).to_contain_text("هدى")


def test_an_answered_keyboard_is_gone(browser: Browser) -> None:
    with visiting(browser) as visit:
        says_she_is_not_safe(visit)
        expect(phone(visit, "hers").locator(".keyboard")).to_have_count(0)


def test_the_lock_screen_of_whoever_is_paged_shows_forty_characters(browser: Browser) -> None:
    with visiting(browser) as visit:
        says_she_is_not_safe(visit)
        line = phone(visit, "huda").locator(".notice .line")
        expect(line).to_be_visible()
        assert line.inner_text() == f"{PAGE['ar'][:40].rstrip()} …"
        expect(phone(visit, "hers").locator(".notice")).to_be_hidden()
        phone(visit, "huda").locator(".notice .hide").click()
        expect(line).to_be_hidden()
        expect(phone(visit, "huda").locator(".messages")).to_be_focused()


def test_the_whole_report_goes_by_keyboard_alone(browser: Browser) -> None:
    with visiting(browser, "en") as visit:
        keys = visit.page.keyboard
        keys.press("Tab")
        expect(visit.page.locator(".skip")).to_be_focused()
        keys.press("Enter")
        expect(visit.page.locator("#entry-hers")).to_be_focused()
        keys.type("hello")
        keys.press("Enter")
        expect(phone(visit, "hers").locator(".keyboard button")).to_have_count(3)
        for _ in range(3):  # attach, "I cannot talk now", "No, I am not safe"
            keys.press("Shift+Tab")
        expect(phone(visit, "hers").get_by_role("button", name="No, I am not safe")).to_be_focused()
        keys.press("Enter")
        expect(phone(visit, "hers")).to_contain_text(CALLED["en"])
        expect(visit.page.locator("#entry-hers")).to_be_focused()
        assert [inbound.event for inbound in visit.story.arrived] == [Said("hello"), Pressed("unsafe")]


def test_after_a_pressed_button_the_focus_is_on_the_next_questions_first_button(browser: Browser) -> None:
    with visiting(browser, "en") as visit:
        visit.writes("hello")
        visit.presses("Yes, I am safe")
        keyboard = phone(visit, "hers").locator(".keyboard")
        expect(keyboard.locator("button").first).to_be_focused()
        expect(keyboard).to_have_count(1)


def test_a_message_taller_than_the_phone_is_shown_from_its_first_line(browser: Browser) -> None:
    with visiting(browser) as visit:
        visit.writes("long")
        tall = phone(visit, "hers").locator(".theirs")
        expect(tall).to_contain_text("59")
        list_top = phone(visit, "hers").locator(".messages").evaluate("list => list.getBoundingClientRect().top")
        assert abs(tall.evaluate("item => item.getBoundingClientRect().top") - list_top) <= 1


def test_a_new_message_is_read_out_with_the_phone_it_came_to(browser: Browser) -> None:
    with visiting(browser, "en") as visit:
        visit.writes("hello")
        expect(visit.page.locator("#news[aria-live=polite]")).to_have_text(f"New message, Hers: {QUESTION['en']}")


def test_words_from_people_are_never_read_as_html(browser: Browser) -> None:
    attack = "<img src=x onerror=alert(1)><b>قوي</b>"
    with visiting(browser) as visit:
        visit.writes(attack)
        bubble = phone(visit, "hers").locator(".mine .words")
        expect(bubble).to_have_text(attack)
        assert bubble.locator("*").count() == 0


def test_each_bubble_takes_its_direction_from_its_own_words(browser: Browser) -> None:
    with visiting(browser) as visit:
        visit.writes("WhatsApp آمن؟")
        visit.writes("هل WhatsApp آمن؟")
        bubbles = phone(visit, "hers").locator(".mine .words")
        expect(bubbles).to_have_count(2)
        assert [bubbles.nth(at).evaluate("p => getComputedStyle(p).direction") for at in (0, 1)] == ["ltr", "rtl"]


@pytest.mark.parametrize(("language", "order"), [("ar", ["najla", "huda", "hers"]), ("en", ["hers", "huda", "najla"])])
def test_the_phones_stand_in_reading_order(browser: Browser, language: Language, order: list[str]) -> None:
    with visiting(browser, language) as visit:
        left = {name: phone(visit, name).evaluate("phone => phone.getBoundingClientRect().left") for name in order}
        assert sorted(left, key=lambda name: left[name]) == order
        bottom = phone(visit, "hers").locator(".composer").evaluate("form => form.getBoundingClientRect().bottom")
        assert bottom < WIDE[1]


@pytest.mark.parametrize("language", BOTH)
def test_a_small_phone_shows_one_phone_at_a_time_and_counts_what_is_unread(
    browser: Browser, language: Language
) -> None:
    with visiting(browser, language, SMALL) as visit:
        says_she_is_not_safe(visit)
        expect(phone(visit, "huda")).to_be_hidden()
        tab = visit.page.locator("[data-tab=huda]")
        expect(tab.locator(".count")).to_have_text("1")
        expect(tab.locator(".badge")).to_be_visible()
        tab.click()
        expect(phone(visit, "huda")).to_be_visible()
        expect(phone(visit, "hers")).to_be_hidden()
        expect(tab.locator(".badge")).to_be_hidden()
        assert visit.page.evaluate("document.documentElement.scrollWidth") == SMALL[0]


@pytest.mark.parametrize("size", [WIDE, SMALL])
def test_every_target_is_large_enough_for_a_thumb(browser: Browser, size: tuple[int, int]) -> None:
    with visiting(browser, "ar", size) as visit:
        visit.writes("مرحبا")
        phone(visit, "hers").locator(".attach").click()
        expect(phone(visit, "hers").locator(".keyboard")).to_be_visible()
        small = visit.page.evaluate(
            """[...document.querySelectorAll("a, button, input, label.pick")]
                .filter((one) => !one.closest("[hidden]") && !one.matches(".unseen, .skip") && one.offsetParent)
                .filter((one) => one.offsetHeight < 44 || one.offsetWidth < 44).map((one) => one.outerHTML)"""
        )
        assert small == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["1280", "360"])
@pytest.mark.parametrize("language", BOTH)
def test_axe_finds_nothing_serious(browser: Browser, language: Language, size: tuple[int, int], dark: bool) -> None:
    with visiting(browser, language, size, dark=dark) as visit:
        assert visit.complaints() == []
        says_she_is_not_safe(visit)
        phone(visit, "hers").locator(".attach").click()
        expect(visit.page.locator("#stored > .sealed")).to_have_count(3)
        assert visit.complaints() == []
        if size == SMALL:
            visit.page.locator("[data-tab=huda]").click()
        visit.presses(TAKE[language][0].label, "huda")
        expect(visit.page.locator("#alarm")).to_have_class("alarm taken")
        assert visit.complaints() == []


def test_axe_would_see_arabic_that_is_too_pale(browser: Browser) -> None:
    with visiting(browser) as visit:
        visit.page.evaluate("document.querySelector('h1').style.color = '#d8d4cc'")
        assert any(complaint.startswith("color-contrast: <h1") for complaint in visit.complaints())


def test_the_running_ladder_counts_down(browser: Browser) -> None:
    with visiting(browser, "en") as visit:
        expect(visit.page.locator("#steps")).to_be_hidden()
        says_she_is_not_safe(visit)
        steps = visit.page.locator("#steps li")
        expect(steps).to_have_count(3)
        expect(steps.nth(0)).to_contain_text(render(WORDS["current"], "en"))
        expect(steps.nth(2).locator("time")).to_have_text(re.compile(r"^In 1:1\d$"))


def test_the_running_check_in_counts_down_until_a_person_is_called(browser: Browser) -> None:
    with visiting(browser, "en") as visit:
        panel, steps = visit.page.locator("#watched"), visit.page.locator("#watched-steps li")
        expect(panel).to_be_hidden()
        visit.writes("goes")
        expect(panel).to_contain_text(render(WORDS["asked"], "en"))
        expect(panel).to_contain_text(render(WORDS["shortened"], "en"))
        expect(steps).to_have_count(3)
        expect(steps.nth(0).locator("time")).not_to_contain_text("In")
        expect(steps.nth(2).locator("time")).to_have_text(re.compile(r"^In 1:0\d$"))
        visit.writes("missed")
        expect(panel).to_contain_text(render(WORDS["overdue"], "en"))
        expect(steps).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["1280", "360"])
@pytest.mark.parametrize("language", BOTH)
def test_axe_finds_nothing_serious_in_the_check_on_her(
    browser: Browser, language: Language, size: tuple[int, int]
) -> None:
    with visiting(browser, language, size) as visit:
        for words, state in (("goes", "asked"), ("missed", "overdue"), ("back", "over")):
            visit.writes(words)
            expect(visit.page.locator("#watched-state")).to_contain_text(render(WORDS[state], language))
            assert visit.complaints() == []
            assert visit.page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_each_line_of_a_bubble_takes_its_own_direction(browser: Browser) -> None:
    with visiting(browser) as visit:
        visit.writes("أهلًا")
        words = phone(visit, "hers").locator(".mine .words")
        assert words.evaluate("p => getComputedStyle(p).unicodeBidi") == "plaintext"


def test_hours_are_those_of_yemen_wherever_the_visitor_is(browser: Browser) -> None:
    with visiting(browser, "en") as visit:
        visit.writes("hello")
        time = phone(visit, "hers").locator(".mine time")
        at = datetime.fromisoformat(time.get_attribute("datetime") or "").astimezone(YEMEN)
        expect(time).to_have_text(f"{at.hour}:{at.minute:02}")


def test_the_two_sides_fill_when_a_case_is_opened(browser: Browser) -> None:
    with visiting(browser) as visit:
        expect(visit.page.locator("#opened")).to_contain_text(render(WORDS["nothing_opened"], "ar"))
        says_she_is_not_safe(visit)
        expect(visit.page.locator("#opened")).to_contain_text("<b>نعرف بيتكِ</b>")
        expect(visit.page.locator("#stored")).to_contain_text("case_parts.sealed")
        expect(visit.page.locator("#stored code").first).to_contain_text("0001020304")


def test_a_photo_a_voice_note_and_a_place_are_sent(browser: Browser) -> None:
    with visiting(browser, "en") as visit:
        hers = phone(visit, "hers")
        photo, voice = hers.locator("input[type=file]").all()
        photo.set_input_files({"name": "door.png", "mimeType": "image/png", "buffer": PIXEL})
        expect(hers.get_by_role("img", name="Photo: door.png")).to_be_visible()
        voice.set_input_files({"name": "note.ogg", "mimeType": "audio/ogg", "buffer": b"OggS"})
        expect(hers).to_contain_text("Voice note · note.ogg · 1 KB")
        hers.locator(".attach").click()
        hers.get_by_role("button", name="Share this place").click()
        expect(hers).to_contain_text("15.4622, 45.3258")
        first, second, third = (inbound.event for inbound in visit.story.arrived)
        assert isinstance(first, Handle)
        assert isinstance(second, Handle)
        assert (first.kind, first.size, second.kind) == ("photo", len(PIXEL), "voice")
        assert third == Located(15.4622, 45.3258)


def test_a_page_loaded_again_shows_the_same_messages_as_no_news(browser: Browser) -> None:
    with visiting(browser, "en", SMALL) as visit:
        says_she_is_not_safe(visit)
        expect(visit.page.locator("[data-tab=huda] .badge")).to_be_visible()
        before = phone(visit, "hers").locator(".messages").inner_text()
        visit.opens()
        expect(phone(visit, "hers")).to_contain_text(CALLED["en"])
        assert phone(visit, "hers").locator(".messages").inner_text() == before
        expect(visit.page.locator("[data-tab=huda] .badge")).to_be_hidden()
        expect(visit.page.locator("#news")).to_be_empty()


def test_the_standing_button_empties_the_phone_and_goes(browser: Browser) -> None:
    with visiting(browser) as visit:
        button = phone(visit, "hers").locator(".standing")
        expect(button).to_be_hidden()
        visit.writes("طقس")
        expect(button).to_have_text(HIDE)
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert visit.complaints() == []
        visit.writes("مرحبا")
        expect(phone(visit, "hers")).to_contain_text(QUESTION["ar"])
        button.click()
        expect(phone(visit, "hers").locator(".messages li")).to_have_count(1)
        expect(phone(visit, "hers").locator(".messages")).to_contain_text(WEATHER)
        expect(button).to_be_hidden()
        visit.opens()
        expect(phone(visit, "hers").locator(".messages li")).to_have_count(1)
        expect(button).to_be_hidden()


def test_arabic_is_set_in_the_font_that_the_page_brings(browser: Browser) -> None:
    with visiting(browser) as visit:
        loaded = visit.page.evaluate(
            """document.fonts.ready.then((all) => [...all].filter((one) => one.status === "loaded")
                .map((one) => one.family.replaceAll('"', "")))"""
        )
        assert set(loaded) == {"Noto Sans Arabic"}


@pytest.mark.parametrize("language", BOTH)
def test_the_visitor_changes_language_and_the_phones_keep_their_messages(browser: Browser, language: Language) -> None:
    with visiting(browser, language) as visit:
        visit.writes("مرحبا")
        expect(phone(visit, "hers")).to_contain_text(QUESTION[language])
        other = "English" if language == "ar" else "العربية"
        visit.page.get_by_role("link", name=other).click()
        expect(visit.page.locator("html")).to_have_attribute("dir", "ltr" if language == "ar" else "rtl")
        expect(phone(visit, "hers")).to_contain_text(QUESTION[language])
