"""Words and bytes planted in every field of a report: found nowhere on our side, and all of them by the recovery key.

It looks as a thief's script would: into files, tables, logs, metrics, answers and focal points' phones, in every
spelling in which bytes are commonly written.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import psycopg
import pytest
from psycopg import sql

from bot.commands import recovery_file
from bot.commands.recovery_file import RecoveryKey
from bot.settings import ROOT
from storage.inventory import sealed_by
from storage.unit import Unit
from storage.vault import Place
from tests import telling
from tests.people import Woman
from tests.postgres import Postgres
from tests.telling import Told
from tests.town import SEED, Town, town

NAME, USERNAME = "Canaryna", "canary_user_k4w"
TOLD = Told(
    where="خلف مخبز كناري-مكان-q1wkvjhpzx",
    when="بعد عرس كناري-وقت-q2wkvjhpzx",
    what="كتب لي كناري-كلام-q3wkvjhpzx كلامًا لا أريده",
    who="ابن جيران اسمه كناري-فاعل-q4wkvjhpzx",
    wish="أتمنى كناري-أمنية-q5wkvjhpzx",
    never="لا تخبروا كناري-ممنوع-q6wkvjhpzx",
    contact="رقم كناري-وصول-q7wkvjhpzx",
    hours="حين ينام كناري-ساعة-q8wkvjhpzx",
    word="كناري-سر-q9wkvjhpzx",
    caption="هذه صورة كناري-تعليق-qawkvjhpzx",
    file_name="canary-name-qbwkvjhpzx.pdf",
    photo=b"\xff\xd8\xff" + hashlib.sha512(b"photo").digest() * 5000,
    voice=b"OggS" + hashlib.sha512(b"voice").digest() * 300,
    document=b"%PDF-1.7 " + hashlib.sha512(b"document").digest() * 9000,
)
WORDS = (
    *(TOLD.where, TOLD.when, TOLD.what, TOLD.who, TOLD.wish, TOLD.never, TOLD.contact, TOLD.hours, TOLD.word),
    *(TOLD.caption, TOLD.file_name),
)
FILES = (TOLD.photo, TOLD.voice, TOLD.document)
BYTES = tuple(hashlib.sha512(name).digest()[:40] for name in (b"photo", b"voice", b"document"))


# ---------------------------------------------------------------- the net


def spellings(planted: bytes) -> Iterator[bytes]:
    """Bytes as they are, in hex, and in base64 at each of its three offsets."""
    yield from (planted, planted.hex().encode(), planted.hex().upper().encode())
    for offset in range(3):
        shifted = base64.b64encode(b"\0" * offset + planted)
        inside = shifted[-(-offset * 8 // 6) : (offset + len(planted)) * 8 // 6]
        yield from (inside, inside.replace(b"+", b"-").replace(b"/", b"_"))


def of_words(words: str) -> Iterator[bytes]:
    """Words in the encodings and escapes in which software writes them down, whole and as the mark in them alone."""
    mark = next((part for part in words.replace("-", " ").replace(".", " ").split() if part.endswith("zx")), words)
    for said in (words, mark):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield from spellings(said.encode(encoding))
        yield from (json.dumps(said)[1:-1].encode(), quote(said).encode(), said.encode("unicode_escape"))


def of_number(number: str) -> Iterator[bytes]:
    """An address: its digits, and its number as databases keep it."""
    yield from of_words(number)
    for size in (5, 6, 8):
        yield int(number).to_bytes(size)


def caught(net: Mapping[str, frozenset[bytes]], where: str, content: bytes) -> list[str]:
    """What of the net is in the content, named by its field."""
    return [f"{field} in {where}" for field, shapes in net.items() if any(shape in content for shape in shapes)]


def woven(words: tuple[str, ...], planted: tuple[bytes, ...], numbers: tuple[str, ...]) -> dict[str, frozenset[bytes]]:
    """Everything to be looked for, by what it is."""
    net = {word: frozenset(of_words(word)) for word in words}
    net |= {f"file {number}": frozenset(spellings(content)) for number, content in enumerate(planted)}
    return net | {f"address {number}": frozenset(of_number(number)) for number in numbers}


def test_the_net_catches_every_spelling_and_nothing_else() -> None:
    net = woven(WORDS, BYTES, ())
    for written in of_words(TOLD.what):
        assert caught(net, "a file", b"\0\xffsome" + written + b"\0more") == [f"{TOLD.what} in a file"], written


def test_the_net_catches_bytes_and_numbers() -> None:
    net = woven((), BYTES, ("967777716354",))
    assert caught(net, "x", base64.b64encode(b"?" + BYTES[0])) == ["file 0 in x"]
    assert caught(net, "x", b"\0" + (967777716354).to_bytes(6)) == ["address 967777716354 in x"]


# ---------------------------------------------------------------- where it is cast


def of_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder: database, journal, shared memory, temporary files."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()


def of_tables(url: str) -> Iterator[tuple[str, bytes]]:
    """Every value of every table of a PostgreSQL, as text and as the bytes that it stands for."""
    with psycopg.connect(url) as connection:
        named = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in named:
            rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
            yield name, b"\n".join(_as_bytes(value) for row in rows for value in row)


def _as_bytes(value: object) -> bytes:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value).encode() + b" " + value.to_bytes(9, signed=True)
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


async def of_pages(place: Town) -> AsyncIterator[tuple[str, bytes]]:
    """What the world is answered: metrics, health, and errors of every kind."""
    base = place.settings.address
    update = json.dumps({"update_id": 9, "message": {"text": TOLD.what, "chat": {"id": telling.NUMBER}}}).encode()
    form = {"From": f"whatsapp:+96777{telling.NUMBER}", "Body": TOLD.what, "MessageSid": "SM" + "b" * 32}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/metrics", {}),
        ("GET", "/health", {}),
        ("GET", "/ready", {}),
        ("GET", f"/{quote(TOLD.what)}", {}),
        ("PUT", "/telegram", {"data": update}),
        ("POST", "/telegram", {"data": update}),
        ("POST", "/telegram", {"data": update[:-3], "headers": {"X-Telegram-Bot-Api-Secret-Token": "town-secret"}}),
        ("POST", "/whatsapp", {"data": form}),
        ("POST", "/whatsapp/status", {"data": form}),
    ]
    async with aiohttp.ClientSession() as session:
        for method, path, more in asked:
            async with session.request(method, base + path, **more) as answer:
                yield f"{method} {path}", str(dict(answer.headers)).encode() + await answer.read()


# ---------------------------------------------------------------- the story


@dataclass(frozen=True, slots=True)
class Left:
    """What one report left behind, wherever one could look."""

    code: str
    number: str
    """Her address, as digits."""
    seen: tuple[tuple[str, bytes], ...]
    """Files, tables, logs and answers: where, and what stood there."""
    shown: bytes
    """All that the focal point's phone was given."""
    pages: int
    unlocked: tuple[tuple[str, bytes], ...]
    """What the server's keys open: column and value."""
    case: Mapping[str, Any]
    """What `sanad open` prints."""
    files: frozenset[bytes]
    """What it writes."""


_POSTGRES = pytest.mark.postgres


@pytest.fixture(
    scope="module",
    params=["telegram-sqlite", "whatsapp-sqlite"]
    + [pytest.param(f"{app}-postgres", marks=_POSTGRES) for app in ("telegram", "whatsapp")],
)
def left(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """A report told to its end, fetched, sealed, answered and taken, on either app and either database."""
    app, _, kind = request.param.partition("-")
    folder = tmp_path_factory.mktemp("data")
    (folder / "temporary").mkdir()
    database = f"sqlite:///{folder / 'sanad.db'}"
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "sanad.db")
    else:
        server: Postgres = request.getfixturevalue("postgres_server")
        database = server.new_database()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TMPDIR", "SQLITE_TMPDIR"):
            patch.setenv(name, str(folder / "temporary"))
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        return asyncio.run(_left(database, folder, elsewhere, by_whatsapp=app == "whatsapp"))


async def _left(database: str, folder: Path, elsewhere: Path, *, by_whatsapp: bool) -> Left:
    with _heard_from_libraries() as heard:
        async with town(database, folder) as place:
            place.by_whatsapp = by_whatsapp
            code, huda = await is_told(place)
            number = f"96777{telling.NUMBER}" if by_whatsapp else str(telling.NUMBER)
            seen = [*of_files(folder), *[page async for page in of_pages(place)]]
            seen += [] if database.startswith("sqlite") else of_tables(database)
            unlocked = await place.working.store.read(opened_with_server_keys)
            case = await sanad_open(elsewhere, database, code, place.now())
            now = place.log.getvalue().encode()
    seen += [*of_files(folder), ("the log", now), ("libraries' logs", "\n".join(heard).encode())]
    calls = [call.params for call in (*place.telegram.calls, *place.twilio.calls)]
    to_huda = [params for params in calls if "2001" in str(params.get("chat_id") or params.get("To"))]
    shown = [(message.text, message.buttons) for message in huda.phone.messages]
    told = json.dumps([shown, to_huda], ensure_ascii=False, default=str).encode()
    written = frozenset(path.read_bytes() for path in (elsewhere / "files").iterdir())
    return Left(code, number, tuple(seen), told, len(shown), tuple(unlocked), case, written)


@contextmanager
def _heard_from_libraries() -> Iterator[list[str]]:
    """What libraries' loggers let pass: in production only WARNING and above does."""
    heard: list[str] = []

    class _Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(self.format(record))

    ear = _Ear(logging.WARNING)
    logging.getLogger().addHandler(ear)
    try:
        yield heard
    finally:
        logging.getLogger().removeHandler(ear)


async def is_told(place: Town) -> tuple[str, Woman]:
    """A canary in every field. Returns the code, and the focal point."""
    huda = await telling.on_call(place, "هدى", 2001)
    amal = telling.her(place, "ar", NAME)
    if not place.by_whatsapp:
        await amal.phone.says("السلام", **{"from": {**amal.phone.user, "username": USERNAME}})
        await amal.sees(telling.WELCOME)
    code = await telling.reports(place, amal, TOLD)
    await telling.files_are_here(place)
    await huda.sees("You have an appointment that needs confirming ({code})")
    await huda.answers("I take it")
    await amal.sees("A person has your message now and is seeing to it.")
    await telling.letters_are_gone(place)
    return code, huda


def test_nothing_of_a_report_is_found_on_our_side(left: Left) -> None:
    net = woven((*WORDS, NAME, USERNAME), BYTES, (left.number,))
    assert [found for where, content in left.seen for found in caught(net, where, content)] == []


def test_the_net_was_cast_where_the_case_lies(left: Left) -> None:
    assert any(left.code.encode() in content for _, content in left.seen)
    assert any(b"sanad_updates_total" in content for where, content in left.seen if where == "GET /metrics")
    assert any(b'"ready"' in content for where, content in left.seen if where == "the log")


def test_nothing_of_a_report_reaches_a_focal_point_s_phone(left: Left) -> None:
    net = woven((*WORDS, NAME, USERNAME, left.code), BYTES, (left.number,))
    assert left.pages >= 2, "a page, and that it is hers"
    assert caught(net, "a letter", left.shown) == []


def test_the_server_s_keys_open_no_word_of_it(left: Left) -> None:
    net = woven((*WORDS, NAME, USERNAME), BYTES, ())
    assert any(left.number.encode() in plain for _, plain in left.unlocked), "what routing needs does open"
    assert [found for where, plain in left.unlocked for found in caught(net, where, plain)] == []


def test_no_letter_no_file_s_key_and_no_platform_s_handle_outlives_its_use(left: Left) -> None:
    assert {where for where, _ in left.unlocked}.isdisjoint({"letters.body", "files.secret", "files.handle"})


def test_the_recovery_key_finds_every_word(left: Left) -> None:
    printed = json.dumps(left.case, ensure_ascii=False)
    assert [word for word in WORDS if word not in printed] == []


def test_the_recovery_key_brings_files_back_byte_for_byte(left: Left) -> None:
    assert left.files == frozenset(FILES)
    noted = {(note["sha256"], note["size"]) for note in left.case["files"]}
    assert noted == {(hashlib.sha256(content).hexdigest(), len(content)) for content in FILES}


# ---------------------------------------------------------------- keys


def opened_with_server_keys(unit: Unit) -> list[tuple[str, bytes]]:
    """Every value that the server's ring opens, with its column."""
    found = []
    for one in sealed_by("server"):
        columns = f"{', '.join(one.row)}, {one.column}"
        for *row, sealed in unit.all(f"SELECT {columns} FROM {one.table} WHERE {one.column} IS NOT NULL"):
            place = Place(one.table, one.column, "/".join(map(str, row)))
            found.append((f"{one.table}.{one.column}", unit.vault.open(place, bytes(sealed))))
    return found


async def sanad_open(folder: Path, database: str, code: str, now: datetime) -> Mapping[str, Any]:
    """Call `sanad open` as its own process, without any server key; its files go to `files` in the folder."""
    key = folder / "recovery.json"
    recovery_file.write(key, RecoveryKey(1, SEED), now)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SANAD")}
    words = [sys.executable, "-m", "bot", "open", code, "--key", str(key), "--files", str(folder / "files")]
    process = await asyncio.create_subprocess_exec(
        *words,
        cwd=folder,
        env={**environment, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    return dict(json.loads(printed))
