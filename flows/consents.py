"""The honest screen and the layers of consent, as they are said to her.

It never ticks anything: what she agreed to is in `Person.consents`, with the version of these words and the time.
"""

from collections.abc import Mapping
from typing import Final

from flows.core import Given, Talk
from messages import Text, join, t

VERSION: Final = "1"
"""Of the words by which she agrees, here and when sending. A change of their meaning is a new version."""
LAYERS: Final[Mapping[str, Text]] = {
    "store": t("Keep what I send"),
    "document": t("Keep it as evidence"),
    "map": t("Count it, without me"),
    "contact": t("Contact me"),
    "alert": t("Call if I go silent"),
}
"""What she may agree to, each by itself."""
HOW_TO_CLEAR: Final = t(
    "In this app we can't delete messages for you. To do it yourself:\n"
    "1. Open our chat, and press our name at the top.\n"
    "2. Go down to “Clear chat”.\n"
    "3. Choose to delete everything, with photos and voice notes."
)


def honestly(_talk: Talk, given: Given) -> Text:
    """What this is and is not; where messages can't be deleted for her, how she does it herself."""
    honest = t(
        "Before we begin, four things to know:\n"
        "1. This is not the police and not an emergency service, and we can't promise when someone arrives.\n"
        "2. The messaging app knows that you wrote to us, and your words stay on your phone until you delete them.\n"
        "3. What you choose to keep with us is kept sealed, and only the protection team opens it.\n"
        "4. You can stop, or ask for deletion, at any time, and nobody will ask you why."
    )
    if given.erasable:
        return honest
    return join(honest, HOW_TO_CLEAR)


def layers(_talk: Talk, _given: Given) -> Text:
    """The layers in full sentences, numbered as their buttons are."""
    return t(
        "What may we do? Nothing is ticked beforehand, and each is yours to choose or leave:\n"
        "1. Keep what you send with the protection team.\n"
        "2. Keep it as evidence, for longer.\n"
        "3. Count it on a map, without anything that points to you.\n"
        "4. Contact you, in the way and at the time that you choose.\n"
        "5. Call the person on call if you write words of danger and then go silent."
    )
