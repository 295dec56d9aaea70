"""Reads the tips and lessons: Markdown files with front matter (TOML between two lines of `+++`), one in each language.

It never sends one, and never judges how one speaks: that's `messages.content_check`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from messages.text import Language, Text, both

FOLDER: Final = Path(__file__).parent
Track = Literal["digital", "legal", "physical", "psychosocial", "political"]
TRACKS: Final[tuple[Track, ...]] = get_args(Track)
"""Training.md 5.2. A course is all lessons of one track, in the order of their numbers."""
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
FENCE: Final = "+++"
RIGHT: Final = " *"
"""Behind the label of the right answer."""


class ContentBroken(Exception):
    """A content file can't be read. The message says which, and what to write there."""


@dataclass(frozen=True, slots=True)
class Tip:
    """One safety tip. `text` is all that is sent; `source` names where its facts come from."""

    id: str
    track: Track
    title: Text
    text: Text
    source: Text
    reviewed: date
    """When it was last looked at: an older one than broadcasts.toml allows is not sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that she may choose: a label of at most 20 characters, and what is said to it."""

    label: Text
    feedback: Text
    right: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with two or three answers, of which one is right."""

    text: Text
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One idea in five messages: hook, point, action, question, and the feedback to her answer (training.md 5.1)."""

    id: str
    track: Track
    title: Text
    hook: Text
    point: Text
    action: Text
    question: Asked
    quiz: Asked
    """Another question of it, for the course's last quiz."""
    source: Text
    reviewed: date


@dataclass(frozen=True, slots=True)
class Content:
    """All tips and lessons by their id (d01 …), in order."""

    tips: Mapping[str, Tip]
    lessons: Mapping[str, Lesson]

    def course(self, track: str) -> tuple[Lesson, ...]:
        """The lessons of a track, in order."""
        return tuple(lesson for lesson in self.lessons.values() if lesson.track == track)

    def tips_of(self, track: str) -> tuple[Tip, ...]:
        """The tips of a track, in order; of every track where it is empty."""
        return tuple(tip for tip in self.tips.values() if track in {"", tip.track})


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a file: its heading, its words, and the answers below it as (label, feedback, right)."""

    words: str
    answers: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """One file as it stands: the front matter, and its sections by heading ("" for words without one)."""

    path: Path
    facts: Mapping[str, Any]
    sections: Mapping[str, Section]


@lru_cache(maxsize=1)
def load() -> Content:
    """Every tip and lesson of ours. Raises `ContentBroken`."""
    return load_from(FOLDER)


def load_from(folder: Path) -> Content:
    """Every tip and lesson of a folder. Raises `ContentBroken`."""
    tips = {one: _tip(*files) for one, files in _pairs(folder, "tips")}
    lessons = {one: _lesson(*files) for one, files in _pairs(folder, "courses")}
    return Content(tips, lessons)


def read(path: Path) -> File:
    """One file. Raises `ContentBroken`."""
    empty, fence, rest = path.read_text("utf-8").partition(FENCE)
    front, fenced, body = rest.partition(f"\n{FENCE}\n")
    if empty.strip() or not fence or not fenced:
        raise ContentBroken(f"{path}: begin with a line +++, the facts as TOML, and another line +++.")
    try:
        facts = tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        raise ContentBroken(f"{path}: the facts are no TOML: {error}") from None
    return File(path, facts, dict(_sections(body)))


def _sections(body: str) -> list[tuple[str, Section]]:
    found: list[tuple[str, Section]] = []
    for part in f"\n{body}".split("\n# "):
        heading, _, rest = part.partition("\n") if found or not part.startswith("\n") else ("", "", part)
        words, *answers = f"\n{rest}".split("\n## ")
        told = [answer.partition("\n") for answer in answers]
        given = tuple(
            (label.strip().removesuffix(RIGHT).strip(), said.strip(), label.strip().endswith(RIGHT))
            for label, _, said in told
        )
        found.append((heading.strip(), Section(words.strip(), given)))
    return found


def pair(folder: Path, kind: str, one: str) -> tuple[File, File]:
    """A file in Arabic and in English. Raises `ContentBroken` where one is missing."""
    paths = [folder / language / kind / f"{one}.md" for language in LANGUAGES]
    for path in paths:
        if not path.exists():
            raise ContentBroken(f"{path} is missing: every tip and lesson stands in both languages.")
    arabic, english = (read(path) for path in paths)
    return arabic, english


def ids(folder: Path, kind: str) -> list[str]:
    """The ids of all files of a kind (tips, courses), in either language."""
    return sorted({path.stem for language in LANGUAGES for path in (folder / language / kind).glob("*.md")})


def _pairs(folder: Path, kind: str) -> list[tuple[str, tuple[File, File]]]:
    return [(one, pair(folder, kind, one)) for one in ids(folder, kind)]


def _tip(arabic: File, english: File) -> Tip:
    facts = _facts(arabic, english)
    return Tip(text=_words(arabic, english, ""), **facts)


def _lesson(arabic: File, english: File) -> Lesson:
    said = {name: _words(arabic, english, name) for name in ("hook", "point", "action")}
    asked = {name: _asked(arabic, english, name) for name in ("question", "quiz")}
    return Lesson(**_facts(arabic, english), **said, **asked)  # type: ignore[arg-type]


def _facts(arabic: File, english: File) -> dict[str, Any]:
    try:
        return {
            "id": arabic.facts["id"],
            "track": arabic.facts["track"],
            "title": both(ar=arabic.facts["title"], en=english.facts["title"]),
            "source": both(ar=arabic.facts["source"], en=english.facts["source"]),
            "reviewed": min(arabic.facts["review_date"], english.facts["review_date"]),
        }
    except KeyError as missing:
        raise ContentBroken(f"{arabic.path} or its English lacks {missing} in its facts.") from None


def _section(file: File, name: str) -> Section:
    if name not in file.sections:
        raise ContentBroken(f"{file.path} lacks the heading “# {name}”." if name else f"{file.path} says nothing.")
    return file.sections[name]


def _words(arabic: File, english: File, name: str) -> Text:
    return both(ar=_section(arabic, name).words, en=_section(english, name).words)


def _asked(arabic: File, english: File, name: str) -> Asked:
    one, other = _section(arabic, name), _section(english, name)
    if [right for *_, right in one.answers] != [right for *_, right in other.answers]:
        raise ContentBroken(f"{arabic.path} and its English differ in the answers to “# {name}”.")
    answers = (
        Answer(both(ar=label, en=label_en), both(ar=said, en=said_en), right)
        for (label, said, right), (label_en, said_en, _) in zip(one.answers, other.answers, strict=True)
    )
    return Asked(_words(arabic, english, name), tuple(answers))
