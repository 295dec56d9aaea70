"""A backup is the whole database in one file that is the owner's alone, or none; restored, it is what it was."""

import asyncio
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import chance
from bot.settings import Settings
from storage import backup, cases, marks, outbox, readers, staff
from storage.migrate import current, head, migrate
from storage.outbox import Body, Lane
from storage.unit import Unit
from tests import postgres
from tests.bot.commands.conftest import Sanad

Rows = dict[str, list[tuple[Any, ...]]]
LOG = {"audit", "audit_head", "audit_keys", "marks"}
"""Tables that a command itself writes to."""


def all_rows(sanad: Sanad) -> Rows:
    def look(unit: Unit) -> Rows:
        found = {}
        for name, columns in backup.tables().items():
            rows = unit.all(f"SELECT {', '.join(columns)} FROM {name}")
            found[name] = sorted((tuple(row) for row in rows), key=repr)
        return found

    return sanad.with_store(lambda store: store.read(look))


def without_log(rows: Rows) -> Rows:
    return {name: found for name, found in rows.items() if name not in LOG}


def _fill(unit: Unit) -> None:
    now = chance.now()
    cases.add_reader(unit, 1, "recovery", bytes(1216), now)
    for number in range(3):
        content = Body("1001", "ar", ["raw", f"كلمات {number}"])
        outbox.add(unit, f"k{number}", "telegram", b"reader\x00\xff", Lane.CONVERSATION, content, now)
    staff.add(unit, 2**61, staff.Facts("هدى", "ar"), "focal_point", {"telegram": "12345"}, now)


@pytest.fixture
def filled(stored: Sanad) -> Sanad:
    """A database of both kinds in turn, with something in it."""
    stored.with_store(lambda store: store.write(_fill))
    return stored


@pytest.fixture
def here(sanad: Sanad) -> Sanad:
    """The same on SQLite alone, for what does not touch the database's kind."""
    sanad.works("migrate")
    sanad.with_store(lambda store: store.write(_fill))
    return sanad


@pytest.fixture
def folder(sanad: Sanad) -> Path:
    made = sanad.folder / "backups"
    made.mkdir(mode=0o700)
    return made


def test_what_was_restored_is_what_was_backed_up(filled: Sanad, folder: Path) -> None:
    before = all_rows(filled)
    said = filled.works("backup", "--out", str(folder / "one.backup"))
    assert "written and read again" in said
    filled.with_store(lambda store: store.write(lambda unit: unit.do("DELETE FROM letters")))
    filled.works("restore", str(folder / "one.backup"), "--replace")
    assert without_log(all_rows(filled)) == without_log(before)


@pytest.mark.postgres
@pytest.mark.parametrize("direction", ["to_postgres", "to_sqlite"])
def test_a_backup_moves_from_one_kind_of_database_to_the_other(
    sanad: Sanad, folder: Path, postgres_server: postgres.Postgres, direction: str
) -> None:
    addresses = [f"sqlite:///{sanad.folder / 'moved.db'}", postgres_server.new_database()]
    source, target = addresses if direction == "to_postgres" else reversed(addresses)
    migrate(source)
    sanad.set(DATABASE_URL=source)
    sanad.with_store(lambda store: store.write(_fill))
    before = all_rows(sanad)
    sanad.works("backup", "--out", str(folder / "one.backup"))
    sanad.set(DATABASE_URL=target)
    sanad.works("restore", str(folder / "one.backup"))
    assert without_log(all_rows(sanad)) == without_log(before)
    sanad.with_store(lambda store: store.write(_one_more_letter))


def _one_more_letter(unit: Unit) -> None:
    """Numbers that the database counts itself go on behind those that were restored."""
    outbox.add(unit, "later", "telegram", b"r", Lane.RELAY, Body("1", "ar", ["raw", "x"]), chance.now())
    assert unit.one("SELECT COUNT(*) FROM letters") == (4,)


def test_the_file_and_nothing_else_is_made_and_it_is_the_owner_s_alone(here: Sanad, folder: Path) -> None:
    here.works("backup", "--out", str(folder / "one.backup"))
    assert [path.name for path in folder.iterdir()] == ["one.backup"]
    assert stat.S_IMODE((folder / "one.backup").stat().st_mode) == 0o600


def test_a_folder_gets_a_file_named_by_the_moment(here: Sanad, folder: Path) -> None:
    here.works("backup", "--out", str(folder))
    (made,) = folder.iterdir()
    assert made.name.startswith("sanad-2")


def test_nothing_is_ever_overwritten(here: Sanad, folder: Path) -> None:
    (folder / "mine").write_text("precious")
    called = here("backup", "--out", str(folder / "mine"))
    assert called.exit_code == 2
    assert (folder / "mine").read_text() == "precious"


def test_a_folder_that_all_may_write_to_is_refused(here: Sanad, folder: Path) -> None:
    folder.chmod(0o777)
    assert here("backup", "--out", str(folder / "one.backup")).exit_code == 2
    assert list(folder.iterdir()) == []


def test_it_is_written_while_the_server_writes(filled: Sanad, folder: Path) -> None:
    async def both(store: Any) -> None:
        writing = [store.write(marks.put, f"n{number}", "x") for number in range(300)]
        work = asyncio.gather(*writing)
        done = await asyncio.to_thread(filled, "backup", "--out", str(folder / "one.backup"))
        await work
        assert done.exit_code == 0, done.output

    filled.with_store(both)


def test_it_needs_no_server_key_and_says_that_the_log_does_not_know(here: Sanad, folder: Path) -> None:
    here.patch.delenv("SANAD_KEYS")
    called = here("backup", "--out", str(folder / "one.backup"))
    assert called.exit_code == 0, called.output
    assert "The log has no entry about it" in called.stderr


def test_it_is_in_the_log(here: Sanad, folder: Path) -> None:
    here.works("backup", "--out", str(folder / "one.backup"))
    assert "backup:made" in str(all_rows(here)["audit"])
    here.works("restore", str(folder / "one.backup"), "--replace")
    assert "backup:restored" in str(all_rows(here)["audit"])
    here.works("audit", "verify")


# ---------------------------------------------------------------- keeping them for a time


def _aged(sanad: Sanad, path: Path, days: int) -> None:
    """A backup that was made so many days ago."""
    sanad.patch.setattr("bot.commands.backup.chance.now", lambda: _NOW - timedelta(days=days))
    sanad.works("backup", "--out", str(path))
    sanad.patch.setattr("bot.commands.backup.chance.now", lambda: _NOW)


_NOW = chance.now()


def test_older_ones_of_the_same_pattern_are_deleted_and_no_other_file(here: Sanad, folder: Path) -> None:
    _aged(here, folder / "sanad-1.backup", 40)
    _aged(here, folder / "sanad-2.backup", 20)
    _aged(here, folder / "other-1.backup", 40)
    (folder / "sanad-3.backup").write_text("a letter to my mother")
    said = here.works("backup", "--out", str(folder / "sanad-99.backup"), "--keep", "30")
    assert "sanad-1.backup: older than 30 days, deleted" in said
    assert sorted(path.name for path in folder.iterdir()) == [
        "other-1.backup", "sanad-2.backup", "sanad-3.backup", "sanad-99.backup",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "keep"), [("sanad-1.backup", "31"), ("sanad-1.backup", "0"), ("sanad.backup", "7")])
def test_keeping_for_too_long_or_without_a_date_in_the_name_is_refused(
    here: Sanad, folder: Path, name: str, keep: str
) -> None:
    assert here("backup", "--out", str(folder / name), "--keep", keep).exit_code == 2
    assert list(folder.iterdir()) == []


# ---------------------------------------------------------------- what can't be trusted


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(bytes(content))


def _drop_a_row(path: Path) -> None:
    """Whoever writes a zip anew has right check sums in it."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    length = int.from_bytes(members["letters.msgpack"][:4])
    members["letters.msgpack"] = members["letters.msgpack"][4 + length :]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [_cut, _flip, _drop_a_row, _nothing])
def test_a_damaged_backup_is_refused_and_the_database_left_alone(
    filled: Sanad, folder: Path, harm: Callable[[Path], None]
) -> None:
    path = folder / "one.backup"
    filled.works("backup", "--out", str(path))
    before = all_rows(filled)
    harm(path)
    called = filled("restore", str(path), "--replace")
    assert called.exit_code == 1
    assert "Nothing was changed" in called.stderr
    assert all_rows(filled) == before


def test_a_database_that_holds_something_is_not_replaced_unasked(filled: Sanad, folder: Path) -> None:
    filled.works("backup", "--out", str(folder / "one.backup"))
    before = all_rows(filled)
    called = filled("restore", str(folder / "one.backup"))
    assert called.exit_code == 2
    assert "--replace" in called.stderr
    assert all_rows(filled) == before


def test_a_database_in_use_is_not_replaced(filled: Sanad, folder: Path) -> None:
    filled.works("backup", "--out", str(folder / "one.backup"))

    async def meanwhile(store: Any) -> None:
        await store.read(marks.get, "x")
        called = await asyncio.to_thread(filled, "restore", str(folder / "one.backup"), "--replace")
        assert called.exit_code == 1
        assert "Stop Sanad" in called.stderr
        await store.write(marks.put, "still", "here")

    filled.with_store(meanwhile)


def test_a_damaged_database_can_be_replaced(here: Sanad, folder: Path) -> None:
    here.works("backup", "--out", str(folder / "one.backup"))
    path = here.folder / "data" / "sanad.db"
    path.write_bytes(b"no database any more" * 1000)
    here.works("restore", str(folder / "one.backup"), "--replace")
    assert here.with_store(lambda store: store.read(readers.recovery)) is not None


def test_a_failing_restore_leaves_the_database_as_it_was(here: Sanad, folder: Path) -> None:
    here.works("backup", "--out", str(folder / "one.backup"))
    before = all_rows(here)
    here.patch.setattr("storage.restoring._compare", _fail)
    assert here("restore", str(folder / "one.backup"), "--replace").exit_code == 1
    assert all_rows(here) == before
    assert [path.name for path in (here.folder / "data").iterdir() if "restoring" in path.name] == []


def _fail(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_backup_of_a_newer_release_is_refused(here: Sanad, folder: Path) -> None:
    here.patch.setattr("bot.commands.backup.head", lambda: "9999")
    here.works("backup", "--out", str(folder / "one.backup"))
    called = here("restore", str(folder / "one.backup"), "--replace")
    assert called.exit_code == 1
    assert "newer release" in called.stderr


def test_a_restored_file_is_the_owner_s_alone_and_at_this_release(sanad: Sanad, folder: Path) -> None:
    sanad.works("migrate")
    sanad.works("backup", "--out", str(folder / "one.backup"))
    sanad.set(SANAD_DATA=str(sanad.folder / "elsewhere"))
    sanad.works("restore", str(folder / "one.backup"))
    path = sanad.folder / "elsewhere" / "sanad.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert current(Settings().database) == head()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_keys_that_do_not_fit_are_spoken_of_at_once(here: Sanad, folder: Path) -> None:
    here.works("backup", "--out", str(folder / "one.backup"))
    here.set(SANAD_KEYS="other:" + "A" * 43 + "=", SANAD_DATA=str(here.folder / "elsewhere"))
    called = here("restore", str(folder / "one.backup"))
    assert called.exit_code == 0, called.output
    assert "do not fit it yet" in called.stderr
