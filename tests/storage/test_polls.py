"""Answers to polls in the tables: one for each person, nothing that joins an answer to a person, nothing left over."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import box, leader_codes, polls, stories
from storage.polls import Body, Option, Poll
from storage.store import Store
from storage.unit import Unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OPTIONS = tuple(Option(str(n), f"جواب {n}", f"Answer {n}") for n in range(1, 4))


def opened(unit: Unit, number: int = 7) -> None:
    body = Body("سؤال", "Question", OPTIONS, (1,))
    polls.add(unit, Poll(number, "poll", "draft", body, 1, None, NOW, NOW + timedelta(days=1)))
    polls.approve(unit, number, 2)


async def test_a_second_answer_from_the_same_address_is_not_counted(store: Store) -> None:
    await store.write(opened)
    assert await store.write(polls.answer, 7, "telegram", "1", "1")
    assert not await store.write(polls.answer, 7, "telegram", "1", "2")
    assert await store.write(polls.answer, 7, "whatsapp", "1", "2")
    assert await store.read(polls.counts, 7) == {"1": 1, "2": 1}


async def test_who_chose_what_leaves_the_same_tables_whichever_way_round_it_was(store: Store) -> None:
    def everything(unit: Unit) -> list[object]:
        return [
            sorted((number, bytes(mark)) for number, mark in unit.all("SELECT poll_id, mark FROM poll_marks")),
            sorted(unit.all("SELECT poll_id, choice, count FROM poll_counts")),
        ]

    def both(unit: Unit, first: str, second: str) -> list[object]:
        unit.do("DELETE FROM polls")
        opened(unit)
        polls.answer(unit, 7, "telegram", "1", first)
        polls.answer(unit, 7, "telegram", "2", second)
        return everything(unit)

    assert await store.write(both, "1", "2") == await store.write(both, "2", "1")


async def test_the_same_person_has_another_mark_in_each_poll(store: Store) -> None:
    await store.write(opened, 7)
    await store.write(opened, 8)
    for number in (7, 8):
        await store.write(polls.answer, number, "telegram", "1", "1")
    marks = {bytes(mark) for (mark,) in await store.read(lambda unit: unit.all("SELECT mark FROM poll_marks"))}
    assert len(marks) == 2
    people = await store.read(lambda unit: unit.vault.index("telegram:1"))
    assert people not in marks


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_after_the_duty_no_transaction_joins_a_mark_to_a_count(store: Store) -> None:
    """Only PostgreSQL notes a row's transaction."""
    await store.write(opened)
    for address, choice in (("1", "1"), ("2", "2"), ("3", "3")):
        await store.write(polls.answer, 7, "telegram", address, choice)
    joined = """SELECT COUNT(DISTINCT xmin) FROM
        (SELECT xmin::text AS xmin FROM poll_marks UNION ALL SELECT xmin::text FROM poll_counts) AS rows"""
    (before,) = await store.read(lambda unit: unit.one(joined)) or (0,)
    await store.write(polls.blend, NOW)
    (after,) = await store.read(lambda unit: unit.one(joined)) or (0,)
    assert (before, after) == (3, 1)


async def test_when_a_poll_closes_who_answered_is_forgotten_and_the_counts_stay(store: Store) -> None:
    await store.write(opened)
    await store.write(polls.answer, 7, "telegram", "1", "1")
    assert await store.write(polls.close, NOW) == []
    assert await store.write(polls.close, NOW + timedelta(days=1)) == [7]
    assert await store.read(lambda unit: unit.all("SELECT * FROM poll_marks")) == []
    assert await store.read(polls.counts, 7) == {"1": 1}
    assert await store.read(polls.open_at, NOW) == []


async def test_interest_is_marked_once_and_each_initiative_has_marks_of_its_own(store: Store) -> None:
    def kept(unit: Unit) -> None:
        for number in (1, 2):
            body = stories.Body("عنوان", "Title", "نص", "Text", (1,))
            stories.add(unit, stories.Story(number, "initiative", "draft", body, 1, None, NOW))
            stories.publish(unit, number, 2, NOW)

    await store.write(kept)
    assert await store.write(stories.join, 1, "telegram", "5")
    assert not await store.write(stories.join, 1, "telegram", "5")
    assert await store.read(stories.joined, (1, 2), "telegram", "5") == {1}
    assert await store.write(stories.join, 2, "telegram", "5")
    assert await store.read(stories.interested) == {1: 1, 2: 1}
    await store.write(stories.withdraw, 1, NOW)
    assert await store.write(stories.delete, 1)
    assert await store.read(stories.interested) == {2: 1}


async def test_a_question_that_moved_meanwhile_is_not_moved_again(store: Store) -> None:
    body = box.Body("telegram", "5", "ar", "سؤال")
    await store.write(box.add, 3, "government", body, NOW)
    first = await store.write(box.get, 3)
    assert first is not None
    assert await store.write(box.move, first, "asked", NOW)
    assert not await store.write(box.move, first, "passed_on", NOW)


async def test_her_questions_go_with_her_wherever_they_stand(store: Store) -> None:
    for number, address in ((1, "5"), (2, "5"), (3, "6")):
        await store.write(box.add, number, "leaders", box.Body("telegram", address, "ar", "سؤال"), NOW)
    assert await store.write(box.forget, "telegram", "5") == 2
    assert [one.id for one in await store.read(box.in_state, "asked")] == [3]


async def test_a_leaders_code_is_good_once_and_not_after_its_time(store: Store) -> None:
    await store.write(leader_codes.add, "QAAA-BBBB-CCCC", "tribal", 1, NOW + timedelta(days=7))
    await store.write(leader_codes.add, "QAAA-BBBB-DDDD", "tribal", 1, NOW - timedelta(seconds=1))
    assert await store.write(leader_codes.use, "QAAA-BBBB-CCCC", NOW) == "tribal"
    assert await store.write(leader_codes.use, "QAAA-BBBB-CCCC", NOW) is None
    assert await store.write(leader_codes.use, "QAAA-BBBB-DDDD", NOW) is None
