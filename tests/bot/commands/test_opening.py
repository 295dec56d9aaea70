"""A case opens with its recovery key and nothing else, whole, on whatever machine has the database; or says why not."""

import hashlib
import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.opening import called, code_of, extension
from handlers.cases import OpenedCase
from storage import cases, files
from storage.cases import Facets, Item
from storage.coding import encode
from storage.seal import PART, FileKey, seal_to
from storage.unit import Unit
from storage.vault import Place
from tests.bot.commands.conftest import Sanad

CODE, WORDS = "KTR-4MW", "قال إنه سيأتي الليلة \u200f«سرّ»"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 1500


def _file(unit: Unit, case: cases.Case, number: int, content: bytes, **more: Any) -> None:
    """A file as it lies once it was fetched and sealed to its case."""
    key = FileKey(number, bytes([number]) * 32)
    parts = [content[at : at + PART] for at in range(0, len(content), PART)]
    sql = "INSERT INTO files (id, case_id, channel, state, due_at, made_at) VALUES (:id, 9, 'telegram', 'kept', 0, 0)"
    unit.do(sql, {"id": number})
    for place, part in enumerate(parts):
        files.put_part(unit, number, place, key.seal_part(place, part))
    digest = hashlib.sha256(content).hexdigest()
    told = {"kind": "photo", "mime": "image/jpeg", "name": "../../.ssh/authorized_keys", "size": len(content)}
    note = {"file": number, "secret": key.secret, "sha256": digest, "parts": len(parts)} | told | more
    cases.add_items(unit, case, 1000 + number, [Item("file", NOW, note)])


def _open_case(unit: Unit) -> None:
    facets = Facets("high", (("danger", "unsafe"),), {"governorate": "marib"})
    case = cases.open_case(
        unit, 9, CODE, b"s" * 32, person=None, facets=facets, mechanism="v1", now=NOW, to=cases.readers(unit)
    )
    about = {"channel": "telegram", "language": "ar", "level": "high", "because": [["danger", "unsafe"]], "place": {}}
    cases.add_items(unit, case, 100, [Item("opened", NOW, about)])
    answers = {"what": {"words": WORDS}, "proof": {"files": [1, 2]}}
    cases.add_items(unit, case, 101, [Item("report", NOW, {"answers": answers, "files": [1, 2, 3]})])
    _file(unit, case, 1, PHOTO)
    _file(unit, case, 2, b"", parts=0, why="too_large")


@pytest.fixture
def opened(stored: Sanad) -> Sanad:
    """A database with one case, its recovery key in key.json, and no server key at hand."""
    return _prepared(stored)


@pytest.fixture
def here(sanad: Sanad) -> Sanad:
    """The same on SQLite alone, for what does not touch the database's kind."""
    return _prepared(sanad)


def _prepared(sanad: Sanad) -> Sanad:
    sanad.works("keys", "recovery", "--out", "key.json")
    sanad.with_store(lambda store: store.write(_open_case))
    sanad.patch.delenv("SANAD_KEYS")
    return sanad


def test_it_prints_the_case_as_json_with_her_words_as_they_were(opened: Sanad) -> None:
    printed = opened.works("open", CODE, "--key", "key.json")
    case = json.loads(printed)
    assert case["code"] == CODE
    assert case["answers"]["what"]["words"] == WORDS
    assert WORDS in printed
    assert case["urgency"]["level"] == "high"


def test_files_are_written_byte_for_byte_under_names_of_ours(opened: Sanad) -> None:
    called = opened("open", CODE, "--key", "key.json", "--files", "out")
    assert called.exit_code == 0, called.output
    assert [path.name for path in (opened.folder / "out").iterdir()] == ["1.jpg"]
    assert (opened.folder / "out" / "1.jpg").read_bytes() == PHOTO
    assert stat.S_IMODE((opened.folder / "out" / "1.jpg").stat().st_mode) == 0o600
    assert stat.S_IMODE((opened.folder / "out").stat().st_mode) == 0o700


def test_no_key_of_a_file_is_ever_printed(here: Sanad) -> None:
    assert "secret" not in here.works("open", CODE, "--key", "key.json")


def test_a_file_that_did_not_arrive_is_spoken_of(here: Sanad) -> None:
    called = here("open", CODE, "--key", "key.json")
    assert "File 3 has not arrived yet" in called.stderr
    assert "File 2 never arrived (too_large)" in called.stderr


def test_writing_files_twice_does_no_harm(here: Sanad) -> None:
    here.works("open", CODE, "--key", "key.json", "--files", "out")
    here.works("open", CODE, "--key", "key.json", "--files", "out")


def test_a_file_of_another_is_not_overwritten(here: Sanad) -> None:
    (here.folder / "out").mkdir()
    (here.folder / "out" / "1.jpg").write_text("mine")
    assert here("open", CODE, "--key", "key.json", "--files", "out").exit_code == 1
    assert (here.folder / "out" / "1.jpg").read_text() == "mine"


def test_a_file_that_is_not_as_it_was_received_is_not_written(here: Sanad) -> None:
    here.with_store(lambda store: store.write(_spoil_a_part))
    called = here("open", CODE, "--key", "key.json", "--files", "out")
    assert called.exit_code == 1
    assert "Not as they were received: file 1" in called.stderr
    assert list((here.folder / "out").iterdir()) == []


def _spoil_a_part(unit: Unit) -> None:
    files.put_part(unit, 1, 0, FileKey(1, bytes([1]) * 32).seal_part(0, b"something else"))


@pytest.mark.parametrize("typed", ["ktr-4mw", " KTR – 4MW ", "ktr4mw", "KTR‑٤MW", "\u200fKTR-4MW\u200f"])
def test_a_code_is_understood_as_people_type_it(typed: str) -> None:
    assert code_of(typed) == CODE


@pytest.mark.parametrize("typed", ["ZZZ-ZZZ", "nonsense", "", "'; DROP TABLE cases"])
def test_an_unknown_code_is_said_in_a_sentence(here: Sanad, typed: str) -> None:
    called = here("open", typed, "--key", "key.json")
    assert called.exit_code == 1
    assert "There is no case" in called.stderr
    assert called.stdout == ""


def test_a_key_that_does_not_fit_says_which_one_would(here: Sanad) -> None:
    first = json.loads((here.folder / "key.json").read_text(encoding="utf-8"))
    here.works("keys", "recovery", "--out", "second.json")
    second = json.loads((here.folder / "second.json").read_text(encoding="utf-8"))
    called = here("open", CODE, "--key", "second.json")
    assert called.exit_code == 1
    assert "does not fit" in called.stderr
    assert first["fingerprint"] in called.stderr
    assert second["fingerprint"] in called.stderr
    assert called.stdout == ""


def test_a_case_that_was_tampered_with_is_not_shown(here: Sanad) -> None:
    here.with_store(lambda store: store.write(_forge))
    called = here("open", CODE, "--key", "key.json")
    assert called.exit_code == 1
    assert "was changed" in called.stderr
    assert called.stdout == ""


def _forge(unit: Unit) -> None:
    """Whoever has the database can seal to the case, but not in the place of what is there."""
    case = cases.by_number(unit, 9)
    assert case is not None
    forged = seal_to(case.public_key, Place("case_items", "body", "9/999"), encode(Item("report", NOW, {})))
    unit.do("UPDATE case_items SET body = :body WHERE number = 101", {"body": forged})


@pytest.mark.parametrize(
    ("name", "value"),
    [("seed", "AAAA"), ("seed", "no base64!"), ("fingerprint", "0000"), ("version", 2), ("kind", "?"), ("reader", "x")],
)
def test_a_broken_key_file_is_a_wrong_word_of_the_call(here: Sanad, name: str, value: object) -> None:
    path = here.folder / "key.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {name: value}), encoding="utf-8")
    called = here("open", CODE, "--key", "key.json")
    assert called.exit_code == 2
    assert "key.json" in called.stderr


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{"])
def test_a_file_that_is_no_key_is_a_wrong_word_of_the_call(here: Sanad, content: bytes) -> None:
    (here.folder / "key.json").write_bytes(content)
    assert here("open", CODE, "--key", "key.json").exit_code == 2


def test_a_missing_key_file_is_a_wrong_word_of_the_call(here: Sanad) -> None:
    assert here("open", CODE, "--key", "nowhere.json").exit_code == 2


def test_a_key_file_that_others_may_read_is_remarked_upon(here: Sanad) -> None:
    Path("key.json").chmod(0o644)
    assert "chmod 600" in here("open", CODE, "--key", "key.json").stderr


def test_where_there_is_no_database_none_is_made(here: Sanad) -> None:
    here.set(SANAD_DATA=str(here.folder / "elsewhere"))
    called = here("open", CODE, "--key", "key.json")
    assert called.exit_code == 1
    assert "no database" in called.stderr
    assert not (here.folder / "elsewhere" / "sanad.db").exists()


@pytest.mark.parametrize(
    ("content", "mime", "found"),
    [
        (PHOTO, "text/html", ".jpg"),
        (b"OggS....", "audio/ogg", ".ogg"),
        (b"\0\0\0\x18ftypmp42", "", ".mp4"),
        (b"\0\0\0\x18ftypM4A ", "", ".m4a"),
        (b"%PDF-1.7", "", ".pdf"),
        (b"MZ...", "application/x-msdownload", ".bin"),
        (b"<script>", "text/html", ".bin"),
        (b"hello", "Text/Plain; charset=utf-8", ".txt"),
    ],
)
def test_a_file_is_called_by_what_it_is_never_by_what_would_run(content: bytes, mime: str, found: str) -> None:
    assert extension(content, mime) == found


def test_a_picture_and_its_clean_copy_are_told_apart_by_their_names() -> None:
    notes = [{"file": 5}, {"file": 6, "clean_of": 5}, {"file": 7}]
    opened = OpenedCase({"files": notes}, {})
    assert [called(note, opened) for note in notes] == ["5-original", "5-clean", "7"]
