"""What makes two states of a conversation different for a walk through all of them.

Only what lies ahead counts: how she came there, which words she wrote, and how often she was asked does not.
"""

from flows.book import BOOK
from flows.core import Answer, Person, Question, Talk

DECIDES = {
    "report.kind": ("door",),
    "report.recent": ("door",),
    "help.wish": ("need",),
    "help.knows": ("whom",),
    "help.adult": ("whom",),
    "help.send": ("need",),
    "my_data.which": ("what",),
    "my_data.sure": ("what", "word"),
    "check_in.do": ("which",),
    "check_in.until": ("which",),
    "check_in.word": ("do",),
    "safety.old": ("what",),
    "safety.new": ("what",),
    "safety.again": ("what",),
}
"""By question: whose answers decide what is offered there, or what follows from it."""
MISSED = frozenset(("report.door", "welcome.honest", "my_reports.do", "safety.what"))
"""Where she is let miss as often as it takes until another way is offered: everywhere is the same, and many more."""


def shape(talk: Talk, person: Person) -> object:
    """What lies ahead: which question is open, what decides about it, and which may be asked after it."""
    name, ahead = _open(talk)
    flow, under = BOOK.get(talk.flow), talk.under
    aside = flow is not None and flow.aside
    waits = (under.flow, type(_question(under)).__name__ if aside else "") if under else ()
    seen = (person.shown_from is not None, person.forced)
    if person.locked or person.quiet:
        return name, waits[:1], bool(talk.case), person.locked, person.words, talk.misses > 0, *seen
    if person.shown_from:
        return name, waits[:1], bool(talk.case), *seen
    partial = talk.partial and (_chosen(name, talk.partial), bool(talk.partial.files), bool(talk.partial.words))
    return (
        name,
        () if talk.reopened else ahead,
        bool(talk.reopened),
        tuple(talk.answers[decided].codes for decided in DECIDES.get(name, ()) if decided in talk.answers),
        frozenset(talk.answers) if aside else (),
        partial,
        min(talk.misses, 2) if name in MISSED else 0,
        min(talk.page, 3),
        bool(talk.case),
        person.welcomed and not talk.flow,
        person.words if talk.flow in {"safety", "check_in", "other_chat"} else (),
        waits,
    )


def place(talk: Talk) -> str:
    """The full name of the question that is open; of a talk that is no flow its name, such as `cover`."""
    return _open(talk)[0]


def _open(talk: Talk) -> tuple[str, tuple[str, ...]]:
    flow = BOOK.get(talk.flow or "menu")
    if flow is None:
        return talk.flow, ()
    pending = flow.first_open(talk)
    done = {*talk.answers, *talk.skipped}
    ahead = [one.name for one in flow.questions if one.name not in done and not flow.leaves_out(one.name, talk.answers)]
    return f"{flow.name}.{pending.name if pending else ''}", tuple(ahead)


def _question(talk: Talk) -> Question | None:
    flow = BOOK.get(talk.flow)
    return flow.first_open(talk) if flow else None


def _chosen(name: str, partial: Answer) -> object:
    """Of what would help, the first that she chose: other needs are offered after each."""
    return partial.codes[:1] if name == "help.need" else bool(partial.codes)
