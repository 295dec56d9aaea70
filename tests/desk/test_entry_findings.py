"""What attackers find at the doors of systems like this (security.md), by the finding's number."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import chance
from console.desk import WAYS
from console.desk.entry import home
from console.desk.guard import paths
from handlers import entry_pace, members
from storage import logins, sessions, staff
from storage.unit import Unit
from tests.desk.newcomer import Newcomer, arrives, invites
from tests.desk.staff import AGENT, PASSPHRASE, Answer, Client, Desks, Staffer, code_at
from tests.desk.staff import begin as begin_session
from tests.town import Town, town

NOBODY_S = {"/desk/enter", "/desk/enter/salt", "/desk/welcome/1"}
"""Changes that need nobody signed in, so there is no page of hers whose token they could bring."""
POSTS = [re.sub(r"\{[\w:]+\}", "1", path) for method, path in paths(WAYS) if method == "POST"]


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        yield found


def at_the_door(place: Town, staffer: Staffer | None = None, source: str = "") -> Newcomer:
    """A browser at the door, of a member, or of somebody who guesses."""
    newcomer = Newcomer(place, 0 if staffer is None else staffer.number, "", source)
    if staffer is not None:
        newcomer.desk_name, newcomer.totp = staffer.desk_name, staffer.totp
    return newcomer


async def wrong(door: Newcomer, times: int, name: str = "") -> list[int]:
    """So many wrong tries at once; what they were answered."""
    return [(await door.gives_login(os.urandom(32), name)).status for _ in range(times)]


# ---------------------------------------------------------------- 1: another's objects


async def test_finding_01_another_s_session_can_t_be_ended(place: Town) -> None:
    async with Desks(place) as desks:
        huda, eve = await desks.hired("هدى"), await desks.hired("إيفا", "coordinator")
        (session,) = await place.working.store.read(sessions.of_staff, huda.number, place.now())
        assert (await eve.post(f"/desk/account/sessions/{session.id}/end", {})).status == 404
        assert (await eve.post("/desk/account/sessions/9999999/end", {})).status == 404
        await eve.post("/desk/account/sessions/end", {})
        assert (await huda.get("/desk/account")).status == 200


@pytest.mark.parametrize("number", ["x", "-1", "9" * 40, "%00", "1.5", "٤"])
async def test_finding_01_a_number_that_is_none_ends_nothing(place: Town, number: str) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        assert (await huda.post(f"/desk/account/sessions/{number}/end", {})).status == 404


async def test_finding_01_a_second_factor_is_set_for_nobody_but_oneself(place: Town) -> None:
    async with Desks(place) as desks, await arrives(place, "إيفا") as eve:
        huda = await desks.hired("هدى")
        before = await place.working.store.read(logins.of_staff, huda.number)
        await eve.reads_secret(await eve.client.get("/desk/account/second"))
        form = {"offer": eve.offer, "code": eve.shown(), "present": eve.codes[0]}
        named = form | {"staff": str(huda.number), "staff_id": str(huda.number), "id": str(huda.number)}
        assert (await eve.client.post(f"/desk/account/second?staff={huda.number}", named)).status == 200
        assert await place.working.store.read(logins.of_staff, huda.number) == before


async def test_finding_01_the_secret_offered_to_one_session_is_none_of_another_s(place: Town) -> None:
    async with await arrives(place, "إيفا") as eve, Desks(place) as desks:
        huda = await desks.hired("هدى")
        await eve.reads_secret(await eve.client.get("/desk/account/second"))
        form = {"offer": eve.offer, "code": eve.shown(), "present": code_at(huda.totp, place.now())}
        assert (await huda.post("/desk/account/second", form)).goes_to == "/desk/account/second"
        kept = await place.working.store.read(logins.of_staff, huda.number)
        assert kept is not None
        assert kept.totp == huda.totp


async def test_finding_01_whoever_knows_only_the_passphrase_can_t_set_up_another_factor(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as thief:
            assert (await thief.gives_login(huda.login)).status == 200
            assert (await thief.client.get("/desk/account/second")).goes_to == "/desk/second"
            async with await arrives(place, "إيفا") as eve:
                await eve.reads_secret(await eve.client.get("/desk/account/second"))
                form = {"offer": eve.offer, "code": eve.shown(), "present": ""}
                assert (await thief.client.post("/desk/account/second", form)).status == 303
        kept = await place.working.store.read(logins.of_staff, huda.number)
        assert kept is not None
        assert kept.totp == huda.totp


async def test_finding_01_a_link_code_links_to_whoever_made_it_alone(place: Town) -> None:
    async with Desks(place) as desks:
        huda, eve = await desks.hired("هدى"), await desks.hired("إيفا")
        page = await eve.post("/desk/account/link", {"staff": str(huda.number), "channel": "telegram"})
        code = re.search(r"LINK-[2-9A-Z]{4}-[2-9A-Z]{4}", page.text)
        assert code
        phone = place.phone(61, has_written=True)
        await phone.says(code[0])
        await phone.sees("شكرًا لكِ")
        everybody = {one.name: one.reaches for one in await place.working.store.read(staff.members)}
        assert everybody["هدى"] == ()
        assert everybody["إيفا"]


# ---------------------------------------------------------------- 2: other sites


async def test_finding_02_every_change_from_another_site_is_refused(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى", "coordinator")
        address = place.settings.address
        foreign = [{"Origin": origin} for origin in ("https://evil.example", "null", f"{address}.evil.example")]
        crossing = {"Origin": address, "Sec-Fetch-Site": "cross-site"}
        for path in POSTS:
            for headers in (*foreign, crossing):
                assert (await huda.post(path, {}, headers=headers)).status == 403, (path, headers)
        huda.client.origin = None
        for path in POSTS:
            assert (await huda.post(path, {})).status == 403, path


async def test_finding_02_every_change_without_the_page_s_token_is_refused(place: Town) -> None:
    async with Desks(place) as desks:
        huda, eve = await desks.hired("هدى", "coordinator"), await desks.hired("إيفا", "coordinator")
        for path in POSTS:
            for token in ("", "0" * 64, eve.client.token):
                answer = await huda.post(path, {"token": token}, headers={"X-Desk-Token": token})
                assert answer.status == 403 or path in NOBODY_S, path
        assert (await huda.get("/desk/account")).status == 200


# ---------------------------------------------------------------- 6: guessing, replay, fixation, old sessions


async def test_finding_06_the_second_factor_can_be_guessed_at_five_times_in_half_a_minute(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as door:
            await door.gives_login(huda.login)
            assert [(await door.gives_code("111111")).status for _ in range(7)] == [403] * 5 + [429] * 2
            assert (await door.gives_code()).status == 429, "the right one waits as well"
            place.telegram.passes(31)
            assert (await door.gives_code()).status == 303


async def test_finding_06_each_further_five_guesses_wait_twice_as_long(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as door:
            await door.gives_login(huda.login)
            for wait in (30, 60, 120):
                assert {(await door.gives_code("111111")).status for _ in range(5)} == {403}
                place.telegram.passes(wait - 1)
                assert (await door.gives_code("111111")).status == 429
                place.telegram.passes(1)


async def test_finding_06_a_code_counts_once(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as first, at_the_door(place, huda) as second:
            code = first.shown()
            for door, status in ((first, 303), (second, 403)):
                await door.gives_login(huda.login)
                assert (await door.gives_code(code)).status == status


@pytest.mark.parametrize("away", [-60, 60])
async def test_finding_06_a_code_is_good_for_a_minute_and_a_half_at_most(place: Town, away: int) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as door:
            await door.gives_login(huda.login)
            assert (await door.gives_code(code_at(huda.totp, place.now() + timedelta(seconds=away)))).status == 403
            assert (await door.gives_code(code_at(huda.totp, place.now() + timedelta(seconds=away / 2)))).status == 303


async def test_finding_06_a_token_from_before_signing_in_is_worth_nothing_after(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as door, Client(place.settings.address) as thief:
            planted = chance.token()
            door.client.cookie = planted
            await door.gives_login(huda.login)
            half = door.client.cookie
            await door.gives_code()
            assert len({planted, half, door.client.cookie}) == 3
            for old in (planted, half):
                thief.cookie = old
                assert (await thief.get("/desk/account")).status != 200
            assert (await door.client.get("/desk/account")).status == 200


async def test_finding_06_a_stolen_cookie_opens_nothing_in_another_browser(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with Client(place.settings.address, AGENT + " other") as thief:
            thief.cookie = huda.client.cookie
            assert (await thief.get("/desk/account")).status != 200


async def test_finding_06_a_new_passphrase_ends_every_other_session(place: Town) -> None:
    async with await arrives(place, "هدى") as huda, Client(place.settings.address) as elsewhere:
        token = chance.token()
        await place.working.store.write(begin_session, huda.number, token, place.now())
        elsewhere.cookie, before = token, huda.client.cookie
        assert (await elsewhere.get("/desk/account")).status == 200
        assert (await huda.changes_passphrase(PASSPHRASE, "another boat of paper")).status == 200
        assert (await elsewhere.get("/desk/account")).status != 200
        elsewhere.cookie = before
        assert (await elsewhere.get("/desk/account")).status != 200
        assert (await huda.client.get("/desk/account")).status == 200


async def test_finding_06_a_new_factor_ends_every_other_session(place: Town) -> None:
    async with await arrives(place, "هدى") as huda, Client(place.settings.address) as elsewhere:
        elsewhere.cookie = chance.token()
        await place.working.store.write(begin_session, huda.number, elsewhere.cookie, place.now())
        await huda.reads_secret(await huda.client.get("/desk/account/second"))
        assert (await huda.shows_that_it_works(present="111111")).status == 403
        assert (await huda.shows_that_it_works(present=huda.codes[1])).status == 200
        assert (await elsewhere.get("/desk/account")).status != 200
        assert (await huda.client.get("/desk/account")).status == 200


async def test_finding_06_a_session_ends_after_half_an_hour_of_silence_and_after_twelve_hours(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        for _ in range(24):
            assert (await huda.get("/desk/account")).status == 200
            place.telegram.passes(29 * 60)
        assert (await huda.get("/desk/account")).status == 200
        place.telegram.passes(31 * 60)
        assert (await huda.get("/desk/account")).status != 200
        await huda.begins_anew(place)
        for _ in range(25):
            await huda.get("/desk/account")
            place.telegram.passes(29 * 60)
        assert (await huda.get("/desk/account")).status != 200


# ---------------------------------------------------------------- 9: tokens


async def test_finding_09_bad_used_and_expired_links_look_the_same(place: Town) -> None:
    (used, spent), (_, late) = await invites(place, "هدى"), await invites(place, "نجلاء")
    async with Newcomer(place, used, spent) as huda, Client(place.settings.address) as client:
        await huda.is_welcomed()
        await place.working.store.write(sessions.end_all, used)
        place.telegram.passes(24 * 3600 + 1)
        seen = set()
        for token in (spent, late, chance.token(), "x" * 43):
            page = await client.get(f"/desk/welcome/{token}")
            assert page.status == 410
            assert token not in page.text.replace(f'value="/desk/welcome/{token}"', "")
            seen.add(page.text.replace(token, ""))
        assert len(seen) == 1


@pytest.mark.parametrize(
    "token", ["x", "x" * 42, "x" * 44, "x" * 42 + "=", "x" * 42 + "%0a", "x" * 42 + "é", "%00" * 43]
)
async def test_finding_09_a_link_has_one_form(place: Town, token: str) -> None:
    async with Client(place.settings.address) as client:
        assert (await client.get(f"/desk/welcome/{token}")).status == 410
        assert (await client.post(f"/desk/welcome/{token}", json={})).status == 410


async def test_finding_09_a_link_is_kept_as_a_hash_and_opens_once(place: Town) -> None:
    number, token = await invites(place, "هدى")
    kept = await place.working.store.read(lambda unit: unit.all("SELECT token_hash FROM invitations"))
    assert [bytes(row[0]) for row in kept] == [members.link_hash(token)]
    async with Newcomer(place, number, token) as first, Newcomer(place, number, token) as second:
        assert (await first.is_welcomed()).status == 200
        assert (await second.is_welcomed("Other8")).status == 410


async def test_finding_09_a_link_to_somebody_disabled_opens_nothing(place: Town) -> None:
    number, token = await invites(place, "هدى")
    await place.working.store.write(staff.disable, number)
    async with Newcomer(place, number, token) as huda:
        assert (await huda.is_welcomed()).status == 410


async def test_finding_09_no_token_of_a_session_is_kept(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        kept = await place.working.store.read(lambda unit: unit.all("SELECT * FROM sessions"))
        assert huda.client.cookie.encode() not in repr(kept).encode()
        assert len(huda.client.cookie) == 43


# ---------------------------------------------------------------- 13: enumeration, flood, surge


async def test_finding_13_a_name_that_nobody_has_is_answered_like_a_wrong_passphrase(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as known, at_the_door(place) as unknown:
            answers = [await door.gives_login(os.urandom(32)) for door in (known, unknown)]
            one, other = [(answer.status, answer.text, sorted(answer.headers)) for answer in answers]
            assert one == other
            assert one[0] == 401
            again = [await door.gives_login(os.urandom(32)) for door in (known, unknown)]
            assert [one.status for one in again] == [429, 429]


async def test_finding_13_a_name_that_nobody_has_keeps_its_salt(place: Town) -> None:
    async with Client(place.settings.address) as client:

        async def salt(name: str) -> str:
            return str((await client.post("/desk/enter/salt", json={"name": name})).json()["salt"])

        first = await salt("nobody")
        assert len(first) == 24
        assert await salt("nobody") == first
        assert await salt("somebody") != first
        await place.restarts()
        assert await salt("nobody") == first


async def test_finding_13_wrong_tries_wait_longer_and_longer(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as door:
            for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
                assert await wrong(door, 1) == [401]
                refused = await door.gives_login(huda.login)
                assert (refused.status, refused.json()["wait"]) == (429, wait)
                assert refused.headers["Retry-After"] == str(wait)
                place.telegram.passes(wait)
            assert (await door.gives_login(huda.login)).status == 200
            await wrong(door, 1)
            assert (await door.gives_login(huda.login)).json()["wait"] == 1, "being right forgets what was wrong"


async def test_finding_13_wrong_tries_are_forgotten_after_a_day(place: Town) -> None:
    async with at_the_door(place) as door:
        for _ in range(6):
            await wrong(door, 1)
            place.telegram.passes(60)
        place.telegram.passes(24 * 3600)
        await wrong(door, 1)
        assert (await door.gives_login(os.urandom(32))).json()["wait"] == 1
        place.telegram.passes(24 * 3600 + 1)
        await place.working.store.write(entry_pace.sweep, place.now())
        assert await place.working.store.read(lambda unit: unit.all("SELECT fails FROM throttles")) == []


async def test_finding_13_one_colleague_s_errors_keep_nobody_else_out(place: Town) -> None:
    async with Desks(place) as desks:
        huda, najla = await desks.hired("هدى"), await desks.hired("نجلاء")
        async with at_the_door(place, huda) as clumsy, at_the_door(place, najla) as other:
            for _ in range(40):
                await wrong(clumsy, 1)
                place.telegram.passes(3600)
            assert (await other.gives_login(najla.login)).status == 200


async def test_finding_13_a_whole_team_behind_one_address_comes_in_at_once(place: Town) -> None:
    async with Desks(place) as desks:
        team = [await desks.hired(f"عضوة {number}") for number in range(12)]
        doors = [at_the_door(place, one) for one in team]
        for door in doors:
            assert await wrong(door, 1) == [401]
        place.telegram.passes(1)
        for door, one in zip(doors, team, strict=True):
            assert (await door.gives_login(one.login)).status == 200
            assert (await door.gives_code()).status == 303
            await door.client.http.close()


async def test_finding_13_one_source_that_tries_many_names_is_slowed(place: Town) -> None:
    async with at_the_door(place) as door:
        statuses = [await wrong(door, 1, f"name{number}") for number in range(entry_pace.FREE_OF_SOURCE + 3)]
        assert statuses[: entry_pace.FREE_OF_SOURCE + 1] == [[401]] * (entry_pace.FREE_OF_SOURCE + 1)
        assert statuses[-1] == [429]


async def test_finding_13_an_account_attacked_from_many_places_stays_open_where_she_came_in_before(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as hers:
            await hers.gives_login(huda.login)
            assert (await hers.gives_code()).status == 303
            for number in range(entry_pace.FREE_OF_ACCOUNT + 2):
                async with at_the_door(place, huda, f"127.0.1.{number + 1}") as attacker:
                    await wrong(attacker, 1)
            async with at_the_door(place, huda, "127.0.2.1") as stranger:
                assert await wrong(stranger, 1) == [429]
            place.telegram.passes(30)
            async with at_the_door(place, huda) as again:
                assert (await again.gives_login(huda.login)).status == 200
                assert (await again.gives_code()).status == 303


async def test_finding_13_a_header_that_claims_another_source_changes_nothing(place: Town) -> None:
    async with at_the_door(place) as door:
        sent = {"name": "nobody", "login": door.b64(os.urandom(32))}

        async def tries(source: str) -> Answer:
            claims = {"X-Forwarded-For": source, "Forwarded": f"for={source}", "X-Real-IP": source}
            return await door.client.post("/desk/enter", json=sent, headers=claims)

        assert [(await tries(f"10.0.0.{number}")).status for number in range(3)] == [401, 429, 429]


async def test_finding_13_tries_at_the_same_moment_are_counted_one_by_one(place: Town) -> None:
    world = place.working.world()

    def knock(unit: Unit) -> bool:
        door = entry_pace.knock(unit, "desk name:huda", "127.0.0.1", world.now)
        if isinstance(door, entry_pace.Wait):
            return False
        entry_pace.refused(unit, door, world.now)
        return True

    import asyncio  # noqa: PLC0415 - for this story alone

    looked_at = await asyncio.gather(*(place.working.store.write(knock) for _ in range(20)))
    assert sum(looked_at) == 1


async def test_finding_13_no_source_and_no_name_is_kept_readable(place: Town) -> None:
    async with at_the_door(place, source="127.0.0.77") as door:
        await wrong(door, 1, "هدى")
    rows = await place.working.store.read(lambda unit: unit.all("SELECT key FROM throttles"))
    assert rows
    assert all(len(bytes(key)) == 32 for (key,) in rows)


# ---------------------------------------------------------------- 15: residue on shared machines


async def test_finding_15_leaving_has_the_browser_forget_everything(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        answer = await huda.post("/desk/leave", {})
        assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert answer.goes_to == "/desk/enter"
        assert huda.client.cookie == ""
        assert await place.working.store.read(sessions.of_staff, huda.number, place.now()) == []


async def test_finding_15_no_page_of_the_desk_is_kept(place: Town) -> None:
    number, token = await invites(place, "نجلاء")
    async with Desks(place) as desks:
        huda = await desks.hired("هدى", "coordinator")
        for path in ("/desk/enter", "/desk/account", "/desk/account/second", "/desk/people", f"/desk/welcome/{token}"):
            answer = await huda.get(path)
            assert answer.headers["Cache-Control"] == "no-store", path
        assert number


async def test_finding_15_the_session_s_cookie_is_out_of_reach_of_scripts_and_other_sites(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with at_the_door(place, huda) as door:
            answer = await door.gives_login(huda.login)
            said = answer.headers["Set-Cookie"].lower()
            assert "httponly" in said
            assert "samesite=strict" in said
            assert "max-age" not in said
            assert "expires" not in said


async def test_finding_15_a_passphrase_form_sends_nothing_where_the_page_s_code_fails(place: Town) -> None:
    _, token = await invites(place, "نجلاء")
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        for path in ("/desk/enter", f"/desk/welcome/{token}", "/desk/account"):
            page = (await (huda.get(path) if path == "/desk/account" else Client.get(huda.client, path))).text
            for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
                assert "-password" not in form or 'method="dialog"' in form.partition(">")[0]


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("coordinator", "/desk"),
        ("campaigner", "/desk/campaigns"),
        ("body_cso", "/desk/questions"),
        ("auditor", "/desk/log"),
        ("key_holder", "/desk/account"),
    ],
)
def test_each_begins_where_her_work_is(role: str, first: str) -> None:
    assert home(role) == first
