"""A case worked on over real HTTP, from her report to her answer; and what no page of ours would ever send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import chance
from storage import audit, cases
from storage.cases import Item
from tests.desk.staff import Answer, Desks, Staffer
from tests.desk.working import b64, opened, sealed
from tests.people import Woman
from tests.telling import letters_are_gone
from tests.test_main_job import finishes, goes_on, reports_in_danger
from tests.town import Town, town


@pytest.fixture(params=["telegram", "whatsapp"])
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def asks(by: Staffer, code: str, way: str, **asked: Any) -> Answer:
    return await by.post(f"/desk/cases/{code}{way}", json=asked)


async def sees(by: Staffer, code: str) -> dict[str, Any]:
    answer = await by.get(f"/desk/cases/{code}/sealed")
    assert answer.status == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def reads(by: Staffer, code: str) -> list[Item]:
    return opened(await sees(by, code), by.reader, by.seed)


async def note(place: Town, code: str, **content: Any) -> dict[str, Any]:
    case = await place.working.store.read(cases.by_code, code)
    assert case is not None
    item = sealed(case, chance.number(), Item("note", place.now(), content))
    return {"number": item.number, "epoch": item.epoch, "body": item.body}


async def test_she_reports_is_answered_from_the_desk_and_answers(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        amal = Woman(place.phone(1001), "ar")
        code = await reports_in_danger(place, amal, goes_on)
        await finishes(place, amal, goes_on)
        taken = await asks(huda, code, "/take")
        assert taken.json() == {"done": True, "next": f"/desk/cases/{code}"}
        await amal.sees("A person has your message now and is seeing to it.")
        assert {"opened", "report"} <= {item.kind for item in await reads(huda, code)}

        seen = await asks(huda, code, "/messages/preview", words="مرحبًا يا أمل")
        sent = await asks(huda, code, "/messages", id="12", words="مرحبًا يا أمل")
        assert sent.json()["state"] == "sent"
        letter = await amal.sees_words("مرحبًا يا أمل")
        assert letter.text == seen.json()["text"]

        await amal.says("نعم، أنا بخير")
        await amal.sees("It has reached the person who wrote to you. You can write more here.")
        words = [item.content.get("words") for item in await reads(huda, code) if item.kind == "words"]
        assert words[-1] == "نعم، أنا بخير"

        await asks(huda, code, "/items", **await note(place, code, words="تحدثنا"))
        assert [item.content for item in await reads(huda, code) if item.kind == "note"] == [{"words": "تحدثنا"}]
        assert (await asks(huda, code, "/contact")).status == 200
        for track in ("legal", "physical", "psychosocial"):
            assert (await asks(huda, code, "/tracks", track=track, state="done", version=0)).status == 200
        closed = await asks(huda, code, "/close", outcome="resolved", item=await note(place, code, words="تمّ"))
        assert closed.json() == {"done": True}
        assert (await sees(huda, code))["status"] == "closed"


async def test_she_asks_for_another_person_and_hears_what_follows(place: Town) -> None:
    async with Desks(place) as desks:
        huda, rim = await desks.hired("هدى"), await desks.hired("ريم")
        amal = Woman(place.phone(1001), "ar")
        code = await reports_in_danger(place, amal, goes_on)
        await finishes(place, amal, goes_on)
        await asks(huda, code, "/take")
        await amal.sees("A person has your message now and is seeing to it.")
        await amal.says("القائمة")
        await amal.answers("What I sent before")
        await amal.says(code)
        await amal.answers("Another person, please")
        await amal.answers("Yes, another person")
        await amal.sees(
            "It is done. {code} waits for another person now. We can't promise when she answers; "
            "we tell you here when she has it."
        )
        assert (await huda.get(f"/desk/cases/{code}/sealed")).status == 404
        assert (await asks(huda, code, "/take")).status == 404
        assert (await asks(rim, code, "/take")).status == 200
        assert (await reads(rim, code))[-1].kind == "another"


async def test_a_form_takes_a_case_and_leads_to_it(place: Town) -> None:
    async with Desks(place) as desks:
        huda, rim = await desks.hired("هدى"), await desks.hired("ريم", language="en")
        amal = Woman(place.phone(1001), "ar")
        code = await reports_in_danger(place, amal, goes_on)
        taken = await huda.post(f"/desk/cases/{code}/take", data={"token": huda.client.token})
        assert (taken.status, taken.goes_to) == (303, f"/desk/cases/{code}")
        late = await rim.post(f"/desk/cases/{code}/take", data={"token": rim.client.token})
        assert late.status == 409
        assert late.text.startswith("هدى took it at")


DEEP = b'{"number":"5","epoch":1,"body":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
FORGED: tuple[bytes, ...] = (
    DEEP,
    b'{"x":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
    b"[]",
    b"null",
    b"{",
    b"\xff\xfe",
    b'{"number":"5","epoch":1,"body":"AAAA","plain":true}',
    b'{"number":"5","epoch":1,"body":"AAAA","level":"low","client_side_encrypted":false}',
    b'{"number":5,"epoch":1,"body":"AAAA"}',
    b'{"number":"-5","epoch":1,"body":"AAAA"}',
    b'{"number":"99999999999999999999999","epoch":1,"body":"AAAA"}',
    b'{"number":"5","epoch":"1","body":"AAAA"}',
    b'{"number":"5","epoch":1,"body":"not base64"}',
    b'{"number":"5","epoch":1,"body":null}',
)


async def test_finding_12_what_no_page_of_ours_sends_changes_nothing_and_is_told_in_a_sentence(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى", language="en")
        amal = Woman(place.phone(1001), "ar")
        code = await reports_in_danger(place, amal, goes_on)
        await asks(huda, code, "/take")
        before = await sees(huda, code)
        json = {"Content-Type": "application/json"}
        for body in FORGED:
            answer = await huda.post(f"/desk/cases/{code}/items", data=body, headers=json)
            assert (answer.status, answer.json()["code"]) == (400, "unusable"), (body[:80], answer.text)
        hidden = await asks(huda, code, "/take", staff=str(huda.number), level="low")
        assert hidden.status == 400
        forged = await asks(huda, code, "/tracks", track="legal", state="done", version=0, at="2020-01-01")
        assert forged.status == 400
        after = await sees(huda, code)
        assert (before["items"], before["level"], before["tracks"]) == (after["items"], after["level"], after["tracks"])


async def test_finding_05_words_in_the_open_are_refused_whatever_flag_stands_beside_them(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى", language="en")
        amal = Woman(place.phone(1001), "ar")
        code = await reports_in_danger(place, amal, goes_on)
        await asks(huda, code, "/take")
        plain = b64(b'[{"kind":"note","content":{"words":"in the open"}}]'.ljust(1120 + 64 + 16))
        refused = await asks(huda, code, "/items", number="5", epoch=1, body=plain)
        assert (refused.status, refused.json()["code"]) == (400, "unusable")
        for flag in ({"sealed": False}, {"plain": True}, {"kind": "note"}):
            assert (await asks(huda, code, "/items", number="5", epoch=1, body=plain, **flag)).status == 400


async def test_a_case_that_is_not_hers_and_one_that_is_not_there_look_the_same(place: Town) -> None:
    async with Desks(place) as desks:
        huda, rim = await desks.hired("هدى"), await desks.hired("ريم", "case_worker")
        amal = Woman(place.phone(1001), "ar")
        code = await reports_in_danger(place, amal, goes_on)
        await asks(huda, code, "/take")
        for way in ("/sealed", "/files/5/0", "/colleagues", "/messages/ready"):
            hers = await rim.get(f"/desk/cases/{code}{way}")
            none = await rim.get(f"/desk/cases/ZZZ-999{way}")
            assert (hers.status, hers.body) == (none.status, none.body) == (404, none.body)


async def test_under_duress_the_case_she_works_on_is_not_there(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى", duress=True)
        amal = Woman(place.phone(1001), "ar")
        code = await reports_in_danger(place, amal, goes_on)
        assert (await asks(huda, code, "/take")).status == 404
        assert (await huda.get(f"/desk/cases/{code}/sealed")).status == 404


async def test_a_message_that_never_arrives_leaves_her_waiting_for_an_answer(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        amal = Woman(place.phone(1001), "ar")
        code = await reports_in_danger(place, amal, goes_on)
        await asks(huda, code, "/take")
        await letters_are_gone(place)
        if place.by_whatsapp:
            place.twilio.fails(code=21610)
        else:
            place.telegram.fails("sendMessage", status=403, description="Forbidden: user is deactivated")
        sent = await asks(huda, code, "/messages", id=str(chance.number()), words="مرحبًا يا أمل")
        assert sent.json()["state"] == "sent"
        await letters_are_gone(place)
        entries = await place.working.store.read(audit.after, 0)
        assert "message_dropped" in {entry.what for entry in entries}
        listed = await huda.get("/desk", params={"waits": "answer"})
        assert code in listed.text
