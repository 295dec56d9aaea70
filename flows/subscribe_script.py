"""What is asked of her who wants to receive something: what, in which language, where she lives, when, how often.

It decides nothing of what follows from an answer, and nothing is chosen beforehand.
"""

from collections.abc import Mapping
from typing import Final

from flows.core import Answer, Answers, Given, Talk
from flows.menu import LANGUAGES
from flows.public import HOURS as ALL_HOURS
from flows.public import TOPICS as ALL_TOPICS
from flows.public import Subscription
from flows.questions import Choose, Several, Where
from flows.questions.place import OUTSIDE
from flows.terms import GOVERNORATES, summed
from messages import Text, both, join, t

TOPICS: Final[Mapping[str, Text]] = {
    "tips": t("Short tips"),
    "courses": t("New courses"),
    "awareness": t("Women and peace"),
    "meetings": t("Invitations"),
}
HOURS: Final[Mapping[str, Text]] = {
    "any": t("Any time"),
    "morning": t("In the morning"),
    "afternoon": t("In the afternoon"),
    "evening": t("In the evening"),
}
SPACINGS: Final[Mapping[str, Text]] = {
    "1": t("Once a day at most"),
    "3": t("Every three days"),
    "7": t("Once a week"),
}
"""By days."""
YEMEN: Final = "Asia/Aden"
ZONES: Final[Mapping[str, Text]] = {
    YEMEN: both(ar="مثل ساعة اليمن", en="The same as in Yemen"),
    "Asia/Dubai": both(ar="الإمارات وعُمان", en="The Emirates, Oman"),
    "Africa/Cairo": both(ar="مصر", en="Egypt"),
    "Europe/Berlin": both(ar="وسط أوروبا", en="Central Europe"),
    "Europe/London": both(ar="بريطانيا", en="Britain"),
    "America/New_York": both(ar="شرق أمريكا الشمالية", en="Eastern North America"),
    "Asia/Kuala_Lumpur": both(ar="ماليزيا", en="Malaysia"),
}
"""Where Yemenis abroad mostly live. Saudi Arabia, Jordan, Turkey and East Africa keep Yemen's hours."""


def codes_of(answers: Answers, name: str) -> tuple[str, ...]:
    """The codes of an answer; none where there is no answer."""
    return answers.get(name, Answer()).codes


def answered(subscription: Subscription) -> dict[str, Answer]:
    """What she chose before, as answers."""
    known = {
        "topics": subscription.topics,
        "language": (subscription.language,),
        "area": (subscription.area,) if subscription.area else (),
        "zone": (subscription.zone,) if subscription.area == OUTSIDE else (),
        "hours": (subscription.hours,),
        "spacing": (str(subscription.spacing),),
    }
    return {name: Answer(codes=codes) for name, codes in known.items()}


def chosen(answers: Answers, before: Subscription | None) -> Subscription:
    """What her answers come to; tracks of tips stay as they were."""
    area = (codes_of(answers, "area") or ("",))[0]
    zone = (codes_of(answers, "zone") or (YEMEN,))[0]
    hours = (codes_of(answers, "hours") or ("any",))[0]
    spacing = (codes_of(answers, "spacing") or ("1",))[0]
    return Subscription(
        topics=tuple(topic for topic in ALL_TOPICS if topic in codes_of(answers, "topics")),
        language="en" if codes_of(answers, "language") == ("en",) else "ar",
        tracks=before.tracks if before else (),
        area=area,
        hours=next((one for one in ALL_HOURS if one == hours), "any"),
        spacing=int(spacing) if spacing in SPACINGS else 1,
        zone=zone if area == OUTSIDE and zone in ZONES else YEMEN,
    )


def described(subscription: Subscription, given: Given) -> Text:
    """What she receives, line by line."""
    area = GOVERNORATES(given.rules).get(subscription.area, t("not said"))
    abroad = subscription.area == OUTSIDE and subscription.zone in ZONES
    lines = [
        (TOPIC.title, summed([TOPICS[topic] for topic in subscription.topics], "")),
        (LANGUAGE.title, LANGUAGES[subscription.language]),
        (AREA.title, summed([area, ZONES[subscription.zone]], "") if abroad else area),
        (HOUR.title, HOURS[subscription.hours]),
        (SPACING.title, SPACINGS.get(str(subscription.spacing), SPACINGS["1"])),
    ]
    return join(*(t("• {title}: {answer}", title=title, answer=answer) for title, answer in lines), between="\n")


# ---------------------------------------------------------------- the questions


BEFORE: Final = t(
    "Here you choose what may come to you in this chat without your asking each time. Only what you choose comes, and "
    "under no other name than the one that stands above this chat.\n"
    "It may come while somebody looks at your phone, so every first line is an ordinary one. And from the list nobody "
    "can tell whether you ever asked for help. Shall we?"
)
"""What she hears before she chooses anything."""


def _begins(_talk: Talk, given: Given) -> Text:
    now = given.public.subscription
    if now is None or not now.topics:
        return BEFORE
    return join(t("This comes to you now:"), described(now, given), t("What would you like to change?"))


def _at_first(_talk: Talk, given: Given) -> Mapping[str, Text]:
    now = given.public.subscription
    if now is None or not now.topics:
        return {"yes": t("Yes, let me choose"), "nothing": t("Not now")}
    return {**CHANGES, "end": t("Stop all of it"), "nothing": t("Leave it so")}


def _agreed(talk: Talk, given: Given) -> Text:
    wanted = chosen(talk.answers, given.public.subscription)
    means = t(
        "Nothing else is sent. One word, “stop”, ends it at once, and whatever you write besides does not begin it "
        "again. Is it right so?"
    )
    return join(t("This is what you choose:"), described(wanted, given), means)


CHANGES: Final[Mapping[str, Text]] = {
    "topics": t("Other things"),
    "language": t("Another language"),
    "area": t("Another place"),
    "hours": t("Other hours"),
    "spacing": t("More or less often"),
}
"""By question: how its answer is changed."""
BEGIN: Final = Choose("begin", t("What I receive"), _begins, _at_first, needed=True, yes="yes", no="nothing")
TOPIC: Final = Several(
    "topics",
    t("What I receive"),
    t(
        "What would you like to receive?\n"
        "• Short tips: one or two ideas for every day, some each week.\n"
        "• New courses: when one begins, a few times a year.\n"
        "• Women and peace: what women do here, and what is worth knowing, some each month.\n"
        "• Invitations: to meetings, some days before."
    ),
    TOPICS,
    needed=True,
)
LANGUAGE: Final = Choose("language", t("Language"), t("In which language shall it come?"), LANGUAGES, needed=True)
AREA: Final = Where(
    "area",
    t("Governorate"),
    t("In which governorate do you live? Only so that what is meant for one place reaches it. You can leave it out."),
    finer=False,
)
ZONE: Final = Choose(
    "zone", t("Clock"), t("Whose clock is nearest to yours? Only so that nothing comes by night."), ZONES, needed=True
)
HOUR: Final = Choose(
    "hours", t("When it comes"), t("When may it come? By night nothing comes anyway."), HOURS, needed=True
)
SPACING: Final = Choose(
    "spacing",
    t("How often at most"),
    t("And how often at most? The lessons of a course that you begin come apart from this."),
    SPACINGS,
    needed=True,
)
SURE: Final = Choose(
    "sure",
    t("Is it right"),
    _agreed,
    {"yes": t("Yes, send me this"), **CHANGES, "nothing": t("Not now")},
    needed=True,
    yes="yes",
    no="nothing",
)
