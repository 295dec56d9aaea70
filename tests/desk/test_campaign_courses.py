"""The page of the courses' figures: counts without persons, nothing small, nothing under duress."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import figures
from storage.unit import Unit
from tests.desk.staff import Desks
from tests.town import Town, town


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite, tmp_path) as opened:
        yield opened


def _counted(unit: Unit) -> None:
    for name, part, by in (
        ("course_enrolled", "digital", 42),
        ("course_enrolled", "legal", 3),
        ("course_finished", "digital", 21),
        ("lesson_begun", "d01", 40),
        ("lesson_done", "d01", 40),
        ("lesson_right", "d01", 20),
        ("quiz_asked", "digital", 100),
        ("quiz_right", "digital", 85),
    ):
        figures.add(unit, name, part, "2026-11", by)


async def test_it_shows_reach_and_gain_and_hides_what_is_small(place: Town) -> None:
    await place.working.store.write(_counted)
    async with Desks(place) as desks:
        member = await desks.hired("Reem", "content_editor", language="en")
        page = await member.get("/desk/campaigns/courses")
        assert page.status == 200
        assert "+35" in page.text
        assert "fewer than 5" in page.text
        assert ">3<" not in page.text


async def test_under_duress_there_is_no_figure(place: Town) -> None:
    await place.working.store.write(_counted)
    async with Desks(place) as desks:
        member = await desks.hired("Reem", "campaigner", language="en", duress=True)
        page = await member.get("/desk/campaigns/courses")
        assert page.status == 200
        assert "+35" not in page.text
        assert "Nothing to count yet." in page.text
