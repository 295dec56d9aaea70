"""What is held about her, what she agreed to, a receipt, and deleting: all of it hers to see and to take back.

It never acts by itself, and never shows what was written: who holds her phone reads codes and dates.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flows import deleting
from flows.consents import LAYERS
from flows.core import Answer, Answers, Flow, Given, GiveReceipt, Led, Remember, Say, Talk
from flows.dates import YEMEN
from flows.held import described
from flows.my_reports import codes
from flows.questions import Choose
from messages import Text, join, t

AGREED_TO_NOTHING: Final = t("So far you have agreed to nothing, so there is nothing to take back.")
WITHOUT_KEEPING: Final = t("This one means that we keep what you send. To take it back is to delete what is kept.")
TAKEN_BACK: Final[Mapping[str, Text]] = {
    "document": t("Done. It is not kept as evidence any more; it is destroyed some time after it is closed."),
    "map": t("Done. It is counted on no map."),
    "contact": t("Done. Nobody of the team writes to you about what you sent. You can still write here."),
    "alert": t("Done. When you go silent, nobody is called because of that."),
}


def _what(talk: Talk, given: Given) -> Mapping[str, Text]:
    del talk
    sent = {"receipt": t("A receipt"), "one": t("Delete one of them")} if given.reports else {}
    return {
        "see": t("Show me what is kept"),
        "consents": t("What I agreed to"),
        **sent,
        "all": t("Delete everything"),
        "nothing": t("Nothing more"),
    }


def _agreed(talk: Talk, given: Given) -> Mapping[str, Text]:
    del talk
    given_ones = {layer: LAYERS[layer] for layer in LAYERS if layer in given.person.consents}
    return {**given_ones, "nothing": t("I take nothing back")}


def _since(talk: Talk, given: Given) -> Text:
    del talk
    lines = [
        t("{layer}: since {day}", layer=LAYERS[layer], day=agreed.at.astimezone(YEMEN).date())
        for layer in LAYERS
        if (agreed := given.person.consents.get(layer))
    ]
    intro = t("This is what you agreed to. Press what you take back; it holds at once, and nobody asks why.")
    return join(intro, join(*lines, between="\n"))


WHAT: Final = Choose("what", t("Menu"), t("What is yours stays yours. What would you like?"), _what, needed=True)
CONSENT: Final = Choose("consent", t("What I agreed to"), _since, _agreed, needed=True)
WHICH: Final = Choose(
    "which",
    t("Which one"),
    t("Which one?"),
    lambda talk, given: {**codes(talk, given), "nothing": t("None of them")},
    needed=True,
)


def _again(talk: Talk, *said: Text) -> Led:
    """Back to the first question here, with what is to be said before it."""
    return Led(replace(talk, answers={}, page=0), tuple(Say(one) for one in said))


def _go(talk: Talk, given: Given) -> Led:
    match talk.answers["what"].codes:
        case ("see",) if given.held is not None:
            return _again(talk, described(given.held, given))
        case ("see",):
            return _again(talk)
        case ("consents",) if not given.person.consents:
            return _again(talk, AGREED_TO_NOTHING)
        case ("all",):
            return deleting.begin("", talk, given)
        case _:
            return Led(talk)


def _take_back(talk: Talk, given: Given) -> Led:
    layer = talk.answers["consent"].codes[0]
    person = given.person
    if layer == "store" and layer in person.consents:
        led = deleting.begin("", talk, given)
        return replace(led, effects=(Say(WITHOUT_KEEPING), *led.effects))
    if layer not in person.consents:
        return _again(talk)
    left = {name: agreed for name, agreed in person.consents.items() if name != layer}
    again = _again(talk, TAKEN_BACK[layer])
    return replace(again, effects=(Remember(replace(person, consents=left)), *again.effects))


def _chosen(talk: Talk, given: Given) -> Led:
    code = talk.answers["which"].codes[0]
    if code not in {report.code for report in given.reports}:
        return _again(talk)
    if talk.answers["what"].codes == ("receipt",):
        return Led(talk, (GiveReceipt(code),))
    return deleting.begin(code, talk, given)


def _is_not(wanted: tuple[str, ...], answers: Answers) -> bool:
    return not set(wanted) & set(answers.get("what", Answer()).codes)


MY_DATA: Final = Flow(
    "my_data",
    (WHAT, CONSENT, WHICH, *deleting.QUESTIONS),
    skip={
        "consent": lambda answers: _is_not(("consents",), answers),
        "which": lambda answers: _is_not(("receipt", "one"), answers),
        "word": lambda answers: deleting.left_out("word", answers),
        "wipe": lambda answers: deleting.left_out("wipe", answers),
        "sure": lambda answers: deleting.left_out("sure", answers),
    },
    after={"what": _go, "consent": _take_back, "which": _chosen, **deleting.AFTER},
)
