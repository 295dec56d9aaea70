"""A word that ends what is sent unasked does so wherever she is, and shows nothing where nothing may be shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows import unasked
from flows.book import BOOK
from flows.core import Answer, Commanded, Pressed, Remember, Said, Say, Subscribe, Talk, Turn, Unsubscribe
from flows.engine import advance
from flows.public import Learning, Public, Question, Subscription
from flows.pushed import WAYS, key
from flows.ways import NOTHING_OPEN
from messages.catalog import render
from tests.flows.chat import AMAL, NOW, Chat, given, mechanism, through_json
from tests.flows.everywhere import Place, places
from tests.flows.walking import LEARNING
from tests.messages.spellings import is_arabic, spellings

STOP = tuple(word for word in mechanism().phrases.commands["stop"])
SUBSCRIBED = Public(Subscription(("tips",)))
NOTHING_SAID = ("in a sentence", "after", "all at once", "cried out")
"""Ways in which the word is not the whole message, or is another word."""
ENDED = render(unasked.ENDED, "en")


def ends(turn: Turn) -> bool:
    return Unsubscribe() in turn.effects


def says_so(turn: Turn) -> bool:
    return any(ENDED in render(one.text, "en") for one in turn.effects if isinstance(one, Say))


def subscribed(place: Place) -> Place:
    return replace(place, given=replace(place.given, public=SUBSCRIBED))


def is_hidden(place: Place) -> bool:
    person = place.given.person
    return person.locked or person.quiet or place.talk.flow in {"quiet", "hush"}


def typed(word: str) -> list[str]:
    """A word of the list as keyboards, phones and haste make it."""
    return [one for how, one in spellings(word) if not how.startswith(NOTHING_SAID)]


@pytest.mark.parametrize("word", STOP)
def test_every_word_of_the_list_ends_it_in_every_state(word: str) -> None:
    for place in places():
        assert ends(place.does(Said(word))), place.name


@pytest.mark.parametrize("word", STOP)
def test_however_it_is_typed(word: str) -> None:
    for one in typed(word):
        assert ends(advance(BOOK, Talk(), Said(one), given())), one


def test_the_command_and_the_button_end_it_in_every_state() -> None:
    for place in places():
        assert ends(place.does(Commanded("stop"))), place.name
        assert ends(place.does(Pressed(key("unsubscribe", 77)))), place.name


def test_she_hears_it_in_one_letter_but_nothing_where_the_chat_is_hidden() -> None:
    for place in map(subscribed, places()):
        turn = place.does(Said("إيقاف"))
        assert says_so(turn) is not is_hidden(place), place.name
        letters = [one for one in turn.effects if isinstance(one, Say) and not one.apart and one.standing != "on"]
        assert len(letters) <= 1, place.name


@pytest.mark.parametrize("word", ["لا ترسلي", "لا ترسلوا"])
def test_the_two_phrases_that_mean_both_do_both(word: str) -> None:
    turn = advance(BOOK, Talk(), Said(word), given(public=SUBSCRIBED))
    assert ends(turn)
    assert not says_so(turn)
    (person,) = [one.person for one in turn.effects if isinstance(one, Remember)]
    assert person.quiet


@pytest.mark.parametrize("word", [*mechanism().phrases.commands["cancel"], "وقفة احتجاجية أمام المكتب", "لا", "0"])
def test_words_that_only_leave_a_step_end_nothing(word: str) -> None:
    for place in places():
        assert not ends(place.does(Said(word))), place.name


def test_inside_a_longer_message_it_is_no_command() -> None:
    for words in ("قال لي توقفي عن العمل", "stop him please, he will not leave", "يكفي ما حدث لنا في هذه الحارة"):
        assert not ends(advance(BOOK, Talk(), Said(words), given(public=SUBSCRIBED)))


def test_a_word_of_her_own_is_hers_though_it_is_on_the_list() -> None:
    locked = replace(AMAL, locked=True, words=("safe",))
    turn = advance(BOOK, Talk("cover"), Said("كفاية"), given(person=locked, word="safe", public=SUBSCRIBED))
    assert not ends(turn)


def test_who_receives_nothing_hears_what_is_true_of_her() -> None:
    chat = Chat(given=given()).says("stop")
    assert chat.reads == render(NOTHING_OPEN, "en")


def test_who_receives_something_hears_that_it_ended_and_how_to_come_back() -> None:
    chat = Chat(given=given(public=SUBSCRIBED)).says("stop")
    assert chat.reads == ENDED


@pytest.mark.parametrize(("state", "waits"), [("on", True), ("quiz", True), ("paused", False), ("done", False)])
def test_a_course_waits_and_she_hears_so(state: str, waits: bool) -> None:
    learning = replace(LEARNING, state=state)  # type: ignore[arg-type]
    chat = Chat(given=given(public=Public(learning=learning))).says("stop")
    assert chat.reads.endswith(render(unasked.WAITS, "en")) is waits


def test_in_a_draft_it_ends_and_she_is_asked_what_becomes_of_the_draft() -> None:
    draft = Talk("report", {"danger": Answer(codes=("safe",))})
    chat = Chat(given=given(public=SUBSCRIBED), talk=draft).says("stop")
    assert chat.reads.startswith(ENDED)
    assert chat.asked == "stop.stop"
    assert chat.presses("Go on").asked == "report.today"


def test_nothing_but_choosing_subscribes() -> None:
    for place in places():
        for event in (Said("tips"), Said("اشتراك"), Said("hello"), Commanded("start"), Pressed(key("subscribe", 5))):
            assert not [one for one in place.does(event).effects if isinstance(one, Subscribe)], place.name


# ---------------------------------------------------------------- labels that are written


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("talk", [Talk(), Talk("learn"), Talk("subscribe")], ids=lambda talk: talk.flow or "menu")
def test_a_label_that_is_written_does_what_its_button_does(way: str, language: str, talk: Talk) -> None:
    world = given(public=SUBSCRIBED)
    pressed = advance(BOOK, through_json(talk), Pressed(key(way)), world)
    written = advance(BOOK, through_json(talk), Said(render(WAYS[way], language)), world)  # type: ignore[arg-type]
    assert replace(written.talk, pressed=pressed.talk.pressed) == pressed.talk
    assert written.effects == pressed.effects


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("way", [way for way in WAYS if way not in {"menu", "unsubscribe"}])
def test_a_written_label_opens_its_way_from_a_draft_that_waits_under_it(way: str, language: str) -> None:
    draft = Talk("report", {"danger": Answer(codes=("safe",))})
    talk = advance(BOOK, draft, Said(render(WAYS[way], language)), given()).talk  # type: ignore[arg-type]
    assert talk.flow == way
    assert talk.under is not None
    assert talk.under.answers == draft.answers


def test_short_words_that_open_them_elsewhere_stay_her_own_words_in_a_draft() -> None:
    answers = {name: Answer(codes=("x",)) for name in ("danger", "today", "door", "kind", "where", "when", "again")}
    turn = advance(BOOK, Talk("report", answers), Said("قصة"), given())
    assert turn.talk.answers["what"].words == "قصة"


# ---------------------------------------------------------------- what is looked up


def test_it_is_looked_up_for_no_turn_that_has_nothing_to_do_with_it() -> None:
    draft = Talk("report", {"danger": Answer(codes=("safe",))})
    assert not unasked.concerns(draft, Said("كتب لي رجل رسائل لا أريدها"), mechanism())
    assert not unasked.concerns(draft, Said("نعم"), mechanism())
    assert not unasked.concerns(draft, Pressed("3.abcd"), mechanism())


@pytest.mark.parametrize("word", [*STOP, "نصائح", "tips", *(render(label, "ar") for label in WAYS.values())])
def test_it_is_looked_up_for_the_words_that_lead_there(word: str) -> None:
    draft = Talk("report", {"danger": Answer(codes=("safe",))})
    wanted = word != render(WAYS["menu"], "ar")
    assert unasked.concerns(draft, Said(word), mechanism()) is wanted


def test_a_hub_that_waits_under_a_question_is_as_full_as_before() -> None:
    talk = Talk("danger", under=Talk("learn"))
    assert unasked.concerns(talk, Said("لا"), mechanism())


def test_under_another_word_than_hers_no_question_of_before_is_shown() -> None:
    asked = Question(3, "association", "asked", NOW.replace(hour=1))
    forced = replace(AMAL, words=("safe", "duress"), shown_from=NOW, duress_at=NOW)
    chat = Chat(given=given(person=forced, public=replace(SUBSCRIBED, questions=(asked,))))
    chat.says("menu").presses("Tips and lessons").presses("Ask a question")
    assert "These are your questions" not in chat.reads


def test_the_list_of_words_is_one_of_arabic_and_english() -> None:
    assert {is_arabic(word) for word in STOP} == {True, False}
    assert len(STOP) > 10


def test_who_learns_without_being_subscribed_is_offered_to_stop_too() -> None:
    chat = Chat(given=given(public=Public(learning=Learning("digital", "on")))).says("menu").presses("Tips and lessons")
    assert "Stop all of it" in chat.buttons
