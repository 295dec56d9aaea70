"""The report that everybody is measured with: what she does and what is answered, as Telegram carries it.

It never answers anybody: the engine is asked once what it would say, and every contender says the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram import rendering
from flows.book import BOOK
from flows.core import Commanded, Event, Given, Language, Person, Pressed, Remember, Said, Say, Talk
from flows.engine import advance
from flows.options import parted, short
from flows.rules import Mechanism
from handlers.channel import Button
from messages.catalog import render

Act = str | tuple[str, str]
"""Words, or the full name of a question and the code of the button pressed."""
Acts = tuple[Act, ...]
LANGUAGE: Language = "ar"
WORDS = (
    "اتصل بي رجل لا أعرفه وقال إنه سينشر صوري إن لم أتوقف عن العمل مع الجمعية، ثم جاء إلى باب البيت مرتين هذا الأسبوع "
    "وسأل الجيران عني. أنا خائفة على أختي الصغيرة."
)
WELCOME: Acts = ("/start", ("welcome.language", "ar"), ("welcome.honest", "ok"), ("welcome.consents", "done"))
REPORT: Acts = (
    ("menu.menu", "report"),
    ("report.danger", "unsafe"),
    ("report.door", "menu_violence"),
    ("report.where", "taiz"),
    WORDS,
    ("report.reach", "here"),
    ("report.send", "send"),
)
"""Seven messages: six buttons, and her words."""
DANGER = 1
"""The place of the answer to the danger question among them."""
CALM: Acts = (
    ("menu.menu", "report"),
    ("report.danger", "safe"),
    ("report.today", "no"),
    ("report.door", "menu_defamation"),
    ("report.kind", "skip"),
    ("report.where", "taiz"),
    ("report.when", "skip"),
    ("report.again", "once"),
    WORDS,
    ("report.who", "skip"),
    ("report.proof", "none"),
    ("report.wish", "skip"),
    ("report.never", "skip"),
    ("report.reach", "here"),
    ("report.hours", "any"),
    ("report.word", "skip"),
    ("report.send", "send"),
)
"""A report by somebody who is safe: seventeen messages, and the case is opened by the last."""
REPORTS: Mapping[str, Acts] = {"danger": REPORT, "calm": CALM}
_CHAT, _UPDATE, _BOARD = 1_111_111_111, 2_222_222_222, 1_999_999_999
_SINCE = datetime(2026, 3, 1, 9, tzinfo=UTC)
_BOT = {"id": 123456, "is_bot": True, "first_name": "سند", "username": "sanad_test_bot"}
_NAME = "أمل"

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One message of hers (an update with blanks), the button's data in it, and the answer to it."""

    update: bytes
    pressed: str
    text: str
    buttons: tuple[Button, ...]

    def as_update(self, chat: int, number: int) -> bytes:
        """The update as Telegram brings it, for one chat and with a number of its own."""
        return self.update.replace(b"%d" % _CHAT, b"%d" % chat).replace(b"%d" % _UPDATE, b"%d" % number)

    def as_answer(self) -> bytes:
        """What Telegram answers to `sendMessage` with this step's answer in it."""
        body = {"ok": True, "result": _message(self.text, self.buttons)}
        return json.dumps(body).replace(str(_CHAT), "7000001").encode()


@dataclass(frozen=True, slots=True)
class Story:
    """Her welcome, which nobody is timed with, and her report."""

    welcome: tuple[Step, ...]
    report: tuple[Step, ...]
    pages: int
    """Pages that leave at once for each report."""


@dataclass(slots=True)
class _Teller:
    rules: Mechanism
    person: Person = field(default_factory=Person)
    talk: Talk = field(default_factory=Talk)
    said: Say | None = None

    def step(self, act: Act) -> Step:
        before, key = self.said, self._key(act) if isinstance(act, tuple) else ""
        event = _event(act, key)
        given = Given(_SINCE, "KRM-4T7", self.rules, self.person, hint=LANGUAGE)
        turn = advance(BOOK, self.talk, event, given)
        self.talk = turn.talk
        for effect in turn.effects:
            match effect:
                case Remember(person):
                    self.person = person
                case Say():
                    self.said = effect
                case _:
                    pass
        assert self.said is not None
        return Step(_update(act, key, before), key, self._rendered(self.said), _buttons(self.said))

    def _key(self, act: tuple[str, str]) -> str:
        choices = self.said.choices if self.said else ()
        keys = [choice.key for choice in choices if (parted(choice.key) or (0, ""))[1] == short(*act)]
        assert keys, f"the engine offers no {act}; it says: {self._rendered(self.said) if self.said else None}"
        return keys[0]

    @staticmethod
    def _rendered(said: Say) -> str:
        return render(said.text, LANGUAGE)


def tell(rules: Mechanism, report: str = "danger") -> Story:
    """Walk through the welcome and a report with the engine alone."""
    teller = _Teller(rules)
    welcome = [teller.step(act) for act in WELCOME]
    return Story(tuple(welcome), tuple([teller.step(act) for act in REPORTS[report]]), int(report == "danger"))


def interleaved(steps: tuple[Step, ...], chats: range, first: int) -> Iterator[tuple[int, bytes]]:
    """Chat and update, everybody's first step before anybody's second, numbered from `first` on."""
    number = first
    for step in steps:
        for chat in chats:
            yield chat, step.as_update(chat, number)
            number += 1


def _event(act: Act, key: str) -> Event:
    if isinstance(act, tuple):
        return Pressed(key)
    return Commanded(act[1:]) if act.startswith("/") else Said(act)


def _buttons(said: Say) -> tuple[Button, ...]:
    return tuple(Button(choice.key, render(choice.label, LANGUAGE)) for choice in said.choices)


def _update(act: Act, key: str, before: Say | None) -> bytes:
    her = {"id": _CHAT, "is_bot": False, "first_name": _NAME, "language_code": LANGUAGE}
    body: Body
    if isinstance(act, str):
        chat = {"id": _CHAT, "first_name": _NAME, "type": "private"}
        body = {"message": {"message_id": _BOARD, "from": her, "chat": chat, "date": 1772355600, "text": act}}
        if act.startswith("/"):
            body["message"]["entities"] = [{"offset": 0, "length": len(act), "type": "bot_command"}]
    else:
        assert before is not None
        board = _message(render(before.text, LANGUAGE), _buttons(before))
        pressed = {"id": f"{_CHAT}4", "from": her, "message": board, "chat_instance": "-31772355600", "data": key}
        body = {"callback_query": pressed}
    return json.dumps({"update_id": _UPDATE, **body}).encode()


def _message(text: str, buttons: tuple[Button, ...]) -> Body:
    """A message of the bot's as Telegram shows it, in an update or as an answer."""
    chat = {"id": _CHAT, "first_name": _NAME, "type": "private"}
    message: Body = {"message_id": _BOARD, "from": _BOT, "chat": chat, "date": 1772355600, "text": text}
    message["link_preview_options"] = {"is_disabled": True}
    if buttons:
        message["reply_markup"] = {"inline_keyboard": rendering.keyboard(buttons)}
    return message
