"""Polls, pledges, stories, initiatives and the question box, as she meets them: what follows, and what stays."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.core import AskStakeholder, JoinIn, Pressed, Say, Shared, Talk, Vote
from flows.public import Poll, Public, Question, Story
from messages import Text, both
from messages.catalog import render
from tests.flows.chat import NOW, Chat, given, through_json


def said(words: str) -> Text:
    return both(ar=words, en=words)


HARDEST = Poll(5, "poll", said("What is hardest?"), {"1": said("Roads"), "2": said("Money")})
OTHER = Poll(6, "poll", said("What helps?"), {"1": said("Friends"), "2": said("Rest")})
PLEDGE = Poll(7, "pledge", said("A pledge"), {"1": said("We pledge it")})
STORY = Story(11, "story", said("Bread"), said("She baked."))
WELL = Story(21, "initiative", said("The well"), said("We dig."))
ASKED = Question(31, "government", "asked", NOW)


SAID = {"poll": "استطلاع", "stories": "stories", "initiatives": "مبادرات", "asking": "question"}


def about(way: str, public: Public) -> Chat:
    return Chat(given=given(public=public)).says(SAID[way])


# ---------------------------------------------------------------- polls


def test_an_answer_is_counted_and_nothing_of_it_stays_in_the_talk() -> None:
    chat = about("poll", Public(polls=(HARDEST,)))
    assert "What is hardest?" in chat.reads
    before = through_json(chat.talk)
    chat.presses("Roads")
    assert Vote(5, "1") in chat.last
    assert "nothing says that it is yours" in chat.reads
    assert chat.talk == replace(before, flow="", asked=before.asked + 1), "the talk would tell what she chose"


def test_whichever_answer_she_gives_what_is_kept_of_her_is_the_same() -> None:
    def kept(answer: str) -> Talk:
        return about("poll", Public(polls=(HARDEST,))).presses(answer).talk

    assert kept("Roads") == kept("Money")


def test_a_second_tap_on_an_answer_is_told_that_it_was_answered() -> None:
    chat = about("poll", Public(polls=(HARDEST,)))
    key = chat.button("Roads").key
    chat.presses("Roads")
    chat.given = replace(chat.given, public=Public())
    chat.does(Pressed(key))
    assert not [effect for effect in chat.last if isinstance(effect, Vote)]
    assert "answered already" in chat.reads


def test_of_several_open_ones_she_chooses_and_a_number_means_what_she_was_shown() -> None:
    chat = about("poll", Public(polls=(HARDEST, OTHER)))
    assert chat.buttons[:2] == ["Question 1", "Question 2"]
    chat.presses("Question 2").says("1")
    assert Vote(6, "1") in chat.last


def test_a_poll_that_ended_meanwhile_takes_no_answer() -> None:
    chat = about("poll", Public(polls=(HARDEST, OTHER))).presses("Question 1")
    chat.given = replace(chat.given, public=Public(polls=(OTHER,)))
    chat.presses("Roads")
    assert not [effect for effect in chat.last if isinstance(effect, Vote)]


def test_a_poll_may_be_left_without_an_answer() -> None:
    chat = about("poll", Public(polls=(HARDEST,))).presses("I'd rather not say")
    assert chat.talk.flow == ""
    assert not [effect for effect in chat.effects if isinstance(effect, Vote)]


def test_a_pledge_is_thanked_for_in_words_for_several() -> None:
    chat = about("poll", Public(leader="tribal", polls=(PLEDGE,))).presses("We pledge it")
    assert Vote(7, "1") in chat.last
    assert "شكرًا لكم" in render(chat.letters[-1].text, "ar")


@pytest.mark.parametrize("leader", ["", "religious"])
def test_where_nothing_is_open_that_is_said_and_there_is_a_way_back(leader: str) -> None:
    chat = about("poll", Public(leader=leader))  # type: ignore[arg-type]
    assert chat.buttons == ["Back"]
    assert chat.presses("Back").talk.flow == ""


# ---------------------------------------------------------------- stories


def test_stories_are_read_one_after_the_other_and_the_last_leads_to_the_first() -> None:
    second = replace(STORY, id=12, title=said("Salt"), text=said("She carried it."))
    chat = about("stories", Public(stories=(STORY, second))).presses("Bread")
    assert "She baked." in chat.reads
    assert "She carried it." in chat.presses("The next one").reads
    assert "She baked." in chat.presses("The next one").reads


def test_a_long_list_has_pages_both_ways_and_ten_lines_at_most() -> None:
    many = tuple(replace(STORY, id=n, title=said(f"Story {n}")) for n in range(1, 24))
    chat = about("stories", Public(stories=many))
    seen = [[label for label in chat.buttons if label.startswith("Story")]]
    while "More of them" in chat.buttons:
        seen.append([label for label in chat.presses("More of them").buttons if label.startswith("Story")])
        assert len(chat.buttons) <= 10
    assert [label for page in seen for label in page] == [f"Story {n}" for n in range(1, 24)]
    chat.presses("Those before")
    assert [label for label in chat.buttons if label.startswith("Story")] == seen[-2]


def test_a_story_that_was_withdrawn_while_she_read_leads_back_to_the_list() -> None:
    chat = about("stories", Public(stories=(STORY, replace(STORY, id=12, title=said("Salt"))))).presses("Bread")
    chat.given = replace(chat.given, public=Public(stories=(replace(STORY, id=12, title=said("Salt")),)))
    chat.says("hm")
    assert "Salt" in chat.buttons


def test_interest_is_counted_and_not_offered_to_whom_it_was_counted() -> None:
    chat = about("initiatives", Public(initiatives=(WELL,))).presses("The well", "I am interested")
    assert JoinIn(21) in chat.last
    chat.given = replace(chat.given, public=Public(initiatives=(replace(WELL, joined=True),)))
    chat.presses("The well")
    assert "I am interested" not in chat.buttons
    assert "you are counted" in chat.reads


# ---------------------------------------------------------------- questions


def asked(words: str, public: Public | None = None) -> Chat:
    return about("asking", public or Public()).presses("Government bodies").says(words)


def test_a_question_is_looked_at_once_more_and_then_put_into_the_box() -> None:
    chat = asked("When does the office open?")
    assert "When does the office open?" in chat.reads
    assert not [effect for effect in chat.effects if isinstance(effect, AskStakeholder)]
    chat.presses("Yes, put it so")
    assert AskStakeholder("government", "When does the office open?") in chat.last
    assert not chat.talk.answers


def test_a_number_in_it_is_pointed_out_in_any_digits() -> None:
    assert "could point to somebody" in asked("Call ٠٧٧٠ ٠٠٠ ٠٠٠ please, is it open?").reads


def test_what_sounds_like_a_threat_may_become_the_beginning_of_a_report() -> None:
    chat = asked("هددوني في الشارع فماذا أفعل مع المكتب")
    assert "something happened to you" in chat.reads
    chat.presses("Tell the team instead")
    assert chat.talk.flow == "report"
    assert chat.talk.early is not None
    assert "هددوني" in chat.talk.early.words


def test_words_of_danger_are_heard_here_as_everywhere() -> None:
    assert asked("ساعدوني").asked.startswith("danger.")


@pytest.mark.parametrize("words", ["😀" * 5000, "ا" * 601, "كلمة " * 200])
def test_what_is_too_long_is_answered_kindly_and_not_kept(words: str) -> None:
    chat = asked(words)
    assert "more than we can pass on" in chat.reads
    assert "words" not in chat.talk.answers


def test_a_voice_note_is_told_that_it_can_not_be_kept_here() -> None:
    chat = about("asking", Public()).presses("Civil society")
    chat.does(Shared(9, "voice"))
    assert "can't keep this here" in chat.reads
    assert chat.asked == "asking.words"


def test_an_answer_is_read_again_whenever_she_likes() -> None:
    over = replace(ASKED, state="answered", answer="On Sundays.")
    chat = about("asking", Public(questions=(over,))).presses("Read answer 1")
    assert "On Sundays." in chat.reads
    assert "A new question" in chat.buttons


def test_of_one_that_was_not_passed_on_she_hears_no_reason_and_no_blame() -> None:
    chat = about("asking", Public(questions=(replace(ASKED, state="refused"),))).presses("Read answer 1")
    assert "no judgement on you" in chat.reads


def test_with_five_open_a_sixth_is_not_offered_and_why_is_said() -> None:
    five = tuple(replace(ASKED, id=n, asked_at=NOW - timedelta(days=n)) for n in range(5))
    chat = about("asking", Public(questions=five))
    assert chat.buttons == ["Back"]
    assert "Five of your questions wait" in chat.reads


def test_every_letter_fits_the_screen_with_all_there_can_be() -> None:
    polls = tuple(
        replace(
            HARDEST, id=n, options={str(o): both(ar="تحديات اجتماعية", en="Psychological challenges") for o in range(9)}
        )
        for n in range(12)
    )
    over = tuple(replace(ASKED, id=n, state="answered", answer="x") for n in range(30))
    chats = [about("poll", Public(polls=polls)), about("asking", Public(questions=over))]
    chats.append(about("poll", Public(polls=polls)).presses("Question 9"))
    for letter in [one for chat in chats for one in chat.letters if isinstance(one, Say)]:
        assert len(letter.choices) <= 10
        for choice in letter.choices:
            assert all(len(re.sub("[\u2066-\u2069]", "", render(choice.label, one))) <= 24 for one in ("ar", "en"))
