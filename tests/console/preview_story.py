"""A made-up story behind the real preview phones: enough answers to see the page at work. It opens no database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.channels.preview import Preview
from console.phones import Cell, Inside, Ladder, Step, Watched
from flows.core import Pressed, Said
from handlers.channel import Button, Inbound, Outgoing
from messages import raw, t

QUESTION = {"ar": "هل أنتِ في مكان آمن الآن؟", "en": "Are you in a safe place now?"}
ANSWERS = {
    "ar": (
        Button("safe", "نعم، أنا بأمان"),
        Button("unsafe", "لا، لست بأمان"),
        Button("cannot", "لا أستطيع الكلام الآن"),
    ),
    "en": (
        Button("safe", "Yes, I am safe"),
        Button("unsafe", "No, I am not safe"),
        Button("cannot", "I cannot talk now"),
    ),
}
PAGE = {
    "ar": "لديكِ موعد بانتظار تأكيدكِ. الرمز: K7M. هل تستطيعين استلامه الآن؟",
    "en": "An appointment awaits your confirmation. Code: K7M. Can you take it now?",
}
TAKE = {
    "ar": (Button("take", "أستلمها"), Button("pass", "لا أستطيع الآن")),
    "en": (Button("take", "I take it"), Button("pass", "I can't now")),
}
CALLED = {
    "ar": "شكرًا لثقتكِ. نادينا المناوِبة الآن، ورمزكِ MRB-7K2. ابقي في مكان آمن إن استطعتِ.",
    "en": "Thank you for your trust. We have called the person on duty. Your code is MRB-7K2.",
}
TAKEN = {"ar": "استلمت المناوِبة حالتكِ الآن.", "en": "The person on duty has taken your case."}
HELLO, HIDE, WEATHER = "أهلًا!", "طقس اليوم", "مأرب اليوم: صحو."
THANKS = {"ar": "وصلنا، شكرًا لكِ.", "en": "It has arrived. Thank you."}


@dataclass
class MadeUpStory:
    """Answers like the program would, in few words. `arrived` keeps what people did."""

    phones: Preview
    arrived: list[Inbound] = field(default_factory=list)
    ladder: Ladder | None = None
    watched: Watched | None = None
    letters: int = 0

    async def receive(self, inbound: Inbound) -> None:
        """Answer one message."""
        self.arrived.append(inbound)
        language = inbound.hint
        match inbound.event:
            case Pressed("unsafe"):
                self.ladder = a_ladder()
                await self.letter("hers", CALLED[language], clears=inbound.pressed_on, language=language)
                await self.letter("huda", PAGE[language], TAKE[language], purpose="page", language=language)
                self.phones.tell("ladder", {})
            case Pressed("take"):
                self.ladder = a_ladder(taken=True)
                await self.letter("hers", TAKEN[language], language=language)
                await self.letter(inbound.address, THANKS[language], clears=inbound.pressed_on, language=language)
            case Pressed("safe"):
                await self.letter(
                    "hers", QUESTION[language], ANSWERS[language], clears=inbound.pressed_on, language=language
                )
            case Pressed():
                await self.letter(inbound.address, THANKS[language], clears=inbound.pressed_on, language=language)
            case Said("طقس"):
                await self.letter("hers", HELLO, standing="on", hide=HIDE)
            case Said("طقس اليوم"):
                shown = [told.data["number"] for told in self.phones._told if told.name == "message"]
                await self.phones.erase("hers", [str(number) for number in shown])
                await self.letter("hers", WEATHER, standing="off")
            case Said("goes" | "missed" | "back" as words):
                self.watched = WATCHED[words]()
                self.phones.tell("ladder", {})
            case Said("long"):
                await self.letter("hers", "\n".join(map(str, range(60))), language=language)
            case _:
                await self.letter(inbound.address, QUESTION[language], ANSWERS[language], language=language)

    async def letter(self, address: str, text: str, buttons: tuple[Button, ...] = (), **more: str) -> None:
        """Send one letter on the preview channel."""
        self.letters += 1
        await self.phones.send(Outgoing(f"letter-{self.letters}", address, text, buttons, **more))  # type: ignore[arg-type]

    async def look(self) -> Inside:
        """Look at a case from both sides."""
        if self.ladder is None:
            return Inside(watched=self.watched)
        return Inside(STORED, OPENED, self.ladder, self.watched)


def a_ladder(*, taken: bool = False) -> Ladder:
    """An alarm at its first step, with two more to come."""
    now = datetime.now(UTC)
    steps = (
        Step(raw("هدى"), now, "current"),
        Step(t("Huda: on call"), now + timedelta(seconds=30), "waiting"),
        Step(raw("نجلاء"), now + timedelta(seconds=75), "waiting"),
    )
    return Ladder("critical", steps, raw("هدى") if taken else None)


def a_check_in() -> Watched:
    """A check-in that has asked her once, asks her again, and then calls."""
    now = datetime.now(UTC)
    steps = (
        Step(t("She is asked"), now, "sent"),
        Step(t("She is asked"), now + timedelta(seconds=40), "waiting"),
        Step(t("A person is called"), now + timedelta(seconds=72), "waiting"),
    )
    return Watched("asked", steps)


WATCHED = {"goes": a_check_in, "missed": lambda: Watched("overdue", ()), "back": lambda: Watched("over", ())}
STORED = (
    Cell("cases", "code", "MRB-7K2"),
    Cell("cases", "level", "critical"),
    Cell("case_parts", "sealed", bytes(range(256)) * 5),
    Cell("people", "address", bytes(range(90, 190))),
    Cell("outbox", "body", bytes(range(7, 140))),
)
OPENED = {
    "code": "MRB-7K2",
    "answers": {
        "danger": {"codes": ["unsafe"]},
        "where": {"codes": ["YE-MA"], "words": "قرب السوق القديم"},
        "what": {"words": "اتصل رجل وقال: <b>نعرف بيتكِ</b> إن لم تتوقفي عن الكتابة."},
        "wish": {"codes": ["safe_place", "legal"]},
    },
}
