"""Working a case, act by act: taken once, read by those who work on it, changed without losing what another did."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from handlers import members, work_end, work_items, work_people, work_take
from handlers.work import NotDone, read_part
from handlers.work_end import Beginning, Ending, NewLevel
from handlers.work_items import NewTask, Sealed, TaskChange, TrackChange
from handlers.work_people import NewPart, Off, Over, Shares
from handlers.work_take import Nothing
from messages.catalog import render
from storage import alarms, assignments, audit, feeds, files, tasks, work
from storage.coding import encode
from storage.store import Store
from storage.unit import Taken, Unit
from storage.work import TRACKS
from tests.desk.working import CODE, HER, Colleague, Room, b64, resealed


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store)


async def refusal(act: Awaitable[Any]) -> NotDone:
    with pytest.raises(NotDone) as refused:
        await act
    assert render(refused.value.why, "ar")
    return refused.value


async def is_nothing(act: Awaitable[Any]) -> None:
    refused = await refusal(act)
    assert (refused.status, refused.code) == (404, "not_here")


async def audited(room: Room) -> list[str]:
    entries = await room.store.read(audit.of_case, (await room.case()).id)
    return [entry.what for entry in reversed(entries)]


async def a_taken_case(room: Room) -> tuple[Colleague, Colleague]:
    """Huda has it; Rim could read it until somebody was in touch with her."""
    huda, rim = await room.has("Huda"), await room.has("Rim")
    await room.she_reports()
    await room.does(work_take.take, huda, Nothing())
    return huda, rim


async def two_at_work(room: Room) -> tuple[Colleague, Colleague]:
    huda, rim = await a_taken_case(room)
    await room.does(work_people.give, huda, NewPart(str(rim.who.staff), "second"))
    return huda, rim


async def closes_tracks(room: Room, by: Colleague) -> None:
    for name in TRACKS:
        await room.does(work_items.change_track, by, TrackChange(name, "none_needed", 0))


# ---------------------------------------------------------------- taking it


async def test_the_second_to_take_it_hears_who_was_first_and_when(room: Room) -> None:
    huda, rim = await room.has("Huda"), await room.has("Rim")
    await room.she_reports()
    outcomes = await asyncio.gather(
        room.does(work_take.take, huda, Nothing()), room.does(work_take.take, rim, Nothing()), return_exceptions=True
    )
    refused = [one for one in outcomes if isinstance(one, NotDone)]
    assert len(refused) == 1
    assert refused[0].code == "taken"
    assert render(refused[0].why, "en") in {"Huda took it at 10:00 am.", "Rim took it at 10:00 am."}
    assert (await room.case()).status == "taken"


async def test_a_case_of_the_lowest_level_is_taken_as_well(room: Room) -> None:
    huda = await room.has("Huda")
    await room.she_reports("low")
    await room.does(work_take.take, huda, Nothing())
    await room.does(work_take.contact, huda, Nothing())
    assert (await room.case()).status == "contacted"


async def test_taking_twice_is_taking_once(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await room.does(work_take.take, huda, Nothing())
    assert await audited(room) == ["take"]


async def test_a_case_given_back_waits_again_and_is_not_there_any_more_for_her(room: Room) -> None:
    huda, rim = await a_taken_case(room)
    await room.does(work_take.give_back, huda, Nothing())
    await is_nothing(room.sees(huda))
    assert (await room.case()).status == "waiting"
    await room.does(work_take.take, rim, Nothing())


async def test_it_is_not_given_back_while_nobody_else_could_read_what_was_told(room: Room) -> None:
    huda, rim = await a_taken_case(room)
    await room.does(work_take.contact, huda, Nothing())
    assert (await refusal(room.does(work_take.give_back, huda, Nothing()))).code == "not_now"
    await room.does(work_people.give, huda, NewPart(str(rim.who.staff), "second"))
    assert (await refusal(room.does(work_take.give_back, huda, Nothing()))).code == "not_now"
    await room.hands_on(huda, rim)
    await room.does(work_take.give_back, huda, Nothing())
    assert (await room.case()).status == "waiting"


async def test_whose_key_alone_opens_it_leaves_it_by_no_other_way_either(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await room.does(work_take.contact, huda, Nothing())
    nada = await room.has("Nada")
    await room.does(work_people.hand_over, huda, Over(str(nada.who.staff)))
    for leaves in (
        room.does(work_take.give_back, huda, Nothing()),
        room.does(work_people.take_off, huda, Off(), number=huda.who.staff),
    ):
        assert (await refusal(leaves)).code == "not_now"
    await room.hands_on(huda, nada)
    await room.does(work_take.give_back, huda, Nothing())
    assert [one.kind for one in await room.reads(nada)][:2] == ["opened", "report"]


# ---------------------------------------------------------------- who is let in


async def test_finding_01_another_members_case_is_not_there(room: Room) -> None:
    huda, rim = await a_taken_case(room)
    note = await room.words(words="a note")
    task = NewTask("77", str(huda.who.staff), "2026-01-06", await room.words("task", words="call"))
    await room.does(work_items.add_task, huda, task)
    await is_nothing(room.sees(rim))
    await is_nothing(room.does(work_items.add, rim, note))
    await is_nothing(room.does(work_items.change_track, rim, TrackChange("legal", "done", 0)))
    await is_nothing(room.does(work_items.add_task, rim, task))
    await is_nothing(room.does(work_items.change_task, rim, TaskChange(done=True), number=77))
    await is_nothing(room.does(work_people.give, rim, NewPart(str(rim.who.staff), "lead")))
    await is_nothing(room.does(work_people.hand_over, rim, Over(str(rim.who.staff))))
    await is_nothing(room.does(work_people.take_off, rim, Off(), number=huda.who.staff))
    await is_nothing(room.does(work_people.share, rim, Shares(str(rim.reader), {})))
    await is_nothing(room.does(work_end.change_level, rim, NewLevel("low", "high", note)))
    await is_nothing(room.does(work_end.close, rim, Ending("resolved", note)))
    await is_nothing(room.does(work_end.reopen, rim, Beginning()))
    await is_nothing(room.does(work_take.contact, rim, Nothing()))
    await is_nothing(room.does(work_take.give_back, rim, Nothing()))
    assert await audited(room) == ["take", "task"]


async def test_a_task_of_another_case_is_not_changed_through_ones_own(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    refused = await refusal(room.does(work_items.change_task, huda, TaskChange(done=True), number=12345))
    assert refused.status == 404


async def test_under_duress_no_case_is_there(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    huda.who = type(huda.who)(huda.who.staff, huda.who.role, duress=True)
    await is_nothing(room.sees(huda))
    await is_nothing(room.does(work_take.take, huda, Nothing()))


async def test_who_works_on_no_ladder_takes_nothing(room: Room) -> None:
    nada = await room.has("Nada", "case_worker")
    await room.she_reports()
    await is_nothing(room.does(work_take.take, nada, Nothing()))


async def test_who_is_barred_from_a_case_can_neither_take_it_nor_be_given_it(room: Room) -> None:
    huda, rim = await a_taken_case(room)
    await room.does(work_people.take_off, huda, Off(for_good=True), number=rim.who.staff)
    refused = await refusal(room.does(work_people.give, huda, NewPart(str(rim.who.staff), "second")))
    assert refused.code == "unusable"
    await room.does(work_take.give_back, huda, Nothing())
    await is_nothing(room.does(work_take.take, rim, Nothing()))


async def test_every_reading_is_written_down(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await room.sees(huda)
    await room.sees(huda)
    assert await audited(room) == ["take", "read", "read"]


async def test_a_file_is_read_by_who_works_on_its_case_and_each_reading_is_written_down_once(room: Room) -> None:
    huda, rim = await a_taken_case(room)
    await room.store.write(_file, room, (await room.case()).id)
    for part in (0, 1):
        assert await room.store.write(read_part, CODE, huda.who, 900, part, room.world()) == b"part%d" % part
    await is_nothing(room.store.write(read_part, CODE, huda.who, 900, 2, room.world()))
    await is_nothing(room.store.write(read_part, CODE, huda.who, 901, 0, room.world()))
    await is_nothing(room.store.write(read_part, CODE, rim.who, 900, 0, room.world()))
    assert await audited(room) == ["take", "read_file"]
    room.passes(hours=2)
    await room.store.write(read_part, CODE, huda.who, 900, 1, room.world())
    assert await audited(room) == ["take", "read_file", "read_file"]


def _file(unit: Unit, room: Room, case: int) -> None:
    for number in (900, 901):
        files.want(unit, files.FileNote(number, "photo", b"s" * 32), HER, "telegram", encode({}), room.now)
        for part in (0, 1):
            files.put_part(unit, number, part, b"part%d" % part)
    files.bind(unit, 900, case)


# ---------------------------------------------------------------- what is written


async def test_what_is_sealed_in_a_browser_is_read_by_a_colleague(room: Room) -> None:
    huda, rim = await two_at_work(room)
    await room.hands_on(huda, rim) if (await room.sees(huda))["missing"] else None
    await room.writes(huda, words="She can be called on Sunday.")
    assert [item.content for item in await room.reads(rim) if item.kind == "note"] == [
        {"words": "She can be called on Sunday."}
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"She said that he follows her.",
        b'[{"kind":"note","at":"2026-01-05T07:00:00Z","content":{"words":"plain"}}]' + b" " * 1131,
        b"a" * (1120 + 64 + 16),
        b"\xff" * (1120 + 65 + 16),
        b"\xff" * (1120 + 63 + 16),
        b"\xff" * (70 * 1024),
    ],
)
async def test_finding_05_what_is_not_sealed_is_refused_and_not_kept(room: Room, body: bytes) -> None:
    huda, _ = await a_taken_case(room)
    before = len((await room.sees(huda))["items"])
    refused = await refusal(room.does(work_items.add, huda, Sealed("5", 1, b64(body))))
    assert (refused.status, refused.code) == (400, "unusable")
    assert len((await room.sees(huda))["items"]) == before


async def test_what_was_sealed_to_an_old_key_comes_back_with_the_new_one(room: Room) -> None:
    huda, _rim = await a_taken_case(room)
    old = await room.words(words="one")
    nada = await room.has("Nada", "case_worker")
    await room.does(work_people.give, huda, NewPart(str(nada.who.staff), "second"))
    refused = await refusal(room.does(work_items.add, huda, old))
    case = await room.case()
    assert (refused.code, refused.more) == ("epoch", {"epoch": case.epoch, "publicKey": case.public_key})
    await room.does(work_items.add, huda, await room.words(words="one"))
    assert [item.content for item in await room.reads(nada) if item.kind == "note"] == [{"words": "one"}]


async def test_a_number_that_is_there_is_drawn_again_and_nothing_is_replaced(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    item = await room.words(words="first")
    await room.does(work_items.add, huda, item)
    second = await room.words(words="second")
    same = Sealed(item.number, second.epoch, second.body)
    with pytest.raises((NotDone, Taken)):
        await room.does(work_items.add, huda, same)
    assert [one.content["words"] for one in await room.reads(huda) if one.kind == "note"] == ["first"]


# ---------------------------------------------------------------- tracks and tasks


async def test_a_case_begins_with_three_open_tracks(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    tracks = (await room.sees(huda))["tracks"]
    assert {name: track["state"] for name, track in tracks.items()} == dict.fromkeys(TRACKS, "open")


async def test_two_who_change_the_same_track_at_once_lose_nothing_and_are_told(room: Room) -> None:
    huda, rim = await two_at_work(room)
    outcomes = await asyncio.gather(
        room.does(work_items.change_track, huda, TrackChange("legal", "done", 0)),
        room.does(work_items.change_track, rim, TrackChange("legal", "none_needed", 0)),
        room.does(work_items.change_track, rim, TrackChange("physical", "done", 0)),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if isinstance(one, NotDone)]
    assert len(refused) == 1
    kept = await room.store.read(work.load, (await room.case()).id)
    assert kept.tracks["legal"].version == 1
    assert kept.tracks["physical"].state == "done"
    who = "Huda" if kept.tracks["legal"].by == huda.who.staff else "Rim"
    assert render(refused[0].why, "en").startswith(f"{who} changed this at 10:00 am:")


async def test_words_that_go_with_a_change_that_came_too_late_are_not_half_kept(room: Room) -> None:
    huda, rim = await two_at_work(room)
    await room.does(work_items.change_track, huda, TrackChange("legal", "done", 0))
    late = TrackChange("legal", "open", 0, await room.words("track", words="a lawyer is needed"))
    before = len((await room.sees(rim))["items"])
    assert (await refusal(room.does(work_items.change_track, rim, late))).code == "changed"
    assert len((await room.sees(rim))["items"]) == before


async def test_a_task_is_given_to_a_colleague_ticked_and_unticked(room: Room) -> None:
    huda, rim = await two_at_work(room)
    task = NewTask("77", str(rim.who.staff), "2026-01-07", await room.words("task", task="77", words="ask the lawyer"))
    await room.does(work_items.add_task, huda, task)
    before = room.now.replace(day=8)
    assert [one.code for one in await room.store.read(tasks.due_of, rim.who.staff, before)] == [CODE]
    done = await room.does(work_items.change_task, rim, TaskChange(done=True), number=77)
    assert done.values["tasks"][0]["done"] is not None
    assert await room.store.read(tasks.due_of, rim.who.staff, before) == []
    await room.does(work_items.change_task, huda, TaskChange(done=False), number=77)
    assert [one.due_at.isoformat() for one in await room.store.read(tasks.due_of, rim.who.staff, before)] == [
        "2026-01-07T20:59:00+00:00"
    ]


@pytest.mark.parametrize("due", ["", "soon", "2020-01-01", "2999-01-01", "0001-01-01", "9999-12-31T23:59"])
async def test_a_task_needs_a_date_that_lies_ahead(room: Room, due: str) -> None:
    huda, _ = await a_taken_case(room)
    task = NewTask("77", str(huda.who.staff), due, await room.words("task", words="x"))
    assert (await refusal(room.does(work_items.add_task, huda, task))).status == 400


async def test_a_task_of_who_is_off_the_case_goes_to_who_leads_it(room: Room) -> None:
    huda, rim = await two_at_work(room)
    task = NewTask("77", str(rim.who.staff), "2026-01-07", await room.words("task", words="x"))
    await room.does(work_items.add_task, huda, task)
    await room.does(work_people.take_off, huda, Off(), number=rim.who.staff)
    assert [one["staff"] for one in (await room.sees(huda))["tasks"]] == [str(huda.who.staff)]


# ---------------------------------------------------------------- colleagues


async def test_a_second_person_reads_what_follows_at_once_and_the_rest_when_a_key_is_handed_on(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await room.does(work_take.contact, huda, Nothing())
    nada = await room.has("Nada")
    await room.writes(huda, words="before")
    done = await room.does(work_people.give, huda, NewPart(str(nada.who.staff), "second"))
    assert done.values["waits"] is True
    await room.writes(huda, words="after")
    assert [one.content["words"] for one in await room.reads(nada) if one.kind == "note"] == ["after"]
    assert [(one["name"], one["epochs"]) for one in (await room.sees(huda))["missing"]] == [("Nada", [1])]
    await room.hands_on(huda, nada)
    assert [one.content["words"] for one in await room.reads(nada) if one.kind == "note"] == ["before", "after"]
    assert (await room.sees(huda))["missing"] == []


async def test_a_key_is_handed_on_only_to_who_works_on_the_case_and_never_over_one_that_is_there(room: Room) -> None:
    huda, rim = await two_at_work(room)
    nada = await room.has("Nada")
    junk = {"1": b64(b"\xff" * 1200)}
    assert (await refusal(room.does(work_people.share, huda, Shares(str(nada.reader), junk)))).code == "unusable"
    before = (await room.sees(rim))["shares"]
    done = await room.does(work_people.share, huda, Shares(str(rim.reader), junk))
    assert done.values["kept"] == 0
    assert (await room.sees(rim))["shares"] == before
    for wrong in ({"1": "x"}, {"9": b64(b"\xff" * 1200)}, {"1": b64(b"short")}, {"-1": b64(b"\xff" * 1200)}):
        assert (await refusal(room.does(work_people.share, huda, Shares(str(rim.reader), wrong)))).status == 400


async def test_a_coordinator_gives_a_case_without_reading_it_and_not_to_herself(room: Room) -> None:
    huda, samira = await room.has("Huda"), await room.has("Samira", "coordinator")
    await room.she_reports()
    await room.does(work_people.give, samira, NewPart(str(huda.who.staff), "lead"))
    assert (await room.case()).status == "taken"
    await is_nothing(room.sees(samira))
    refused = await refusal(room.does(work_people.give, samira, NewPart(str(samira.who.staff), "second")))
    assert refused.code == "not_yours"


async def test_a_second_gives_the_case_to_nobody(room: Room) -> None:
    huda, rim = await two_at_work(room)
    nada = await room.has("Nada")
    refused = await refusal(room.does(work_people.give, rim, NewPart(str(nada.who.staff), "second")))
    assert (refused.status, refused.code) == (403, "not_yours")
    refused = await refusal(room.does(work_people.take_off, rim, Off(), number=huda.who.staff))
    assert refused.code == "not_yours"


async def test_the_lead_goes_over_with_the_alarm_and_the_old_one_stays_or_leaves(room: Room) -> None:
    huda, rim = await two_at_work(room)
    await room.does(work_people.hand_over, huda, Over(str(rim.who.staff)))
    case = await room.case()
    kept = await room.store.read(alarms.load, case.id)
    assert kept is not None
    assert (kept[0].status, kept[0].staff) == ("taken", rim.who.staff)
    parts = {one.staff: one.part for one in await room.store.read(assignments.of_case, case.id)}
    assert parts == {rim.who.staff: "lead", huda.who.staff: "second"}
    await room.does(work_people.hand_over, rim, Over(str(huda.who.staff), stay=False))
    await is_nothing(room.sees(rim))


async def test_who_hands_over_and_leaves_hands_on_the_keys_first(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await room.does(work_take.contact, huda, Nothing())
    nada = await room.has("Nada")
    refused = await refusal(room.does(work_people.hand_over, huda, Over(str(nada.who.staff), stay=False)))
    assert refused.code == "shares"
    handed = resealed(await room.sees(huda), huda, refused.more["missing"])
    await room.does(work_people.hand_over, huda, Over(str(nada.who.staff), stay=False, shares=handed.shares))
    assert [one.kind for one in await room.reads(nada)][:2] == ["opened", "report"]
    await is_nothing(room.sees(huda))


async def test_who_is_taken_off_opens_nothing_of_what_follows(room: Room) -> None:
    huda, rim = await two_at_work(room)
    old = await room.sees(rim)
    await room.does(work_people.take_off, huda, Off(), number=rim.who.staff)
    await is_nothing(room.sees(rim))
    case = await room.case()
    assert case.epoch > old["epoch"]
    assert str(rim.reader) not in {one["reader"] for one in (await room.sees(huda))["missing"]}


async def test_a_conflict_of_interest_takes_the_alarm_from_her_and_it_climbs_without_her(room: Room) -> None:
    huda, rim = await a_taken_case(room)
    await room.does(work_take.contact, huda, Nothing())
    await room.does(work_people.take_off, huda, Off(for_good=True), number=huda.who.staff)
    case = await room.case()
    kept = await room.store.read(alarms.load, case.id)
    assert kept is not None
    assert (case.status, kept[0].status, kept[0].staff) == ("waiting", "open", None)
    await is_nothing(room.does(work_take.take, huda, Nothing()))
    await room.does(work_take.take, rim, Nothing())


@pytest.mark.parametrize("recovery", [True, False])
async def test_the_case_of_who_is_disabled_climbs_again_whatever_keys_there_are(room: Room, *, recovery: bool) -> None:
    huda = await room.has("Huda")
    await room.she_reports()
    await room.does(work_take.take, huda, Nothing())
    await room.does(work_take.contact, huda, Nothing())
    if not recovery:
        await room.store.write(lambda unit: unit.do("UPDATE readers SET removed_at = 1 WHERE kind = 'recovery'"))
    await room.store.write(feeds.put, b"link", huda.who.staff, room.now)
    assert await room.store.write(members.disable, huda.who.staff, room.world()) is not None
    assert not await room.store.write(feeds.drop, huda.who.staff)
    kept = await room.store.read(alarms.load, (await room.case()).id)
    assert kept is not None
    assert (kept[0].status, kept[0].staff) == ("open", None)
    assert await room.store.read(alarms.next_due) is not None


async def test_she_asks_for_another_person_and_the_first_reads_nothing_of_it(room: Room) -> None:
    huda, rim = await a_taken_case(room)
    old = (await room.case()).epoch
    await room.she("another")
    await is_nothing(room.sees(huda))
    await is_nothing(room.does(work_take.take, huda, Nothing()))
    assert (await room.case()).status == "waiting"
    await room.does(work_take.take, rim, Nothing())
    seen = await room.sees(rim)
    assert [one.kind for one in await room.reads(rim)][-1] == "another"
    assert seen["items"][-1]["epoch"] > old
    assert "another" in await audited(room)


# ---------------------------------------------------------------- urgency, end and beginning


async def test_the_urgency_is_lowered_only_with_a_reason_and_her_known_answers_dont_raise_it_again(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    assert (await refusal(room.does(work_end.change_level, huda, NewLevel("low", "high")))).status == 400
    reason = await room.words("lowered", words="She is with her sister.")
    await room.does(work_end.change_level, huda, NewLevel("low", "high", reason))
    assert (await room.case()).facets.level == "low"
    await room.store.write(_says_again, room)
    assert (await room.case()).facets.level == "low"
    levels = [one.content["level"] for one in await room.reads(huda) if one.kind == "urgency"]
    assert levels == ["low"]


def _says_again(unit: Unit, room: Room) -> None:
    from flows.core import OpenCase  # noqa: PLC0415 - beside its use
    from handlers.cases import Origin, Sealing, open_or_raise  # noqa: PLC0415 - as above

    sealing = Sealing(unit, room.world())
    open_or_raise(sealing, OpenCase(CODE, "high", (("danger", "unsafe"),)), Origin(HER, "telegram", "en"))
    sealing.end()


async def test_finding_12_a_level_that_is_not_what_she_saw_changes_nothing(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    refused = await refusal(room.does(work_end.change_level, huda, NewLevel("critical", "low")))
    assert (refused.code, refused.more) == ("changed", {"level": "high"})
    assert (await room.case()).facets.level == "high"


async def test_a_case_raised_by_a_person_is_pressing_for_who_has_it(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await room.does(work_take.contact, huda, Nothing())
    await room.does(work_end.change_level, huda, NewLevel("critical", "high"))
    kept = await room.store.read(alarms.load, (await room.case()).id)
    assert kept is not None
    assert (kept[0].level, kept[0].status, kept[0].staff) == ("critical", "taken", huda.who.staff)


async def test_a_case_is_not_closed_while_a_track_is_open(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await room.does(work_items.change_track, huda, TrackChange("legal", "done", 0))
    refused = await refusal(room.does(work_end.close, huda, Ending("resolved", await room.words("closed"))))
    assert refused.code == "tracks"
    assert "Physical · Psychosocial" in render(refused.why, "en")


async def test_a_closed_case_is_paged_for_no_more_and_can_be_opened_again(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await closes_tracks(room, huda)
    await room.does(work_end.close, huda, Ending("resolved", await room.words("closed", words="done")))
    seen = await room.sees(huda)
    assert (seen["status"], seen["outcome"], seen["closedAt"]) == ("closed", "resolved", room.now)
    assert await room.store.read(alarms.next_due) is None
    assert (await refusal(room.does(work_items.change_track, huda, TrackChange("legal", "open", 1)))).code == "not_now"
    await room.does(work_end.reopen, huda, Beginning())
    seen = await room.sees(huda)
    assert (seen["status"], seen["closedAt"], seen["alarm"]["status"]) == ("contacted", None, "contacted")
    assert (await refusal(room.does(work_end.reopen, huda, Beginning()))).code == "not_now"


async def test_a_closed_case_that_she_adds_to_is_open_for_its_lead_again(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await room.does(work_take.contact, huda, Nothing())
    await closes_tracks(room, huda)
    await room.does(work_end.close, huda, Ending("resolved", await room.words("closed")))
    await room.she("words", "He is back.")
    seen = await room.sees(huda)
    assert (seen["status"], seen["closedAt"], seen["alarm"]["status"]) == ("contacted", None, "contacted")
    assert [one.content.get("words") for one in await room.reads(huda)][-1] == "He is back."


async def test_a_closed_case_without_a_lead_waits_for_somebody_when_she_adds_to_it(room: Room) -> None:
    huda, rim = await a_taken_case(room)
    await closes_tracks(room, huda)
    await room.does(work_end.close, huda, Ending("resolved", await room.words("closed")))
    await room.does(work_people.take_off, huda, Off(for_good=True), number=huda.who.staff)
    assert await room.store.read(alarms.next_due) is None
    await room.she("words", "He is back.")
    assert (await room.case()).status == "waiting"
    assert await room.store.read(alarms.next_due) is not None
    await room.does(work_take.take, rim, Nothing())
    assert [one.content.get("words") for one in await room.reads(rim)][-1] == "He is back."


async def test_a_closed_case_that_she_takes_back_stays_closed(room: Room) -> None:
    huda, _ = await a_taken_case(room)
    await closes_tracks(room, huda)
    await room.does(work_end.close, huda, Ending("resolved", await room.words("closed")))
    await room.she("withdrawn")
    assert (await room.case()).status == "closed"


async def test_closing_and_opening_a_track_at_once_never_leaves_a_closed_case_with_an_open_track(room: Room) -> None:
    huda, rim = await two_at_work(room)
    await closes_tracks(room, huda)
    item = await room.words("closed")
    await asyncio.gather(
        room.does(work_end.close, huda, Ending("resolved", item)),
        room.does(work_items.change_track, rim, TrackChange("legal", "open", 1)),
        return_exceptions=True,
    )
    case = await room.case()
    kept = await room.store.read(work.load, case.id)
    assert (case.status == "closed") != bool(kept.open)
