"""Every column of the database is either on the list of what is personal, and then sealed, or known to be harmless."""

import pytest
import sqlalchemy
from sqlalchemy import LargeBinary

from storage.inventory import PERSONAL, PLAIN
from storage.rotation import COLUMNS

Columns = dict[tuple[str, str], object]


@pytest.fixture
def columns(database: str) -> Columns:
    """Every column of the migrated database with its type."""
    engine = sqlalchemy.create_engine(
        database.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=sqlalchemy.NullPool
    )
    inspector = sqlalchemy.inspect(engine)
    found: Columns = {
        (table, str(column["name"])): column["type"]
        for table in inspector.get_table_names()
        if table != "alembic_version"
        for column in inspector.get_columns(table)
    }
    engine.dispose()
    return found


def _listed() -> list[tuple[str, str]]:
    plain = [(table, column) for table, reasons in PLAIN.items() for column in reasons]
    return [*((one.table, one.column) for one in PERSONAL), *plain]


def test_every_column_is_on_one_of_the_two_lists(columns: Columns) -> None:
    assert set(columns) - set(_listed()) == set(), "add it to storage/inventory.py: is it anything of a person's?"


def test_both_lists_name_columns_that_exist_and_each_once(columns: Columns) -> None:
    assert sorted(_listed()) == sorted(columns)


def test_what_is_personal_is_kept_as_bytes_never_as_text(columns: Columns) -> None:
    as_text = [one for one in PERSONAL if not isinstance(columns[one.table, one.column], LargeBinary)]
    assert as_text == []


def test_every_harmless_column_of_bytes_says_why(columns: Columns) -> None:
    loose = [place for place, kind in columns.items() if isinstance(kind, LargeBinary) and place[0] in PLAIN]
    reasons = {place: PLAIN[place[0]][place[1]] for place in loose if place[1] in PLAIN[place[0]]}
    assert set(reasons) == {
        ("marks", "value"),
        ("readers", "public_key"),
        ("cases", "public_key"),
        ("logins", "salt"),
        ("voice_pins", "salt"),
        ("audit_keys", "public_key"),
        ("audit", "previous"),
        ("audit", "hash"),
        ("audit", "signature"),
        ("audit_head", "hash"),
        ("campaigns", "frozen_hash"),
    }


def test_a_place_is_named_by_columns_of_its_own_table(columns: Columns) -> None:
    assert [one for one in PERSONAL for name in one.row if (one.table, name) not in columns] == []


def test_all_that_the_server_s_keys_seal_is_rewritten_when_they_change() -> None:
    assert {(one.table, one.column) for one in COLUMNS} == {
        (one.table, one.column) for one in PERSONAL if one.seal == "server"
    }
