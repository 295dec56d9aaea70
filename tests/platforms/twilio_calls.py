"""Telephones that Twilio rings: a call asks the project what to say by TwiML, and a person answers, types or doesn't.

It never knows what the project keeps: all it says came as TwiML over HTTP, all keys are brought back to its webhooks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from tests.platforms.phones import Bell
from tests.platforms.twilio_checks import Params, Refusal, signature
from tests.platforms.twilio_outgoing import Outgoing
from tests.platforms.twilio_records import VERSION, rfc2822

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

VOICES = {"Polly.Zeina": "arb", "Polly.Amy": "en-GB"}
"""The voices that this emulator has, with the one language that each speaks: another is error 13520."""
CALL_STATUSES = ("queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled")
_EVENTS = {"initiated", "ringing", "answered", "completed"}


@dataclass(slots=True)
class Gathering:
    """What a call waits for: up to so many keys, to be brought to an address."""

    action: str
    keys: int
    ends_on: str


@dataclass(slots=True, eq=False)
class PhoneCall:
    """One call. Whoever holds the telephone does what the methods say; `heard` is every sentence with its language."""

    platform: Calls
    sid: str
    fields: Params
    events: list[str]
    created: float
    status: str = "queued"
    heard: list[tuple[str, str]] = field(default_factory=list)
    twiml: list[str] = field(default_factory=list)
    gathering: Gathering | None = None
    _rest: list[Element] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Nobody is on the line."""
        return self.status in {"completed", "busy", "failed", "no-answer", "canceled"}

    async def is_answered(self, by: str = "") -> None:
        """Somebody picks up; `by` is what Twilio believes it is, where it was asked (human, machine_start, fax)."""
        assert self.status == "ringing", self.status
        self.status = "in-progress"
        self._tells("answered", "in-progress")
        await self._asks(self.fields["Url"], {"AnsweredBy": by} if by else {})

    async def types(self, keys: str) -> None:
        """She presses keys, one after the other; what is pressed while nothing is asked is lost."""
        assert self.gathering is not None, f"nothing is asked: {self.heard}"
        asked, typed = self.gathering, ""
        for key in keys:
            if asked.ends_on and key == asked.ends_on:
                break
            typed += key
            if len(typed) == asked.keys:
                break
        await self._asks(asked.action, {"Digits": typed})

    async def keeps_silent(self) -> None:
        """Nobody presses anything until Twilio hangs up."""
        while not self.is_over:
            self.gathering = None
            self._goes_on()

    def hangs_up(self) -> None:
        """Whoever answered puts the phone down."""
        self._ends("completed")

    def is_not_answered(self) -> None:
        """It rings until nobody is waited for any longer."""
        self._ends("no-answer")

    def is_busy(self) -> None:
        """The line is busy."""
        self._ends("busy")

    def fails(self) -> None:
        """There is no such line."""
        self._ends("failed")

    def begins(self) -> None:
        """Twilio dials."""
        self._tells("initiated", "initiated")
        self.status = "ringing"
        self._tells("ringing", "ringing")

    def view(self, account: str) -> dict[str, Any]:
        """The call as JSON."""
        return {
            "sid": self.sid,
            "account_sid": account,
            "to": self.fields["To"],
            "from": self.fields.get("From"),
            "status": self.status,
            "direction": "outbound-api",
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.created),
            "start_time": None if self.status in {"queued", "ringing"} else rfc2822(self.created),
            "uri": f"/{VERSION}/Accounts/{account}/Calls/{self.sid}.json",
        }

    def _params(self) -> Params:
        return {
            "CallSid": self.sid,
            "AccountSid": self.platform.account_sid,
            "From": self.fields.get("From", ""),
            "To": self.fields["To"],
            "Called": self.fields["To"],
            "Caller": self.fields.get("From", ""),
            "Direction": "outbound-api",
            "CallStatus": self.status,
            "ApiVersion": VERSION,
        }

    async def _asks(self, url: str, more: Params) -> None:
        """Ask the project what to say now, and begin to say it."""
        params = self._params() | more
        post = await self.platform.posted(url, params, signature(self.platform.auth_token, url, params))
        if post.status != 200:
            self.heard.append(("An application error has occurred.", "en-US"))
            self._ends("completed")
            return
        self.twiml.append(post.body)
        self._rest, self.gathering = list(ET.fromstring(post.body)), None
        self._goes_on()

    def _goes_on(self) -> None:
        """Say what is to be said, until keys are waited for or the call is over."""
        while self.gathering is None and not self.is_over:
            if not self._rest:
                self._ends("completed")
                return
            self._does(self._rest.pop(0))

    def _does(self, verb: Element) -> None:
        match verb.tag:
            case "Say":
                self._says(verb)
            case "Gather":
                for said in verb:
                    self._says(said)
                keys = int(verb.get("numDigits", "0")) or 10**6
                self.gathering = Gathering(verb.get("action", ""), keys, verb.get("finishOnKey", "#"))
            case "Hangup":
                self._ends("completed")
            case other:
                raise AssertionError(f"TwiML with <{other}>")

    def _says(self, verb: Element) -> None:
        language = verb.get("language", "en-US")
        assert VOICES.get(verb.get("voice", "")) == language, "13520: this voice doesn't speak this language"
        self.heard.append((verb.text or "", language))

    def _ends(self, status: str) -> None:
        assert not self.is_over, f"it was over: {self.status}"
        self.status, self.gathering = status, None
        self._tells("completed", status)
        self.platform.line_rang.ring()

    def _tells(self, event: str, status: str) -> None:
        url = self.fields.get("StatusCallback")
        if url is not None and event in self.events and not self.platform.withholds_calls:
            self.platform.posts(self.sid, url, self._params() | {"CallStatus": status, "CallbackSource": event})


@dataclass(slots=True, eq=False)
class Telephone:
    """A line with somebody behind it; its calls wait until they are answered or not."""

    platform: Calls
    number: str
    calls: list[PhoneCall] = field(default_factory=list)
    _seen: int = 0

    async def rings(self, within: float = 10.0) -> PhoneCall:
        """The next call that nobody has looked at. AssertionError where none comes within so many seconds."""
        call = await self.platform.line_rang.until(
            lambda: self.calls[self._seen] if len(self.calls) > self._seen else None, within
        )
        assert call is not None, f"{self.number} was not rung within {within:g} s"
        self._seen += 1
        return call

    def expects_no_call(self) -> None:
        """Fail where it was rung and nobody looked."""
        assert len(self.calls) == self._seen, f"{self.number} was rung, and nobody expected it"


class Calls(Outgoing):
    """Calls from the project to telephones."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.line_rang = Bell()
        self.lines: dict[str, Telephone] = {}
        self.phone_calls: list[PhoneCall] = []
        self.withholds_calls = False
        """Whether status callbacks of calls are lost."""

    def telephone(self, number: str) -> Telephone:
        """The line with this number (+E164)."""
        return self.lines.setdefault(number, Telephone(self, number))

    def rings(self, params: dict[str, list[str]]) -> PhoneCall:
        """CreateCall: check it, and let it ring where there is a line; elsewhere the call fails."""
        events = params.get("StatusCallbackEvent", ["completed"])
        if set(events) - _EVENTS:
            raise Refusal(20001, "StatusCallbackEvent")
        fields = {name: values[0] for name, values in params.items()}
        call = PhoneCall(self, self.new_sid("CA"), fields, events, self.clock.now())
        self.phone_calls.append(call)
        if "Url" in fields:
            call.begins()
            self._reaches(call)
        return call

    def _reaches(self, call: PhoneCall) -> None:
        line = self.lines.get(call.fields["To"])
        if line is None:
            call.fails()
            return
        line.calls.append(call)
        self.line_rang.ring()

    def listed(self, query: dict[str, str]) -> list[PhoneCall]:
        """The calls that a listing shows, newest first."""
        return [
            call
            for call in reversed(self.phone_calls)
            if query.get("To", call.fields["To"]) == call.fields["To"]
            and query.get("From", call.fields.get("From")) == call.fields.get("From")
        ]
