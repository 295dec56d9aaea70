"""Twilio as a real HTTP server on this machine: WhatsApp messages by REST, its webhooks, and persons with phones.

It never patches the project's code; point the project at `tw.url` (TWILIO_API_URL), the sid, the token and the sender.

    async with Twilio(account_sid="AC…", auth_token="…") as tw:
        tw.webhook = "http://127.0.0.1:8000/whatsapp"        # where messages are posted (#rc=2&rp=all is honoured)
        tw.public_url = "https://sanad.example"              # signatures are made over it; posts to it arrive locally
        amal = tw.person("+967770000001", "Amal")
        await amal.says("١")                                 # opens the 24-hour window
        await amal.sees("safe place")
        await tw.settles()                                   # every webhook and status callback was posted

Templates: `tw.template("HX…", body="… {{1}}", buttons=[("title", "id")])` or `rows=[…]`; `opens=False` for one that is
not approved to open a conversation (a list never is). `await amal.presses("title")` answers them.
Time: `tw.passes(seconds)`; outside 24 h since she last wrote, free words fail later with 63016.
Trouble at once: `tw.fails(status=500)`, `(code=20429)`, `(status=500, created=True)` (done, but answered by an error),
`tw.hangs_after_accepting(times=1)` or `(closes=True)`, `tw.recovers()`, `amal.opts_out()` (21610),
`amal.is_mobile = False` (21614).
Trouble later: `tw.fails_later(63018, to="+967…")`, `amal.on_whatsapp = False` (63024).
Callbacks: `tw.statuses` ("sent", "delivered", "read"), `tw.withholds_callbacks()`, `tw.releases_callbacks()`,
`tw.reorders_callbacks()`, `tw.repeats_deliveries = 2`, `tw.extra_params = {…}` (fields nobody announced).
Media: MediaUrl0 wants Basic auth and redirects to another host, where no credentials may come:
`tw.leaked_credentials` counts them. `tw.kept_words()` and `tw.media` are what Twilio still holds.
`tw.calls` logs (method, params, at, status) under CreateMessage, ListMessages, FetchMessage, UpdateMessage,
DeleteMessage, ListMedia, FetchMedia, DeleteMedia, CreateCall, ListCalls; `tw.voice_calls` what was to be rung;
`tw.deliveries` every request to the project with the status of its answer. Not there: SMS, replies to a message in
TwiML, fetching a MediaUrl.
Calls: `line = tw.telephone("+967…")`, `call = await line.rings()`, `await call.is_answered()`,
`await call.types("2741#")`, `await call.keeps_silent()`, `call.hangs_up()`, `is_not_answered()`, `is_busy()`;
`call.heard` is what was said.
"""

from __future__ import annotations

from tests.platforms import contract_twilio as contract
from tests.platforms.failures import Failure
from tests.platforms.phones import Clock
from tests.platforms.twilio_checks import template
from tests.platforms.twilio_person import Person
from tests.platforms.twilio_rest import Rest

CODES = {429: 20429, 500: 20500, 503: 20503}


class Twilio(Rest):
    """The platform for one account with one WhatsApp sender. Seconds: `answer_within` for the project's answers."""

    def __init__(
        self,
        account_sid: str = "AC" + "a" * 32,
        auth_token: str = "f" * 32,
        sender: str = "whatsapp:+14155238886",
        *,
        clock: Clock | None = None,
        answer_within: float = contract.ANSWER_WITHIN,
        port: int = 0,
    ) -> None:
        super().__init__(
            account_sid=account_sid,
            auth_token=auth_token,
            sender=sender,
            clock=clock,
            answer_within=answer_within,
            port=port,
        )

    def person(self, number: str, name: str = "Amal") -> Person:
        """Someone with WhatsApp on this number (+E164)."""
        person = Person(self, number, name)
        self.persons[person.address] = person
        return person

    def template(
        self,
        sid: str,
        body: str,
        buttons: list[tuple[str, str]] | None = None,
        rows: list[tuple[str, str]] | None = None,
        *,
        opens: bool = True,
    ) -> None:
        """Register a Content template with up to 3 buttons or 10 rows of (title, id)."""
        if not contract.CONTENT.fullmatch(sid):
            raise ValueError("a ContentSid is HX and 32 hexadecimal digits")
        self.templates[sid] = template(body, buttons or [], rows or [], opens=opens)

    def fails(
        self,
        *,
        status: int = 500,
        code: int | None = None,
        created: bool = False,
        times: int | None = 1,
        method: str = "CreateMessage",
        to: str | None = None,
        hangs: bool = False,
        closes: bool = False,
    ) -> None:
        """Let the next requests end in an error; with `created` the message exists (and goes out) all the same."""
        if code is not None:
            status = contract.REFUSALS.get(code, (status, ""))[0]
        where = None if to is None else f"whatsapp:{to}"
        code = code or CODES.get(status, 20001)
        self._failures.add(
            Failure(method, where, status, times, carried_out=created, hangs=hangs, closes=closes, code=code)
        )

    def hangs_after_accepting(self, times: int | None = 1, *, closes: bool = False) -> None:
        """Create the next messages, but never answer (or cut the line)."""
        self.fails(created=True, times=times, hangs=not closes, closes=closes)

    def recovers(self) -> None:
        """End all failures asked for."""
        self._failures.clear()
        self._later.clear()

    def kept_words(self) -> list[str]:
        """All texts that Twilio still holds."""
        return [record.body for record in self.records.values() if record.body]


__all__ = ["Person", "Twilio"]
