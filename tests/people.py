"""Women with phones, whichever app they use: they press what they see, or write its number where it has no buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flows.core import Language
from messages import Text
from messages.catalog import render
from messages.text import BLANK
from tests.platforms.phones import Message

_EASTERN = str.maketrans(dict(zip("0123456789", "٠١٢٣٤٥٦٧٨٩", strict=True)))
CODE = re.compile(r"[A-HJKMNP-Z][2-9A-HJKMNP-Z]{2}-[2-9A-HJKMNP-Z]{3}")


@dataclass(slots=True)
class Woman:
    """One person, her phone, and the language in which the story is told to her."""

    phone: Any
    """A person of one of the emulators."""
    language: Language

    def hers(self, english: str) -> str:
        """A sentence of ours as she reads it, up to its first blank."""
        blanks = tuple((name, "§") for name in sorted(BLANK.findall(english)))
        return render(Text(english, blanks), self.language).partition("§")[0].strip()

    async def sees(self, english: str) -> Message[Any]:
        """Wait for a message with this sentence."""
        message: Message[Any] = await self.phone.sees(self.hers(english))
        return message

    async def sees_words(self, words: str) -> Message[Any]:
        """Wait for a message with just these words."""
        message: Message[Any] = await self.phone.sees(words)
        return message

    async def says(self, words: str) -> None:
        await self.phone.says(words)

    async def answers(self, english: str) -> None:
        """Press the newest such choice, or write its number in the digits of her language; wait until it's there."""
        label = self.hers(english)
        how = await self.phone._bell.until(lambda: self._choice(label), 10)
        assert how is not None, f"{label!r} is not among her choices:\n{self.phone.screen()}"
        if how == "press":
            await self.phone.presses(label)
        else:
            await self.phone.says(how.translate(_EASTERN) if self.language == "ar" else how)

    def _choice(self, label: str) -> str | None:
        """How the newest message that offers the label is answered: "press", or a number to write."""
        for message in reversed(self.phone.messages):
            if any(label in one for one in message.labels):
                return "press"
            if found := re.search(rf"^\W*(\d+)\. {re.escape(label)}", message.text, re.MULTILINE):
                return found[1]
        return None

    async def code(self) -> str:
        """The newest case code on her screen."""
        codes = [code for message in self.phone.messages for code in CODE.findall(message.text)]
        assert codes, self.phone.screen()
        return str(codes[-1])
