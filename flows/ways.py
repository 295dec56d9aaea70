"""Ways out of a question: another flow, an aside, the menu, a stop; and where words go that no question takes.

It never judges an answer, and never shows anything by itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from flows import lesson_shown
from flows.clock_words import goes_and_returns
from flows.consents import honestly
from flows.core import (
    AddToCase,
    Answer,
    Book,
    Effect,
    Event,
    ForgetFiles,
    Given,
    Led,
    Located,
    Person,
    Report,
    Said,
    Say,
    Shared,
    Talk,
)
from flows.hearing import BY_LABEL, SOS
from flows.lesson_stage import WAITS
from flows.questions.parts import CLEAN, ENOUGH, MOST_FILES, PICTURE, joined, told
from messages import Text, t
from messages.arabic import tokens

MENU: Final[Mapping[str, Text]] = {
    "report": t("Tell what happened"),
    "help": t("Ask for help"),
    "help_now": t("I need help now"),
    "check_in": t("Check on me later"),
    "my_reports": t("What I sent before"),
    "my_data": t("What you keep of me"),
    "safety": t("My words, hiding"),
    "learn": t("Tips and lessons"),
    "about": t("About us, my choices"),
    "language": t("Language / اللغة"),
}
PUBLIC: Final = ("lesson", "subscribe", "course", "poll", "stories", "initiatives", "asking", "certificate")
"""Flows of hers as one of the public; a message that came unasked leads into them (`flows.pushed`)."""
_PUBLIC: Final = frozenset(("learn", *PUBLIC))
LONG_ENOUGH_TO_TELL: Final = 6
"""Words at the menu that are offered to become the beginning of a report."""
HELP: Final = t(
    "You can press a button, write its number, or answer in your own words or by voice.\n"
    "“back”: to the question before. “stop”: leave, and choose what becomes of it. “skip”: not say.\n"
    "If you are not safe, write “danger” at any time."
)
NO_REPORTS: Final = t("You have sent nothing yet. Whenever you want to, we are here.")
NOTHING_OPEN: Final = t(
    "Nothing is open, and we send nothing unless you write to us. You can delete this chat from your phone."
)
AS_AGREED: Final = t("All right. Nothing of this is kept, and what was agreed on before stays as it is.")
GOODBYE: Final = t("All right. Nothing is kept. We are here whenever you write.")
NOT_HEARD: Final = t("We are here for you. Choose what fits:")
KEPT_FOR_LATER: Final = t("It has reached us and it is kept. We go on where we were:")
WITH_THE_TEAM: Final = t("It has reached the team as well. We go on where we were:")
NOT_HERE: Final = t("We can't keep this here. Choose first where it belongs, then send it once more.")
REACHED: Final = t("It has reached the person who wrote to you. You can write more here.")
ANSWERING: Final = timedelta(hours=24)
"""So long after a message from the team, what she writes outside a conversation is her answer to it."""
BEGUN: Final = frozenset(("report", "help"))
"""Flows that are a draft once they are begun: they wait, are asked about, and become a case when they are sent."""
DRAFTS: Final = frozenset((*BEGUN, "welcome"))
"""Flows that keep what comes early."""


def commanded(names: frozenset[str], book: Book, talk: Talk, given: Given) -> Led | None:
    """What a command leads to, or None if none of the names is one."""
    if names & SOS:
        return go("help_now", talk, given)
    if "help" in names:
        return Led(aside("assist", book, talk))
    if "delete" in names and _base(book, talk).flow not in {*DRAFTS, "check_in"}:
        return go("my_data", talk, given)
    if "stop" in names:
        return pushed("unsubscribe", book, talk, given) if BY_LABEL in names else stop(book, talk)
    if names & {"cancel", "delete"}:
        return stop(book, talk)
    if names & {"menu", "start"}:
        return menu(talk, given)
    if names & {"status", "my_reports"}:
        return go("my_reports", talk, given)
    ways = ("report", "about", "language", *_public(names, talk, given))
    way = next((way for way in ways if way in names), "")
    return go(way, talk, given) if way else None


def _public(names: frozenset[str], talk: Talk, given: Given) -> tuple[str, ...]:
    """Which words such as “question” or “lessons” are meant as ways here: where they are not, they are her answer.

    So they are where a message from the team waits for one, or she says where she goes; and nothing leads away from
    the question about danger.
    """
    if talk.flow == "danger":
        return ()
    if BY_LABEL in names or talk.flow in _PUBLIC:
        return ("learn", *PUBLIC)
    if talk.flow:
        return () if talk.flow == "check_in" else ("learn",)
    asked = asked_about(given)
    return ("learn", *PUBLIC) if asked is None or asked.answered else ()


def go(way: str, talk: Talk, given: Given) -> Led:
    """Open what an entry of the menu names, from wherever she is; a begun report waits under it."""
    draft = draft_of(talk)
    match way:
        case "help_now":
            # flows.sos calls the team, from wherever she was led here
            return Led(Talk("sos", under=talk if talk.flow or talk.case else None))
        case "report" | "help" if draft and way in {"report", draft.flow}:
            wanted = {"heard": Answer(codes=(way,))}
            return Led(Talk("again", answers=wanted, under=draft, case=draft.case, kept_long=draft.kept_long))
        case "help":
            return Led(_help(talk, draft))
        case "report":
            return Led(Talk("report", early=_early(talk)))
        case "lesson":
            return lesson_shown.entered(_waiting(way, talk), given)
        case "my_reports" if not given.reports:
            return Led(talk, (Say(NO_REPORTS),))
        case "about":
            chosen = Answer(codes=tuple(given.person.consents))
            return Led(Talk("about", partial=chosen, under=draft), (Say(honestly(talk, given)),))
        case _:
            return Led(Talk(way, under=_waiting(way, talk)))


def _waiting(way: str, talk: Talk) -> Talk | None:
    """What waits under what is opened: a begun report, or whatever else she has told that a tip must not cost her."""
    if draft := draft_of(talk):
        return draft
    at: Talk | None = talk
    while way in _PUBLIC and at is not None and at.flow in _PUBLIC:
        at = at.under
    if at is None or at.flow in {"welcome", "stay"}:
        return at
    return at if way in _PUBLIC and (holds_draft(at) or "heard" in at.answers) else None


def menu(talk: Talk, given: Given) -> Led:
    """The menu; but a begun report is asked about first, and a stranger is welcomed first."""
    draft = draft_of(talk)
    if draft:
        return Led(Talk("again", under=draft, case=draft.case, kept_long=draft.kept_long))
    if not given.person.welcomed:
        return Led(talk if talk.flow == "welcome" else welcome(given, _early(talk)))
    files = files_of(talk)
    return Led(Talk(), (ForgetFiles(files),) if files else ())


def is_strange(talk: Talk, person: Person) -> bool:
    """Whether nothing is open and we have not met: she hears who we are before she chooses anything."""
    return not talk.flow and not person.welcomed and not person.cases


def welcome(given: Given, early: Answer | None = None) -> Talk:
    """Begin with a stranger; whoever has chosen a language isn't asked for it again."""
    language = given.person.language
    known = {"language": Answer(codes=(language,))} if language else {}
    return Talk("welcome", answers=known, early=early)


def first_met(event: Event, given: Given) -> Led:
    """Welcome a stranger. What she tells at once is kept, and she is asked about it after the welcome."""
    early = None
    if isinstance(event, Said | Shared):
        answer = heard(event)
        if answer.files or len(tokens(answer.words)) >= LONG_ENOUGH_TO_TELL:
            early = answer
    return Led(welcome(given, early))


def aside(name: str, book: Book, talk: Talk, heard: Answer | None = None) -> Talk:
    """Interrupt a talk with another question; an aside that is open already gives way."""
    base = _base(book, talk)
    answers = {"heard": heard} if heard else {}
    under = base if base.flow else None
    return Talk(name, answers=answers, under=under, case=base.case, kept_long=base.kept_long)


def based(book: Book, talk: Talk) -> Talk:
    """What any aside interrupts; but the question whether she is in danger is kept, with what she wrote."""
    return talk if talk.flow == "danger" else _base(book, talk)


def in_danger(base: Talk, event: Said | Shared) -> Talk:
    """Ask whether she is in danger; where that is asked already, what she wrote joins what she wrote before."""
    before = Answer()
    if base.flow == "danger":
        before, base = base.answers.get("heard", before), base.under or Talk()
    under = base if base.flow else None
    said = {"heard": joined(before, heard(event))}
    return Talk("danger", said, under=under, case=base.case, kept_long=base.kept_long)


def stop(book: Book, talk: Talk) -> Led:
    """Leave: a report is asked about, anything else just ends."""
    if not talk.flow:
        return Led(talk, (Say(NOTHING_OPEN),), ask=False)
    base = _base(book, talk)
    if base.flow in BEGUN or base.case:
        return Led(aside("stop", book, talk))
    if draft := draft_of(base) or (base.under if base.flow in _PUBLIC else None):
        return Led(draft)
    files = files_of(base)
    said = Say({"check_in": AS_AGREED, "lesson": WAITS, "course": WAITS}.get(base.flow, GOODBYE))
    return Led(Talk(), (*([ForgetFiles(files)] if files else []), said), ask=False)


def pushed(way: str, book: Book, talk: Talk, given: Given) -> Led:
    """What a button leads to that stood under a message which came unasked.

    It leads away neither from the question about danger, nor, where she wants no more, from what she is telling.
    """
    if talk.flow == "danger" or (way == "unsubscribe" and (holds_draft(talk) or "heard" in talk.answers)):
        return Led(talk)
    match way:
        case "menu":
            return menu(talk, given)
        case "unsubscribe":
            return stop(book, talk)
        case _:
            return go(way, talk, given)


def asked_about(given: Given) -> Report | None:
    """The report about which the team wrote to her lately, the latest of them."""
    asked = [one for one in given.reports if one.wrote_at is not None and given.now - one.wrote_at <= ANSWERING]
    return max(asked, key=lambda one: (one.wrote_at, one.code), default=None)


def answered_to_team(talk: Talk, event: Said | Shared | Located, given: Given) -> Led | None:
    """What she writes after a message from the team is her answer: it goes into that case, sealed, and she hears so."""
    report = asked_about(given)
    if report is None:
        return None
    return Led(talk, (_to_team(report, event), Say(REACHED)), ask=False)


def _to_team(report: Report, event: Said | Shared | Located) -> AddToCase:
    if isinstance(event, Located):
        return AddToCase(report.code, "words", {"here": Answer(place=(event.latitude, event.longitude))})
    answer = heard(event)
    return AddToCase(report.code, "words", words=answer.words, files=answer.files)


def told_at_menu(talk: Talk, event: Said | Shared | Located, given: Given, *, telling: bool) -> Led:
    """At the menu, an answer to the team goes to it; what sounds like telling is offered to become a report."""
    if answered := answered_to_team(talk, event, given):
        return answered
    if isinstance(event, Located):
        return Led(talk, (Say(NOT_HEARD),))
    said = heard(event)
    if not telling and not said.files and goes_and_returns(said.words, given.now):
        return Led(Talk("check_in", early=said))
    if telling or said.files or len(tokens(said.words)) >= LONG_ENOUGH_TO_TELL:
        return Led(Talk("offer", answers={"heard": said}))
    return Led(talk, (Say(NOT_HEARD),))


def stray_file(talk: Talk, event: Shared, given: Given | None = None) -> Led:
    """A file where none was asked for: into the open case, or kept for its place, or refused with the way."""
    answer = heard(event)
    if case_of(talk):
        return Led(talk, (*not_lost(talk, event), Say(WITH_THE_TEAM)))
    draft = draft_of(talk) or (talk if talk.flow in DRAFTS else None)
    if draft is None and given and (sealed := not_lost(talk, event, given)):
        return Led(talk, (*sealed, Say(WITH_THE_TEAM)))
    if draft is None and "heard" in talk.answers:  # what interrupted her keeps what she said, and takes it along
        said = joined(talk.answers["heard"], answer)
        return Led(replace(talk, answers={**talk.answers, "heard": said}), (Say(KEPT_FOR_LATER),))
    if draft is None:
        return Led(talk, (ForgetFiles(answer.files), Say(NOT_HERE)))
    if len(files_of(talk)) >= MOST_FILES:
        return Led(talk, (ForgetFiles(answer.files), Say(ENOUGH)))
    kept = replace(draft, early=joined(draft.early or Answer(), answer))
    return Led(kept if draft is talk else replace(talk, under=kept), (Say(KEPT_FOR_LATER),))


def not_lost(talk: Talk, event: Event, given: Given | None = None) -> tuple[Effect, ...]:
    """What she wrote or sent while a case of hers is open goes into it, whatever was asked.

    So it does, given the world, while a message from the team waits for her answer.
    """
    asked = asked_about(given) if given else None
    case = case_of(talk) or (asked.code if asked and not asked.answered else "")
    if not case or not isinstance(event, Said | Shared | Located):
        return ()
    if isinstance(event, Located):
        return (AddToCase(case, "words", {"here": Answer(place=(event.latitude, event.longitude))}),)
    answer = heard(event)
    if not answer.files and not told(event):
        return ()
    return (AddToCase(case, "words", words=answer.words, files=answer.files),)


def heard(event: Said | Shared) -> Answer:
    """Her words and files as they came."""
    match event:
        case Said(words):
            return Answer(words=words)
        case Shared(file, kind, caption):
            return Answer(codes=(PICTURE,) if kind == "photo" else (), words=caption, files=(file,))


def draft_of(talk: Talk) -> Talk | None:
    """The begun report or request for help, here or under what is open here."""
    at: Talk | None = talk
    while at is not None and at.flow not in BEGUN:
        at = at.under
    return at


def parked(talk: Talk) -> Talk:
    """Move what is kept of a pending question to what came early, before that question is left."""
    part = talk.partial or Answer()
    known = [file for answer in talk.answers.values() for file in answer.files]
    files = tuple(file for file in part.files if file not in known)
    codes = tuple(code for code in part.codes if files and code in {PICTURE, CLEAN})
    loose = Answer(codes, "" if talk.reopened else part.words, files)
    return talk if loose == Answer() else replace(talk, early=joined(talk.early or Answer(), loose), partial=None)


def case_of(talk: Talk) -> str:
    """The case that this talk, or one that waits under it, has opened."""
    at: Talk | None = talk
    while at is not None and not at.case:
        at = at.under
    return at.case if at else ""


def known_in_danger(talk: Talk) -> bool:
    """Whether the team was called already because she is in danger: she isn't asked again whether she is."""
    at: Talk | None = talk
    while at is not None:
        danger = at.answers.get("danger", Answer(codes=("safe",))).codes
        if at.flow in BEGUN and at.case and ("sos" in at.answers or danger != ("safe",)):
            return True
        at = at.under
    return False


def files_of(talk: Talk) -> tuple[int, ...]:
    """Every file of a draft, here and in what waits under it, that no case holds: what its end would destroy."""
    found: list[int] = []
    at: Talk | None = talk
    while at is not None:
        answered = () if at.case else at.answers.values()
        kept = [*answered, *(part for part in (at.partial, at.early) if part)]
        found += [file for answer in kept for file in answer.files]
        at = at.under
    return tuple(dict.fromkeys(found))


def holds_draft(talk: Talk) -> bool:
    """Whether something of hers would be destroyed if this talk were: only then is she told that it was."""
    at: Talk | None = talk
    while at is not None:
        if at.early or (at.flow in {*BEGUN, "my_reports"} and (at.answers or at.partial)):
            return True
        if at.flow == "check_in" and ("plan" in at.answers or (at.partial and (at.partial.words or at.partial.files))):
            return True  # where she goes, and nothing waits for her yet
        if at.flow == "asking" and "words" in at.answers:
            return True
        at = at.under
    return False


def _base(book: Book, talk: Talk) -> Talk:
    while talk.flow in book and book[talk.flow].aside:
        talk = talk.under or Talk()
    return talk


def _help(talk: Talk, draft: Talk | None) -> Talk:
    """Begin to ask for help; a begun report waits under it, and keeps what came early.

    What is known of her safety isn't asked again (help's brief), and a case that is open is not doubled.
    """
    if draft is None:
        return Talk("help", early=_early(talk))
    known = {name: draft.answers[name] for name in ("sos", "danger") if name in draft.answers}
    return Talk("help", answers=known, under=draft, case=draft.case, kept_long=draft.kept_long)


def _early(talk: Talk) -> Answer | None:
    at: Talk | None = talk
    while at is not None and at.early is None:
        at = at.under
    return at.early if at else None
