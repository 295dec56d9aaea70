"""The menu, the choice of language, and what stands beside them.

It never holds a draft: whatever is open waits under it.
"""

from dataclasses import replace
from typing import Final

from flows.core import Flow, Given, Led, Remember, Talk
from flows.questions import Choose
from flows.ways import MENU as ENTRIES
from messages import Text, both, join, t

LANGUAGES: Final = {"ar": both(ar="العربية", en="العربية"), "en": both(ar="English", en="English")}


def in_both(text: Text, *, ar: str, en: str) -> Text:
    """A question about the language, in the reader's own and then in the other one."""
    return join(text, both(ar=en, en=ar), between="\n")


def remember_language(talk: Talk, given: Given) -> Led:
    """From now on everything is said in the language that she chose."""
    chosen = talk.answers["language"].codes[0]
    remembered = Remember(replace(given.person, language="en" if chosen == "en" else "ar"))
    return Led(talk, (remembered,))


MENU: Final = Flow("menu", (Choose("menu", t("Menu"), t("How can we be of use?"), ENTRIES, needed=True),))
"""What is asked when nothing is open; `flows.ways.go` opens what she chooses."""
LANGUAGE: Final = Flow(
    "language",
    (
        Choose(
            "language",
            t("Language"),
            in_both(t("Which language suits you?"), ar="أي لغة تناسبكِ؟", en="Which language suits you?"),
            LANGUAGES,
            needed=True,
        ),
    ),
    after={"language": remember_language},
    aside=True,
)
