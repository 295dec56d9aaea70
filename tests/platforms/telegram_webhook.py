"""One webhook as Telegram sees it: how an update is posted, and what its answers mean.

It never queues anything or tries again; telegram_delivery does.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.platforms import contract_telegram as contract


@dataclass(slots=True)
class Webhook:
    """Where updates are posted, with the secret that goes along."""

    url: str
    secret: str | None = None
    connections: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(contract.CONNECTIONS))
    last_status: int = 0
    gone_since: float | None = None

    async def offer(
        self, session: aiohttp.ClientSession, update: dict[str, Any], within: float
    ) -> tuple[str | None, float]:
        """Post an update once: what went wrong (None: it was taken), and the seconds the webhook asked to wait."""
        try:
            answer = await self.post(session, update, self.secret, within)
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_status = 0
            return type(error).__name__, 0
        self.last_status = answer.status
        if answer.status < 300:
            self.gone_since = None
            return None, 0
        after = answer.headers.get("Retry-After", "")
        return f"Wrong response from the webhook: {answer.status} {answer.reason}", float(
            after
        ) if after.isdigit() else 0

    async def post(
        self, session: aiohttp.ClientSession, update: dict[str, Any], secret: str | None, within: float
    ) -> aiohttp.ClientResponse:
        """Post an update with this secret, or none, and wait `within` seconds for the whole answer."""
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        body = json.dumps(update, ensure_ascii=False).encode()
        timeout = aiohttp.ClientTimeout(total=within)
        async with session.post(self.url, data=body, headers=headers, timeout=timeout, allow_redirects=False) as answer:
            await answer.read()
            return answer

    def is_given_up(self, now: float) -> bool:
        """Whether it has answered 410 Gone for so long that Telegram forgets it."""
        self.gone_since = (self.gone_since or now) if self.last_status == 410 else None
        return self.gone_since is not None and now > self.gone_since + contract.GONE_LASTS
