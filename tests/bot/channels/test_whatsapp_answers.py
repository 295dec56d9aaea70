"""What Twilio's codes and status callbacks mean for a letter."""

from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.answers import by_code, by_status
from bot.channels.whatsapp.status import marked, status_outcome, unmarked
from handlers.channel import Delivered, Held, InDoubt, TryLater, Undeliverable
from tests.bot.channels.letters import NOON

SID = "SM" + "a" * 32


@pytest.mark.parametrize("code", [21610, 21211, 21614, 63024, 63033, 63014])
def test_a_reader_who_cannot_be_reached_any_more_is_gone(code: int) -> None:
    assert by_code(code, NOON, 1) == Undeliverable(str(code), gone=True)


@pytest.mark.parametrize("code", [63032, 63049, 63027, 63028, 63041, 21655, 21656, 21617, 63019, 99999])
def test_another_try_would_not_help(code: int) -> None:
    assert by_code(code, NOON, 1) == Undeliverable(str(code), gone=False)


def test_outside_the_window_a_letter_waits_for_her() -> None:
    assert by_code(63016, NOON, 1) == Held("63016")


@pytest.mark.parametrize("code", [63017, 63018])
def test_too_fast_means_later_for_this_letter(code: int) -> None:
    result = by_code(code, NOON, 1)
    assert isinstance(result, TryLater)
    assert (result.at > NOON, result.everybody) == (True, False)


def test_too_many_requests_hold_everybody() -> None:
    result = by_status(429, 20429, NOON, 1)
    assert isinstance(result, TryLater)
    assert result.everybody


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_of_twilio_leaves_the_letter_in_doubt(status: int) -> None:
    assert by_status(status, 20500, NOON, 1) == InDoubt(str(status))


def test_refused_credentials_cost_no_letter() -> None:
    assert isinstance(by_status(401, 20003, NOON, 1), TryLater)


@pytest.mark.parametrize("status", ["accepted", "scheduled", "queued", "sending", "receiving", "", "new"])
def test_steps_before_sending_say_nothing(status: str) -> None:
    assert status_outcome({"MessageSid": SID, "MessageStatus": status}, "k", NOON) is None


def test_a_status_brings_the_letters_key_and_twilios_id() -> None:
    change = status_outcome({"MessageSid": SID, "MessageStatus": "delivered"}, "letter-1", NOON)
    assert change is not None
    assert (change.letter_key, change.reference, change.state) == ("letter-1", SID, "delivered")
    assert change.outcome == Delivered(SID, final=True)


def test_sent_is_not_yet_delivered() -> None:
    change = status_outcome({"MessageSid": SID, "MessageStatus": "sent"}, "k", NOON)
    assert change is not None
    assert change.outcome == Delivered(SID, final=False)


@pytest.mark.parametrize("state", ["failed", "undelivered"])
def test_a_failure_says_what_it_means(state: str) -> None:
    change = status_outcome({"MessageSid": SID, "MessageStatus": state, "ErrorCode": "63016"}, "k", NOON)
    assert change is not None
    assert (change.state, change.error_code, change.outcome) == ("failed", 63016, Held("63016"))


@pytest.mark.parametrize("code", ["", "abc", "٦٣٠١٦", "9" * 40])
def test_a_failure_without_a_readable_code_is_a_failure(code: str) -> None:
    change = status_outcome({"MessageSid": SID, "MessageStatus": "failed", "ErrorCode": code}, "k", NOON)
    assert change is not None
    assert change.outcome == Undeliverable("0")


def test_each_state_outranks_the_one_before() -> None:
    changes = [
        status_outcome({"MessageSid": SID, "MessageStatus": status}, "k", NOON)
        for status in ("sent", "failed", "delivered", "read")
    ]
    assert all(one and other and one.rank < other.rank for one, other in pairwise(changes))


def test_a_status_of_no_message_is_nothing() -> None:
    assert status_outcome({"MessageStatus": "read"}, "k", NOON) is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_letters_key_comes_back_as_it_went(key: str) -> None:
    mark = marked(key)
    assert unmarked(mark) == key
    assert mark == quote(mark, safe="")


@pytest.mark.parametrize("mark", ["é", "A", "====", "__8", "x" * 9999])
def test_a_key_that_is_none_of_ours_is_none(mark: str) -> None:
    assert unmarked(mark) == ""
