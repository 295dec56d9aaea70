"""Gives the desk's browser the words for every code that a sealed case may hold, in one language.

It never sees an answer: the case is opened in the browser, and put into words there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flows.core import Language, Question
from flows.danger import SURE
from flows.help import HELP
from flows.help_script import ADVISE
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
DOORS: Final[Mapping[str, Text]] = {"help": t("Asks for help"), "child": t("Under 18")}
"""What a line of the list says of what she came for, beside a report: by the code of the door."""
_REPORTED: Final = {question.name for question in REPORT.questions}
ASKED: Final[tuple[Question, ...]] = (
    REPORT.questions[0],
    *(question for question in HELP.questions if question.name not in _REPORTED),
    *REPORT.questions[1:-1],
    *NOW.questions,
)
"""Every question whose answers a case may hold: first her safety, then what only who asks for help is asked."""
TITLES: Final[Mapping[str, Text]] = {
    "never": t("She does not want this done"),
    "reach": t("How she can be reached"),
    "hours": t("When she can be reached"),
    "word": t("The word by which she knows us"),
    "wish": t("What she wishes"),
    "need": t("What she asks for"),
    "company": t("Who is with her"),
    "person": t("May a person write or call at once"),
    "whom": t("For whom she asks"),
    "knows": t("The other woman knows"),
    "soon": t("How soon it is needed"),
    "near": t("Services she chose"),
}
"""Titles that speak to her in her own summary speak of her here."""
WATCHED: Final[Mapping[str, tuple[Text, Mapping[str, Text]]]] = {
    "sos": (t("Called the person on call"), {"sos": t("by the button, or by a word that is a whole message")}),
    "called": (
        t("After calling, she pressed"),
        {
            "safe_now": t("safe now. Somebody else may hold her phone: make sure before closing"),
            "mistake": t("by mistake. Somebody else may hold her phone: make sure before closing"),
        },
    ),
    "sure": (t("Asked whether she is in danger"), SURE.options if isinstance(SURE.options, Mapping) else {}),
    "here": (t("Where her phone was last"), {}),
    "plan": (t("Her plan"), {}),
    "check_in": (
        t("Agreed time"),
        {
            "missed": t(
                "she was not heard from. Reach her only by the way she chose, ask what only she can know, "
                "and do not call the house"
            ),
            "wrong_word": t("somebody wrote words that are not hers. Do not write to this chat"),
            "network": t("several women of one governorate were not heard from. The line may be down; look at each"),
        },
    ),
    "duress": (t("Her other word"), {"duress": t("she writes under force. Do not write to this chat")}),
}
"""What only calling, a check-in or a word of her own brings: title, and labels by code."""
BESIDE: Final[Mapping[str, Mapping[str, Text]]] = {
    "danger": {"unconfirmed": t("NOT CONFIRMED: words of danger, then silence. She agreed to be called for")}
}
"""Codes that are no option of hers, by question."""
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
        "questions": [*(_question(question, language) for question in ASKED), *_watched(language)],
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
    """The full name of every code of the taxonomy and of the directory; shared codes: the first group's."""
    groups: list[Mapping[str, Any]] = [rules.services, *(getattr(rules.taxonomy, name) for name in reversed(GROUPS))]
    found = {code: str(term.label[language]) for group in groups for code, term in group.items()}
    return found | _said({**OURS, "advise": ADVISE}, language)


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
    labels = {**labels, **BESIDE.get(question.name, {})}
    return {
        "name": question.name,
        "title": render(TITLES.get(question.name, question.title), language),
        "labels": _said(labels, language),
    }


def _watched(language: Language) -> list[dict[str, Any]]:
    return [
        {"name": name, "title": render(title, language), "labels": _said(labels, language)}
        for name, (title, labels) in WATCHED.items()
    ]


def _said(texts: Mapping[str, Text], language: Language) -> dict[str, str]:
    return {code: render(text, language) for code, text in texts.items()}
