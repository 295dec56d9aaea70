"""Getting in to the desk over HTTP: link, welcome, second factor, door, account, and the page of the team."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import chance
from handlers import entry_alarm, members
from storage import audit, cases, links, logins, readers, sessions, staff
from storage.seal import SEED, open_with, public_key, seal_to
from storage.vault import Place
from tests.desk.newcomer import Newcomer, arrives, invites
from tests.desk.staff import PASSPHRASE, Client, Desks, begin, code_at, derive, login_hash, unwrap
from tests.town import Town, town


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        yield found


async def entries(place: Town) -> list[str]:
    return [entry.what for entry in await place.working.store.read(audit.after, 0)]


# ---------------------------------------------------------------- the link and the welcome


async def test_from_the_link_to_the_desk_and_back_again_with_the_passphrase(place: Town) -> None:
    async with await arrives(place, "هدى") as huda:
        assert (await huda.client.get("/desk/account")).status == 200
        await huda.leaves_the_desk()
        assert (await huda.client.get("/desk/account")).goes_to == "/desk/enter"
        place.telegram.passes(60)
        answer = await huda.signs_in(PASSPHRASE)
        assert answer.goes_to == "/desk"
        assert (await huda.client.get("/desk/account")).status == 200


async def test_what_she_unwraps_opens_what_is_sealed_to_her(place: Town) -> None:
    async with await arrives(place, "هدى") as huda:
        reader = await place.working.store.read(readers.of_staff, huda.number)
        assert reader is not None
        found = (await huda.client.get("/desk/unlock")).json()
        assert found["reader"] == str(reader.id)
        wrapping = derive(PASSPHRASE, huda.b(found["salt"])).wrapping
        seed = unwrap(wrapping, huda.b(found["wrapped"]), huda.number)
        spot = Place("case_items", "body", "1/1")
        assert open_with(seed, spot, seal_to(reader.public_key, spot, b"words")) == b"words"


async def test_nothing_opens_before_the_second_factor_is_set_up(place: Town) -> None:
    async with Newcomer(place, *await invites(place, "هدى")) as huda:
        await huda.is_welcomed()
        for path in ("/desk/account", "/desk/people", "/desk/unlock"):
            assert (await huda.client.get(path)).status in {303, 401}
        assert (await huda.client.get("/desk/second")).goes_to == "/desk/account/second"


async def test_the_factor_is_kept_only_when_its_code_was_shown_to_work(place: Town) -> None:
    async with Newcomer(place, *await invites(place, "هدى")) as huda:
        await huda.is_welcomed()
        page = await huda.client.get("/desk/account/second")
        await huda.reads_secret(page)
        refused = await huda.client.post("/desk/account/second", {"offer": huda.offer, "code": "000000"})
        assert refused.status == 403
        assert (await place.working.store.read(logins.of_staff, huda.number)).totp is None  # type: ignore[union-attr]
        shown = await huda.shows_that_it_works()
        assert len(re.findall(r'<li class="code">[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}</li>', shown.text)) == 8


async def test_a_recovery_code_opens_the_second_step_once(place: Town) -> None:
    async with await arrives(place, "هدى") as huda:
        for code, status in ((huda.codes[0].lower().replace("-", " "), 303), (huda.codes[0], 403)):
            await huda.leaves_the_desk()
            await huda.gives_passphrase(PASSPHRASE)
            assert (await huda.gives_code(code)).status == status
        assert "recovery_used" in await entries(place)


async def test_two_members_have_two_desk_names_however_they_are_spelled(place: Town) -> None:
    async with await arrives(place, "هدى", desk_name="نخلة"), Newcomer(place, *await invites(place, "نجلاء")) as najla:
        refused = await najla.is_welcomed("نَخلة")
        assert refused.status == 409
        assert (await najla.is_welcomed("غيمة")).status == 200


@pytest.mark.parametrize("name", ["", "ab", "x" * 31, "two words", "a-b-c", "\u200f\u200f\u200f", "٪٪٪٪", "a\x00bc"])
async def test_a_desk_name_has_3_to_30_letters_or_digits(place: Town, name: str) -> None:
    async with Newcomer(place, *await invites(place, "هدى")) as huda:
        assert (await huda.is_welcomed(name)).status == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("salt", "AAAA"),
        ("salt", "not base64!"),
        ("login", "AAAA"),
        ("wrapped", "AAAA"),
        ("public", "AAAA"),
        ("public", "/" * 1620 + "//8="),
        ("name", 7),
        ("salt", None),
    ],
)
async def test_what_a_browser_of_ours_would_not_send_is_refused(place: Town, field: str, value: Any) -> None:
    async with Newcomer(place, *await invites(place, "هدى")) as huda:
        sent = huda.made("Huda7") | {field: value}
        answer = await huda.client.post(huda.path, json=sent)
        assert answer.status == 400
        assert answer.json()["why"]
        assert (await huda.is_welcomed()).status == 200


# ---------------------------------------------------------------- the account


async def test_a_passphrase_is_changed_and_the_old_one_opens_no_more(place: Town) -> None:
    async with await arrives(place, "هدى") as huda:
        assert (await huda.changes_passphrase(PASSPHRASE, "another boat of paper")).status == 200
        assert (await huda.client.get("/desk/account")).status == 200
        await huda.leaves_the_desk()
        assert (await huda.gives_passphrase(PASSPHRASE)).status == 401
        place.telegram.passes(30)
        assert (await huda.signs_in("another boat of paper")).status == 303


async def test_a_new_passphrase_wants_the_old_one(place: Town) -> None:
    async with await arrives(place, "هدى") as huda:
        assert (await huda.changes_passphrase("wrong one", "another boat of paper")).status == 403


async def test_the_language_is_chosen_once_for_all_pages(place: Town) -> None:
    async with Client(place.settings.address) as client:
        assert 'dir="rtl"' in (await client.get("/desk/enter")).text
        answer = await client.post("/desk/language", {"language": "en", "back": "/desk/enter"})
        assert answer.goes_to == "/desk/enter"
        assert 'dir="ltr"' in (await client.get("/desk/enter")).text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/desk\\@evil.example", "/deskevil", "/"])
async def test_changing_the_language_leads_nowhere_else(place: Town, back: str) -> None:
    async with Client(place.settings.address) as client:
        answer = await client.post("/desk/language", {"language": "en", "back": back})
        assert answer.goes_to == "/desk"


async def test_the_language_is_changed_from_an_address_that_no_header_can_hold(place: Town) -> None:
    async with Client(place.settings.address) as client:
        form = {"language": "en", "back": "/desk/\u0647"}
        answer = await client.post("/desk/language", form, headers={"HX-Request": "true"})
        assert (answer.status, answer.headers["HX-Location"]) == (204, "/desk")


# ---------------------------------------------------------------- linking a phone


@pytest.mark.parametrize("by_whatsapp", [False, True], ids=["telegram", "whatsapp"])
async def test_a_code_sent_from_a_phone_proves_the_way_to_her(place: Town, by_whatsapp: bool) -> None:
    place.by_whatsapp = by_whatsapp
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        phone = place.phone(41, has_written=True)
        await phone.says((await link_code(huda)).lower().replace("-", " "))
        await phone.sees("شكرًا لكِ")
        (way,) = (await place.working.store.read(staff.member, huda.number)).reaches  # type: ignore[union-attr]
        assert way.channel == ("whatsapp" if by_whatsapp else "telegram")
        assert way.address[-2:] in (await huda.get("/desk/account")).text
        assert "linked" in await entries(place)


async def link_code(huda: Any) -> str:
    page = await huda.post("/desk/account/link", {})
    found = re.search(r'id="link-code">(LINK-[2-9A-Z]{4}-[2-9A-Z]{4})<', page.text)
    assert found
    return found[1]


async def test_a_link_code_is_good_once_and_for_15_minutes(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        first, second = place.phone(41, has_written=True), place.phone(42, has_written=True)
        code = await link_code(huda)
        await first.says(code)
        await first.sees("شكرًا لكِ")
        await second.says(code)
        await second.sees("لم يعد هذا الرمز صالحًا")
        late = await link_code(huda)
        await place.passes(minutes=16)
        third = place.phone(43, has_written=True)
        await third.says(late)
        await third.sees("لم يعد هذا الرمز صالحًا")
        (way,) = (await place.working.store.read(staff.member, huda.number)).reaches  # type: ignore[union-attr]
        assert way.address == "41"


async def test_a_colleague_s_phone_is_kindly_refused(place: Town) -> None:
    async with Desks(place) as desks:
        phone = place.phone(41, has_written=True)
        huda, najla = await desks.hired("هدى"), await desks.hired("نجلاء", phone=phone)
        await phone.says(await link_code(huda))
        await phone.sees("هذا الهاتف مسجّل لشخص آخر")
        assert (await place.working.store.read(staff.member, huda.number)).reaches == ()  # type: ignore[union-attr]
        assert (await place.working.store.read(staff.member, najla.number)).reaches  # type: ignore[union-attr]


async def test_a_phone_that_takes_another_s_place_is_told_to_the_one_before(place: Town) -> None:
    async with Desks(place) as desks:
        before, after = place.phone(41, has_written=True), place.phone(42, has_written=True)
        huda = await desks.hired("هدى", phone=before)
        await after.says(await link_code(huda))
        await after.sees("شكرًا لكِ")
        await before.sees("تغيّرت هواتفكِ")


async def test_a_phone_is_unlinked(place: Town) -> None:
    async with Desks(place) as desks:
        phone = place.phone(41, has_written=True)
        huda = await desks.hired("هدى", phone=phone)
        await huda.post("/desk/account/unlink", {"channel": "telegram"})
        await phone.sees("تغيّرت هواتفكِ")
        assert (await place.working.store.read(staff.member, huda.number)).reaches == ()  # type: ignore[union-attr]
        assert "unlinked" in await entries(place)


# ---------------------------------------------------------------- under duress


async def test_the_other_passphrase_opens_an_empty_desk_and_tells_the_coordinators_quietly(place: Town) -> None:
    phone = place.phone(51, has_written=True)
    async with Desks(place) as desks, await arrives(place, "هدى") as huda:
        najla = await desks.hired("نجلاء", "coordinator", phone=phone)
        before = huda.b((await huda.client.get("/desk/unlock")).json()["wrapped"])
        assert (await huda.sets_duress(PASSPHRASE, "the sea is green today")).status == 200
        real = huda.client.cookie
        async with Newcomer(place, huda.number, "") as forced:
            forced.desk_name, forced.totp = huda.desk_name, huda.totp
            place.telegram.passes(60)
            assert (await forced.signs_in("the sea is green today")).status == 303
            after = (await forced.client.get("/desk/unlock")).json()
            assert len(forced.b(after["wrapped"])) == len(before)
            assert forced.b(after["wrapped"]) != before
            assert "لديكِ واحدة" not in (await forced.client.get("/desk/account")).text
        await phone.sees("تغيّرت خطة الفريق")
        huda.client.cookie = real
        assert (await huda.client.get("/desk/account")).status != 200, "her own sessions end"
        page = (await najla.get("/desk/people")).text
        assert page.index("هدى") < page.index("dealt-with")
        await najla.post(f"/desk/people/{huda.number}/dealt-with", {})
        assert "dealt-with" not in (await najla.get("/desk/people")).text
        assert "duress" in await entries(place)


@pytest.mark.parametrize("others", [("coordinator", "national_desk"), ("national_desk",)])
async def test_the_quiet_alarm_reaches_others_but_never_her_own_phone(place: Town, others: tuple[str, ...]) -> None:
    async with Desks(place) as desks:
        own, phones = place.phone(50, has_written=True), [place.phone(51 + n, has_written=True) for n in range(2)]
        forced = await desks.hired("هدى", "coordinator", phone=own)
        for role, phone in zip(others, phones, strict=False):
            await desks.hired(role, role, phone=phone)
        await place.working.store.write(entry_alarm.raise_quietly, forced.number, place.working.world())
        await place.working.store.write(entry_alarm.raise_quietly, forced.number, place.working.world())
        await phones[0].sees("تغيّرت خطة الفريق")
        kept = await place.working.store.read(lambda unit: unit.all("SELECT key FROM letters WHERE key LIKE 'quiet:%'"))
        assert len(kept) == 1


async def test_under_duress_nothing_of_hers_is_changed_and_nothing_says_why(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى", "coordinator", phone=place.phone(41, has_written=True), duress=True)
        najla = await desks.hired("نجلاء")
        stranger = place.phone(66, has_written=True)
        await stranger.says(await link_code(huda))
        await stranger.sees("لم يعد هذا الرمز صالحًا")
        await huda.post("/desk/account/unlink", {"channel": "telegram"})
        (way,) = (await place.working.store.read(staff.member, huda.number)).reaches  # type: ignore[union-attr]
        assert way.address == "41"
        assert "نجلاء" not in (await huda.get("/desk/people")).text
        assert (await huda.post(f"/desk/people/{najla.number}/disable", {})).status == 404
        assert (await huda.post(f"/desk/people/{najla.number}/invite", {})).status == 404
        assert (await huda.post("/desk/people", {"name": "Eve", "role": "auditor", "language": "en"})).status == 429
        assert len(await place.working.store.read(staff.members)) == 2


async def test_an_account_under_duress_looks_like_any_other(place: Town) -> None:
    async with Desks(place) as desks:
        pages = []
        for duress in (False, True):
            one = await desks.hired("هدى", duress=duress)
            if duress:  # she has chosen one, and another session of hers is open
                await place.working.store.write(logins.put_duress, one.number, bytes(32), bytes(60))
                await place.working.store.write(begin, one.number, chance.token(), place.now())
            page = (await one.get("/desk/account")).text
            own = {
                one.client.token,
                str(one.number),
                r"(?:[0-9a-f]{4} ?){8}",
                *re.findall(r"/sessions/(\d+)/end", page),
            }
            pages.append(re.sub("|".join((*own, 'datetime="[^"]+" title="[^"]+"')), "", page))
        assert pages[0] == pages[1]


async def test_under_duress_every_change_of_a_secret_is_put_off(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى", duress=True)
        under, zeros = os.urandom(32), {"newSalt": bytes(16), "newLogin": bytes(32), "newWrapped": bytes(60)}
        await place.working.store.write(logins.put_duress, huda.number, login_hash(under), bytes(60))
        before = await place.working.store.read(logins.of_staff, huda.number)

        async def tries(path: str, login: bytes, more: dict[str, bytes]) -> int:
            sent = {name: Newcomer.b64(value) for name, value in ({"login": login} | more).items()}
            return (await huda.post(path, json=sent)).status

        duress = {"duressLogin": bytes(32), "decoy": bytes(60)}
        for path, more in (("/desk/account/passphrase", zeros), ("/desk/account/duress", duress)):
            assert await tries(path, under, more) == 429
            assert await tries(path, huda.login, more) == 403
            place.telegram.passes(2)
        page = await huda.get("/desk/account/second")
        offer = re.search(r'"offer" value="(.+?)"', page.text)
        assert offer
        present = code_at(huda.totp, place.now())
        answer = await huda.post("/desk/account/second", {"offer": offer[1], "code": "123456", "present": present})
        assert answer.status == 429
        await huda.post("/desk/account/duress/remove", {})
        assert await place.working.store.read(logins.of_staff, huda.number) == before


async def test_the_passphrase_for_duress_unlocks_into_the_empty_desk(place: Town) -> None:
    async with await arrives(place, "هدى") as huda:
        await huda.sets_duress(PASSPHRASE, "the sea is green today")
        salt = huda.b((await huda.client.get("/desk/unlock")).json()["salt"])
        wrong = await huda.client.post("/desk/unlock", json={"login": huda.b64(derive("no", salt).login)})
        assert wrong.status == 401
        place.telegram.passes(5)
        under = derive("the sea is green today", salt)
        came = (await huda.client.post("/desk/unlock", json={"login": huda.b64(under.login)})).json()
        assert unwrap(under.wrapping, huda.b(came["wrapped"]), huda.number) == huda.decoy
        assert came["next"] == "/desk"
        (session,) = await place.working.store.read(sessions.of_staff, huda.number, place.now())
        assert session.duress


# ---------------------------------------------------------------- the team's page


async def test_a_coordinator_invites_somebody_who_then_comes_in(place: Town) -> None:
    async with Desks(place) as desks:
        najla = await desks.hired("نجلاء", "coordinator")
        given = {"name": "هدى", "role": "focal_point", "language": "ar", "telegram": "٤١٤١", "whatsapp": ""}
        page = await najla.post("/desk/people", given)
        found = re.search(r'id="link">\S+(/desk/welcome/[\w-]{43})<', page.text)
        assert found
        (huda,) = [one for one in await place.working.store.read(staff.members) if one.name == "هدى"]
        assert huda.reaches[0].address == "4141"
        async with Newcomer(place, huda.id, found[1].rpartition("/")[2]) as newcomer:
            assert (await newcomer.is_welcomed()).status == 200


@pytest.mark.parametrize(
    "given",
    [
        {"name": "", "role": "auditor", "language": "ar"},
        {"name": "Huda", "role": "boss", "language": "ar"},
        {"name": "Huda", "role": "auditor", "language": "fr"},
        {"name": "Huda", "role": "focal_point", "language": "ar"},
        {"name": "Huda", "role": "focal_point", "language": "ar", "telegram": "@huda"},
        {"name": "Huda", "role": "focal_point", "language": "ar", "whatsapp": "0770"},
        {"name": "نَجلاء", "role": "auditor", "language": "ar"},
        {"name": "Huda", "role": "focal_point", "language": "ar", "telegram": "41"},
        {},
    ],
)
async def test_an_invitation_that_can_t_be_is_refused_in_words(place: Town, given: dict[str, str]) -> None:
    async with Desks(place) as desks:
        najla = await desks.hired("نجلاء", "coordinator", phone=place.phone(41, has_written=True))
        page = await najla.post("/desk/people", given)
        assert page.status == 422
        assert 'class="notice wrong" role="alert"' in page.text


async def test_inviting_anew_makes_a_new_login_and_key_and_she_hears_of_it(place: Town) -> None:
    phone = place.phone(41, has_written=True)
    async with Desks(place) as desks:
        najla, huda = await desks.hired("نجلاء", "coordinator"), await desks.hired("هدى", phone=phone)
        older = chance.token()
        await place.working.store.write(staff.invite, members.link_hash(older), huda.number, place.now() + timedelta(1))
        page = await najla.post(f"/desk/people/{huda.number}/invite", {})
        await phone.sees("دُعيتِ من جديد")
        assert (await huda.get("/desk/account")).status != 200
        token = re.search(r"/desk/welcome/([\w-]{43})", page.text)
        assert token
        async with Newcomer(place, huda.number, older) as stale, Newcomer(place, huda.number, token[1]) as again:
            assert (await stale.is_welcomed()).status == 410
            assert (await again.is_welcomed()).status == 200
        now = await place.working.store.read(readers.of_staff, huda.number)
        assert now is not None
        assert now.id != huda.reader


async def test_whoever_is_disabled_is_out_at_once_and_her_key_is_destroyed(place: Town) -> None:
    async with Desks(place) as desks:
        najla, huda = await desks.hired("نجلاء", "coordinator"), await desks.hired("هدى")
        assert (await najla.post(f"/desk/people/{huda.number}/disable", {})).goes_to == "/desk/people"
        assert (await huda.get("/desk/account")).status != 200
        assert await place.working.store.read(logins.of_staff, huda.number) is None
        assert await place.working.store.read(readers.of_staff, huda.number) is None
        assert (await najla.post(f"/desk/people/{huda.number}/invite", {})).status == 404


async def test_disabling_her_begins_a_new_key_for_her_cases(place: Town) -> None:
    async with Desks(place) as desks:
        huda = await desks.hired("هدى")
        world = place.working.world()

        def opens(unit: Any) -> int:
            number, to = world.draw.number(), cases.readers(unit, ("focal_point",))
            facets = cases.Facets("high")
            cases.open_case(
                unit, number, "ABC-234", os.urandom(SEED), person=None, facets=facets, mechanism="1", now=world.now,
                to=to,
            )  # fmt: skip
            from handlers import sharing  # noqa: PLC0415 - for this story alone

            sharing.taken(unit, number, huda.number, world)
            return int(number)

        number = await place.working.store.write(opens)
        await place.working.store.write(members.disable, huda.number, world)
        case = await place.working.store.read(cases.by_number, number)
        shares = await place.working.store.read(cases.shares, number)
        assert case is not None
        assert case.epoch > 1
        assert {reader for reader, epoch in shares if epoch == case.epoch} == {1}


async def test_nobody_disables_or_invites_herself(place: Town) -> None:
    async with Desks(place) as desks:
        najla = await desks.hired("نجلاء", "coordinator")
        for act in ("disable", "invite"):
            assert (await najla.post(f"/desk/people/{najla.number}/{act}", {})).status == 404


async def test_links_past_their_time_are_swept(place: Town) -> None:
    number, token = await invites(place, "هدى")
    assert await place.working.store.read(links.invited, members.link_hash(token), place.now()) == number
    assert await place.working.store.write(links.sweep, place.now()) == 0
    assert await place.working.store.write(links.sweep, place.now() + timedelta(hours=25)) == 1


def test_a_code_of_the_kit_is_six_digits() -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 - for this line alone

    assert re.fullmatch(r"\d{6}", code_at(b"x" * 20, datetime(2026, 1, 1, tzinfo=UTC)))
    assert len(public_key(os.urandom(SEED))) == 1216
