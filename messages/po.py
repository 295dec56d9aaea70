"""Keeps the catalogs: reads and writes .po files in one stable shape, and finds every marked sentence in the code.

It never translates, and never drops a translation unless it's told to.
"""

import ast
import fcntl
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from messages.text import Language

PLURALS: dict[Language, str] = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    "en": "nplurals=2; plural=(n != 1);",
}
"""CLDR's rules. Babel writes others for Arabic, by which 25 and 100 take each other's forms (its issue 816)."""
COUNTS: dict[Language, int] = {"ar": 6, "en": 2}
KEYWORDS = {"t": (1,), "tn": (1, 2)}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
FOLDERS = ("bot", "console", "handlers", "storage", "flows", "messages")
PAGE = "page:"
"""A comment `# page: why` on the line before `t(` marks words that are shown on a locked phone."""
LEADERS = "leaders:"
"""A comment `# leaders: why` marks words that are said to several, men among them, and never to her."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence of a catalog. `strings` holds its translation, or its plural forms; `id` two sentences then."""

    id: tuple[str, ...]
    strings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fuzzy: bool = False

    @property
    def is_page(self) -> bool:
        """Whether it is shown on a locked phone."""
        return any(comment.startswith(PAGE) for comment in self.comments)

    @property
    def is_to_leaders(self) -> bool:
        """Whether it is said to several, so that it may speak to them as such."""
        return any(comment.startswith(LEADERS) for comment in self.comments)


Entries = dict[tuple[str, ...], Entry]


def marked(root: Path) -> Entries:
    """Every sentence marked with `t` or `tn` under the project's folders, in the order of files and lines."""
    found: Entries = {}
    for folder in FOLDERS:
        rows = extract_from_dir(root / folder, METHODS, keywords=KEYWORDS, comment_tags=(PAGE, LEADERS))
        for name, _, said, comments, _ in sorted(rows, key=lambda row: (row[0], row[1])):
            key = (said,) if isinstance(said, str) else tuple(said)
            old = found.get(key, Entry(key))
            files = dict.fromkeys((*old.files, f"{folder}/{name}"))
            found[key] = replace(old, files=tuple(files), comments=tuple(dict.fromkeys((*old.comments, *comments))))
    return found


def unmarkable(root: Path) -> list[str]:
    """Where `t` or `tn` is given something else than a sentence written out: no catalog could hold that."""
    found = []
    for file in (file for folder in FOLDERS for file in sorted((root / folder).rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                sentences = node.args[: len(KEYWORDS[node.func.id])]
                if not sentences or not all(_is_written_out(sentence) for sentence in sentences):
                    found.append(f"{file.relative_to(root)}:{node.lineno}")
    return found


def read(path: Path, language: Language) -> tuple[Entries, str]:
    """A catalog's entries and its Plural-Forms. PoFileError (Babel's) with the line if it can't be understood."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=language, abort_invalid=True)
    entries = {}
    for message in catalog:
        if message.id:
            key = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            files = tuple(name for name, _ in message.locations)
            comments, notes = tuple(message.auto_comments), tuple(message.user_comments)
            entries[key] = Entry(key, strings, files, comments, notes, message.fuzzy)
    return entries, catalog.plural_forms


def write(path: Path, language: Language, entries: Iterable[Entry]) -> None:
    """Replace a catalog at once. No dates and no line numbers in it, so that a diff shows words only."""
    catalog = Catalog(locale=language)
    for entry in entries:
        catalog.add(
            entry.id if len(entry.id) > 1 else entry.id[0],
            entry.strings if len(entry.id) > 1 else "".join(entry.strings),
            [(name, 0) for name in entry.files],
            ["fuzzy"] if entry.fuzzy else [],
            entry.comments,
            entry.notes,
        )
    body = io.BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False)
    draft = path.with_suffix(".draft")
    draft.write_bytes(_header(language).encode() + body.getvalue().rstrip() + b"\n")
    draft.replace(path)


def ordered(entries: Entries, source: Entries) -> list[Entry]:
    """In the order of the source, with its files and comments; what the source doesn't know comes last, by its id."""
    known = [
        replace(entries[key], files=found.files, comments=found.comments)
        for key, found in source.items()
        if key in entries
    ]
    return known + [entries[key] for key in sorted(entries.keys() - source.keys())]


def _is_written_out(sentence: ast.expr) -> bool:
    return isinstance(sentence, ast.Constant) and isinstance(sentence.value, str) and bool(sentence.value)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time change the catalogs."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _header(language: Language) -> str:
    lines = (
        "Project-Id-Version: sanad",
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {PLURALS[language]}",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"
