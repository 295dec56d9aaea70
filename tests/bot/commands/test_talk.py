"""A rehearsal in the terminal runs the real program, and leaves nothing but the transcript that was asked for."""

import stat

import pytest

from tests.bot.commands.conftest import Sanad


def test_it_answers_with_numbered_choices(sanad: Sanad) -> None:
    said = sanad.works("talk", says="/start\n")
    assert "1. العربية" in said
    assert "2. English" in said


def test_it_needs_no_settings_and_leaves_nothing_behind(sanad: Sanad) -> None:
    sanad.patch.delenv("SANAD_KEYS")
    sanad.works("talk", says="/start\n1\n")
    assert list(sanad.folder.iterdir()) == []


def test_it_says_that_it_is_a_rehearsal(sanad: Sanad) -> None:
    assert "rehearsal" in sanad("talk", says="").stderr


def test_danger_shows_the_page_to_the_one_on_call(sanad: Sanad) -> None:
    said = sanad.works("talk", "--language", "en", says="/start\n2\n2\n2\n")
    assert "(to the focal point on call)" in said


def test_a_transcript_holds_both_sides_for_the_owner_only(sanad: Sanad) -> None:
    said = sanad.works("talk", "--transcript", "talk.txt", says="/start\n2\n")
    written = (sanad.folder / "talk.txt").read_text(encoding="utf-8")
    assert "< /start" in written
    assert all(line in written for line in said.splitlines())
    assert stat.S_IMODE((sanad.folder / "talk.txt").stat().st_mode) == 0o600


def test_a_transcript_is_not_written_over_a_file(sanad: Sanad) -> None:
    (sanad.folder / "talk.txt").write_text("mine")
    assert sanad("talk", "--transcript", "talk.txt", says="/start\n").exit_code == 2
    assert (sanad.folder / "talk.txt").read_text() == "mine"


def test_a_file_and_a_place_are_shared_by_command(sanad: Sanad) -> None:
    (sanad.folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    called = sanad("talk", says="/start\n2\n1\n/file photo.jpg\n/place 15.46 45.32\n")
    assert called.exit_code == 0
    assert "could not be shared" not in called.stderr


@pytest.mark.parametrize(
    "line", ["/file missing.jpg", "/file /", "/place", "/place here", "/place 91 0", "/place 1 2 3"]
)
def test_what_can_t_be_shared_is_said_and_the_talk_goes_on(sanad: Sanad, line: str) -> None:
    called = sanad("talk", says=f"{line}\n/start\n")
    assert called.exit_code == 0
    assert "could not be shared" in called.stderr
    assert "2. English" in called.stdout
