"""She chooses what comes to her: nothing beforehand, all seen before it begins, and changed when she comes again."""

from __future__ import annotations

import pytest

from flows.core import Answer, ForgetFiles, Located, Shared, Subscribe, Talk, Unsubscribe
from flows.learn import OFFERED
from flows.public import Learning, Poll, Public, Story, Subscription
from messages import raw, t
from tests.flows.chat import AMAL, Chat, given

BEFORE = Subscription(("tips", "meetings"), "ar", ("legal",), "marib", "evening", 3)


def choosing(**changes: object) -> Chat:
    """A chat at the question what she would like to receive."""
    chat = Chat(given=given(**changes)).says("menu").presses("Tips and lessons", "Choose what I receive")
    return chat.presses("Yes, let me choose")


def again(**changes: object) -> Chat:
    """She comes again, and receives something already."""
    chat = Chat(given=given(public=Public(BEFORE), **changes)).says("menu")
    return chat.presses("Tips and lessons", "Change what I receive")


def agreed(chat: Chat) -> list[Subscription]:
    return [effect.subscription for effect in chat.effects if isinstance(effect, Subscribe)]


def test_she_chooses_all_of_it_and_only_then_it_begins() -> None:
    chat = choosing().presses("Short tips", "Invitations", "That's all", "Ma'rib", "In the evening")
    assert agreed(chat) == []
    chat.presses("Every three days")
    assert agreed(chat) == []
    for line in (
        "Short tips · Invitations",
        "Ma'rib",
        "In the evening",
        "Every three days",
        "One word, “stop”, ends it",
    ):
        assert line in chat.reads
    chat.presses("Yes, send me this")
    assert agreed(chat) == [Subscription(("tips", "meetings"), "ar", (), "marib", "evening", 3)]
    assert chat.talk == Talk(asked=chat.talk.asked, pressed=chat.talk.pressed)


def test_by_numbers_and_words_in_arabic_too() -> None:
    chat = Chat("ar", given()).says("القائمة", "نصائح ودروس", "أختار ما يصلني", "نعم", "١، ٣", "مأرب", "٤", "3", "نعم")
    assert agreed(chat) == [Subscription(("tips", "awareness"), "ar", (), "marib", "evening", 7)]


def test_nothing_is_chosen_beforehand() -> None:
    chat = choosing()
    assert "That's all" not in chat.buttons
    assert not [button for button in chat.buttons if button.startswith("✓")]
    chat.says("skip")
    assert chat.asked == "subscribe.topics"
    chat.says("that's all")
    assert chat.asked == "subscribe.topics"


def test_what_is_pressed_twice_is_not_chosen() -> None:
    chat = choosing().presses("Short tips", "✓ Short tips")
    assert "That's all" not in chat.buttons


def test_before_she_chooses_she_hears_from_whom_it_comes_and_what_a_phone_shows() -> None:
    chat = Chat(given=given()).says("menu").presses("Tips and lessons", "Choose what I receive")
    for said in ("the one that stands above this chat", "while somebody looks at your phone", "ever asked for help"):
        assert said in chat.reads


def test_the_place_may_be_left_out() -> None:
    chat = choosing().presses("Short tips", "That's all", "I'd rather not say", "Any time", "Once a week")
    assert "not said" in chat.reads
    chat.presses("Yes, send me this")
    assert agreed(chat)[0].area == ""


def test_who_lives_elsewhere_names_the_clock_nearest_to_hers() -> None:
    chat = choosing().presses("Short tips", "That's all")
    while "Outside Yemen" not in chat.buttons:
        chat.presses("More…")
    chat.presses("Outside Yemen", "Egypt", "Any time", "Once a day at most")
    assert "Outside Yemen · Egypt" in chat.reads
    chat.presses("Yes, send me this")
    assert (agreed(chat)[0].area, agreed(chat)[0].zone) == ("outside", "Africa/Cairo")


def test_of_a_shared_place_only_the_governorate_is_kept() -> None:
    chat = choosing().presses("Short tips", "That's all")
    chat.does(Located(15.46, 45.32))
    assert chat.talk.answers["area"] == Answer(codes=("marib",))


def test_words_that_name_no_place_are_asked_again_and_not_kept() -> None:
    chat = choosing().presses("Short tips", "That's all").says("قريب من بيت خالتي")
    assert chat.asked == "subscribe.area"
    assert "خالتي" not in str(chat.talk)
    chat.does(Shared(9, "voice"))
    assert ForgetFiles((9,)) in chat.last
    assert chat.asked == "subscribe.area"


def test_the_language_is_hers_and_can_be_another() -> None:
    chat = choosing().presses("Short tips", "That's all", "Ma'rib", "Any time", "Once a week")
    chat.presses("Another language", "English", "Yes, send me this")
    assert agreed(chat)[0].language == "en"


def test_any_answer_is_changed_before_she_agrees() -> None:
    chat = choosing().presses("Short tips", "That's all", "Ma'rib", "Any time", "Once a week")
    chat.presses("Other things", "New courses", "✓ Short tips", "That's all")
    chat.presses("Other hours", "In the morning", "More or less often", "Once a day at most", "Another place")
    chat.presses("I'd rather not say", "Yes, send me this")
    assert agreed(chat) == [Subscription(("courses",), "ar", (), "", "morning", 1)]


@pytest.mark.parametrize("no", ["Not now", "back", "stop", "cancel"])
def test_without_a_yes_nothing_is_sent_to_her(no: str) -> None:
    chat = choosing().presses("Short tips", "That's all", "Ma'rib", "Any time", "Once a week")
    chat.presses(no) if no in chat.buttons else chat.says(no)
    assert agreed(chat) == []


def test_coming_again_shows_what_is() -> None:
    chat = again()
    for line in ("This comes to you now:", "Short tips · Invitations", "Ma'rib", "In the evening", "Every three days"):
        assert line in chat.reads


def test_one_thing_is_changed_and_the_rest_stays() -> None:
    chat = again().presses("Other hours", "Any time", "Yes, send me this")
    assert agreed(chat) == [Subscription(("tips", "meetings"), "ar", ("legal",), "marib", "any", 3)]


def test_what_she_receives_stays_ticked_until_she_presses_it() -> None:
    chat = again().presses("Other things")
    assert [button for button in chat.buttons if button.startswith("✓")] == ["✓ Short tips", "✓ Invitations"]
    chat.presses("✓ Invitations", "That's all", "Yes, send me this")
    assert agreed(chat)[0].topics == ("tips",)


def test_leaving_it_as_it_is_changes_nothing() -> None:
    chat = again().presses("Leave it so")
    assert agreed(chat) == []
    assert Unsubscribe() not in chat.effects
    assert chat.reads == "All right. It stays as it was."


def test_all_of_it_is_stopped_from_there_too() -> None:
    for chat in (again().presses("Stop all of it"), _at_the_hub(Public(BEFORE)).presses("Stop all of it")):
        assert Unsubscribe() in chat.last
        assert chat.reads.startswith("Done. No tips, lessons or invitations come to you any more.")


def test_a_draft_waits_under_it_and_goes_on() -> None:
    draft = Talk("report", {"danger": Answer(codes=("safe",))})
    chat = Chat(given=given(), talk=draft).says("tips").presses("Choose what I receive", "Yes, let me choose")
    chat.presses("Short tips", "That's all", "Ma'rib", "Any time", "Once a week", "Yes, send me this")
    assert chat.asked == "report.today"
    assert chat.talk.answers == draft.answers


# ---------------------------------------------------------------- the hub


def _at_the_hub(public: Public) -> Chat:
    return Chat(given=given(public=public)).says("menu").presses("Tips and lessons")


def test_only_what_there_is_is_offered() -> None:
    assert _at_the_hub(Public()).buttons == [
        "Choose what I receive",
        "A short course",
        "Ask a question",
        "Check a certificate",
        "Not now",
    ]


def test_everything_that_there_may_be_fits_on_one_screen() -> None:
    story = Story(1, "story", raw("قصة"), raw("نص"))
    public = Public(
        BEFORE,
        learning=Learning("digital", "on"),
        polls=(Poll(1, "poll", t("Which one?"), {"a": t("Yes")}),),
        stories=(story,),
        initiatives=(story,),
    )
    chat = _at_the_hub(public)
    assert len(chat.buttons) == len(OFFERED) + 2 == 10


@pytest.mark.parametrize(
    ("label", "flow"),
    [("A short course", "course"), ("Ask a question", "asking"), ("Check a certificate", "certificate")],
)
def test_each_opens_its_conversation(label: str, flow: str) -> None:
    assert _at_the_hub(Public()).presses(label).talk.flow == flow


def test_the_hub_is_the_eighth_of_ten_entries() -> None:
    chat = Chat(given=given(person=AMAL)).says("menu")
    assert len(chat.buttons) == 10
    assert chat.says("8").talk.flow == "learn"
