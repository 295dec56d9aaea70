"""What a store promises, and the one way to open it by its address.

It never decides what to write: an act is handed to it whole, and is done whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from storage.unit import Unit

P = ParamSpec("P")
T = TypeVar("T")
Woken = Callable[[frozenset[str]], None]


class StoreUnusable(Exception):
    """The database can't be used. The message says why and what to do."""


class Store(Protocol):
    """A database that does acts: `act(unit, …)` runs in one transaction, and what it returns comes after the commit."""

    durable: bool

    async def start(self) -> None:
        """Open connections. Raises `StoreUnusable`."""

    async def write(self, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act. An exception undoes it and is raised here; acts that share its commit are not touched."""

    async def write_for(self, key: int, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act after all earlier ones with the same key, and beside those with others where the database can."""

    async def read(self, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act that only reads, beside the writers."""

    async def scrub(self) -> None:
        """Leave nothing of what was destroyed in the database's own files, as far as it lets us. Takes a while."""

    def listen(self, woken: Woken) -> None:
        """Call `woken` on the event loop with the names of the duties that a commit woke, whoever committed."""

    async def stop(self) -> None:
        """Finish what waits and close."""
