"""What becomes of a message that Twilio accepted: shown on a phone or failed, and told by status callbacks.

It never refuses anything; what is refused at once is twilio_checks' part.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

from tests.platforms import contract_twilio as contract
from tests.platforms.phones import Clock, Message
from tests.platforms.twilio_checks import Params, Refusal, Template, check_message
from tests.platforms.twilio_person import Person
from tests.platforms.twilio_records import VERSION, Media, Record
from tests.platforms.twilio_webhooks import Webhooks


@dataclass(slots=True)
class LaterFailure:
    """A failure told by status callback, still to come `times` times."""

    code: int
    to: str | None
    times: int


class Outgoing(Webhooks):
    """Messages from the project to phones. `statuses` is what each delivered message goes through."""

    def __init__(
        self,
        *,
        clock: Clock | None,
        port: int,
        account_sid: str,
        auth_token: str,
        sender: str,
        answer_within: float,
    ) -> None:
        super().__init__(clock, port, auth_token, answer_within)
        self.account_sid = account_sid
        self.sender = sender
        self.statuses: tuple[str, ...] = ("sent", "delivered", "read")
        self.persons: dict[str, Person] = {}
        self.records: dict[str, Record] = {}
        self.media: dict[str, Media] = {}
        self.templates: dict[str, Template] = {}
        self.withheld: list[tuple[Record, str]] = []
        self._later: list[LaterFailure] = []
        self._withholds: set[str] = set()
        self._backwards = False
        self._sids = 0

    def new_sid(self, prefix: str) -> str:
        """A fresh identifier."""
        self._sids += 1
        return f"{prefix}{self._sids:032x}"

    def fails_later(self, code: int, *, to: str | None = None, times: int = 1) -> None:
        """Accept the next messages (to a number, or any) and tell by status callback that they failed."""
        self._later.append(LaterFailure(code, to and f"whatsapp:{to}", times))

    def withholds_callbacks(self, *statuses: str) -> None:
        """Keep status callbacks back (these statuses, or all) until `releases_callbacks()`."""
        self._withholds = set(statuses or contract.STATUSES)

    def releases_callbacks(self, *, newest_first: bool = False) -> int:
        """Post what was withheld, and withhold no more; how many there were."""
        held, self.withheld, self._withholds = self.withheld, [], set()
        for record, status in reversed(held) if newest_first else held:
            self._calls_back(record, status)
        return len(held)

    def reorders_callbacks(self) -> None:
        """Post each message's callbacks in the wrong order from now on."""
        self._backwards = True

    def creates(self, params: dict[str, list[str]]) -> Record:
        """CreateMessage: check it, keep it, show it and tell its statuses."""
        fields, variables = check_message(params, self.templates)
        if fields.get("From", self.sender) != self.sender:
            raise Refusal(63007)
        person = self.persons.get(fields["To"])
        if person is not None and person.opted_out:
            raise Refusal(21610)
        if person is not None and not person.is_mobile:
            raise Refusal(21614)
        template = self.templates.get(fields.get("ContentSid", ""))
        body = template.filled(variables) if template else fields.get("Body", "")
        status = "accepted" if "MessagingServiceSid" in fields else "queued"
        record = Record(
            sid=self.new_sid("MM" if "MediaUrl" in fields else "SM"),
            sender=self.sender,
            to=fields["To"],
            body=body,
            status=status,
            direction="outbound-api",
            created=self.clock.now(),
            callback=fields.get("StatusCallback"),
            media=int("MediaUrl" in fields),
            service=fields.get("MessagingServiceSid"),
            request=fields,
        )
        self.records[record.sid] = record
        self.spawn(self._goes_on(record, person, template, variables))
        return record

    async def _goes_on(
        self, record: Record, person: Person | None, template: Template | None, variables: Params
    ) -> None:
        code = self._trouble(record, person, template, variables)
        if code is None and record.media:
            code = await self._fetches(record)
        if code is None and person is not None:
            person.arrives(_shown(record, template))
        record.error_code = code
        statuses = self.statuses if code is None else (contract.LATER.get(code, "failed"),)
        record.status = statuses[-1] if statuses else record.status
        for status in reversed(statuses) if self._backwards else statuses:
            if status in self._withholds:
                self.withheld.append((record, status))
            else:
                self._calls_back(record, status)

    async def _fetches(self, record: Record) -> int | None:
        """Twilio fetches what goes with a message from its address, as anybody could; 63019 where it can't."""
        try:
            async with self.session.get(record.request["MediaUrl"]) as answer:
                data = await answer.read()
                if answer.status != HTTPStatus.OK or not data:
                    return 63019
                record.attached = Media(self.new_sid("ME"), record.sid, data, answer.content_type, self.clock.now())
        except aiohttp.ClientError:
            return 63019
        return 63034 if len(record.attached.data) > contract.MEDIA_BYTES else None

    def _trouble(
        self, record: Record, person: Person | None, template: Template | None, variables: Params
    ) -> int | None:
        failure = next((one for one in self._later if one.to in {None, record.to}), None)
        if failure is not None:
            failure.times -= 1
            if failure.times == 0:
                self._later.remove(failure)
            return failure.code
        if person is None or not person.on_whatsapp:
            return 63024
        open_until = contract.WINDOW + (person.last_wrote if person.last_wrote is not None else float("-inf"))
        if self.clock.now() >= open_until and not (template and template.opens):
            return 63016
        return 63028 if template and template.blanks - variables.keys() else None

    def _calls_back(self, record: Record, status: str) -> None:
        if record.callback is None:
            return
        number = record.to.removeprefix("whatsapp:")
        params: Params = {
            "ChannelPrefix": "whatsapp",
            "ChannelToAddress": f"{number[:-4]}XXXX",
            "ChannelInstallSid": f"XE{1:032x}",
            "MessageSid": record.sid,
            "SmsSid": record.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "StructuredMessage": str("ContentSid" in record.request).lower(),
            "To": record.to,
            "From": record.sender,
            "AccountSid": self.account_sid,
            "ApiVersion": VERSION,
        }
        if status in {"delivered", "read", "undelivered"}:
            params["EventType"] = status.upper()
        if status in {"failed", "undelivered"}:
            params["ErrorCode"] = str(record.error_code)
        self.posts(record.sid, record.callback, params)


def _shown(record: Record, template: Template | None) -> Message[str]:
    message = Message(record.sid, record.body, at=record.created, raw=dict(record.request))
    if record.attached is not None:
        message.kind = record.attached.content_type.partition("/")[0]
    if template is not None:
        message.buttons = [*template.buttons, *template.rows]
        message.kind = "list" if template.rows else "template" if template.opens else "quick reply"
    return message
