"""Polls, stories, the question box and the leaders' page at the desk: who may, and what is told to nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from flows.core import Language
from handlers import leader_desk
from messages import Text
from messages.catalog import render
from storage import audit, box, leader_codes, polls, stories
from storage.polls import Body, Option, Poll
from storage.unit import Unit
from tests.console.preview_browser import SMALL, WIDE
from tests.desk.desk_browser import desk_open
from tests.desk.staff import Desks, Staffer
from tests.desk.test_looks import ARRANGEMENTS, TOO_SMALL, complaints
from tests.town import Town, town

POLL = {
    "id": "501", "kind": "poll", "ar": "ما أصعب تحدٍّ هذا الشهر؟", "en": "What was hardest this month?",
    "ar1": "الطريق", "en1": "The road", "ar2": "المال", "en2": "Money",
    "opens": "2026-11-22T13:00", "closes": "2026-11-29T13:00",
}  # fmt: skip
STORY = {
    "id": "601", "kind": "story", "title_ar": "خبز وكتاب", "title_en": "Bread and a book",
    "text_ar": "كانت تخبز في الصباح وتقرأ في المساء.", "text_en": "She baked in the morning and read at night.",
}  # fmt: skip


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite, tmp_path) as opened:
        yield opened


@pytest.fixture
async def desks(place: Town) -> AsyncIterator[Desks]:
    async with Desks(place) as opened:
        yield opened


async def written(place: Town) -> list[str]:
    return [entry.what for entry in await place.working.store.read(audit.after, 0)]


# ---------------------------------------------------------------- polls


async def test_a_poll_opens_only_by_a_second_person_who_read_this_very_version(place: Town, desks: Desks) -> None:
    reem, dina = await desks.hired("Reem", "campaigner"), await desks.hired("Dina", "content_editor")
    salma = await desks.hired("Salma", "coordinator")
    assert (await dina.post("/desk/polls", POLL)).goes_to == "/desk/polls/501"
    assert (await reem.post("/desk/polls/501", POLL | {"en1": "The way"})).goes_to == "/desk/polls/501"
    assert (await reem.post("/desk/polls/501/approve", {"version": "2"})).status == 409, "she wrote on it"
    assert (await dina.post("/desk/polls/501/approve", {"version": "2"})).status == 403
    assert (await salma.post("/desk/polls/501/approve", {"version": "1"})).status == 409, "it has changed since"
    assert (await salma.post("/desk/polls/501/approve", {"version": "2"})).status == 303
    assert (await reem.post("/desk/polls/501", POLL | {"en1": "Another"})).status == 409, "what is open stays as it was"
    assert [what for what in await written(place) if what.startswith("poll")] == [
        "poll:written",
        "poll:written",
        "poll:approved",
    ]


async def test_sending_the_form_twice_makes_one_poll(place: Town, desks: Desks) -> None:
    reem = await desks.hired("Reem", "campaigner")
    for _ in range(2):
        await reem.post("/desk/polls", POLL)
    assert len(await place.working.store.read(polls.every)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"en": ""},
        {"ar": "اكتب لنا على 0770 000 000"},
        {"ar2": "الطريق"},
        {"ar1": "ا" * 25},
        {"closes": "2026-11-20T13:00"},
        {"closes": "never"},
        {"opens": "9999-12-31T23:59", "closes": "9999-12-31T23:59"},
        {"ar": "😀" * 5000},
        {"ar1": "", "en1": "", "ar2": "", "en2": ""},
        {"en1": "=cmd|' /C calc'!A0" * 9},
    ],
)
async def test_what_can_not_be_asked_is_shown_back_with_why_and_not_kept(
    place: Town, desks: Desks, wrong: dict[str, str]
) -> None:
    reem = await desks.hired("Reem", "campaigner", language="en")
    answer = await reem.post("/desk/polls", POLL | wrong)
    assert answer.status == 422
    assert 'class="wrong"' in answer.text
    assert await place.working.store.read(polls.every) == []


async def test_the_eight_domains_are_answers_by_one_tick(place: Town, desks: Desks) -> None:
    reem = await desks.hired("Reem", "campaigner")
    await reem.post("/desk/polls", POLL | {"domains": "yes"})
    (poll,) = await place.working.store.read(polls.every)
    assert len(poll.body.options) == 8
    assert "Psychological challenges" in [option.en for option in poll.body.options]


async def over(place: Town, given: dict[str, int]) -> None:
    """A poll that is over with these counts."""
    now = place.now()
    options = tuple(Option(code, f"جواب {code}", f"=Answer {code}") for code in given)
    body = Body("سؤال", "Question", options, (1,))

    def make(unit: Unit) -> None:
        polls.add(unit, Poll(501, "poll", "draft", body, 1, None, now - timedelta(days=2), now + timedelta(hours=1)))
        polls.approve(unit, 501, 2)
        for code, count in given.items():
            for person in range(count):
                polls.answer(unit, 501, "telegram", f"{code}{person}", code)

    await place.working.store.write(make)


async def test_no_count_is_shown_while_answers_come_and_none_that_is_too_small_afterwards(
    place: Town, desks: Desks
) -> None:
    reem = await desks.hired("Reem", "campaigner", language="en")
    await over(place, {"a": 37, "b": 4, "c": 0})
    page = await reem.get("/desk/polls/501")
    assert "<table" not in page.text
    assert (await reem.get("/desk/polls/501/result.csv")).status == 404
    await reem.post("/desk/polls/501/close", {})
    page = await reem.get("/desk/polls/501")
    assert '<span class="number">37</span>' in page.text
    assert page.text.count("fewer than 5") == 2
    assert "Answers in all" not in page.text, "the sum would tell the small one"
    table = (await reem.get("/desk/polls/501/result.csv")).text
    assert "جواب a,'=Answer a,37" in table
    assert table.count("fewer than 5") == 2


# ---------------------------------------------------------------- stories


@pytest.mark.parametrize(
    "telling",
    [
        {"text_ar": "التقت فاطمة بجاراتها."},
        {"text_en": "Fatima met her neighbours."},
        {"text_ar": "كانت تسكن في صرواح."},
        {"text_en": "She lived in Harib."},
    ],
)
async def test_a_name_or_a_near_place_is_refused_unless_she_agreed(
    place: Town, desks: Desks, telling: dict[str, str]
) -> None:
    reem = await desks.hired("Reem", "campaigner")
    assert (await reem.post("/desk/stories", STORY | telling)).status == 422
    assert (await reem.post("/desk/stories", STORY | telling | {"consented": "yes"})).status == 303
    assert len(await place.working.store.read(stories.every)) == 1


@pytest.mark.parametrize("telling", [{"text_ar": "هاتفها ٧٧٠٠٠٠٠٠٠"}, {"text_en": "Write to her: t.me/her"}])
async def test_a_number_or_a_chat_is_refused_whoever_agreed(place: Town, desks: Desks, telling: dict[str, str]) -> None:
    reem = await desks.hired("Reem", "campaigner")
    assert (await reem.post("/desk/stories", STORY | telling | {"consented": "yes"})).status == 422
    assert await place.working.store.read(stories.every) == []


async def test_a_story_is_read_only_after_a_second_person_and_never_once_withdrawn(place: Town, desks: Desks) -> None:
    reem, salma = await desks.hired("Reem", "campaigner"), await desks.hired("Salma", "coordinator")
    await reem.post("/desk/stories", STORY)
    read = place.working.store.read
    assert (await reem.post("/desk/stories/601/publish", {"version": "1"})).status == 409
    assert await read(stories.published, "story") == []
    await salma.post("/desk/stories/601/publish", {"version": "1"})
    assert [one.id for one in await read(stories.published, "story")] == [601]
    assert (await reem.post("/desk/stories/601", STORY | {"text_en": "Other"})).status == 409
    await reem.post("/desk/stories/601/withdraw", {})
    assert await read(stories.published, "story") == []
    assert (await reem.post("/desk/stories/601/delete", {})).goes_to == "/desk/stories"
    assert await read(stories.every) == []


async def test_interest_is_shown_only_in_steps(place: Town, desks: Desks) -> None:
    reem = await desks.hired("Reem", "campaigner", language="en")
    await reem.post("/desk/stories", STORY | {"kind": "initiative"})
    for person in range(4):
        await place.working.store.write(stories.join, 601, "telegram", str(person))
    assert "are interested" not in (await reem.get("/desk/stories")).text
    for person in range(4, 12):
        await place.working.store.write(stories.join, 601, "telegram", str(person))
    assert "at least 10 are interested" in (await reem.get("/desk/stories")).text


# ---------------------------------------------------------------- questions


async def asked(place: Town, number: int, addressed: Any) -> None:
    await place.working.store.write(
        box.add, number, addressed, box.Body("telegram", "77001122", "ar", f"سؤال {number}؟"), place.now()
    )


async def test_those_who_answer_see_only_what_was_passed_on_to_their_class(place: Town, desks: Desks) -> None:
    salma = await desks.hired("Salma", "coordinator")
    for number, addressed in ((1, "government"), (2, "civil_society"), (3, "leaders"), (4, "government")):
        await asked(place, number, addressed)
    for number in (1, 2, 3):
        await salma.post(f"/desk/box/{number}/pass", {})
    for role, own in (("body_government", 1), ("body_cso", 2), ("community_leader", 3)):
        member = await desks.hired("Amal", role)
        page = (await member.get("/desk/questions")).text
        assert [number for number in (1, 2, 3, 4) if f"سؤال {number}؟" in page] == [own]
        assert "77001122" not in page
        for other in {1, 2, 3, 4} - {own}:
            assert (await member.post(f"/desk/questions/{other}", {"answer": "رد"})).status == 409


async def test_whoever_wrote_an_answer_never_lets_it_go_out(place: Town, desks: Desks) -> None:
    salma, reem = await desks.hired("Salma", "coordinator"), await desks.hired("Reem", "campaigner")
    await asked(place, 1, "association")
    assert (await salma.post("/desk/box/1/pass", {})).status == 409, "the association's are answered here"
    assert (await salma.post("/desk/box/1/answer", {"answer": " \u200f "})).status == 409
    assert (await salma.post("/desk/box/1/answer", {"answer": "ر" * 1001})).status == 409
    await salma.post("/desk/box/1/answer", {"answer": "نعم"})
    assert (await salma.post("/desk/box/1/release", {})).status == 409
    await reem.post("/desk/box/1/back", {})
    await salma.post("/desk/box/1/answer", {"answer": "نعم، يوم الأحد"})
    assert (await reem.post("/desk/box/1/release", {})).status == 303
    (entry,) = await place.working.store.read(box.in_state, "answered")
    assert entry.body.answer == "نعم، يوم الأحد"


async def test_a_question_is_refused_once_and_only_for_a_reason_from_the_list(place: Town, desks: Desks) -> None:
    salma = await desks.hired("Salma", "coordinator")
    await asked(place, 1, "leaders")
    assert (await salma.post("/desk/box/1/refuse", {"why": "because"})).status == 409
    assert (await salma.post("/desk/box/1/refuse", {"why": "points"})).status == 303
    assert (await salma.post("/desk/box/1/refuse", {"why": "points"})).status == 409
    assert (await salma.post("/desk/box/1/pass", {})).status == 409


# ---------------------------------------------------------------- leaders, duress, numbers that are none


async def test_a_code_is_shown_once_and_kept_only_as_an_index(place: Town, desks: Desks) -> None:
    reem = await desks.hired("Reem", "campaigner")
    page = await reem.post("/desk/leaders/codes", {"kind": "religious"})
    code = page.text.partition('id="code">')[2].partition("<")[0]
    assert code.startswith("Q")
    assert code not in (await reem.get("/desk/leaders/codes")).text
    assert await place.working.store.write(leader_codes.use, code, place.now()) == "religious"


async def test_under_duress_nothing_is_shown_and_nothing_is_done(place: Town, desks: Desks) -> None:
    forced = await desks.hired("Salma", "coordinator", duress=True)
    await asked(place, 1, "government")
    await over(place, {"a": 9})
    store, before = place.working.store, await written(place)
    await forced.post("/desk/polls", POLL | {"id": "502"})
    await forced.post("/desk/polls/501/close", {})
    await forced.post("/desk/stories", STORY)
    await forced.post("/desk/box/1/pass", {})
    answer = await forced.post("/desk/leaders/codes", {"kind": "tribal"})
    assert 'id="code"' not in answer.text
    assert [poll.state for poll in await store.read(polls.every)] == ["approved"]
    assert (await store.read(stories.every), await store.read(leader_desk.waiting, place.working.world())) == ([], [])
    assert [one.id for one in await store.read(box.in_state, "asked")] == [1]
    assert "سؤال 1؟" not in (await forced.get("/desk/box")).text
    assert await written(place) == before


@pytest.mark.parametrize("number", ["0", "9" * 19, "9" * 400, "x", "-1", "١"])
async def test_a_number_that_is_none_gets_a_kind_page(desks: Desks, number: str) -> None:
    salma = await desks.hired("Salma", "coordinator")
    for path in (f"/desk/polls/{number}", f"/desk/stories/{number}", f"/desk/polls/{number}/result.csv"):
        assert (await salma.get(path)).status == 404
    for path in (f"/desk/polls/{number}/close", f"/desk/stories/{number}/withdraw"):
        assert (await salma.post(path, {})).status == 404
    assert (await salma.post(f"/desk/box/{number}/pass", {})).status == 409


# ---------------------------------------------------------------- in the browser


async def full(place: Town, desks: Desks) -> tuple[Staffer, Staffer, Staffer]:
    """A desk with one of everything; who moderates, who answers, who leads."""
    salma = await desks.hired("سلمى", "coordinator")
    body, leader = await desks.hired("المكتب", "body_government"), await desks.hired("الشيخ سالم", "community_leader")
    await over(place, {"a": 37, "b": 4, "c": 12})
    now = place.now()
    pledge = Body("نتعهد بدعم النساء", "We pledge to stand by women", (Option("1", "نتعهد", "We pledge it"),), (1,))
    await place.working.store.write(polls.close, now, 501)

    def make(unit: Unit) -> None:
        polls.add(unit, Poll(503, "pledge", "draft", pledge, 1, None, now, now + timedelta(days=3)))
        polls.approve(unit, 503, 2)

    await place.working.store.write(make)
    await salma.post("/desk/polls", POLL | {"id": "502"})
    await salma.post("/desk/stories", STORY)
    for number in (1, 2, 3):
        await asked(place, number, "government")
    await salma.post("/desk/box/2/pass", {})
    await salma.post("/desk/box/3/pass", {})
    await body.post("/desk/questions/3", {"answer": "يفتح المكتب يوم الأحد."})
    return salma, body, leader


PAGES = ("/desk/polls", "/desk/polls/new", "/desk/polls/501", "/desk/polls/502", "/desk/stories", "/desk/stories/601",
    "/desk/stories/new", "/desk/box", "/desk/leaders/codes")  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize(("language", "size", "dark"), ARRANGEMENTS)
async def test_every_page_is_readable_to_all(
    place: Town, desks: Desks, chromium: str, language: Language, size: tuple[int, int], *, dark: bool
) -> None:
    salma, body, leader = await full(place, desks)
    wrong: list[str] = []
    for who, paths in ((salma, PAGES), (body, ("/desk", "/desk/questions")), (leader, ("/desk", "/desk/leaders"))):
        async with desk_open(chromium, place, language, size, carrying=who, dark=dark) as screen:
            for path in paths:
                await screen.opens(path)
                page = screen.page
                await page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
                wide = await page.evaluate("document.documentElement.scrollWidth")
                wrong += [f"{path}: {wide} wide"] if wide > size[0] else []
                wrong += [f"{path}: {fault}" for fault in [*await page.evaluate(TOO_SMALL), *await complaints(page)]]
                if await page.locator("h1").count() != 1:
                    wrong.append(f"{path}: not one h1")
    assert wrong == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "en"])
async def test_a_poll_is_written_mended_approved_by_another_and_ended_in_the_browser(
    place: Town, desks: Desks, chromium: str, language: Language
) -> None:
    reem, salma = await desks.hired("ريم", "campaigner"), await desks.hired("سلمى", "coordinator")

    def said(english: str) -> str:
        return render(Text(english), language)

    async with desk_open(chromium, place, language, SMALL, carrying=reem) as screen:
        page = screen.page
        await screen.opens("/desk/polls")
        await page.get_by_role("link", name=said("Write a new one")).click()
        await page.locator("#-ar").fill("ما أصعب تحدٍّ؟ اتصلي 0770000000")
        await page.locator("#-en").fill("What was hardest?")
        await page.get_by_label(said("Take the eight domains as answers, in the place of these")).check()
        await page.locator("#opens").fill("2026-11-22T11:00")
        await page.locator("#closes").fill("2026-11-29T11:00")
        await page.get_by_role("button", name=said("Keep it as a draft")).click()
        await expect(page.locator("main")).to_contain_text("0770000000")
        await expect(page.locator(".wrong").first).to_be_visible()
        await page.locator("#-ar").fill("ما أصعب تحدٍّ هذا الشهر؟")
        await page.get_by_role("button", name=said("Keep it as a draft")).click()
        await expect(
            page.get_by_text(said("You have written on it: a second person has to approve it."))
        ).to_be_visible()
        address = page.url.removeprefix(screen.address)
    async with desk_open(chromium, place, language, WIDE, carrying=salma) as screen:
        await screen.opens(address)
        await screen.page.get_by_role("button", name=said("Approve it as it stands here")).click()
        await expect(screen.page.locator("h1 + .badge")).to_have_text(said("Open"))
        await screen.page.get_by_text(said("End it now")).click()
        await screen.page.get_by_role("button", name=said("End it for good")).click()
        await expect(screen.page.locator("h1 + .badge")).to_have_text(said("Over"))
        await expect(screen.page.locator("table tbody tr")).to_have_count(8)


@pytest.mark.browser
async def test_a_question_is_passed_on_answered_and_let_go_in_the_browser(
    place: Town, desks: Desks, chromium: str
) -> None:
    await asked(place, 1, "government")
    salma, body = await desks.hired("سلمى", "coordinator"), await desks.hired("المكتب", "body_government")
    async with desk_open(chromium, place, "ar", SMALL, carrying=salma) as screen:
        await screen.opens("/desk/box")
        await screen.page.get_by_role("button", name=render(Text("Pass it on, word for word"), "ar")).click()
        await expect(screen.page.locator(".badge").first).to_have_text(
            render(Text("Passed on, not answered yet"), "ar")
        )
    async with desk_open(chromium, place, "ar", WIDE, carrying=body) as screen:
        await screen.opens("/desk/questions")
        await screen.page.locator("#a1").fill("يفتح المكتب يوم الأحد.")
        await screen.page.get_by_role("button", name=render(Text("Hand it to the team"), "ar")).click()
        await expect(screen.page.get_by_text(render(Text("No question waits."), "ar"))).to_be_visible()
    async with desk_open(chromium, place, "ar", SMALL, carrying=salma) as screen:
        await screen.opens("/desk/box")
        await screen.page.get_by_role("button", name=render(Text("Let it go to her"), "ar")).click()
        await expect(screen.page.get_by_text(render(Text("No question waits."), "ar"))).to_be_visible()
    assert len(await place.working.store.read(box.in_state, "answered")) == 1
