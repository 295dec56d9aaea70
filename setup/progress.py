"""Shows how far a step is while it runs a program. It never hides why a program failed."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_WIDTH = 24
_SHOWN_OF_A_FAILURE = 15
_ALREADY = "Requirement already satisfied"  # pip says it of each package, and it explains no failure


class Stopped(Exception):
    """Set-up cannot go on; the message is a sentence that says what to do."""


class Step:
    """One line in the terminal: a bar that fills in a terminal, one finished line elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._live = sys.stdout.isatty()

    def __enter__(self) -> Self:
        if self._live:
            self.show(0.0)
        else:
            print(f"  {self._name} …", flush=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live:
            self.show(1.0, "done" if kind is None else "stopped")
            print(flush=True)

    def show(self, share: float, what: str = "") -> None:
        """Fill the bar to `share` (0 to 1) and name what is being done."""
        if self._live:
            bar = "█" * round(share * _WIDTH)
            print(f"\r  {self._name:<18} {bar:·<{_WIDTH}} {what[:36]:<36}", end="", flush=True)


def run(command: Sequence[str | Path], *, otherwise: str, each: Callable[[str], None] = lambda _: None) -> None:
    """Run `command`, handing each line it prints to `each`; raise Stopped with its last lines and `otherwise`."""
    last: list[str] = []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as program:
        for line in program.stdout or ():
            if _ALREADY not in line:
                last = [*last, line.rstrip()][-_SHOWN_OF_A_FAILURE:]
            each(line)
    if program.returncode:
        said = "\n".join(f"    {line}" for line in last)
        message = f"{otherwise}\n  {' '.join(map(str, command))} ended with {program.returncode}:\n{said}"
        raise Stopped(message)
