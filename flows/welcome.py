"""The welcome: language, one honest screen, and consent layer by layer, none of it ticked beforehand.

It never stands between a woman in danger and the team: her words of danger, or the button here, lead past it.
"""

from dataclasses import replace
from typing import Final

from flows.consents import LAYERS, VERSION, honestly, layers
from flows.core import Consent, Flow, Given, Led, Remember, Say, Talk
from flows.menu import LANGUAGES, in_both, remember_language
from flows.questions import Choose, Several
from flows.ways import MENU
from messages import t

HELP_NOW: Final = {"help_now": MENU["help_now"]}


HIDES_AND_DELETES: Final = t(
    "One thing more. “Today's weather”, or 0, hides this chat at once: what stands here is deleted as far as Telegram "
    "lets us, what you had begun is forgotten, and only ordinary things are answered. Notifications, copies, and "
    "Telegram itself may still keep something.\n"
    "A chat that is found to hide can make somebody angry: it is offered, and you decide. You find more under “My "
    "words, hiding”."
)
HIDES: Final = t(
    "One thing more. 0, or “today's weather”, hides this chat at once: what you had begun is forgotten, and only "
    "ordinary things are answered. What stands here already stays until you clear the chat yourself.\n"
    "A chat that is found to hide can make somebody angry: it is offered, and you decide. You find more under “My "
    "words, hiding”."
)


def _agreed(talk: Talk, given: Given) -> Led:
    chosen = talk.answers["consents"].codes
    before = given.person.consents
    consents = {layer: before.get(layer) or Consent(VERSION, given.now) for layer in LAYERS if layer in chosen}
    person = replace(given.person, consents=consents, welcomed=True)
    said: tuple[Say, ...] = (Say(t("Thank you. It is noted, and you can change it at any time.")),)
    if not given.person.welcomed:
        said += (Say(HIDES_AND_DELETES if given.erasable else HIDES),)
    onward = Talk("offer", answers={"heard": talk.early}) if talk.early else talk
    return Led(onward if talk.flow == "welcome" else talk, (Remember(person), *said))


LANGUAGE: Final = Choose(
    "language",
    t("Language"),
    in_both(
        t("Hello, and welcome. Which language suits you?"),
        ar="أهلًا بكِ. أي لغة تناسبكِ؟",
        en="Hello, and welcome. Which language suits you?",
    ),
    {**LANGUAGES, **HELP_NOW},
    needed=True,
)
HONEST: Final = Choose(
    "honest",
    t("Before we begin"),
    honestly,
    {"ok": t("All right, go on"), **HELP_NOW},
    plainer=t("If you have read it, press “go on”. If something is not clear, a person will explain it later."),
    needed=True,
    yes="ok",
)
CONSENTS: Final = Several("consents", t("My choices"), layers, LAYERS, needed=True, may_be_none=True)

WELCOME: Final = Flow(
    "welcome", (LANGUAGE, HONEST, CONSENTS), after={"language": remember_language, "consents": _agreed}
)
ABOUT: Final = Flow("about", (CONSENTS,), after={"consents": _agreed})
"""The same from the menu, with her choices as they stand."""
