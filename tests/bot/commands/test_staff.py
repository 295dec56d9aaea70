"""Staff are added with addresses that work, listed without them, matched by name as people write it."""

import hashlib
import re
from datetime import UTC, datetime

import pytest

from storage import people, staff
from storage.unit import Unit
from tests.bot.commands.conftest import Sanad

HUDA = ("staff", "add", "هدى", "--role", "focal_point", "--telegram", "123456745", "--whatsapp", "+967770000001")


def test_a_member_is_added_with_her_addresses_and_a_link_good_once(stored: Sanad) -> None:
    said = stored.works(*HUDA)
    token = re.search(r"http://127\.0\.0\.1:8000/desk/welcome/(\S{43})", said)
    assert token
    kept = stored.with_store(lambda store: store.read(_invitations))
    assert kept == [hashlib.sha256(token[1].encode()).digest()]
    (member,) = stored.with_store(lambda store: store.read(staff.members))
    assert (member.name, member.role, member.language) == ("هدى", "focal_point", "ar")
    assert {way.channel: way.address for way in member.reaches} == {
        "telegram": "123456745",
        "whatsapp": "+967770000001",
    }


def _invitations(unit: Unit) -> list[bytes]:
    return [bytes(row[0]) for row in unit.all("SELECT token_hash FROM invitations")]


def test_a_link_leads_to_the_public_address(sanad: Sanad) -> None:
    sanad.set(PUBLIC_URL="https://sanad.example/")
    assert "https://sanad.example/desk/welcome/" in sanad.works(*HUDA)


def test_no_address_is_ever_printed_in_full(sanad: Sanad) -> None:
    printed = sanad(*HUDA).output + sanad("staff", "list").output
    assert "123456745" not in printed
    assert "70000001" not in printed
    assert "…45" in printed


def test_a_number_is_kept_in_one_form_however_it_was_typed(sanad: Sanad) -> None:
    sanad.works("staff", "add", "Najla", "--role", "coordinator", "--whatsapp", "+967 (77) 000-0002")
    (member,) = sanad.with_store(lambda store: store.read(staff.members))
    assert member.reaches[0].address == "+967770000002"


@pytest.mark.parametrize(
    ("words", "about"),
    [
        (["--role", "focal_point"], "--telegram"),
        (["--role", "focal_point", "--whatsapp", "0770000001"], "+967"),
        (["--role", "focal_point", "--whatsapp", "+9671"], "+967"),
        (["--role", "focal_point", "--telegram", "@huda"], "chat id"),
        (["--role", "focal_point", "--telegram", "-100200300"], "chat id"),
        (["--role", "boss", "--telegram", "1"], "role"),
        (["--role", "auditor", "--language", "fr"], "language"),
    ],
)
def test_what_would_never_reach_her_is_refused(sanad: Sanad, words: list[str], about: str) -> None:
    called = sanad("staff", "add", "Huda", *words)
    assert called.exit_code == 2
    assert about in called.stderr


@pytest.mark.parametrize("name", ["", "   ", "\u200f", "x" * 61])
def test_a_name_that_is_none_is_refused(sanad: Sanad, name: str) -> None:
    assert sanad("staff", "add", name, "--role", "auditor").exit_code == 2


def test_an_auditor_needs_no_address(sanad: Sanad) -> None:
    sanad.works("staff", "add", "Auditor", "--role", "auditor")


def test_an_address_belongs_to_one_member(sanad: Sanad) -> None:
    sanad.works(*HUDA)
    called = sanad("staff", "add", "Najla", "--role", "focal_point", "--telegram", "123456745")
    assert called.exit_code == 2
    assert "هدى" in called.stderr


def test_two_members_have_two_names_also_when_heard(sanad: Sanad) -> None:
    sanad.works(*HUDA)
    assert sanad("staff", "add", "هُدى", "--role", "focal_point", "--telegram", "9").exit_code == 2


def test_a_way_is_proven_once_she_has_written(sanad: Sanad) -> None:
    sanad.works(*HUDA)
    assert "telegram …45: not proven" in sanad.works("staff", "list")
    index = people.who("telegram", "123456745")
    sanad.with_store(
        lambda store: store.write(lambda unit: staff.heard(unit, unit.vault.index(index), datetime.now(UTC)))
    )
    assert "telegram …45: proven" in sanad.works("staff", "list")


def test_a_member_is_disabled_by_her_name_as_it_is_heard(sanad: Sanad) -> None:
    sanad.works(*HUDA)
    sanad.works("staff", "disable", "هُدي")
    assert "هدى (disabled)" in sanad.works("staff", "list")


def test_disabling_the_last_one_on_call_says_so(sanad: Sanad) -> None:
    sanad.works(*HUDA)
    assert "Nobody is first on call now" in sanad("staff", "disable", "هدى").stderr


def test_an_unknown_name_lists_those_there_are(sanad: Sanad) -> None:
    sanad.works(*HUDA)
    called = sanad("staff", "disable", "Najla")
    assert called.exit_code == 2
    assert "“هدى”" in called.stderr
