"""Her other chat: a short code, written there, says that both are hers, so that a check-in asks her on both.

It never joins anything by itself, and gives no code without her word where she has one.
"""

from typing import Final

from flows import first_word
from flows.core import Answers, EraseThis, Flow, Given, Led, OfferChatCode, PartChats, Say, Talk
from flows.first_word import NOT_HER_WORD, without
from flows.questions import Choose, Word
from messages import Text, t

LEFT: Final = t("All right. It stays as it was.")
PARTED: Final = t("It is done. This chat stands by itself again.")


def _which(_talk: Talk, _given: Given) -> Text:
    return t(
        "If you write to us from another app too, we can know both chats as yours: then we ask you on both when we "
        "wait for you, and your word counts in both."
    )


CHAT: Final = Choose(
    "chat",
    t("My other chat"),
    _which,
    {"offer": t("Join my other chat"), "part": t("Let this one be alone"), "nothing": t("Leave it so")},
    needed=True,
    no="nothing",
)
CHAT_WORD: Final = Word("word", t("My word"), t("Write your word, please."))


def _chosen(talk: Talk, given: Given) -> Led:
    if talk.answers["chat"].codes == ("nothing",):
        return _ended(talk, Led(talk, (Say(LEFT),)))
    return Led(first_word.known(talk, given)) if "safe" in given.person.words else _done(talk, given)


def _proven(talk: Talk, given: Given) -> Led:
    """With the word that only looks like hers she sees a code that joins nothing."""
    match talk.answers["word"].codes:
        case ("safe",):
            led = _done(talk, given)
            return Led(led.talk, (EraseThis(), *led.effects), led.ask)
        case ("duress",):
            said = tuple(effect for effect in _done(talk, given).effects if isinstance(effect, Say))
            return _ended(talk, Led(talk, (EraseThis(), *said)))
        case _:
            return Led(without(talk, "word"), (EraseThis(), Say(NOT_HER_WORD)))


def _done(talk: Talk, given: Given) -> Led:
    if talk.answers["chat"].codes == ("part",):
        return _ended(talk, Led(talk, (PartChats(), Say(PARTED))))
    said = t(
        "Write this to us in your other chat within 15 minutes:\n{code}\n"
        "Whoever has it can join their chat to yours, so show it to nobody.",
        code=given.code,
    )
    return _ended(talk, Led(talk, (OfferChatCode(given.code), Say(said))))


def _ended(talk: Talk, led: Led) -> Led:
    return Led(talk.under or Talk(), led.effects, ask=talk.under is not None)


def _no_word(answers: Answers) -> bool:
    return not first_word.has_one(answers)


OTHER_CHAT: Final = Flow(
    "other_chat", (CHAT, CHAT_WORD), skip={"word": _no_word}, after={"chat": _chosen, "word": _proven}
)
