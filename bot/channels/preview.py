"""Preview phones: a channel that lives in memory, for the demo, for translators, and to see a letter before it goes.

It never writes to disk, never leaves the process, and reads neither clock nor chance: both are given to it.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from console.phones import Happening, Told
from flows.core import Commanded, Event, FileKind, Language, Located, Pressed, Said
from handlers.channel import (
    Button,
    ChannelName,
    Delivered,
    Handle,
    Inbound,
    Limits,
    Outcome,
    Outgoing,
    Shelf,
    TryLater,
    Undeliverable,
    Unfetchable,
)

REMEMBERED = 2000
"""Events kept for a page that is opened or loaded again."""
ERASES = timedelta(hours=48)
"""As Telegram does it."""
FILES = 50
"""Files kept until they are fetched and discarded; beyond that the oldest goes."""
PIECE = 64 * 1024


@dataclass(slots=True)
class _Phone:
    """What one phone shows: the buttons of each message that still has some."""

    keyboards: dict[str, tuple[Button, ...]] = field(default_factory=dict)
    delivered: dict[str, str] = field(default_factory=dict)
    """Number of the message by the key of its letter."""


class Preview:
    """Phones by name. One event loop's; nothing here may be called from another thread."""

    name: ChannelName = "preview"
    limits = Limits(rate=None, text=4096, buttons=10, erases=ERASES)

    def __init__(
        self, phones: Iterable[str], token: str, now: Callable[[], datetime], crowd: Iterable[str] = ()
    ) -> None:
        """`token` is fresh at each start, so that keys and events of an earlier run can be told from this one's.

        `crowd` are further addresses that take letters: they have no screen, only how many have one is told.
        """
        self._phones = {phone: _Phone() for phone in phones}
        self._crowd = frozenset(crowd)
        self._crowd_has: set[str] = set()
        self._crowd_of = ""
        self._token = token
        self._now = now
        self._count = 0
        self._told: deque[Told] = deque(maxlen=REMEMBERED)
        self._followers: set[asyncio.Queue[Told]] = set()
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self.shelf: Shelf | None = None
        """Where what goes with a letter is found, once the program is wired."""

    # ------------------------------------------------------------ the channel

    async def send(self, letter: Outgoing) -> Outcome:
        """Show a letter, once however often it is sent, and take away the keyboard that it clears."""
        if letter.address in self._crowd:
            return self._to_crowd(letter)
        phone = self._phones.get(letter.address)
        if phone is None:
            return Undeliverable("there is no preview phone of that name", gone=True)
        if letter.key not in phone.delivered:
            self._clear(letter.address, letter.clears)
            phone.delivered[letter.key] = self._show(
                letter.address,
                letter.text,
                mine=False,
                buttons=letter.buttons,
                language=letter.language,
                page=letter.purpose == "page" or letter.by_word,
                **await self._shown(letter),
            )
            if letter.standing and not letter.buttons:
                label = letter.hide if letter.standing == "on" else ""
                self.tell("standing", {"phone": letter.address, "label": label, "language": letter.language})
        return Delivered(phone.delivered[letter.key])

    def _to_crowd(self, letter: Outgoing) -> Outcome:
        """Count the one letter more that the crowd has; each broadcast counts anew."""
        of = letter.key.rpartition(":")[0]
        if of != self._crowd_of:
            self._crowd_of = of
            self._crowd_has.clear()
        self._crowd_has.add(letter.address)
        self._told = deque((told for told in self._told if told.name != "crowd"), maxlen=REMEMBERED)
        self.tell("crowd", {"has": len(self._crowd_has), "of": len(self._crowd)})
        return Delivered(letter.key)

    async def _shown(self, letter: Outgoing) -> Mapping[str, object]:
        """What goes with the letter, as the page draws it."""
        piece = await self.shelf.piece(letter.media, full=letter.full) if letter.media and self.shelf else None
        if piece is None or self.shelf is None:
            return {}
        address = urlsplit(await self.shelf.link(piece)).path
        return {"media": {"kind": piece.kind, "address": address}}

    async def reconcile(self, letter: Outgoing, since: datetime) -> Outcome:  # noqa: ARG002 - memory goes back to the start
        """Say whether the letter is shown; where it isn't, it may be sent again at once."""
        phone = self._phones.get(letter.address)
        if phone is not None and letter.key in phone.delivered:
            return Delivered(phone.delivered[letter.key])
        return TryLater(self._now(), "it was never shown")

    async def fetch(self, handle: Handle) -> AsyncIterator[bytes]:
        """The file's bytes, in pieces. Raises Unfetchable once it was discarded or pushed out."""
        data = self._files.get(handle.where)
        if data is None:
            raise Unfetchable("the preview phone no longer holds this file")
        for start in range(0, len(data), PIECE):
            yield data[start : start + PIECE]

    async def discard(self, handle: Handle) -> None:
        """Forget the file."""
        self._files.pop(handle.where, None)

    async def erase(self, address: str, messages: Sequence[str]) -> Outcome:
        """Take messages of either side from the phone, and out of what is told to a page that comes later.

        A file that is still to be fetched is kept for that, as Telegram keeps it.
        """
        phone = self._phones.get(address)
        if phone is None:
            return Undeliverable("there is no preview phone of that name", gone=True)
        gone = set(messages)
        for number in gone:
            phone.keyboards.pop(number, None)
        left = (told for told in self._told if told.name != "message" or told.data["number"] not in gone)
        self._told = deque(left, maxlen=REMEMBERED)
        self.tell("erased", {"phone": address, "numbers": list(messages)})
        return Delivered("")

    async def close(self) -> None:
        """Nothing is held open."""

    # ------------------------------------------------------------ what people do on the phones

    def say(self, phone: str, words: str, hint: Language = "ar") -> Inbound:
        """Words, or a command such as /start. KeyError if there is no such phone."""
        number = self._show(phone, words, mine=True)
        command = words.strip().removeprefix("/")
        if words.startswith("/") and command.isalnum():
            return self.inbound(phone, Commanded(command.lower()), hint=hint, message=number)
        return self.inbound(phone, Said(words), hint=hint, message=number)

    def press(self, phone: str, key: str, message: str, hint: Language = "ar") -> Inbound:
        """A button of that message; what it said is shown as hers. A button long gone is passed on like any other."""
        buttons = self._phones[phone].keyboards.get(message, ())
        label = next((button.label for button in buttons if button.key == key), "")
        number = self._show(phone, label, mine=True, pressed=True) if label else ""
        return self.inbound(phone, Pressed(key), hint=hint, pressed_on=message, message=number)

    def share(self, phone: str, data: bytes, mime: str, name: str, hint: Language = "ar") -> Inbound:
        """A file, kept until it is discarded; its kind is taken from its media type."""
        kind = _kind(mime)
        number = self._show(phone, "", mine=True, file={"kind": kind, "name": name, "size": len(data)})
        self._files[number] = data
        if len(self._files) > FILES:
            self._files.popitem(last=False)
        return self.inbound(phone, Handle(kind, number, mime, name, len(data)), hint=hint, message=number)

    def place(self, phone: str, latitude: float, longitude: float, hint: Language = "ar") -> Inbound:
        """A location in degrees (WGS 84)."""
        number = self._show(phone, "", mine=True, place=[latitude, longitude])
        return self.inbound(phone, Located(latitude, longitude), hint=hint, message=number)

    def inbound(
        self, phone: str, event: Event | Handle, hint: Language = "ar", pressed_on: str = "", message: str = ""
    ) -> Inbound:
        """What the channel understood, under a key of its own."""
        return Inbound("preview", self._next(), phone, event, hint=hint, pressed_on=pressed_on, message=message)

    # ------------------------------------------------------------ what the page hears

    def tell(self, name: Happening, data: Mapping[str, object]) -> None:
        """Tell every page, and remember it for those that come later."""
        told = Told(self._next(), name, data)
        self._told.append(told)
        for follower in self._followers:
            follower.put_nowait(told)

    @contextmanager
    def follow(self, after: str) -> Iterator[asyncio.Queue[Told]]:
        """Everything after that event, then whatever happens. An unknown id means all, after a `start`."""
        queue: asyncio.Queue[Told] = asyncio.Queue()
        for told in self._since(after):
            queue.put_nowait(told)
        self._followers.add(queue)
        try:
            yield queue
        finally:
            self._followers.discard(queue)

    def _since(self, after: str) -> list[Told]:
        told = list(self._told)
        places = [place for place, event in enumerate(told) if event.id == after]
        start = Told(f"{self._token}-0", "start", {"phones": list(self._phones)})
        if places or (after == start.id and len(told) < REMEMBERED):
            return told[places[0] + 1 :] if places else told
        return [start, *told]

    def _show(
        self,
        phone: str,
        text: str,
        *,
        mine: bool,
        buttons: tuple[Button, ...] = (),
        language: Language = "ar",
        **more: object,
    ) -> str:
        keyboards = self._phones[phone].keyboards
        number = self._next()
        if buttons:
            keyboards[number] = buttons
        choices = [{"key": button.key, "label": button.label, "hint": button.hint} for button in buttons]
        shown = {"phone": phone, "number": number, "at": self._now().isoformat(), "mine": mine, "text": text}
        self.tell("message", {**shown, "buttons": choices, "language": language, **more})
        return number

    def _clear(self, phone: str, number: str) -> None:
        if self._phones[phone].keyboards.pop(number, None):
            self.tell("cleared", {"phone": phone, "number": number})

    def _next(self) -> str:
        self._count += 1
        return f"{self._token}-{self._count}"


def _kind(mime: str) -> FileKind:
    match mime.partition("/")[0]:
        case "image":
            return "photo"
        case "audio":
            return "voice"
        case "video":
            return "video"
        case _:
            return "document"
