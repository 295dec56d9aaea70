"""Carries out what one turn of a conversation wants done: letters, cases, what is remembered, what is destroyed.

It never decides, and never sends: letters go to the outbox, in the transaction that kept the talk.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from flows.core import (
    AddToCase,
    ArmCheckIn,
    AskStakeholder,
    Destroy,
    Effect,
    EraseThis,
    ForgetFiles,
    ForgetWords,
    GiveReceipt,
    JoinIn,
    KeepClean,
    KeepWord,
    Language,
    LookUpCertificate,
    OfferChatCode,
    OpenCase,
    PartChats,
    Person,
    Remember,
    Say,
    Study,
    Subscribe,
    TurnCheckIn,
    Unsubscribe,
    Vote,
    Wipe,
)
from handlers import (
    cases,
    check_ins,
    clean_copies,
    destroying,
    her_data,
    other_chats,
    own_words,
    public,
    receipts,
    wiping,
)
from handlers.cases import Origin, Sealing
from handlers.channel import Inbound
from handlers.draw import World
from messages import to_json
from storage import files, outbox, people, words
from storage.outbox import Body, Lane, LetterChoice
from storage.people import Known
from storage.unit import Unit


@dataclass(slots=True)
class Carrier:
    """Carries out the effects of one turn, in their order."""

    unit: Unit
    known: Known
    inbound: Inbound
    world: World
    stretched: bytes | None = None
    """What was made of her message, where it may be a word of hers."""
    owner: int = 0
    """Whose words count in this chat."""
    person: Person = field(init=False)
    sealing: Sealing = field(init=False)
    said: int = 0
    asked_in: str | None = None
    ended: bool = False
    """Everything about her was destroyed: nothing is kept of this turn either."""

    def __post_init__(self) -> None:
        self.person = self.known.person
        self.sealing = Sealing(self.unit, self.world)

    @property
    def origin(self) -> Origin:
        """Whose case would be opened now."""
        return Origin(self.known.id, self.inbound.channel, self.person.language or self.inbound.hint)

    @property
    def language(self) -> Language:
        """In which she is spoken to."""
        return self.person.language or self.inbound.hint

    def carry(self, effects: tuple[Effect, ...]) -> None:
        """Carry them out, and keep what is remembered of her."""
        for effect in effects:
            self.carry_one(effect)
        if PartChats() in effects:  # whatever was remembered of her before that
            self.person = replace(self.person, words=tuple(words.of_person(self.unit, self.known.id)))
        if self.person != self.known.person and not self.ended:
            her_data.heed_consents(self.sealing, self.known.person, self.person)
            people.remember(self.unit, self.known.id, self.person)
            other_chats.share(self.unit, self.known, self.person)
        self.sealing.end()

    def carry_one(self, effect: Effect) -> None:  # noqa: C901, PLR0912, PLR0915 - one line for each kind
        """Carry one out."""
        match effect:
            case Say():
                self.say(effect)
            case OpenCase():
                cases.open_or_raise(self.sealing, effect, self.origin)
                if effect.code not in self.person.cases and not effect.silent:
                    self.person = replace(self.person, cases=(*self.person.cases, effect.code))
            case AddToCase():
                cases.add(self.sealing, effect, self.known.id, documented="document" in self.person.consents)
            case Remember():
                self.person = replace(effect.person, cases=self.person.cases)
            case ForgetFiles():
                files.destroy(self.unit, effect.files)
            case KeepClean():
                clean_copies.keep_only(self.sealing, self.known.id, effect.files)
            case Wipe():
                wiping.begin(self.unit, self.known, self.inbound, self.world)
            case EraseThis():
                wiping.erase_this(self.unit, self.known, self.inbound, self.world)
            case KeepWord(kind) if self.stretched is not None:
                own_words.keep(self.unit, self.owner or self.known.id, kind, self.stretched, self.world)
            case KeepWord():
                pass  # no word came with this turn
            case ForgetWords():
                words.forget(self.unit, self.owner or self.known.id)
            case ArmCheckIn():
                check_ins.arm(self.sealing, effect, self.origin)
                self.person = replace(self.person, watched=True)
            case TurnCheckIn():
                check_ins.turn(self.unit, self.known.id, effect, self.world)
            case OfferChatCode(code):
                other_chats.offer(self.unit, self.known.id, code, self.world)
            case PartChats():
                other_chats.part(self.unit, self.known.id)
            case GiveReceipt(code):
                if text := receipts.give(self.sealing, code, self.known.id):
                    self.say(Say(text))
            case Destroy(code, waits=True):
                destroying.later(self.unit, code, self.known.id, self.world)
                self.sealing.know_anew(code)
            case Destroy(code) if code:
                destroying.report(self.unit, code, self.known.id, self.world)
                self.sealing.forget_code(code)
                self.person = replace(self.person, cases=tuple(one for one in self.person.cases if one != code))
            case Destroy():
                public.destroy(self.unit, self.inbound.channel, self.inbound.address, self.world)
                for code in destroying.everything(self.unit, self.known, self.world):
                    self.sealing.forget_code(code)
                self.ended = True
            case Subscribe() | Unsubscribe() | Study() | LookUpCertificate() | Vote() | JoinIn() | AskStakeholder():
                if text := public.carry(self.unit, self.inbound, self.language, effect, self.world):
                    self.say(Say(text))
            case _:
                assert_never(effect)

    def say(self, effect: Say) -> None:
        """Put a letter to her in the outbox; the first takes away the keyboard that she has answered.

        What is said to her after everything was destroyed is a parting letter: its row goes with its delivery.
        """
        choices = tuple(
            LetterChoice(choice.key, to_json(choice.label), to_json(choice.hint) if choice.hint else None)
            for choice in effect.choices
        )
        content = Body(
            self.inbound.address,
            self.person.language or self.inbound.hint,
            to_json(effect.text),
            choices,
            clears=(self.inbound.pressed_on or self.known.keyboard) if self.said == 0 else "",
            standing=effect.standing,
        )
        began = "bye" if self.ended else "in"
        key = f"{began}:{self.inbound.channel}:{self.inbound.key}:{self.said}"
        outbox.add(self.unit, key, self.inbound.channel, self.known.index, Lane.CONVERSATION, content, self.world.now)
        self.said += 1
        if choices:
            self.asked_in = key
