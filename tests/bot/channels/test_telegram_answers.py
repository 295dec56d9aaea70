"""What each answer of Telegram means for a letter."""

import json
from datetime import timedelta

import pytest

from bot.channels.telegram.answers import outcome
from handlers.channel import Delivered, Moved, Outcome, TryLater, Undeliverable
from tests.bot.channels.letters import NOON

SENT = json.dumps({"ok": True, "result": {"message_id": 88, "text": "x"}}).encode()


def refused(status: int, description: str = "", attempt: int = 1, **parameters: int) -> Outcome:
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return outcome(status, json.dumps(body).encode(), NOON, attempt)


def test_a_message_that_telegram_took_is_delivered_for_good() -> None:
    assert outcome(200, SENT, NOON, 1) == Delivered("88", final=True)


def test_too_many_requests_holds_everybody_as_long_as_telegram_says() -> None:
    expected = TryLater(NOON + timedelta(seconds=17), "429", everybody=True)
    assert refused(429, "Too Many Requests: retry after 17", retry_after=17) == expected


@pytest.mark.parametrize(
    "words",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot was kicked from the supergroup chat",
        "Forbidden: bot can't initiate conversation with a user",
    ],
)
def test_a_reader_who_shut_the_door_is_gone(words: str) -> None:
    assert refused(403, words) == Undeliverable("403", gone=True)


@pytest.mark.parametrize("words", ["Bad Request: chat not found", "Bad Request: PEER_ID_INVALID"])
def test_a_chat_that_is_not_there_is_gone(words: str) -> None:
    assert refused(400, words) == Undeliverable("400", gone=True)


def test_any_other_refusal_of_the_letter_ends_the_letter_but_not_the_reader() -> None:
    assert refused(400, "Bad Request: BUTTON_DATA_INVALID") == Undeliverable("400", gone=False)


def test_a_chat_that_moved_says_where_to() -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    assert refused(400, words, migrate_to_chat_id=-100123) == Moved("-100123")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_of_telegram_is_tried_again_later_and_later(status: int) -> None:
    waits = [refused(status, attempt=attempt) for attempt in (1, 2, 3, 20)]
    assert [wait.at - NOON for wait in waits if isinstance(wait, TryLater)] == [
        timedelta(seconds=seconds) for seconds in (1, 2, 4, 60)
    ]


@pytest.mark.parametrize("status", [401, 404])
def test_a_refused_token_costs_no_letter(status: int) -> None:
    result = refused(status)
    assert isinstance(result, TryLater)
    assert result.everybody


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"ok":true,"result":true}', b"\xff"])
def test_an_answer_that_cannot_be_read_is_not_taken_for_delivered(body: bytes) -> None:
    assert isinstance(outcome(200, body, NOON, 1), TryLater)


@pytest.mark.parametrize("status", [302, 413, 418, 599])
def test_no_answer_at_all_raises(status: int) -> None:
    assert isinstance(refused(status), TryLater | Undeliverable)


def test_telegrams_own_words_are_not_passed_on() -> None:
    result = refused(400, "Bad Request: can't parse «her words»")
    assert isinstance(result, Undeliverable)
    assert result.why == "400"
