"""What she needs, for herself or another: what follows from each answer, and when a person is called at once.

It never makes her tell what happened, promises nothing, and gives her name to nobody.
"""

from dataclasses import replace
from typing import Final

from flows.core import AddToCase, Answer, Flow, Given, Led, Remember, Say, Talk
from flows.help_script import ASKED, NEEDS_OF, NOTHING, SEND, STAY, about_care, about_self_harm, offered
from flows.report import filed, keep_abreast, open_case, page_if_unsafe
from flows.report_script import codes_of
from messages import join, t

# ---------------------------------------------------------------- a person at once


def _needed(talk: Talk, given: Given) -> Led:
    """Thoughts of self-harm call a person at once, and she hears so. Everything else is asked on."""
    if not about_self_harm(talk.answers):
        return Led(talk)
    talk, sealed, person = open_case(_complete(talk), given)
    said = t(
        "Thank you for saying it. It takes courage, and what you feel is not your fault. You don't have to carry it "
        "alone.\n"
        "We are telling the person on call now; your code is {code}. We can't promise when she answers.",
        code=talk.case,
    )
    return Led(replace(talk, reassured=True), (*sealed, Remember(person), Say(said)))


def _cared(talk: Talk, given: Given) -> Led:
    """Care that is bound in time does not wait for the rest."""
    if not about_care(talk.answers):
        return Led(talk)
    talk, sealed, person = open_case(_complete(talk), given)
    said = t(
        "It is not your fault, and you are not alone in it. We are telling the person on call now; your code is "
        "{code}. We can't promise when she answers.\n"
        "She looks with you for the care that suits you, and asks nothing that you don't want to tell. Nothing is done "
        "without your yes.",
        code=talk.case,
    )
    return Led(talk, (*sealed, Remember(person), Say(said)))


def _may_come(talk: Talk, given: Given) -> Led:
    """How a person may reach her is all that is asked; from here on the chat stays open for her words."""
    reach = {"write": "here", "call": "call"}.get(next(iter(codes_of(talk.answers, "person")), ""), "")
    known = {"reach": replace(talk.answers["person"], codes=(reach,))} if reach else {}
    kept = filed(replace(talk, answers={**talk.answers, **known}), given, agreed=False)
    sealed = tuple(effect for effect in kept.effects if not isinstance(effect, Say))
    return Led(Talk("stay", case=_case(kept, talk), under=talk.under, reassured=True), sealed)


def _case(kept: Led, talk: Talk) -> str:
    return talk.case or next(effect.code for effect in kept.effects if isinstance(effect, AddToCase))


# ---------------------------------------------------------------- for another, and for a child


def _known_to_her(talk: Talk, _given: Given) -> Led:
    if "yes" in codes_of(talk.answers, "knows"):
        return Led(talk)
    said = t(
        "Thank you for thinking of her. The yes is hers alone: nothing is done in her name before she gives it. We can "
        "advise you meanwhile."
    )
    return Led(talk, (Say(said),))


def _of_age(talk: Talk, given: Given) -> Led:
    """A child is not interviewed: who knows how to be with children takes over, with what is known."""
    if "no" not in codes_of(talk.answers, "adult"):
        return Led(talk)
    kept = filed(_complete(talk), given, agreed=False)
    sealed = tuple(effect for effect in kept.effects if not isinstance(effect, Say))
    code = _case(kept, talk)
    if "other" in codes_of(talk.answers, "whom"):
        said = t(
            "Thank you for standing by her. At her age we ask nothing further: a woman who knows how to be with the "
            "young takes it from here, and writes to you only in this chat. Your code is {code}. We can't promise "
            "when.",
            code=code,
        )
    else:
        said = t(
            "It was good of you to write, and you did right. We ask you nothing further: a woman who knows how to be "
            "with the young takes it from here, and writes to you only in this chat. Your code is {code}. We can't "
            "promise when.\n"
            "If there is a grown woman whom you trust, be near her.",
            code=code,
        )
    quietly = t("If it isn't good that we write here, tell us: “do not call”.")
    return Led(talk.under or Talk(), (*sealed, Say(join(said, quietly, between="\n"))))


# ---------------------------------------------------------------- what sending means, and what is always so


def _sent(talk: Talk, given: Given) -> Led:
    """Everything is with the team, once; a report that waited under it goes on."""
    kept = filed(_complete(talk), given, agreed="send" in talk.answers)
    return Led(talk.under or Talk(), kept.effects)


def _complete(talk: Talk) -> Talk:
    """What the choices without a track mean among the association's needs: the desk sets its tracks by it."""
    meant = [code for need in codes_of(talk.answers, "need") for code in NEEDS_OF.get(need, ())]
    wish = talk.answers.get("wish", Answer())
    codes = tuple(dict.fromkeys((*wish.codes, *meant)))
    return replace(talk, answers={**talk.answers, "wish": replace(wish, codes=codes)}) if meant else talk


def _always(talk: Talk, given: Given) -> Led:
    """What is near is looked up as soon as it is to be asked; the path without a summary stays open for her words."""
    known = _looked_up(talk, given)
    led = keep_abreast(known, given)
    pending = HELP.first_open(known)
    if about_self_harm(known.answers) and (pending is None or pending.name == "send"):
        return _may_come(known, given)
    if known.answers.get("near") == NOTHING_NEAR != talk.answers.get("near"):
        return replace(led, effects=(*led.effects, Say(NOTHING)))
    return led


def _looked_up(talk: Talk, given: Given) -> Talk:
    """Where nothing may be offered, a person advises her; what she chose is asked anew where it is offered no more."""
    near, pending = talk.answers.get("near"), HELP.first_open(talk)
    if near is None and (pending is None or pending.name != "near"):
        return talk
    found = {service.code for service in offered(talk, given)} | {"advise"}
    if near and not found.issuperset(near.codes):
        near = None
        talk = replace(talk, answers={name: answer for name, answer in talk.answers.items() if name != "near"})
    return talk if near or len(found) > 1 else replace(talk, answers={**talk.answers, "near": NOTHING_NEAR})


NOTHING_NEAR: Final = Answer(codes=("advise",))
HELP: Final = replace(
    ASKED,
    questions=(*ASKED.questions, SEND),
    skip={**ASKED.skip, "send": lambda answers: about_self_harm(answers) and "person" in answers},
    after={
        "danger": page_if_unsafe,
        "need": _needed,
        "recent": _cared,
        "knows": _known_to_her,
        "adult": _of_age,
        "send": _sent,
    },
    always=_always,
)

# ---------------------------------------------------------------- open for her words


def _went_on(talk: Talk, _given: Given) -> Led:
    """Each message of hers is in the case already; only she closes this."""
    if "enough" not in codes_of(talk.answers, "stay"):
        return Led(replace(talk, answers={}, page=1))
    said = t("All right. What you told us is with our team, under {code}. Write here at any hour.", code=talk.case)
    return Led(talk.under or Talk(), (Say(said),))


STAYING: Final = Flow("stay", (STAY,), after={"stay": _went_on})
