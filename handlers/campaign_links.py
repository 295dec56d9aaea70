"""Finds addresses, handles and mailboxes in a text, and says what is wrong with an address.

It never opens one: what it allows is a plain https page with a short path.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import SplitResult, unquote, urlsplit

Wrong = Literal["scheme", "host", "parts", "token", "long"]
_ENDS: Final = ".,;:!?)]}»”\"'،؛؟…"
_WITH_SCHEME = re.compile(
    r"(?i)(?<!\w)[a-z][a-z0-9+.-]{0,20}:(?://|(?<=tel:|sms:|geo:)|(?<=mailto:))\S+|(?<![\w/])//\S+"
)
_BARE = re.compile(
    r"(?i)(?<![\w@./:-])(?:[\w-]{1,63}\.){1,6}(?:xn--[a-z0-9-]+|[^\W\d_]{2,24})(?::\d+)?(?:[/?#]\S*)?(?![\w@])"
)
_HANDLE = re.compile(r"[\w.+-]{0,64}@\s?\w[\w.-]+")
_HIDING: Final = frozenset(
    """
    wa.me t.me telegram.me telegram.dog telesco.pe chat.whatsapp.com api.whatsapp.com whatsapp.com signal.me
    signal.group m.me fb.me ig.me bit.ly tinyurl.com goo.gl t.co is.gd v.gd ow.ly buff.ly rebrand.ly cutt.ly
    shorturl.at rb.gy s.id lnkd.in tiny.cc bl.ink t.ly soo.gd adf.ly trib.al linktr.ee qr.ae dlvr.it
    shorte.st forms.gle tiny.one urlz.fr x.gd
    """.split()  # noqa: SIM905 - as above: words
)
"""Hosts that open a chat or hide where they lead; what lies below them too."""
_LONGEST = 80
_PATH = 60
_PARTS = 5
_TOKEN = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{16,}|[0-9a-fA-F-]{16,}|\d{7,}|[A-Za-z0-9_]{25,}")


def handles(words: str) -> Iterator[str]:
    """Names behind an @, and mailboxes."""
    plain = _ADDRESSES.sub(" ", _plain(words))
    yield from (found[0].strip() for found in _HANDLE.finditer(plain))


def faulty_links(words: str) -> Iterator[tuple[str, Wrong]]:
    """Every address that may not go out, with what is wrong."""
    plain = _plain(words)
    for found in _WITH_SCHEME.finditer(plain):
        address = found[0].rstrip(_ENDS)
        if wrong := _wrong(address):
            yield address, wrong
    rest = _WITH_SCHEME.sub(" ", plain)
    for found in _BARE.finditer(rest):
        address = found[0].rstrip(_ENDS)
        if wrong := _wrong_bare(address):
            yield address, wrong


_ADDRESSES = re.compile(r"(?i)https?://\S+")


def _plain(words: str) -> str:
    """Full-width letters and invisible marks hide nothing."""
    shown = "".join(char for char in words if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", shown) if len(shown) < 20_000 else shown  # noqa: PLR2004 - as `normalise` warns


def _wrong(address: str) -> Wrong | None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "host"
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https":
        return "scheme"
    if parts.username is not None or port is not None or not _is_plain(host):
        return "host"
    if parts.query or parts.fragment or "?" in address or "#" in address:
        return "parts"
    return _path(parts, address)


def _path(parts: SplitResult, address: str) -> Wrong | None:
    segments = [unquote(part) for part in parts.path.split("/") if part]
    if any(_TOKEN.fullmatch(part) for part in segments):
        return "token"
    if len(address) > _LONGEST or len(parts.path) > _PATH or len(segments) > _PARTS:
        return "long"
    return None


def _is_plain(host: str) -> bool:
    """A name in plain letters that leads where it says."""
    if "." not in host or not host.isascii() or "xn--" in host or _is_hiding(host):
        return False
    try:
        ip_address(host)
    except ValueError:
        return re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", host) is not None
    return False


def _wrong_bare(address: str) -> Wrong | None:
    """The name of a site, alone, may stand there: it leads to its front page. More than that is written out."""
    host, more = re.fullmatch(r"([^/?#:]*)(.*)", address.lower(), re.DOTALL).groups()  # type: ignore[union-attr]
    if _is_hiding(host):
        return "host"
    return "scheme" if more else None


def _is_hiding(host: str) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in _HIDING)
