"""What every contender gets and gives back: the same updates, the same answers, and the seconds it took.

It never favours one: each runs in a process of its own (`benchmarks.contender`), one after another, in every round.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from benchmarks.story import Story, interleaved

TOKEN = "123456:benchmark"
FIRST_CHAT = 5_000_000_001
_NOTHING = b'{"ok":true,"result":true}'
_ME = b'{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Sanad","username":"sanad_test_bot"}}'


class Result(msgspec.Struct, frozen=True):
    """How one contender did once."""

    name: str
    updates: int
    replies: int
    seconds: float

    @property
    def rate(self) -> float:
        """Updates a second."""
        return self.updates / self.seconds


@dataclass(frozen=True, slots=True)
class Load:
    """The story and how many persons live through it at once."""

    story: Story
    persons: int
    first: int = FIRST_CHAT

    @property
    def chats(self) -> range:
        """The persons' chat ids."""
        return range(self.first, self.first + self.persons)

    @property
    def greetings(self) -> int:
        """How many letters more than messages the welcome has: the first brings the standing button as well."""
        return self.persons

    def welcomes(self, wave: int = 0) -> list[bytes]:
        """What nobody is timed with."""
        return [update for _, update in interleaved(self.story.welcome, self.chats, 100_000_000 + wave * 10_000)]

    def reports(self, wave: int = 0) -> list[bytes]:
        """What is timed, everybody's first message before anybody's second."""
        return [update for _, update in interleaved(self.story.report, self.chats, 200_000_000 + wave * 10_000)]


class Wire:
    """Stands where a library would hand bytes to the network: the same answers for everybody, and a count.

    Each answer to `sendMessage` is the middle one of the story's by size, so that whoever parses it parses as much as
    on average.
    """

    def __init__(self, story: Story) -> None:
        answers = sorted((step.as_answer() for step in story.report), key=len)
        self._sent = answers[len(answers) // 2]
        self.replies = 0
        self.calls = 0

    def answer(self, url: str) -> bytes:
        """The body of the answer to one call, by the last word of its address."""
        self.calls += 1
        match url.rpartition("/")[2]:
            case "sendMessage":
                self.replies += 1
                return self._sent
            case "getMe":
                return _ME
            case _:
                return _NOTHING
