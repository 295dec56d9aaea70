"""Reminders reach who is on call, her tap is heard, silence reaches the coordinators; each once, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.core import Pressed, Said
from flows.rota import Shift
from handlers import reminders, rota_check
from handlers.channel import Inbound, Outgoing
from handlers.inbound import receive
from storage import readers, shifts, staff
from storage.store import Store
from storage.unit import Unit
from tests.handlers.alarm_town import Phone, Town

DAWN = datetime(2026, 1, 10, 4, 0, tzinfo=UTC)
"""Seven in the morning in Aden; the shift of these stories begins at ten, and ends at twenty."""
READY = "I am ready"


class OnCall(Town):
    """The town, with the rota's duties and the one way in."""

    async def reminds(self) -> int:
        sent = await self.store.write(reminders.remind, self.world())
        await self.post()
        return sent

    async def looks_ahead(self) -> int:
        found = await self.store.write(rota_check.check, self.world())
        await self.post()
        return found

    async def gets(self, phone: Phone, event: Pressed | Said) -> None:
        """A message of a member of staff, by the same way as everybody's."""
        self._sent = getattr(self, "_sent", 0) + 1
        inbound = Inbound(phone.channel, f"m{self._sent}", phone.address, event, pressed_on="m1")  # type: ignore[arg-type]
        await self.store.write(receive, inbound, self.world())
        await self.post()

    async def taps(self, phone: Phone, letter: Outgoing | None = None) -> None:
        await self.gets(phone, Pressed(phone.button(READY, letter)))

    async def has_shift(self, phone: Phone, starts: str, ends: str, number: int = 500, **more: str) -> None:
        times = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
        level = more.get("level", "first")
        shift = Shift(number, phone.number, level, *times, more.get("zone", "Asia/Aden"))  # type: ignore[arg-type]
        await self.store.write(shifts.add, shift)


@pytest.fixture
async def town(store: Store) -> OnCall:
    place = OnCall(store)
    place.now = DAWN - timedelta(days=1)
    return place


@pytest.fixture
async def huda(town: OnCall) -> Phone:
    phone = await town.has("huda")
    await town.has_shift(phone, "2026-01-10T10:00", "2026-01-10T20:00")
    return phone


@pytest.fixture
async def boss(town: OnCall) -> Phone:
    return await town.has("boss", "coordinator")


async def at(town: OnCall, text: str) -> None:
    town.now = datetime.fromisoformat(text).replace(tzinfo=UTC)
    await town.reminds()


async def test_she_is_reminded_a_day_and_an_hour_ahead_once_each(town: OnCall, huda: Phone) -> None:
    for now in ("2026-01-09T06:59", "2026-01-09T07:00", "2026-01-09T07:01", "2026-01-10T05:59"):
        await at(town, now)
    assert huda.texts == ["Your appointment is on Saturday, 10 January 2026 at 10:00. Are you ready?"]
    for now in ("2026-01-10T06:00", "2026-01-10T06:01", "2026-01-10T12:00"):
        await at(town, now)
    assert huda.texts[1:] == ["Your appointment begins at 10:00. Are you ready?"]


async def test_her_hours_are_by_her_own_clock(town: OnCall) -> None:
    najla = await town.has("najla")
    await town.has_shift(najla, "2026-01-10T10:00", "2026-01-10T20:00", zone="Europe/Berlin")
    await at(town, "2026-01-10T08:00")
    assert najla.texts == ["Your appointment begins at 10:00. Are you ready?"]


async def test_a_tap_is_noted_and_nobody_is_told(town: OnCall, huda: Phone, boss: Phone) -> None:
    await at(town, "2026-01-09T07:00")
    await town.taps(huda)
    assert huda.last.text == "Thank you, it is noted."
    await at(town, "2026-01-10T06:00")
    await at(town, "2026-01-10T06:45")
    assert boss.shows == []


async def test_silence_is_told_to_the_coordinators_once(town: OnCall, huda: Phone, boss: Phone) -> None:
    for now in ("2026-01-09T07:00", "2026-01-10T06:00", "2026-01-10T06:29"):
        await at(town, now)
    assert boss.shows == []
    for now in ("2026-01-10T06:30", "2026-01-10T06:31", "2026-01-10T07:30"):
        await at(town, now)
    assert boss.texts == ["An appointment at 10:00 is not confirmed yet. Please open the desk."]
    assert len(huda.shows) == 2


async def test_after_downtime_the_reminder_goes_once_and_says_that_it_is_late(town: OnCall, huda: Phone) -> None:
    await at(town, "2026-01-09T06:00")
    await at(town, "2026-01-10T05:30")
    assert len(huda.shows) == 1
    assert huda.last.text.endswith("This reminder comes late, we are sorry.")
    await at(town, "2026-01-10T05:45")
    assert len(huda.shows) == 1


async def test_after_downtime_over_the_beginning_she_hears_that_it_began_and_has_time_to_answer(
    town: OnCall, huda: Phone, boss: Phone
) -> None:
    await at(town, "2026-01-09T06:00")
    await at(town, "2026-01-10T07:30")
    assert huda.last.text.startswith("Your appointment began at 10:00.")
    assert boss.shows == []
    await at(town, "2026-01-10T07:46")
    assert len(boss.shows) == 1


async def test_a_shift_that_is_over_is_never_reminded_of(town: OnCall, huda: Phone, boss: Phone) -> None:
    await at(town, "2026-01-09T06:00")
    await at(town, "2026-01-10T17:00")
    assert (huda.shows, boss.shows) == ([], [])


async def test_quiet_hours_hold_the_day_ahead_and_not_the_hour_ahead(town: OnCall) -> None:
    night = await town.has("night")
    await town.has_shift(night, "2026-01-11T03:00", "2026-01-11T09:00")
    await at(town, "2026-01-10T00:30")
    assert night.shows == [], "half past three at night"
    await at(town, "2026-01-10T03:00")
    assert len(night.shows) == 1, "six in the morning"
    await at(town, "2026-01-10T23:00")
    assert night.last.text == "Your appointment begins at 03:00. Are you ready?"


@pytest.mark.parametrize("level", ["critical", "high"])
async def test_quiet_hours_never_hold_a_page(town: OnCall, level: str) -> None:
    await town.meets_her()
    amal = await town.has("amal")
    await town.is_on_call(amal)
    town.now = datetime(2026, 1, 10, 0, 30, tzinfo=UTC)  # half past three at night in Aden
    await town.alarm(level)
    assert len(amal.pages) == 1


async def test_two_shifts_that_touch_are_one_reminder(town: OnCall, huda: Phone) -> None:
    await town.has_shift(huda, "2026-01-10T20:00", "2026-01-11T08:00", number=501, level="substitute")
    for now in ("2026-01-10T06:00", "2026-01-10T16:00", "2026-01-10T16:45"):
        await at(town, now)
    assert len(huda.shows) == 1


@pytest.mark.parametrize("said", ["ready", "Ready", "جاهزة", "أنا جاهزة", "1", "١"])
async def test_she_may_say_it_in_words(town: OnCall, huda: Phone, boss: Phone, said: str) -> None:
    await at(town, "2026-01-10T06:00")
    await town.gets(huda, Said(said))
    assert huda.last.text == "Thank you, it is noted."
    await at(town, "2026-01-10T06:45")
    assert boss.shows == []


async def test_a_number_is_no_answer_once_a_conversation_went_on(town: OnCall, huda: Phone) -> None:
    await at(town, "2026-01-10T06:00")
    await town.gets(huda, Said("hello there"))
    shown = len(huda.shows)
    await town.gets(huda, Said("1"))
    assert "Thank you, it is noted." not in huda.texts[shown:]
    await town.gets(huda, Said("ready"))
    assert huda.last.text == "Thank you, it is noted."


async def test_nobody_can_be_ready_for_another(town: OnCall, huda: Phone, boss: Phone) -> None:
    await at(town, "2026-01-10T06:00")
    await town.gets(boss, Pressed(huda.button(READY)))
    assert boss.last.text == "This was settled in the meantime, and nothing was changed."
    await at(town, "2026-01-10T06:45")
    assert "not confirmed yet" in boss.last.text


async def test_a_page_is_answered_before_a_reminder(town: OnCall, huda: Phone) -> None:
    await town.meets_her()
    await at(town, "2026-01-10T06:00")
    town.now = datetime(2026, 1, 10, 8, 0, tzinfo=UTC)
    await town.alarm()
    await town.gets(huda, Said("1"))
    assert await town.status() == "taken"


async def test_whoever_is_disabled_is_not_reminded(town: OnCall, huda: Phone) -> None:
    await town.store.write(staff.disable, huda.number)
    await at(town, "2026-01-10T06:00")
    assert huda.shows == []


# ---------------------------------------------------------------- the coming week


async def test_the_coming_week_is_told_once_a_day_in_the_morning_by_its_count(town: OnCall, boss: Phone) -> None:
    town.now = datetime(2026, 1, 9, 4, 59, tzinfo=UTC)
    assert await town.looks_ahead() == 0
    town.now = datetime(2026, 1, 9, 5, 0, tzinfo=UTC)
    assert await town.looks_ahead() == 2, "nobody first, no substitute"
    assert await town.looks_ahead() == 0
    assert boss.texts == ["The coming week has 2 things to look at. Please open the desk."]
    town.now += timedelta(days=1)
    await town.looks_ahead()
    assert len(boss.shows) == 2


async def test_it_counts_gaps_and_whoever_on_the_rota_has_no_proven_way_or_no_key(
    town: OnCall, huda: Phone, boss: Phone
) -> None:
    del boss
    ahead = await town.asks(rota_check.look_ahead, town.now)
    assert (ahead.unproven, ahead.keyless) == (("huda",), ("huda",))
    assert {level: len(spans) for level, spans in ahead.gaps.items()} == {"first": 2, "substitute": 1}
    await town.store.write(_proven_and_keyed, huda.number)
    ahead = await town.asks(rota_check.look_ahead, town.now)
    assert (ahead.unproven, ahead.keyless) == ((), ())


def _proven_and_keyed(unit: Unit, number: int) -> None:
    unit.do("UPDATE reaches SET heard_at = 1 WHERE staff_id = :id", {"id": number})
    sql = "INSERT INTO readers (id, kind, public_key, added_at, staff_id) VALUES (9, 'staff', :key, 0, :id)"
    unit.do(sql, {"key": b"k" * 32, "id": number})
    assert readers.of_staff(unit, number)


async def test_a_week_with_nothing_to_look_at_wakes_nobody(town: OnCall, boss: Phone) -> None:
    await town.is_on_call(boss)
    await town.is_on_call(boss, "substitute")
    await town.store.write(_proven_and_keyed, boss.number)
    town.now = datetime(2026, 1, 10, 6, 0, tzinfo=UTC)
    assert await town.looks_ahead() == 0
    assert boss.shows == []
