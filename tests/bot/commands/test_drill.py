"""The commands around drills and calls: `sanad drill`, `staff add --voice`, and what the doctor says of calls."""

from __future__ import annotations

import asyncio

import pytest

from bot.commands import doctor
from storage import audit
from storage import drills as kept
from storage.store import Store
from tests.bot.commands.conftest import Sanad
from tests.platforms.twilio import Twilio

LONG = ("--from", "2020-01-01T00:00", "--to", "2100-01-01T00:00")


@pytest.fixture
def team(stored: Sanad) -> Sanad:
    stored.works("keys", "recovery", "--out", "key.json")
    stored.works("staff", "add", "Huda", "--role", "focal_point", "--telegram", "1")
    stored.works("rota", "add", "--who", "Huda", *LONG)
    return stored


def test_a_drill_begins_and_says_where_its_report_will_be(team: Sanad) -> None:
    printed = team.works("drill", "--level", "critical")
    assert "1 woken at once" in printed
    assert "/desk/rota/drill" in printed

    async def look(store: Store) -> tuple[list[int], list[str]]:
        return await store.read(kept.lately), [entry.what for entry in await store.read(audit.after, 0)]

    drills, audited = team.with_store(look)
    assert len(drills) == 1
    assert audited[-1] == "drill:began"


def test_a_second_drill_is_refused_with_a_sentence(team: Sanad) -> None:
    team.works("drill", "--level", "high")
    called = team("drill", "--level", "high")
    assert called.exit_code == 1
    assert "running already" in called.output
    assert "Traceback" not in called.output


def test_a_level_at_which_nobody_is_woken_is_refused(team: Sanad) -> None:
    assert team("drill", "--level", "low").exit_code == 2


def test_without_a_recovery_key_the_drill_says_so(stored: Sanad) -> None:
    called = stored("drill", "--level", "high")
    assert called.exit_code == 1
    assert "recovery key" in called.output


def test_where_nobody_is_on_call_the_drill_says_so(stored: Sanad) -> None:
    stored.works("keys", "recovery", "--out", "key.json")
    assert "Nobody is woken at once" in stored("drill", "--level", "critical").output


# ---------------------------------------------------------------- calls


def test_a_member_is_added_with_a_telephone_that_is_never_shown_whole(stored: Sanad) -> None:
    words = ("staff", "add", "Far", "--role", "focal_point", "--telegram", "1", "--voice", "+967 770 000 101")
    printed = stored.works(*words)
    assert "voice …01" in printed
    assert "967770000101" not in printed
    listed = stored.works("staff", "list")
    assert "she has not answered a call with her PIN yet" in listed


def test_a_telephone_alone_is_no_way_to_be_woken(stored: Sanad) -> None:
    called = stored("staff", "add", "Far", "--role", "focal_point", "--voice", "+967770000101")
    assert called.exit_code == 2
    assert "--telegram" in called.output


def test_a_telephone_that_is_none_is_refused(stored: Sanad) -> None:
    called = stored("staff", "add", "Far", "--role", "focal_point", "--telegram", "1", "--voice", "770000101")
    assert called.exit_code == 2
    assert "--voice" in called.output


def test_calls_without_an_account_do_not_start(sanad: Sanad) -> None:
    sanad.set(TWILIO_VOICE_FROM="+14155230000")
    called = sanad("serve")
    assert called.exit_code == 1
    assert "TWILIO_VOICE_FROM" in called.output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TWILIO_ACCOUNT_SID": ""}, "no Twilio account"),
        ({"TWILIO_VOICE_FROM": "4155230000"}, "TWILIO_VOICE_FROM is no telephone number"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is missing"),
        ({"PUBLIC_URL": "http://sanad.example"}, "PUBLIC_URL is not https"),
        ({}, "calls ask https://sanad.example/voice what to say"),
    ],
)
async def test_the_doctor_looks_at_the_number_for_calls(
    sanad: Sanad, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    monkeypatch.setattr(doctor, "catalog_faults", list)
    async with Twilio() as tw:
        sanad.set(TWILIO_ACCOUNT_SID="AC" + "a" * 32, TWILIO_AUTH_TOKEN="f" * 32, TWILIO_API_URL=tw.url)
        sanad.set(TWILIO_WHATSAPP_FROM="+14155238886", PUBLIC_URL="https://sanad.example")
        sanad.set(**({"TWILIO_VOICE_FROM": "+14155230000"} | settings))
        called = await asyncio.to_thread(sanad, "doctor")
    assert said in called.stdout
