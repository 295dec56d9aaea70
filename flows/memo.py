"""Builds what follows from the mechanism (tables of phrases, of options) once instead of at every message.

It never holds anything a person said.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from flows.rules import Mechanism

Made = TypeVar("Made")


class FromRules(Generic[Made]):
    """A function of the mechanism that remembers its last value: there is one mechanism for as long as we run."""

    __slots__ = ("_build", "_last")

    def __init__(self, build: Callable[[Mechanism], Made]) -> None:
        self._build = build
        self._last: tuple[Mechanism, Made] | None = None

    def __call__(self, rules: Mechanism) -> Made:
        """Return what was built for these very rules, building it if need be."""
        last = self._last
        if last is None or last[0] is not rules:
            self._last = last = (rules, self._build(rules))
        return last[1]
