"""Reads which WhatsApp Content template carries what, from the mechanism's templates.toml.

It asks Twilio nothing: whether a template is approved shows when a letter goes out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast, get_args

from bot.channels.whatsapp.templates import Templates
from bot.mechanism.file import Node, read
from flows.core import Language

FILE = "templates.toml"
_SID = re.compile(r"HX[0-9a-fA-F]{32}")
_PURPOSE = re.compile(r"page|reminder|check_in|lesson|quick_reply_[23]|list_([2-9]|10)")


def read_templates(folder: Path) -> Templates:
    """The templates; none where the file is missing. Raises `MechanismError` with file and line."""
    if not (folder / FILE).exists():
        return Templates()
    listed = read(folder / FILE).only("version", "template").get("template")
    return Templates(dict(_entry(node) for node in listed) if listed else {})


def _entry(node: Node) -> tuple[tuple[str, Language], str]:
    node.only("purpose", "language", "sid")
    purpose, sid = node["purpose"], node["sid"]
    if not _PURPOSE.fullmatch(purpose.text()):
        raise purpose.wrong(
            f"{purpose.value!r} is no purpose.",
            "Use page, reminder, check_in, lesson, quick_reply_2, quick_reply_3 or list_2 to list_10.",
        )
    if not _SID.fullmatch(sid.text()):
        raise sid.wrong("This is not a Content SID.", "Copy it from Twilio: HX and 32 hexadecimal digits.")
    language = node["language"].choice(get_args(Language))
    return (purpose.text(), cast("Language", language)), sid.text()
