"""Campaigns on both databases: what overtakes what, who signs, what is called off, and what stands against it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot import chance, mechanism
from bot.settings import ROOT
from flows.broadcast import Audience
from flows.campaign import Message, Plan
from flows.public import Subscription
from flows.rota import Shift
from handlers import campaign_approval, campaign_conflicts, campaigns
from handlers.campaign_approval import Signing
from handlers.campaigns import Done, Refused
from handlers.draw import Draw, World
from storage import campaigns as stored
from storage import media, runs, shifts, staff, subscribers, templates
from storage.campaigns import Campaign
from storage.media import Facts, Medium, Version
from storage.store import Store
from storage.templates import Template
from storage.unit import Unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = mechanism.load(ROOT / "mechanism")
DRAW = Draw(chance.number, chance.case_code, chance.page_code, chance.random_bytes)
WRITER, SECOND, EDITOR = 50, 51, 52
SID = "HX" + "0f" * 16
PLAN = Plan(
    name="Passwords", begins=date(2026, 11, 22), ends=date(2026, 12, 22), audience=Audience(topic="tips"),
    messages=(Message({"ar": "صباح الخير. فكرة صغيرة لهذا اليوم.", "en": "Good morning. A small idea for today."}),),
    day=date(2026, 11, 24), hour=time(17),
)  # fmt: skip


def world(**later: float) -> World:
    return World(NOW + timedelta(**later), RULES, DRAW)


def _team(unit: Unit) -> None:
    for number, name, role in ((WRITER, "Widad", "campaigner"), (SECOND, "Thuraya", "coordinator")):
        staff.add(unit, number, staff.Facts(name, "ar"), role, {"telegram": str(number)}, NOW)
        starts, ends = datetime(2020, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - wall-clock
        shifts.add(unit, Shift(number, number, "first", starts, ends, "Asia/Aden"))
    staff.add(unit, EDITOR, staff.Facts("Intisar", "ar"), "content_editor", {}, NOW)
    facts = subscribers.Facts("4000", Subscription(("tips",)))
    subscribers.put(unit, 1, "telegram", facts, NOW)


@pytest.fixture
async def desk(store: Store) -> Store:
    await store.write(_team)
    return store


async def begun(desk: Store, plan: Plan = PLAN, *, asked: bool = True) -> Campaign:
    made = await desk.write(campaigns.create, WRITER, world())
    assert isinstance(made, Done)
    assert isinstance(await desk.write(campaigns.save, made.number, 1, plan, WRITER, world()), Done)
    if asked:
        assert await desk.write(campaigns.ask, made.number, 2, WRITER, world()) == Done(made.number)
    return await one(desk, made.number)


async def one(desk: Store, number: int) -> Campaign:
    found = await desk.read(stored.get, number)
    assert found is not None
    return found


async def conflicts(desk: Store, plan: Plan, at: World | None = None) -> dict[str, bool]:
    """What stands against a plan, and whether it blocks."""
    found = await begun(desk, plan, asked=False)
    met = await desk.read(campaign_conflicts.outlook, found.id, at or world())
    assert met is not None
    return {conflict.code: conflict.blocks for conflict in met.conflicts}


async def signs(desk: Store, found: Campaign, by: int = SECOND, *, warnings: frozenset[str] = frozenset()) -> object:
    from flows.campaign import signed  # noqa: PLC0415 - what the page would carry

    count = await desk.read(campaign_conflicts.estimate, found.id, world())
    assert count is not None
    signing = Signing(found.version, signed(found.plan, {}), warnings)
    return await desk.write(campaign_approval.approve, found.id, by, signing, count, world())


async def test_of_two_savings_of_one_version_the_second_is_refused(desk: Store) -> None:
    found = await begun(desk, asked=False)
    first = await desk.write(campaigns.save, found.id, found.version, replace(PLAN, name="A"), WRITER, world())
    second = await desk.write(campaigns.save, found.id, found.version, replace(PLAN, name="B"), EDITOR, world())
    assert (first, isinstance(second, Refused)) == (Done(found.id), True)
    assert (await one(desk, found.id)).plan.name == "A"


async def test_what_is_kept_comes_back_as_it_was_written(desk: Store) -> None:
    plan = replace(
        PLAN, how="monthly", monthday=7, weekdays=(0, 6), reader_clock=True, spaced=False, per_minute=30,
        messages=(
            replace(PLAN.messages[0], sids={"ar": SID}, blanks={"ar": ("x",)}, buttons=("menu",)), Message(after=3),
        ),
    )  # fmt: skip
    assert (await begun(desk, plan, asked=False)).plan == plan


async def test_only_a_second_person_signs_and_only_once(desk: Store) -> None:
    found = await begun(desk)
    for who in (WRITER, EDITOR, 999):
        assert isinstance(await signs(desk, found, who), Refused)
    assert await signs(desk, found) == Done(found.id)
    assert isinstance(await signs(desk, found), Refused)
    (run,) = await desk.read(runs.of_campaign, found.id)
    assert run.starts_at == datetime(2026, 11, 24, 14, tzinfo=UTC)


async def test_whoever_wrote_on_it_once_never_signs_though_others_changed_it_since(desk: Store) -> None:
    made = await desk.write(campaigns.create, EDITOR, world())
    assert isinstance(made, Done)
    for version, (by, name) in enumerate(((SECOND, "hers"), (EDITOR, "last")), 1):
        plan = replace(PLAN, name=name)
        assert isinstance(await desk.write(campaigns.save, made.number, version, plan, by, world()), Done)
    assert await desk.write(campaigns.ask, made.number, 3, EDITOR, world()) == Done(made.number)
    assert isinstance(await signs(desk, await one(desk, made.number), SECOND), Refused)
    copied = await desk.write(campaigns.copy, made.number, EDITOR, world())
    assert isinstance(copied, Done)
    assert SECOND in (await one(desk, copied.number)).authors


async def test_a_disabled_member_signs_nothing(desk: Store) -> None:
    found = await begun(desk)
    await desk.write(staff.disable, SECOND)
    assert isinstance(await signs(desk, found), Refused)


async def test_an_approved_campaign_that_is_changed_leaves_no_run_behind(desk: Store) -> None:
    found = await begun(desk)
    await signs(desk, found)
    approved = await one(desk, found.id)
    await desk.write(campaigns.save, found.id, approved.version, replace(PLAN, name="Other"), EDITOR, world())
    assert [run.state for run in await desk.read(runs.of_campaign, found.id)] == ["cancelled"]
    assert (await one(desk, found.id)).state == "draft"


async def test_nothing_that_was_asked_for_or_approved_is_deleted(desk: Store) -> None:
    found = await begun(desk)
    assert isinstance(await desk.write(campaigns.delete, found.id, found.version, WRITER, world()), Refused)
    back = await desk.write(campaign_approval.take_back, found.id, found.version, WRITER, world())
    assert back == Done(found.id)
    draft = await one(desk, found.id)
    assert await desk.write(campaigns.delete, draft.id, draft.version, WRITER, world()) == Done()


async def test_an_approved_campaign_is_taken_back_by_who_may_approve_alone(desk: Store) -> None:
    found = await begun(desk)
    await signs(desk, found)
    version = (await one(desk, found.id)).version
    assert isinstance(await desk.write(campaign_approval.take_back, found.id, version, EDITOR, world()), Refused)
    assert await desk.write(campaign_approval.take_back, found.id, version, SECOND, world()) == Done(found.id)


# ---------------------------------------------------------------- what stands against it


async def test_nothing_stands_against_a_plain_campaign(desk: Store) -> None:
    assert await conflicts(desk, PLAN) == {}


@pytest.mark.parametrize(
    ("change", "code", "blocks"),
    [
        ({"audience": Audience(topic="meetings")}, "nobody", True),
        ({"ends": date(2026, 11, 22), "begins": date(2026, 11, 1), "day": date(2026, 11, 23)}, "period", True),
        ({"day": date(2026, 11, 22), "hour": time(9)}, "past", False),
        ({"hour": time(22)}, "quiet", False),
        ({"day": date(2026, 11, 27), "hour": time(9)}, "quiet", False),
        ({"ends": date(2027, 3, 1), "day": date(2027, 2, 20), "hour": time(12)}, "ramadan", False),
        ({"messages": (replace(PLAN.messages[0], media=900),)}, "consent-0", True),
    ],
)
async def test_what_stands_against_it_is_told(desk: Store, change: dict[str, object], code: str, blocks: bool) -> None:
    facts = Facts("The meeting", {"light": Version("image/jpeg", 1, "")}, people=True)
    await desk.write(media.add, Medium(900, "picture", facts, WRITER, NOW, None, None), {"light": b"x"})
    found = await conflicts(desk, replace(PLAN, **change))  # type: ignore[arg-type]
    assert found.get(code) is blocks


async def test_too_few_on_call_and_another_campaign_near_it_are_told(desk: Store) -> None:
    await signs(desk, await begun(desk))
    await desk.write(staff.disable, WRITER)
    found = await conflicts(desk, replace(PLAN, day=date(2026, 11, 25), hour=time(10)))
    assert found.pop("on_call") is False
    assert [code.partition("-")[0] for code in found] == ["beside"]


async def test_whatsapp_without_a_template_and_its_tier_are_told(desk: Store) -> None:
    def join(unit: Unit) -> None:
        for number in range(300):
            facts = subscribers.Facts(f"+96777{number:07}", Subscription(("tips",)))
            subscribers.put(unit, 1000 + number, "whatsapp", facts, NOW)

    await desk.write(join)
    found = await conflicts(desk, PLAN)
    assert (found["window-ar"], found["tier"]) == (False, False)
    assert (await conflicts(desk, replace(PLAN, ends=date(2026, 11, 24))))["tier"] is True


async def test_a_paused_template_blocks(desk: Store) -> None:
    template = Template(7, SID, "Idea", "ar", "utility", "صباح الخير من جديد.", 0, (), "approved", "", NOW)
    await desk.write(templates.add, template, WRITER)
    plan = replace(PLAN, messages=(replace(PLAN.messages[0], sids={"ar": SID}),))
    assert await conflicts(desk, plan) == {}
    assert await desk.write(templates.pause, SID, "63041")
    assert await conflicts(desk, plan) == {"paused-ar-0": True}
    assert await desk.read(templates.get, 7) == await desk.read(templates.by_sid, SID)


# ---------------------------------------------------------------- what recurs


async def test_a_day_of_the_month_recurs_through_its_period(desk: Store) -> None:
    found = await begun(desk, replace(PLAN, how="monthly", monthday=3, ends=date(2027, 1, 31)))
    assert await signs(desk, found) == Done(found.id)
    assert await desk.write(campaigns.occur, world(days=42, hours=6)) == 1
    starts = [run.starts_at.date() for run in await desk.read(runs.of_campaign, found.id)]
    assert starts == [date(2026, 12, 3), date(2027, 1, 3)]
    assert await desk.write(campaigns.occur, world(days=42, hours=6)) == 0
