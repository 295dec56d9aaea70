"""Says what stands around a colleague's message to her, and offers sentences that are ready to be sent.

The first line tells nothing: it is all that a locked phone shows. No sentence promises, or asks for proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from messages import Text, t

# page: shown on her phone
OPENING: Final = t("A few words for you, to be read whenever it suits you.")
READY: Final[Mapping[str, Text]] = {
    # page: shown on her phone
    "here": t(
        "I am a person of the team, and I have read what you wrote. Thank you for your trust. I am here for you."
    ),
    # page: shown on her phone
    "good_time": t("Is now a good time to write to each other? If not, tell me when it suits you."),
    # page: shown on her phone
    "safe_now": t("How are you at this moment? Are you somewhere you feel safe?"),
    # page: shown on her phone
    "tell_more": t("If you like, tell me a little more. Only what you want to say; a voice note is fine as well."),
    # page: shown on her phone
    "wish": t("What would help you most now? The decision is yours, and nothing happens without your yes."),
    # page: shown on her phone
    "call": t(
        "May I call you? If so, tell me which number and which time are safe, and which word I should say first."
    ),
    # page: shown on her phone
    "working": t("I am working on what we spoke about. I will write to you here when there is something new."),
    # page: shown on her phone
    "not_alone": t("What happened is not your fault. You are not alone in this, and we believe you."),
    # page: shown on her phone
    "keep_clear": t("If it is safer for you, delete this chat from your phone. Nothing of it is lost with us."),
    # page: shown on her phone
    "how_now": t("How have you been since we last wrote? You need not answer if it doesn't suit you."),
    # page: shown on her phone
    "ending": t("As far as we see, all that we could do together is done. Write here whenever you need us."),
}
"""By code; each is shown to the colleague, who may change it before it goes out."""
