"""Findings 8, 10, 11 and 16 of reviews of systems like this: open doors, secrets in errors, exports, backups."""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import socket
import sqlite3
import stat
import struct
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.logs import WithoutWords
from bot.settings import ROOT, Settings
from bot.wiring import database_file
from console.desk import WAYS
from storage import backup
from storage.store import Store
from storage.unit import Unit
from tests.bot.commands.conftest import Sanad, sanad
from tests.desk.staff import Answer, Client, Desks
from tests.platforms.telegram import Telegram
from tests.test_processes import deployment
from tests.town import Town, logged, town

__all__ = ["sanad"]
CANARY = "kanari-q7wkvjhpzx"
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_BOTH = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as place:
        yield place


# ---------------------------------------------------------------- 8: what lies or listens openly on the machine


def test_finding_08_the_database_and_its_folder_are_the_owner_s_alone(sanad: Sanad) -> None:
    os.umask(0)
    sanad.works("migrate")
    path = database_file(Settings())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_finding_08_the_database_s_journal_is_the_owner_s_alone(sanad: Sanad) -> None:
    async def look(store: Store) -> list[tuple[str, int]]:
        await store.write(lambda unit: unit.do("DELETE FROM marks"))
        folder = database_file(Settings()).parent
        return [(path.name, stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()]

    sanad.works("migrate")
    found = sanad.with_store(look)
    assert {name.partition("-")[2] for name, _ in found} == {"", "wal", "shm"}
    assert {mode for _, mode in found} == {0o600}


def test_finding_08_a_backup_is_the_owner_s_alone_and_touches_no_other_folder(sanad: Sanad) -> None:
    """Also while it is written: the shared folder for temporary files isn't even there."""
    os.umask(0)
    sanad.works("migrate")
    sanad.set(TMPDIR="/nowhere", TEMP="/nowhere", TMP="/nowhere", SQLITE_TMPDIR="/nowhere")
    modes: list[int] = []
    real = backup.write

    def watched(file: io.BufferedWriter, *rest: object) -> object:
        modes.append(stat.S_IMODE(os.fstat(file.fileno()).st_mode))
        return real(file, *rest)  # type: ignore[arg-type]

    sanad.patch.setattr(backup, "write", watched)
    before = set(Path("/tmp").iterdir())
    sanad.works("backup", "--out", "one.backup")
    assert modes == [0o600]
    assert stat.S_IMODE(Path("one.backup").stat().st_mode) == 0o600
    assert not [
        path for path in set(Path("/tmp").iterdir()) - before if "backup" in path.name or "sanad.db" in path.name
    ]


def test_finding_08_unless_told_otherwise_only_this_machine_is_listened_to() -> None:
    assert Settings.model_fields["host"].default == "127.0.0.1"


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="Only Linux says who listens in /proc.")
async def test_finding_08_nothing_listens_but_one_port_on_host(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "sanad.db")
    async with Telegram() as platform:
        served, address = deployment(f"sqlite:///{tmp_path / 'sanad.db'}", platform, tmp_path)
        with served.at_work("serve") as process:
            port = int(address.rpartition(":")[2])
            end = time.monotonic() + 20
            with socket.socket() as probe:
                while probe.connect_ex(("127.0.0.1", port)) and time.monotonic() < end:
                    pass
            found = set(_listening(process.pid))
    assert found == {("127.0.0.1", port)}


def _leads_to(entry: Path) -> str:
    """Where a link leads; nowhere if it was closed while we looked."""
    try:
        return str(entry.readlink())
    except FileNotFoundError:
        return ""


def _listening(process: int) -> Iterator[tuple[str, int]]:
    """Every TCP address at which a process listens."""
    mine = {
        found[1]
        for entry in Path(f"/proc/{process}/fd").iterdir()
        if (found := re.fullmatch(r"socket:\[(\d+)\]", _leads_to(entry)))
    }
    for name, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/{process}/net/{name}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == "0A" and rest[5] in mine:
                host, _, port = local.partition(":")
                words = [struct.pack("=I", int(host[at : at + 8], 16)) for at in range(0, len(host), 8)]
                yield socket.inet_ntop(family, b"".join(words)), int(port, 16)


# ---------------------------------------------------------------- 10: secrets in errors, logs and pages about errors


async def _asked_everywhere(client: Client, token: str = "") -> list[tuple[str, Answer]]:
    """Every way of the desk, with a canary in each place where a request can carry one."""
    answers = []
    for way in WAYS:
        path = re.sub(r"\{\w+\}", CANARY, way.path)
        for method in way.methods:
            headers = {"X-Canary": CANARY, "Referer": f"http://{CANARY}.example/"}
            if method == "GET":
                answers.append((way.path, await client.get(f"{path}?q={CANARY}&who={CANARY}", headers=headers)))
                continue
            form = {"name": CANARY, "words": CANARY, "code": CANARY, "token": client.token}
            answers.append((way.path, await client.post(path, form, headers=headers)))
            answers.append(
                (way.path, await client.post(path, json={"name": CANARY, "body": [CANARY]}, headers=headers))
            )
    return answers


LEFT_OUT = {"/desk/events", "/desk/leave", "/desk/language"}
"""One never ends, one ends the session that the others need, and one changes the language of the rest."""


@ON_SQLITE
async def test_finding_10_nothing_that_was_sent_to_the_desk_is_in_the_log(
    place: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "WAYS", [way for way in WAYS if way.path not in LEFT_OUT])
    async with Desks(place) as desks:
        for role in ("coordinator", "auditor"):
            member = await desks.hired("Salma", role)
            for path, answer in await _asked_everywhere(member.client):
                assert answer.status < 500, path
    assert CANARY not in place.log.getvalue()
    assert CANARY not in caplog.text


@ON_BOTH
async def test_finding_10_a_crash_says_a_neutral_sentence_and_nothing_of_what_broke(
    place: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every table but those that the guard needs is gone: whatever is asked for breaks as deep as it can."""
    monkeypatch.setattr(sys.modules[__name__], "WAYS", [way for way in WAYS if way.path not in LEFT_OUT])
    async with Desks(place) as desks:
        member = await desks.hired("Salma", "coordinator", language="en")
        await place.working.store.write(_break)
        answers = await _asked_everywhere(member.client)
        await place.working.store.write(_mend)
    broken = [(path, answer) for path, answer in answers if answer.status == 500]
    assert len(broken) > 10, "the desk should have broken in many places"
    for path, answer in broken:
        assert answer.text == SORRY, path
        assert answer.headers["Cache-Control"] == "no-store"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    written = place.log.getvalue() + caplog.text
    assert "desk_failed" in written
    assert CANARY not in written
    assert "Traceback" not in written
    assert {line["level"] for line in logged(place.log) if line.get("event") == "desk_failed"} == {"error"}
    place.log.seek(0)
    place.log.truncate()


SORRY = "Something went wrong on our side. What you did last may not be kept: go back to the desk and look.\n"
_KEPT = {"sessions", "staff", "reaches", "marks", "leases", "letters", "alarms", "files", "talks", "throttles"}


def _break(unit: Unit) -> None:
    for table in sorted(set(backup.tables()) - _KEPT):
        unit.do(f"ALTER TABLE {table} RENAME TO {table}_gone")


def _mend(unit: Unit) -> None:
    for table in sorted(set(backup.tables()) - _KEPT):
        unit.do(f"ALTER TABLE {table}_gone RENAME TO {table}")


@ON_SQLITE
async def test_finding_10_no_application_runs_in_debug(place: Town) -> None:
    sources = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "console").rglob("*.py")]
    assert [path for path in sources if re.search(r"debug\s*=\s*True", path.read_text(encoding="utf-8"))] == []
    async with Client(place.settings.address) as stranger:
        for path in (f"/{CANARY}", f"/desk/{CANARY}", f"/desk/static/{CANARY}", f"/desk/static/..%2f{CANARY}"):
            answer = await stranger.get(path)
            assert (answer.status, CANARY in answer.text) == (404, False)


def test_finding_10_a_library_s_traceback_is_not_logged() -> None:
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(WithoutWords('{"level": "%(levelname)s", "event": "%(name)s"}'))
    logger = logging.getLogger("sanad.a-library")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        int(CANARY)
    except ValueError:
        logger.exception("Exception in ASGI application\n%s", CANARY)
    assert CANARY not in said.getvalue()
    assert "Traceback" not in said.getvalue()
    assert '"event": "sanad.a-library"' in said.getvalue()


# ---------------------------------------------------------------- 11: what an export gives away


def test_finding_11_nothing_of_a_case_is_exported_but_a_printed_page() -> None:
    """Tables are taken out of campaigns and polls alone, and no cell of theirs runs as a formula (`campaign_csv.safe`).

    Whoever adds another export adds its test: tests/desk/test_campaign_report.py, tests/desk/test_public_pages.py.
    """
    words = re.compile(r"text/csv|import csv|openpyxl|xlsxwriter|Content-Disposition", re.IGNORECASE)
    sources = [path for folder in ("console", "handlers") for path in (ROOT / folder).rglob("*") if path.is_file()]
    written = [path for path in sources if path.suffix in {".py", ".html", ".js"} and "static" not in path.parts]
    assert written
    found = {path.name for path in written if words.search(path.read_text(encoding="utf-8"))}
    public = {"campaign_csv.py", "campaign_media.py", "polls.py"}
    assert found <= {"cases.js", "files.js", *public}
    exports = [way for way in WAYS if re.search(r"csv|xlsx?|export|download", way.path)]
    assert all(way.needs == "compose" and "/cases/" not in way.path for way in exports)


# ---------------------------------------------------------------- 16: a backup that says it is one, and isn't


def _full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device", CANARY)


def _torn(path: Path, *_: object) -> None:
    raise backup.Damaged(f"{path} is damaged")


@pytest.mark.parametrize(
    ("where", "harm"),
    [
        ("storage.backup._write_table", _full_disk),
        ("storage.backup.check", _torn),
        ("bot.commands.backup.os.fsync", _full_disk),
        ("bot.commands.backup._rename", _full_disk),
    ],
)
def test_finding_16_a_backup_that_fails_says_so_and_leaves_no_file(sanad: Sanad, where: str, harm: object) -> None:
    sanad.works("migrate")
    Path("backups").mkdir(mode=0o700)
    sanad.patch.setattr(where, harm)
    called = sanad("backup", "--out", "backups/one.backup")
    assert called.exit_code == 1
    assert "written and read again" not in called.output
    assert list(Path("backups").iterdir()) == []


def test_finding_16_a_damaged_database_gives_no_backup(sanad: Sanad) -> None:
    sanad.works("migrate")
    path = database_file(Settings())
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    content = bytearray(path.read_bytes())
    content[8192:40_960] = os.urandom(32_768)
    path.write_bytes(bytes(content))
    Path("backups").mkdir(mode=0o700)
    called = sanad("backup", "--out", "backups/one.backup")
    assert called.exit_code == 1
    assert list(Path("backups").iterdir()) == []


def test_finding_16_an_older_backup_is_only_deleted_once_the_new_one_was_read_again(sanad: Sanad) -> None:
    sanad.works("migrate")
    Path("backups").mkdir(mode=0o700)
    sanad.works("backup", "--out", "backups/sanad-1.backup")
    sanad.patch.setattr("storage.backup.check", _torn)
    assert sanad("backup", "--out", "backups/sanad-2.backup", "--keep", "1").exit_code == 1
    assert [path.name for path in Path("backups").iterdir()] == ["sanad-1.backup"]
