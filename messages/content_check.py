"""`python -m messages.content_check`: proves that every tip and lesson is whole, short enough and well said.

It never corrects one: it names file and fault, and a person finds the better words. Its rules are training.md 5.1.
"""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from messages.arabic import normalise
from messages.content import FOLDER, TRACKS, ContentBroken, File, Section, ids, load_from, pair
from messages.text import Language
from messages.wording import ON_A_LOCKED_PHONE, ON_A_LOCKED_PHONE_ENGLISH, faults_in_arabic, faults_in_english

LONGEST: Final = {"": 600, "hook": 200, "point": 400, "action": 400, "question": 200, "quiz": 200}
"""Characters of each part. A tip is one message that a weak line carries."""
LABEL: Final = 20
FEEDBACK: Final = 300
TITLE: Final = 60
STEPS: Final = 3
ANSWERS: Final = range(2, 4)
SEEN: Final = 40
"""Characters that a locked phone shows of a message."""
FACTS: Final = {
    "id": str,
    "track": str,
    "title": str,
    "source": str,
    "licence": str,
    "reviewed_by": str,
    "review_date": date,
    "risk": str,
}
"""What stands in the front matter. `reviewed_by`: a role, empty until a person outside has read it. `risk`: what the
reader risks by having this on her phone or by following it wrongly."""
PARTS: Final = {"tips": ("",), "courses": ("hook", "point", "action", "question", "quiz")}


def check(folder: Path = FOLDER) -> list[str]:
    """All that is wrong with the content, one line each; empty if nothing is."""
    found = []
    for kind, parts in PARTS.items():
        for one in ids(folder, kind):
            try:
                arabic, english = pair(folder, kind, one)
            except ContentBroken as broken:
                found.append(str(broken))
                continue
            for language, file in (("ar", arabic), ("en", english)):
                where = file.path.relative_to(folder)
                found += [f"{where}: {fault}" for fault in _faults(file, one, parts, language)]  # type: ignore[arg-type]
            if untranslated := [name for name in parts if _same(arabic, english, name)]:
                found.append(f"{arabic.path.relative_to(folder)}: left untranslated: {', '.join(untranslated)}")
    if not found:
        try:
            load_from(folder)
        except ContentBroken as broken:
            found.append(str(broken))
    return found


def _same(arabic: File, english: File, name: str) -> bool:
    one, other = arabic.sections.get(name), english.sections.get(name)
    return one is not None and other is not None and one.words == other.words


def _faults(file: File, one: str, parts: tuple[str, ...], language: Language) -> Iterator[str]:
    yield from _fact_faults(file, one)
    said = {name: section for name, section in file.sections.items() if name or section.words}
    if set(said) != set(parts):
        yield f"has the parts {sorted(said)}, wants {sorted(parts)}"
    for name, section in said.items():
        if name in LONGEST:
            yield from _section_faults(name, section, language)
    first = said.get(parts[0])
    if first is not None:
        yield from betrayed(first.words, language)


def betrayed(words: str, language: Language) -> Iterator[str]:
    """What the first words of a message would tell whoever sees the locked phone."""
    seen = words[:SEEN]
    if language == "ar":
        plain = normalise(seen)
        yield from (f"«{word}» stands among the first {SEEN} characters" for word in ON_A_LOCKED_PHONE if word in plain)
    elif found := ON_A_LOCKED_PHONE_ENGLISH.search(seen):
        yield f"“{found[0]}” stands among the first {SEEN} characters"


def _fact_faults(file: File, one: str) -> Iterator[str]:
    facts = file.facts
    for name, kind in FACTS.items():
        if not isinstance(facts.get(name), kind) or (not facts[name] and name != "reviewed_by"):
            yield f"{name} is missing in its facts"
    if unknown := facts.keys() - FACTS.keys():
        yield f"knows no fact called {', '.join(sorted(unknown))}"
    if facts.get("id") != one:
        yield "its id is not its name"
    if facts.get("track") not in TRACKS:
        yield f"its track is none of {', '.join(TRACKS)}"
    if len(str(facts.get("title", ""))) > TITLE:
        yield f"its title is longer than {TITLE} characters"


def _section_faults(name: str, section: Section, language: Language) -> Iterator[str]:
    judge = faults_in_arabic if language == "ar" else faults_in_english
    told = [section.words, *(words for label, said, _ in section.answers for words in (label, said))]
    for words in told:
        yield from (f"{name or 'text'}: {fault}" for fault in judge(words))
    if len(section.words) > LONGEST[name] or not section.words:
        yield f"{name or 'text'}: has {len(section.words)} characters, at most {LONGEST[name]}"
    if name == "action" and not 1 <= sum(line[:1].isdigit() for line in section.words.splitlines()) <= STEPS:
        yield f"action: wants one to {STEPS} steps, each on a line that begins as «1. »"
    if name in {"question", "quiz"}:
        yield from _answer_faults(name, section)
    elif section.answers:
        yield f"{name or 'text'}: has answers, where nothing is asked"


def _answer_faults(name: str, section: Section) -> Iterator[str]:
    if len(section.answers) not in ANSWERS:
        yield f"{name}: has {len(section.answers)} answers, wants 2 or 3"
    if sum(right for *_, right in section.answers) != 1:
        yield f"{name}: one answer is the right one, marked by * behind it"
    for label, said, _ in section.answers:
        if not label or len(label) > LABEL:
            yield f"{name}: the answer {label!r} has {len(label)} characters, at most {LABEL}"
        if not said or len(said) > FEEDBACK:
            yield f"{name}: what is said to {label!r} has {len(said)} characters, 1 to {FEEDBACK}"
    if len({label for label, *_ in section.answers}) != len(section.answers):
        yield f"{name}: two answers are the same"


def main() -> int:
    """Run the command. Returns 0 if all is well, 1 if something is to be mended."""
    found = check()
    sys.stdout.write("".join(f"{fault}\n" for fault in found) or "All tips and lessons are whole.\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
