"""Choose what I receive: what follows from each answer. Coming again shows what is, and changes it.

It never subscribes her before she has seen all of it and said yes, and never to what she did not press.
"""

from dataclasses import replace
from typing import Final

from flows import unasked
from flows.core import Answer, Answers, Effect, Flow, ForgetFiles, Given, Led, Say, Subscribe, Talk, Unsubscribe
from flows.public import Subscription
from flows.questions.parts import NOT_UNDERSTOOD
from flows.questions.place import OUTSIDE
from flows.subscribe_script import (
    AREA,
    BEGIN,
    HOUR,
    LANGUAGE,
    SPACING,
    SURE,
    TOPIC,
    ZONE,
    answered,
    chosen,
    codes_of,
)
from flows.ways import NOT_HERE
from messages import t

AS_IT_WAS: Final = t("All right. It stays as it was.")
NOTHING_COMES: Final = t("All right, nothing is sent to you. It is all here whenever you like.")
AGREED: Final = t("Agreed. This comes to you from now on, and nothing else. “stop” ends it at any time.")


def _begun(talk: Talk, given: Given) -> Led:
    now = given.public.subscription
    has_some = now is not None and bool(now.topics)
    match codes_of(talk.answers, "begin")[0]:
        case "end":
            return _ended(talk, Unsubscribe(), Say(unasked.ended(given.public) or NOTHING_COMES))
        case "yes" if not has_some:
            language = Answer(codes=(given.person.language or given.hint,))
            return Led(replace(talk, answers={**talk.answers, "language": language}))
        case "yes" | "nothing":
            return _ended(talk, Say(AS_IT_WAS if has_some else NOTHING_COMES))
        case name:
            known = answered(now or Subscription())
            return Led(_changed(replace(talk, answers={**talk.answers, **known}), name))


def _changed(talk: Talk, name: str) -> Talk:
    """Ask one of them again; what was ticked stays ticked until she presses it."""
    partial = talk.answers[name] if name == "topics" and codes_of(talk.answers, name) else None
    left = {kept: answer for kept, answer in talk.answers.items() if kept not in {name, "sure"}}
    skipped = tuple(one for one in talk.skipped if one != name)
    return replace(talk, answers=left, skipped=skipped, partial=partial, page=0, reopened="")


def _placed(talk: Talk, given: Given) -> Led:
    """Of where she lives the governorate is kept, and neither her words nor a location."""
    del given
    place = talk.answers["area"]
    left = {name: answer for name, answer in talk.answers.items() if name not in {"area", "zone"}}
    forgotten: tuple[Effect, ...] = (ForgetFiles(place.files),) if place.files else ()
    if not place.codes:
        return Led(replace(talk, answers=left), (*forgotten, Say(NOT_HERE if forgotten else NOT_UNDERSTOOD)))
    return Led(replace(talk, answers={**left, "area": Answer(codes=place.codes[:1])}), forgotten)


def _confirmed(talk: Talk, given: Given) -> Led:
    now = given.public.subscription
    match codes_of(talk.answers, "sure")[0]:
        case "yes":
            return _ended(talk, Subscribe(chosen(talk.answers, now)), Say(AGREED))
        case "nothing":
            return _ended(talk, Say(AS_IT_WAS if now and now.topics else NOTHING_COMES))
        case name:
            return Led(_changed(talk, name))


def _ended(talk: Talk, *effects: Effect) -> Led:
    return Led(talk.under or Talk(), effects, ask=talk.under is not None)


def _at_home(answers: Answers) -> bool:
    return codes_of(answers, "area") != (OUTSIDE,)


SUBSCRIBE: Final = Flow(
    "subscribe",
    (BEGIN, TOPIC, LANGUAGE, AREA, ZONE, HOUR, SPACING, SURE),
    skip={"zone": _at_home},
    after={"begin": _begun, "area": _placed, "sure": _confirmed},
)
