"""A lost passphrase costs no case: two of three paper shares, an offline step, she reads again; nobody else does."""

import base64
import json
import stat
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands import share_page, shares
from bot.commands.recovery_file import shown
from bot.mechanism import load
from bot.settings import ROOT
from bot.wiring import DRAW
from handlers import sharing
from handlers.draw import World
from storage import assignments, audit, cases, readers, recovery, staff
from storage.cases import Facets, Item
from storage.seal import public_key
from storage.unit import Unit
from storage.vault import Unreadable
from tests.bot.commands.conftest import Sanad

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WORLD = World(NOW, load(ROOT / "mechanism"), DRAW)
HUDA, AMAL = 101, 102
OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"a" * 32
CODES = {1: "KTR-4MW", 2: "KTR-4MX", 3: "KTR-4MY"}


def _people(unit: Unit) -> None:
    for number, name, seed in ((HUDA, "هدى", OLD), (AMAL, "أمل", OTHER)):
        staff.add(unit, number, staff.Facts(name, "ar"), "focal_point", {"telegram": str(number)}, NOW)
        cases.add_reader(unit, number * 10, "staff", public_key(seed), NOW, number)


def _case(unit: Unit, number: int, to: Collection[int | None]) -> None:
    keys = [(one.id, one.public_key) for one in readers.all_of_staff(unit) if one.staff in to]
    case = cases.open_case(
        unit, number, CODES[number], bytes([number]) * 32, person=None, facets=Facets("high"), mechanism="v1", now=NOW,
        to=[*cases.readers(unit), *keys],
    )  # fmt: skip
    cases.add_items(unit, case, 100 + number, [Item("report", NOW, {"words": f"her words {number}"})])


def _lose(unit: Unit) -> None:
    """She opened a fresh link and chose a new passphrase: her browser made another key."""
    cases.add_reader(unit, HUDA * 10 + 1, "staff", public_key(NEW), NOW, HUDA)


def _story(unit: Unit) -> None:
    """Case 1: hers to lead, with two keys. Case 2: she could open it. Case 3: never hers."""
    _people(unit)
    for number, to in ((1, {HUDA, AMAL}), (2, {HUDA}), (3, {AMAL})):
        _case(unit, number, to)
    assignments.begin(unit, 1, 1, HUDA, "lead", NOW)
    sharing.take_off(unit, 1, AMAL, WORLD, for_good=False)
    case = cases.by_number(unit, 1)
    assert case is not None
    cases.add_items(unit, case, 201, [Item("note", NOW, {"words": "later"})])
    _lose(unit)


@pytest.fixture
def lost(stored: Sanad) -> Sanad:
    return _told(stored)


@pytest.fixture
def here(sanad: Sanad) -> Sanad:
    """The same on SQLite alone."""
    return _told(sanad)


def _told(sanad: Sanad) -> Sanad:
    sanad.works("keys", "recovery", "--out", "shares", "--shares", "2/3")
    sanad.with_store(lambda store: store.write(_story))
    return sanad


def _opened(sanad: Sanad, number: int, seed: bytes, reader: int) -> list[Any]:
    """What a key reads of a case."""
    sealed = sanad.with_store(lambda store: store.read(cases.sealed_case, CODES[number]))
    assert sealed is not None
    return [item.content["words"] for item in cases.open_items(sealed, cases.case_seeds(sealed, reader, seed))]


def _hers(sanad: Sanad, number: int) -> list[Any]:
    return _opened(sanad, number, NEW, HUDA * 10 + 1)


def _offline(sanad: Sanad) -> None:
    """What is not on the machine with the recovery key."""
    sanad.patch.delenv("SANAD_KEYS")
    sanad.set(DATABASE_URL="sqlite:////nowhere/at/all.db", SANAD_DATA="/nowhere")


def test_a_focal_point_who_lost_her_passphrase_reads_her_old_cases_again(lost: Sanad) -> None:
    assert _hers(lost, 1) == []
    lost.works("recover", "export", "--who", "هدى", "--out", "request.json")
    (lost.folder / "shares" / "share-1.txt").unlink()
    with lost.patch.context() as patch:
        _offline(Sanad(lost.folder, patch))
        lost.works("recover", "seal", "request.json", "--shares", "shares", "--out", "answer.json", "--yes")
    said = lost.works("recover", "import", "answer.json")
    assert "هدى can open 2 cases again" in said
    assert _hers(lost, 1) == ["her words 1", "later"]
    assert _hers(lost, 2) == ["her words 2"]
    assert _hers(lost, 3) == []


def test_typed_shares_do_as_well_and_she_is_asked_whose_key_it_is(here: Sanad) -> None:
    here.works("recover", "export", "--who", "هدى", "--out", "request.json")
    first, _, third = share_page.read(here.folder / "shares")
    says = "\n".join(["oops", " ".join(third.words), " ".join(first.words), "y"]) + "\n"
    called = here("recover", "seal", "request.json", "--out", "answer.json", says=says)
    assert called.exit_code == 0, called.output
    assert "هدى" in called.stderr
    assert shown(public_key(NEW)) in called.stderr
    assert "Has she read this fingerprint to you herself?" in called.stderr


def test_without_her_yes_nothing_is_sealed(here: Sanad) -> None:
    here.works("recover", "export", "--who", "هدى", "--out", "request.json")
    called = here("recover", "seal", "request.json", "--shares", "shares", "--out", "answer.json", says="n\n")
    assert called.exit_code == 1
    assert not (here.folder / "answer.json").exists()


def test_the_answer_holds_sealed_keys_and_no_other(here: Sanad) -> None:
    _recovered(here)
    answer = json.loads((here.folder / "answer.json").read_text(encoding="utf-8"))
    assert set(answer) == {"kind", "version", "number", "request", "shares"}
    assert {len(base64.b64decode(share["sealed"])) for share in answer["shares"]} == {1120 + 64 + 16}
    seed = shares.join(share_page.read(here.folder / "shares"))
    written = (here.folder / "answer.json").read_bytes()
    assert not [secret for secret in (seed, bytes([1]) * 32) if base64.b64encode(secret) in written]


def test_files_are_the_owner_s_alone_and_never_overwritten(here: Sanad) -> None:
    _recovered(here)
    for name in ("request.json", "answer.json"):
        assert stat.S_IMODE((here.folder / name).stat().st_mode) == 0o600
    assert here("recover", "export", "--who", "هدى", "--out", "request.json").exit_code == 2
    args = ("recover", "seal", "request.json", "--shares", "shares", "--yes", "--out", "answer.json")
    assert here(*args).exit_code == 2


def _recovered(sanad: Sanad) -> None:
    sanad.works("recover", "export", "--who", "هدى", "--out", "request.json")
    sanad.works("recover", "seal", "request.json", "--shares", "shares", "--out", "answer.json", "--yes")


def test_each_case_that_was_given_is_in_the_log(here: Sanad) -> None:
    _recovered(here)
    here.works("recover", "import", "answer.json")
    entries = here.with_store(lambda store: store.read(audit.after, 0))
    told = [(entry.what, entry.case, entry.target) for entry in entries]
    assert told == [("recovery:asked", None, HUDA), ("recovery:given", 1, HUDA), ("recovery:given", 2, HUDA)]
    here.works("audit", "verify")


def test_her_lost_key_opens_nothing_any_more(here: Sanad) -> None:
    assert _opened(here, 1, OLD, HUDA * 10) == ["her words 1", "later"]
    _recovered(here)
    here.works("recover", "import", "answer.json")
    assert _opened(here, 1, OLD, HUDA * 10) == []


def test_an_answer_counts_once(here: Sanad) -> None:
    _recovered(here)
    here.works("recover", "import", "answer.json")
    called = here("recover", "import", "answer.json")
    assert called.exit_code == 1
    assert "did not ask for that" in called.stderr


def test_an_answer_that_gives_her_more_than_was_asked_for_is_refused_whole(here: Sanad) -> None:
    _recovered(here)
    path = here.folder / "answer.json"
    answer = json.loads(path.read_text(encoding="utf-8"))
    answer["shares"].append(answer["shares"][0] | {"case": 3})
    path.write_text(json.dumps(answer), encoding="utf-8")
    assert here("recover", "import", "answer.json").exit_code == 1
    assert _hers(here, 1) == []


def test_whoever_was_taken_off_meanwhile_gets_nothing(here: Sanad) -> None:
    _recovered(here)
    here.with_store(lambda store: store.write(sharing.take_off, 1, HUDA, WORLD, for_good=True))
    assert here("recover", "import", "answer.json").exit_code == 1
    assert _hers(here, 1) == []
    again = here.with_store(lambda store: store.read(recovery.wanted, HUDA))
    assert {one.case for one in again} == {2}


def test_an_answer_for_a_key_that_she_lost_too_is_refused(here: Sanad) -> None:
    _recovered(here)
    here.with_store(lambda store: store.write(cases.add_reader, 7, "staff", public_key(b"x" * 32), NOW, HUDA))
    called = here("recover", "import", "answer.json")
    assert called.exit_code == 1
    assert "not used any more" in called.stderr


def test_shares_of_another_recovery_key_say_which_one_is_wanted(here: Sanad) -> None:
    here.works("recover", "export", "--who", "هدى", "--out", "request.json")
    here.works("keys", "recovery", "--out", "others", "--shares", "2/2")
    called = here("recover", "seal", "request.json", "--shares", "others", "--out", "answer.json", "--yes")
    assert called.exit_code == 1
    assert "Use the shares of that one" in called.stderr


def test_a_key_that_was_changed_on_the_way_is_left_out_and_said(here: Sanad) -> None:
    here.works("recover", "export", "--who", "هدى", "--out", "request.json")
    path = here.folder / "request.json"
    request = json.loads(path.read_text(encoding="utf-8"))
    request["shares"][0]["sealed"], request["shares"][1]["sealed"] = (
        request["shares"][1]["sealed"], request["shares"][0]["sealed"],
    )  # fmt: skip
    path.write_text(json.dumps(request), encoding="utf-8")
    called = here("recover", "seal", "request.json", "--shares", "shares", "--out", "answer.json", "--yes")
    assert called.exit_code == 0, called.output
    assert "2 keys were left out" in called.stderr
    assert here("recover", "import", "answer.json").exit_code == 1, "the request was changed, so it is another one"


def test_whoever_has_no_new_key_is_told_the_way(here: Sanad) -> None:
    called = here("recover", "export", "--who", "أمل", "--out", "request.json")
    assert called.exit_code == 1
    assert "nothing to recover" in called.stderr


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff"])
def test_a_file_that_is_none_of_ours_is_a_wrong_word_of_the_call(here: Sanad, content: bytes) -> None:
    Path("bad").write_bytes(content)
    assert here("recover", "seal", "bad", "--shares", "shares", "--out", "answer.json").exit_code == 2
    assert here("recover", "import", "bad").exit_code == 2


def test_the_recovery_key_s_own_file_does_as_well(sanad: Sanad) -> None:
    sanad.works("keys", "recovery", "--out", "key.json")
    sanad.with_store(lambda store: store.write(_story))
    sanad.works("recover", "export", "--who", "هدى", "--out", "request.json")
    sanad.works("recover", "seal", "request.json", "--key", "key.json", "--out", "answer.json", "--yes")
    sanad.works("recover", "import", "answer.json")
    assert _hers(sanad, 2) == ["her words 2"]
    with pytest.raises(Unreadable):
        _opened(sanad, 2, OTHER, HUDA * 10 + 1)
