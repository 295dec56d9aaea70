"""Decides what Telegram refuses: reads a request by the contract and checks texts, keyboards and commands.

It never keeps anything and never talks to a network.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

from tests.platforms import contract_telegram as contract

BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}
JSON_TYPES: dict[str, type] = {"list": list, "dict": dict}
TAG = re.compile(r"<(/?)([a-zA-Z-]+)[^<>]*>")
TAGS = {
    "a",
    "b",
    "blockquote",
    "code",
    "del",
    "em",
    "i",
    "ins",
    "pre",
    "s",
    "span",
    "strike",
    "strong",
    "tg-spoiler",
    "u",
}


class Refusal(Exception):
    """A request Telegram refuses; `parameters` tell more to the machine (retry_after, migrate_to_chat_id)."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.body["parameters"] = parameters


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as a part of the request."""

    name: str
    data: bytes


def _fields(line: str) -> dict[str, tuple[str, bool]]:
    pairs = (item.split(":") for item in line.split())
    return {name: (kind.rstrip("!"), kind.endswith("!")) for name, kind in pairs}


FIELDS = {method: _fields(line) for method, line in contract.METHODS.items()}


def units(text: str) -> int:
    """How long Telegram finds a text: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def typed(method: str, raw: dict[str, Any]) -> dict[str, Any]:
    """A request's fields with the types of the contract. Stricter than Telegram: a wrong type is always refused."""
    params: dict[str, Any] = {}
    for name, (kind, required) in FIELDS[method].items():
        value = raw.get(name)
        if value is None or (value == "" and required):
            if required:
                raise Refusal(400, contract.MISSING[name])
            continue
        params[name] = _typed(name, kind, value, raw)
    return params


def _typed(name: str, kind: str, value: Any, raw: dict[str, Any]) -> Any:
    match kind:
        case "int" if _is_number(value):
            return int(value)
        case "bool" if isinstance(value, bool) or str(value).lower() in BOOLEANS:
            return BOOLEANS[str(value).lower()]
        case "str" if isinstance(value, str):
            return value
        case "chat" if _is_number(value) or (isinstance(value, str) and value.startswith("@")):
            return int(value) if _is_number(value) else value
        case "list" | "dict":
            return _json(name, kind, value)
        case "file" if isinstance(value, Upload | str):
            return _attached(value, raw)
        case _:
            raise Refusal(400, f'Bad Request: field "{name}" must be of type {kind}')


def _is_number(value: object) -> bool:
    return (
        isinstance(value, int | str) and not isinstance(value, bool) and bool(re.fullmatch(r"-?\d{1,18}", str(value)))
    )


def _json(name: str, kind: str, value: Any) -> Any:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError:
        found = None
    if isinstance(found, JSON_TYPES[kind]):
        return found
    if name == "reply_markup":
        raise Refusal(400, "Bad Request: object expected as reply markup")
    raise Refusal(400, f'Bad Request: can\'t parse "{name}" JSON object')


def _attached(value: Upload | str, raw: dict[str, Any]) -> Upload | str:
    if isinstance(value, str) and value.startswith("attach://"):
        part = raw.get(value.removeprefix("attach://"))
        if not isinstance(part, Upload):
            raise Refusal(400, "Bad Request: file part not found")
        return part
    return value


def text_of(params: dict[str, Any]) -> str:
    """The text of a message as it will be shown, or a refusal when it is empty or too long."""
    text = _formatted(params["text"], params.get("parse_mode")).strip()
    if not text:
        raise Refusal(400, "Bad Request: text must be non-empty")
    if units(text) > contract.TEXT_UNITS:
        raise Refusal(400, "Bad Request: message is too long")
    return text


def caption_of(params: dict[str, Any]) -> str:
    """The words under a photo, voice note or document, or a refusal when they are too long."""
    caption = _formatted(params.get("caption", ""), params.get("parse_mode")).strip()
    if units(caption) > contract.CAPTION_UNITS:
        raise Refusal(400, "Bad Request: message caption is too long")
    return caption


def _formatted(text: str, mode: str | None) -> str:
    """Only plain text and HTML are read here; the Markdown modes, which Sanad does not use, are refused."""
    if not mode:
        return text
    if mode.lower() != "html":
        raise Refusal(400, "Bad Request: unsupported parse_mode")
    opened: list[str] = []
    for closing, tag in TAG.findall(text):
        if tag.lower() not in TAGS:
            raise Refusal(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        if not closing:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            raise Refusal(400, "Bad Request: can't parse entities: Unmatched end tag")
    if opened:
        raise Refusal(
            400, f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\""
        )
    return html.unescape(TAG.sub("", text))


def buttons_of(markup: dict[str, Any] | None) -> list[tuple[str, str]]:
    """The inline buttons of a keyboard as (label, data or address), or a refusal of what Telegram does not take."""
    rows = (markup or {}).get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refusal(400, 'Bad Request: field "inline_keyboard" must be of type Array of Arrays')
    buttons = [_button(button) for row in rows for button in row]
    if len(buttons) > contract.MESSAGES_AT_ONCE:
        raise Refusal(400, "Bad Request: reply markup is too long")
    return buttons


def standing_of(markup: dict[str, Any] | None) -> list[str] | None:
    """The labels of a keyboard under her input line; [] takes it away, None leaves it. A refusal as for the others."""
    markup = markup or {}
    kinds = sorted(markup.keys() & {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"})
    if len(kinds) > 1:
        raise Refusal(400, "Bad Request: object expected as reply markup")
    if markup.get("remove_keyboard") is True:
        return []
    if "keyboard" not in markup:
        return None
    rows = markup["keyboard"]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise Refusal(400, 'Bad Request: field "keyboard" must be of type Array of Arrays')
    if unknown := markup.keys() - contract.STANDING_KEYBOARD:
        raise AssertionError(f"a reply keyboard has no such fields: {sorted(unknown)}")
    labels = [button.get("text") if isinstance(button, dict) else button for row in rows for button in row]
    if not all(isinstance(label, str) and label.strip() for label in labels):
        raise Refusal(400, 'Bad Request: can\'t parse keyboard button: Field "text" must be of type String')
    return [str(label) for label in labels]


def ids_of(params: dict[str, Any]) -> list[int]:
    """The messages that a call is about: 1 to 100 numbers, or a refusal."""
    found = params["message_ids"]
    if not found:
        raise Refusal(400, contract.MISSING["message_ids"])
    if not all(_is_number(one) for one in found):
        raise Refusal(400, 'Bad Request: can\'t parse "message_ids" JSON object')
    if len(found) > contract.MESSAGES_AT_ONCE:
        raise Refusal(400, "Bad Request: too many message identifiers specified")
    return [int(one) for one in found]


def _button(button: Any) -> tuple[str, str]:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
        raise Refusal(400, 'Bad Request: can\'t parse inline keyboard button: Field "text" must be of type String')
    actions = sorted(contract.BUTTON_ACTIONS & button.keys())
    if len(actions) != 1 or not button[actions[0]]:
        raise Refusal(
            400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = str(button[actions[0]])
    if actions == ["callback_data"] and len(data.encode()) > contract.BUTTON_DATA_BYTES:
        raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return button["text"], data


def commands_of(params: dict[str, Any]) -> dict[str, str]:
    """The commands of the menu by name."""
    commands: list[dict[str, Any]] = params["commands"]
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
            raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    if len(commands) > contract.COMMANDS:
        raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    return {command["command"]: command["description"] for command in commands}
