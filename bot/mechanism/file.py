"""Reads one file of the mechanism so that every error names its line and says how to mend it.

It knows nothing of what the file means: bot.mechanism does.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

At = tuple[str | int, ...]
"""Where a value stands: keys, and positions in lists."""
UNITS: Final = {"s": 1, "min": 60, "h": 3600, "day": 86400, "days": 86400}
DURATION: Final = re.compile(rf"(\d+) ({'|'.join(UNITS)})")
SHOWN_CHOICES: Final = 12


class MechanismError(ValueError):
    """A file of the mechanism is wrong. The message names file and line, what is wrong, and how to mend it."""

    def __init__(self, path: Path, line: int, why: str, mend: str) -> None:
        """`line` counts from 1."""
        super().__init__(f"{path}:{line}: {why} {mend}")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a TOML file that knows where it stands. Its methods return it as a type, or raise MechanismError."""

    path: Path
    source: str
    at: At
    value: object

    def wrong(self, why: str, mend: str) -> MechanismError:
        """Return (to be raised) the error that names this value's line."""
        return MechanismError(self.path, line_of(self.source, self.at), why, mend)

    def __getitem__(self, key: str) -> "Node":
        """Return what stands under the key, which must be there."""
        table = self._table()
        if key not in table:
            raise self.wrong(f"{self.name} lacks `{key}`.", f"Add a line `{key} = ...`.")
        return Node(self.path, self.source, (*self.at, key), table[key])

    def get(self, key: str) -> "Node | None":
        """Return what stands under the key, or None."""
        return self[key] if key in self._table() else None

    def only(self, *keys: str) -> "Node":
        """Refuse a table with any other key: a misspelt key would otherwise be ignored in silence."""
        for key, node in self.items():
            if key not in keys:
                raise node.wrong(f"`{key}` means nothing in {self.name}.", _choose(key, keys))
        return self

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Walk through a table in the file's order."""
        for key in self._table():
            yield key, self[key]

    def __iter__(self) -> "Iterator[Node]":
        """Walk through a list."""
        if not isinstance(self.value, list):
            raise self.wrong(f"{self.name} must be a list.", "Write it as [ ... ].")
        for index, value in enumerate(self.value):
            yield Node(self.path, self.source, (*self.at, index), value)

    @property
    def name(self) -> str:
        """How people call it: its last key, or the file."""
        if not self.at:
            return "the file"
        return f"`{self.at[-1]}`" if isinstance(self.at[-1], str) else "this entry"

    def text(self, longest: int = 0) -> str:
        """Return a text that isn't empty, of at most `longest` characters (0: any length)."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong(f"{self.name} must be a text.", 'Write it in quotes: "...".')
        if longest and len(self.value) > longest:
            raise self.wrong(
                f"{self.name} has {len(self.value)} characters, and a button or list row shows {longest}.",
                "Shorten it, or give a short_ar / short_en.",
            )
        return self.value

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts in which none stands twice."""
        seen: dict[str, Node] = {}
        for node in self:
            if node.text() in seen:
                raise node.wrong(f"{node.value!r} stands twice in {self.name}.", "Remove one of the two.")
            seen[node.text()] = node
        return tuple(seen)

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.wrong(f"{self.name} must be true or false.", "Write it without quotes.")
        return self.value

    def duration(self) -> timedelta:
        """Return a length of time, never negative."""
        match = DURATION.fullmatch(self.value) if isinstance(self.value, str) else None
        if not match:
            raise self.wrong(
                f"{self.name} is {self.value!r}, which is no length of time (and none is negative).",
                'Write a whole number and a unit, as in "30 s", "10 min", "12 h" or "3 days".',
            )
        return timedelta(seconds=int(match[1]) * UNITS[match[2]])

    def count(self) -> int:
        """Return a whole number, 1 at least."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 1:
            raise self.wrong(f"{self.name} must be a whole number, 1 at least.", "Write it without quotes, as in 3.")
        return self.value

    def hour(self) -> time:
        """Return a time of day."""
        try:
            return time.fromisoformat(self.text())
        except ValueError:
            raise self.wrong(f"{self.value!r} is no time of day.", 'Write it as "08:00".') from None

    def choice(self, among: Collection[str], listed: str = "") -> str:
        """Return a text that is one of those; `listed` says where they are listed."""
        if not isinstance(self.value, str) or self.value not in among:
            where = f" of {listed}" if listed else ""
            raise self.wrong(f"{self.value!r} is none{where}.", _choose(str(self.value), among))
        return self.value

    def choices(self, among: Collection[str], listed: str = "") -> tuple[str, ...]:
        """Return a list of such texts in which none stands twice."""
        for node in self:
            node.choice(among, listed)
        return self.texts()

    def _table(self) -> Mapping[str, object]:
        if not isinstance(self.value, dict):
            raise self.wrong(f"{self.name} must be a table.", "Write it as { key = value, ... } or under a [heading].")
        return self.value


def _choose(word: str, among: Collection[str]) -> str:
    close = get_close_matches(word, among, 1)
    if close:
        return f"Did you mean `{close[0]}`?"
    listed = sorted(among)
    more = ", ..." if len(listed) > SHOWN_CHOICES else ""
    return f"Choose one of: {', '.join(listed[:SHOWN_CHOICES])}{more}."


def read_text(path: Path) -> str:
    """Return a file's text. Raises MechanismError when it is missing or not UTF-8."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise MechanismError(path, 1, "The file can't be read.", f"Put it there ({error.strerror}).") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise MechanismError(path, line, "This line isn't UTF-8.", "Save the file as UTF-8 in your editor.") from None


def read(path: Path) -> Node:
    """Return the whole of a TOML file. Raises MechanismError when it is missing, not UTF-8 or not TOML."""
    source = read_text(path)
    try:
        return Node(path, source, (), tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"\(at line (\d+)", str(error))
        line = int(told[1]) if told else max(1, len(source.splitlines()))
        raise MechanismError(
            path, line, f"This isn't TOML: {error}.", "Look for a missing quote, comma or bracket here or just above."
        ) from None


# ---------------------------------------------------------------- lines


TOKEN: Final = re.compile(
    r'"""(?:.|\n)*?"""|\'\'\'(?:.|\n)*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|\n|[\[\]{},=.]|[^\s\[\]{},=."\'#]+'
)


class _Token(NamedTuple):
    text: str
    line: int


def line_of(source: str, at: At) -> int:
    """Return the line, from 1, on which the value stands in this valid TOML text, or its nearest parent's."""
    lines = lines_of(source)
    while at and at not in lines:
        at = at[:-1]
    return lines.get(at, 1)


def lines_of(source: str) -> Mapping[At, int]:
    """Return the line of every heading, key and list entry of this valid TOML text."""
    return _Walk(source).lines


class _Walk:
    """Goes through valid TOML and notes where every key and list entry stands. Used only to word an error."""

    def __init__(self, source: str) -> None:
        self.lines: dict[At, int] = {}
        self._tokens = list(_tokens(source))
        self._position = 0
        self._entries: dict[At, int] = {}
        """By [[heading]]: the position of its newest entry."""
        under: At = ()
        while self._peek():
            if self._peek() == "[":
                under = self._heading()
            else:
                self._pair(under)

    def _peek(self, *, blank: bool = True) -> str:
        """Look at the next token ("" at the end), past line ends unless they matter."""
        while blank and self._position < len(self._tokens) and self._tokens[self._position].text == "\n":
            self._position += 1
        return self._tokens[self._position].text if self._position < len(self._tokens) else ""

    def _next(self) -> _Token:
        self._position += 1
        return self._tokens[self._position - 1]

    def _heading(self) -> At:
        line = self._next().line
        is_entry = self._peek() == "["
        if is_entry:
            self._next()
        at = self._key(())
        while self._peek(blank=False) not in {"\n", ""}:
            self._next()
        if is_entry:
            self._entries[at] = self._entries.get(at, -1) + 1
            at = (*at, self._entries[at])
        self._note(at, line)
        return at

    def _note(self, at: At, line: int) -> None:
        """Keep the line for it, and for the tables around it that have no line of their own."""
        for depth in range(1, len(at) + 1):
            self.lines.setdefault(at[:depth], line)

    def _key(self, under: At) -> At:
        at = (*under, self._next().text.strip("\"'"))
        while self._peek() == ".":
            self._next()
            at = (*at, self._entries[at]) if at in self._entries else at
            at = (*at, self._next().text.strip("\"'"))
        return at

    def _pair(self, under: At) -> None:
        line = self._tokens[self._position].line
        at = self._key(under)
        self._next()
        self._value(at, line)

    def _value(self, at: At, line: int) -> None:
        self._note(at, line)
        opened = self._peek()
        if opened not in {"[", "{"}:
            while self._peek(blank=False) not in {",", "]", "}", "\n", ""}:
                self._next()
            return
        self._next()
        index = 0
        while self._peek() not in {"]", "}"}:
            if self._peek() == ",":
                self._next()
            elif opened == "{":
                self._pair(at)
            else:
                self._value((*at, index), self._tokens[self._position].line)
                index += 1
        self._next()


def _tokens(source: str) -> Iterator[_Token]:
    line = 1
    for match in TOKEN.finditer(source):
        if not match[0].startswith("#"):
            yield _Token(match[0], line)
        line += match[0].count("\n")
