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


def _agreed(talk: Talk, given: Given) -> Led:
    chosen = talk.answers["consents"].codes
    before = given.person.consents
    consents = {layer: before.get(layer) or Consent(VERSION, given.now) for layer in LAYERS if layer in chosen}
    person = replace(given.person, consents=consents, welcomed=True)
    said = Say(t("Thank you. It is noted, and you can change it at any time."))
    onward = Talk("offer", answers={"heard": talk.early}) if talk.early else talk
    return Led(onward if talk.flow == "welcome" else talk, (Remember(person), said))


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
