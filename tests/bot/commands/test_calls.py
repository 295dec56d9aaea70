"""Every command explains itself, ends with the agreed exit code, and never with a traceback for what the world does."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import typer
from typer.core import TyperGroup

from bot.__main__ import app
from bot.settings import ROOT
from tests.bot.commands.conftest import Sanad
from tests.postgres import Postgres


def _commands(group: TyperGroup, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        found += _commands(command, (*before, name)) if isinstance(command, TyperGroup) else [(*before, name)]
    return found


_ALL = _commands(typer.main.get_group(app))


def test_the_commands_are_those_that_were_agreed() -> None:
    assert sorted(" ".join(words) for words in _ALL) == sorted(
        [
            *("demo", "serve", "web", "worker", "migrate", "talk", "doctor", "open"),
            *("keys new", "keys rotate", "keys recovery", "keys split", "drill", "backup", "restore", "audit verify"),
            *("recover export", "recover seal", "recover import", "receipt keys", "receipt verify"),
            *("staff add", "staff list", "staff disable", "rota add", "rota show"),
        ]
    )


@pytest.mark.parametrize("words", [(), ("keys",), ("staff",), ("rota",), *_ALL], ids=" ".join)
def test_each_explains_itself(sanad: Sanad, words: tuple[str, ...]) -> None:
    said = sanad.works(*words, "--help")
    assert "Usage: " in said


@pytest.mark.parametrize(
    "words", [("nonsense",), ("staff", "add"), ("open",), ("rota", "show", "--days", "0")], ids=" ".join
)
def test_words_that_are_off_end_with_2(sanad: Sanad, words: tuple[str, ...]) -> None:
    assert sanad(*words).exit_code == 2


@pytest.mark.parametrize("words", [("staff", "list"), ("rota", "show"), ("keys", "rotate"), ("serve",)], ids=" ".join)
def test_without_keys_each_refuses_and_names_the_command_that_makes_them(sanad: Sanad, words: tuple[str, ...]) -> None:
    sanad.patch.delenv("SANAD_KEYS")
    called = sanad(*words)
    assert called.exit_code == 1
    assert "sanad keys new" in called.stderr
    assert list(sanad.folder.iterdir()) == []


@pytest.mark.parametrize("part", ["web", "worker"])
def test_two_processes_on_sqlite_refuse_and_say_why(sanad: Sanad, part: str) -> None:
    called = sanad(part)
    assert called.exit_code == 1
    assert "sanad serve" in called.stderr


def test_a_setting_that_is_off_is_named_but_not_repeated(sanad: Sanad) -> None:
    sanad.set(PORT="secret-by-mistake")
    called = sanad("migrate")
    assert called.exit_code == 1
    assert "PORT" in called.stderr
    assert "secret-by-mistake" not in called.output


def test_a_database_that_does_not_answer_is_said_without_its_address(sanad: Sanad) -> None:
    sanad.set(DATABASE_URL="postgresql://sanad:hunter2@127.0.0.1:1/sanad")
    called = sanad("staff", "list")
    assert called.exit_code == 1
    assert "DATABASE_URL" in called.stderr
    assert "hunter2" not in called.output
    assert "Traceback" not in called.output


def test_a_folder_that_can_t_be_made_is_said_in_a_sentence(sanad: Sanad) -> None:
    (sanad.folder / "file").write_text("")
    sanad.set(SANAD_DATA=str(sanad.folder / "file" / "data"))
    called = sanad("staff", "list")
    assert called.exit_code == 1
    assert "rights" in called.stderr


def test_migrating_makes_the_tables_once(sanad: Sanad) -> None:
    assert "0004" in sanad.works("migrate")
    assert "nothing to do" in sanad.works("migrate")
    assert (sanad.folder / "data" / "sanad.db").stat().st_mode & 0o077 == 0
    assert (sanad.folder / "data").stat().st_mode & 0o077 == 0


@pytest.mark.postgres
def test_a_shared_database_is_migrated_by_its_own_command_alone(sanad: Sanad, postgres_server: Postgres) -> None:
    url = postgres_server.new_database()
    sanad.set(DATABASE_URL=_emptied(url))
    called = sanad("staff", "list")
    assert called.exit_code == 1
    assert "sanad migrate" in called.stderr
    sanad.works("migrate")
    sanad.works("staff", "list")


def _emptied(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url


def test_results_go_to_stdout_and_remarks_to_stderr(sanad: Sanad) -> None:
    sanad.works("keys", "recovery", "--out", "key.json")
    called = sanad("open", "ZZZ-ZZZ", "--key", "key.json")
    assert called.stdout == ""
    assert called.stderr


def test_ctrl_c_ends_it_quietly(sanad: Sanad) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "talk"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        cwd=sanad.folder,
    ) as talking:
        assert talking.stdin
        assert talking.stderr
        assert talking.stdout
        talking.stdin.write(b"/start\n")
        talking.stdin.flush()
        assert talking.stdout.readline()
        talking.send_signal(signal.SIGINT)
        remarks = talking.communicate(timeout=30)[1]
        assert talking.returncode == 130
        assert b"Traceback" not in remarks


def test_output_is_utf_8_whatever_the_machine_says_of_itself(sanad: Sanad) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    sanad.works("staff", "add", "هدى", "--role", "auditor")
    words = [sys.executable, "-m", "bot", "staff", "list"]
    done = subprocess.run(words, capture_output=True, env=env, cwd=sanad.folder, check=False)
    assert done.returncode == 0, done.stderr
    assert "هدى" in done.stdout.decode()


def test_no_command_writes_where_it_was_not_told_to(sanad: Sanad) -> None:
    sanad.works("keys", "recovery", "--out", "key.json")
    assert {path.name for path in Path().iterdir()} == {"data", "key.json"}
    assert json.loads(Path("key.json").read_text(encoding="utf-8"))["version"] == 1
