"""The failures a test asks an emulator for: which requests meet them, and how often.

It never decides what a failure looks like on the wire; that is each emulator's own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Failure:
    """A failure that awaits its request; `times` None is for ever, `carried_out` says that the work is done first."""

    method: str | None
    to: str | None
    status: int
    times: int | None
    carried_out: bool = False
    hangs: bool = False
    closes: bool = False
    retry_after: int | None = None
    description: str | None = None
    code: int | None = None

    def meets(self, method: str, to: str | None) -> bool:
        """Whether this failure is for such a request."""
        return self.method in {None, method} and self.to in {None, to}


class Failures:
    """The failures that wait, first asked first met."""

    def __init__(self) -> None:
        self._waiting: list[Failure] = []

    def add(self, failure: Failure) -> None:
        """Let the next fitting requests fail."""
        self._waiting.append(failure)

    def clear(self) -> None:
        """Let everything work again."""
        self._waiting.clear()

    def meet(self, method: str, to: str | None) -> Failure | None:
        """The failure that such a request meets now, counted down."""
        failure = next((one for one in self._waiting if one.meets(method, to)), None)
        if failure is not None and failure.times is not None:
            failure.times -= 1
            if failure.times == 0:
                self._waiting.remove(failure)
        return failure
