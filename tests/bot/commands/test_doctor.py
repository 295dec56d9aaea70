"""The doctor finds what is wrong, says how to mend it, and stumbles over nothing that is missing."""

import asyncio
import shutil
from pathlib import Path

import pytest
from typer.testing import Result

from bot import chance
from bot.commands import doctor
from bot.settings import ROOT
from handlers import retained
from storage import marks
from storage.store import Store
from tests.bot.commands.conftest import Sanad
from tests.platforms.telegram import Telegram
from tests.platforms.twilio import Twilio

LONG = ("--from", "2020-01-01T00:00", "--to", "2100-01-01T00:00")


@pytest.fixture(autouse=True)
def whole_catalogs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogs have tests of their own; here they are whole."""
    monkeypatch.setattr(doctor, "catalog_faults", list)


@pytest.fixture
def ready(sanad: Sanad) -> Sanad:
    """All is set up but a channel."""
    sanad.works("keys", "recovery", "--out", "key.json")
    sanad.works("staff", "add", "Huda", "--role", "focal_point", "--telegram", "1")
    sanad.works("staff", "add", "Najla", "--role", "coordinator", "--telegram", "2")
    sanad.works("rota", "add", "--who", "Huda", *LONG)
    sanad.works("rota", "add", "--who", "Najla", *LONG, "--level", "substitute")
    return sanad


async def _examined(sanad: Sanad) -> Result:
    """The doctor, on a thread of its own: the emulators need this one."""
    return await asyncio.to_thread(sanad, "doctor")


def _problems(called: Result) -> list[str]:
    return [line for line in called.stdout.splitlines() if line.startswith("problem")]


def test_with_nothing_configured_every_missing_thing_is_a_line(sanad: Sanad) -> None:
    sanad.patch.delenv("SANAD_KEYS")
    called = sanad("doctor")
    assert called.exit_code == 1
    assert [line.split()[1] for line in _problems(called)] == ["keys", "database", "channels"]
    assert "sanad keys new" in called.stdout
    assert "sanad migrate" in called.stdout
    assert "TELEGRAM_BOT_TOKEN" in called.stdout


def test_it_makes_nothing_by_looking(sanad: Sanad) -> None:
    sanad("doctor")
    assert list(sanad.folder.iterdir()) == []


def test_before_anybody_works_here_it_says_what_to_do(stored: Sanad) -> None:
    called = stored("doctor")
    assert "sanad keys recovery" in called.stdout
    assert "no coordinator" in called.stdout
    assert "nobody is first on call now" in called.stdout
    assert "sanad rota add" in called.stdout


async def test_where_all_is_well_it_says_so(ready: Sanad) -> None:
    async with Telegram(token="123:abc") as tg:
        ready.set(TELEGRAM_BOT_TOKEN="123:abc", TELEGRAM_API_URL=tg.url)
        called = await _examined(ready)
    assert _problems(called) == []
    assert called.exit_code == 0, called.output


def test_a_proxy_that_nobody_believes_is_said(stored: Sanad) -> None:
    stored.set(PUBLIC_URL="https://sanad.example")
    assert "TRUSTED_PROXY" in stored("doctor").stdout
    stored.set(TRUSTED_PROXY="127.0.0.1")
    assert "TRUSTED_PROXY" not in stored("doctor").stdout


async def test_when_what_was_kept_for_its_time_was_not_ended_lately_it_is_said(ready: Sanad) -> None:
    def mark(at: str) -> None:
        async def put(store: Store) -> None:
            await store.write(marks.put, retained.SWEPT, at)

        ready.with_store(put)

    await asyncio.to_thread(mark, "2026-01-05T03:00:00+00:00")
    late = await _examined(ready)
    assert "last ended on 2026-01-05" in late.stdout
    await asyncio.to_thread(mark, chance.now().isoformat())
    assert "last ended on" not in (await _examined(ready)).stdout


async def test_a_token_that_telegram_refuses_is_found(ready: Sanad) -> None:
    async with Telegram(token="123:abc") as tg:
        ready.set(TELEGRAM_BOT_TOKEN="123:other", TELEGRAM_API_URL=tg.url)
        called = await _examined(ready)
    assert "Telegram refuses the token" in called.stdout
    assert "123:other" not in called.output


def test_telegram_out_of_reach_is_found(ready: Sanad) -> None:
    ready.set(TELEGRAM_BOT_TOKEN="123:abc", TELEGRAM_API_URL="http://127.0.0.1:1")
    assert "Telegram can't be reached" in ready("doctor").stdout


async def test_a_webhook_that_stands_in_the_way_of_polling_is_found(ready: Sanad) -> None:
    async with Telegram(token="123:abc") as tg:
        tg.sets_webhook("http://127.0.0.1:1/telegram", secret="s3cret")
        ready.set(TELEGRAM_BOT_TOKEN="123:abc", TELEGRAM_API_URL=tg.url)
        called = await _examined(ready)
    assert "a webhook is set" in called.stdout
    assert "TELEGRAM_MODE=webhook" in called.stdout


async def test_a_webhook_that_leads_elsewhere_is_found(ready: Sanad) -> None:
    async with Telegram(token="123:abc") as tg:
        ready.set(TELEGRAM_BOT_TOKEN="123:abc", TELEGRAM_API_URL=tg.url, TELEGRAM_MODE="webhook")
        ready.set(PUBLIC_URL="https://sanad.example")
        called = await _examined(ready)
    assert "TELEGRAM_WEBHOOK_SECRET is missing" in called.stdout
    assert "not to https://sanad.example/telegram" in called.stdout


async def test_twilio_s_account_is_asked_for(ready: Sanad) -> None:
    async with Twilio() as tw:
        ready.set(TWILIO_ACCOUNT_SID="AC" + "a" * 32, TWILIO_AUTH_TOKEN="f" * 32, TWILIO_API_URL=tw.url)
        ready.set(TWILIO_WHATSAPP_FROM="+14155238886", PUBLIC_URL="https://sanad.example")
        called = await _examined(ready)
        assert _problems(called) == []
        assert "https://sanad.example/whatsapp" in called.stdout
        ready.set(TWILIO_AUTH_TOKEN="e" * 32)
        assert "Twilio refuses" in (await _examined(ready)).stdout


def test_twilio_half_set_up_is_found(ready: Sanad) -> None:
    ready.set(TWILIO_ACCOUNT_SID="AC" + "a" * 32)
    assert "TWILIO_AUTH_TOKEN is missing" in ready("doctor").stdout


def test_files_that_others_may_read_are_found(ready: Sanad) -> None:
    Path("data/sanad.db").chmod(0o644)
    assert "chmod 600" in ready("doctor").stdout


def test_keys_of_another_database_are_found(ready: Sanad) -> None:
    ready.set(SANAD_KEYS=ready.works("keys", "new").strip())
    assert "they don't open this database" in ready("doctor").stdout


def test_a_damaged_file_is_found(ready: Sanad) -> None:
    Path("data/sanad.db").write_bytes(b"no database at all" * 100)
    called = ready("doctor")
    assert called.exit_code == 1
    assert "damaged" in called.stdout
    assert "Traceback" not in called.output


def test_rules_that_are_broken_are_named_with_their_file(ready: Sanad) -> None:
    ready.set(SANAD_MECHANISM=str(ready.folder / "nowhere"))
    assert "urgency.toml" in ready("doctor").stdout


def test_an_entry_of_the_directory_that_was_not_verified_in_time_is_named(ready: Sanad) -> None:
    folder = ready.folder / "rules"
    shutil.copytree(ROOT / "mechanism", folder)
    file = folder / "services.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('body = "shelter"', 'body = "shelter"\nverified = 2020-01-01'), encoding="utf-8")
    ready.set(SANAD_MECHANISM=str(folder))
    called = ready("doctor")
    assert any("services" in line and "1 to be verified again: safe_house" in line for line in _problems(called))


def test_a_directory_that_nobody_has_verified_is_said_and_is_no_problem(ready: Sanad) -> None:
    called = ready("doctor")
    assert "0 of 9 entries may be offered, 9 were never verified" in " ".join(called.stdout.split())
    assert not any("services" in line for line in _problems(called))


def test_words_that_are_missing_are_counted(sanad: Sanad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "catalog_faults", lambda: [f"ar: missing: {number}" for number in range(30)])
    called = sanad("doctor")
    assert "30 faults in the catalogs" in called.stdout
    assert "missing: 29" not in called.stdout


def test_no_name_s_address_and_no_secret_is_printed(ready: Sanad) -> None:
    ready.works("staff", "add", "Far", "--role", "focal_point", "--whatsapp", "+967770000001")
    printed = ready("doctor").output
    assert "967770000001" not in printed
    assert "AAECAwQF" not in printed
