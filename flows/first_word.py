"""Asks her to choose the word that proves it is her, twice, inside a conversation that can't go on without one.

It never holds the word; changing one, or forgetting it, is asked elsewhere (`flows.safety`).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from flows.core import Answer, Answers, EraseThis, Given, KeepWord, Led, OwnWord, Remember, Say, Talk
from flows.own_word import NewWord
from flows.questions import Word
from flows.safety import SAFE_KEPT
from messages import Text, t

KNOWN: Final = "has_word"
"""Stands among the answers where she has a word: then she isn't asked to choose one."""
NO_WORD: Final = "no_word"
OTHER_ONE: Final = t("Let it be another one, please.")
NOT_THE_SAME: Final = t("Those were two different words. Let us do it once more.")
NOT_HER_WORD: Final = t("We did not recognise it. Write it once more, as you chose it.")


def _choose(_talk: Talk, given: Given) -> Text:
    why = t(
        "First choose a word that only you know: then nobody else can say in your place that you are well. "
        "One everyday word or a few, but not your name."
    )
    gone = (
        t("We delete your message with it at once.")
        if given.erasable
        else t("We can't delete your message here: delete it from your phone once you have sent it.")
    )
    return t("{why}\n{gone}", why=why, gone=gone)


CHOOSE: Final = NewWord("safe_word", t("My word"), _choose, {NO_WORD: t("I want no word")})
AGAIN: Final = Word(
    "safe_again", t("My word, again"), t("Thank you. Write the same word once more, so that we surely have it right.")
)


def has_one(answers: Answers) -> bool:
    """Whether she has a word, as far as this talk knows."""
    return KNOWN in answers


def known(talk: Talk, given: Given) -> Talk:
    """The talk, knowing whether she has a word."""
    return _with(talk) if "safe" in given.person.words else talk


def without(talk: Talk, *names: str) -> Talk:
    """The talk as if these had not been answered."""
    return replace(talk, answers={name: answer for name, answer in talk.answers.items() if name not in names})


def chosen(talk: Talk, _given: Given) -> Led:
    """Keep it, unless it is the one that only looks like hers."""
    if talk.answers[CHOOSE.name].codes == ("duress",):
        return Led(without(talk, CHOOSE.name), (EraseThis(), Say(OTHER_ONE)))
    return Led(talk, (KeepWord("safe"), EraseThis()))


def repeated(onward: Callable[[Talk, Given], Talk]) -> Callable[[Talk, Given], Led]:
    """She wrote it twice: from now on it is hers, and the talk goes `onward`. If not, it is chosen anew.

    Whoever made her write sees it kept, though nothing is: her own words stay as they are.
    """

    def after(talk: Talk, given: Given) -> Led:
        if talk.answers[AGAIN.name].codes != ("safe",) and not given.person.forced:
            return Led(without(talk, CHOOSE.name, AGAIN.name), (EraseThis(), Say(NOT_THE_SAME)))
        words: tuple[OwnWord, ...] = ("safe", *(word for word in given.person.words if word != "safe"))
        kept = Remember(replace(given.person, words=words))
        return Led(onward(_with(talk), given), (EraseThis(), kept, Say(SAFE_KEPT)))

    return after


def _with(talk: Talk) -> Talk:
    return replace(talk, answers={**talk.answers, KNOWN: Answer()})
