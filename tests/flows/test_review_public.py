"""Tips, lessons and questions cost her nothing that she was telling: each test found a fault once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.book import BOOK
from flows.core import AddToCase, Answer, Pressed, Report, Said, Talk, Unsubscribe
from flows.engine import advance
from flows.public import Public, Subscription
from flows.pushed import WAYS, key
from messages.catalog import render
from tests.flows.chat import AMAL, NOW, Chat, given
from tests.flows.walking import LEARNING

HERS = Public(Subscription(("tips",)), learning=LEARNING)
DRAFT = Talk("report", {"danger": Answer(codes=("safe",))})
IN_DANGER = Talk("danger", {"heard": Answer(words="he is at the door")}, under=DRAFT)


@pytest.mark.parametrize("word", ["سؤال", "عندي سؤال", "درس", "دروس", "question"])
def test_a_word_that_answers_the_team_goes_to_the_team_and_not_into_the_question_box(word: str) -> None:
    wrote = Report("A7B-CDE", NOW, "contacted", finished=True, wrote_at=NOW, answered=False)
    world = given(person=replace(AMAL, cases=(wrote.code,)), reports=(wrote,), public=HERS)
    turn = advance(BOOK, Talk(), Said(word), world)
    assert turn.talk.flow == ""
    assert [one.words for one in turn.effects if isinstance(one, AddToCase)] == [word]


@pytest.mark.parametrize("way", WAYS)
def test_no_button_of_a_tip_leads_away_from_the_question_about_danger(way: str) -> None:
    turn = advance(BOOK, IN_DANGER, Pressed(key(way, 7)), given(public=HERS))
    assert (turn.talk.flow, turn.talk.answers, turn.talk.under) == ("danger", IN_DANGER.answers, DRAFT)


@pytest.mark.parametrize("words", ["Open today's lesson", "Send me no more"])
def test_nor_does_its_label_where_there_are_no_buttons(words: str) -> None:
    turn = advance(BOOK, IN_DANGER, Said(words), given(public=HERS))
    assert turn.talk.flow == "danger"
    assert turn.talk.under == DRAFT


def test_who_wants_no_more_tips_goes_on_with_what_she_tells() -> None:
    for event in (Pressed(key("unsubscribe", 7)), Said(render(WAYS["unsubscribe"], "ar"))):
        turn = advance(BOOK, DRAFT, event, given(public=HERS))
        assert Unsubscribe() in turn.effects
        assert (turn.talk.flow, turn.talk.answers) == (DRAFT.flow, DRAFT.answers)


@pytest.mark.parametrize(
    "told",
    [
        Talk("check_in", {"plan": Answer(words="To Marib with my sister")}),
        Talk("offer", {"heard": Answer(words="It began on Monday", files=(5,))}),
        Talk("my_reports", {"which": Answer(codes=("A7B-CDE",))}, partial=Answer(words="One thing more")),
    ],
    ids=lambda talk: talk.flow,
)
@pytest.mark.parametrize("way", ["lesson", "poll", "subscribe"])
def test_what_she_was_telling_waits_under_a_lesson(told: Talk, way: str) -> None:
    turn = advance(BOOK, told, Pressed(key(way, 7)), given(public=HERS))
    assert turn.talk.flow == way
    assert turn.talk.under == told
    back = advance(BOOK, turn.talk, Said("stop"), given(public=HERS)).talk
    assert (back.flow, back.answers, back.partial) == (told.flow, told.answers, told.partial)


def test_however_often_she_presses_nothing_piles_up_under_it() -> None:
    talk = Talk("offer", {"heard": Answer(words="It began on Monday")})
    for way in ["lesson", "asking", "poll", "course", "lesson"] * 20:
        talk = advance(BOOK, talk, Pressed(key(way, 7)), given(public=HERS)).talk
    assert talk.under is not None
    assert talk.under.under is None


def test_lessons_are_where_she_goes_when_she_is_asked_where_she_goes() -> None:
    chat = Chat(given=given(public=HERS)).says("menu").presses("Check on me later")
    before = chat.talk
    chat.says("دروس")
    assert chat.talk.flow == before.flow == "check_in"
