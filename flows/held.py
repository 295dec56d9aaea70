"""Says in plain words what is held about her: which reports, what of each, who can open it, until when.

It never says what is in it: that is sealed, even from whoever runs this.
"""

from datetime import date, datetime
from typing import Final

from flows.core import Given, Held, Holding
from flows.dates import YEMEN
from flows.public import Public
from messages import Text, join, t, tn

_MOST: Final = 5
"""Reports that are described in one letter; of the others there is their number."""
NOTHING: Final = t("Nothing of what you told is tied to this chat.")
SEALED: Final = t(
    "What you wrote lies sealed, even from us who run this. A person of the team can send you your own words back "
    "here: ask for it under “What I sent before”."
)
ADDRESS: Final = t("So that we can answer you: your address in this app and your language, sealed with our own key.")
NUMBERS: Final = t("For two days: the numbers of the messages here, so that they can be deleted for you.")
WORDS: Final = t("Your own words, changed so that nobody can read them.")
DRAFT: Final = t("Something that you began and have not sent. It is destroyed by itself when you stay silent.")


def described(held: Held, given: Given) -> Text:
    """All of it, in one letter; the newest report first."""
    newest = held.reports[::-1]
    lines = [_report(one, given) for one in newest[:_MOST]] or [NOTHING]
    if len(newest) > _MOST:
        lines.append(tn("And one earlier one.", "And {count} earlier ones.", len(newest) - _MOST))
    besides = [ADDRESS]
    if given.erasable:
        besides.append(NUMBERS)
    if given.person.words:
        besides.append(WORDS)
    if held.draft:
        besides.append(DRAFT)
    if held.check_ins:
        besides.append(tn("One check on you that is set.", "{count} checks on you that are set.", held.check_ins))
    if held.other_chats:
        besides.append(tn("One other chat of yours.", "{count} other chats of yours.", held.other_chats))
    sealed = [SEALED] if held.reports else [_forgotten(given)]
    return join(t("This is what is kept of you."), *lines, join(*besides, *_public(held.public), between="\n"), *sealed)


def _public(public: Public) -> list[Text]:
    """What she chose, learns and asked beside all that; it lies apart from the rest."""
    found: list[Text] = []
    if public.subscription and public.subscription.topics:
        found.append(t("What you chose to receive, with your address once more, on a list that says nothing else."))
    if public.learning:
        found.append(t("How far you are in a course, with your address as well."))
    if public.questions:
        asked = len(public.questions)
        found.append(
            tn(
                "One question of yours under “Tips and lessons”.",
                "{count} questions of yours under “Tips and lessons”.",
                asked,
            )
        )
    return found


def _forgotten(given: Given) -> Text:
    keep = given.rules.retention
    return t(
        "If you sent something that was closed more than {link} days ago: it does not say any more whose it was, and "
        "is destroyed {days} days after it was closed.",
        link=keep.chat_link.days,
        days=keep.closed_case.days,
    )


def _report(one: Holding, given: Given) -> Text:
    return join(
        t("{code}, since {day}:", code=one.code, day=_day(one.opened_at)),
        tn(
            "one sealed entry: what you told, and what the team wrote to it",
            "{count} sealed entries: what you told, and what the team wrote to it",
            one.items,
        ),
        *([tn("one file", "{count} files", one.files)] if one.files else []),
        _readers(one),
        _until(one, given),
        between="\n",
    )


def _readers(one: Holding) -> Text:
    if not one.readers:
        return t("Who can open it: at this moment nobody but the holder of the key in the safe.")
    return tn(
        "Who can open it: one member of the team, and the holder of the key in the safe.",
        "Who can open it: {count} members of the team, and the holder of the key in the safe.",
        one.readers,
    )


def _until(one: Holding, given: Given) -> Text:
    if one.ends:
        return t("Until when: until the team has closed it; then it is destroyed, as you wished.")
    if one.documented:
        return t("Until when: kept as evidence, until you take that back.")
    if one.until is not None:
        return t("Until when: {day}, then it is destroyed by itself.", day=_day(one.until))
    days = given.rules.retention.closed_case.days
    return t("Until when: as long as it is open, and {days} days after that.", days=days)


def _day(at: datetime) -> date:
    return at.astimezone(YEMEN).date()
