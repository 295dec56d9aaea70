"""Her own words, and how the chat hides: chosen, changed and tried here, each word asked for twice.

It never shows or keeps a word. A word is changed with the word before it; she who forgot it says so, and may choose
another a day later, unless hers is heard before: no person of ours could tell better whose hands hold the phone.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from flows import lock
from flows.core import (
    Answer,
    Effect,
    EraseThis,
    Flow,
    ForgetWords,
    Given,
    KeepWord,
    Led,
    OwnWord,
    Person,
    Remember,
    Say,
    Skip,
    Talk,
)
from flows.cover import COVERS
from flows.own_word import NewWord
from flows.questions import Choose, Word
from messages import Text, join, t

FORGOTTEN_FOR: Final = timedelta(hours=24)
PROVEN: Final = Answer(codes=("safe",))
LEAVE: Final = t("Leave things as they are")
NOT_IT: Final = t("That is not the word as we know it. Try once more, whenever you like.")
NOT_WHILE_WATCHED: Final = t(
    "As long as we wait for you at an hour that you named, no other word can be chosen. If yours does not come back to "
    "you, a person asks after you then, and afterwards you choose freely."
)
STILL_WATCHED: Final = t(
    "We still wait for you at an hour that you named, and only your word says then that you are well. End that first "
    "under “Check on me later”; until then your word stays."
)
NOT_SAME: Final = t("The two were not the same, so nothing was chosen. Let us begin again, slowly.")
DIFFER: Final = t("This one is taken already for the other use. Another word, please.")
ERASE_IT: Final = t("Please delete the message with the word from this chat yourself: in this app we can't.")
SAFE_KEPT: Final = t(
    "It is kept. From now on this word opens the chat when it is hidden; so does a cry for help, should you forget it. "
    "We don't know it ourselves, and can't tell it to you."
)
DURESS_KEPT: Final = t(
    "It is kept. If somebody makes you open the chat, write this word: it opens like the other one, shows nothing of "
    "before, and calls the team without a sign of it here."
)


def _about(talk: Talk, given: Given) -> Text:
    if "seen" in talk.answers:
        return t("What else would you like to choose here?")
    kept = (
        t("What is deleted here may still be in notifications, backups, and with Telegram.")
        if given.erasable
        else t("In this app we delete nothing: what stands here stays, until you clear the chat yourself.")
    )
    about = t(
        "Here you choose how this chat hides.\n"
        "“Today's weather”, or 0, hides it at once, from anywhere: what you had begun is forgotten, and only ordinary "
        "things are answered.\n"
        "Your word opens it again. A second word opens it too, if somebody makes you: it shows nothing, and calls the "
        "team.\n"
        "Whoever knows your word is you, to us. And somebody who finds out that a chat hides can get angry: it is for "
        "you to weigh."
    )
    return join(about, kept)


def _options(_talk: Talk, given: Given) -> Mapping[str, Text]:
    words = given.person.words
    last = {"cover": t("What it looks like"), "try": t("Try it once"), "leave": LEAVE}
    if "safe" not in words:
        return {"safe": t("Choose my word"), **last}
    second = t("Change my second word") if "duress" in words else t("Choose a second word")
    return {"safe": t("Change my word"), "duress": second, "forget": t("No words any more"), **last}


def _wanted(talk: Talk) -> str:
    return (talk.answers.get("what", Answer()).codes or ("",))[0]


def _out(talk: Talk) -> Talk:
    return talk.under or Talk()


def _is_proven(talk: Talk) -> bool:
    """Whether she wrote the word that she has, or has none yet, since she opened this."""
    return talk.answers.get("old") == PROVEN


def _anew(talk: Talk) -> Talk:
    """Back to what she may choose here, her word still proven; what was begun waits on."""
    proven = {"old": PROVEN} if _is_proven(talk) else {}
    return Talk("safety", answers={"seen": Answer(), **proven}, under=talk.under)


def _without(talk: Talk, *names: str) -> Talk:
    return replace(talk, answers={name: answer for name, answer in talk.answers.items() if name not in names})


def _erased(given: Given) -> tuple[Effect, ...]:
    """The word leaves the chat, or she is asked to delete it herself."""
    return (EraseThis(),) if given.erasable else (EraseThis(), Say(ERASE_IT))


def _chosen(talk: Talk, given: Given) -> Led:
    person = given.person
    long_ago = _is_long_forgotten(given) and not _is_waited_for(given)
    match _wanted(talk):
        case "leave":
            return Led(_out(talk))
        case "safe" | "duress" | "forget" if long_ago or _is_proven(talk) or "safe" not in person.words:
            known = replace(talk, answers={**talk.answers, "old": PROVEN})
            return _given_up(known, given) if _wanted(talk) == "forget" else Led(known)
        case _:
            return Led(talk)


def _is_long_forgotten(given: Given) -> bool:
    forgot_at = given.person.forgot_at
    return forgot_at is not None and given.now - forgot_at >= FORGOTTEN_FOR


def _is_waited_for(given: Given) -> bool:
    """Whether a new word, chosen by whoever holds her phone, could say that she is well when she is not."""
    return any(one.state != "paused" for one in given.check_ins)


def _proved(talk: Talk, given: Given) -> Led:
    match talk.answers["old"].codes[0]:
        case "duress":
            return lock.obeyed(given)
        case "safe" if _wanted(talk) == "forget":
            led = _given_up(talk, given)
            return replace(led, effects=(*_erased(given), *led.effects))
        case "safe":
            return Led(talk, (*_erased(given), Remember(replace(given.person, forgot_at=None))))
        case "leave":
            return Led(_anew(talk))
        case "forgot" if _is_long_forgotten(given) and _is_waited_for(given):
            return Led(_out(talk), (Say(NOT_WHILE_WATCHED),))
        case "forgot":
            since = given.person.forgot_at or given.now
            said = Say(
                t(
                    "That happens. From {time} on you can choose another one here. Until then all stays as it is.",
                    time=since + FORGOTTEN_FOR,
                )
            )
            return Led(_out(talk), (Remember(replace(given.person, forgot_at=since)), said))
        case _:
            return Led(_without(talk, "old"), (*_erased(given), Say(NOT_IT)))


def _given_up(talk: Talk, given: Given) -> Led:
    if given.check_ins:  # nothing else could say then that she is well
        return Led(_out(talk), (Say(STILL_WATCHED),))
    person = replace(given.person, words=(), forgot_at=None)
    said = Say(t("Done: no word is asked for any more. Whoever writes twice after hiding is asked in."))
    return Led(_out(talk), (ForgetWords(), Remember(person), said))


def _named(talk: Talk, given: Given) -> Led:
    kind, code = _kind(talk), talk.answers["new"].codes[0]
    if code == "leave":
        return Led(_anew(talk))
    if code not in {kind, "other"}:
        return Led(_without(talk, "new"), (*_erased(given), Say(DIFFER)))
    # until it is heard a second time it counts as none: nobody is locked out by a slip of her finger
    unsure = replace(given.person, words=tuple(word for word in given.person.words if word != kind))
    return Led(talk, (*_erased(given), KeepWord(kind), Remember(unsure)))


def _kind(talk: Talk) -> OwnWord:
    return "duress" if _wanted(talk) == "duress" else "safe"


def _confirmed(talk: Talk, given: Given) -> Led:
    kind, code = _kind(talk), talk.answers["again"].codes[0]
    if code == "leave":
        return Led(_anew(talk))
    if code != kind and not given.person.forced:
        return Led(_without(talk, "new", "again"), (*_erased(given), Say(NOT_SAME)))
    person = replace(given.person, words=_with(given.person, kind), forgot_at=None)
    said = Say(SAFE_KEPT if kind == "safe" else DURESS_KEPT)
    return Led(_anew(talk), (*_erased(given), Remember(person), said))


def _with(person: Person, kind: OwnWord) -> tuple[OwnWord, ...]:
    has: set[OwnWord] = {*person.words, kind}
    return tuple(word for word in ("safe", "duress") if word in has)


def _covered(talk: Talk, given: Given) -> Led:
    person = replace(given.person, cover=talk.answers["cover"].codes[0])
    return Led(_anew(talk), (Remember(person), Say(t("All right, that is what it will look like."))))


def _tried(talk: Talk, given: Given) -> Led:
    if talk.answers["try"].codes == ("yes",):
        return lock.leave(talk, given)
    return Led(_anew(talk))


def _trying(_talk: Talk, given: Given) -> Text:
    if "safe" in given.person.words:
        return t("It hides as it would, and what you had begun is forgotten. To come back, write your word. Now?")
    return t("It hides as it would, and what you had begun is forgotten. To come back, write twice. Now?")


def _new_text(talk: Talk, _given: Given) -> Text:
    if _kind(talk) == "duress":
        return t("Write your second word: another one, which you would remember under pressure.")
    return t("Write your word: one or a few ordinary words that you don't forget and nobody guesses.")


def _skips(*wanted: str) -> Skip:
    """Leave a question out unless she wants one of these."""
    return lambda answers: not set(answers.get("what", Answer()).codes) & set(wanted)


SAFETY: Final = Flow(
    "safety",
    (
        Choose("what", t("How it hides"), _about, _options, needed=True),
        Word(
            "old",
            t("Your word"),
            t("First write the word that you have now."),
            {"forgot": t("I forgot it"), "leave": LEAVE},
        ),
        NewWord("new", t("A new word"), _new_text, {"leave": LEAVE}),
        Word("again", t("Once more"), t("The same once more, please, to be sure."), {"leave": LEAVE}),
        Choose("cover", t("What it looks like"), t("What shall it look like when it hides?"), COVERS, needed=True),
        Choose(
            "try",
            t("Try it once"),
            _trying,
            {"yes": t("Yes, hide it now"), "no": LEAVE},
            needed=True,
            yes="yes",
            no="no",
            firm=True,
        ),
    ),
    skip={
        "old": _skips("safe", "duress", "forget"),
        "new": _skips("safe", "duress"),
        "again": _skips("safe", "duress"),
        "cover": _skips("cover"),
        "try": _skips("try"),
    },
    after={
        "what": _chosen,
        "old": _proved,
        "new": _named,
        "again": _confirmed,
        "cover": _covered,
        "try": _tried,
    },
)
