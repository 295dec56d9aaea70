"""Every role at every address of the desk, built from the table of ways: a new way without an entry here fails."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.desk import WAYS
from flows.roles import ROLES
from storage import staff
from tests import telling
from tests.desk.staff import Answer, Client, Desks, Staffer
from tests.people import Woman
from tests.town import Town, town

CASE = "/desk/cases/{code}"
READ = ("log", "sealed", "files/{number}/{part}", "colleagues", "messages/ready", "times")
DONE = (
    *("take", "contact", "give-back", "items", "tracks", "tasks", "tasks/{number}", "people", "people/{number}/off"),
    *("hand-over", "shares", "urgency", "close", "reopen"),
    *("messages/preview", "messages", "messages/{number}/back"),
)
WANTED = {
    "anyone": {
        "GET /desk/enter",
        "POST /desk/enter",
        "POST /desk/enter/salt",
        "POST /desk/language",
        "GET /desk/welcome/{token}",
        "POST /desk/welcome/{token}",
        "GET /desk/rota/feed/{token}.ics",
    },
    "half": {
        "POST /desk/leave",
        "GET /desk/second",
        "POST /desk/second",
        "GET /desk/account/second",
        "POST /desk/account/second",
    },
    "own": {
        "GET /desk",
        "GET /desk/events",
        "GET /desk/unlock",
        "POST /desk/unlock",
        "GET /desk/account",
        "POST /desk/account/sessions/{number}/end",
        "POST /desk/account/sessions/end",
        "POST /desk/account/passphrase",
        "POST /desk/account/duress",
        "POST /desk/account/duress/remove",
        "POST /desk/account/link",
        "POST /desk/account/unlink",
        "GET /desk/account/voice",
        "POST /desk/account/voice",
    },
    "cases": {
        "GET /desk/words",
        f"GET {CASE}",
        *(f"GET {CASE}/{what}" for what in READ),
        *(f"POST {CASE}/{what}" for what in DONE),
    },
    "rota": {
        "GET /desk/rota",
        *(f"POST /desk/rota/{what}" for what in ("add", "remove", "ask", "answer", "feed")),
    },
    "organise": {
        "GET /desk/people",
        "POST /desk/people",
        "POST /desk/people/{number}/invite",
        "POST /desk/people/{number}/disable",
        "POST /desk/people/{number}/dealt-with",
        "GET /desk/load",
        "GET /desk/load/{staff}",
        "GET /desk/rota/drill",
        "POST /desk/rota/drill",
        "POST /desk/rota/drill/stop",
    },
    "audit": {"GET /desk/log"},
}
"""What each address asks for, written out by hand: the table of ways must say the same."""
HOLDS = {
    "cases": {"focal_point", "case_worker", "coordinator", "national_desk"},
    "rota": {"focal_point", "coordinator", "national_desk"},
    "organise": {"coordinator"},
    "audit": {"auditor"},
}
"""Who has each right beyond her own account; nobody else."""
RIGHT_OF = {entry: right for right in HOLDS for entry in WANTED[right]}
GUARDED = sorted(RIGHT_OF)


def test_each_way_is_here_with_the_right_that_it_needs() -> None:
    found: dict[str, set[str]] = {needs: set() for needs in WANTED}
    for way in WAYS:
        found[way.needs] |= {f"{method} {way.path}" for method in way.methods}
    assert found == WANTED


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite, tmp_path) as opened:
        yield opened


async def _reported(place: Town) -> str:
    return await telling.reports(place, Woman(place.phone(1), "ar"), telling.Told())


async def _asked(who: Staffer | Client, entry: str, code: str) -> Answer:
    method, _, path = entry.partition(" ")
    path = re.sub(r"\{(number|part|staff)\}", "7", path.replace("{code}", code))
    return await (who.get(path) if method == "GET" else who.post(path, json={}))


async def test_a_role_reaches_what_it_may_and_never_the_rest(place: Town) -> None:
    code = await _reported(place)
    async with Desks(place) as desks:
        for role in ROLES:
            member = await desks.hired("Amal", role)
            for entry in GUARDED:
                answer, at = await _asked(member, entry, code), (role, entry)
                if role in HOLDS[RIGHT_OF[entry]]:
                    assert answer.status not in {401, 500}, at
                    assert answer.status != 403 or "not_yours" in answer.text, at
                else:
                    assert (answer.status, code in answer.text) == (403, False), at
            await place.working.store.write(staff.disable, member.number)


async def test_whoever_was_not_given_a_case_reads_nothing_of_it(place: Town) -> None:
    code = await _reported(place)
    async with Desks(place) as desks:
        for role in sorted(HOLDS["cases"]):
            member = await desks.hired("Amal", role)
            for entry in sorted(WANTED["cases"] - {"GET /desk/words", f"POST {CASE}/take"}):
                if role == "coordinator" and entry.rpartition("/")[2] in {"colleagues", "people", "off"}:
                    continue  # she hands cases out, by numbers, without reading them
                answer, nothing = await _asked(member, entry, code), await _asked(member, entry, "ZZZ-ZZZ")
                same = nothing.body.replace(b"ZZZ-ZZZ", code.encode())
                assert (answer.status, answer.body) == (nothing.status, same), (role, entry)
                assert answer.status in {400, 404}, (role, entry)


async def test_under_duress_nobody_and_nothing_is_shown(place: Town) -> None:
    code = await _reported(place)
    async with Desks(place) as desks:
        await desks.hired("Basma", "focal_point", on_call="first")
        for role in ROLES:
            forced = await desks.hired("Amal", role, duress=True)
            for entry in ["GET /desk", *(one for one in GUARDED if one.startswith("GET"))]:
                answer, at = await _asked(forced, entry, code), (role, entry)
                assert answer.status in {200, 403, 404}, at
                assert "Basma" not in answer.text, at
                assert code not in answer.text or answer.status == 404, at


async def test_without_a_session_every_guarded_way_leads_to_the_door(place: Town) -> None:
    code = await _reported(place)
    async with Client(place.settings.address) as stranger:
        for entry in [*GUARDED, *WANTED["own"], *WANTED["half"]]:
            answer = await _asked(stranger, entry, code)
            assert (answer.status, answer.goes_to) in {(303, "/desk/enter"), (401, "")}, entry
