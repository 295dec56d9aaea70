"""What a flow is told, what it answers, and what it remembers between two messages.

Nothing here acts: events say what happened, effects say what is to be done, and others do it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from flows.public import Public, Stakeholder, Subscription
from flows.rules import Mechanism
from messages import Text

Language = Literal["ar", "en"]
FileKind = Literal["photo", "voice", "video", "document"]
OwnWord = Literal["safe", "duress"]
"""A word of her own: the one that proves it is her, and the one that only looks like it."""


# ---------------------------------------------------------------- events: what she did


@dataclass(frozen=True, slots=True)
class Said:
    """She wrote words. They are as she wrote them, never normalised."""

    words: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """She pressed a button; `key` is its opaque key as we once sent it, or a forgery."""

    key: str


@dataclass(frozen=True, slots=True)
class Shared:
    """She sent a file, kept under `file`; `caption` holds the words she put under it."""

    file: int
    kind: FileKind
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """She shared a location, in degrees (WGS 84)."""

    latitude: float
    longitude: float
    live: bool = False
    """One of a row that her phone sends by itself: kept where it belongs, and answered with nothing."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """She used one of the channel's commands, such as `start`; no slash, lower case."""

    name: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """She sent something we can't use, such as a sticker; `kind` is the channel's name for it, for counting."""

    kind: str


Event = Said | Pressed | Shared | Located | Commanded | Unusable


# ---------------------------------------------------------------- what is remembered


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, whatever the kind of its question. Codes decide, everything else is for people to read."""

    codes: tuple[str, ...] = ()
    words: str = ""
    files: tuple[int, ...] = ()
    place: tuple[float, float] | None = None
    """Latitude and longitude in degrees, when she shared them."""
    date: str = ""
    """ISO 8601 day, when she named one."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation's state: the answers so far. The next question is the first neither answered nor skipped.

    An empty `flow` means that nothing is open. `asked` grows with every question asked and stands in each button's
    key, so that a button of an earlier question can be told from one of this. `partial` and `page` hold what `More`
    kept of the pending question. `under` is the talk that waits while an aside (a danger question) is answered.
    """

    flow: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    partial: Answer | None = None
    page: int = 0
    """Which page of a long list is shown."""
    reopened: str = ""
    """A question that is asked again although it has an answer, which stays until there is another."""
    early: Answer | None = None
    """Words and files that came before they were asked for: no one has to send or say them twice."""
    misses: int = 0
    asked: int = 0
    pressed: str = ""
    """Key of the last button that counted: its double tap is not an old button."""
    reassured: bool = False
    """She said that she is only telling: what she writes when asked to tell raises no danger question any more."""
    case: str = ""
    """Code of the case that this talk has opened, if it has."""
    kept_long: bool = False
    """She asked that the draft be kept for a day."""
    followed: float | None = None
    """When a place of her live location last went into a case (seconds since 1970)."""
    under: Talk | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """One thing she agreed to: which version of the text, and when (UTC). Asked layer by layer, by default no."""

    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """What is remembered of a person between talks. She has an address elsewhere; here she has none."""

    language: Language | None = None
    welcomed: bool = False
    consents: Mapping[str, Consent] = field(default_factory=dict)
    """By layer: store, document, map, contact, alert."""
    cases: tuple[str, ...] = ()
    """Codes of her reports, oldest first."""
    quiet: bool = False
    """It wasn't safe to talk: nothing is sent to her until she writes again."""
    left: bool = False
    """She hid the chat: until she writes again she is not talking with us."""
    locked: bool = False
    """Until her word is heard, or a cry for help, the chat shows its cover and nothing else."""
    cover: str = ""
    """Which cover she chose, by its code (flows.cover); empty for the first."""
    words: tuple[OwnWord, ...] = ()
    """Which words of her own she has set. The words themselves are kept nowhere."""
    watched: bool = False
    """She has check-ins: they are looked up for each of her turns."""
    button: bool = False
    """The plain-looking button that hides the chat stands below it."""
    shown_from: datetime | None = None
    """Nothing older is shown here, until her safe word is heard: the chat was opened by another way (flows.lock)."""
    duress: str = ""
    """Code of the silent case that her duress word opened last."""
    duress_at: datetime | None = None
    """When it was heard."""
    forgot_at: datetime | None = None
    """When she said that she forgot her word: a day later she may choose another (flows.safety)."""

    @property
    def forced(self) -> bool:
        """Whether the duress word opened the chat as it stands: whoever watches must see that it was obeyed."""
        return self.shown_from is not None and self.shown_from == self.duress_at


@dataclass(frozen=True, slots=True)
class Report:
    """The state of one of her reports, as she may see it."""

    code: str
    opened_at: datetime
    status: Literal["waiting", "taken", "contacted", "closed"]
    finished: bool
    """False while it was opened by danger alone and she has not sent the rest."""
    wrote_at: datetime | None = None
    """When the team last wrote to her about it here, if it has."""
    answered: bool = True
    """Whether something of hers has reached it since then."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One of her check-ins, as she may see it. Where she goes is sealed, even from us."""

    id: int
    due_at: datetime
    grace: timedelta
    state: Literal["armed", "asked", "overdue", "paused"]
    """asked: its moment has come and she is asked whether she is safe."""
    extended: int = 0
    """How often she has put it off."""
    every: str = ""
    """How it comes again, by its code (flows.check_in.EVERY); empty where it does not."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of one report, as far as the server knows: what she told is sealed even from it."""

    code: str
    opened_at: datetime
    items: int
    """How many sealed things: answers, messages to and fro, notes."""
    files: int
    readers: int
    """Members of the team who could open it at this moment, the recovery key apart."""
    documented: bool
    """She agreed that it be kept as evidence."""
    until: datetime | None
    """When it is destroyed by itself; None while it is open."""
    urgent: bool = False
    """It is critical or high."""
    ends: bool = False
    """She wants it destroyed: it is, once the team has closed it."""


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held about her."""

    reports: tuple[Holding, ...]
    draft: bool
    check_ins: int
    other_chats: int
    public: Public = field(default_factory=Public)
    """What is held of her as one of the public: her subscription, how far she is in a course, her questions."""


@dataclass(frozen=True, slots=True)
class Given:
    """All of the outside world for one turn."""

    now: datetime
    code: str
    """A fresh case code, to be used if this turn opens a case."""
    rules: Mechanism
    person: Person
    reports: tuple[Report, ...] = ()
    lapsed: bool = False
    """Her draft was destroyed after its time of silence, and she has not been told yet."""
    hint: Language = "ar"
    """The language the channel guesses, until she chooses one."""
    erasable: bool = True
    """Whether the channel lets us delete messages (Telegram does, WhatsApp doesn't)."""
    word: Literal["", OwnWord, "other"] = ""
    """What her message is among her own words; "" where none was listened for (`flows.engine.listens_for_a_word`)."""
    check_ins: tuple[CheckIn, ...] = ()
    """Hers that are not over, the next first, from this chat or another of hers."""
    held: Held | None = None
    """Known while she is asking what is held about her (flow my_data), else None."""
    public: Public = field(default_factory=Public)
    """What concerns her as one of the public; empty while she is in a flow that has nothing to do with that."""


# ---------------------------------------------------------------- effects: what is to be done


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, or a numbered line where there are none. Labels hold at most 24 characters when rendered."""

    key: str
    label: Text
    hint: Text | None = None
    """A second line of at most 72 characters (WhatsApp list row)."""


@dataclass(frozen=True, slots=True)
class Say:
    """A letter to her."""

    text: Text
    choices: tuple[Choice, ...] = ()
    standing: Literal["", "on", "off"] = ""
    """Sent by itself, it brings the plain-looking button that hides the chat, or takes it away (Telegram)."""
    apart: bool = False
    """A message of its own before the next question, not a paragraph of it."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case under `code`, with its alarm at `level`.

    Where the case exists already, only raise its level and take over facets that were not known. Safe to run twice.
    """

    code: str
    level: str
    because: tuple[tuple[str, str], ...] = ()
    """(question, code) pairs that set the level."""
    facets: Mapping[str, str] = field(default_factory=dict)
    """Coarse codes for routing and the map: governorate, door. Never words."""
    silent: bool = False
    """Somebody may be making her write: nothing about it is ever shown or sent in this chat, nor that it exists."""


@dataclass(frozen=True, slots=True)
class AddToCase:
    """Seal something into a case: `kind` says what (answers, report, words, files, note); files go with it."""

    code: str
    kind: Literal["answers", "report", "words", "withdrawn", "another", "note"]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    words: str = ""
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep this of the person from now on."""

    person: Person


@dataclass(frozen=True, slots=True)
class ForgetFiles:
    """Destroy files of a draft that she gave up."""

    files: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeepClean:
    """Of these pictures keep the copy without place, time and camera alone: the originals are destroyed."""

    files: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wipe:
    """Delete what was said here from the chat, on both sides, as far as the channel lets us; send nothing that waits.

    What is said with the same turn comes after it, and stays.
    """


@dataclass(frozen=True, slots=True)
class EraseThis:
    """Delete the message that brought this event from the chat, where the channel lets us: it held a word of hers."""


@dataclass(frozen=True, slots=True)
class KeepWord:
    """What she just wrote is this word of hers from now on; only a slow salted hash of it is kept."""

    kind: OwnWord


@dataclass(frozen=True, slots=True)
class ForgetWords:
    """She wants no words of her own any more."""


@dataclass(frozen=True, slots=True)
class ArmCheckIn:
    """Raise the alarm unless she says in time that she is safe. The plan is sealed to a case that sleeps until then."""

    code: str
    """Of that case, fresh."""
    due_at: datetime
    grace: timedelta
    plan: Mapping[str, Answer]
    """Where she goes and what should be known if she does not come back."""
    every: str = ""
    """How it comes again, by its code (flows.check_in.EVERY)."""
    facets: Mapping[str, str] = field(default_factory=dict)
    """Coarse codes: governorate."""


@dataclass(frozen=True, slots=True)
class TurnCheckIn:
    """What she did about one of her check-ins. Where it is hers no more, nothing happens."""

    id: int
    did: Literal["safe", "duress", "wrong", "extend", "cancel", "pause", "resume"]
    minutes: int = 0
    """By how much to put it off."""
    seeming: Literal["safe", "extend", "cancel", "pause", "resume"] = "safe"
    """With duress: what is to be seen to happen."""


@dataclass(frozen=True, slots=True)
class OfferChatCode:
    """Let this code, written in another chat of hers within 15 minutes, say that both chats are hers."""

    code: str


@dataclass(frozen=True, slots=True)
class PartChats:
    """This chat is by itself again: it is asked for nothing that was agreed on in another."""


@dataclass(frozen=True, slots=True)
class GiveReceipt:
    """Send her a signed statement that her report was received, in a letter of its own that betrays nothing."""

    code: str


@dataclass(frozen=True, slots=True)
class Destroy:
    """Destroy one report of hers now: rows and keys. Without a code everything that is held about her, and herself."""

    code: str = ""
    waits: bool = False
    """Not now, but once the team has closed it: somebody else may be holding her phone."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """From now on she is sent this, and nothing else. A subscription without topics is none."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Nothing is sent to her unasked any more, at once. Nobody is told by this: the flow says so where it may."""

    whole: bool = False
    """Her course and her questions are destroyed as well: she had everything about her deleted."""


@dataclass(frozen=True, slots=True)
class Study:
    """What she did about a course. `right` tells of an answer whether it was the right one at the first try."""

    did: Literal["enrol", "opened", "answered", "pause", "resume", "leave", "hour", "quizzed", "finished"]
    course: str = ""
    lesson: str = ""
    right: bool = False
    hour: int = 17
    """With enrol and hour: on whose stroke the lessons come."""


@dataclass(frozen=True, slots=True)
class LookUpCertificate:
    """Say whether a certificate with this number was given, and for what."""

    number: str


@dataclass(frozen=True, slots=True)
class Vote:
    """Count her answer to a poll, or her pledge, once, without her."""

    poll: int
    choice: str


@dataclass(frozen=True, slots=True)
class JoinIn:
    """Count her among those whom an initiative interests, once, without her name."""

    story: int


@dataclass(frozen=True, slots=True)
class AskStakeholder:
    """Put a question into the box: read by a moderator before anybody else, answered here."""

    addressed: Stakeholder
    words: str


Effect = (
    Say
    | OpenCase
    | AddToCase
    | Remember
    | ForgetFiles
    | KeepClean
    | Wipe
    | EraseThis
    | KeepWord
    | ForgetWords
    | ArmCheckIn
    | TurnCheckIn
    | OfferChatCode
    | PartChats
    | GiveReceipt
    | Destroy
    | Subscribe
    | Unsubscribe
    | Study
    | LookUpCertificate
    | Vote
    | JoinIn
    | AskStakeholder
)


# ---------------------------------------------------------------- one turn


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event led to. `talk.flow == ""` when nothing is open any more."""

    talk: Talk
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """The question is answered."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class More:
    """The question goes on (a district after the governorate, a further file); this much is kept."""

    partial: Answer
    page: int = 0


@dataclass(frozen=True, slots=True)
class Reopened:
    """She wants to change the answer to another question of the same flow."""

    question: str


@dataclass(frozen=True, slots=True)
class Refused:
    """We could not use it. `why` is said to her before the question is asked again; it never blames."""

    why: Text


Judgement = Kept | More | Reopened | Refused
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as it is put to her: text, and the options by code in the order shown, ten at most.

    The codes `skip`, `stop` and `help_now` mean the same in every question; the engine acts on them.
    """

    text: Text
    options: Mapping[str, Text] = field(default_factory=dict)
    hints: Mapping[str, Text] = field(default_factory=dict)
    yes: str = ""
    """The option that a plain yes names."""
    no: str = ""
    alarm: str = ""
    """The option that words of immediate distress name; elsewhere they raise the danger question."""
    firm: bool = False
    """Only a clear yes is one: "ok" is asked again."""
    offers_skip: bool = True
    """Whether "I'd rather not say" stands among the buttons. Written, it always counts."""
    tells: bool = False
    """She is asked to tell in her own words: only a whole label or its number is taken for an option."""


class Question(Protocol):
    """One thing that is asked. Several kinds stand behind it in `flows.questions`."""

    @property
    def name(self) -> str:
        """Its name among the answers."""

    @property
    def title(self) -> Text:
        """What it is about, in at most 22 characters: for the summary, and the button that reopens it."""

    @property
    def needed(self) -> bool:
        """Whether it can't be skipped. Everything else offers "I'd rather not say"."""

    @property
    def files(self) -> bool:
        """Whether it's the place for files of any kind."""

    @property
    def adds(self) -> bool:
        """Whether a new answer joins the one that was there, when the question is reopened."""

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Put it into words, given the answers and the partial answer so far."""

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:
        """Decide what an event means as an answer; `option` is the option she pressed, named or numbered."""

    def show(self, answer: Answer, given: Given) -> Text:
        """Say the answer back, for the summary."""


@dataclass(frozen=True, slots=True)
class Led:
    """What an answer led to: the talk may be another one now. `ask` is False where nothing is to be asked or shown."""

    talk: Talk
    effects: tuple[Effect, ...] = ()
    ask: bool = True


Skip = Callable[[Answers], bool]
After = Callable[[Talk, Given], Led]


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation as its script: questions in order, when to leave one out, what an answer leads to at once."""

    name: str
    questions: tuple[Question, ...]
    skip: Mapping[str, Skip] = field(default_factory=dict)
    """By question: leave it out when this holds of the answers so far."""
    after: Mapping[str, After] = field(default_factory=dict)
    """By question: what follows from its answer, at once; safe to run twice."""
    always: After | None = None
    """What follows from every answer and every skip, where the flow has not been left."""
    aside: bool = False
    """It interrupts another talk and gives it back: a second interruption takes its place."""

    def first_open(self, talk: Talk) -> Question | None:
        """The question that is pending: a reopened one, else the first neither answered nor skipped."""
        for question in self.questions:
            if question.name == talk.reopened:
                return question
        for question in self.questions:
            name = question.name
            if name not in talk.answers and name not in talk.skipped and not self.leaves_out(name, talk.answers):
                return question
        return None

    def leaves_out(self, name: str, answers: Answers) -> bool:
        """Whether a question isn't asked of her, given the answers so far."""
        skip = self.skip.get(name)
        return skip is not None and skip(answers)


Book = Mapping[str, Flow]
"""Every flow by its name."""
