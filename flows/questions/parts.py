"""What the kinds of questions share: wordings that depend on the talk, lists in pages, and kind refusals.

It never judges an answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from flows.core import Answer, Given, Said, Shared, Talk
from messages import Text, t
from messages.arabic import strip_controls

Wording = Text | Callable[[Talk, Given], Text]
Options = Mapping[str, Text] | Callable[[Talk, Given], Mapping[str, Text]]
PAGE: Final = 8
"""Options of a long list on one screen: with "more" and "I'd rather not say" they are ten."""
NOT_UNDERSTOOD: Final = t("We didn't understand, and that is our fault. Press one of the choices, or write its number.")
NOTHING_IN_IT: Final = t("Your message reached us empty. Write it once more, or send a voice note.")
MORE: Final = t("More…")
PICTURE: Final = "picture"
"""The code, among what is kept of a draft and not answered yet, that says there is a picture among its files."""
CLEAN: Final = "clean"
"""The code of an answer of whose pictures only the clean copies are to be kept."""
MOST_FILES: Final = 30
"""In one draft; more can be added to the report once it's sent."""
ENOUGH: Final = t("That is a great deal, and it is all kept. The rest can be added after sending.")


def worded(wording: Wording, talk: Talk, given: Given) -> Text:
    """The text of a question, made for this talk if it depends on it."""
    return wording if isinstance(wording, Text) else wording(talk, given)


def offered(options: Options, talk: Talk, given: Given) -> Mapping[str, Text]:
    """The options of a question, made for this talk if they depend on it."""
    return options(talk, given) if callable(options) else options


def paged(options: Mapping[str, Text], page: int, size: int = PAGE) -> dict[str, Text]:
    """One screen of a long list, with "more" at its end; past the last page it begins again."""
    if len(options) <= size + 1:
        return dict(options)
    start = page % -(-len(options) // size) * size
    return {**dict(islice(options.items(), start, start + size)), "more": MORE}


def told(event: Said | Shared) -> Answer | None:
    """Her words, or a voice note with what she wrote under it; None if there is nothing in it."""
    match event:
        case Said(words) if strip_controls(words).strip():
            return Answer(words=words)
        case Shared(file, "voice", caption):
            return Answer(words=caption, files=(file,))
        case _:
            return None


def joined(so_far: Answer, more: Answer) -> Answer:
    """As `added`, and what both say of their files besides."""
    return replace(added(so_far, more), codes=tuple(dict.fromkeys((*so_far.codes, *more.codes))))


def added(so_far: Answer, more: Answer) -> Answer:
    """Both answers as one: nothing that she wrote or sent is lost."""
    words = "\n\n".join(words for words in (so_far.words, more.words) if words)
    return replace(so_far, words=words, files=(*so_far.files, *more.files))
