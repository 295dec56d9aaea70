"""What a phone does in tests: it waits for messages, shows them and finds the buttons on them.

It never polls, sleeps or talks to a network: whoever waits is woken by a bell, and time is a clock that tests move.

    message = await amal.sees("part of a text")     # an unread message that says so, now read
    amal.expects_nothing_more()                     # fails on any message nobody looked at
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Found = TypeVar("Found")
Id = TypeVar("Id", int, str)

DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text as eyes see it, without the invisible marks of writing direction."""
    return DIRECTION_MARKS.sub("", text)


class Bell:
    """Wakes everyone who waits for something to become true."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Let all who wait look again."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], Found | None], within: float | None = None) -> Found | None:
        """What `look` finds once it finds something, or None when `within` seconds have passed."""
        loop = asyncio.get_running_loop()
        deadline = None if within is None else loop.time() + within
        while (found := look()) is None:
            future = loop.create_future()
            self._waiting.add(future)
            try:
                async with asyncio.timeout_at(deadline):
                    await future
            except TimeoutError:
                return look()
            finally:
                self._waiting.discard(future)
        return found


class Clock:
    """Seconds since 1970 that run like the real ones, and jump ahead when a test says so."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = (start.timestamp() if start else time.time()) - time.monotonic()
        self._moved = Bell()

    def now(self) -> float:
        """Seconds since 1970."""
        return time.monotonic() + self._ahead

    def passes(self, seconds: float) -> None:
        """Jump ahead; everything that became due happens now."""
        self._ahead += seconds
        self._moved.ring()

    async def until(self, moment: float) -> None:
        """Wait for a moment (seconds since 1970), however it comes."""
        while (left := moment - self.now()) > 0:
            await self._moved.until(lambda: True if self.now() >= moment else None, within=left)


@dataclass(slots=True, eq=False)
class Message(Generic[Id]):
    """One message in a chat as the phone shows it; `mine` are the ones the phone's owner sent."""

    id: Id
    text: str
    at: float = 0.0
    mine: bool = False
    buttons: list[tuple[str, str]] = field(default_factory=list)
    kind: str = "text"
    edited: bool = False
    deleted: bool = False
    silent: bool = False
    protected: bool = False
    raw: dict[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons, in order."""
        return [label for label, _ in self.buttons]


class Phone(Generic[Id]):
    """A phone with one chat; the bot's messages are `messages`, the owner's own are `wrote`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.messages: list[Message[Id]] = []
        self.wrote: list[Message[Id]] = []
        self._unread: list[Message[Id]] = []
        self._bell = Bell()

    @property
    def unread(self) -> list[Message[Id]]:
        """The bot's messages nobody has looked at yet, oldest first; a new text makes a message unread again."""
        return [message for message in self._unread if not message.deleted]

    @property
    def chat(self) -> list[Message[Id]]:
        """What is left in the chat from both sides, oldest first."""
        left = [message for message in self.messages + self.wrote if not message.deleted]
        return sorted(left, key=lambda message: message.at)

    def arrives(self, message: Message[Id]) -> None:
        """Show a new message (the emulators call this)."""
        self.messages.append(message)
        self._unread.append(message)
        self._bell.ring()

    def changes(self, message: Message[Id], *, words: bool) -> None:
        """Show that a message was edited or deleted; new words make it unread."""
        if words and message not in self._unread:
            self._unread.append(message)
        self._bell.ring()

    async def sees(self, part: str, within: float = 10.0) -> Message[Id]:
        """The oldest unread message with `part` in it, now read. `within` is seconds; AssertionError when none came."""
        message = await self._bell.until(lambda: self._unread_with(part), within)
        if message is None:
            raise AssertionError(f"{self.name} waited {within:g} s for {part!r} and sees:\n{self.screen()}")
        self._unread.remove(message)
        return message

    async def until(self, holds: Callable[[], bool], within: float = 10.0) -> None:
        """Wait until something holds of what she sees. AssertionError after `within` seconds."""
        if not await self._bell.until(lambda: holds() or None, within):
            raise AssertionError(f"{self.name} waited {within:g} s in vain and sees:\n{self.screen()}")

    async def loses(self, message: Message[Id], within: float = 10.0) -> None:
        """Wait until a message has been deleted from her chat."""
        if not await self._bell.until(lambda: message.deleted or None, within):
            raise AssertionError(f"{self.name} still sees {message.text!r} after {within:g} s")

    async def sees_no_buttons_on(self, message: Message[Id], within: float = 10.0) -> None:
        """Wait until a message's buttons are gone (or the message itself)."""
        if not await self._bell.until(lambda: message.deleted or not message.buttons or None, within):
            raise AssertionError(f"{self.name} still sees {message.labels} on {message.text!r} after {within:g} s")

    def reads(self) -> list[Message[Id]]:
        """Look at everything unread, and return it."""
        unread, self._unread = self.unread, []
        return unread

    def expects_nothing_more(self) -> None:
        """Fail when there is a message nobody looked at."""
        if self.unread:
            texts = "\n".join(f"  {message.text!r} {message.labels}" for message in self.unread)
            raise AssertionError(f"{self.name} got what nobody expected:\n{texts}")

    def finds_button(self, label: str) -> tuple[Message[Id], str, str]:
        """The newest message with such a button, its label and its data; in it the exact label wins over a part."""
        shown = [message for message in reversed(self.messages) if not message.deleted]
        tests: tuple[Callable[[str], bool], ...] = (
            lambda text: plain(text) == plain(label),
            lambda text: plain(label) in plain(text),
        )
        for message in shown:
            for fits in tests:
                for text, data in message.buttons:
                    if fits(text):
                        return message, text, data
        raise AssertionError(f"{self.name} has no button {label!r} and sees:\n{self.screen()}")

    def screen(self) -> str:
        """What stands in the chat, for the words of an error."""
        lines = [f"  {'>' if message.mine else ' '} {message.text!r} {message.labels}" for message in self.chat]
        return "\n".join(lines[-12:]) or "  (an empty chat)"

    def _unread_with(self, part: str) -> Message[Id] | None:
        return next((message for message in self.unread if plain(part) in plain(message.text)), None)
