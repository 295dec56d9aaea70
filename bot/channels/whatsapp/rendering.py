"""Turns a letter into what Twilio is to send: words with numbered choices, or a template. It never sends."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.text import split
from bot.channels.whatsapp.templates import Templates
from handlers.channel import Button, Outgoing
from messages import t
from messages.catalog import render

BODY_UNITS = 1600
"""UTF-16 units of the longest message."""
WINDOW = timedelta(hours=24) - timedelta(minutes=5)
"""How long after her last message we may write freely. Meta counts 24 hours; the rest is for clocks and queues."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message: either words (`body`) or a template (`sid`, `variables`)."""

    body: str = ""
    sid: str = ""
    variables: str = ""
    blanks: tuple[str, ...] = ()

    def is_seen_in(self, body: str) -> bool:
        """Whether a message that Twilio lists with this body is this part. A template's words are only in part ours."""
        seen = _plain(body)
        if self.sid:
            return all(_plain(blank) in seen for blank in self.blanks)
        return _plain(self.body) == seen


def parts(letter: Outgoing, templates: Templates, now: datetime) -> tuple[Part, ...]:
    """The messages that carry the letter, in order; none where it has to wait until she writes."""
    if letter.heard_at is None or now - letter.heard_at >= WINDOW:
        found = templates.for_purpose(letter)
        return (Part(sid=found[0], variables=found[1], blanks=letter.blanks),) if found else ()
    if found := templates.for_choices(letter):
        return (Part(sid=found[0], variables=found[1], blanks=(letter.text,)),)
    return tuple(Part(body) for body in split(numbered(letter), BODY_UNITS))


HOW = t("Write the number.")
"""Under the choices: nothing else on the screen says how to answer them."""


def numbered(letter: Outgoing) -> str:
    """The letter's words, and under them its choices by number, each on its own line."""
    if not letter.buttons:
        return letter.text
    lines = [_line(number, button) for number, button in enumerate(letter.buttons, 1)]
    hide = [f"0. {letter.hide}"] if letter.hide else []
    return "\n".join([letter.text, "", *lines, *hide, render(HOW, letter.language)])


def _line(number: int, button: Button) -> str:
    return f"{number}. {button.label}: {button.hint}" if button.hint else f"{number}. {button.label}"


def _plain(text: str) -> str:
    """Without the white space that a platform may change on the way."""
    return " ".join(text.split())
