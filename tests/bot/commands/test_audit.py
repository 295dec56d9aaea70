"""`sanad audit verify` says that the log is whole, or which entry isn't, and by its exit code too."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from storage import audit
from storage.unit import Unit
from tests.bot.commands.conftest import Sanad

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def _fill(unit: Unit) -> None:
    for number in range(1, 6):
        audit.record(unit, NOW, "read", staff=number, case=7)


def _does(sanad: Sanad, sql: str, **values: Any) -> None:
    sanad.with_store(lambda store: store.write(lambda unit: unit.do(sql, values)))


@pytest.fixture
def logged(stored: Sanad) -> Sanad:
    stored.with_store(lambda store: store.write(_fill))
    return stored


def test_a_whole_log_is_said_to_be_whole_with_its_head(logged: Sanad) -> None:
    called = logged("audit", "verify")
    assert called.exit_code == 0, called.output
    assert "5 entries, the last one number 5" in called.stdout
    found = re.search(r"Head: ([0-9a-f]{64})", called.stdout)
    assert found
    assert logged("audit", "verify", "--head", found[1]).exit_code == 0


def test_an_untouched_log_without_entries_is_in_order(stored: Sanad) -> None:
    assert "no entry" in stored.works("audit", "verify")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE audit SET staff_id = 9 WHERE seq = 3", "Entry 3 (dated 2026-11-22 09:00 UTC) was changed"),
        ("DELETE FROM audit WHERE seq = 2", "Entry 2 is missing"),
        ("DELETE FROM audit WHERE seq > 3", "Entries 4 to 5 are missing"),
        ("UPDATE audit SET seq = 9 WHERE seq = 4", "Entry 9 was reordered: what stands there was written as entry 4"),
        ("UPDATE audit_keys SET public_key = 'not a key'", "audit_keys was changed"),
        ("UPDATE audit_head SET seq = 4", "head was changed"),
    ],
)
def test_what_is_wrong_is_named(logged: Sanad, harm: str, said: str) -> None:
    _does(logged, harm)
    called = logged("audit", "verify")
    assert called.exit_code == 1
    assert said in called.stdout
    assert "not as it was written" in called.stderr


def test_a_head_that_is_not_in_the_log_any_more_is_found(logged: Sanad) -> None:
    called = logged("audit", "verify", "--head", "0" * 64)
    assert called.exit_code == 1
    assert "not in the log" in called.stdout


def test_checking_may_begin_behind_an_entry(logged: Sanad) -> None:
    _does(logged, "UPDATE audit SET staff_id = 9 WHERE seq = 2")
    assert "3 entries" in logged.works("audit", "verify", "--after", "2")


@pytest.mark.parametrize("words", [("--head", "abc"), ("--after", "-1"), ("--after", "x")])
def test_words_that_are_off_are_said(logged: Sanad, words: tuple[str, str]) -> None:
    assert logged("audit", "verify", *words).exit_code == 2


def test_a_thousand_faults_are_counted_and_the_first_are_named(stored: Sanad) -> None:
    def many(unit: Unit) -> None:
        for _ in range(60):
            audit.record(unit, NOW, "read")
        unit.do("UPDATE audit SET staff_id = 66")

    stored.with_store(lambda store: store.write(many))
    called = stored("audit", "verify")
    assert called.stdout.count("was changed") == 20
    assert "40 more are wrong" in called.stderr
