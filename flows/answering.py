"""What an event means for the pending question: kept, gone on with, changed, skipped, not understood, or back.

It never looks at what words may mean besides: `flows.engine` has done so.
"""

from dataclasses import replace
from typing import Final

from flows import sos, ways
from flows.core import (
    AddToCase,
    Answer,
    Effect,
    Event,
    ForgetFiles,
    Kept,
    Led,
    Located,
    More,
    Refused,
    Reopened,
    Said,
    Say,
    Shared,
    Talk,
)
from flows.hearing import Heard
from flows.here import Here
from flows.questions import Stay
from flows.questions.attach import cleaned
from messages import Text, t

MISSES_BEFORE_A_WAY_OUT: Final = 3
FIRST_QUESTION: Final = t("This is the first question, there is none before it.")
NEEDED: Final = t("We can't go on without this one. The choice nearest to it is enough.")


def taken(here: Here, event: Event, code: str) -> Led:
    """An option, by whichever way she named it. Some mean the same in every question."""
    if code == "skip":
        return _skipped(here)
    if code in ways.MENU and (not here.talk.flow or code == "help_now"):
        return ways.go(code, here.talk, here.given)
    if code == "stop" and here.question.name == "send":
        return ways.stop(here.book, here.talk)
    return judged(here, event, code)


def other(here: Here, event: Said | Shared | Located, heard: Heard | None = None) -> Led:
    """Nothing but an answer to the pending question, or at the menu something to be told."""
    if not here.talk.flow:
        return ways.told_at_menu(here.talk, event, here.given, telling=bool(heard and heard.topic))
    if here.flow.name == "sos":
        return sos.told(here.talk, event, here.given)
    return judged(here, event, None)


def judged(here: Here, event: Event, option: str | None) -> Led:
    """Let the question judge, and act on its judgement."""
    talk = here.talk
    match here.question.judge(event, option, talk, here.given):
        case Kept(answer):
            return _kept(here, answer)
        case More(partial, page):
            return Led(replace(talk, partial=partial, page=page, misses=0))
        case Reopened(name):
            return Led(replace(talk, reopened=name, partial=_kept_parts(here, name), page=0, misses=0))
        case Refused(why):
            return _missed(here, event, why)


def _kept_parts(here: Here, name: str) -> Answer | None:
    """What she told, sent or ticked before is added to, not asked for anew."""
    answer = here.talk.answers.get(name)
    question = next((question for question in here.flow.questions if question.name == name), None)
    return answer if answer and question and not answer.place and question.adds else None


def _kept(here: Here, answer: Answer) -> Led:
    name = here.question.name
    answers = {**here.talk.answers, name: answer}
    skipped = tuple(skipped for skipped in here.talk.skipped if skipped != name)
    talk = replace(here.talk, answers=answers, skipped=skipped, partial=None, page=0, reopened="", misses=0)
    sealed: tuple[Effect, ...] = ()
    wished = cleaned(answer) if here.question.files else ()
    if talk.case and answer != Answer() and not here.flow.aside:
        sealed = (_into_case(talk.case, here, answer),)
    after = here.flow.after.get(name)
    led = after(talk, here.given) if after else Led(talk)
    return _always(here, led, (*wished, *(sealed if led.talk.flow == here.flow.name else ())))


def _into_case(code: str, here: Here, answer: Answer) -> AddToCase:
    """An answer, that a later one to the same question takes the place of; where she just talks, all of it stays."""
    if not isinstance(here.question, Stay):
        return AddToCase(code, "answers", {here.question.name: answer}, files=answer.files)
    place = {"here": Answer(place=answer.place)} if answer.place else {}
    return AddToCase(code, "words", place, words=answer.words, files=answer.files)


def _skipped(here: Here) -> Led:
    name = here.question.name
    if here.question.needed:
        return Led(here.talk, (Say(NEEDED),))
    answers = {kept: answer for kept, answer in here.talk.answers.items() if kept != name}
    talk = replace(here.talk, answers=answers, skipped=tuple(dict.fromkeys((*here.talk.skipped, name))))
    return _always(here, Led(_settled(talk)), ())


def _settled(talk: Talk) -> Talk:
    return replace(talk, partial=None, page=0, reopened="", misses=0)


def _always(here: Here, led: Led, sealed: tuple[Effect, ...]) -> Led:
    follows = Led(led.talk)
    if here.flow.always and led.talk.flow == here.flow.name:
        follows = here.flow.always(led.talk, here.given)
    return Led(follows.talk, (*sealed, *led.effects, *follows.effects), led.ask)


def _missed(here: Here, event: Event, why: Text) -> Led:
    if isinstance(event, Shared) and here.question.files and not ways.case_of(here.talk):
        return Led(here.talk, (ForgetFiles((event.file,)), Say(why)))
    if isinstance(event, Shared):
        return ways.stray_file(here.talk, event, here.given)
    sealed = ways.not_lost(here.talk, event, here.given)
    if sealed and (isinstance(event, Located) or ways.known_in_danger(here.talk)):
        return Led(here.talk, (*sealed, Say(ways.WITH_THE_TEAM)))
    misses = here.talk.misses + 1
    if here.flow.name == "danger" and isinstance(event, Said):  # what she adds belongs to what was heard
        return Led(replace(ways.in_danger(here.talk, event), misses=misses, asked=here.talk.asked), (*sealed, Say(why)))
    if misses >= MISSES_BEFORE_A_WAY_OUT and not here.flow.aside:
        left_out = Answer() if here.question.needed else Answer(codes=(here.question.name,))
        return Led(ways.aside("stuck", here.book, replace(here.talk, misses=0), left_out), sealed)
    return Led(replace(here.talk, misses=misses), (*sealed, Say(why)))


def back(here: Here) -> Led:
    """To the question before, whose answer stays until there is another; out of an aside; to a list's beginning."""
    talk = here.talk
    if here.flow.aside:
        return Led(talk.under or Talk())
    if talk.partial is not None and not talk.reopened:
        return Led(replace(ways.parked(talk), partial=None, page=0, misses=0))
    before = ""
    for question in here.flow.questions:
        if question is here.question:
            break
        if not here.flow.leaves_out(question.name, talk.answers):
            before = question.name
    if not before:
        return Led(talk, (Say(FIRST_QUESTION),) if talk.flow else ())
    return Led(replace(_settled(ways.parked(talk)), reopened=before, partial=_kept_parts(here, before)))
