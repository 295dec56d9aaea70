"""Raise the alarm if I am not back in time: what follows from each answer.

It never acts by itself, and nothing but her word says that she is safe.
"""

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Final, Literal, cast

from flows import first_word
from flows.check_in_script import (
    AGAIN,
    BY,
    DO,
    GRACE,
    PLAN,
    SURE,
    UNTIL,
    WHERE,
    WHICH,
    WORD,
    codes_of,
    grace_of,
    meant,
    since,
)
from flows.clock_said import both_ways
from flows.clock_words import goes_and_returns
from flows.core import (
    Answer,
    Answers,
    ArmCheckIn,
    Effect,
    EraseThis,
    Flow,
    ForgetFiles,
    Given,
    Led,
    Say,
    Talk,
    TurnCheckIn,
)
from flows.first_word import NOT_HER_WORD, without
from flows.places import named_place
from flows.questions.clock import moment_of
from flows.questions.parts import NOT_UNDERSTOOD
from flows.questions.place import OUTSIDE
from messages import t

Seeming = Literal["safe", "extend", "cancel", "pause", "resume"]
WITH_HER_WORD: Final = frozenset(("safe", "extend", "cancel", "pause"))
DONE: Final = t("Thank you, it is done.")
ON_AGAIN: Final = t("All right, it goes on from the next time.")
AS_IT_WAS: Final = t("All right. It stays as it was.")
NOTHING_SET: Final = t("All right, nothing is set. We are here whenever you write.")
WITHOUT_A_WORD: Final = t(
    "That is all right. But without a word anyone who holds your phone could say that you are well, so we set nothing. "
    "You can come back to it at any time."
)
TIME_WENT_BY: Final = t("Meanwhile that time has come. Let us choose another one.")


# ---------------------------------------------------------------- those that there are


def _chosen(talk: Talk, given: Given) -> Led:
    answer = talk.answers["which"]
    match answer.codes:
        case ("nothing",):
            return _ended(talk, Say(AS_IT_WAS if given.check_ins else NOTHING_SET))
        case ("chats",):
            return Led(Talk("other_chat", under=talk.under))
        case ("new",):
            return Led(_new(talk, given))
        case () if answer.files or goes_and_returns(answer.words, given.now):
            told = {**talk.answers, "which": Answer(codes=("new",))}
            return Led(_new(replace(talk, answers=told, early=answer), given))
        case ():
            return Led(without(talk, "which"), (Say(NOT_UNDERSTOOD),))
        case _:
            return Led(talk)


def _new(talk: Talk, given: Given) -> Talk:
    knowing = first_word.known(talk, given)
    return _to_the_plan(knowing, given) if first_word.has_one(knowing.answers) else knowing


def _to_the_plan(talk: Talk, _given: Given) -> Talk:
    """What she said already is the beginning of her plan."""
    return replace(talk, partial=talk.early, early=None) if talk.early else talk


def _to_do(talk: Talk, given: Given) -> Led:
    one = meant(talk, given)
    match codes_of(talk.answers, "do")[0]:
        case "nothing":
            return _ended(talk, Say(AS_IT_WAS))
        case "resume":
            turned = (TurnCheckIn(one.id, "resume"),) if one else ()
            return _ended(talk, *turned, Say(ON_AGAIN))
        case _:
            return Led(talk)


def _heard_word(talk: Talk, given: Given) -> Led:
    """Her word does it; the word that only looks like hers is seen to do the same, and calls a person."""
    one = meant(talk, given)
    seeming = cast("Seeming", codes_of(talk.answers, "do")[0])
    heard = codes_of(talk.answers, "word")[0]
    if one is None:
        return _ended(talk, EraseThis(), Say(DONE))
    if heard == "other":
        return Led(without(talk, "word"), (TurnCheckIn(one.id, "wrong"), EraseThis(), Say(NOT_HER_WORD)))
    minutes = _minutes(talk, given) if seeming == "extend" else 0
    forced = heard == "duress"
    did = TurnCheckIn(one.id, "duress" if forced else seeming, minutes, seeming if forced else "safe")
    said = Say(DONE)
    if seeming == "extend":
        later = since(talk, given) + timedelta(minutes=minutes)
        said = Say(t("Thank you, it is done. We wait for you {when}.", when=both_ways(later, given.now)))
    return _ended(talk, did, EraseThis(), said)


def _minutes(talk: Talk, given: Given) -> int:
    """By how much it is put off, at least a minute: she may have taken her time to write her word."""
    return max(1, ceil((moment_of(talk.answers["until"]) - since(talk, given)) / timedelta(minutes=1)))


# ---------------------------------------------------------------- a new one


def _chose_word(talk: Talk, given: Given) -> Led:
    if codes_of(talk.answers, first_word.CHOOSE.name) == (first_word.NO_WORD,):
        return _ended(talk, *_forgotten(talk.early or Answer()), Say(WITHOUT_A_WORD))
    return first_word.chosen(talk, given)


def _planned(talk: Talk, given: Given) -> Led:
    """What came early is in it, or she did not want it. A governorate that she names there isn't asked for again."""
    early, plan = talk.early or Answer(), talk.answers["plan"]
    if early.files and early.words and early.words in plan.words:
        plan = replace(plan, files=tuple(dict.fromkeys((*plan.files, *early.files))))
    left = Answer(files=tuple(file for file in early.files if file not in plan.files))
    answers = {**talk.answers, "plan": plan}
    if "where" not in answers and (place := named_place(plan.words, given.rules.taxonomy)):
        answers["where"] = Answer(codes=(place[0],))
    return Led(replace(talk, answers=answers, early=None), _forgotten(left))


def _confirmed(talk: Talk, given: Given) -> Led:
    match codes_of(talk.answers, "sure")[0]:
        case "yes":
            return _arm(talk, given)
        case "no":
            return _ended(talk, *_forgotten(talk.answers["plan"]), Say(NOTHING_SET))
        case name:
            partial = talk.answers["plan"] if name == "plan" else None
            return Led(replace(without(talk, "sure"), reopened=name, partial=partial))


def _arm(talk: Talk, given: Given) -> Led:
    due_at = moment_of(talk.answers["by"])
    if due_at <= given.now:
        return Led(without(talk, "by", "sure"), (Say(TIME_WENT_BY),))
    every = codes_of(talk.answers, "again")[0]
    armed = ArmCheckIn(
        given.code,
        due_at,
        grace_of(talk),
        {name: talk.answers[name] for name in ("plan", "where") if name in talk.answers},
        "" if every == "once" else every,
        _facets(talk.answers),
    )
    said = t(
        "Agreed: {when}. When you are back, write your word here; nothing else is needed.",
        when=both_ways(due_at, given.now),
    )
    return _ended(talk, armed, Say(said))


def _facets(answers: Answers) -> dict[str, str]:
    place = codes_of(answers, "where")[:1]
    return {"governorate": place[0]} if place and place[0] != OUTSIDE else {}


def _forgotten(answer: Answer) -> tuple[Effect, ...]:
    return (ForgetFiles(answer.files),) if answer.files else ()


def _ended(talk: Talk, *effects: Effect) -> Led:
    """Nothing is open any more but what waited under it; the menu isn't shown, so that little stands on the screen."""
    return Led(talk.under or Talk(), effects, ask=talk.under is not None)


# ---------------------------------------------------------------- the script


def _is_new(answers: Answers) -> bool:
    return codes_of(answers, "which") == ("new",)


def _not_new(answers: Answers) -> bool:
    return not _is_new(answers)


def _has_word(answers: Answers) -> bool:
    return _not_new(answers) or first_word.has_one(answers)


def _no_word_wanted(answers: Answers) -> bool:
    return _is_new(answers) or not WITH_HER_WORD.intersection(codes_of(answers, "do"))


NEW: Final = (PLAN, WHERE, BY, GRACE, AGAIN, SURE)
CHECK_IN: Final = Flow(
    "check_in",
    (WHICH, DO, UNTIL, WORD, first_word.CHOOSE, first_word.AGAIN, *NEW),
    skip={
        "do": _is_new,
        "until": lambda answers: _is_new(answers) or codes_of(answers, "do") != ("extend",),
        "word": _no_word_wanted,
        first_word.CHOOSE.name: _has_word,
        first_word.AGAIN.name: _has_word,
        **{question.name: _not_new for question in NEW},
    },
    after={
        "which": _chosen,
        "do": _to_do,
        "word": _heard_word,
        first_word.CHOOSE.name: _chose_word,
        first_word.AGAIN.name: first_word.repeated(_to_the_plan),
        "plan": _planned,
        "sure": _confirmed,
    },
)
