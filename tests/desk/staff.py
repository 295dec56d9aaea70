"""Members of staff at the desk, in pure Python: what their browsers do is done here with the same keys and places.

`hired` puts a member straight to work: login, key and a confirmed session are kept through the storage's own doors.
`Browser` walks the long way over HTTP: the link, the welcome, the second factor, the door.
"""

from __future__ import annotations

import base64
import hashlib
import os
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import aiohttp
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from yarl import URL

from bot import chance
from flows.core import Language
from flows.rota import RotaLevel, Shift
from storage import cases, logins, sessions, shifts, staff
from storage.seal import SEED, public_key
from storage.unit import Unit
from storage.vault import Place
from tests.town import Town

AGENT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Sanad-tests"
PASSPHRASE = "قارب وغيمة وثلاث نخلات"


@dataclass(frozen=True, slots=True)
class Derived:
    """What a passphrase becomes: half to sign in with, half that never leaves the browser."""

    login: bytes
    wrapping: bytes


def derive(passphrase: str, salt: bytes) -> Derived:
    """As the browser does: NFKC, Argon2id t=3, 64 MiB, p=1. A third of a second."""
    words = unicodedata.normalize("NFKC", passphrase).encode()
    key = Argon2id(salt=salt, length=64, iterations=3, lanes=1, memory_cost=64 * 1024).derive(words)
    return Derived(key[:32], key[32:])


def wrap(wrapping: bytes, seed: bytes, number: int) -> bytes:
    """A private half as the server keeps it."""
    nonce = os.urandom(12)
    return nonce + AESGCM(wrapping).encrypt(nonce, seed, Place("logins", "wrapped", str(number)).bound())


def unwrap(wrapping: bytes, wrapped: bytes, number: int) -> bytes:
    """The private half again. Raises InvalidTag."""
    return AESGCM(wrapping).decrypt(wrapped[:12], wrapped[12:], Place("logins", "wrapped", str(number)).bound())


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def code_at(secret: bytes, now: datetime) -> str:
    """What her authenticator shows."""
    return TOTP(secret, 6, SHA1(), 30).generate(int(now.timestamp())).decode()


@dataclass(slots=True)
class Client:
    """A browser as the server sees it: an agent, a cookie jar, the page's token; and redirects are not followed."""

    address: str
    agent: str = AGENT
    origin: str | None = ""
    """What it says of where its requests come from; our own address by itself."""
    source: str = ""
    """Another address of this machine to come from, such as 127.0.0.2."""
    http: aiohttp.ClientSession = field(init=False)

    def __post_init__(self) -> None:
        jar = aiohttp.CookieJar(unsafe=True)
        headers = {"User-Agent": self.agent, "Accept": "text/html,application/json"}
        connector = aiohttp.TCPConnector(local_addr=(self.source, 0)) if self.source else None
        self.http = aiohttp.ClientSession(base_url=self.address, cookie_jar=jar, headers=headers, connector=connector)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.close()

    @property
    def cookie(self) -> str:
        """The session's cookie; empty where there is none."""
        found = [one.value for one in self.http.cookie_jar if one.key in {"desk", "__Host-desk"}]
        return found[0] if found else ""

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.http.cookie_jar.update_cookies({"desk": value}, URL(self.address))

    @property
    def token(self) -> str:
        """What every form of this session brings back."""
        return hashlib.sha256(b"sanad form\x00" + self.cookie.encode()).hexdigest()

    async def get(self, path: str, **more: Any) -> Answer:
        """Ask for a page or for JSON."""
        async with self.http.get(path, allow_redirects=False, **more) as answer:
            return Answer(answer.status, await answer.read(), answer.headers)

    async def post(
        self, path: str, data: Any = None, json: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send a form or JSON as a page of ours does, with its origin and its token."""
        said = {} if self.origin is None else {"Origin": self.origin or self.address}
        said |= {"X-Desk-Token": self.token} if self.cookie else {}
        sent = self.http.post(path, data=data, json=json, headers=said | (headers or {}), allow_redirects=False)
        async with sent as answer:
            return Answer(answer.status, await answer.read(), answer.headers)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    body: bytes
    headers: Any

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        import json  # noqa: PLC0415 - named like the method

        return json.loads(self.body)

    @property
    def goes_to(self) -> str:
        """Where it sends the browser."""
        return str(self.headers.get("Location", ""))


@dataclass(slots=True)
class Staffer:
    """A member at work: her number, her private half, her reader, her browser, and her phone if she has one."""

    number: int
    name: str
    seed: bytes
    reader: int
    client: Client
    phone: Any = None
    login: bytes = b""
    wrapping: bytes = b""
    totp: bytes = b""

    @property
    def desk_name(self) -> str:
        """What she signs in with."""
        return f"{self.name}{self.number}"

    async def get(self, path: str, **more: Any) -> Answer:
        return await self.client.get(path, **more)

    async def post(self, path: str, data: Any = None, json: Any = None, **more: Any) -> Answer:
        return await self.client.post(path, data, json, **more)

    async def begins_anew(self, town: Town) -> None:
        """A fresh session, as after signing in again: one that nobody used for 30 minutes is over."""
        token = chance.token()
        await town.working.store.write(begin, self.number, token, town.now())
        self.client.cookie = token

    async def leaves(self) -> None:
        """Close her browser; the session goes on until it ends by itself."""
        await self.client.http.close()


@dataclass(slots=True)
class Desks:
    """Browsers that are closed at the end of a story: `async with Desks(town) as desks: … await desks.hired(…)`."""

    town: Town
    open: list[Staffer] = field(default_factory=list)

    async def hired(self, *args: Any, **kwargs: Any) -> Staffer:
        """As `hired`, and closed with the others."""
        self.open.append(await hired(self.town, *args, **kwargs))
        return self.open[-1]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for staffer in self.open:
            await staffer.leaves()


async def hired(
    town: Town,
    name: str,
    role: str = "focal_point",
    *,
    phone: Any = None,
    on_call: RotaLevel | None = None,
    language: Language = "ar",
    duress: bool = False,
) -> Staffer:
    """A member who is signed in, with a second factor behind her: kept through the storage's own doors, without Argon2.

    `phone` is one of the town's (`town.phone(1)`); her address there is proven. Close her browser with `leaves()`, or
    hire within `Desks`.
    """
    number, reader, seed = chance.number(), chance.number(), os.urandom(SEED)
    token, wrapping, login, totp = chance.token(), os.urandom(32), os.urandom(32), os.urandom(20)
    reaches = _reaches(phone)

    def keep(unit: Unit, now: datetime) -> None:
        staff.add(unit, number, staff.Facts(name, language), role, reaches, now)
        unit.do("UPDATE reaches SET heard_at = 1 WHERE staff_id = :id", {"id": number})
        wrapped, salt = wrap(wrapping, seed, number), os.urandom(16)
        logins.put(unit, number, f"{name}{number}", salt, login_hash(login), wrapped, now)
        logins.put_factor(unit, number, totp, 0, ())
        cases.add_reader(unit, reader, "staff", public_key(seed), now, number)
        begin(unit, number, token, now, duress=duress)
        if on_call is not None:
            starts, ends = datetime(2020, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - wall-clock
            shifts.add(unit, Shift(chance.number(), number, on_call, starts, ends, "Asia/Aden"))

    await town.working.store.write(keep, town.now())
    client = Client(town.settings.address)
    client.cookie = token
    client.http.cookie_jar.update_cookies({"language": language}, URL(client.address))
    return Staffer(number, name, seed, reader, client, phone, login, wrapping, totp)


def login_hash(login: bytes) -> bytes:
    """What the server keeps of a login key."""
    return hashlib.sha256(b"sanad login\x00" + login).digest()


def begin(unit: Unit, number: int, token: str, now: datetime, *, confirmed: bool = True, duress: bool = False) -> None:
    """Keep a session whose cookie is `token`, for the browser that calls itself `AGENT`."""
    agent = hashlib.sha256(AGENT.encode()).digest()
    hashed = hashlib.sha256(token.encode()).digest()
    row = chance.number()
    sessions.begin(unit, row, hashed, number, agent, "Tests", now, confirmed=confirmed, duress=duress)


def _reaches(phone: Any) -> dict[str, str]:
    if phone is None:
        return {}
    if hasattr(phone, "chat_id"):
        return {"telegram": str(phone.chat_id)}
    return {"whatsapp": phone.number}
