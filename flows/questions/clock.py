"""By when: a span from now or an hour, by button or in her own words, asked once more where it may be one of two.

It never takes a moment that is past, or outside the association's bounds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from flows.clock_said import both_ways, lasting, short
from flows.clock_words import when
from flows.core import Answer, Event, Given, Judgement, Kept, More, Prompt, Refused, Said, Talk
from flows.questions.parts import Options, Wording, offered, worded
from messages import Text, t

NOT_A_TIME: Final = t(
    "We did not find a time in it, and that is our fault. Write it for example so: 6:30 in the evening, or: in 2 hours."
)
WHICH_HALF: Final = t("Which of the two do you mean? We would not want to wait for the wrong one.")
MINUTES: Final = "m"
"""Begins the code of a span, in minutes from `since`; every other option is a moment as `written` writes it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment to come. The answer's code is that moment, as `written` writes it and `moment_of` reads it."""

    name: str
    title: Text
    text: Wording
    quick: Options
    since: Callable[[Talk, Given], datetime] = lambda _talk, given: given.now
    """From when a quick span counts; nothing before it is taken either."""
    soonest: bool = True
    """Whether it must be as far ahead as the rules say."""

    @property
    def needed(self) -> bool:
        """There is nothing to wait for without it."""
        return True

    @property
    def files(self) -> bool:
        """A time is told, not filed."""
        return False

    @property
    def adds(self) -> bool:
        """A new time takes the place of the old one."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Put the quick ones; or the two that her words may mean."""
        if halves := _halves(talk):
            return Prompt(WHICH_HALF, {code: short(read(code), given.now) for code in halves}, tells=True)
        return Prompt(worded(self.text, talk, given), offered(self.quick, talk, given), tells=True)

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:
        """Keep a moment within bounds; ask on where her words leave the half of the day open."""
        if option is not None:
            return self._within(self._pressed(option, talk, given), None, talk, given)
        moment = when(event.words, given.now) if isinstance(event, Said) else None
        if moment is None:
            return Refused(NOT_A_TIME)
        return self._within(moment.at, moment.other, talk, given)

    def show(self, answer: Answer, given: Given) -> Text:
        """The clock and how far away it is."""
        return both_ways(moment_of(answer), given.now)

    def _pressed(self, option: str, talk: Talk, given: Given) -> datetime:
        if option.startswith(MINUTES):
            return self.since(talk, given) + timedelta(minutes=int(option.removeprefix(MINUTES)))
        return read(option)

    def _within(self, at: datetime, other: datetime | None, talk: Talk, given: Given) -> Judgement:
        rules, since = given.rules.check_ins, self.since(talk, given)
        least = since + rules.soonest if self.soonest else since + timedelta(minutes=1)
        fitting = [one for one in (at, other) if one and least <= _up(one) and one <= given.now + rules.latest]
        if len(fitting) > 1:
            return More(Answer(codes=tuple(written(one) for one in fitting)))
        if fitting:
            return Kept(Answer(codes=(written(fitting[0]),)))
        if at > given.now + rules.latest:
            return Refused(
                t("That is further away than we can wait for: at most {span} from now.", span=lasting(rules.latest))
            )
        if self.soonest:
            return Refused(
                t("That is past or very near. It should be at least {span} from now.", span=lasting(rules.soonest))
            )
        return Refused(t("That is no later than what was agreed. Until when shall we wait?"))


def written(at: datetime) -> str:
    """A moment as the code of an answer, to the minute."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def read(code: str) -> datetime:
    """The moment that a code is. ValueError if it is none."""
    return datetime.strptime(code, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def moment_of(answer: Answer) -> datetime:
    """The moment that a `Clock` kept."""
    return read(answer.codes[0])


def spans(*minutes: int) -> Mapping[str, Text]:
    """Quick spans, by their codes."""
    return {f"{MINUTES}{one}": t("in {span}", span=lasting(timedelta(minutes=one))) for one in minutes}


def _up(at: datetime) -> datetime:
    """The end of its minute: «بعد 10 دقائق» is not refused for the seconds that it took to arrive."""
    return at.replace(second=59, microsecond=999999)


def _halves(talk: Talk) -> tuple[str, ...]:
    return talk.partial.codes if talk.partial and len(talk.partial.codes) > 1 else ()
