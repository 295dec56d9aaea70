"""`python -m messages.check`: proves that every marked sentence is there in both languages and well said.

It never invents a translation: `--update` leaves a new Arabic entry empty for a person to fill.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

from babel.messages.pofile import PoFileError

from messages.catalog import path
from messages.po import COUNTS, PLURALS, Entries, Entry, alone, marked, ordered, read, unmarkable, write
from messages.text import BLANK, Language
from messages.wording import faults_in_arabic, faults_in_english

ROOT = Path(__file__).parent.parent
LANGUAGES: tuple[Language, ...] = get_args(Language)
COUNTED_WITHOUT_NUMBER = {"ar": 3, "en": 1}
"""So many first forms may leave {count} out: «بلاغ واحد»، «بلاغان»."""


def faults(source: Entries, entries: Entries, plurals: str, language: Language) -> list[str]:
    """All that is wrong with one catalog, one line each; empty if nothing is."""
    header = [] if plurals == PLURALS[language] else [f"Plural-Forms must be: {PLURALS[language]}"]
    missing = [f"missing: {key[0]!r}" for key in source if key not in entries]
    stale = [f"stale, nothing says it any more: {key[0]!r}" for key in entries if key not in source]
    said = [
        f"{key[0]!r}: {fault}"
        for key, entry in entries.items()
        if key in source
        for fault in _entry_faults(replace(entry, comments=source[key].comments), language)
    ]
    return [*header, *missing, *stale, *said]


def check(root: Path = ROOT) -> list[str]:
    """All that is wrong with both catalogs."""
    source = marked(root)
    found = [f"{place}: t() wants a sentence written out, not made up at run time" for place in unmarkable(root)]
    for language in LANGUAGES:
        try:
            entries, plurals = read(path(language), language)
        except PoFileError as broken:
            found.append(f"{language}: the file can't be read: {broken}")
        else:
            found += [f"{language}: {fault}" for fault in faults(source, entries, plurals, language)]
    return found


def update(root: Path = ROOT, *, drop: bool = False) -> None:
    """Add what is newly marked (English as it is, Arabic empty) and put entries in order; `drop` removes stale ones."""
    with alone(path("ar").parent):
        source = marked(root)
        for language in LANGUAGES:
            old, _ = read(path(language), language)
            kept = {key: entry for key, entry in old.items() if key in source or not drop}
            new = {key: _new(found, language) for key, found in source.items() if key not in kept}
            write(path(language), language, ordered(kept | new, source))


def merge(fragment: Path, root: Path = ROOT) -> int:
    """Take over a fragment's Arabic (the newest wins; empty ones are passed over), and say how many it held."""
    with alone(path("ar").parent):
        given, _ = read(fragment, "ar")
        source = marked(root)
        filled = {key: entry for key, entry in given.items() if any(entry.strings)}
        for language in LANGUAGES:
            old, _ = read(path(language), language)
            new = filled if language == "ar" else {key: _new(e, "en") for key, e in filled.items() if key not in old}
            write(path(language), language, ordered(old | new, source))
    return len(filled)


def _new(entry: Entry, language: Language) -> Entry:
    empty = ("",) * (COUNTS[language] if len(entry.id) > 1 else 1)
    return replace(entry, strings=entry.id if language == "en" else empty)


def _entry_faults(entry: Entry, language: Language) -> Iterator[str]:
    wanted = COUNTS[language] if len(entry.id) > 1 else 1
    if entry.fuzzy:
        yield "fuzzy: a person looks at it and removes the mark"
    if len(entry.strings) != wanted:
        yield f"has {len(entry.strings)} forms, {language} wants {wanted}"
    elif not all(entry.strings):
        yield "empty"
    else:
        yield from _blank_faults(entry, language)
    judge = faults_in_arabic if language == "ar" else faults_in_english
    for said in entry.strings:
        yield from judge(said, is_page=entry.is_page, to_leaders=entry.is_to_leaders)


def _blank_faults(entry: Entry, language: Language) -> Iterator[str]:
    wanted = set(BLANK.findall(entry.id[-1]))
    if re.search("[{}]", BLANK.sub("", "".join(entry.id))):
        yield "a blank is a {name} in small letters, without a format"
    for place, said in enumerate(entry.strings):
        uncounted = len(entry.id) > 1 and place < COUNTED_WITHOUT_NUMBER[language]
        given = set(BLANK.findall(said)) | ({"count"} if uncounted else set())
        if given != wanted:
            yield f"its blanks are {sorted(wanted)}, the translation's {sorted(given)}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns 0 if all is well, 1 if something is to be mended."""
    parser = argparse.ArgumentParser(prog="python -m messages.check", description=__doc__)
    parser.add_argument("--update", action="store_true", help="add new sentences to both catalogs, in order")
    parser.add_argument("--drop", action="store_true", help="remove sentences that nothing says any more")
    parser.add_argument("--merge", type=Path, metavar="FILE.po", help="take over the Arabic of a fragment")
    asked = parser.parse_args(arguments)
    if asked.merge:
        sys.stdout.write(f"{merge(asked.merge)} sentences taken over from {asked.merge}\n")
    if asked.update or asked.drop:
        update(drop=asked.drop)
    found = check()
    sys.stdout.write("".join(f"{fault}\n" for fault in found) or "Both catalogs are whole.\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
