"""What is asked in a check-in, and in which words: hers that there are, what to do with one, and a new one.

It decides nothing of what follows from an answer.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from flows.clock_said import both_ways, dated, lasting, short
from flows.clock_words import named_in
from flows.core import Answer, Answers, CheckIn, Given, Question, Talk
from flows.dates import YEMEN
from flows.questions import Choose, Clock, Where, Word, Write
from flows.questions.clock import moment_of, spans, written
from messages import Text, join, t

MOST: Final = 5
"""Check-ins of one woman at a time: as many as fit on her buttons."""
EVENING: Final = 18
"""The hour of day, in Yemen, that is offered as "this evening"."""
EVERY: Final[Mapping[str, Text]] = {
    "once": t("Only this once"),
    "daily": t("Every day at this hour"),
    "weekdays": t("Sunday to Thursday"),
}
"""How it comes again. `once` is kept as nothing."""
STATES: Final[Mapping[str, Text]] = {
    "armed": t("we wait for you"),
    "asked": t("we are waiting for your word"),
    "overdue": t("a person has been told"),
    "paused": t("paused"),
}


def codes_of(answers: Answers, name: str) -> tuple[str, ...]:
    """The codes of an answer; none where there is no answer."""
    return answers.get(name, Answer()).codes


def meant(talk: Talk, given: Given) -> CheckIn | None:
    """The one that she chose, unless it is over."""
    chosen = codes_of(talk.answers, "which")
    return next((one for one in given.check_ins if (str(one.id),) == chosen), None)


# ---------------------------------------------------------------- those that there are


def _which(_talk: Talk, given: Given) -> Text:
    if not given.check_ins:
        return t(
            "Tell us where you are going and by when you are back. If you have not written your word by then, a person "
            "from the team is told and reads what you left for that.\n"
            "Your phone needs no line at that moment. But we know only what reaches us: if your line is down, we take "
            "it that you need us."
        )
    lines = [_line(one, given.now) for one in given.check_ins[:MOST]]
    return join(t("This is what we agreed on:"), join(*lines, between="\n"), t("Which one?"))


def _line(one: CheckIn, now: datetime) -> Text:
    ahead = one.state == "armed" and one.due_at > now
    at = both_ways(one.due_at, now) if ahead else dated(one.due_at, now)
    said = t("• {when}: {state}", when=at, state=STATES[one.state])
    return t("{said} ({every})", said=said, every=EVERY[one.every]) if one.every in EVERY else said


def _hers(_talk: Talk, given: Given) -> Mapping[str, Text]:
    hers = {str(one.id): short(one.due_at, given.now) for one in given.check_ins[:MOST]}
    new = {"new": t("A new one") if hers else t("Yes, set it up")} if len(hers) < MOST else {}
    return {**hers, **new, "chats": t("My other chat"), "nothing": t("Not now")}


def _what_to_do(talk: Talk, given: Given) -> Text:
    one = meant(talk, given)
    return t("This one is over, and nothing waits there any more.") if one is None else _line(one, given.now)


def _ways(talk: Talk, given: Given) -> Mapping[str, Text]:
    one = meant(talk, given)
    leave = {"nothing": t("Leave it so")}
    safe, cancel = {"safe": t("I am back and well")}, {"cancel": t("I need it no more")}
    match one.state if one else "":
        case "armed" | "asked":
            pause = {"pause": t("Pause it")} if one and one.every else {}
            return {**safe, "extend": t("I need more time"), **pause, **cancel, **leave}
        case "paused":
            return {"resume": t("Let it go on"), **cancel, **leave}
        case "overdue":
            return {**safe, **leave}
        case _:
            return leave


def since(talk: Talk, given: Given) -> datetime:
    """From when more time counts."""
    one = meant(talk, given)
    return max(one.due_at, given.now) if one else given.now


WHICH: Final = Choose("which", t("Which one"), _which, _hers, needed=True, or_write=True, yes="new", no="nothing")
DO: Final = Choose("do", t("What to do"), _what_to_do, _ways, needed=True, no="nothing")
UNTIL: Final = Clock(
    "until",
    t("How much longer"),
    t("How much longer shall we wait? Press one, or write until when."),
    spans(15, 30, 60),
    since=since,
    soonest=False,
)
WORD: Final = Word("word", t("My word"), t("Write your word, please."))

# ---------------------------------------------------------------- a new one


def _plan(_talk: Talk, given: Given) -> Text:
    return t(
        "Where are you going, and what should we know if you do not come back? Only what helps to find you: the place, "
        "the way, whom you meet. In writing or by voice.\n"
        "It stays sealed until we miss you, and is destroyed {span} after you are back.",
        span=lasting(given.rules.check_ins.keep),
    )


def _quick(talk: Talk, given: Given) -> Mapping[str, Text]:
    """What she named herself in her plan comes first."""
    rules, now = given.rules.check_ins, given.now
    offered: dict[str, Text] = {}
    if found := named_in(talk.answers.get("plan", Answer()).words, now):
        fitting = [at for at in (found.at, found.other) if at and now + rules.soonest <= at <= now + rules.latest]
        offered = {written(at): short(at, now) for at in fitting}
    evening = datetime.combine(now.astimezone(YEMEN).date(), time(EVENING), YEMEN)
    later = {written(evening): short(evening, now)} if evening >= now + rules.soonest else {}
    near = [one for one in (2, 60, 120, 240) if rules.soonest <= timedelta(minutes=one)]  # two: the demo's only
    return {**offered, **spans(*near), **later}


def _graces(_talk: Talk, given: Given) -> Mapping[str, Text]:
    rules = given.rules.check_ins
    spoken = {f"m{one}": lasting(timedelta(minutes=one)) for one in (1, 5, 15, 30, 60)}
    fitting = {code: said for code, said in spoken.items() if rules.least_grace <= _grace(code) <= rules.most_grace}
    return fitting or {"m5": spoken["m5"]}


def _grace(code: str) -> timedelta:
    return timedelta(minutes=int(code.removeprefix("m")))


def grace_of(talk: Talk) -> timedelta:
    """How long after its moment she gives herself."""
    return _grace(codes_of(talk.answers, "grace")[0])


PLAN: Final = Write("plan", t("Where I go"), _plan, needed=True, early=True)
WHERE: Final = Where(
    "where",
    t("Governorate"),
    t(
        "In which governorate is it? You can leave it out. It serves for one thing only: to notice when the lines of "
        "a whole area fail at once."
    ),
    finer=False,
)
BY: Final = Clock(
    "by",
    t("Back by"),
    t("By when are you back? Write it as you say it: “at 6 in the evening”, “in two hours”, 18:00."),
    _quick,
)
GRACE: Final = Choose(
    "grace",
    t("Then we wait"),
    t("And how long after that shall we wait, while we ask you here, before a person is told?"),
    _graces,
    needed=True,
)
AGAIN: Final = Choose("again", t("How often"), t("Only this once, or again?"), EVERY, needed=True)


def _sure(talk: Talk, given: Given) -> Text:
    plan, where = talk.answers["plan"], talk.answers.get("where", Answer())
    end = moment_of(talk.answers["by"]) + grace_of(talk)
    told: list[tuple[Question, Text]] = [
        (PLAN, PLAN.show(plan, given)),
        *([(WHERE, WHERE.show(where, given))] if where != Answer() else []),
        (BY, BY.show(talk.answers["by"], given)),
        (GRACE, lasting(grace_of(talk))),
        (AGAIN, EVERY[codes_of(talk.answers, "again")[0]]),
    ]
    lines = [t("• {title}: {answer}", title=question.title, answer=answer) for question, answer in told]
    means = t(
        "If we have no word from you {end}, a person from the team is told, reads what you left, and looks for you as "
        "well as she can. What we send you before looks ordinary. Is it right so?",
        end=dated(end, given.now),
    )
    return join(t("This is how we understood you:"), join(*lines, between="\n"), means)


SURE: Final = Choose(
    "sure",
    t("Is it right"),
    _sure,
    {
        "yes": t("Yes, it is right"),
        "by": t("Another time"),
        "plan": t("Add to where I go"),
        "grace": t("Another wait"),
        "no": t("Not now"),
    },
    needed=True,
    yes="yes",
)
