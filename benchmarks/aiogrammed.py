"""aiogram's finite state machine in the usual way, its state in memory.

Unlike Sanad it seals nothing, keeps no letter, pages nobody, takes no keyboard away, and knows no repeated delivery.
"""

from __future__ import annotations

import gc
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from time import perf_counter
from typing import Any, cast

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.base import BaseSession
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from benchmarks.contest import TOKEN, Load, Result, Wire
from benchmarks.story import Step

Answering = Callable[..., Coroutine[Any, Any, None]]


class _Stub(BaseSession):
    """The network: prepares and reads as the library's own session does, and answers at once."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ARG002, ASYNC109
    ) -> TelegramType:
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        for value in method.model_dump(warnings=False).values():
            self.prepare_value(value, bot=bot, files={})
        answer = self.check_response(bot, method, 200, self._wire.answer(url).decode())
        return cast("TelegramType", answer.result)

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""

    async def close(self) -> None:
        """Nothing to close."""


async def run(load: Load) -> Result:
    """Everybody's report, one update after the other."""
    wire, reports = Wire(load.story), list[dict[str, Any]]()
    bot = Bot(TOKEN, session=_Stub(wire))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(_router(load.story.report, reports))
    updates = load.reports()
    gc.collect()
    started = perf_counter()
    for body in updates:
        await dispatcher.feed_raw_update(bot, json.loads(body))
    seconds = perf_counter() - started
    assert len(reports) == load.persons
    return Result("aiogram", len(updates), wire.replies, seconds)


def _router(steps: tuple[Step, ...], reports: list[dict[str, Any]]) -> Router:
    router = Router()
    states = [State(f"q{place}", "report") for place in range(len(steps))]
    for place, step in enumerate(steps):
        following = states[place + 1] if place + 1 < len(steps) else None
        pending = states[place] if place else None
        if step.pressed:
            router.callback_query.register(
                _pressed(step, place, following, reports), pending or F.data, F.data == step.pressed
            )
        else:
            router.message.register(_said(step, place, following), pending or F.text, F.text)
    return router


def _pressed(step: Step, place: int, following: State | None, reports: list[dict[str, Any]]) -> Answering:
    keyboard = _keyboard(step)

    async def pressed(query: CallbackQuery, state: FSMContext) -> None:
        await query.answer()
        await state.update_data({str(place): query.data})
        assert query.message is not None
        await query.message.answer(step.text, reply_markup=keyboard)
        if following is None:
            reports.append(await state.get_data())
            await state.clear()
        else:
            await state.set_state(following)

    return pressed


def _said(step: Step, place: int, following: State | None) -> Answering:
    keyboard = _keyboard(step)

    async def said(message: Message, state: FSMContext) -> None:
        await state.update_data({str(place): message.text})
        await message.answer(step.text, reply_markup=keyboard)
        await state.set_state(following)

    return said


def _keyboard(step: Step) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(text=button.label, callback_data=button.key)] for button in step.buttons]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
