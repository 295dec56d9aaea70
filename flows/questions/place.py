"""Where: a governorate by button, its district where we know them, a shared location, or words.

It never asks for anything finer, and never refuses a place it doesn't know.
"""

from dataclasses import dataclass, replace

from flows.core import Answer, Event, Given, Judgement, Kept, Located, More, Prompt, Refused, Said, Shared, Talk
from flows.places import governorate_at, named_place
from flows.questions.parts import NOT_UNDERSTOOD, Wording, paged, told, worded
from flows.terms import DISTRICTS, GOVERNORATES, name_of, summed
from messages import Text, t
from messages.arabic import tokens

SHARED = t("a shared location")
OUTSIDE = "outside"
FEW = 3
"""Words. So few that name a place say no more than its name."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place. `finer` asks for the district as well. The answer's codes: governorate or `outside`, then district."""

    name: str
    title: Text
    text: Wording
    needed: bool = False
    finer: bool = True

    @property
    def files(self) -> bool:
        """A place is told, not filed."""
        return False

    @property
    def adds(self) -> bool:
        """A new place takes the place of the old one."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Put the governorates in pages, then the districts of the one chosen."""
        if talk.partial and talk.partial.codes:
            districts = DISTRICTS(given.rules).get(talk.partial.codes[0], {})
            text = t("And which district? The governorate alone is fine as well.")
            return Prompt(text, {**paged(districts, talk.page, 7), "enough": t("Governorate only")}, no="enough")
        return Prompt(worded(self.text, talk, given), paged(GOVERNORATES(given.rules), talk.page))

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:
        """Keep a place however she gives it; her words stay where they say more than the code."""
        chosen = talk.partial or Answer()
        if option == "more":
            return More(chosen, talk.page + 1)
        if option == "enough":
            return Kept(chosen)
        if option is not None:
            return self._chose(chosen, option, given)
        match event:
            case Located(latitude, longitude):
                code = governorate_at(latitude, longitude, given.rules.shapes) or OUTSIDE
                return Kept(Answer(codes=(code,), place=(latitude, longitude)))
            case Said() | Shared() if answer := told(event):
                return Kept(replace(answer, codes=_named(answer.words, given) or chosen.codes))
            case _:
                return Refused(NOT_UNDERSTOOD)

    def show(self, answer: Answer, given: Given) -> Text:
        """The places' names, that a location was shared (not where), and her words."""
        shared = [SHARED] if answer.place else []
        words = answer.words if not answer.codes or len(tokens(answer.words)) > FEW else ""
        return summed([*(name_of(code, given) for code in answer.codes), *shared], words)

    def _chose(self, chosen: Answer, option: str, given: Given) -> Judgement:
        if self.finer and not chosen.codes and option in DISTRICTS(given.rules):
            return More(Answer(codes=(option,)))
        return Kept(Answer(codes=(*chosen.codes, option)))


def _named(words: str, given: Given) -> tuple[str, ...]:
    found = named_place(words, given.rules.taxonomy)
    return tuple(code for code in found if code) if found else ()
