"""The report of a run, its tables and its plots: sums that nobody can be told from, and cells that nothing executes."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.desk import plots, run_words
from console.desk.campaign_csv import lines, safe
from console.desk.run_words import ORDER, REASONS, STATES, reason, reasons
from flows.public import Subscription
from handlers import campaign_report, subscribing
from handlers.campaign_report import rounded
from storage import audit, half_days, run_readers
from storage.store import Store
from storage.unit import Unit
from tests.desk.run_seeds import FROZEN, Seeds, half_sent
from tests.desk.staff import Desks, Staffer
from tests.desk.test_campaign_run import at, plain
from tests.town import Town, town

MORNING = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
"""Half past eight in Aden."""
ADEN = "Asia/Aden"


@dataclass(frozen=True, slots=True)
class Place:
    """A town with somebody of the campaign team."""

    town: Town
    seeds: Seeds
    rana: Staffer


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with town(sqlite, tmp_path) as opened, Desks(opened) as desks:
        yield Place(opened, Seeds(opened), await desks.hired("رنا", "campaigner", language="en"))


# ---------------------------------------------------------------- what followed


def test_a_sum_is_rounded_up_to_the_next_five_and_none_below_the_smallest_is_told() -> None:
    told = {count: rounded(count, 5).about for count in (0, 1, 4, 5, 6, 10, 11, 98)}
    assert told == {0: None, 1: None, 4: None, 5: 5, 6: 10, 10: 10, 11: 15, 98: 100}


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_a_sum_never_tells_the_last_digit(count: int, smallest: int) -> None:
    about = rounded(count, smallest).about
    assert (about is None) == (count < smallest)
    assert about is None or (about % 5 == 0 and 0 <= about - count < 5)


async def test_nothing_that_followed_is_told_before_three_days_are_over(place: Place) -> None:
    run = await half_sent(place.seeds)
    said = plain((await place.rana.get(at(run, "/report"))).text)
    assert "It is told when three days are over: Wednesday, 25 November 2026" in said
    assert "New cases" not in said


async def test_after_three_days_cases_and_subscriptions_are_sums_over_everybody(place: Place) -> None:
    run = await half_sent(place.seeds, state="done")
    store, world = place.town.working.store, place.town.working.world()
    for number in range(7):
        subscription = Subscription(("tips",))
        await store.write(subscribing.subscribe, "telegram", f"5{number}", subscription, world)
    for number in range(2):
        await store.write(subscribing.unsubscribe, "telegram", f"5{number}", world)
    place.town.telegram.passes(timedelta(days=4).total_seconds())
    await place.rana.begins_anew(place.town)
    said = plain((await place.rana.get(at(run, "/report"))).text)
    assert "Subscribed in the 72 hours after about 10" in said
    assert "Stopped everything in the 72 hours after fewer than 5" in said
    assert "New cases in the 72 hours before fewer than 5" in said
    assert "New cases in the 72 hours after fewer than 5" in said


@pytest.mark.parametrize(("count", "told"), [(0, None), (4, None), (5, 5), (8, 10)])
async def test_a_handful_of_cases_is_never_told_and_the_rest_rounded(
    store: Store, count: int, told: int | None
) -> None:
    noon = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def opened(unit: Unit) -> int:
        sql = """INSERT INTO cases (id, code, public_key, facets, status, mechanism, opened_at, drill)
            VALUES (:id, :code, :key, :key, 'waiting', 'm', :at, :drill)"""
        for number in range(count + 3):
            values = {"id": number + 1, "code": f"AAA-{number:03}", "key": b"x", "at": int(noon.timestamp() * 1000)}
            unit.do(sql, values | {"drill": int(number >= count)})
        return run_readers.opened(unit, noon, noon + timedelta(hours=1))

    found = await store.write(opened)
    assert found == count
    assert rounded(found, 5).about == told


async def test_halves_of_days_are_those_of_the_associations_clock(store: Store) -> None:
    def kept(unit: Unit) -> list[int]:
        for hours in (0, 3, 4, 15, 16, 80):  # in Aden half past 8, 11, 12, 23 that day, half past midnight, far later
            half_days.note(unit, half_days.LEFT, MORNING + timedelta(hours=hours), ADEN)
        since = half_days.begin(MORNING, ADEN)
        return [half_days.between(unit, half_days.LEFT, since, halves) for halves in (1, 2, 3, 6)]

    assert await store.write(kept) == [2, 4, 5, 5]
    assert half_days.begin(MORNING, ADEN) == datetime(2026, 11, 22, tzinfo=ZoneInfo(ADEN))


# ---------------------------------------------------------------- tables


async def _table(place: Place, run: int, name: str) -> list[list[str]]:
    answer = await place.rana.get(at(run, f"/{name}.csv"))
    assert answer.status == 200
    assert answer.body.startswith("\ufeff".encode())
    assert f'filename="{name}.csv"' in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))


async def test_the_letters_table_has_a_row_for_each_without_anybody_in_it(place: Place) -> None:
    run = await half_sent(place.seeds)
    head, *rows = await _table(place, run, "letters")
    assert head == ["Number", "Channel", "State", "Reason", "Hour in which it left", "Pressed a button"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 38)]
    assert sum(row[2] == "Delivered" for row in rows) == 12
    assert sum(row[5] == "yes" for row in rows) == 4
    assert sum(row[3] == "Not now: no moment was fitting" for row in rows) == 3
    assert {row[4] for row in rows} <= {"", "2026-11-22 11:00"}


async def test_of_a_single_reader_nothing_is_told_that_she_did(place: Place) -> None:
    run = await place.seeds.run("done")
    await place.seeds.listed(run, "read", "whatsapp", tapped=True)
    (_, row) = await _table(place, run, "letters")
    assert (row[2], row[5]) == ("Delivered", "")
    assert ["Pressed a button", "", "fewer than 5"] in await _table(place, run, "sums")
    assert "so few readers" in plain((await place.rana.get(at(run, "/report"))).text)
    assert "Pressed a button" not in plain((await place.rana.get(at(run))).text)


async def test_the_sums_table_adds_up_and_taking_it_out_is_logged(place: Place) -> None:
    run = await half_sent(place.seeds)
    rows = await _table(place, run, "sums")
    states = [int(row[2]) for row in rows if row[0] == "State"]
    assert ["Together", "", "37"] in rows
    assert sum(states) == 37
    assert ["Arrived, by language", "Arabic", "16"] in rows
    newest = (await place.town.working.store.read(audit.newest, 1))[0]
    assert (newest.what, newest.staff, newest.target) == ("run_exported", place.rana.number, run)


async def test_a_campaigns_name_is_no_formula_in_the_table(place: Place) -> None:
    frozen = replace(FROZEN, name='=HYPERLINK("http://x","y")')
    run = await place.seeds.run("done", frozen=frozen)
    rows = await _table(place, run, "sums")
    assert ["Name", '\'=HYPERLINK("http://x","y")', ""] in rows


@pytest.mark.parametrize(
    "cell", ["=1+1", "+9", "-2", "@SUM(1)", "\t=1", "\r=1", " =1", "\u200f=1", "＝1", "\u2068-1\u2069"]
)
def test_a_cell_that_a_spreadsheet_would_execute_gets_an_apostrophe(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), min_size=1))
def test_whatever_is_in_a_cell_comes_back_and_begins_no_formula(rows: list[list[str]]) -> None:
    text = "".join(lines(rows)).removeprefix("\ufeff")
    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    cleaned = [[cell.replace("\x00", "") for cell in row] for row in rows]
    assert [[cell.removeprefix("'") for cell in row] for row in found] == [
        [cell.removeprefix("'") for cell in row] for row in cleaned
    ]
    assert not [cell for row in found for cell in row if cell[:1] in set("=+-@\t\r")]


async def test_a_table_of_thousands_comes_in_pieces() -> None:
    pieces = list(lines([number, "x"] for number in range(1200)))
    assert len(pieces) == 3
    assert "".join(pieces).count("\r\n") == 1200


@pytest.mark.parametrize("kind", ["letters", "sums"])
async def test_on_both_databases_the_same_is_read_of_a_run(database: str, tmp_path: Path, kind: str) -> None:
    async with town(database, tmp_path) as opened, Desks(opened) as desks:
        place = Place(opened, Seeds(opened), await desks.hired("رنا", "campaigner", language="en"))
        run = await half_sent(place.seeds)
        assert (await place.rana.get(at(run, "/report"))).status == 200
        rows = await _table(place, run, kind)
        assert len(rows) == {"letters": 38, "sums": 21}[kind]
        answer = await place.rana.post(at(run, "/doubt"), {"number": "1", "fate": "sent"})
        assert answer.status in {303, 409}


# ---------------------------------------------------------------- words and plots


def test_every_state_has_words_and_a_place_in_the_bar() -> None:
    assert set(ORDER) == set(STATES)


@pytest.mark.parametrize("code", ["63016", "63018", "63024", "63032", "63033", "63041", "63049", "21610", "403", "429"])
def test_every_platforms_number_that_we_know_is_said_in_words(code: str) -> None:
    assert code not in reason(code).id
    assert "{" not in reason(code).id


def test_codes_that_say_the_same_are_counted_together_the_most_frequent_first() -> None:
    found = reasons({"hidden": 2, "hours": 3, "spacing": 4, "403": 5})
    assert found == [(REASONS["hours"], 9), (REASONS["403"], 5)]


def test_a_code_that_nobody_has_met_is_named() -> None:
    assert dict(reason("99999").blanks) == {"code": "99999"}
    assert set(run_words.HALTED) == {"media", "template"}


@given(st.dictionaries(st.sampled_from(ORDER), st.integers(1, 100_000), min_size=1))
def test_the_pieces_of_the_bar_fill_it_without_a_gap(counts: dict[str, int]) -> None:
    pieces = plots.stacked(counts, ORDER)
    assert sum(piece.count for piece in pieces) == sum(counts.values())
    ends = [piece.start + piece.length for piece in pieces]
    assert abs(ends[-1] - 100) < 0.1
    assert all(abs(piece.start - end) < 0.02 for piece, end in zip(pieces[1:], ends, strict=False))


def test_nothing_to_draw_draws_nothing() -> None:
    assert plots.stacked({}, ORDER) == ()
    assert plots.bars({}) == ()
    assert plots.line([], MORNING) is None


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 500)), min_size=1, unique_by=lambda one: one[0]))
def test_the_line_only_rises_and_stays_in_its_field(steps: list[tuple[int, int]]) -> None:
    series = [(MORNING + timedelta(minutes=minute), count) for minute, count in steps]
    drawn = plots.line(series, max(series)[0] + timedelta(minutes=1))
    assert drawn is not None
    points = [tuple(map(float, point.split())) for point in drawn.edge[1:].split(" L")]
    assert points == sorted(points, key=lambda point: (point[0], -point[1]))
    assert all(0 <= x <= plots.WIDTH and 0 <= y <= plots.HEIGHT for x, y in points)
    assert sum(count for _, count in steps) <= drawn.top <= 5 * sum(count for _, count in steps)


async def test_the_line_of_a_long_run_has_few_corners(place: Place) -> None:
    run = await place.seeds.run("paused")
    for minutes in (1, 50, 500, 4000):
        await place.seeds.listed(run, "delivered", minutes=minutes)
    found = await place.town.working.store.read(campaign_report.report, run, place.town.working.world())
    assert sum(count for _, count in found.grew) == 4
    assert len(found.grew) <= 120
    assert found.until is not None
    assert found.until > found.grew[-1][0]
