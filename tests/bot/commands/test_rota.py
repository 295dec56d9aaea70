"""Shifts are kept by wall clock, names as they are heard, and gaps are shown with the way to mend them."""

import re
from datetime import datetime

import pytest

from storage import shifts
from tests.bot.commands.conftest import Sanad

LONG = ("--from", "2020-01-01T00:00", "--to", "2100-01-01T00:00")


@pytest.fixture
def team(sanad: Sanad) -> Sanad:
    """Two focal points and an auditor, nobody on call."""
    sanad.works("staff", "add", "هدى", "--role", "focal_point", "--telegram", "1")
    sanad.works("staff", "add", "Najla", "--role", "focal_point", "--telegram", "2")
    sanad.works("staff", "add", "Auditor", "--role", "auditor")
    return sanad


def test_a_shift_is_kept_as_it_was_said(team: Sanad) -> None:
    team.works("rota", "add", "--who", "هُدى", "--from", "2026-01-01T08:00", "--to", "2026-01-01T20:00")
    (shift,) = team.with_store(lambda store: store.read(shifts.every))
    assert (shift.starts, shift.ends) == (datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 20))  # noqa: DTZ001
    assert (shift.level, shift.zone, shift.override, shift.covers) == ("first", "Asia/Aden", False, None)


def test_an_override_stands_in_for_the_one_named(team: Sanad) -> None:
    team.works("rota", "add", "--who", "هدى", *LONG)
    team.works("rota", "add", "--who", "najla", *LONG, "--override", "--covers", "هدى", "--zone", "Europe/Berlin")
    assert "Now, first: Najla" in team.works("rota", "show")


@pytest.mark.parametrize(
    ("words", "about"),
    [
        (["--who", "Nobody", *LONG], "“Najla”"),
        (["--who", "Auditor", *LONG], "can't be reached"),
        (["--who", "Najla", "--from", "tomorrow", "--to", "2026-01-01"], "2026-01-31T08:00"),
        (["--who", "Najla", "--from", "2026-01-02", "--to", "2026-01-01"], "end after it starts"),
        (["--who", "Najla", "--from", "2026-01-01T00:00Z", "--to", "2026-01-02"], "wall-clock"),
        (["--who", "Najla", *LONG, "--zone", "Mars/Base"], "Asia/Aden"),
        (["--who", "Najla", *LONG, "--zone", "../../etc/passwd"], "Asia/Aden"),
        (["--who", "Najla", *LONG, "--covers", "هدى"], "--override"),
        (["--who", "Najla", *LONG, "--level", "third"], "level"),
        (["--who", "Najla"], "--from"),
    ],
)
def test_words_that_are_off_are_said_and_nothing_is_kept(team: Sanad, words: list[str], about: str) -> None:
    called = team("rota", "add", *words)
    assert called.exit_code == 2
    assert about in called.stderr
    assert team.with_store(lambda store: store.read(shifts.every)) == []


def test_an_empty_rota_shows_nobody_and_how_to_mend_it(team: Sanad) -> None:
    called = team("rota", "show")
    assert called.exit_code == 0
    assert "Now, first: NOBODY" in called.stdout
    assert 'sanad rota add --who "NAME" --from' in called.stderr


def test_the_way_to_mend_a_gap_mends_it(team: Sanad) -> None:
    command = re.search(r"sanad (rota add --who \"NAME\" .*)", team("rota", "show", "--days", "2").stderr)
    assert command
    team.works(*command[1].replace('"NAME"', "Najla").split())
    assert "Now, first: Najla" in team.works("rota", "show", "--days", "1")


def test_a_shift_of_someone_disabled_is_a_gap(team: Sanad) -> None:
    team.works("rota", "add", "--who", "Najla", *LONG)
    team.works("staff", "disable", "Najla")
    assert "Now, first: NOBODY" in team.works("rota", "show")


def test_the_coming_days_change_where_the_shifts_do(team: Sanad) -> None:
    team.works("rota", "add", "--who", "Najla", *LONG)
    shown = team.works("rota", "show", "--days", "3")
    assert len(re.findall(r"first\s+Najla", shown)) == 1
    assert len(re.findall(r"substitute\s+NOBODY", shown)) == 1
