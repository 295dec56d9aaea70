"""A person is found by her address and only by it; her draft goes with its time, and nothing of her is readable."""

from datetime import UTC, datetime, timedelta

from flows.core import Answer, Person, Talk
from storage import people
from storage.store import Store
from storage.unit import Unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TALK = Talk(flow="report", answers={"what": Answer(words="كلام لا يقرؤه أحد")}, asked=3)


async def meets(store: Store) -> None:
    await store.write(people.meet, 7, "telegram", "1001")
    await store.write(people.keep_talk, 7, TALK, NOW, HOUR)


async def test_a_stranger_is_unknown_and_then_known(store: Store) -> None:
    assert await store.read(people.find, "telegram", "1001", NOW) is None
    await meets(store)
    known = await store.read(people.find, "telegram", "1001", NOW)
    assert known is not None
    assert (known.id, known.person, known.talk, known.lapsed) == (7, Person(), TALK, False)


async def test_the_same_number_on_another_channel_is_somebody_else(store: Store) -> None:
    await meets(store)
    assert await store.read(people.find, "whatsapp", "1001", NOW) is None


async def test_a_talk_past_its_silence_is_not_opened_though_nobody_swept(store: Store) -> None:
    await meets(store)
    known = await store.read(people.find, "telegram", "1001", NOW + HOUR)
    assert known is not None
    assert (known.talk, known.lapsed) == (Talk(), True)


async def test_a_swept_draft_is_gone_and_she_is_to_be_told(store: Store) -> None:
    await meets(store)
    assert await store.read(people.silent_talks, NOW + HOUR) == [(7, TALK)]
    await store.write(people.destroy_talk, 7, lapsed=True)
    known = await store.read(people.find, "telegram", "1001", NOW + HOUR)
    assert known is not None
    assert known.lapsed


async def test_facts_are_remembered(store: Store) -> None:
    await meets(store)
    facts = Person(language="en", cases=("K7P-3QX",))
    await store.write(people.remember, 7, facts)
    recalled = await store.read(people.recall, 7)
    assert recalled is not None
    assert (recalled[0], recalled[1], recalled[3]) == ("telegram", "1001", facts)


async def test_somebody_who_is_gone_is_not_written_to(store: Store) -> None:
    await meets(store)
    known = await store.read(people.find, "telegram", "1001", NOW)
    assert known is not None
    await store.write(people.mark_gone, known.index, gone=True)
    assert await store.read(people.recall, 7) is None
    await store.write(people.mark_gone, known.index, gone=False)
    assert await store.read(people.recall, 7) is not None


async def test_a_moved_person_is_found_at_her_new_address(store: Store) -> None:
    await meets(store)
    known = await store.read(people.find, "telegram", "1001", NOW)
    assert known is not None
    await store.write(people.change_address, known.index, "telegram", "-1002")
    found = await store.read(people.find, "telegram", "-1002", NOW)
    assert found is not None
    assert found.id == 7


async def test_neither_words_nor_address_can_be_read_in_the_rows(store: Store) -> None:
    await meets(store)

    def everything(unit: Unit) -> bytes:
        rows = unit.all("SELECT address, facts, address_index FROM people") + unit.all("SELECT body FROM talks")
        return b"".join(bytes(value) for row in rows for value in row)

    kept = await store.read(everything)
    assert b"1001" not in kept
    assert "يقرؤه".encode() not in kept
