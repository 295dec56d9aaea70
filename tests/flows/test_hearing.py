"""What words are heard as, and as what they are not."""

import pytest

from flows.hearing import listen
from messages.matching import cries_for_help
from tests.flows.chat import mechanism

PHRASES = mechanism().phrases


@pytest.mark.parametrize("words", PHRASES.innocent)
def test_innocent_words_are_heard_as_nothing(words: str) -> None:
    heard = listen(words, mechanism())
    assert [heard.unsafe, heard.distress, heard.topic, set(heard.commands)] == [False, False, False, set()]


@pytest.mark.parametrize("phrase", PHRASES.immediate)
def test_every_phrase_of_distress_is_heard_among_other_words(phrase: str) -> None:
    assert listen(f"والله {phrase} يا أختي", mechanism()).distress


def test_a_goodbye_does_not_swallow_a_disclosure() -> None:
    assert listen("زوجي ضربني، باي", mechanism()).distress


@pytest.mark.parametrize("phrase", PHRASES.unsafe)
def test_every_phrase_that_asks_for_silence_is_heard(phrase: str) -> None:
    assert listen(phrase, mechanism()).unsafe


def test_a_command_counts_only_as_the_whole_message() -> None:
    assert "stop" in listen("  توقّفي!! ", mechanism()).commands
    assert listen("وقفة احتجاجية", mechanism()).commands == frozenset()


@pytest.mark.parametrize("sign", PHRASES.immediate_emoji)
def test_signs_of_alarm_are_heard_anywhere(sign: str) -> None:
    assert listen(f"تعالوا {sign}", mechanism()).distress
    assert cries_for_help(sign)


def test_a_digit_inside_words_is_a_letter() -> None:
    assert listen("3ala 7ali", mechanism()).number is None
    assert listen("٣", mechanism()).number == 3
