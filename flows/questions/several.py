"""Choose any number of options: one press at a time until "done", or all their numbers in one message.

It never chooses anything beforehand: what isn't pressed isn't chosen.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from flows.core import Answer, Event, Given, Judgement, Kept, More, Prompt, Refused, Said, Shared, Talk
from flows.options import numbers
from flows.questions.parts import NOT_UNDERSTOOD, Options, Wording, added, offered, told, worded
from flows.terms import summed, ticked
from messages import Text, raw, t

DONE = t("That's all")
SEVERAL = t("You can choose more than one: press each, or write their numbers together, such as 1, 3.")


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of options. An option of `alone` stands for itself: it ends the question at once."""

    name: str
    title: Text
    text: Wording
    options: Options
    plainer: Text | None = None
    needed: bool = False
    or_write: bool = False
    alone: Collection[str] = ()
    may_be_none: bool = False
    """"That's all" is offered before anything is chosen, too."""
    names: Callable[[str, Given], Text] | None = None

    @property
    def files(self) -> bool:
        """A choice is no place for files."""
        return False

    @property
    def adds(self) -> bool:
        """What was chosen stays chosen."""
        return True

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Put the options with a tick on those chosen, then "done" once there is something to be done with."""
        options = offered(self.options, talk, given)
        chosen = talk.partial.codes if talk.partial else ()
        shown = {code: ticked(label) if code in chosen else label for code, label in options.items()}
        if chosen or self.may_be_none:
            shown["done"] = DONE
        if chosen:
            noted = summed([options[code] for code in chosen if code in options], "")
            return Prompt(
                t("You can press more of them, or “That's all”.\nNoted so far: {chosen}", chosen=noted),
                shown,
                no="done",
            )
        asked = self.plainer if talk.misses and self.plainer else worded(self.text, talk, given)
        return Prompt(t("{question}\n{how}", question=asked, how=SEVERAL), shown)

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:
        """Turn an option on or off, keep all on "done" or on a list of numbers, keep words where they are welcome."""
        so_far = talk.partial or Answer()
        if option == "done":
            return Kept(so_far)
        if option in self.alone:
            return Kept(replace(so_far, codes=(str(option),)))
        if option is not None:
            return More(_turned(so_far, option))
        if isinstance(event, Said) and (several := self._numbered(event.words, talk, given)):
            return Kept(replace(so_far, codes=tuple(dict.fromkeys((*so_far.codes, *several)))))
        if self.or_write and isinstance(event, Said | Shared) and (words := told(event)):
            return Kept(added(so_far, words))
        return Refused(NOT_UNDERSTOOD)

    def show(self, answer: Answer, given: Given) -> Text:
        """The options' names, and what she wrote beside them."""
        labels = self.options if isinstance(self.options, Mapping) else {}
        names = [self.names(code, given) if self.names else labels.get(code, raw(code)) for code in answer.codes]
        return summed(names, answer.words)

    def _numbered(self, words: str, talk: Talk, given: Given) -> tuple[str, ...]:
        listed = numbers(words)
        codes = tuple(offered(self.options, talk, given))
        if not listed or not all(1 <= number <= len(codes) for number in listed):
            return ()
        return tuple(codes[number - 1] for number in listed)


def _turned(so_far: Answer, option: str) -> Answer:
    if option in so_far.codes:
        return replace(so_far, codes=tuple(code for code in so_far.codes if code != option))
    return replace(so_far, codes=(*so_far.codes, option))
