"""Carries a conversation one step on: what she did, in; the new state and what is to be done, out.

It never acts, and knows no question by name: flows say what is asked, asides say how she may leave a flow.
"""

from dataclasses import replace
from typing import Final, assert_never

from flows import lock, quiet, sos, unasked, ways, well
from flows.answering import back, judged, other, taken
from flows.core import (
    Book,
    Commanded,
    Event,
    Given,
    Led,
    Located,
    Person,
    Pressed,
    Remember,
    Said,
    Say,
    Shared,
    Talk,
    Turn,
    Unusable,
    Vote,
)
from flows.hearing import SOS, Heard, listen
from flows.here import Here, named_option, numbered, pressed_option, standing
from flows.letter import answered_with
from flows.options import parted, short
from flows.pushed import read
from flows.questions import Word
from messages import t

UNUSABLE: Final = t(
    "We couldn't open what you sent, and that is our fault. Words, a voice note, a photo or a button all reach us."
)
TOO_MANY: Final = "too many"
"""A file above what one person may send in a day, so `Unusable` says; it was not taken."""
MANY_TODAY: Final = t(
    "That is a great deal for one day. What came before is kept, this one is not. Words still reach us; please send "
    "the rest tomorrow."
)
OLD_BUTTON: Final = t("This was answered already, and your answer is kept. We are here now:")
UNKNOWN_BUTTON: Final = t("We couldn't read that button, and that is our fault. Let us go on here:")


def advance(book: Book, talk: Talk, event: Event, given: Given) -> Turn:
    """Decide what one event leads to. Never raises, whatever the event holds and whichever state it meets."""
    if isinstance(event, Located) and event.live:
        return sos.followed(talk, event, given)
    event = _storable(event)
    seen = lock.view(given)
    heard = listen(_words_of(event), given.rules)
    led, talk, person = _led(book, talk, event, heard, given)
    led = unasked.heeded(led, talk, event, heard, given)
    pressed = event.key if isinstance(event, Pressed) and led.talk is not talk else talk.pressed
    if any(isinstance(effect, Vote) for effect in led.effects):
        pressed = ""  # its key would say what she chose
    after = replace(led.talk, asked=talk.asked + led.ask, pressed=pressed)
    back = (Remember(person),) if person != seen.person else ()
    turn = lock.unmasked(answered_with(book, after, replace(led, effects=(*back, *led.effects)), seen), given, seen)
    return well.counted(turn, event, given, asked=_asks_for_a_word(book, talk))


def _led(book: Book, talk: Talk, event: Event, heard: Heard, given: Given) -> tuple[Led, Talk, Person]:
    """What an event leads to, from which talk, and as whom: whoever hid the chat and writes is here again."""
    here = standing(book, talk, lock.view(given))
    if led := _at_the_door(here, talk, event, heard, given):
        return led, talk, here.given.person
    if given.person.locked or given.person.left:
        talk, given = _here_again(talk, given)
        here = standing(book, talk, lock.view(given))
    led = _quietly(here, event, heard) or well.heard(here, event, heard) or _decide(here, event, heard)
    return sos.paged(led, here.given), talk, here.given.person


def _at_the_door(here: Here, talk: Talk, event: Event, heard: Heard, given: Given) -> Led | None:
    """Hiding and coming back, before anything else is looked at: the one way out that works in every state."""
    if given.person.locked:
        return lock.answered(talk, event, given, heard, calls=_calls(event, heard))
    if "exit" in heard.commands or (isinstance(event, Commanded) and event.name == "exit"):
        return lock.leave(talk, here.given)
    if given.person.shown_from and isinstance(event, Said) and not isinstance(here.question, Word):
        return {"safe": lock.opened, "duress": lock.obeyed}.get(given.word, _nothing)(given)
    return None


def _nothing(_given: Given) -> None:
    """No word of hers."""


def listens_for_a_word(book: Book, talk: Talk, given: Given) -> bool:
    """Whether what she writes now may be a word of her own: while something is locked, or where one is asked for."""
    if given.person.locked or given.person.shown_from or well.listens(given):
        return True
    return _asks_for_a_word(book, talk)


def _asks_for_a_word(book: Book, talk: Talk) -> bool:
    flow = book.get(talk.flow)
    return flow is not None and isinstance(flow.first_open(talk), Word)


def _here_again(talk: Talk, given: Given) -> tuple[Talk, Given]:
    """Whoever hid the chat and writes is here again; while it is locked only a cry for help comes as far as this."""
    if given.person.locked:
        return lock.broken_into(talk, given)
    return talk, replace(given, person=replace(given.person, left=False))


def _storable(event: Event) -> Event:
    """Half a surrogate pair is no letter, and nothing could store it."""
    match event:
        case Said(words):
            whole = _whole(words)
            return event if whole is words else Said(whole)
        case Shared(file, kind, caption) if caption:
            return Shared(file, kind, _whole(caption))
        case _:
            return event


def _whole(words: str) -> str:
    try:
        words.encode()
    except UnicodeEncodeError:
        return words.encode("utf-8", "replace").decode()
    return words


def _quietly(here: Here, event: Event, heard: Heard) -> Led | None:
    """While it isn't safe to write, nothing is shown before she says that it is."""
    talk, person = here.talk, here.given.person
    if _calls(event, heard) and not ways.known_in_danger(talk):
        return ways.go("help_now", talk, here.given)
    if isinstance(event, Pressed) and event.key == talk.pressed:
        return Led(talk, ask=False)
    if talk.flow == "hush" or (talk.flow == "quiet" and not person.quiet):
        return _neutrally(here, event, heard)
    if person.quiet:
        return quiet.knocked(talk, event, here.given, unsafe=heard.unsafe, distress=heard.distress)
    return None


def _calls(event: Event, heard: Heard) -> bool:
    """Whether she calls the person on call, by one word that is all of her message, or by the button."""
    match event:
        case Said():
            return bool(heard.commands & SOS)
        case Commanded(name):
            return name in SOS
        case Pressed(key):
            pressed = parted(key)
            return pressed is not None and pressed[1] == short("menu.menu", "help_now")
        case _:
            return False


def _neutrally(here: Here, event: Event, heard: Heard) -> Led:
    """Only the answer to the one harmless question, or a cry for help, leads on; all else gets a harmless line."""
    code = _meant(here, event, heard)
    if not code and here.talk.flow == "quiet":
        if isinstance(event, Said | Shared) and (alarmed := _alarmed(here, event, heard)):
            return alarmed
        code = next((code for code in ("yes", "no") if code in heard.commands), None)
        code = {"yes": here.prompt.yes, "no": here.prompt.no}.get(code or "")
    if code or (here.talk.flow == "hush" and isinstance(event, Said | Located) and not heard.distress):
        led = judged(here, event, code)
        if led.talk.misses <= here.talk.misses:
            return led
    return quiet.hushed(here.talk, event)


def _meant(here: Here, event: Event, heard: Heard) -> str | None:
    match event:
        case Pressed(key):
            return pressed_option(here, key)
        case Said():
            return numbered(here, heard.number) or named_option(here, heard, whole=True)
        case _:
            return None


def _decide(here: Here, event: Event, heard: Heard) -> Led:
    if ways.is_strange(here.talk, here.given.person):
        return _strange(here, event, heard)
    match event:
        case Said():
            return _said(here, event, heard)
        case Pressed(key):
            return _pressed(here, event, key)
        case Shared():
            return _alarmed(here, event, heard) or other(here, event)
        case Located():
            return other(here, event)
        case Commanded(name):
            return _commanded(here, frozenset([name])) or Led(here.talk, (Say(ways.HELP),))
        case Unusable(kind):
            return Led(here.talk, (Say(MANY_TODAY if kind == TOO_MANY else UNUSABLE),))
        case _:
            assert_never(event)


def _strange(here: Here, event: Event, heard: Heard) -> Led:
    """A stranger is welcomed first, unless she is in danger."""
    if isinstance(event, Said | Shared) and (alarmed := _alarmed(here, event, heard)):
        return alarmed
    if isinstance(event, Said) and (spoken := _spoken_language(here, event, heard)):
        language = replace(here.given.person, language=heard.language)
        return replace(spoken, talk=ways.welcome(replace(here.given, person=language)))
    return ways.first_met(event, here.given)


def _said(here: Here, event: Said, heard: Heard) -> Led:
    if here.given.word in {"safe", "duress"} and isinstance(here.question, Word):
        return judged(here, event, None)
    if here.talk.flow and (code := named_option(here, heard, whole=True)):
        return taken(here, event, code)
    if sos.hears(here.talk, heard) and not numbered(here, heard.number):
        return other(here, event, heard)
    return (
        _alarmed(here, event, heard)
        or _spoken_language(here, event, heard)
        or _commanded(here, heard.commands - {"help"} if heard.distress else heard.commands)
        or _answered_team(here, event)
        or _answered(here, event, heard)
        or other(here, event, heard)
    )


def _pressed(here: Here, event: Pressed, key: str) -> Led:
    if code := pressed_option(here, key):
        return taken(here, event, code)
    if pushed := read(key):
        return ways.pushed(pushed.way, here.book, here.talk, here.given)
    if (found := parted(key)) is None:
        return Led(here.talk, (Say(UNKNOWN_BUTTON),))
    way = next((code for code in ways.MENU if short("menu.menu", code) == found[1]), "")
    return ways.go(way, here.talk, here.given) if way else Led(here.talk, (Say(OLD_BUTTON),))


def _alarmed(here: Here, event: Said | Shared, heard: Heard) -> Led | None:
    """Words that say it is unsafe to talk, or that she is in danger, come before everything else."""
    if heard.unsafe:
        both = heard.distress and not ways.known_in_danger(here.talk)
        waiting = ways.in_danger(ways.based(here.book, here.talk), event) if both else here.talk
        return quiet.unsafe(waiting, event, here.given)
    if not heard.distress or ways.known_in_danger(here.talk) or (here.prompt.tells and here.talk.reassured):
        return None
    if here.prompt.alarm:
        led = taken(here, event, here.prompt.alarm)
        return replace(led, effects=(*led.effects, *ways.not_lost(led.talk, event, here.given)))
    sealed = () if here.talk.flow else ways.not_lost(here.talk, event, here.given)
    return Led(ways.in_danger(ways.based(here.book, here.talk), event), sealed)


def _answered_team(here: Here, event: Said) -> Led | None:
    """With nothing open, the first that she writes after a message from the team answers it, even a number or a yes."""
    asked = None if here.talk.flow else ways.asked_about(here.given)
    return ways.answered_to_team(here.talk, event, here.given) if asked and not asked.answered else None


def _spoken_language(here: Here, event: Said, heard: Heard) -> Led | None:
    if heard.language is None:
        return None
    if heard.language in here.prompt.options:
        return taken(here, event, heard.language)
    return Led(here.talk, (Remember(replace(here.given.person, language=heard.language)),))


def _commanded(here: Here, names: frozenset[str]) -> Led | None:
    if "done" in here.prompt.options and names & {"done", "cancel", "unclear"}:
        return judged(here, Said(""), "done")
    if "none" in here.prompt.options and here.question.files and "done" in names:
        return judged(here, Said(""), "none")
    if "back" in names:
        return back(here)
    return ways.commanded(names, here.book, here.talk, here.given)


def _answered(here: Here, event: Said, heard: Heard) -> Led | None:
    """A number, a yes or no, "I don't know", or the beginning of a label."""
    names, prompt = heard.commands, here.prompt
    firm = prompt.firm and "unclear_when_asked_if_safe" in names
    code = numbered(here, heard.number)
    if not code and "yes" in names and "unclear" not in names and not firm:
        code = prompt.yes
    if not code and "no" in names:
        code = prompt.no
    if not code and "skip" in names and here.talk.flow:
        code = next((code for code in ("unknown", "done") if code in prompt.options), "skip")
    code = code or (None if prompt.tells else named_option(here, heard, whole=False))
    return taken(here, event, code) if code else None


def _words_of(event: Event) -> str:
    match event:
        case Said(words) | Shared(_, _, words):
            return words
        case _:
            return ""
