"""What a channel is: how a message comes in, how a letter goes out, and all that the world may answer.

It knows no platform: Telegram, WhatsApp and the preview phones stand behind `Channel` in `bot.channels`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from flows.core import Event, FileKind, Language

ChannelName = Literal["telegram", "whatsapp", "preview", "voice"]


@dataclass(frozen=True, slots=True)
class Handle:
    """Where the channel keeps a file that she sent: enough to fetch it once. Sealed wherever it is stored."""

    kind: FileKind
    where: str
    """Telegram: file_id. WhatsApp: media address. Preview: number."""
    mime: str = ""
    name: str = ""
    size: int | None = None
    """Bytes, where the channel says so."""
    delete: str = ""
    """What the channel needs to delete its own copy afterwards (WhatsApp: message sid/media sid)."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as a channel understood it. `key` is the channel's own id of the delivery: a repeat has the same."""

    channel: ChannelName
    key: str
    address: str
    """Telegram: chat id. WhatsApp: +E.164. Preview: phone's name."""
    event: Event | Handle
    """A `Handle` becomes `Shared` once the file has a number of ours."""
    caption: str = ""
    hint: Language = "ar"
    pressed_on: str = ""
    """The channel's id of the message whose button she pressed: its keyboard is taken away with the answer."""
    message: str = ""
    """The channel's id of her message, where it lets us delete it."""
    gone: Literal["", "blocked", "back"] = ""
    """She blocked the bot, or came back: no answer is possible or needed."""


@dataclass(frozen=True, slots=True)
class Button:
    """A choice in the reader's language."""

    key: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter rendered for one reader."""

    key: str
    """Unique for the letter: the same on every attempt."""
    address: str
    text: str
    buttons: tuple[Button, ...] = ()
    language: Language = "ar"
    clears: str = ""
    """Id of an earlier message whose keyboard goes away (Telegram)."""
    standing: Literal["", "on", "off"] = ""
    """It brings the standing button, labelled `hide`, or takes it away. Where there is none, `hide` is written."""
    hide: str = ""
    """What stands on the button, or behind the 0, that hides the chat. Empty where nothing is to be hidden."""
    purpose: str = ""
    """Which Content template may carry it outside WhatsApp's 24-hour window: "page", "" for none."""
    blanks: tuple[str, ...] = ()
    """The template's variables in order: {{1}}, {{2}}…"""
    sid: str = ""
    """The Content template itself, where a campaign chose one."""
    media: int = 0
    """Number of the picture, voice or video that goes with it; 0 for none."""
    full: bool = False
    """Its full version, not the light one."""
    by_word: bool = False
    """It came unasked: where there are no buttons, their labels are written instead of numbers."""
    heard_at: datetime | None = None
    """When the reader last wrote to us: WhatsApp's window is counted from here."""
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A picture, voice or video of the library, in the size that is to be sent."""

    kind: Literal["picture", "voice", "video"]
    number: int
    size: str
    mime: str
    name: str
    """What a file of it is called: nothing in it says what it is about."""


class Shelf(Protocol):
    """Where a channel finds what goes with a letter. It gives nothing whose consent was withdrawn."""

    async def piece(self, number: int, *, full: bool) -> Piece | None:
        """What it is; None where it may not be sent (any more)."""

    async def bytes(self, piece: Piece) -> bytes:
        """All of it."""

    async def handle(self, piece: Piece, channel: ChannelName) -> str:
        """The platform's own id of it; empty where it has none yet."""

    async def keep_handle(self, piece: Piece, channel: ChannelName, handle: str) -> None:
        """Remember the platform's own id; empty to forget it."""

    async def link(self, piece: Piece) -> str:
        """A public address that gives it for some hours."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform has it; `reference` is its id there. `final` is False where a status will still follow."""

    reference: str
    final: bool = True


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not now: send it again at `at`. `everybody` holds where the whole account was told to wait (a 429)."""

    at: datetime
    why: str
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """It will never arrive. `gone` says that the reader can't be reached on this channel any more."""

    why: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The reader has a new address; send it there (Telegram's 400 with migrate_to_chat_id)."""

    address: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It may or may not have arrived (a time-out where sending twice would be seen): reconcile before sending again."""

    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """It can't be sent until the reader writes again (WhatsApp outside the window, no template)."""

    why: str


Outcome = Delivered | TryLater | Undeliverable | Moved | InDoubt | Held


@dataclass(frozen=True, slots=True)
class Limits:
    """What the channel allows. Rates in letters a second; None where there is none."""

    rate: float | None
    text: int
    """Longest text in the channel's own counting."""
    buttons: int
    waits_for_status: bool = False
    """Whether a reader's next letter waits for the status of the one before (WhatsApp keeps no order)."""
    erases: timedelta | None = None
    """For how long messages of both sides can be deleted; None where none can be."""


class Channel(Protocol):
    """A way to people and back."""

    name: ChannelName
    limits: Limits

    async def send(self, letter: Outgoing) -> Outcome:
        """Send one letter; never raises for what the world may answer."""

    async def reconcile(self, letter: Outgoing, since: datetime) -> Outcome:
        """Find out what became of a letter in doubt: `Delivered`, `InDoubt` still, or `TryLater`: it never arrived."""

    def fetch(self, handle: Handle) -> AsyncIterator[bytes]:
        """The file's bytes, in pieces. Raises `Unfetchable` (final) or `FetchLater`."""

    async def discard(self, handle: Handle) -> None:
        """Delete the platform's own copy, where it lets us. Raises `FetchLater`."""

    async def erase(self, address: str, messages: Sequence[str]) -> Outcome:
        """Delete messages of a chat by their ids, as many as the channel allows in one call (`handlers.wiping`).

        `Delivered` also where some were gone already; `TryLater`, or `Undeliverable` where nothing can be deleted.
        """

    async def close(self) -> None:
        """Give connections back."""


TOO_LARGE = "too large"
"""Why a file can't be had, where it can be told kindly."""


class Unfetchable(Exception):
    """The file can't be had: it is too large, expired, or not what the channel said. The message says which."""


class FetchLater(Exception):
    """The file can't be had now; ask again later."""
