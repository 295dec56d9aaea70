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
CALENDAR = "/desk/campaigns/calendar"
RUN = "/desk/campaigns/{campaign}/runs/{run}"
READ = ("log", "sealed", "files/{number}/{part}", "colleagues", "messages/ready", "times")
DONE = (
    *("take", "contact", "give-back", "items", "tracks", "tasks", "tasks/{number}", "people", "people/{number}/off"),
    *("hand-over", "shares", "urgency", "close", "reopen"),
    *("messages/preview", "messages", "messages/{number}/back"),
)
CAMPAIGN = "/desk/campaigns/{number}"
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
    "compose": {
        *("GET /desk/campaigns", "POST /desk/campaigns", f"GET {CAMPAIGN}", f"POST {CAMPAIGN}", f"GET {CAMPAIGN}/look"),
        *(f"POST {CAMPAIGN}/{what}" for what in ("copy", "delete", "test", "ask", "back")),
        f"GET {CALENDAR}",
        *("GET /desk/campaigns/media", "GET /desk/campaigns/media/{number}/{size}"),
        "GET /desk/campaigns/courses",
        *(f"GET {RUN}{what}" for what in ("", "/now", "/report", "/letters.csv", "/sums.csv")),
        *("GET /desk/polls", "POST /desk/polls", "GET /desk/polls/new", "GET /desk/polls/{number}"),
        *("POST /desk/polls/{number}", "GET /desk/polls/{number}/result.csv"),
        *("GET /desk/stories", "POST /desk/stories", "GET /desk/stories/new", "GET /desk/stories/{number}"),
        "POST /desk/stories/{number}",
    },
    "approve": {
        *("POST /desk/campaigns/allow", f"POST {CAMPAIGN}/approve", f"POST {RUN}/back"),
        *("POST /desk/polls/{number}/approve", "POST /desk/stories/{number}/publish"),
    },
    "publish": {
        *("POST /desk/campaigns/stop", "GET /desk/campaigns/templates", "POST /desk/campaigns/templates"),
        "POST /desk/campaigns/templates/{number}",
        *("POST /desk/campaigns/media", "POST /desk/campaigns/media/{number}/withdraw"),
        *(f"POST {CALENDAR}{what}" for what in ("", "/suggested")),
        *(f"POST {CALENDAR}/{{number}}/{what}" for what in ("pause", "resume", "remove")),
        *(f"POST {RUN}/{what}" for what in ("pause", "resume", "cancel", "retry", "stop-all", "doubt")),
        *(f"POST /desk/polls/{{number}}/{what}" for what in ("close", "delete")),
        *(f"POST /desk/stories/{{number}}/{what}" for what in ("withdraw", "delete")),
        *("GET /desk/leaders/codes", "POST /desk/leaders/codes", "POST /desk/leaders/codes/void"),
    },
    "moderate": {
        "GET /desk/box",
        *(f"POST /desk/box/{{number}}/{what}" for what in ("refuse", "pass", "answer", "release", "back")),
    },
    "answer": {"GET /desk/questions", "POST /desk/questions/{number}"},
    "leaders": {"GET /desk/leaders"},
}
"""What each address asks for, written out by hand: the table of ways must say the same."""
HOLDS = {
    "cases": {"focal_point", "case_worker", "coordinator", "national_desk"},
    "rota": {"focal_point", "coordinator", "national_desk"},
    "organise": {"coordinator"},
    "audit": {"auditor"},
    "compose": {"coordinator", "campaigner", "content_editor"},
    "approve": {"coordinator", "campaigner"},
    "publish": {"coordinator", "campaigner"},
    "moderate": {"coordinator", "campaigner"},
    "answer": {"body_government", "body_cso", "community_leader"},
    "leaders": {"community_leader"},
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
    path = re.sub(r"\{(number|part|staff|campaign|run)\}", "7", path.replace("{code}", code))
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


async def test_a_leaders_account_opens_nothing_about_cases_and_hears_of_none(place: Town) -> None:
    code = await _reported(place)
    shut = {"cases", "rota", "organise", "audit", "compose", "approve", "publish", "moderate"}
    async with Desks(place) as desks:
        leader = await desks.hired("Salem", "community_leader")
        for entry in sorted(entry for right in shut for entry in WANTED[right]):
            answer = await _asked(leader, entry, code)
            assert (answer.status, code in answer.text) == (403, False), entry
        assert (await leader.get("/desk/events", headers={"Accept": "text/event-stream"})).status == 403
        home = await leader.get("/desk")
        assert code not in home.text
        assert "/desk/cases" not in home.text
