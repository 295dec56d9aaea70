"""Deletes one report of hers or everything, at her word: what she is told before, what she proves, what stays.

It never pretends, but to whoever makes her say her other word. Decided here, as for taking a report back:

* With a safe word set, only that word deletes, and it deletes at once, whatever is under way: it is hers.
* Without one, somebody else may be holding her phone. So a critical or high report about which nobody has been in touch
  yet is taken back and told to the team, and is destroyed when the team closes it. Everything else goes at once.
* The duress word looks just the same: `flows.lock` keeps what was said to be deleted, and the team is called unseen.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flows.consents import HOW_TO_CLEAR
from flows.core import (
    AddToCase,
    After,
    Answer,
    Answers,
    Destroy,
    Effect,
    EraseThis,
    Given,
    Led,
    Remember,
    Report,
    Say,
    Talk,
    Wipe,
)
from flows.lock import under_duress
from flows.questions import Choose, Word
from flows.ways import case_of
from messages import Text, both, join, t

TRIES: Final = 3
"""Wrong words, after which it is left for now."""
NOT_NOW: Final = t("All right. Nothing was changed.")
WRONG: Final = t("This is not the word that we know here. You can try once more, or leave it.")
LEFT: Final = t("Let us leave it for now. Nothing was changed.")
CHECK_INS_FIRST: Final = t(
    "A check on you is still set. End it first under “Check on me later”; then everything can be deleted."
)


def begin(code: str, talk: Talk, given: Given) -> Led:
    """Ask what has to be asked before one report, or without a code everything, is deleted."""
    person = given.person
    if not code and given.check_ins and "safe" not in person.words:
        return Led(talk.under or Talk(), (Say(CHECK_INS_FIRST),))
    asks = {"word": "safe" in person.words, "wipe": not code and given.erasable}
    answers = {
        "what": Answer(codes=("one" if code else "all",)),
        "which": Answer(codes=(code,)),
        "asks": Answer(codes=tuple(name for name, is_asked in asks.items() if is_asked)),
    }
    return Led(Talk("my_data", answers=answers, under=talk.under))


def left_out(name: str, answers: Answers) -> bool:
    """Whether one of the questions here is not asked."""
    asked = answers.get("asks")
    return asked is None or (name in {"word", "wipe"} and name not in asked.codes)


# ---------------------------------------------------------------- is it her


def _judged(talk: Talk, given: Given) -> Led:
    match talk.answers["word"].codes:
        case ("safe",):
            return Led(talk, (EraseThis(),))
        case ("duress",):
            forced, called = under_duress(given)
            return Led(talk, (*called, EraseThis(), Remember(forced)))
        case ("leave",):
            return Led(talk.under or Talk(), (Say(NOT_NOW),))
        case _:
            return _wrong(talk)


def _wrong(talk: Talk) -> Led:
    tried = (*talk.answers.get("tries", Answer()).codes, "other")
    if len(tried) >= TRIES:
        return Led(talk.under or Talk(), (EraseThis(), Say(LEFT)))
    answers = {name: answer for name, answer in talk.answers.items() if name != "word"}
    return Led(replace(talk, answers=answers | {"tries": Answer(codes=tried)}), (EraseThis(), Say(WRONG)))


def _is_proven(talk: Talk) -> bool:
    return talk.answers.get("word", Answer()).codes in {("safe",), ("duress",)}


# ---------------------------------------------------------------- what is told before


def _code(talk: Talk) -> str:
    return (talk.answers.get("which", Answer()).codes or ("",))[0]


def _meant(talk: Talk, given: Given) -> tuple[Report, ...]:
    code = _code(talk)
    return tuple(report for report in given.reports if not code or report.code == code)


def _under_way(talk: Talk, given: Given) -> tuple[str, ...]:
    """Codes of what is urgent while nobody has been in touch; what is not known to be less counts as urgent."""
    calm = {one.code for one in given.held.reports if not one.urgent} if given.held else set()
    return tuple(one.code for one in _meant(talk, given) if one.status in {"waiting", "taken"} and one.code not in calm)


def _listed(codes: tuple[str, ...]) -> Text:
    return join(*(both(ar=code, en=code) for code in codes), between=" · ")


def _to_be_sure(talk: Talk, given: Given) -> Text:
    code, codes = _code(talk), _under_way(talk, given)
    said = [
        t("Delete {code} for good? Nobody can bring it back, not even we.", code=code)
        if code
        else t("Delete everything we keep of you? Nobody can bring it back, not even we.")
    ]
    if codes and _is_proven(talk):
        said.append(
            t(
                "Please think of this first: a person may be on the way to you because of {codes}. Deleting stops our "
                "calling, and whoever comes will not know any more what you told us.",
                codes=_listed(codes),
            )
        )
    elif codes:
        said.append(
            t(
                "Nobody has been in touch with you about {codes} yet, and we can't know who holds this phone now. So "
                "it is taken back at once, the team hears of that, and it is destroyed when they have closed it.",
                codes=_listed(codes),
            )
        )
    if any(one.status != "waiting" for one in _meant(talk, given)):
        said.append(
            t(
                "If something was handed on with your consent, it stays with whoever has it. The team can tell you who "
                "that is, but only before you delete."
            )
        )
    if not code and given.held and given.held.check_ins:
        said.append(t("Your checks end with it: nobody asks after you any more."))
    if not code and given.held and given.held.other_chats:
        said.append(t("Your other chat is not part of it: delete there as well what you want gone."))
    return join(*said)


# ---------------------------------------------------------------- done, and what stays


def _done(talk: Talk, given: Given) -> Led:
    if talk.answers["sure"].codes != ("yes",):
        return Led(talk.under or Talk(), (Say(NOT_NOW),))
    waits = () if _is_proven(talk) else _under_way(talk, given)
    effects: list[Effect] = []
    for code in waits:
        effects += [AddToCase(code, "withdrawn"), Destroy(code, waits=True)]
    code = _code(talk)
    if not code:
        wiped: tuple[Effect, ...] = (Wipe(),) if talk.answers.get("wipe", Answer()).codes == ("yes",) else ()
        said = _all_gone(waits, given, wiped=bool(wiped))
        return Led(Talk(), (*wiped, *effects, Destroy(), Say(said, standing="off")), ask=False)
    if waits:
        return Led(_without_its_draft(talk), (*effects, Say(_waiting(waits))))
    return Led(_without_its_draft(talk), (Destroy(code), Say(_one_gone(code, given))))


def _without_its_draft(talk: Talk) -> Talk:
    """What was begun of a report that is deleted is not gone on with: it would open it again."""
    under = talk.under
    return replace(talk, under=None) if under is not None and case_of(under) == _code(talk) else talk


def _waiting(codes: tuple[str, ...]) -> Text:
    return t(
        "{codes} is taken back and the team has been told. It is destroyed when they have closed it.",
        codes=_listed(codes),
    )


def _one_gone(code: str, given: Given) -> Text:
    return join(
        t("It is done. Nothing of {code} is kept here any more.", code=code),
        _backups(given),
        t("What was handed on with your consent stays with whoever has it."),
        t("What was said here stays on your phone and in the app, until you clear this chat."),
    )


def _all_gone(waits: tuple[str, ...], given: Given, *, wiped: bool) -> Text:
    others = given.held is not None and given.held.other_chats > 0
    done = t("It is done. We do not know you any more, and keep nothing that points to you.")
    if waits:
        done = t("It is done, but for what waits for the team.")
    elif others:
        done = t("It is done. In this chat we do not know you any more.")
    chat = (
        t(
            "The messages here are being deleted now. What the app no longer lets us delete stays, until you clear "
            "this chat yourself; this message too."
        )
        if wiped
        else t("What was said here stays on your phone and in the app, until you clear this chat.")
        if given.erasable
        else HOW_TO_CLEAR
    )
    handed = t("What was handed on with your consent stays with whoever has it.")
    kept = [_waiting(waits)] if waits else []
    if others:
        kept.append(
            t(
                "Your other chat stays as it was: what you want gone there, delete there. If it was here that you "
                "chose your word, it is not asked for there any more."
            )
        )
    return join(done, *kept, _backups(given), handed, chat, t("Whenever you want to, you can begin here anew."))


def _backups(given: Given) -> Text:
    return t(
        "In our backups it lies sealed until they expire, in {days} days at most.",
        days=given.rules.retention.backups.days,
    )


WORD: Final = Word(
    "word",
    t("Your word"),
    t("Please write your word first, so that we know it is you."),
    {"leave": t("Leave it")},
)
WIPE: Final = Choose(
    "wipe",
    t("This chat"),
    t("Shall we also delete the messages in this chat, yours and ours, as far as the app lets us?"),
    {"yes": t("Yes, the messages too"), "no": t("No, leave them")},
    needed=True,
    yes="yes",
    no="no",
)
SURE: Final = Choose(
    "sure",
    t("Delete"),
    _to_be_sure,
    {"yes": t("Yes, delete for good"), "no": t("No, keep it")},
    needed=True,
    yes="yes",
    no="no",
    firm=True,
)
QUESTIONS: Final = (WORD, WIPE, SURE)
AFTER: Final[Mapping[str, After]] = {"word": _judged, "sure": _done}
