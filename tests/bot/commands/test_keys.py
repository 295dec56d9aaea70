"""Keys are printed or written once, never over another, and rotating says when the old one may go."""

import base64
import json
import re
import stat
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from bot.commands import keys as keys_command
from bot.settings import ROOT
from storage import cases, readers, staff
from storage.seal import public_key
from storage.unit import Unit
from storage.vault import Key, read_ring, write_key
from tests.bot.commands.conftest import KEY, Sanad

NEW = Key("new2", bytes(range(1, 33)))


def test_a_new_key_is_one_line_and_nothing_else(sanad: Sanad) -> None:
    called = sanad("keys", "new")
    assert re.fullmatch(r"[a-z0-9]{6}:[A-Za-z0-9+/]{43}=\n", called.stdout)
    assert called.stderr == ""
    assert len(read_ring(called.stdout)) == 1


def test_no_two_new_keys_are_the_same(sanad: Sanad) -> None:
    assert len({sanad.works("keys", "new") for _ in range(5)}) == 5


def test_a_new_key_is_printed_by_the_program_itself_too(sanad: Sanad) -> None:
    done = subprocess.run([sys.executable, "-m", "bot", "keys", "new"], capture_output=True, check=True, cwd=ROOT)
    assert read_ring(done.stdout.decode())
    assert done.stderr == b""


class TestRecovery:
    def test_it_writes_the_private_half_for_the_owner_only_and_registers_the_public_half(self, stored: Sanad) -> None:
        out = stored.folder / "recovery.json"
        said = stored.works("keys", "recovery", "--out", str(out))
        content = json.loads(out.read_text(encoding="utf-8"))
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        known = stored.with_store(lambda store: store.read(readers.recovery))
        assert known is not None
        assert known.id == content["reader"]
        assert content["fingerprint"] in said
        assert content["seed"] not in said

    def test_it_needs_no_server_key(self, sanad: Sanad) -> None:
        sanad.patch.delenv("SANAD_KEYS")
        sanad.works("keys", "recovery", "--out", "recovery.json")

    def test_it_never_overwrites_a_file(self, sanad: Sanad) -> None:
        (sanad.folder / "mine").write_text("precious")
        called = sanad("keys", "recovery", "--out", "mine")
        assert called.exit_code == 2
        assert "never overwritten" in called.stderr
        assert (sanad.folder / "mine").read_text() == "precious"

    def test_where_the_file_can_t_be_written_nothing_is_registered(self, stored: Sanad) -> None:
        called = stored("keys", "recovery", "--out", str(stored.folder / "missing" / "recovery.json"))
        assert called.exit_code == 1
        assert stored.with_store(lambda store: store.read(readers.recovery)) is None

    def test_where_it_can_t_be_registered_no_file_is_left(self, sanad: Sanad) -> None:
        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        sanad.patch.setattr(keys_command, "_register", fail)
        assert sanad("keys", "recovery", "--out", "recovery.json").exit_code == 1
        assert not (sanad.folder / "recovery.json").exists()

    def test_a_second_one_says_what_becomes_of_older_cases(self, sanad: Sanad) -> None:
        sanad.works("keys", "recovery", "--out", "first.json")
        first = json.loads((sanad.folder / "first.json").read_text(encoding="utf-8"))

        sanad.with_store(lambda store: store.write(_open_case))
        called = sanad("keys", "recovery", "--out", "second.json")
        assert first["fingerprint"] in called.stderr
        assert "1 older cases stay sealed to it" in called.stderr


def _open_case(unit: Unit) -> None:
    facets = cases.Facets("low")
    cases.open_case(
        unit,
        9,
        "KTR-4MW",
        bytes(32),
        person=None,
        facets=facets,
        mechanism="1",
        now=datetime.now(UTC),
        to=cases.readers(unit),
    )


class TestRotate:
    def test_it_rewrites_everything_and_says_that_the_old_key_may_go(self, stored: Sanad) -> None:
        stored.works("staff", "add", "هدى", "--role", "focal_point", "--telegram", "12345")
        stored.set(SANAD_KEYS=f"{write_key(NEW)},{write_key(KEY)}")
        called = stored("keys", "rotate")
        assert called.exit_code == 0, called.output
        assert called.stdout == "Everything is sealed with key new2.\n"
        assert "test1 may be removed" in called.stderr
        stored.set(SANAD_KEYS=write_key(NEW))
        assert "هدى" in stored.works("staff", "list")
        assert [one.name for one in stored.with_store(lambda store: store.read(staff.members), NEW)] == ["هدى"]

    def test_a_second_time_there_is_nothing_to_do(self, sanad: Sanad) -> None:
        sanad.works("staff", "add", "Huda", "--role", "focal_point", "--telegram", "12345")
        assert sanad.works("keys", "rotate") == sanad.works("keys", "rotate")

    def test_without_the_key_that_sealed_it_refuses_and_names_the_setting(self, sanad: Sanad) -> None:
        sanad.works("staff", "add", "Huda", "--role", "focal_point", "--telegram", "12345")
        sanad.set(SANAD_KEYS=write_key(NEW))
        called = sanad("keys", "rotate")
        assert called.exit_code == 1
        assert "SANAD_KEYS" in called.stderr


@pytest.mark.parametrize("lines", ["", "nonsense", "a1:AAAA"])
def test_unusable_keys_are_said_in_a_sentence(sanad: Sanad, lines: str) -> None:
    sanad.set(SANAD_KEYS=lines)
    called = sanad("keys", "rotate")
    assert called.exit_code == 1
    assert "sanad keys new" in called.stderr
    assert "Traceback" not in called.output


def test_the_public_half_is_the_seed_s(sanad: Sanad) -> None:
    sanad.works("keys", "recovery", "--out", "recovery.json")
    content = json.loads((sanad.folder / "recovery.json").read_text(encoding="utf-8"))
    known = sanad.with_store(lambda store: store.read(readers.recovery))
    assert known is not None
    assert known.public_key == public_key(base64.b64decode(content["seed"]))
