"""A check-in as she talks about it: where she goes, by when, her word; and what she does about one that there is."""

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.book import BOOK
from flows.check_in import CHECK_IN
from flows.core import (
    Answer,
    ArmCheckIn,
    CheckIn,
    Choice,
    EraseThis,
    Event,
    ForgetFiles,
    Given,
    KeepWord,
    Located,
    OwnWord,
    Person,
    Pressed,
    Remember,
    Said,
    Say,
    Shared,
    Talk,
    TurnCheckIn,
)
from flows.engine import advance
from flows.own_word import MEANS_SOMETHING
from flows.ways import holds_draft
from messages.arabic import normalise, strip_controls
from messages.catalog import render
from messages.wording import ON_A_LOCKED_PHONE, ON_A_LOCKED_PHONE_ENGLISH
from tests.flows.chat import AMAL, NOW, Chat, given, through_json

WITH_A_WORD = replace(AMAL, words=("safe", "duress"), watched=True)
HERS = CheckIn(5, NOW + timedelta(hours=3), timedelta(minutes=15), "armed")
PLAN = "To the hospital with my sister, then by taxi"


def word(chat: Chat, kind: OwnWord | str) -> Chat:
    """She writes a word, which the handlers have found to be this."""
    chat.given = replace(chat.given, word=kind)  # type: ignore[arg-type]
    chat.says("cardamom")
    chat.given = replace(chat.given, word="")
    return chat


def opened(*hers: CheckIn, **changes: object) -> Chat:
    chat = Chat(given=given(**{"person": WITH_A_WORD, "check_ins": hers, **changes}))
    return chat.says("menu").presses("Check on me later")


def planned() -> Chat:
    return opened().presses("Yes, set it up").says(PLAN)


def confirmed(chat: Chat) -> Chat:
    return chat.presses("15 min", "Only this once")


def turned(chat: Chat) -> list[TurnCheckIn]:
    return [effect for effect in chat.last if isinstance(effect, TurnCheckIn)]


def armed(chat: Chat) -> ArmCheckIn:
    return next(effect for effect in chat.last if isinstance(effect, ArmCheckIn))


# ---------------------------------------------------------------- a new one


def test_it_is_armed_with_her_plan_her_time_and_her_grace() -> None:
    chat = confirmed(planned().presses("Ma'rib").says("in two hours")).presses("Yes, it is right")
    assert armed(chat) == ArmCheckIn(
        "K7P-2XM",
        NOW + timedelta(hours=2),
        timedelta(minutes=15),
        {"plan": Answer(words=PLAN), "where": Answer(codes=("marib",))},
        "",
        {"governorate": "marib"},
    )
    assert chat.talk.flow == ""
    assert chat.reads.startswith("Agreed: at 20:00, in 2 h.")


def test_nothing_is_armed_before_she_has_seen_it_all_and_said_yes() -> None:
    chat = confirmed(planned().presses("I'd rather not say").says("20:30"))
    for part in (PLAN, "at 20:30, in 2 h 30 min", "15 min", "Only this once", "at 20:45"):
        assert part in strip_controls(chat.reads)
    assert not [effect for effect in chat.effects if isinstance(effect, ArmCheckIn)]
    chat.presses("Not now")
    assert not [effect for effect in chat.effects if isinstance(effect, ArmCheckIn)]
    assert "nothing is set" in chat.reads


def test_the_place_can_be_left_out_and_is_not_asked_where_her_plan_names_it() -> None:
    assert confirmed(planned().says("skip").says("in 2 hours")).asked == "check_in.sure"
    assert opened().presses("Yes, set it up").says("إلى مستشفى مأرب").asked == "check_in.by"


def test_a_time_in_her_plan_is_offered_first() -> None:
    chat = opened().presses("Yes, set it up").says("Going to the court, back by 9 pm").says("skip")
    assert chat.buttons[0] == "today 21:00"
    chat.presses("today 21:00")
    assert armed(confirmed(chat).presses("Yes, it is right")).due_at == datetime(2026, 3, 4, 18, 0, tzinfo=UTC)


def test_an_hour_that_may_be_two_is_asked_once_more() -> None:
    chat = planned().says("skip").says("8")
    assert chat.buttons == ["today 20:00", "tomorrow 8:00 am"]
    chat.presses("tomorrow 8:00 am")
    assert "at 8:00 am tomorrow, Thursday, in 14 h" in confirmed(chat).reads


@pytest.mark.parametrize("words", ["in 5 minutes", "in 9 days", "today at 2 pm", "perhaps", "🙂"])
def test_a_time_that_is_none_or_out_of_bounds_is_refused_kindly_and_asked_again(words: str) -> None:
    chat = planned().says("skip").says(words)
    assert chat.asked == "check_in.by"
    assert "by" not in chat.talk.answers


def test_where_the_time_went_by_before_she_said_yes_another_is_asked() -> None:
    chat = confirmed(planned().says("skip").says("in 20 minutes"))
    chat.given = replace(chat.given, now=NOW + timedelta(minutes=21))
    chat.presses("Yes, it is right")
    assert chat.asked == "check_in.by"
    assert not [effect for effect in chat.effects if isinstance(effect, ArmCheckIn)]


def test_it_may_come_again_every_day() -> None:
    chat = planned().says("skip").says("8 pm").presses("30 min", "Every day at this hour", "Yes, it is right")
    assert armed(chat).every == "daily"


def test_each_answer_can_be_changed_at_the_end_and_the_plan_is_added_to() -> None:
    chat = confirmed(planned().says("skip").says("in 2 hours"))
    chat.presses("Another time").says("in 3 hours")
    chat.presses("Another wait", "1 h").presses("Add to where I go").says("the taxi is white")
    chat.presses("Yes, it is right")
    assert armed(chat).due_at == NOW + timedelta(hours=3)
    assert armed(chat).grace == timedelta(hours=1)
    assert armed(chat).plan["plan"].words == f"{PLAN}\n\nthe taxi is white"


def test_a_voice_note_is_a_plan_and_is_destroyed_where_nothing_is_set() -> None:
    chat = opened().presses("Yes, set it up")
    chat.does(Shared(7, "voice"))
    confirmed(chat.says("skip").says("in 2 hours")).presses("Not now")
    assert ForgetFiles((7,)) in chat.last


def test_one_sentence_at_the_menu_is_understood_as_a_plan() -> None:
    chat = Chat(given=given(person=WITH_A_WORD)).says("menu").says("Going to the hospital, back by 9 pm")
    assert chat.asked == "check_in.which"
    chat.presses("Yes, set it up", "Leave it as it is").says("skip")
    assert chat.buttons[0] == "today 21:00"


def test_one_sentence_as_the_first_message_of_the_flow_is_a_plan_too() -> None:
    chat = opened().says("رايحة المستشفى وارجع الساعة 9 مساء")
    assert chat.asked == "check_in.plan"
    assert opened().says("what is this?").asked == "check_in.which"


def test_a_half_told_plan_is_a_draft_and_ends_with_silence() -> None:
    assert holds_draft(planned().talk)
    assert not holds_draft(opened(HERS).presses("today 21:00", "I need more time").talk)


# ---------------------------------------------------------------- her word


def test_whoever_has_no_word_chooses_one_first_twice() -> None:
    chat = opened(person=AMAL).presses("Yes, set it up")
    word(chat, "other")
    assert chat.last[:2] == (KeepWord("safe"), EraseThis())
    assert not chat.given.person.words
    word(chat, "safe")
    assert chat.given.person.words == ("safe",)
    assert EraseThis() in chat.last
    assert chat.asked == "check_in.plan"


def test_two_different_words_are_asked_for_again_without_blame() -> None:
    chat = opened(person=AMAL).presses("Yes, set it up")
    word(word(chat, "other"), "other")
    assert chat.asked == "check_in.safe_word"
    assert chat.given.person.words == ()


def test_a_word_that_means_something_here_is_none() -> None:
    chat = opened(person=AMAL).presses("Yes, set it up")
    chat.given = replace(chat.given, word="other")
    chat.says("weather")
    assert chat.asked == "check_in.safe_word"
    assert render(MEANS_SOMETHING, "en") in chat.reads


def test_without_a_word_nothing_is_set_and_she_is_told_why() -> None:
    chat = opened(person=AMAL).presses("Yes, set it up", "I want no word")
    assert chat.talk.flow == ""
    assert "anyone who holds your phone" in chat.reads


# ---------------------------------------------------------------- those that there are


@pytest.mark.parametrize(
    ("label", "did"), [("I am back and well", "safe"), ("I need it no more", "cancel"), ("Pause it", "pause")]
)
def test_each_act_needs_her_word(label: str, did: str) -> None:
    chat = opened(replace(HERS, every="daily")).presses("today 21:00", label)
    assert not turned(chat)
    word(chat, "safe")
    assert turned(chat) == [TurnCheckIn(5, did)]  # type: ignore[arg-type]
    assert EraseThis() in chat.last
    assert chat.reads == "Thank you, it is done."


@pytest.mark.parametrize("label", ["I am back and well", "I need it no more", "Pause it", "I need more time"])
def test_the_duress_word_looks_exactly_the_same_and_is_told_apart(label: str) -> None:
    read, did = [], []
    for kind in ("safe", "duress"):
        chat = opened(replace(HERS, every="daily")).presses("today 21:00", label)
        if label == "I need more time":
            chat.presses("in 30 min")
        word(chat, kind)
        read.append((chat.shown, chat.talk, chat.buttons))
        did.append(turned(chat)[0])
    assert read[0] == read[1]
    assert (did[1].did, did[1].seeming, did[1].minutes) == ("duress", did[0].did, did[0].minutes)


def test_more_time_counts_from_its_moment_or_from_now_where_that_has_passed() -> None:
    chat = word(opened(HERS).presses("today 21:00", "I need more time", "in 30 min"), "safe")
    assert turned(chat) == [TurnCheckIn(5, "extend", 30)]
    assert "at 21:30" in chat.reads
    late = replace(HERS, due_at=NOW - timedelta(minutes=4), state="asked")
    chat = opened(late)
    chat = word(chat.presses(chat.buttons[0], "I need more time").says("until 7 pm"), "safe")
    assert turned(chat) == [TurnCheckIn(5, "extend", 60)]
    chat = opened(HERS).presses("today 21:00", "I need more time").says("8 pm")
    assert chat.asked == "check_in.until"


def test_another_word_is_told_and_asked_again_neutrally() -> None:
    chat = opened(HERS).presses("today 21:00", "I am back and well")
    word(chat, "other")
    assert turned(chat) == [TurnCheckIn(5, "wrong")]
    assert chat.asked == "check_in.word"
    assert chat.reads.startswith("We did not recognise it.")
    word(chat, "safe")
    assert turned(chat) == [TurnCheckIn(5, "safe")]


def test_what_is_paused_goes_on_without_a_word() -> None:
    paused = replace(HERS, state="paused", every="daily")
    chat = opened(paused).presses("today 21:00", "Let it go on")
    assert turned(chat) == [TurnCheckIn(5, "resume")]


def test_one_that_is_over_meanwhile_is_said_to_be_so() -> None:
    chat = opened(HERS)
    button = chat.button("today 21:00")
    chat.given = replace(chat.given, check_ins=())
    chat.does(Pressed(button.key))
    assert not turned(chat)
    chat = opened(HERS).presses("today 21:00", "I am back and well")
    chat.given = replace(chat.given, check_ins=())
    word(chat, "safe")
    assert chat.reads == "Thank you, it is done."
    assert chat.talk.flow == ""


def test_five_at_a_time_are_enough() -> None:
    five = [replace(HERS, id=number, due_at=NOW + timedelta(hours=number)) for number in range(1, 6)]
    assert "A new one" not in opened(*five).buttons
    assert "A new one" in opened(*five[:4]).buttons


def test_leaving_says_that_what_was_agreed_on_stays() -> None:
    assert "stays as it is" in opened(HERS).says("stop").reads


# ---------------------------------------------------------------- every path

OURS = {"check_in", "other_chat"}
BESIDE: tuple[Event, ...] = (
    *(Said(words) for words in ("back", "stop", "help", "skip", "English", "in 2 hours", "8", "ساعدوني", "مش لحالي")),
    Said("أنا رايحة إلى السوق ثم إلى أهلي وأرجع قبل المغرب إن شاء الله"),
    *(Shared(7, "voice", ""), Shared(8, "photo", "صورة"), Located(15.46, 45.32), Pressed("0.aaaa")),
)
WORLDS = {
    "nothing yet, no word": given(person=AMAL, word="other", erasable=False),
    "nothing yet": given(person=WITH_A_WORD, word="safe"),
    "one armed": given(person=WITH_A_WORD, check_ins=(HERS,), word="safe"),
    "one of each": given(
        person=WITH_A_WORD,
        word="duress",
        check_ins=(
            replace(HERS, id=1, every="daily"),
            replace(HERS, id=2, state="asked", due_at=NOW - timedelta(minutes=3)),
            replace(HERS, id=3, state="paused", every="weekdays", due_at=NOW + timedelta(days=2)),
            replace(HERS, id=4, state="overdue", due_at=NOW - timedelta(hours=1)),
        ),
    ),
}


def paths(world: Given) -> list[tuple[Talk, Event, tuple[Say, ...], Talk]]:
    """Every step from every state of these conversations: each button, and what women do beside."""
    found: list[tuple[Talk, Event, tuple[Say, ...], Talk]] = []
    seen: set[object] = set()
    waiting: deque[tuple[Talk, Person, tuple[Choice, ...]]] = deque([(Talk("check_in"), world.person, ())])
    while waiting:
        talk, person, choices = waiting.popleft()
        for event in (*(Pressed(choice.key) for choice in choices), *BESIDE):
            turn = advance(BOOK, through_json(talk), event, replace(world, person=person))
            letters = tuple(effect for effect in turn.effects if isinstance(effect, Say))
            found.append((talk, event, letters, turn.talk))
            after = next((effect.person for effect in turn.effects if isinstance(effect, Remember)), person)
            key = (turn.talk.flow, *sorted(turn.talk.answers), turn.talk.reopened, bool(turn.talk.partial), after.words)
            choosing = tuple(turn.talk.answers[name].codes for name in ("which", "do") if name in turn.talk.answers)
            if turn.talk.flow in OURS and not turn.talk.misses and (key, choosing) not in seen:
                seen.add((key, choosing))
                waiting.append((turn.talk, after, letters[-1].choices if letters else ()))
    return found


@pytest.mark.parametrize("who", WORLDS)
def test_every_step_fits_the_screen_and_is_harmless_on_a_locked_phone(who: str) -> None:
    for _, _, letters, _ in paths(WORLDS[who]):
        assert len(letters) <= 1
        for letter in letters:
            assert len(letter.choices) <= 10
            assert len({choice.key for choice in letter.choices}) == len(letter.choices)
            for choice in letter.choices:
                assert all(0 < len(strip_controls(render(choice.label, lang))) <= 24 for lang in ("ar", "en"))
            arabic = normalise(render(letter.text, "ar")[:40])
            assert not [shown for shown in ON_A_LOCKED_PHONE if shown in arabic], arabic
            assert not ON_A_LOCKED_PHONE_ENGLISH.search(render(letter.text, "en")[:40])


def test_every_question_is_asked_of_someone() -> None:
    asked = set()
    for world in (*WORLDS.values(), replace(WORLDS["nothing yet, no word"], word="safe")):
        for *_, talk in paths(world):
            pending = BOOK[talk.flow].first_open(talk) if talk.flow in OURS else None
            asked.add(f"{talk.flow}.{pending.name}" if pending else "")
    every = {f"{flow}.{question.name}" for flow in OURS for question in BOOK[flow].questions}
    assert every <= asked


@pytest.mark.parametrize("who", WORLDS)
def test_from_every_state_stopping_leaves(who: str) -> None:
    for talk, *_ in paths(WORLDS[who]):
        left = advance(BOOK, talk, Said("stop"), replace(WORLDS[who], word="other"))
        assert left.talk.flow == ""


def test_its_titles_fit_the_buttons() -> None:
    for question in CHECK_IN.questions:
        assert all(len(render(question.title, lang)) <= 22 for lang in ("ar", "en"))
