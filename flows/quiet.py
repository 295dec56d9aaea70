"""When it isn't safe to write: one neutral line, then nothing, and a neutral knock when she writes again.

It never shows anything of what was said before she says that she can write.
"""

from dataclasses import replace
from typing import Final

from flows import ways
from flows.core import AddToCase, Answer, Effect, Event, Flow, Given, Led, Remember, Said, Say, Shared, Talk
from flows.questions import Choose, Where
from messages import t

NEUTRAL: Final = t("All right, thank you.")
KNOCK: Final = Choose(
    "knock",
    t("Now"),
    t("Hello. Is now a good time?"),
    {"yes": t("Yes"), "later": t("Later")},
    needed=True,
    yes="yes",
    no="later",
    why=NEUTRAL,
)
WHERE_QUIETLY: Final = Where("where", t("Place"), t("All right. Which governorate, please?"), needed=True, finer=False)


def unsafe(talk: Talk, event: Said | Shared, given: Given) -> Led:
    """She says that it isn't safe to talk: nothing is sent from now on."""
    quiet = Remember(replace(given.person, quiet=True))
    return Led(_with_early(talk, event), (*ways.not_lost(talk, event, given), quiet, Say(NEUTRAL)), ask=False)


def knocked(talk: Talk, event: Event, given: Given, *, unsafe: bool, distress: bool) -> Led:
    """She writes again: ask neutrally whether she can, unless she says herself that she can't, or cries for help."""
    kept = ways.not_lost(talk, event, given)
    waiting = talk.under or Talk() if talk.flow == "quiet" else talk
    if isinstance(event, Shared):
        waiting = _with_early(waiting, event)
    under = waiting if waiting.flow else None
    if unsafe:
        return Led(talk, kept, ask=False)
    awake = Remember(replace(given.person, quiet=False))
    if distress and not ways.known_in_danger(talk) and isinstance(event, Said | Shared):
        return Led(ways.in_danger(waiting, event), (*kept, awake))
    return Led(Talk("quiet", under=under, case=waiting.case, kept_long=waiting.kept_long), (*kept, awake))


def hushed(talk: Talk, event: Event) -> Led:
    """A sign of life that shows nothing; what came with it is not lost."""
    talk_on = _with_early(talk, event) if isinstance(event, Shared) else talk
    return Led(talk_on, (*ways.not_lost(talk, event), Say(NEUTRAL)), ask=talk.flow == "quiet")


def _with_early(talk: Talk, event: Said | Shared) -> Talk:
    """A file that comes with such words is kept with the draft, where there is one and no case took it."""
    if not isinstance(event, Shared) or ways.case_of(talk):
        return talk
    return ways.stray_file(talk, event).talk


def _come_in(talk: Talk, given: Given) -> Led:
    waiting = talk.under or Talk()
    if talk.answers["knock"].codes == ("later",):
        quiet: tuple[Effect, ...] = (Remember(replace(given.person, quiet=True)), Say(NEUTRAL))
        return Led(waiting, quiet, ask=False)
    if waiting.flow in ways.BEGUN and waiting.answers.get("danger", Answer()).codes == ("cannot_talk",):
        return Led(replace(waiting, reopened="danger"))
    return Led(waiting) if waiting.flow else ways.menu(waiting, given)


def _thank(talk: Talk, _given: Given) -> Led:
    waiting = talk.under or Talk()
    waiting = replace(waiting, answers={**waiting.answers, "where": talk.answers["where"]})
    sealed = AddToCase(talk.case, "answers", {"where": talk.answers["where"]}, files=talk.answers["where"].files)
    return Led(Talk("quiet", under=waiting, case=talk.case), (sealed, Say(NEUTRAL)), ask=False)


QUIET: Final = Flow("quiet", (KNOCK,), after={"knock": _come_in}, aside=True)
HUSH: Final = Flow("hush", (WHERE_QUIETLY,), after={"where": _thank})
"""She can't talk: the team is called, and one harmless question stands open."""
