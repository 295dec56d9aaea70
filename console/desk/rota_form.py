"""Reads the rota's forms. It never acts, and what it can't read it says in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request

from handlers import rota
from handlers.rota import MOST_WEEKS, Wanted
from handlers.rota_asks import Asking
from messages import Text, t

YEARS = range(2001, 2100)
_LONGEST = 19
"""Digits of the largest number of a row."""


class Wrong(Exception):
    """A form that can't be read. `why` says what to write instead."""

    def __init__(self, why: Text) -> None:
        super().__init__("a form can't be read")
        self.why = why


async def read(request: Request) -> dict[str, str]:
    """A form's words, each name once; files are nothing here."""
    return {name: words for name, words in (await request.form()).items() if isinstance(words, str)}


def is_sure(form: Mapping[str, str]) -> bool:
    """Whether she was told what stands against it, and says so again."""
    return form.get("sure") == "yes"


def number(form: Mapping[str, str], name: str) -> int:
    """A row's number, positive and of 62 bits. Raises `Wrong`."""
    words = form.get(name, "")
    if not (words.isascii() and words.isdigit() and len(words) <= _LONGEST and 0 < int(words) < 1 << 63):
        raise Wrong(rota.gone().why)
    return int(words)


def wanted(form: Mapping[str, str], me: int, zone: str) -> Wanted:
    """The shift that she wants. Raises `Wrong`."""
    level = form.get("level", "")
    weeks, instead = form.get("weeks", "").strip() or "0", form.get("instead", "")
    if level not in rota.LEVELS:
        raise Wrong(t("Choose whether it is first or substitute."))
    if not (weeks.isascii() and weeks.isdigit() and len(weeks) < 4 and int(weeks) <= MOST_WEEKS):  # noqa: PLR2004
        raise Wrong(t("A shift repeats for {most} weeks at most.", most=MOST_WEEKS))
    if instead not in {"", "everybody"}:
        number(form, "instead")
    who = number(form, "who") if form.get("who") else me
    starts, ends = _moment(form, "starts"), _moment(form, "ends")
    return Wanted(who, starts, ends, _zone(form, zone), level, int(weeks), instead)


def asking(form: Mapping[str, str], zone: ZoneInfo) -> Asking:
    """Whom she asks: `with` is a colleague's number, or with a stroke behind it a shift of hers, taken in return."""
    to, _, back = form.get("with", "").partition("/")
    numbers = number({"with": to}, "with"), number({"back": back}, "back") if back else None
    starts, ends = (_moment(form, name).replace(tzinfo=zone) if form.get(name) else None for name in ("starts", "ends"))
    return Asking(number(form, "shift"), numbers[0], starts, ends, numbers[1])


def _moment(form: Mapping[str, str], name: str) -> datetime:
    """A wall-clock time as a browser writes it. Raises `Wrong`."""
    try:
        at = datetime.fromisoformat(form.get(name, ""))
    except ValueError:
        at = datetime.min  # noqa: DTZ901 - refused below
    if at.tzinfo is not None or at.year not in YEARS:
        raise Wrong(t("Choose a day and an hour for the beginning and for the end."))
    return at.replace(second=0, microsecond=0)


def _zone(form: Mapping[str, str], otherwise: str) -> str:
    name = form.get("zone", "").strip() or otherwise
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(t("There is no such time zone. Choose one of the list, such as Asia/Aden.")) from None
