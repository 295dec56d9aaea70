"""The tips and lessons: what stands in the files is whole and well said, and every fault that may creep in is named."""

import shutil
from pathlib import Path

import pytest

from messages.catalog import render
from messages.content import FOLDER, TRACKS, ContentBroken, load, read
from messages.content_check import SEEN, check, main

FILES = ("ar/tips/d08.md", "en/tips/d08.md", "ar/courses/d08.md", "en/courses/d08.md")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One tip and one lesson, to be broken."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FOLDER / name, tmp_path / name)
    assert check(tmp_path) == []
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    said = path.read_text("utf-8")
    assert old in said
    path.write_text(said.replace(old, new, 1), "utf-8")


def test_every_tip_and_lesson_is_whole() -> None:
    assert check() == []


def test_there_are_thirty_of_each_in_the_tracks_that_the_mission_names() -> None:
    content = load()
    assert (len(content.tips), len(content.lessons)) == (30, 30)
    assert set(content.tips) == set(content.lessons)
    counts = {track: len(content.course(track)) for track in TRACKS}
    assert min(counts[track] for track in ("digital", "legal", "political")) >= 6
    assert (counts["physical"], counts["psychosocial"]) == (5, 4)


def test_each_answer_of_each_lesson_is_answered_and_one_is_right() -> None:
    for lesson in load().lessons.values():
        for asked in (lesson.question, lesson.quiz):
            assert [answer.right for answer in asked.answers].count(True) == 1
            assert all(render(answer.feedback, one) for answer in asked.answers for one in ("ar", "en"))


def test_the_right_answer_is_not_always_in_the_same_place() -> None:
    places = [[a.right for a in lesson.question.answers].index(True) for lesson in load().lessons.values()]
    assert max(places.count(place) for place in set(places)) <= 18


def test_no_first_line_is_the_same_as_another() -> None:
    firsts = [render(tip.text, "ar")[:SEEN] for tip in load().tips.values()]
    firsts += [render(lesson.hook, "ar")[:SEEN] for lesson in load().lessons.values()]
    assert len(set(firsts)) == len(firsts)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("ar/tips/d08.md", "انسخي", "انسخ", "speaks to a man"),
        ("ar/tips/d08.md", "هاتفكِ", "هاتفك عليك", "needs its kasra"),
        ("ar/tips/d08.md", "قبل أن يذهب هاتفكِ", "تهديد وصل إلى هاتفكِ", "stands among the first"),
        ("en/tips/d08.md", "Before your phone", "A threat, and your phone", "stands among the first"),
        ("ar/tips/d08.md", "محل تديره", "لا تقلقي، سنحميكِ. محل تديره", "never said"),
        ("ar/tips/d08.md", 'source = "', 'source = "" # "', "source is missing"),
        ("ar/tips/d08.md", 'licence = "own words"\n', "", "licence is missing"),
        ("ar/tips/d08.md", "review_date = 2026-11-22", 'review_date = "soon"', "review_date is missing"),
        ("ar/tips/d08.md", 'track = "digital"', 'track = "cooking"', "its track is none of"),
        ("ar/tips/d08.md", 'id = "d08"', 'id = "d09"', "its id is not its name"),
        ("ar/tips/d08.md", "risk = ", "fun = true\nrisk = ", "knows no fact called fun"),
        ("ar/courses/d08.md", "# hook\n", "# hook\n" + "كلمة " * 60, "hook: has"),
        ("ar/courses/d08.md", "# quiz\n", "# riddle\n", "has the parts"),
        ("ar/courses/d08.md", " *\n", "\n", "one answer is the right one"),
        ("ar/courses/d08.md", "## أعطيه الرمز\n", "## أعطيه الرمز لأنه طلبه مني\n", "at most 20"),
    ],
)
def test_a_fault_is_named(folder: Path, name: str, old: str, new: str, fault: str) -> None:
    change(folder, name, old, new)
    assert any(fault in found for found in check(folder)), check(folder)


def test_a_lesson_without_its_english_is_named(folder: Path) -> None:
    (folder / "en/courses/d08.md").unlink()
    assert any("is missing: every tip and lesson" in found for found in check(folder))


def test_an_action_without_steps_is_named(folder: Path) -> None:
    path = folder / "ar/courses/d08.md"
    said = path.read_text("utf-8")
    for step in "123":
        said = said.replace(f"\n{step}. ", "\n")
    path.write_text(said, "utf-8")
    assert any("wants one to 3 steps" in found for found in check(folder))


def test_a_text_left_in_the_other_language_is_named(folder: Path) -> None:
    shutil.copy(folder / "en/tips/d08.md", folder / "ar/tips/d08.md")
    assert any("left untranslated" in found for found in check(folder))


def test_answers_that_differ_between_the_languages_are_named(folder: Path) -> None:
    path = folder / "en/courses/d08.md"
    said = path.read_text("utf-8")
    begins, rest = said.split("# question\n")
    question, quiz = rest.split("# quiz\n")
    wrong = next(line for line in question.splitlines() if line.startswith("## ") and not line.endswith(" *"))
    other = question.replace(" *\n", "\n").replace(f"{wrong}\n", f"{wrong} *\n")
    path.write_text(f"{begins}# question\n{other}# quiz\n{quiz}", "utf-8")
    assert any("differ in the answers" in found for found in check(folder))


@pytest.mark.parametrize("broken", ["no front matter", "+++\nid = \n+++\ntext", "+++\nid = 1\n"])
def test_a_file_that_can_not_be_read_says_which_and_what_to_write(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "x.md"
    path.write_text(broken, "utf-8")
    with pytest.raises(ContentBroken, match=r"x\.md"):
        read(path)


def test_the_command_says_so_and_ends_in_peace(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert "whole" in capsys.readouterr().out
