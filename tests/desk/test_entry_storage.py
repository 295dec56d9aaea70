"""What the door keeps: names found after the keys changed, counts and links that end, browsers as they look."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.requests import Request

from bot.chance import random_bytes
from bot.worker import DUTIES
from console.desk.browser import label_of, source_of
from handlers import entry_pace, entry_sweep, entry_welcome
from handlers.draw import World
from handlers.entry_pace import Wait
from storage import links, logins, rotation, sessions, staff, throttles
from storage.rotation import COLUMNS
from storage.store import Store
from storage.unit import Taken, Unit
from storage.vault import Key, Vault
from tests.conftest import open_store
from tests.handlers.alarm_town import RULES, draws

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
OLD, NEW = Key("old1", bytes(range(32))), Key("new2", bytes(range(1, 33)))
WORLD = World(NOW, RULES, draws())


def add(unit: Unit, number: int, name: str) -> None:
    staff.add(unit, number, staff.Facts(name, "ar"), "focal_point", {}, NOW)
    logins.put(unit, number, name, bytes(16), bytes(32), bytes(60), NOW)


# ---------------------------------------------------------------- names


@pytest.fixture
async def old_and_new(database: str) -> AsyncIterator[tuple[Store, Store, Store]]:
    """Stores with the old key, with both, and with the new one alone."""
    rings = ((OLD,), (NEW, OLD), (NEW,))
    stores = [open_store(database, Vault(ring, random_bytes)) for ring in rings]
    for store in stores:
        await store.start()
    yield stores[0], stores[1], stores[2]
    for store in stores:
        await store.stop()


async def test_a_desk_name_is_found_while_keys_change_and_after(old_and_new: tuple[Store, Store, Store]) -> None:
    old, both, new = old_and_new
    await old.write(add, 50, "نخلة")
    found = await both.read(logins.by_name, "نَخلة")
    assert found is not None
    for column in COLUMNS:
        await both.write(rotation.rewrite, column)
    found = await new.read(logins.by_name, "نخلة")
    assert found is not None
    assert (found.staff, found.name) == (50, "نخلة")


async def test_a_desk_name_is_one_member_s(store: Store) -> None:
    await store.write(add, 50, "نخلة")
    with pytest.raises(Taken):
        await store.write(add, 51, "نخله")


async def test_a_new_login_takes_the_place_of_the_old_one_whole(store: Store) -> None:
    await store.write(add, 50, "نخلة")
    await store.write(logins.put_factor, 50, bytes(20), 7, [b"code"])
    await store.write(logins.put_duress, 50, bytes(32), bytes(60))
    await store.write(logins.put, 50, "غيمة", bytes(16), bytes(32), bytes(60), NOW)
    found = await store.read(logins.of_staff, 50)
    assert found is not None
    assert (found.name, found.totp, found.duress_hash, found.decoy) == ("غيمة", None, None, None)
    assert await store.read(logins.by_name, "نخلة") is None
    assert await store.read(logins.recovery_left, 50) == 0


async def test_a_half_minute_counts_once_and_never_backwards(store: Store) -> None:
    await store.write(add, 50, "نخلة")
    used = [await store.write(logins.use_step, 50, step) for step in (10, 10, 9, 11)]
    assert used == [True, False, False, True]


async def test_a_recovery_code_is_hers_alone(store: Store) -> None:
    await store.write(add, 50, "نخلة")
    await store.write(add, 51, "غيمة")
    await store.write(logins.put_factor, 50, bytes(20), 7, [b"code"])
    used = [await store.write(logins.use_recovery, number, b"code", NOW) for number in (51, 50, 50)]
    assert used == [False, True, False]


async def test_nothing_of_a_login_is_shown_by_its_repr(store: Store) -> None:
    await store.write(add, 50, "نخلة")
    await store.write(logins.put_factor, 50, b"secret secret secret", 7, ())
    shown = repr(await store.read(logins.of_staff, 50))
    assert "secret" not in shown
    assert "login_hash" not in shown


@pytest.mark.parametrize("name", ["هدى7", "Huda", "نَخْلة", "a1b", "٣٤٥", "ab" * 15])
def test_these_are_desk_names(name: str) -> None:
    assert entry_welcome.is_name(name)


# ---------------------------------------------------------------- counts


def fail(unit: Unit, account: str, source: str, now: datetime) -> Wait | None:
    door = entry_pace.knock(unit, account, source, now)
    if isinstance(door, Wait):
        return door
    entry_pace.refused(unit, door, now)
    return None


async def test_waits_never_grow_past_their_longest(store: Store) -> None:
    now = NOW
    for _ in range(60):
        assert await store.write(fail, "huda", "10.0.0.1", now) is None
        now += entry_pace.LONGEST
    assert await store.write(fail, "huda", "10.0.0.1", now) is None
    assert await store.write(fail, "huda", "10.0.0.1", now) == Wait(900)


async def test_an_account_tried_from_many_sources_is_slowed_for_new_ones(store: Store) -> None:
    waits = [await store.write(fail, "huda", f"10.0.0.{number}", NOW) for number in range(22)]
    assert waits == [None] * 21 + [Wait(1)]
    assert await store.write(fail, "najla", "10.0.0.1", NOW) is None


async def test_a_pair_that_came_in_before_feels_only_its_own_errors(store: Store) -> None:
    await store.write(entry_pace.came_in, "huda", "10.0.0.1", NOW)
    for number in range(2, 24):
        await store.write(fail, "huda", f"10.0.0.{number}", NOW)
    assert await store.write(fail, "huda", "10.0.0.1", NOW) is None
    assert await store.write(fail, "huda", "10.0.0.1", NOW) == Wait(1)


async def test_what_counts_no_more_is_swept_and_good_pairs_last_for_90_days(store: Store) -> None:
    await store.write(entry_pace.came_in, "huda", "10.0.0.1", NOW)
    await store.write(fail, "huda", "10.0.0.2", NOW)
    assert await store.write(entry_pace.sweep, NOW + timedelta(hours=23)) == 0
    assert await store.write(entry_pace.sweep, NOW + timedelta(days=2)) == 3
    assert await store.read(throttles.is_marked, "entry good:huda:10.0.0.1")
    assert await store.write(entry_pace.sweep, NOW + timedelta(days=91)) == 1


async def test_a_round_of_sweeping_leaves_what_is_good(store: Store) -> None:
    def plant(unit: Unit) -> None:
        add(unit, 50, "نخلة")
        for number, at in ((1, NOW), (2, NOW - timedelta(hours=13))):
            token = bytes([number])
            sessions.begin(unit, number, token, 50, b"", "", at, confirmed=True, duress=False)
        links.offer(unit, "LINK-2222-2222", 50, NOW)
        staff.invite(unit, b"good", 50, NOW + timedelta(hours=1))
        staff.invite(unit, b"over", 50, NOW)

    await store.write(plant)
    assert await store.write(entry_sweep.sweep_entry, WORLD) == 3
    assert [one.id for one in await store.read(sessions.of_staff, 50, NOW)] == [1]
    assert await store.read(links.invited, b"good", NOW) == 50
    assert entry_sweep.sweep_entry in {act for act, _ in DUTIES}


# ---------------------------------------------------------------- browsers


def request(host: str, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {"type": "http", "headers": raw, "client": (host, 1)}
    return Request(scope)


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("somewhere", "somewhere"),
    ],
)
def test_a_source_is_what_one_connection_has(host: str, source: str) -> None:
    assert source_of(request(host, x_forwarded_for="203.0.113.9")) == source


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_our_own_words(agent: str, label: str) -> None:
    assert label_of(agent) == label
