"""Holds a conversation in the terminal: the real program, made-up staff, and a database that is thrown away.

It never touches the real database, and it sends nothing to anybody.
"""

from __future__ import annotations

import mimetypes
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from pydantic import SecretStr

from bot import chance, logs
from bot.channels.preview import Preview
from bot.channels.whatsapp.rendering import numbered
from bot.commands.outcome import WrongWords, remark
from bot.settings import Settings
from bot.wiring import Sanad, check_tables, wired
from flows.core import Language
from flows.rota import Shift
from handlers.channel import Inbound
from handlers.media import fetch_now
from handlers.rendering import outgoing
from storage import cases, outbox, shifts, staff
from storage.outbox import Lane, Letter
from storage.seal import SEED, public_key
from storage.unit import Unit
from storage.vault import Key, write_key

_SHE, _ON_CALL = "her", "on-call"
_MOST = 50
_HELP = (
    "This is a rehearsal: nothing is sent, and everything is thrown away at the end.\n"
    "Write as she would; a choice is its number. /start begins, /file PATH shares a file, "
    "/place LATITUDE LONGITUDE a place. Ctrl-D ends."
)


async def converse(settings: Settings, language: Language, transcript: Path | None) -> None:
    """Read what she says from stdin until its end; print what she is told. Raises `WrongWords` for the transcript."""
    logs.configure()
    with _paper(transcript) as paper, tempfile.TemporaryDirectory(prefix="sanad-talk-") as folder:
        phones = Preview([_SHE, _ON_CALL], chance.token(), chance.now)
        async with _rehearsing(_thrown_away(settings, Path(folder)), phones) as sanad:
            remark(_HELP)
            terminal = Terminal(sanad, phones, language, paper)
            for line in _lines():
                await terminal.hear(line)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Her phone, in a terminal."""

    sanad: Sanad
    phones: Preview
    language: Language
    paper: TextIO | None

    async def hear(self, line: str) -> None:
        """One line of hers, and all that follows from it."""
        try:
            inbound = self._understand(line)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            remark(f"That could not be shared: {reason}.")
            return
        self._note("\n".join(f"< {part}" for part in line.splitlines()), show=False)
        await self.sanad.receive(inbound)
        await fetch_now(self.sanad.store, self.sanad.channels, self.sanad.world)
        for letter in await self.sanad.store.write(_take, chance.now()):
            self._tell(letter)

    def _understand(self, line: str) -> Inbound:
        """Raises OSError for a file that can't be read, ValueError for a place that is none."""
        command, _, rest = line.partition(" ")
        match command:
            case "/file":
                path = Path(rest.strip()).expanduser()
                mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                return self.phones.share(_SHE, path.read_bytes(), mime, path.name, self.language)
            case "/place":
                return self.phones.place(_SHE, *_place(rest), self.language)
            case _:
                return self.phones.say(_SHE, line, self.language)

    def _tell(self, letter: Letter) -> None:
        said = numbered(outgoing(letter, None))
        if letter.body.to == _SHE:
            self._note("\n".join(f"> {line}".rstrip() for line in said.splitlines()))
        else:
            self._note("\n".join(f"  (to the focal point on call) {line}".rstrip() for line in said.splitlines()))

    def _note(self, text: str, *, show: bool = True) -> None:
        if show:
            sys.stdout.write(f"{text}\n\n")
            sys.stdout.flush()
        if self.paper is not None:
            self.paper.write(f"{text}\n\n")
            self.paper.flush()


def _place(words: str) -> tuple[float, float]:
    latitude, longitude = map(float, words.replace(",", " ").split())
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees
        raise ValueError("a latitude is between -90 and 90, a longitude between -180 and 180")
    return latitude, longitude


def _take(unit: Unit, now: datetime) -> list[Letter]:
    """The letters that this message led to, in the order in which they were written; they count as delivered."""
    letters = [letter for lane in Lane for letter in outbox.claim(unit, "preview", lane, _MOST, now)]
    outbox.settle(unit, [outbox.settled(letter.id, "delivered", sent_at=now) for letter in letters])
    return sorted(letters, key=lambda letter: letter.id)


def _lines() -> Iterator[str]:
    """What is written, line by line, until the end; with a sign that it's her turn where a person sits there."""
    asked = sys.stdin.isatty()
    while True:
        if asked:
            sys.stderr.write("< ")
            sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()


@contextmanager
def _paper(path: Path | None) -> Iterator[TextIO | None]:
    """The transcript, for the owner only; a file that is there already is not written over."""
    if path is None:
        yield None
        return
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise WrongWords(f"{path} exists, and is not overwritten. Name another file with --transcript.") from None
    with os.fdopen(handle, "w", encoding="utf-8") as paper:
        yield paper


def _thrown_away(settings: Settings, folder: Path) -> Settings:
    """Settings for a rehearsal: a folder of its own, fresh keys, no platform."""
    return settings.model_copy(
        update={
            "sanad_data": folder,
            "database_url": f"sqlite:///{folder / 'talk.db'}",
            "sanad_keys": SecretStr(write_key(Key("talk", chance.random_bytes(32)))),
            "telegram_bot_token": SecretStr(""),
            "twilio_account_sid": "",
        }
    )


@asynccontextmanager
async def _rehearsing(own: Settings, phones: Preview) -> AsyncIterator[Sanad]:
    """The program on its own database, with somebody on call."""
    check_tables(own, may_migrate=True)
    async with wired(own, {"preview": phones}) as sanad:
        await sanad.store.write(_staff, chance.now())
        yield sanad


def _staff(unit: Unit, now: datetime) -> None:
    cases.add_reader(unit, chance.number(), "recovery", public_key(chance.random_bytes(SEED)), now)
    number = chance.number()
    staff.add(unit, number, staff.Facts("Huda", "en"), "focal_point", {"preview": _ON_CALL}, now)
    day, span = now.replace(tzinfo=None), timedelta(days=2)
    shifts.add(unit, Shift(chance.number(), number, "first", day - span, day + span, "UTC"))
