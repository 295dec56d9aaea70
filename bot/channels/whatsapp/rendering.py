"""Turns a letter into what Twilio is to send: words with numbered choices, or a template. It never sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.text import split, units
from bot.channels.whatsapp.templates import Templates
from handlers.channel import Button, Outgoing, Piece
from messages import t
from messages.catalog import render
from messages.text import Language

BODY_UNITS = 1600
"""UTF-16 units of the longest message."""
WINDOW = timedelta(hours=24) - timedelta(minutes=5)
"""How long after her last message we may write freely. Meta counts 24 hours; the rest is for clocks and queues."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message: either words (`body`), perhaps with a file (`link`), or a template (`sid`, `variables`)."""

    body: str = ""
    link: str = ""
    sid: str = ""
    variables: str = ""
    blanks: tuple[str, ...] = ()

    def is_seen_in(self, body: str) -> bool:
        """Whether a message that Twilio lists with this body is this part. A template's words are only in part ours."""
        seen = _plain(body)
        if self.link and not self.body:
            return not seen
        if self.sid and not self.blanks:
            return False  # every message of hers might be it: nobody knows
        if self.sid:
            return all(_plain(blank) in seen for blank in self.blanks)
        return _plain(self.body) == seen


def is_open(heard_at: datetime | None, now: datetime) -> bool:
    """Whether somebody who last wrote then may be written to freely."""
    return heard_at is not None and now - heard_at < WINDOW


CAPTION_UNITS = 1024
"""UTF-16 units of the longest words below a picture or video; a voice takes none."""


def parts(
    letter: Outgoing, templates: Templates, now: datetime, piece: Piece | None = None, link: str = ""
) -> tuple[Part, ...]:
    """The messages that carry the letter, in order; none where it has to wait until she writes.

    `piece` goes with it, to be fetched from `link`; a template carries words alone.
    """
    if not is_open(letter.heard_at, now):
        found = templates.for_purpose(letter)
        return (Part(sid=found[0], variables=found[1], blanks=letter.blanks),) if found else ()
    if found := templates.for_choices(letter):
        return (Part(sid=found[0], variables=found[1], blanks=(letter.text,)),)
    said = tuple(Part(body) for body in split(numbered(letter), BODY_UNITS))
    if piece is None:
        return said
    if piece.kind != "voice" and len(said) == 1 and units(said[0].body) <= CAPTION_UNITS:
        return (Part(said[0].body, link),)
    return (*said, Part(link=link))


HOW = t("Write the number.")
"""Under the choices: nothing else on the screen says how to answer them."""


def numbered(letter: Outgoing) -> str:
    """The letter's words, and under them its choices by number, each on its own line."""
    if not letter.buttons:
        return letter.text
    if letter.by_word:
        return f"{letter.text}\n\n{by_word(letter.buttons, letter.language)}"
    lines = [_line(number, button) for number, button in enumerate(letter.buttons, 1)]
    hide = [f"0. {letter.hide}"] if letter.hide else []
    return "\n".join([letter.text, "", *lines, *hide, render(HOW, letter.language)])


def by_word(buttons: Sequence[Button], language: Language) -> str:
    """How to go on after a message that came unasked: by its labels, which are heard (`flows.hearing`).

    Never by numbers: to her a "1" is the first entry of the menu, or of whatever else is open.
    """
    first, *others = (button.label for button in buttons)
    labels = t("“{label}”", label=first)
    for other in others:
        labels = t("{labels} or “{label}”", labels=labels, label=other)
    return render(t("To go on, write: {labels}", labels=labels), language)


def _line(number: int, button: Button) -> str:
    return f"{number}. {button.label}: {button.hint}" if button.hint else f"{number}. {button.label}"


def _plain(text: str) -> str:
    """Without the white space that a platform may change on the way."""
    return " ".join(text.split())
