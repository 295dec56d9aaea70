"""Reads one message of Twilio's webhook for WhatsApp: who said what.

It is pure, raises nothing, and never looks for words such as "stop": that's for the flows, in every language.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.channels.understood import Understood, of
from flows.core import Event, FileKind, Located, Pressed, Said, Unusable
from handlers.channel import Handle, Inbound

PREFIX = "whatsapp:"

_ADDRESS = re.compile(r"whatsapp:(\+[1-9]\d{6,14})")
_MEDIA = re.compile(r"/Messages/((?:MM|SM)[0-9a-fA-F]{32})/Media/(ME[0-9a-fA-F]{32})(?:\.json)?$")
_FILE_NAME = re.compile(r"[^\n\r/\\]{1,200}\.[A-Za-z0-9]{1,8}")
_KINDS: dict[str, FileKind] = {"image": "photo", "audio": "voice", "video": "video"}
_CARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})
# `MessageType` as Twilio says it, for counting what can't be used.
_TYPES = frozenset(
    {"sticker", "contacts", "contact", "reaction", "order", "system", "unsupported", "ephemeral", "poll"}
)


def understand(form: Mapping[str, str]) -> Inbound | None:
    """Who said what; None where it is not from a person on WhatsApp, or has no id."""
    return read(form).inbound


def read(form: Mapping[str, str]) -> Understood:
    """Like `understand`, with the kind for counting."""
    sender = _ADDRESS.fullmatch(form.get("From", ""))
    key = form.get("MessageSid") or form.get("SmsMessageSid") or ""
    if sender is None or not key:
        return Understood("foreign")
    event = _event(form)
    caption = form.get("Body", "") if isinstance(event, Handle) and not event.name else ""
    return of(Inbound("whatsapp", key, sender[1], event, caption=caption))


def _event(form: Mapping[str, str]) -> Event | Handle:
    """What she did. A list row or a button says which by its id; its title is only what she saw."""
    if key := form.get("ListId") or form.get("ButtonPayload"):
        return Pressed(key)
    if form.get("Latitude") and form.get("Longitude"):
        return _located(form["Latitude"], form["Longitude"])
    if url := form.get("MediaUrl0"):
        return _media(url, form.get("MediaContentType0", ""), form.get("Body", ""))
    if words := form.get("Body") or form.get("ButtonText"):
        return Said(words)
    kind = form.get("MessageType", "").lower()
    return Unusable(kind if kind in _TYPES else "unknown")


def _located(latitude: str, longitude: str) -> Event:
    try:
        place = float(latitude), float(longitude)
    except ValueError:
        return Unusable("location")
    # Comparing refuses "nan" as well.
    if abs(place[0]) <= 90 and abs(place[1]) <= 180:  # noqa: PLR2004 - degrees of a globe
        return Located(*place)
    return Unusable("location")


def _media(url: str, content_type: str, body: str) -> Event | Handle:
    mime = content_type.partition(";")[0].strip().lower()
    if mime in _CARDS:
        return Unusable("contact")
    if mime == "image/webp":
        return Unusable("sticker")
    try:
        found = _MEDIA.search(urlsplit(url).path)
    except ValueError:  # no address at all
        return Unusable("media")
    kind = _KINDS.get(mime.partition("/")[0], "document")
    # A document's name comes where other media have the words under them.
    name = body if kind == "document" and _FILE_NAME.fullmatch(body) else ""
    return Handle(kind, url, mime, name, delete=f"{found[1]}/{found[2]}" if found else "")
