"""Asks what a poll or a pledge asks: a question with up to nine answers, counted without whoever answers.

It never shows how others answered, never asks the same person twice, and remembers no answer once it is counted.
"""

from dataclasses import dataclass
from typing import Final

from flows.core import Answer, Event, Flow, Given, Judgement, Kept, Led, More, Prompt, Refused, Say, Talk, Vote
from flows.public import Poll
from flows.questions.parts import NOT_UNDERSTOOD
from messages import Text, join, raw, t

MOST: Final = 9
"""Answers of one question: with "I'd rather not say" they are ten, WhatsApp's longest list."""
TITLE: Final = t("Question")
NONE_OPEN: Final = t("No question is open that you haven't answered. Each is answered once.")
# leaders: they are several, and men among them
NONE_OPEN_TO_LEADERS: Final = t("Nothing is open for leaders now. Thank you.")
UNSEEN: Final = t(
    "Only the number of answers is kept, and that one came from here: nothing that is kept says what was chosen."
)
SEVERAL: Final = t("Several questions are open. With which shall we begin?")
LEAVE: Final = t("Back")
THANKS: Final = t("Thank you. Your answer is counted, and nothing says that it is yours.")
# leaders: as above
THANKS_TO_LEADERS: Final = t("Thank you. The pledge is counted, without a name.")
OVER: Final = t("Thank you. This question was over in the meantime, so nothing more is counted.")


@dataclass(frozen=True, slots=True)
class Ballot:
    """The question that is open; where there are several, first which of them."""

    name: str = "choice"
    title: Text = TITLE
    needed: bool = False

    @property
    def files(self) -> bool:
        """A ballot is no place for files."""
        return False

    @property
    def adds(self) -> bool:
        """There is one answer, and it is not kept."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Put the question with its answers, or say that none is open."""
        polls = given.public.polls
        if not polls:
            said = NONE_OPEN_TO_LEADERS if given.public.leader else NONE_OPEN
            return Prompt(said, {"leave": LEAVE}, yes="leave", no="leave", offers_skip=False)
        poll = _pending(talk, given)
        if poll is None:
            lines = [join(raw(f"{place}."), one.question, between=" ") for place, one in enumerate(polls[:MOST], 1)]
            labels = {f"p{one.id}": t("Question {number}", number=place) for place, one in enumerate(polls[:MOST], 1)}
            return Prompt(join(SEVERAL, *lines), labels)
        options = {f"{poll.id}:{code}": label for code, label in tuple(poll.options.items())[:MOST]}
        return Prompt(join(poll.question, UNSEEN), options)

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Take the poll that she names, then the answer."""
        if option is None:
            return Refused(NOT_UNDERSTOOD)
        answer = Answer(codes=(option.removeprefix("p"),))
        return More(answer) if option.startswith("p") else Kept(answer)

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """An answer is never shown again."""
        return self.title


def _pending(talk: Talk, given: Given) -> Poll | None:
    """The poll that is asked: the one she chose, or the only one."""
    polls = given.public.polls
    if len(polls) == 1:
        return polls[0]
    chosen = talk.partial.codes[0] if talk.partial and talk.partial.codes else ""
    return next((poll for poll in polls if str(poll.id) == chosen), None)


def _voted(talk: Talk, given: Given) -> Led:
    """Count it, and go on without it: the talk that is kept holds nothing of the answer."""
    onward = talk.under or Talk()
    number, found, choice = talk.answers["choice"].codes[0].partition(":")
    if not found:
        return Led(onward)
    poll = next((poll for poll in given.public.polls if str(poll.id) == number), None)
    if poll is None or choice not in poll.options:
        return Led(onward, (Say(OVER),))
    return Led(onward, (Vote(poll.id, choice), Say(THANKS_TO_LEADERS if poll.kind == "pledge" else THANKS)))


POLL: Final = Flow("poll", (Ballot(),), after={"choice": _voted})
