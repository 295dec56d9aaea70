"""How Twilio posts to the project: signed, tried again as the address's #fragment says, one after another per person.

It never decides what is in a post.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import aiohttp

from tests.platforms import contract_twilio as contract
from tests.platforms.phones import Clock
from tests.platforms.serving import Served
from tests.platforms.twilio_checks import Params, signature


@dataclass(slots=True)
class Post:
    """One request to the project: where Twilio believes it goes, what is in it, the answer's status (0: none came)."""

    url: str
    params: Params
    status: int = 0
    body: str = ""


class Webhooks(Served):
    """The way from Twilio to the project.

    `webhook` is where messages are posted; `public_url` is the https origin the project is known by: signatures are
    made over it, and posts to it go to the webhook's own origin. `deliveries` keeps every post.
    """

    def __init__(self, clock: Clock | None, port: int, auth_token: str, answer_within: float) -> None:
        super().__init__(clock, port)
        self.auth_token = auth_token
        self.webhook: str | None = None
        self.public_url: str | None = None
        self.repeats_deliveries = 1
        self.extra_params: Params = {}
        self.deliveries: list[Post] = []
        self._answer_within = answer_within
        self._lines: dict[str, deque[tuple[str, Params]]] = {}

    def posts_to_webhook(self, line: str, params: Params) -> None:
        """Post to the webhook, after what was posted before on the same line (a person, a message's statuses)."""
        if self.webhook is not None:
            self.posts(line, self.public(self.webhook), params)

    def posts(self, line: str, url: str, params: Params) -> None:
        """Post to any address of the project, in order on its line."""
        for _ in range(self.repeats_deliveries):
            post = (url, params | self.extra_params)
            waiting = self._lines.get(line)
            if waiting is None:
                self._lines[line] = deque([post])
                self.spawn(self._work(line))
            else:
                waiting.append(post)

    async def settles(self, within: float = 10.0) -> None:
        """Wait until everything was posted (and answered or given up). AssertionError after `within` seconds."""
        if not await self._quiet.until(lambda: not self._lines or None, within):
            raise AssertionError(f"still posting after {within:g} s: {list(self._lines)}")

    async def post(self, url: str, params: Params, made: str | None) -> int:
        """Post once with this signature (None: without) and return the answer's status, 0 when there was none."""
        return (await self.posted(url, params, made)).status

    async def posted(self, url: str, params: Params, made: str | None) -> Post:
        """Like `post`, with the whole answer."""
        headers = {} if made is None else {"X-Twilio-Signature": made}
        headers["I-Twilio-Idempotency-Token"] = hashlib.sha256(f"{url}{params}".encode()).hexdigest()
        timeout = aiohttp.ClientTimeout(total=self._answer_within, sock_connect=contract.CONNECT_WITHIN)
        entry = Post(url, params)
        self.deliveries.append(entry)
        try:
            async with self.session.post(self.local(url), data=params, headers=headers, timeout=timeout) as answer:
                entry.body = await answer.text()
                entry.status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            entry.status = 0
        return entry

    def public(self, url: str) -> str:
        """A local address as the world knows it."""
        if self.public_url is None:
            return url
        return self.public_url.rstrip("/") + urlunsplit(("", "", *urlsplit(url)[2:]))

    def local(self, url: str) -> str:
        """A public address as it can be reached on this machine, without its #fragment."""
        parts = urlsplit(url)
        if self.public_url is not None and self.webhook is not None and url.startswith(self.public_url.rstrip("/")):
            parts = parts._replace(scheme=urlsplit(self.webhook).scheme, netloc=urlsplit(self.webhook).netloc)
        return urlunsplit(parts._replace(fragment=""))

    async def _work(self, line: str) -> None:
        waiting = self._lines[line]
        while waiting:
            await self._deliver(*waiting[0])
            waiting.popleft()
        del self._lines[line]

    async def _deliver(self, url: str, params: Params) -> None:
        retries, policy = _retries(url)
        url = urlunsplit(urlsplit(url)._replace(fragment=""))
        made = signature(self.auth_token, url, params)
        for _ in range(1 + retries):
            status = await self.post(url, params, made)
            if 200 <= status < 300 or not _again(status, policy):
                return


def _retries(url: str) -> tuple[int, set[str]]:
    """How often to try again (rc) and after what (rp), as the address's #fragment says; else once, if unreachable."""
    wishes: dict[str, Any] = parse_qs(urlsplit(url).fragment)
    count = int(wishes.get("rc", [contract.RETRIES])[0])
    return min(count, contract.RETRIES_MOST), set(wishes.get("rp", ["ct"])[0].split(","))


def _again(status: int, policy: set[str]) -> bool:
    reasons = {"all"} | ({"ct", "rt"} if status == 0 else {f"{status // 100}xx"})
    return bool(reasons & policy)
