"""Asks for a new word of her own, and kindly refuses what could not be one: too short, too long, or said by anybody.

It never keeps what she wrote: only whether it may be her word, and whether it is one already.
"""

from dataclasses import dataclass

from flows.core import Event, Given, Judgement, Refused, Said, Talk
from flows.cover import KNOWN
from flows.hearing import listen
from flows.questions import Word
from messages import t
from messages.arabic import tokens

SHORTEST, LONGEST, MOST_WORDS = 3, 60, 4
"""Letters, letters, words; less than what is stretched at most (handlers.own_words)."""
TOO_SHORT = t("That one is a little short. Three letters at least, please, or a few words.")
TOO_LONG = t("That one is a little long. Four words at most, please, so that you remember it.")
MEANS_SOMETHING = t("This already means something here, or anybody might write it. Another one, please.")


@dataclass(frozen=True, slots=True)
class NewWord(Word):
    """A word that she chooses."""

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:
        """Keep what the word is, never the word; refuse what could not be one."""
        if option is None and isinstance(event, Said) and (why := _unfit(event.words, given)):
            return why
        return Word.judge(self, event, option, talk, given)


def _unfit(words: str, given: Given) -> Refused | None:
    heard = listen(words, given.rules)
    said = tokens(words)
    letters = sum(letter.isalpha() for letter in "".join(said))
    if heard.emoji or heard.number is not None or heard.commands or heard.language or heard.unsafe or heard.distress:
        return Refused(MEANS_SOMETHING)
    if letters < SHORTEST:
        return Refused(TOO_SHORT)
    if len(words) > LONGEST or len(said) > MOST_WORDS:
        return Refused(TOO_LONG)
    return Refused(MEANS_SOMETHING) if KNOWN.issuperset(said) else None
