"""The library's page at the desk: taking in, looking, withdrawing; over HTTP and in Chromium."""

import io
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from flows.core import Language
from handlers import media_library
from handlers.media_library import Offered, Ready
from storage import media
from tests.console.preview_browser import SMALL, WIDE
from tests.desk.board_cases import NOW
from tests.desk.desk_browser import desk_open
from tests.desk.staff import Answer, Desks, Staffer
from tests.pictures import CANARIES, jpeg
from tests.town import Town, town

PAGE = "/desk/campaigns/media"


def form(who: Staffer, file: bytes, **fields: str) -> aiohttp.FormData:
    data = aiohttp.FormData()
    for name, value in {"token": who.client.token, "name": "ندوة", "shows": "نساء حول طاولة", **fields}.items():
        data.add_field(name, value)
    data.add_field("file", io.BytesIO(file), filename="../../etc/passwd.jpg", content_type="image/jpeg")
    return data


async def adds(who: Staffer, file: bytes, **fields: str) -> Answer:
    return await who.post(PAGE, form(who, file, **fields))


async def kept(place: Town) -> list[media.Medium]:
    return await place.working.store.read(media.everything)


async def test_a_picture_is_taken_in_cleaned_and_shown_to_colleagues(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        reem, editor = await desks.hired("ريم", "campaigner"), await desks.hired("سارة", "content_editor")
        assert (await adds(reem, jpeg())).status == 303
        (one,) = await kept(place)
        shown = await editor.get(f"{PAGE}/{one.id}/full")
        assert shown.headers["Content-Type"] == "image/jpeg"
        assert not any(canary in shown.body for canary in CANARIES)
        page = await editor.get(PAGE)
        assert f"{PAGE}/{one.id}/light" in page.text
        assert f"{PAGE}/{one.id}/withdraw" not in page.text


async def test_without_her_consent_on_record_nobody_is_shown(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        reem = await desks.hired("ريم", "campaigner")
        refused = await adds(reem, jpeg(), people="yes")
        assert refused.status == 422
        assert "نساء حول طاولة" in refused.text
        assert (await adds(reem, jpeg(), people="yes", consent="وافقت سلوى كتابةً")).status == 303
        (one,) = await kept(place)
        assert one.facts.consent == "وافقت سلوى كتابةً"
        assert one.consented_at is not None


async def test_withdrawn_it_is_shown_to_nobody_any_more(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        reem = await desks.hired("ريم", "campaigner")
        await adds(reem, jpeg())
        (one,) = await kept(place)
        assert (await reem.post(f"{PAGE}/{one.id}/withdraw")).status == 303
        assert (await reem.get(f"{PAGE}/{one.id}/full")).status == 404
        assert f"{PAGE}/{one.id}/" not in (await reem.get(PAGE)).text


@pytest.mark.parametrize(
    "path", [f"{PAGE}/1/full", f"{PAGE}/abc/full", f"{PAGE}/{'9' * 40}/full", f"{PAGE}/1/huge", f"{PAGE}/1/%00"]
)
async def test_an_address_made_up_finds_nothing(sqlite: str, tmp_path: Path, path: str) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        assert (await (await desks.hired("ريم", "campaigner")).get(path)).status == 404


async def test_under_duress_the_library_is_empty_and_keeps_nothing(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        reem, forced = await desks.hired("ريم", "campaigner"), await desks.hired("نور", "campaigner", duress=True)
        await adds(reem, jpeg())
        (one,) = await kept(place)
        assert f"{one.id}" not in (await forced.get(PAGE)).text
        assert (await forced.get(f"{PAGE}/{one.id}/full")).status == 404
        assert (await adds(forced, jpeg())).status == 303
        await forced.post(f"{PAGE}/{one.id}/withdraw")
        assert [found.withdrawn_at for found in await kept(place)] == [None]


async def test_an_upload_beyond_all_measure_is_refused_before_it_is_read(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        reem = await desks.hired("ريم", "campaigner")
        assert (await adds(reem, bytes(media_library.LARGEST + 1))).status in {400, 413}
        assert await kept(place) == []


async def test_the_public_address_gives_it_to_whoever_has_the_token(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        reem = await desks.hired("ريم", "campaigner")
        await adds(reem, jpeg())
        (one,) = await kept(place)
        shelf = place.working.shelf
        piece = await shelf.piece(one.id, full=False)
        assert piece is not None
        address = (await shelf.link(piece)).removeprefix(place.settings.address)
        async with aiohttp.ClientSession(place.settings.address) as anybody:
            given = await anybody.get(address)
            assert (given.status, given.headers["Content-Type"]) == (200, "image/jpeg")
            assert given.headers["Cache-Control"] == "no-store"
            wrong = address[:-1] + ("A" if address[-1] != "A" else "B")
            assert (await anybody.get(wrong)).status == 404
            assert (await anybody.get("/media/short")).status == 404


@pytest.mark.browser
@pytest.mark.parametrize(("language", "size"), [("ar", SMALL), ("en", WIDE)])
async def test_she_adds_one_in_her_browser_and_withdraws_it(
    sqlite: str, tmp_path: Path, chromium: str, language: Language, size: tuple[int, int]
) -> None:
    picture = tmp_path / "camera.jpg"
    picture.write_bytes(jpeg())
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        reem = await desks.hired("ريم", "campaigner")
        async with desk_open(chromium, place, language, size, carrying=reem) as screen:
            await screen.opens(PAGE)
            await screen.page.locator("#media-name").fill("ندوة")
            await screen.page.locator("#media-shows").fill("نساء حول طاولة")
            await screen.page.locator("#media-file").set_input_files(picture)
            await screen.page.locator("form[enctype] button").click()
            await expect(screen.page.locator("article img")).to_be_visible()
            assert await screen.page.locator("article img").evaluate("one => one.complete && one.naturalWidth > 0")
            await screen.page.locator("article summary").click()
            await screen.page.locator("article button.danger").click()
            await expect(screen.page.locator("article img")).to_have_count(0)
            assert screen.noise == []


async def test_a_cleaned_upload_is_ready_for_both_channels() -> None:
    ready = await media_library.prepare(Offered("ندوة", jpeg(), shows="نساء"))
    assert isinstance(ready, Ready)
    assert {version.mime for version in ready.facts.versions.values()} == {"image/jpeg"}
