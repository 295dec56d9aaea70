"""Decides what Twilio refuses: reads CreateMessage by the contract, fills templates and signs webhooks.

It never keeps anything and never talks to a network.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.platforms import contract_twilio as contract

Params = dict[str, str]
FORBIDDEN_IN_A_VARIABLE = re.compile(r"[\n\r\t]| {5,}")


class Refusal(Exception):
    """A request Twilio refuses, with its JSON body."""

    def __init__(self, code: int, what: str = "", status: int | None = None) -> None:
        usual, message = contract.REFUSALS.get(code, (400, "Refused"))
        super().__init__(message)
        self.status = status or usual
        self.body = {
            "code": code,
            "message": message.format(what=what),
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Template:
    """A Content template; `opens` says that WhatsApp approved it to open a conversation."""

    body: str
    buttons: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    opens: bool = True

    @property
    def blanks(self) -> set[str]:
        """The names of the blanks in the body."""
        return set(contract.PLACEHOLDER.findall(self.body))

    def filled(self, variables: Params) -> str:
        """The body as the phone shows it."""
        return contract.PLACEHOLDER.sub(lambda match: variables.get(match[1], match[0]), self.body)


def template(body: str, buttons: list[tuple[str, str]], rows: list[tuple[str, str]], *, opens: bool) -> Template:
    """A template, or a ValueError when WhatsApp would not take it. A list cannot open a conversation."""
    if len(buttons) > contract.BUTTONS or len(rows) > contract.ROWS or (buttons and rows):
        raise ValueError("a template has up to 3 buttons or up to 10 rows")
    long_titles = [title for title, _ in buttons if len(title) > contract.BUTTON_TITLE]
    long_titles += [title for title, _ in rows if len(title) > contract.ROW_TITLE]
    if long_titles:
        raise ValueError(f"these titles are too long: {long_titles}")
    if (buttons or rows) and len(body) > contract.QUICK_REPLY_BODY:
        raise ValueError("a body above buttons has at most 1024 characters")
    return Template(body, tuple(buttons), tuple(rows), opens=opens and not rows)


def check_message(params: dict[str, list[str]], templates: dict[str, Template]) -> tuple[Params, Params]:
    """A CreateMessage request's fields and its content variables, or the first thing Twilio would refuse."""
    fields = {name: values[0] for name, values in params.items()}
    _check_addresses(fields)
    for name, kind in contract.CREATE_MESSAGE.items():
        if name in fields and not _fits(fields[name], kind):
            raise Refusal(21655 if name == "ContentSid" else 20001, name)
    if len(fields.get("Body", "")) > contract.BODY_LENGTH:
        raise Refusal(21617)
    if len(params.get("MediaUrl", [])) > contract.MEDIA:
        raise Refusal(21623)
    if "MediaUrl" in fields and not _is_address(fields["MediaUrl"]):
        raise Refusal(21620)
    if "StatusCallback" in fields and not _is_address(fields["StatusCallback"]):
        raise Refusal(21609, fields["StatusCallback"])
    if not any(fields.get(name) for name in ("Body", "MediaUrl", "ContentSid")):
        raise Refusal(21619)
    return fields, _variables(fields, templates)


def _check_addresses(fields: Params) -> None:
    to, sender = fields.get("To", ""), fields.get("From", "")
    if not to:
        raise Refusal(21604)
    if not sender and "MessagingServiceSid" not in fields:
        raise Refusal(21603)
    if not contract.WHATSAPP.fullmatch(to) and not contract.E164.fullmatch(to):
        raise Refusal(21211, to)
    if "MessagingServiceSid" in fields and to.startswith("whatsapp:") and not sender:
        raise Refusal(21211, to)
    if sender and to.startswith("whatsapp:") != sender.startswith("whatsapp:"):
        raise Refusal(21910)


def _fits(value: str, kind: type | re.Pattern[str]) -> bool:
    if isinstance(kind, re.Pattern):
        return bool(kind.fullmatch(value))
    if kind is bool:
        return value.lower() in {"true", "false"}
    return kind is not int or value.isdigit()


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "_" not in (parts.hostname or "")


def _variables(fields: Params, templates: dict[str, Template]) -> Params:
    if "ContentSid" not in fields:
        if "ContentVariables" in fields:
            raise Refusal(21655)
        return {}
    if fields["ContentSid"] not in templates:
        raise Refusal(21655)
    variables = _object(fields.get("ContentVariables", "{}"))
    for value in variables.values():
        if not isinstance(value, str) or not value.strip() or FORBIDDEN_IN_A_VARIABLE.search(value):
            raise Refusal(21656)
        if len(value) > contract.BODY_LENGTH:
            raise Refusal(21658)
    if len(templates[fields["ContentSid"]].filled(variables)) > contract.BODY_LENGTH:
        raise Refusal(21658)
    return variables


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Refusal(21656)
    return found


def signature(token: str, url: str, params: Params) -> str:
    """X-Twilio-Signature: HMAC-SHA1 over the public address and the sorted fields."""
    words = url + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), words.encode(), hashlib.sha1).digest()).decode()
