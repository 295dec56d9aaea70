"""The program as it is deployed: `web` and `worker` are two processes on one PostgreSQL."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests import postgres
from tests.people import Woman
from tests.platforms.telegram import Telegram
from tests.town import KEY, SECRET

pytestmark = pytest.mark.postgres
HELLO = "Hello, and welcome. Which language suits you?"
NOW = "You have an appointment that needs confirming now ({code})"


class Sanad:
    """The command, in the environment of one deployment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def __call__(self, *words: str) -> str:
        """Run a command to its end."""
        command = [sys.executable, "-m", "bot", *words]
        ended = subprocess.run(command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    @contextmanager
    def at_work(self, part: str) -> Iterator[subprocess.Popen[str]]:
        """Run a process until the end of the block; it must have stopped in good order by itself, or been killed."""
        command = [sys.executable, "-m", "bot", part]
        process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        for line in process.stderr:
            if '"ready"' in line or '"working"' in line:
                break
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=20)
            assert '"level": "error"' not in log, log


def deployment(url: str, platform: Telegram, tmp_path: Path) -> tuple[Sanad, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    chosen = {"SANAD_KEYS": KEY, "DATABASE_URL": url, "SANAD_DATA": str(tmp_path), "PORT": str(port)}
    chosen |= {"PUBLIC_URL": address, "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET}
    chosen |= {"TELEGRAM_BOT_TOKEN": "123:abc", "TELEGRAM_API_URL": platform.url}
    return Sanad({**inherited, **chosen}), address


async def test_she_writes_to_one_process_and_the_other_pages(
    postgres_server: postgres.Postgres, tmp_path: Path
) -> None:
    async with Telegram() as platform:
        sanad, address = deployment(postgres_server.new_database(), platform, tmp_path)
        sanad("keys", "recovery", "--out", str(tmp_path / "recovery.key"))
        sanad("staff", "add", "هدى", "--role", "focal_point", "--telegram", "2001", "--language", "ar")
        sanad("rota", "add", "--who", "هدى", "--from", "2020-01-01T00:00", "--to", "2100-01-01T00:00")
        huda, amal = Woman(platform.person(2001, has_written=True), "ar"), Woman(platform.person(1001), "ar")
        with sanad.at_work("web"), sanad.at_work("worker"):
            platform.sets_webhook(f"{address}/telegram", secret=SECRET)
            await amal.says("/start")
            await amal.sees(HELLO)
            await amal.answers("I need help now")
            await huda.sees(NOW)
            await amal.answers("Tell more")
            await amal.sees("What is it about? The nearest is enough.")
            code = await amal.code()
        opened = sanad("open", code, "--key", str(tmp_path / "recovery.key"))
        assert '"critical"' in opened
