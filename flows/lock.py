"""How the chat hides, what it shows while it is locked, and what opens it again.

Locked, it never says anything but its cover, never that a word was wrong, and never what was said before. Decided here:

* With a safe word set, only that word opens the chat. A cry for help opens it too, for her who forgot the word or has
  no breath for it: but then nothing is shown that is older than that moment, until the safe word is heard.
* The duress word opens the same way, with nothing earlier in sight, and pages in silence. What is destroyed, changed or
  taken back in that view only looks done. Said again within a day it goes into the same case.
* Without a word of her own nobody may be locked out: the first message is answered by the cover alone, the second by
  the cover and a neutral question whether it is a good time. Pressing the button that hides never counts.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from flows import cover, ways, well
from flows.clock_said import both_ways
from flows.core import (
    AddToCase,
    Answer,
    Destroy,
    Effect,
    EraseThis,
    Event,
    ForgetFiles,
    ForgetWords,
    Given,
    Held,
    KeepWord,
    Led,
    Located,
    OfferChatCode,
    OpenCase,
    PartChats,
    Person,
    Remember,
    Said,
    Say,
    Shared,
    Talk,
    Turn,
    TurnCheckIn,
    Unsubscribe,
    Wipe,
)
from flows.hearing import Heard
from flows.public import Public
from messages import t

BACK: Final = t("It is good to hear from you again.")
ASKED_AFTER: Final = t("Meanwhile we have asked a colleague to see that you are well.")
"""She was missed while the chat was hidden, and its lines told her nothing of it."""
SAME_CASE: Final = timedelta(hours=24)


# ---------------------------------------------------------------- hiding


def leave(talk: Talk, given: Given) -> Led:
    """Hide at once: the draft and the talk are destroyed, the chat is wiped, and one line of the cover is all there is.

    What a case holds stays, and its alarm goes on; of the talk only that case's code is kept, never to be shown.
    """
    person = given.person
    shown = cover.first(person.cover, given.now)
    files = ways.files_of(talk)
    hidden = Talk("cover", answers=_remembered((), shown.line), case=ways.case_of(talk))
    left = Remember(replace(person, left=True, locked=True, button=False))
    forgotten = (ForgetFiles(files),) if files else ()
    return Led(hidden, (*forgotten, Wipe(), left, Say(shown.text, standing="off")), ask=False)


def _remembered(shown: tuple[str, ...], line: str) -> dict[str, Answer]:
    return {"shown": Answer(codes=(*shown, line)[-cover.REMEMBERED :])}


# ---------------------------------------------------------------- while it is locked


def answered(talk: Talk, event: Event, given: Given, heard: Heard, *, calls: bool) -> Led | None:
    """What a locked chat answers; None where a cry for help breaks through (`broken_into`)."""
    word = given.word if isinstance(event, Said) else ""
    if word == "safe":
        return opened(given)
    if word == "duress":
        return obeyed(given)
    if calls or (heard.distress and not heard.unsafe):
        return None
    return _covered(talk if talk.flow == "cover" else Talk("cover", case=ways.case_of(talk)), event, given, heard)


def _covered(talk: Talk, event: Event, given: Given, heard: Heard) -> Led:
    person = replace(given.person, quiet=given.person.quiet or heard.unsafe)
    shown = talk.answers.get("shown", Answer()).codes
    line = cover.answer(person.cover, event, shown, given.now)
    counts = "exit" not in heard.commands and not heard.unsafe
    effects: tuple[Effect, ...] = ()
    if isinstance(event, Shared):
        effects = (ForgetFiles((event.file,)),)
    if isinstance(event, Located) and talk.case:
        place = Answer(place=(event.latitude, event.longitude))
        effects = (AddToCase(talk.case, "words", {"here": place}),)
    if counts and talk.misses and "safe" not in person.words:
        knocking = Remember(replace(person, locked=False, quiet=False, button=True))
        return Led(Talk("quiet"), (*effects, knocking, Say(line.text, standing="on")))
    talk = replace(talk, answers=_remembered(shown, line.line), misses=talk.misses + counts)
    return Led(talk, (*effects, Remember(person), Say(line.text)), ask=False)


# ---------------------------------------------------------------- opening it again


def opened(given: Given) -> Led:
    """Her word: she is welcomed back, and nothing of before is put before her eyes."""
    person = _in(given.person)
    person = replace(person, welcomed=person.welcomed or bool(person.words), shown_from=None, forgot_at=None)
    led = _welcomed_back(person, given, ())
    if any(one.state == "overdue" for one in given.check_ins):
        led = replace(led, effects=(*led.effects, Say(ASKED_AFTER)))
    if (one := well.still_ahead(given)) is None:
        return led
    waiting = t(
        "We still wait for you: {when}. If you are back already, write your word once more now.",
        when=both_ways(one.due_at, given.now),
    )
    return replace(led, effects=(*led.effects, Say(waiting)))


def obeyed(given: Given) -> Led:
    """The duress word: all looks as if it had been obeyed, and the team is called without a trace of it here."""
    forced, alarm = under_duress(given)
    return _welcomed_back(_in(forced), given, alarm)


def under_duress(given: Given) -> tuple[Person, tuple[Effect, ...]]:
    """What the duress word leads to, wherever it is heard: nothing earlier is in sight, and the team is called."""
    person = given.person
    known = person.duress and person.duress_at and given.now - person.duress_at <= SAME_CASE
    code = person.duress if known else given.code
    alarm: tuple[Effect, ...] = (
        OpenCase(code, "critical", because=(("duress", "duress"),), silent=True),
        AddToCase(code, "answers", {"duress": Answer(codes=("duress",))}),
    )
    # of a second time within the day the first moment is kept: what was shown since then is known to whoever watches
    since = person.shown_from if person.forced else given.now
    return replace(person, shown_from=since, duress=code, duress_at=since), alarm


def broken_into(talk: Talk, given: Given) -> tuple[Talk, Given]:
    """A cry for help has opened the chat; where she has a word, nothing earlier is shown until it is heard."""
    person = _in(given.person)
    if "safe" in person.words and not person.forced:
        person = replace(person, shown_from=given.now)
    return Talk(case=ways.case_of(talk), asked=talk.asked), view(replace(given, person=replace(person, button=False)))


def _in(person: Person) -> Person:
    return replace(person, locked=False, left=False, quiet=False, button=True)


def _welcomed_back(person: Person, given: Given, alarm: tuple[Effect, ...]) -> Led:
    here = ways.menu(Talk(), replace(given, person=person))
    return Led(here.talk, (*alarm, EraseThis(), Remember(person), Say(BACK, standing="on")))


# ---------------------------------------------------------------- what may be seen


def view(given: Given) -> Given:
    """The world as this chat may show it now: nothing earlier, where her safe word has not been heard since."""
    person, since = given.person, given.person.shown_from
    if since is None:
        return given
    reports = tuple(report for report in given.reports if report.opened_at >= since)
    asked = tuple(question for question in given.public.questions if question.asked_at >= since)
    given = replace(given, public=replace(given.public, questions=asked))
    held = given.held
    if held is not None:
        since_then = tuple(one for one in held.reports if one.opened_at >= since)
        held = Held(since_then, held.draft, 0, 0, _asked_since(held.public, since))
    given = replace(given, public=_asked_since(given.public, since))
    seen = replace(person, cases=tuple(report.code for report in reports))
    if not person.forced:
        return replace(given, person=seen, reports=reports, held=held, lapsed=False, check_ins=())
    seen = replace(seen, words=(), consents={}, watched=False)
    return replace(given, person=seen, reports=reports, held=held, lapsed=False, check_ins=())


def _asked_since(public: Public, since: datetime) -> Public:
    """Her questions of before are not shown; what she receives and learns is what anybody may."""
    return replace(public, questions=tuple(one for one in public.questions if one.asked_at >= since))


def unmasked(turn: Turn, known: Given, seen: Given) -> Turn:
    """The same turn, to be carried out: nothing that was only hidden is lost, and under duress nothing is destroyed."""
    if seen is known:
        return turn
    forced = known.person.forced
    codes = {report.code for report in seen.reports}
    effects: list[Effect] = []
    for effect in turn.effects:
        match effect:
            case Remember(person):
                effects.append(Remember(_whole(person, known.person)))
            case Destroy("") if forced:
                # nothing of hers as one of the public needs protecting, and a tip that came later would betray us
                effects += [Unsubscribe(whole=True), Remember(_as_if_new(known))]
            case Destroy(code) if forced and code not in codes:
                pass
            case KeepWord() | ForgetWords() | TurnCheckIn() | OfferChatCode() | PartChats() if forced:
                pass
            case _:
                effects.append(effect)
    return Turn(turn.talk, tuple(effects))


def _whole(person: Person, known: Person) -> Person:
    """What is to be remembered, with what the view left out."""
    whole = replace(person, cases=known.cases)
    if not known.forced:
        return whole
    consents = {**known.consents, **person.consents}
    return replace(whole, words=known.words, consents=consents, watched=known.watched)


def _as_if_new(known: Given) -> Person:
    """Someone had everything about her destroyed: it looks so, and is all there when her word is heard."""
    return replace(known.person, welcomed=False, shown_from=known.now, duress_at=known.now)
