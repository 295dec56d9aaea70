"""Gives the desk's browser the words for every code that a sealed case may hold, in one language.

It never sees an answer: the case is opened in the browser, and put into words there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flows.core import Language, Question
from flows.questions.place import SHARED
from flows.questions.when import LABELS
from flows.questions.write import VOICE
from flows.report import NOW, REPORT
from flows.rules import Mechanism
from flows.taxonomy import GROUPS
from flows.terms import OURS
from handlers.work_words import LEVELS, OUTCOMES, STATES, TRACKS
from messages import Text, t
from messages.catalog import render

STATUS: Final[Mapping[str, Text]] = {
    "waiting": t("Not taken yet"),
    "taken": t("Taken"),
    "contacted": t("In touch"),
    "closed": t("Closed"),
}
KIND: Final[Mapping[str, Text]] = {
    "photo": t("Picture"),
    "voice": VOICE,
    "video": t("Video"),
    "document": t("Document"),
}
CHANNEL: Final[Mapping[str, Text]] = {"telegram": t("Telegram"), "whatsapp": t("WhatsApp"), "preview": t("Preview")}
LANGUAGE: Final[Mapping[str, Text]] = {"ar": t("Arabic"), "en": t("English")}
TITLES: Final[Mapping[str, Text]] = {
    "never": t("She does not want this done"),
    "reach": t("How she can be reached"),
    "hours": t("When she can be reached"),
    "word": t("The word by which she knows us"),
    "wish": t("What she wishes"),
}
"""Titles that speak to her in her own summary speak of her here."""
UNSAID: Final = t("She did not say.")
"""Where her own summary says it to her."""
STATEMENT: Final = t("Her own words")
"""Stands for the question where she raised the urgency herself."""
_NO_NEED: Final = frozenset(("none_now", "information_only"))


def dictionary(language: Language, rules: Mechanism) -> dict[str, Any]:
    """Everything in words: questions in their order with the labels of their codes, the association's terms, ours."""
    return {
        "language": language,
        "version": rules.version,
        "questions": [_question(question, language) for question in (*REPORT.questions[:-1], *NOW.questions)],
        "terms": terms(language, rules),
        "needs": needs(rules),
        "tracks": _said(TRACKS, language),
        "states": _said(STATES, language),
        "outcomes": _said(OUTCOMES, language),
        "levels": _said(LEVELS, language),
        "statuses": _said(STATUS, language),
        "files": _said(KIND, language),
        "channels": _said(CHANNEL, language),
        "languages": _said(LANGUAGE, language),
        "statement": render(STATEMENT, language),
        "shared": render(SHARED, language),
        "unsaid": render(UNSAID, language),
    }


def terms(language: Language, rules: Mechanism) -> dict[str, str]:
    """The full name of every code of the taxonomy; where groups share a code, the first group's."""
    groups: list[Mapping[str, Any]] = [getattr(rules.taxonomy, name) for name in reversed(GROUPS)]
    found = {code: str(term.label[language]) for group in groups for code, term in group.items()}
    return found | _said(OURS, language)


def needs(rules: Mechanism) -> dict[str, list[str]]:
    """The codes of what may be needed on each track, in the order of the taxonomy.

    A need of none of the three tracks (cash, an account won back) stands with the physical one, so that none is lost.
    """
    found: dict[str, list[str]] = {track: [] for track in TRACKS}
    for code, need in rules.taxonomy.needs.items():
        if code not in _NO_NEED:
            found[need.track if need.track in found else "physical"].append(code)
    return found


def _question(question: Question, language: Language) -> dict[str, Any]:
    options = getattr(question, "options", {})
    labels = options if isinstance(options, Mapping) else {}
    if question.name == "when":
        labels = LABELS
    return {
        "name": question.name,
        "title": render(TITLES.get(question.name, question.title), language),
        "labels": _said(labels, language),
    }


def _said(texts: Mapping[str, Text], language: Language) -> dict[str, str]:
    return {code: render(text, language) for code, text in texts.items()}
