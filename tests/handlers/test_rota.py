"""What colleagues ask of each other about shifts, on both databases: once, by whom it was put to, or not at all."""

import asyncio
from datetime import UTC, datetime

import pytest

from flows.rota import Shift
from handlers import rota, rota_asks
from handlers.rota import Done, Doubtful, Outcome, Refused
from handlers.rota_asks import Asking
from storage import shifts, staff, swaps
from storage.store import Store
from tests.handlers.alarm_town import Phone, Town

STARTS, ENDS = datetime(2026, 1, 10, 8), datetime(2026, 1, 10, 20)  # noqa: DTZ001 - wall-clock
HERS = 500


@pytest.fixture
async def town(store: Store) -> Town:
    place = Town(store)
    place.now = datetime(2026, 1, 9, 6, 0, tzinfo=UTC)
    return place


@pytest.fixture
async def three(town: Town) -> tuple[Phone, Phone, Phone]:
    """Huda, whose shift it is, and two colleagues."""
    huda, najla, arwa = await town.has("huda"), await town.has("najla"), await town.has("arwa")
    await town.store.write(shifts.add, Shift(HERS, huda.number, "first", STARTS, ENDS, "Asia/Aden"))
    return huda, najla, arwa


async def asks(town: Town, by: Phone, to: Phone, **more: datetime) -> int:
    member = await town.asks(staff.member, by.number)
    assert member is not None
    asking = Asking(HERS, to.number, more.get("starts"), more.get("ends"))
    assert await town.store.write(rota_asks.ask, member, asking, town.world()) == Done()
    return next(one.id for one in await town.asks(swaps.waiting, to.number))


async def says_yes(town: Town, who: Phone, number: int) -> Outcome:
    return await town.store.write(rota_asks.answer, who.number, number, "yes", town.world())


async def owner(town: Town) -> int:
    shift = await town.asks(shifts.find, HERS)
    assert shift is not None
    return shift.staff_id


async def test_of_two_who_say_yes_at_once_one_has_it_and_the_other_hears_so(
    town: Town, three: tuple[Phone, Phone, Phone]
) -> None:
    huda, najla, arwa = three
    first, second = await asks(town, huda, najla), await asks(town, huda, arwa)
    outcomes = await asyncio.gather(says_yes(town, najla, first), says_yes(town, arwa, second))
    assert [isinstance(one, Done) for one in outcomes].count(True) == 1
    assert await owner(town) == (najla if isinstance(outcomes[0], Done) else arwa).number


async def test_one_yes_said_twice_at_once_is_one(town: Town, three: tuple[Phone, Phone, Phone]) -> None:
    huda, najla, _ = three
    number = await asks(town, huda, najla)
    outcomes = await asyncio.gather(says_yes(town, najla, number), says_yes(town, najla, number))
    assert sorted(isinstance(one, Done) for one in outcomes) == [False, True]


async def test_a_yes_after_the_shift_is_over_changes_nothing(town: Town, three: tuple[Phone, Phone, Phone]) -> None:
    huda, najla, _ = three
    number = await asks(town, huda, najla)
    town.now = datetime(2026, 1, 10, 17, 0, tzinfo=UTC)
    outcome = await says_yes(town, najla, number)
    assert isinstance(outcome, Refused)
    assert await owner(town) == huda.number


async def test_a_yes_in_the_middle_of_the_shift_takes_what_is_left(
    town: Town, three: tuple[Phone, Phone, Phone]
) -> None:
    huda, najla, _ = three
    number = await asks(town, huda, najla)
    town.now = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
    assert await says_yes(town, najla, number) == Done()
    _, taken = await town.asks(shifts.every)
    assert (taken.staff_id, taken.override, taken.covers) == (najla.number, True, huda.number)
    assert taken.span == (town.now, datetime(2026, 1, 10, 17, 0, tzinfo=UTC))


async def test_a_shift_that_was_removed_takes_its_requests_with_it(
    town: Town, three: tuple[Phone, Phone, Phone]
) -> None:
    huda, najla, _ = three
    number = await asks(town, huda, najla)
    member = await town.asks(staff.member, huda.number)
    assert member is not None
    assert isinstance(await town.store.write(rota.remove, member, HERS, town.world()), Doubtful)
    assert await town.store.write(rota.remove, member, HERS, town.world(), sure=True) == Done()
    assert isinstance(await says_yes(town, najla, number), Refused)


async def test_whoever_wakes_nobody_stands_in_for_nobody(town: Town, three: tuple[Phone, Phone, Phone]) -> None:
    huda, najla, _ = three
    over = Shift(501, najla.number, "first", STARTS, ENDS, "Asia/Aden", override=True, covers=huda.number)
    await town.store.write(shifts.add, over)
    await town.store.write(staff.disable, najla.number)
    await town.meets_her()
    town.now = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
    await town.alarm()
    assert len(huda.pages) == 1
