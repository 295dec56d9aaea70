"""Tells a woman kindly what became of a file that could not be kept.

It never writes while she is not to be written to, and never says what the file was.
"""

from __future__ import annotations

from typing import Final

from handlers.channel import TOO_LARGE
from handlers.draw import World
from handlers.file_kinds import REFUSED
from messages import Text, t, to_json
from storage import files, outbox, people
from storage.outbox import Body, Lane
from storage.unit import Unit

_LOST: Final = t("One file did not reach us, and that isn't your fault. If you can, please send it once more.")
_TOO_LARGE: Final = t("The file was too big to reach us. Could you send a shorter or smaller one? There is no hurry.")
_NOT_TAKEN: Final = t(
    "A file of this kind we can't take: it could harm whoever opens it, you as well. Please don't open it. A picture "
    "of the screen says enough, and photos, recordings and documents all reach us."
)


def tell_why(unit: Unit, number: int, why: str, world: World) -> None:
    """Tell her that a file can't be had, and what she could do instead."""
    words = _TOO_LARGE if why == TOO_LARGE else _NOT_TAKEN if why.startswith(REFUSED) else _LOST
    tell_her(unit, number, words, world)


def tell_her(unit: Unit, number: int, words: Text, world: World) -> None:
    """Write to whose file it is, once for the file; not while the chat is quiet, hidden, locked or forced open."""
    owner = files.owner(unit, number)
    known = people.recall(unit, owner) if owner is not None else None
    if known is None:
        return
    channel, address, index, person = known
    if person.quiet or person.locked or person.left or person.forced:
        return
    content = Body(address, person.language or "ar", to_json(words))
    outbox.add(unit, f"file:{number}", channel, index, Lane.CONVERSATION, content, world.now)
