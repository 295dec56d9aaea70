"""Writes what Twilio is to say and ask in a call, as TwiML.

It knows no sentence but the few of `handlers.voice_words`.
"""

from __future__ import annotations

from twilio.twiml.voice_response import Gather, VoiceResponse

from flows.core import Language
from handlers.voice import LONGEST
from handlers.voice_words import Said, spoken
from messages.catalog import render

# Twilio's names: Amazon Polly's Zeina speaks Modern Standard Arabic, the one woman's voice for `arb` there.
VOICES: dict[Language, tuple[str, str]] = {"ar": ("arb", "Polly.Zeina"), "en": ("en-GB", "Polly.Amy")}
"""Language and voice of <Say> for each of ours."""
_PATIENCE = 7
"""Seconds that it waits for a key, from the end of the sentence or from the key before."""


def asking(what: Said, again: Said, action: str, language: Language, *, keys: int = LONGEST) -> str:
    """Ask for keys, once more where none comes, and then hang up. `action` is where the keys are brought."""
    answer = VoiceResponse()
    for words in (what, again):
        gather = Gather(
            input="dtmf", num_digits=keys, finish_on_key="#" if keys > 1 else "", timeout=_PATIENCE, action=action
        )
        _say(gather, words, language)
        answer.append(gather)
    answer.hangup()
    return str(answer)


def ending(what: Said, language: Language) -> str:
    """Say something last, and hang up."""
    answer = VoiceResponse()
    _say(answer, what, language)
    answer.hangup()
    return str(answer)


def silence() -> str:
    """Hang up without a word: a machine has answered."""
    answer = VoiceResponse()
    answer.hangup()
    return str(answer)


def nothing_to_say() -> str:
    """An answer to what asks no question."""
    return str(VoiceResponse())


def _say(into: Gather | VoiceResponse, what: Said, language: Language) -> None:
    tongue, voice = VOICES[language]
    into.say(render(spoken(what), language), voice=voice, language=tongue)
