"""python-telegram-bot's `ConversationHandler` in the usual way: its state in memory, or pickled after each update.

Unlike Sanad it seals nothing, keeps no letter, pages nobody, takes no keyboard away, and knows no repeated delivery.
"""

from __future__ import annotations

import gc
import json
import warnings
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PersistenceInput,
    PicklePersistence,
    filters,
)
from telegram.request import BaseRequest, RequestData
from telegram.warnings import PTBUserWarning

from benchmarks.contest import TOKEN, Load, Result, Wire
from benchmarks.story import Step

Context = ContextTypes.DEFAULT_TYPE
Answering = Callable[[Update, Context], Coroutine[Any, Any, int]]


class _Stub(BaseRequest):
    """The network: takes what would be sent, as the library's own request does, and answers at once."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        assert method
        assert request_data is None or request_data.json_parameters is not None
        return 200, self._wire.answer(url)


async def run(load: Load, folder: Path, *, flushed: bool) -> Result:
    """Everybody's report, one update after the other, as `Application` does it."""
    wire = Wire(load.story)
    application = _application(load, wire, folder / "ptb.pickle" if flushed else None)
    updates = load.reports()
    async with application:
        application.bot_data["reports"] = []
        gc.collect()
        started = perf_counter()
        for body in updates:
            await application.process_update(Update.de_json(json.loads(body), application.bot))
            if flushed:
                await application.update_persistence()
        seconds = perf_counter() - started
        assert len(application.bot_data["reports"]) == load.persons
    return Result("ptb-flushed" if flushed else "ptb-memory", len(updates), wire.replies, seconds)


def _application(load: Load, wire: Wire, pickled: Path | None) -> Application[Any, Any, Any, Any, Any, Any]:
    builder = Application.builder().token(TOKEN).request(_Stub(wire)).get_updates_request(_Stub(wire)).updater(None)
    if pickled is not None:
        # The interval is never reached: each update is flushed by hand instead.
        store = PersistenceInput(callback_data=False)
        builder = builder.persistence(PicklePersistence(pickled, store, update_interval=86_400))
    application = builder.build()
    with _quiet():
        application.add_handler(_conversation(load.story.report, persistent=pickled is not None))
    return application


@contextmanager
def _quiet() -> Iterator[None]:
    """It warns of `per_message`, which is as its own examples have it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBUserWarning)
        yield


def _conversation(steps: tuple[Step, ...], *, persistent: bool) -> ConversationHandler[Any]:
    handlers = [_handler(step, place, last=place == len(steps) - 1) for place, step in enumerate(steps)]
    states = {place: [handler] for place, handler in enumerate(handlers) if place}
    return ConversationHandler(handlers[:1], states, [], name="report" if persistent else None, persistent=persistent)  # type: ignore[arg-type]


def _handler(step: Step, place: int, *, last: bool) -> Any:
    answering = _answering(step, place, last=last)
    if step.pressed:
        return CallbackQueryHandler(answering, pattern=f"^{step.pressed}$")
    return MessageHandler(filters.TEXT & ~filters.COMMAND, answering)


def _answering(step: Step, place: int, *, last: bool) -> Answering:
    rows = [[InlineKeyboardButton(button.label, callback_data=button.key)] for button in step.buttons]
    keyboard = InlineKeyboardMarkup(rows) if rows else None

    async def answering(update: Update, context: Context) -> int:
        answers = context.user_data
        chat = update.effective_chat
        assert answers is not None
        assert chat is not None
        if update.callback_query is not None:
            await update.callback_query.answer()
            answers[place] = update.callback_query.data
        elif update.message is not None:
            answers[place] = update.message.text
        await context.bot.send_message(chat.id, step.text, reply_markup=keyboard)
        if last:
            context.bot_data["reports"].append(dict(answers))
            answers.clear()
            return ConversationHandler.END
        return place + 1

    return answering
