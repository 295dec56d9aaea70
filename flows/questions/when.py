"""When: today, yesterday, a date in any digits, words, or not known.

It never insists on a day: what can't be read as one is kept in her words.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flows.core import Answer, Event, Given, Judgement, Kept, More, Prompt, Refused, Said, Shared, Talk
from flows.dates import day_of, today
from flows.questions.parts import NOT_UNDERSTOOD, Wording, told, worded
from flows.terms import summed
from messages import Text, raw, t

WEEK = timedelta(days=7)
LABELS = {
    "today": t("Today"),
    "yesterday": t("Yesterday"),
    "this_week": t("In the last seven days"),
    "older": t("Longer ago"),
    "unknown": t("I don't know"),
}
NOT_YET = t("As we read it, that day is still to come. Write it once more, for example 4/10/2025, or in words.")


@dataclass(frozen=True, slots=True)
class When:
    """A day. The answer's code says it relative to now: today, yesterday, this_week, older, unknown."""

    name: str
    title: Text
    text: Wording
    needed: bool = False

    @property
    def files(self) -> bool:
        """A day is told, not filed."""
        return False

    @property
    def adds(self) -> bool:
        """A new day takes the place of the old one."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Put the near days; for an earlier one ask which."""
        if talk.partial:
            text = t("Which day, about? Write it as it comes to you, for example 4/10 or “a month ago”.")
            return Prompt(text, {"older": t("I don't remember")}, no="older", tells=True)
        return Prompt(
            worded(self.text, talk, given),
            {
                "today": LABELS["today"],
                "yesterday": LABELS["yesterday"],
                "earlier": t("Earlier"),
                "unknown": LABELS["unknown"],
            },
        )

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Keep a day with its distance from now; refuse kindly a day to come; keep words that name no day."""
        now = today(given.now)
        match option:
            case "earlier":
                return More(Answer(codes=("older",)))
            case "today" | "yesterday":
                return Kept(_at(now if option == "today" else now - timedelta(days=1), now))
            case "older" | "unknown":
                return Kept(Answer(codes=(option,)))
            case _:
                return _told(event, now)

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """The day with its weekday, or what she said of it."""
        if answer.date:
            return t("{day}", day=date.fromisoformat(answer.date))
        said = [code for code in answer.codes if code != "unknown" or not answer.words]
        return summed([LABELS.get(code, raw(code)) for code in said], answer.words)


def _told(event: Event, now: date) -> Judgement:
    if not isinstance(event, Said | Shared) or not (answer := told(event)):
        return Refused(NOT_UNDERSTOOD)
    if (day := day_of(answer.words, now)) is None:
        return Kept(Answer(codes=("unknown",), words=answer.words, files=answer.files))
    return Refused(NOT_YET) if day > now else Kept(replace(_at(day, now, answer.words), files=answer.files))


def _at(day: date, now: date, words: str = "") -> Answer:
    ago = now - day
    if not ago:
        code = "today"
    elif ago == timedelta(days=1):
        code = "yesterday"
    else:
        code = "this_week" if ago < WEEK else "older"
    return Answer(codes=(code,), date=day.isoformat(), words=words)
