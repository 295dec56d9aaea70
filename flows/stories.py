"""Stories and initiatives to browse: a list in pages, each as one letter, and "I am interested" under an initiative.

It never says who else is interested, and keeps nothing of what was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Literal

from flows.core import Answer, Event, Flow, Given, JoinIn, Judgement, Kept, Led, More, Prompt, Refused, Say, Talk
from flows.public import Story
from flows.questions.parts import NOT_UNDERSTOOD
from messages import Text, join, t

PAGE: Final = 7
"""Titles on one screen: with the page after, the page before and the way out they are ten, WhatsApp's longest list."""
TITLE: Final = t("What to read")
NOTHING_YET: Final = t("There is nothing here yet. Whenever there is, you find it in the same place.")
STORIES: Final = t("Here are short stories to read. Which would you like?")
INITIATIVES: Final = t("What is being done near you and elsewhere. Which would you like to know more of?")
INTERESTED: Final = t("If it interests you, say so: only the number of those interested is told, never a name.")
JOINED: Final = t("You have said that it interests you, and you are counted.")
COUNTED: Final = t("Thank you. You are counted, without your name.")
NEXT_PAGE, PAGE_BEFORE, LEAVE = t("More of them"), t("Those before"), t("That is enough")
NEXT_ONE, TO_LIST, JOIN = t("The next one"), t("Back to the list"), t("I am interested")
_LEADS: Final = frozenset(("join", "leave"))


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that may be read of one kind: the list, or the one that she opened (kept as the partial answer)."""

    kind: Literal["story", "initiative"]
    name: str = "which"
    title: Text = TITLE
    needed: bool = True

    @property
    def files(self) -> bool:
        """Nothing is sent here."""
        return False

    @property
    def adds(self) -> bool:
        """There is nothing to add to."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Show the one that is open, or a page of the list."""
        stories = self._all(given)
        story = _opened(talk, stories)
        if story is not None:
            return self._shown(story, stories)
        if not stories:
            return Prompt(NOTHING_YET, {"leave": LEAVE}, yes="leave", no="leave")
        return Prompt(STORIES if self.kind == "story" else INITIATIVES, _listed(stories, talk.page), no="leave")

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Turn pages, open one, go to the next; only joining and leaving are answers."""
        story = _opened(talk, self._all(given))
        match option:
            case None:
                return Refused(NOT_UNDERSTOOD)
            case "more" | "before":
                return More(Answer(), max(0, talk.page + (1 if option == "more" else -1)))
            case "list":
                return More(Answer(), talk.page)
            case "leave" | "join":
                return Kept(Answer(codes=(option, *((str(story.id),) if story else ()))))
            case "next":
                return More(Answer(codes=(_following(story, self._all(given)),)), talk.page)
            case _:
                return More(Answer(codes=(option,)), talk.page)

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """What was read is not told again."""
        return self.title

    def _all(self, given: Given) -> tuple[Story, ...]:
        return given.public.stories if self.kind == "story" else given.public.initiatives

    def _shown(self, story: Story, stories: tuple[Story, ...]) -> Prompt:
        options: dict[str, Text] = {}
        words = join(story.title, story.text)
        if self.kind == "initiative":
            words = join(words, JOINED if story.joined else INTERESTED)
            options = {} if story.joined else {"join": JOIN}
        if len(stories) > 1:
            options["next"] = NEXT_ONE
        options |= {"list": TO_LIST, "leave": LEAVE}
        return Prompt(words, options, yes="join" if "join" in options else "", no="leave")


def _opened(talk: Talk, stories: tuple[Story, ...]) -> Story | None:
    chosen = talk.partial.codes[0] if talk.partial and talk.partial.codes else ""
    return next((story for story in stories if str(story.id) == chosen), None)


def _following(story: Story | None, stories: tuple[Story, ...]) -> str:
    """The one after it; after the last the first."""
    places = [place for place, one in enumerate(stories) if one is story]
    return str(stories[(places[0] + 1) % len(stories)].id) if places else ""


def _listed(stories: tuple[Story, ...], page: int) -> Mapping[str, Text]:
    """One page of titles, and the ways to the others; past the last page it begins again."""
    pages = -(-len(stories) // PAGE)
    at = page % pages
    shown = {str(story.id): story.title for story in islice(stories, at * PAGE, (at + 1) * PAGE)}
    if at + 1 < pages:
        shown["more"] = NEXT_PAGE
    if at:
        shown["before"] = PAGE_BEFORE
    return {**shown, "leave": LEAVE}


def _done(talk: Talk, given: Given) -> Led:
    """She has enough, or is interested: then the list again."""
    chosen = talk.answers["which"].codes
    if chosen[0] not in _LEADS or chosen[0] == "leave":
        return Led(talk.under or Talk())
    onward = replace(talk, answers={})
    story = next((one for one in given.public.initiatives if str(one.id) in chosen[1:]), None)
    if story is None or story.joined:
        return Led(onward)
    return Led(onward, (JoinIn(story.id), Say(COUNTED)))


STORIES_FLOW: Final = Flow("stories", (Shelf("story"),), after={"which": _done})
INITIATIVES_FLOW: Final = Flow("initiatives", (Shelf("initiative"),), after={"which": _done})
