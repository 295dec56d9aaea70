"""A receipt holds for anybody with the published key, for nothing else than what was received, and betrays nothing."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from bot.mechanism import load
from bot.settings import ROOT
from bot.wiring import DRAW
from handlers import receipts
from handlers.cases import Sealing
from handlers.draw import World
from messages.catalog import render
from storage import cases, people
from storage.cases import Facets, Item
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit
from tests.bot.commands.conftest import Sanad

OPENED = datetime(2026, 5, 1, 12, 3, tzinfo=UTC)
GIVEN = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
CODE, OTHER = "KTR-4MW", "B7X-2QP"


def _open(unit: Unit, number: int, code: str) -> None:
    facets = Facets("high", (), {"governorate": "marib"})
    readers = [(1, public_key(b"r" * 32))]
    case = cases.open_case(
        unit, number, code, b"s" * 32, person=None, facets=facets, mechanism="1", now=OPENED, to=readers
    )
    cases.add_items(unit, case, number * 10, [Item("report", OPENED, {"words": "سر"})])


def _plant(unit: Unit) -> str:
    cases.add_reader(unit, 1, "recovery", public_key(b"r" * 32), OPENED)
    people.meet(unit, 5, "telegram", "12345")
    for number, code in ((7, CODE), (8, OTHER)):
        _open(unit, number, code)
        unit.do("UPDATE cases SET person_id = 5 WHERE id = :id", {"id": number})
    sealing = Sealing(unit, World(GIVEN, load(ROOT / "mechanism"), DRAW))
    assert receipts.give(sealing, CODE, 6) is None, "it is not hers"
    text = receipts.give(sealing, CODE, 5)
    assert text is not None
    return render(text, "ar")


@pytest.fixture
def line(sanad: Sanad) -> str:
    """The line of a receipt, as it stands in her letter."""

    async def plant(store: Store) -> str:
        return await store.write(_plant)

    sanad.works("migrate")
    letter = sanad.with_store(plant)
    return next(word.strip("\u2066\u2068\u2069") for word in letter.split() if "SND1." in word)


def test_anybody_with_the_published_key_checks_a_receipt_without_a_database(sanad: Sanad, line: str) -> None:
    key = sanad.works("receipt", "keys").split()[0]
    sanad.patch.delenv("SANAD_KEYS")
    said = sanad.works("receipt", "verify", line, "--key", key)
    assert "holds" in said
    assert "2026-05-01 12:03 UTC" in said
    assert "2026-05-02 09:00 UTC" in said


def test_with_the_database_it_is_known_of_which_case_it_is(sanad: Sanad, line: str) -> None:
    assert f"entries of {CODE}" in sanad.works("receipt", "verify", line, "--code", CODE.lower())
    another = sanad("receipt", "verify", line, "--code", OTHER)
    assert (another.exit_code, "genuine" in another.stderr) == (1, True)


def test_what_is_added_later_leaves_it_true_and_what_is_changed_does_not(sanad: Sanad, line: str) -> None:
    def add(unit: Unit) -> None:
        case = cases.by_number(unit, 7)
        assert case is not None
        cases.add_items(unit, case, 99, [Item("words", GIVEN, {"words": "أكثر"})])

    async def do_add(store: Store) -> None:
        await store.write(add)

    async def change(store: Store) -> None:
        await store.write(lambda unit: unit.do("UPDATE case_items SET body = :b WHERE number = 70", {"b": b"other"}))

    sanad.with_store(do_add)
    sanad.works("receipt", "verify", line, "--code", CODE)
    sanad.with_store(change)
    assert sanad("receipt", "verify", line, "--code", CODE).exit_code == 1


@pytest.mark.parametrize("place", [5, 20, 90, 100, 110, 130, 150, -1])
def test_no_character_of_it_can_be_changed(sanad: Sanad, line: str, place: int) -> None:
    other = "A" if line[place] != "A" else "Q"
    called = sanad("receipt", "verify", line[:place] + other + (line[place + 1 :] if place != -1 else ""))
    assert called.exit_code == 1
    assert "not a receipt that holds" in called.stderr


@pytest.mark.parametrize("words", ["", "SND1.", "SND1.abc", "hello", "SND1." + "é" * 50, "SND1." + "A" * 4000])
def test_other_characters_are_no_receipt_and_it_says_what_to_do(sanad: Sanad, line: str, words: str) -> None:
    del line
    called = sanad("receipt", "verify", words)
    assert called.exit_code == 1
    assert "SND1" in called.stderr or "key" in called.stderr


def test_line_breaks_that_a_phone_put_in_are_passed_over(sanad: Sanad, line: str) -> None:
    sanad.works("receipt", "verify", f"{line[:40]}\n {line[40:]}")


def test_a_key_that_is_none_is_said_to_be_off(sanad: Sanad, line: str) -> None:
    assert sanad("receipt", "verify", line, "--key", "nonsense").exit_code == 2
    stranger = base64.b64encode(public_key(b"z" * 32)[:32]).decode()
    assert sanad("receipt", "verify", line, "--key", f"test1:{stranger}").exit_code == 1


def test_it_betrays_neither_code_nor_person_nor_how_much_was_written(line: str) -> None:
    raw = base64.urlsafe_b64decode(line.removeprefix("SND1.") + "==")
    assert CODE.encode() not in raw
    assert CODE.replace("-", "").encode() not in raw
    assert len(raw) < 130, "a signature, two times, a count, a fingerprint, the key's name"
