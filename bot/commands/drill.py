"""Begins a drill from the command line. It sends nothing itself: the running Sanad does, as for any alarm."""

from __future__ import annotations

from bot import chance, mechanism
from bot.commands.opened import opened
from bot.commands.outcome import Problem, remark, result
from bot.settings import Settings
from bot.wiring import DRAW
from flows.ladder import Level
from handlers import drills
from handlers.draw import World
from handlers.drills import Refused
from messages.catalog import render
from storage import pages


async def begin(settings: Settings, level: Level) -> None:
    """Begin a drill and say who is woken first. Raises `Problem` where there can't be one now."""
    world = World(chance.now(), mechanism.load(settings.sanad_mechanism), DRAW)
    async with opened(settings) as store:
        begun = await store.write(drills.begin, level, world)
        if isinstance(begun, Refused):
            raise Problem(render(begun.why, "en"))
        woken = {page.staff for page in await store.read(pages.of_case, begun.case)}
    if not woken:
        remark("Nobody is woken at once. See `sanad rota show`: the drill ends by itself if nobody can be.")
    result(f"The drill has begun at the level {level}: {len(woken)} woken at once, the others as the ladder says.")
    result("The running Sanad sends the pages. It ends when somebody answers, or after one round.")
    result(f"Coordinators are told how it went; who was woken when: {settings.address}/desk/rota/drill")
