"""A newcomer with a browser, the long way over HTTP: her link, the welcome, the second factor, the door.

Her passphrase becomes keys as in a browser; Argon2id takes a third of a second each time.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from bot import chance
from handlers import members
from storage import staff
from storage.seal import SEED, public_key
from storage.unit import Unit
from tests.desk.staff import AGENT, PASSPHRASE, Answer, Client, code_at, derive, wrap
from tests.town import Town


async def invites(town: Town, name: str, role: str = "focal_point", **reaches: str) -> tuple[int, str]:
    """Add a member and make her a link, as `sanad staff add` does. Her number, and the link's token."""
    number, token, now = chance.number(), chance.token(), town.now()

    def add(unit: Unit) -> None:
        staff.add(unit, number, staff.Facts(name, "ar"), role, reaches, now)
        staff.invite(unit, members.link_hash(token), number, now + timedelta(hours=24))

    await town.working.store.write(add)
    return number, token


async def arrives(town: Town, name: str, role: str = "focal_point", desk_name: str = "", **reaches: str) -> Newcomer:
    """A member who has come all the way in: welcomed, with a second factor, signed in. Use it as `async with`."""
    newcomer = Newcomer(town, *await invites(town, name, role, **reaches))
    answer = await newcomer.is_welcomed(desk_name or f"desk{newcomer.number % 10**9}")
    assert answer.status == 200, answer.text
    await newcomer.reads_secret(await newcomer.client.get("/desk/account/second"))
    shown = await newcomer.shows_that_it_works()
    assert newcomer.codes, shown.text
    return newcomer


@dataclass(slots=True)
class Newcomer:
    """Whoever holds a link, and what she has so far."""

    town: Town
    number: int
    token: str
    source: str = ""
    """Another address of this machine to come from, such as 127.0.0.2."""
    desk_name: str = "Huda7"
    seed: bytes = field(default_factory=lambda: os.urandom(SEED))
    decoy: bytes = field(default_factory=lambda: os.urandom(SEED))
    totp: bytes = b""
    offer: str = ""
    codes: list[str] = field(default_factory=list)
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(self.town.settings.address, AGENT, source=self.source)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.http.close()

    @property
    def path(self) -> str:
        return f"/desk/welcome/{self.token}"

    @staticmethod
    def b64(data: bytes) -> str:
        return base64.b64encode(data).decode()

    @staticmethod
    def b(words: str) -> bytes:
        return base64.b64decode(words, validate=True)

    def made(self, name: str, passphrase: str = PASSPHRASE) -> dict[str, Any]:
        """What her browser sends at the welcome."""
        salt = os.urandom(16)
        derived = derive(passphrase, salt)
        wrapped = wrap(derived.wrapping, self.seed, self.number)
        sent = {"salt": salt, "login": derived.login, "public": public_key(self.seed), "wrapped": wrapped}
        return {"name": name} | {key: self.b64(value) for key, value in sent.items()}

    async def is_welcomed(self, name: str = "Huda7", passphrase: str = PASSPHRASE) -> Answer:
        """She opens her link and chooses."""
        await self.client.get(self.path)
        self.desk_name = name
        return await self.client.post(self.path, json=self.made(name, passphrase))

    async def reads_secret(self, page: Answer) -> None:
        """Her authenticator takes up the secret of a page."""
        secret, offer = (
            re.search(r'id="secret">([A-Z2-7 ]+)<', page.text),
            re.search(r'"offer" value="(.+?)"', page.text),
        )
        assert secret, page.text
        assert offer, page.text
        self.totp, self.offer = base64.b32decode(secret[1].replace(" ", "")), offer[1]

    async def shows_that_it_works(self, present: str = "") -> Answer:
        """She gives the first code, and gets her recovery codes."""
        form = {"offer": self.offer, "code": self.shown(), "present": present}
        page = await self.client.post("/desk/account/second", form)
        self.codes = re.findall(r'<li class="code">([2-9A-Z-]{14})</li>', page.text) or self.codes
        return page

    def shown(self) -> str:
        """What her authenticator shows now."""
        return code_at(self.totp, self.town.now())

    async def gives_passphrase(self, passphrase: str, name: str = "") -> Answer:
        """The first step at the door."""
        name = name or self.desk_name
        salt = self.b((await self.client.post("/desk/enter/salt", json={"name": name})).json()["salt"])
        login = self.b64(derive(passphrase, salt).login)
        return await self.client.post("/desk/enter", json={"name": name, "login": login})

    async def gives_login(self, login: bytes, name: str = "") -> Answer:
        """The first step, with a login key as it is: guesses need no Argon2id."""
        return await self.client.post("/desk/enter", json={"name": name or self.desk_name, "login": self.b64(login)})

    async def gives_code(self, code: str = "") -> Answer:
        """The second step."""
        return await self.client.post("/desk/second", {"code": code or self.shown()})

    async def signs_in(self, passphrase: str) -> Answer:
        """Both steps."""
        first = await self.gives_passphrase(passphrase)
        return await self.gives_code() if first.status == 200 else first

    async def leaves_the_desk(self) -> Answer:
        return await self.client.post("/desk/leave", {})

    async def changes_passphrase(self, old: str, new: str) -> Answer:
        """In her account."""
        found = (await self.client.get("/desk/unlock")).json()
        salt = os.urandom(16)
        derived = derive(new, salt)
        sent = {
            "login": derive(old, self.b(found["salt"])).login,
            "newSalt": salt,
            "newLogin": derived.login,
            "newWrapped": wrap(derived.wrapping, self.seed, self.number),
        }
        return await self.client.post(
            "/desk/account/passphrase", json={key: self.b64(one) for key, one in sent.items()}
        )

    async def sets_duress(self, passphrase: str, duress: str) -> Answer:
        """In her account."""
        salt = self.b((await self.client.get("/desk/unlock")).json()["salt"])
        under = derive(duress, salt)
        sent = {
            "login": derive(passphrase, salt).login,
            "duressLogin": under.login,
            "decoy": wrap(under.wrapping, self.decoy, self.number),
        }
        return await self.client.post("/desk/account/duress", json={key: self.b64(one) for key, one in sent.items()})
