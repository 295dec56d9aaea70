"""Whose keys open a case: all who may have to take it, then who works on it; who was taken off reads nothing new."""

import pytest

from handlers import sharing
from handlers.team import team
from storage import assignments, cases, staff
from storage.cases import Case, Item
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit
from tests.desk.working import CODE, Colleague, Room

RECOVERY = b"r" * 32


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store)


async def _opens(room: Room, by: Colleague | None) -> set[int]:
    """The epochs of the case that a colleague's key opens; the recovery key's for None."""
    sealed = await room.store.read(cases.sealed_case, CODE)
    assert sealed is not None
    reader, seed = (1, RECOVERY) if by is None else (by.reader, by.seed)
    return set(cases.case_seeds(sealed, reader, seed))


async def _reads(room: Room, by: Colleague) -> list[str]:
    """What a colleague's key opens of the notes."""
    sealed = await room.store.read(cases.sealed_case, CODE)
    assert sealed is not None
    items = cases.open_items(sealed, cases.case_seeds(sealed, by.reader, by.seed))
    return [item.content["words"] for item in items if item.kind == "note"]


async def _note(room: Room, words: str) -> None:
    case = await room.case()
    await room.store.write(cases.add_items, case, room.draw.number(), [Item("note", room.now, {"words": words})])


async def _take(room: Room, by: Colleague) -> Case:
    await room.store.write(sharing.taken, (await room.case()).id, by.who.staff, room.world())
    return await room.case()


async def _second(room: Room, by: Colleague) -> None:
    number = (await room.case()).id
    await room.store.write(assignments.begin, room.draw.number(), number, by.who.staff, "second", room.now)


async def _off(room: Room, by: Colleague, *, for_good: bool = False) -> Case:
    number = (await room.case()).id
    await room.store.write(sharing.take_off, number, by.who.staff, room.world(), for_good=for_good)
    return await room.case()


async def test_a_new_case_is_sealed_to_the_roles_of_its_level_and_the_recovery_key(room: Room) -> None:
    huda, salma = await room.has("Huda"), await room.has("Salma", "coordinator")
    writer, auditor = await room.has("W", "campaigner"), await room.has("A", "auditor")
    case = await room.she_reports("high")
    allowed = room.rules.sealed_to["high"]
    for one in (huda, salma, writer, auditor):
        assert await _opens(room, one) == ({1} if one.who.role in allowed else set())
    assert await _opens(room, None) == {1}
    assert case.epoch == 1


@pytest.mark.parametrize("level", ["low", "medium", "high", "critical"])
async def test_every_level_is_sealed_to_some_role_that_reads_cases(room: Room, level: str) -> None:
    colleagues = [await room.has(role, role) for role in ("focal_point", "coordinator", "national_desk", "auditor")]
    await room.she_reports(level)  # type: ignore[arg-type]
    for one in colleagues:
        assert bool(await _opens(room, one)) == (one.who.role in room.rules.sealed_to[level])
    assert "auditor" not in room.rules.sealed_to[level]


async def test_taken_by_somebody_who_holds_a_key_the_case_keeps_its_own(room: Room) -> None:
    huda = await room.has("Huda")
    await room.she_reports()
    assert (await _take(room, huda)).epoch == 1


async def test_taken_by_somebody_who_came_later_it_gets_a_key_that_she_can_open(room: Room) -> None:
    huda = await room.has("Huda")
    await room.she_reports()
    rana = await room.has("Rana")
    assert (await _take(room, rana)).epoch == 2
    await _note(room, "after")
    assert await _opens(room, rana) == {2}
    assert await _reads(room, rana) == ["after"]
    assert await _opens(room, huda) == {1, 2}
    assert await _opens(room, None) == {1, 2}


async def test_taken_by_somebody_without_a_key_nothing_changes(room: Room) -> None:
    await room.has("Huda")
    await room.she_reports()
    rana = await room.has("Rana", key=False)
    assert (await _take(room, rana)).epoch == 1


async def test_once_somebody_is_in_touch_only_those_who_work_on_it_and_the_recovery_key_open_it(room: Room) -> None:
    huda, rana, maha = await room.has("Huda"), await room.has("Rana"), await room.has("Maha")
    number = (await room.she_reports()).id
    await _take(room, huda)
    await _second(room, rana)
    await room.store.write(sharing.contacted, number)
    assert [await _opens(room, one) for one in (huda, rana, maha, None)] == [{1}, {1}, set(), {1}]


async def test_if_nobody_who_works_on_it_has_a_key_nothing_is_destroyed(room: Room) -> None:
    huda = await room.has("Huda")
    number = (await room.she_reports()).id
    await _take(room, await room.has("Rana", key=False))
    await room.store.write(sharing.contacted, number)
    assert await _opens(room, huda) == {1}


async def test_while_the_one_who_took_it_can_t_open_its_beginning_nobody_loses_it(room: Room) -> None:
    huda = await room.has("Huda")
    number = (await room.she_reports()).id
    await _take(room, await room.has("Rana"))
    await room.store.write(sharing.contacted, number)
    assert await _opens(room, huda) == {1, 2}


async def test_given_back_everybody_who_may_have_to_take_it_reads_what_follows(room: Room) -> None:
    huda, maha = await room.has("Huda"), await room.has("Maha")
    number = (await room.she_reports()).id
    await _take(room, huda)
    await room.store.write(sharing.contacted, number)
    await room.store.write(sharing.waiting, number, room.world())
    await _note(room, "help again")
    assert await _reads(room, maha) == ["help again"]
    assert await _opens(room, maha) == {2}
    [left] = await room.store.read(assignments.of_case, number)
    assert (left.staff, left.part) == (huda.who.staff, "second")  # or nobody could hand the beginning on


async def test_given_back_while_others_read_it_too_nobody_is_left_on_it(room: Room) -> None:
    huda = await room.has("Huda")
    await room.has("Maha")
    number = (await room.she_reports()).id
    await _take(room, huda)
    await room.store.write(sharing.waiting, number, room.world())
    assert await room.store.read(assignments.of_case, number) == []


async def test_who_is_taken_off_after_the_recovery_key_was_replaced_leaves_a_case_that_the_new_one_opens(
    room: Room,
) -> None:
    huda = await room.has("Huda")
    number = (await room.she_reports()).id
    await _take(room, huda)
    await room.store.write(sharing.contacted, number)
    fresh = b"f" * 32
    await room.store.write(cases.add_reader, 2, "recovery", public_key(fresh), room.now)
    case = await _off(room, huda)
    sealed = await room.store.read(cases.sealed_case, CODE)
    assert sealed is not None
    assert set(cases.case_seeds(sealed, 2, fresh)) == {case.epoch}


async def test_an_epoch_begun_from_an_older_reading_of_the_case_takes_no_other_s_place(room: Room) -> None:
    huda = await room.has("Huda")
    old = await room.she_reports()
    to = [(huda.reader, public_key(huda.seed))]
    for _ in range(2):
        await room.store.write(cases.begin_epoch, old, room.draw.seed(32), to)
    assert (await room.case()).epoch == 3
    assert await _opens(room, huda) == {1, 2, 3}


async def test_raised_it_is_sealed_to_those_whom_its_new_level_wakes(room: Room) -> None:
    await room.has("Huda")
    number = (await room.she_reports("low")).id
    national = await room.has("N", "national_desk")
    case = await room.case()
    facets = cases.Facets("critical", case.facets.because, case.facets.place)
    await room.store.write(cases.put_facets, number, facets)
    await room.store.write(sharing.widen, number, room.world())
    assert bool(await _opens(room, national)) == ("national_desk" in room.rules.sealed_to["critical"])
    assert (await room.case()).epoch == 2


async def test_where_all_can_open_it_already_waiting_makes_no_new_key(room: Room) -> None:
    await room.has("Huda")
    number = (await room.she_reports()).id
    await room.store.write(sharing.waiting, number, room.world())
    assert (await room.case()).epoch == 1


async def test_whoever_is_taken_off_loses_what_she_had_and_can_t_open_what_follows(room: Room) -> None:
    huda, rana = await room.has("Huda"), await room.has("Rana")
    await room.she_reports()
    await _take(room, huda)
    await _second(room, rana)
    await _note(room, "before")
    assert (await _off(room, rana)).epoch == 2
    await _note(room, "after")
    assert await _opens(room, rana) == set()
    assert await _reads(room, huda) == ["before", "after"]
    assert await _opens(room, None) == {1, 2}


async def test_an_old_key_of_hers_goes_with_her(room: Room) -> None:
    rana = await room.has("Rana")
    await room.has("Huda")
    await room.she_reports()
    await room.store.write(cases.add_reader, 77, "staff", public_key(b"x" * 32), room.now, rana.who.staff)
    await _off(room, rana)
    assert await _opens(room, rana) == set()


async def test_the_key_that_she_remembers_opens_nothing_of_what_follows(room: Room) -> None:
    """Her browser may have kept the case's old key: what follows is sealed to another."""
    rana = await room.has("Rana")
    await room.she_reports()
    sealed = await room.store.read(cases.sealed_case, CODE)
    assert sealed is not None
    remembered = cases.case_seeds(sealed, rana.reader, rana.seed)
    await _off(room, rana)
    await _note(room, "after")
    later = await room.store.read(cases.sealed_case, CODE)
    assert later is not None
    assert [item for item in cases.open_items(later, remembered) if item.kind == "note"] == []


async def test_excluded_she_is_never_paged_nor_sealed_to_again(room: Room) -> None:
    huda, rana = await room.has("Huda"), await room.has("Rana", telegram="1")
    number = (await room.she_reports()).id
    await _off(room, rana, for_good=True)
    await room.store.write(sharing.waiting, number, room.world())
    await room.store.write(sharing.widen, number, room.world())
    await _take(room, rana)
    assert await _opens(room, rana) == set()
    assert await _opens(room, huda) >= {1}
    assert rana.who.staff not in (await room.store.read(team, room.world(), number)).members


async def test_whoever_is_disabled_gets_no_key_of_what_follows(room: Room) -> None:
    huda, rana, maha = await room.has("Huda"), await room.has("Rana"), await room.has("Maha")
    await room.she_reports()
    await room.store.write(staff.disable, rana.who.staff)
    await _off(room, maha)
    assert await _opens(room, rana) == {1}
    assert await _opens(room, huda) == {1, 2}


async def test_a_case_never_gets_a_key_that_nobody_has(room: Room) -> None:
    def without_recovery(unit: Unit) -> None:
        unit.do("DELETE FROM case_keys WHERE reader_id = 1")
        unit.do("UPDATE readers SET removed_at = 1 WHERE id = 1")

    rana = await room.has("Rana")
    await room.she_reports()
    await room.store.write(without_recovery)
    with pytest.raises(cases.NoReader):
        await _off(room, rana)
    assert await _opens(room, rana) == {1}
