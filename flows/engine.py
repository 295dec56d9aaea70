"""Carries a conversation one step on: what she did, in; the new state and what is to be done, out.

It never acts, and knows no question by name: flows say what is asked, asides say how she may leave a flow.
"""

from dataclasses import dataclass, replace

from flows import quiet, ways
from flows.core import (
    AddToCase,
    Answer,
    Book,
    Choice,
    Commanded,
    Effect,
    Event,
    Flow,
    Given,
    Kept,
    Led,
    Located,
    More,
    Pressed,
    Prompt,
    Question,
    Refused,
    Remember,
    Reopened,
    Said,
    Say,
    Shared,
    Talk,
    Turn,
    Unusable,
)
from flows.hearing import Heard, listen
from flows.options import key_of, named, parted, short
from messages import Text, join, t

SKIP = t("I'd rather not say")
MISSES_BEFORE_A_WAY_OUT = 3
LONGEST_LABEL = 6
"""Words."""
UNUSABLE = t(
    "We couldn't open what you sent, and that is our fault. Words, a voice note, a photo or a button all reach us."
)
OLD_BUTTON = t("This was answered already, and your answer is kept. We are here now:")
UNKNOWN_BUTTON = t("We couldn't read that button, and that is our fault. Let us go on here:")
FIRST_QUESTION = t("This is the first question, there is none before it.")
NEEDED = t("We can't go on without this one. The choice nearest to it is enough.")
WELCOME_BACK = t(
    "Welcome back. You were silent for a while, so what you had begun was destroyed, for your safety. "
    "Nothing of it remains here. You can begin again whenever you like."
)


def advance(book: Book, talk: Talk, event: Event, given: Given) -> Turn:
    """Decide what one event leads to. Never raises, whatever the event holds and whichever state it meets."""
    event = _storable(event)
    here = _here(book, talk, given)
    led = _quietly(here, event) or _decide(here, event)
    pressed = event.key if isinstance(event, Pressed) and led.talk is not talk else talk.pressed
    after = replace(led.talk, asked=talk.asked + led.ask, pressed=pressed)
    return _turn(book, after, led, given)


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


@dataclass(frozen=True, slots=True)
class Here:
    """Where she is: the talk, its flow, the question that is pending, and how it was put."""

    book: Book
    talk: Talk
    given: Given
    flow: Flow
    question: Question
    prompt: Prompt
    codes: tuple[str, ...]
    """The options as they stood before her, in that order."""

    @property
    def place(self) -> str:
        """The question's full name, for its buttons."""
        return f"{self.flow.name}.{self.question.name}"


def _here(book: Book, talk: Talk, given: Given) -> Here:
    """Where she is: flows that have no open question, or exist no more, give way to the talk under them."""
    while True:
        flow = book.get(talk.flow or "menu")
        question = flow.first_open(talk) if flow else None
        if flow and question:
            break
        talk = replace(talk.under or Talk(), asked=talk.asked, pressed=talk.pressed)
    prompt = question.ask(talk, given)
    skips = not question.needed and prompt.offers_skip and "done" not in prompt.options
    codes = (*prompt.options, "skip") if skips and "enough" not in prompt.options else tuple(prompt.options)
    return Here(book, talk, given, flow, question, prompt, codes)


# ---------------------------------------------------------------- what she did


def _quietly(here: Here, event: Event) -> Led | None:
    """While it isn't safe to write, nothing is shown before she says that it is."""
    talk, person = here.talk, here.given.person
    if isinstance(event, Pressed) and event.key == talk.pressed:
        return Led(talk, ask=False)
    if talk.flow == "hush" or (talk.flow == "quiet" and not person.quiet):
        return _neutrally(here, event)
    if person.quiet:
        heard = listen(_words_of(event), here.given.rules)
        return quiet.knocked(talk, event, here.given, unsafe=heard.unsafe, distress=heard.distress)
    return None


def _neutrally(here: Here, event: Event) -> Led:
    """Only the answer to the one harmless question, or a cry for help, leads on; all else gets a harmless line."""
    heard = listen(_words_of(event), here.given.rules)
    code = _named_option(here, event)
    if not code and here.talk.flow == "quiet":
        if isinstance(event, Said | Shared) and (alarmed := _alarmed(here, event, heard)):
            return alarmed
        code = next((code for code in ("yes", "no") if code in heard.commands), None)
        code = {"yes": here.prompt.yes, "no": here.prompt.no}.get(code or "")
    if code or (here.talk.flow == "hush" and isinstance(event, Said | Located)):
        led = _judged(here, event, code)
        if led.talk.misses <= here.talk.misses:
            return led
    return quiet.hushed(here.talk, event)


def _named_option(here: Here, event: Event) -> str | None:
    match event:
        case Pressed(key):
            return _pressed_option(here, key)
        case Said(words):
            heard = listen(words, here.given.rules)
            return _numbered(here, heard.number) or _named(here, heard, whole=True)
        case _:
            return None


def _decide(here: Here, event: Event) -> Led:
    person = here.given.person
    if not here.talk.flow and not person.welcomed and not person.cases:
        return _strange(here, event)
    match event:
        case Said(words):
            return _said(here, event, words)
        case Pressed(key):
            return _pressed(here, event, key)
        case Shared(_, _, caption):
            return (_alarmed(here, event, listen(caption, here.given.rules)) if caption else None) or _other(
                here, event
            )
        case Located():
            return _other(here, event)
        case Commanded(name):
            return _commanded(here, frozenset([name])) or Led(here.talk, (Say(ways.HELP),))
        case Unusable():
            return Led(here.talk, (Say(UNUSABLE),))


def _strange(here: Here, event: Event) -> Led:
    """A stranger is welcomed first, unless she is in danger."""
    heard = listen(_words_of(event), here.given.rules)
    if isinstance(event, Said | Shared) and (alarmed := _alarmed(here, event, heard)):
        return alarmed
    pressed = parted(event.key) if isinstance(event, Pressed) else None
    if "danger" in heard.commands or (pressed and pressed[1] == short("menu.menu", "help_now")):
        return ways.go("help_now", here.talk, here.given)
    if isinstance(event, Said) and (spoken := _spoken_language(here, event, heard)):
        language = replace(here.given.person, language=heard.language)
        return replace(spoken, talk=ways.welcome(replace(here.given, person=language)))
    return ways.first_met(event, here.given)


def _said(here: Here, event: Said, words: str) -> Led:
    heard = listen(words, here.given.rules)
    if here.talk.flow and (code := _named(here, heard, whole=True)):
        return _taken(here, event, code)
    return (
        _alarmed(here, event, heard)
        or _spoken_language(here, event, heard)
        or _commanded(here, heard.commands)
        or _answered(here, event, heard)
        or _other(here, event, heard)
    )


def _pressed(here: Here, event: Pressed, key: str) -> Led:
    if code := _pressed_option(here, key):
        return _taken(here, event, code)
    if (found := parted(key)) is None:
        return Led(here.talk, (Say(UNKNOWN_BUTTON),))
    way = next((code for code in ways.MENU if short("menu.menu", code) == found[1]), "")
    return ways.go(way, here.talk, here.given) if way else Led(here.talk, (Say(OLD_BUTTON),))


def _pressed_option(here: Here, key: str) -> str | None:
    found = parted(key)
    if found is None or found[0] != here.talk.asked:
        return None
    return next((code for code in here.codes if short(here.place, code) == found[1]), None)


def _alarmed(here: Here, event: Said | Shared, heard: Heard) -> Led | None:
    """Words that say it is unsafe to talk, or that she is in danger, come before everything else."""
    if heard.unsafe:
        return quiet.unsafe(here.talk, event, here.given)
    if not heard.distress or ways.known_in_danger(here.talk) or (here.prompt.tells and here.talk.reassured):
        return None
    if here.prompt.alarm:
        return _taken(here, event, here.prompt.alarm)
    return Led(ways.aside("danger", here.book, here.talk, ways.heard(event)))


def _spoken_language(here: Here, event: Said, heard: Heard) -> Led | None:
    if heard.language is None:
        return None
    if heard.language in here.prompt.options:
        return _taken(here, event, heard.language)
    return Led(here.talk, (Remember(replace(here.given.person, language=heard.language)),))


def _commanded(here: Here, names: frozenset[str]) -> Led | None:
    if "done" in here.prompt.options and names & {"cancel", "unclear"}:
        return _judged(here, Said(""), "done")
    if "back" in names:
        return _back(here)
    return ways.commanded(names, here.book, here.talk, here.given)


def _answered(here: Here, event: Said, heard: Heard) -> Led | None:
    """A number, a yes or no, "I don't know", or the beginning of a label."""
    names, prompt = heard.commands, here.prompt
    firm = prompt.firm and "unclear_when_asked_if_safe" in names
    code = _numbered(here, heard.number)
    if not code and "yes" in names and "unclear" not in names and not firm:
        code = prompt.yes
    if not code and "no" in names:
        code = prompt.no
    if not code and "skip" in names and here.talk.flow:
        code = next((code for code in ("unknown", "done") if code in prompt.options), "skip")
    code = code or (None if prompt.tells else _named(here, heard, whole=False))
    return _taken(here, event, code) if code else None


def _numbered(here: Here, number: int | None) -> str | None:
    return here.codes[number - 1] if number and number <= len(here.codes) else None


def _named(here: Here, heard: Heard, *, whole: bool) -> str | None:
    """The option that her words name. Long messages name none, and so cost nothing."""
    if len(heard.said) > LONGEST_LABEL or heard.number is not None:
        return None
    return named(heard.said, {code: here.prompt.options.get(code, SKIP) for code in here.codes}, whole=whole)


def _words_of(event: Event) -> str:
    match event:
        case Said(words) | Shared(_, _, words):
            return words
        case _:
            return ""


# ---------------------------------------------------------------- what it means for the pending question


def _taken(here: Here, event: Event, code: str) -> Led:
    if code == "skip":
        return _skipped(here)
    if code in ways.MENU and (not here.talk.flow or code == "help_now"):
        return ways.go(code, here.talk, here.given)
    if code == "stop" and here.question.name == "send":
        return ways.stop(here.book, here.talk)
    return _judged(here, event, code)


def _other(here: Here, event: Said | Shared | Located, heard: Heard | None = None) -> Led:
    """Nothing but an answer to the pending question, or at the menu something to be told."""
    if not here.talk.flow:
        return ways.told_at_menu(here.talk, event, telling=bool(heard and heard.topic))
    return _judged(here, event, None)


def _judged(here: Here, event: Event, option: str | None) -> Led:
    talk = here.talk
    match here.question.judge(event, option, talk, here.given):
        case Kept(answer):
            return _kept(here, answer)
        case More(partial, page):
            return Led(replace(talk, partial=partial, page=page, misses=0))
        case Reopened(name):
            return Led(replace(talk, reopened=name, partial=_kept_parts(here, name), page=0, misses=0))
        case Refused(why):
            return _missed(here, event, why)


def _kept_parts(here: Here, name: str) -> Answer | None:
    """What she told, sent or ticked before is added to, not asked for anew."""
    answer = here.talk.answers.get(name)
    question = next((question for question in here.flow.questions if question.name == name), None)
    return answer if answer and question and not answer.place and question.adds else None


def _kept(here: Here, answer: Answer) -> Led:
    name = here.question.name
    answers = {**here.talk.answers, name: answer}
    skipped = tuple(skipped for skipped in here.talk.skipped if skipped != name)
    talk = replace(here.talk, answers=answers, skipped=skipped, partial=None, page=0, reopened="", misses=0)
    sealed: tuple[Effect, ...] = ()
    if talk.case and answer != Answer() and not here.flow.aside:
        sealed = (AddToCase(talk.case, "answers", {name: answer}, files=answer.files),)
    after = here.flow.after.get(name)
    led = after(talk, here.given) if after else Led(talk)
    return _always(here, led, sealed if led.talk.flow == here.flow.name else ())


def _skipped(here: Here) -> Led:
    name = here.question.name
    if here.question.needed:
        return Led(here.talk, (Say(NEEDED),))
    answers = {kept: answer for kept, answer in here.talk.answers.items() if kept != name}
    talk = replace(here.talk, answers=answers, skipped=tuple(dict.fromkeys((*here.talk.skipped, name))))
    return _always(here, Led(_settled(talk)), ())


def _settled(talk: Talk) -> Talk:
    return replace(talk, partial=None, page=0, reopened="", misses=0)


def _always(here: Here, led: Led, sealed: tuple[Effect, ...]) -> Led:
    follows = Led(led.talk)
    if here.flow.always and led.talk.flow == here.flow.name:
        follows = here.flow.always(led.talk, here.given)
    return Led(follows.talk, (*sealed, *led.effects, *follows.effects), led.ask)


def _missed(here: Here, event: Event, why: Text) -> Led:
    if isinstance(event, Shared):
        return ways.stray_file(here.talk, event)
    sealed = ways.not_lost(here.talk, event)
    misses = here.talk.misses + 1
    if misses >= MISSES_BEFORE_A_WAY_OUT and not here.flow.aside:
        left_out = Answer() if here.question.needed else Answer(codes=(here.question.name,))
        return Led(ways.aside("stuck", here.book, replace(here.talk, misses=0), left_out), sealed)
    return Led(replace(here.talk, misses=misses), (*sealed, Say(why)))


def _back(here: Here) -> Led:
    talk = here.talk
    if here.flow.aside:
        return Led(talk.under or Talk())
    if talk.partial is not None and not talk.reopened:
        return Led(replace(ways.parked(talk), partial=None, page=0, misses=0))
    before = ""
    for question in here.flow.questions:
        if question is here.question:
            break
        if not here.flow.leaves_out(question.name, talk.answers):
            before = question.name
    if not before:
        return Led(talk, (Say(FIRST_QUESTION),) if talk.flow else ())
    return Led(replace(_settled(ways.parked(talk)), reopened=before, partial=_kept_parts(here, before)))


# ---------------------------------------------------------------- one letter


def _turn(book: Book, talk: Talk, led: Led, given: Given) -> Turn:
    person, hidden = given.person, given.person.quiet
    said: list[Text] = []
    effects: list[Effect] = []
    for effect in led.effects:
        match effect:
            case Remember(remembered):
                person = remembered
            case Say(text):
                said.append(text)
            case _ if effect not in effects:
                effects.append(effect)
            case _:
                continue
    if person != given.person:
        effects.append(Remember(person))
        given = replace(given, person=person)
    letter: tuple[Say, ...] = ()
    if led.ask:
        here = _here(book, talk, given)
        talk = here.talk
        letter = (Say(_joined([*_lapse(given, hidden=hidden), *said, here.prompt.text]), _choices(here)),)
    elif said:
        letter = (Say(_joined(said)),)
    return Turn(talk, (*effects, *letter))


def _lapse(given: Given, *, hidden: bool) -> list[Text]:
    if not given.lapsed or hidden:
        return []
    unfinished = next((report.code for report in given.reports if not report.finished), "")
    if not unfinished:
        return [WELCOME_BACK]
    return [
        t(
            "Welcome back. You were silent for a while. What reached the team under {code} is still with them; "
            "the rest of what you had begun was destroyed, for your safety.",
            code=unfinished,
        )
    ]


def _joined(texts: list[Text]) -> Text:
    return texts[0] if len(texts) == 1 else join(*texts)


def _choices(here: Here) -> tuple[Choice, ...]:
    asked, place, prompt = here.talk.asked, here.place, here.prompt
    return tuple(
        Choice(key_of(asked, place, code), prompt.options.get(code, SKIP), prompt.hints.get(code))
        for code in here.codes
    )
