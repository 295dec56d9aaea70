"""What a hostile review of campaigns found: each of these broke once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.worker import DUTIES
from flows import campaign as flow
from handlers import broadcast_work, broadcasts, campaign_approval, campaigns
from handlers.campaign_faults import faults, known
from handlers.campaigns import Done
from storage import recipients, runs, templates
from storage.recipients import Change, Listed
from storage.store import Store
from storage.templates import Template
from storage.unit import Unit
from tests.handlers.test_campaigns import DRAW, NOW, PLAN, SECOND, SID, WRITER, _team, begun, one, signs, world


@pytest.fixture
async def desk(store: Store) -> Store:
    await store.write(_team)
    return store


WEEKLY = replace(PLAN, how="weekly", weekdays=(1,), day=None)


async def test_an_occurrence_that_was_held_ends_where_the_next_begins(desk: Store) -> None:
    found = await begun(desk, WEEKLY)
    assert await signs(desk, found) == Done(found.id)
    for _ in range(2):
        due = await one(desk, found.id)
        assert due.next_at is not None
        await desk.write(campaigns.occur, replace(world(), now=due.next_at))
    times = [(run.starts_at, run.ends_at) for run in await desk.read(runs.of_campaign, found.id)]
    assert len(times) == 3
    assert [ends for _, ends in times[:2]] == [starts for starts, _ in times[1:]]


async def test_saved_as_it_was_an_approved_campaign_stays_approved_and_goes_on(desk: Store) -> None:
    found = await begun(desk)
    assert await signs(desk, found) == Done(found.id)
    approved = await one(desk, found.id)
    saved = await desk.write(campaigns.save, found.id, approved.version, approved.plan, WRITER, world())
    assert saved == Done(found.id)
    assert await one(desk, found.id) == approved
    assert [run.state for run in await desk.read(runs.of_campaign, found.id)] == ["planning"]


async def test_of_what_was_taken_back_nothing_is_sent_again_by_a_run_that_was_over(desk: Store) -> None:
    found = await begun(desk)
    assert await signs(desk, found) == Done(found.id)
    (run,) = await desk.read(runs.of_campaign, found.id)
    await desk.write(recipients.add, run.id, [Listed(1, "telegram", NOW), Listed(2, "whatsapp", NOW)])
    changes = [Change(run.id, 1, "failed", "gave_up"), Change(run.id, 2, "doubt", "unknown")]
    await desk.write(recipients.change, changes)
    await desk.write(runs.move, run.id, "done", ended_at=NOW)
    version = (await one(desk, found.id)).version
    later = world(minutes=1)
    assert await desk.write(campaign_approval.take_back, found.id, version, SECOND, later) == Done(found.id)
    assert await desk.write(broadcasts.retry, run.id, SECOND, later) == 0
    assert not await desk.write(broadcasts.settle_doubt, run.id, 2, "again", SECOND, later)


async def test_a_hundred_thousand_recipients_are_forgotten_within_a_day_of_their_time(desk: Store) -> None:
    every = dict(DUTIES)[broadcast_work.sweep]

    def act(unit: Unit) -> int:
        number = DRAW.number()
        frozen = flow.frozen(PLAN, 0, {})
        run = runs.Run(number, None, "tip", "done", frozen, NOW, NOW, None, NOW, None, None)
        runs.add(unit, run)
        runs.move(unit, number, "done", ended_at=NOW)
        recipients.add(unit, number, [Listed(one, "telegram", NOW) for one in range(1, 2001)])
        return number

    await desk.write(act)
    gone = await desk.write(broadcast_work.sweep, world(days=400))
    assert 100_000 / gone * every <= timedelta(days=1).total_seconds()


async def test_a_templates_button_is_judged_like_its_words(desk: Store) -> None:
    words = "صباح الخير. فكرة صغيرة لهذا اليوم."
    buttons = (("770 000 001", "menu"),)
    kept = Template(1, SID, "tip", "ar", "utility", words, 0, buttons, "approved", "", NOW)
    await desk.write(templates.add, kept, SECOND)
    plan = replace(PLAN, messages=(replace(PLAN.messages[0], sids={"ar": SID}),))
    wrong = faults(plan, await desk.read(known, world()), world())
    assert [(one.field, one.fault.code) for one in wrong] == [("sid-ar-0", "phone")]
