"""The list's page over HTTP: what each role is shown, what a bad address is told, and the desk under duress."""

from pathlib import Path

import pytest

from storage import staff
from tests.desk.board_cases import NOW, lines
from tests.desk.staff import Desks
from tests.town import town


async def test_the_page_has_a_link_to_her_case_and_a_button_to_take_another(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        huda = await desks.hired("هدى")
        member = await place.working.store.read(staff.member, huda.number)
        await lines(place).case("AAA-222", status="taken", by=member)
        await lines(place).case("BBB-222", "critical")
        page = await huda.get("/desk")
        assert page.status == 200
        assert 'href="/desk/cases/AAA-222"' in page.text
        assert 'action="/desk/cases/BBB-222/take"' in page.text
        assert 'href="/desk/cases/BBB-222"' not in page.text
        assert "مأرب" in page.text


async def test_under_duress_the_list_is_empty_and_nothing_says_so(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        huda, other = await desks.hired("هدى", duress=True), await desks.hired("رنا")
        calm = await other.get("/desk")
        await lines(place).case("BBB-222", "critical")
        for path in ("/desk", "/desk?whose=closed", "/desk?whose=mine&level=high"):
            assert "BBB-222" not in (await huda.get(path)).text
        shown = (await huda.get("/desk")).text.replace(huda.client.token, "")
        assert shown == calm.text.replace(other.client.token, "")


@pytest.mark.parametrize("role", ["auditor", "campaigner", "key_holder", "partner_viewer"])
async def test_whoever_works_on_no_cases_sees_what_she_may_do_instead(sqlite: str, tmp_path: Path, role: str) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        await lines(place).case("BBB-222", "critical")
        page = await (await desks.hired("نور", role)).get("/desk")
        assert page.status == 200
        assert "BBB-222" not in page.text
        assert "/desk/account" in page.text
        assert ("/desk/log" in page.text) == (role == "auditor")


@pytest.mark.parametrize(
    "asked",
    [
        "whose=theirs",
        "level=urgent",
        "status=closed'",
        "waits=x",
        "page=0",
        "page=-1",
        "page=9999999",
        "page=x",
        "page=٢",
        "whose=closed&before=1",
        "whose=closed&before=1.x",
    ],
)
async def test_an_unknown_filter_is_told_in_a_sentence(sqlite: str, tmp_path: Path, asked: str) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        answer = await (await desks.hired("هدى", language="en")).get(f"/desk?{asked}")
        assert answer.status == 400
        assert answer.text == "The list doesn't know this filter. Go back to the desk and choose again.\n"


async def test_numbers_that_no_database_holds_are_an_empty_page(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        huda = await desks.hired("هدى")
        for asked in ("page=99999", f"whose=closed&before={'9' * 19}.{'9' * 19}"):
            assert (await huda.get(f"/desk?{asked}")).status == 200


async def test_what_the_page_asks_by_itself_keeps_no_session_alive(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        huda, rana = await desks.hired("هدى"), await desks.hired("رنا")
        answers = []
        for _ in range(3):
            place.telegram.passes(14 * 60)
            answers = [await huda.get("/desk", headers={"X-Desk-Live": "1"}), await rana.get("/desk")]
        assert [answer.status for answer in answers] == [303, 200]
