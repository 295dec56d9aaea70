"""The whole story of a campaign, in Chromium and in Arabic, over the emulators of both platforms.

One writes, looks, tests and asks; another signs; it is sent at its hour, held, let go on, and told in a report.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from flows.public import Subscription
from storage.runs import Run
from tests.broadcasting import HERS, becomes, crowd, subscribed
from tests.desk.campaign_town import ARABIC, ENGLISH, Team, campaign_town
from tests.desk.desk_browser import Screen, desk_open
from tests.pictures import CANARIES, jpeg
from tests.platforms.twilio_records import Record

pytestmark = pytest.mark.browser

READERS, BY_WHATSAPP = 40, 3
NAME = "كلمات المرور"
LOGGED = ["campaign:made", "campaign:saved", "campaign:tested", "campaign:asked", "campaign:approved"]


@pytest.fixture
async def team(sqlite: str, tmp_path: Path) -> AsyncIterator[Team]:
    async with campaign_town(sqlite, tmp_path, count=0) as found:
        yield found


async def test_a_campaign_is_written_signed_sent_held_and_told_on_both_platforms(team: Team, chromium: str) -> None:
    await _readers(team)
    async with desk_open(chromium, team.place, carrying=team.writer) as screen:
        await _adds_a_picture(screen)
        await _writes(screen)
        number = int(screen.page.url.split("/")[-2])
        await _tests_and_asks(screen.page, team)
    async with desk_open(chromium, team.place, carrying=team.second) as screen:
        await _signs(screen)
        run = (await team.runs(number))[0]
        await _watches(screen, team, run)
        await _reads_the_report(screen)
    _telegram_was_given_the_picture_once(team)
    _twilio_fetched_it_for_each(team)
    assert [one for one in await team.logged() if one.startswith("campaign:")] == LOGGED


async def _readers(team: Team) -> None:
    """On Telegram, and on WhatsApp within the day in which anything may be written to her."""
    team.phones.extend((await crowd(team.place, READERS)).values())
    for number in range(BY_WHATSAPP):
        phone = team.place.twilio.person(f"+96777{number:07}")
        await phone.says("مرحبا")
        await subscribed(team.place, "whatsapp", phone.number, Subscription(("tips",), HERS.language))
    await team.place.twilio.settles()


async def _adds_a_picture(screen: Screen) -> None:
    page = screen.page
    await screen.opens("/desk/campaigns")
    await page.get_by_role("link", name="صور وأصوات ومقاطع").click()
    await page.get_by_label("الاسم، للزميلات").fill("باب أزرق")
    file = {"name": "باب.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    await page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
    await page.get_by_label("ما يُرى أو يُسمع فيه").fill("باب أزرق في سوق")
    await page.get_by_role("button", name="إضافة إلى المكتبة").click()
    await expect(page.get_by_text("صالحة للإرسال")).to_be_visible()


async def _writes(screen: Screen) -> None:
    page = screen.page
    await screen.opens("/desk/campaigns")
    await page.get_by_role("button", name="كتابة حملة جديدة").click()
    for name, value in {"name": NAME, "begins": "2026-11-22", "ends": "2026-12-22"}.items():
        await page.locator(f"#{name}").fill(value)
    await page.get_by_label("من طلبت النصائح").check()
    await page.locator("#ar-0").fill(ARABIC)
    await page.locator("#en-0").fill(ENGLISH)
    await page.get_by_label("صورة أو صوت أو فيديو").select_option(label="باب أزرق")
    await page.locator("#day").fill("2026-11-22")
    await page.locator("#hour").fill("12:12")
    await page.get_by_label("أكثر عدد من الرسائل في الدقيقة").fill("600")  # slow enough to be held on its way
    await page.get_by_role("button", name="حفظ ومعاينة").click()
    await expect(page.locator(".phone.telegram .bubble").first).to_contain_text(ARABIC)
    await expect(page.locator(".phone.whatsapp .bubble").first).to_contain_text(ARABIC)
    await expect(page.locator(".phone.whatsapp img").first).to_be_visible()
    await expect(page.locator("dl.facts .number").first).to_have_text(str(READERS + BY_WHATSAPP))


async def _tests_and_asks(page: Page, team: Team) -> None:
    await page.get_by_role("button", name="إرسالها إلى هاتفي أنا (بالعربية)").click()
    await expect(page.get_by_text("هي في طريقها إلى هواتفكِ أنتِ، ولا أحد غيركِ.")).to_be_in_viewport()
    await team.writer.phone.sees("صباح الخير")
    await page.get_by_role("button", name="طلب شخص ثانٍ").click()
    await expect(page.get_by_text("ولا يكون من كتبتها")).to_be_visible()
    await expect(page.get_by_role("button", name="الموافقة عليها")).to_have_count(0)


async def _signs(screen: Screen) -> None:
    page = screen.page
    await screen.opens("/desk/campaigns")
    await page.get_by_role("link", name=NAME).first.click()
    sure = page.get_by_label("قرأتُ ما يجب التفكير فيه")
    if await sure.count():
        await sure.check()
    await page.get_by_role("button", name="الموافقة عليها").click()
    # Pressed far below: what came of it stands above, and is brought into her sight.
    await expect(page.locator("#approved-title")).to_be_in_viewport()


async def _watches(screen: Screen, team: Team, run: Run) -> None:
    page, arrived = screen.page, _arrived
    await page.get_by_role("link", name="إلى أين وصلت").first.click()
    await expect(page.locator("#run-back")).to_be_visible()
    assert arrived(team) == 0
    await team.place.passes(minutes=13)
    await becomes(team.place, run.id, lambda found: found.counts.get("delivered", 0) > 3)
    await expect(page.locator("#run-now .badge")).to_have_text("يجري إرسالها")
    await page.locator("#run-pause").click()
    await expect(page.locator("#run-resume")).to_be_visible()
    await becomes(team.place, run.id, lambda found: found.counts.get("queued", 0) == 0)
    assert 0 < arrived(team) < READERS + BY_WHATSAPP
    await page.locator("#run-resume").click()
    await becomes(team.place, run.id, lambda found: found.ended_at is not None, 40)
    await expect(page.locator("#run-now .badge")).to_have_text("أُرسلت كلها")
    assert arrived(team) == READERS + BY_WHATSAPP


async def _reads_the_report(screen: Screen) -> None:
    page = screen.page
    await page.locator("#run-acts a", has_text="إلى التقرير").click()
    await expect(page.locator("h1")).to_contain_text(NAME)
    await expect(page.locator(".plot")).to_be_visible()
    await expect(page.locator("tr", has_text="تيليجرام")).to_contain_text(str(READERS))
    await expect(page.locator("tr", has_text="واتساب")).to_contain_text(str(BY_WHATSAPP))
    async with page.expect_download() as download:
        await page.locator("a", has_text="المجاميع").click()
    assert (await download.value).suggested_filename.endswith(".csv")


def _telegram(team: Team) -> list[object]:
    """The picture of each letter that arrived with a reader: bytes or the file's id. The writer's test is not one."""
    own = str(team.writer.phone.chat_id)
    calls = [one for one in team.place.telegram.calls if one.method == "sendPhoto" and one.status == 200]
    return [one.params["photo"] for one in calls if str(one.params["chat_id"]) != own]


def _whatsapp(team: Team) -> list[Record]:
    return [one for one in team.place.twilio.records.values() if one.attached is not None]


def _arrived(team: Team) -> int:
    return len(_telegram(team)) + len(_whatsapp(team))


def _telegram_was_given_the_picture_once(team: Team) -> None:
    every = [one.params["photo"] for one in team.place.telegram.calls if one.method == "sendPhoto"]
    given = [one for one in every if str(one) not in team.place.telegram.files]
    assert len(given) == 1
    assert len(every) == READERS + 1  # the writer's test was the first


def _twilio_fetched_it_for_each(team: Team) -> None:
    pictures = {one.attached.data for one in _whatsapp(team) if one.attached is not None}
    assert len(pictures) == 1
    assert not any(canary in picture for picture in pictures for canary in CANARIES)
