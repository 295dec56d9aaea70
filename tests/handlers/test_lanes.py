"""Higher lanes first, a reader's letters in order, and no reader in another's way."""

from datetime import UTC, datetime

from handlers.lanes import Lanes, Ready
from handlers.pace import Bucket
from messages import raw
from storage.outbox import Lane, Letter, body

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def letter(number: int, reader: str = "a", lane: Lane = Lane.CONVERSATION) -> Ready:
    return Ready(number, Letter(number, str(number), reader.encode(), lane, body("1", "ar", raw("x")), 1, NOW))


def filled(*letters: Ready) -> Lanes:
    lanes = Lanes()
    for one in letters:
        lanes.put(one)
    return lanes


def test_a_page_goes_before_everything_that_came_earlier() -> None:
    lanes = filled(letter(1, lane=Lane.BROADCAST), letter(2), letter(3, lane=Lane.PAGE))
    assert [found.id for _ in range(3) if (found := lanes.take())] == [3, 2, 1]


def test_a_readers_next_letter_waits_for_the_one_before() -> None:
    lanes = filled(letter(1), letter(2))
    first = lanes.take()
    assert first is not None
    assert lanes.take() is None
    lanes.free(first.letter)
    second = lanes.take()
    assert second is not None
    assert second.id == 2


def test_a_blocked_reader_delays_no_other() -> None:
    lanes = filled(letter(1, "slow"), letter(2, "slow"), letter(3, "quick"))
    first = lanes.take()
    assert first is not None
    lanes.block(first.letter, 10.0)
    following = lanes.take()
    assert following is not None
    assert following.id == 3
    assert lanes.next_moment() == 10.0
    lanes.unblock(10.0)
    last = lanes.take()
    assert last is not None
    assert last.id == 2


def test_an_old_moment_does_not_free_a_reader_who_is_busy_with_another_letter() -> None:
    lanes = filled(letter(1), letter(2), letter(3))
    first = lanes.take()
    assert first is not None
    lanes.block(first.letter, 15.0)
    lanes.free_if_blocked_by(first.letter)
    second = lanes.take()
    assert second is not None
    lanes.unblock(15.0)
    assert lanes.take() is None
    lanes.free_if_blocked_by(first.letter)
    assert lanes.take() is None


def test_a_letter_that_comes_back_goes_before_those_behind_it() -> None:
    lanes = filled(letter(1), letter(2))
    first = lanes.take()
    assert first is not None
    lanes.block(first.letter, 5.0)
    lanes.put(letter(1))
    lanes.unblock(5.0)
    again = lanes.take()
    assert again is not None
    assert again.id == 1


def test_while_the_account_waits_only_pages_are_ready() -> None:
    lanes = filled(letter(1))
    assert not lanes.has_ready(Lane.PAGE)
    lanes.put(letter(2, "b", Lane.PAGE))
    assert lanes.has_ready(Lane.PAGE)


def test_a_full_lane_takes_no_more_in() -> None:
    lanes = filled(letter(1), letter(2))
    assert lanes.room({Lane.PAGE: 1, Lane.CONVERSATION: 2}) == {Lane.PAGE: 1}


def test_a_bucket_starts_empty_and_never_gives_more_than_its_rate() -> None:
    bucket = Bucket(10.0, 0.0)
    taken = [tick / 100 for tick in range(300) if bucket.take(tick / 100)]
    assert taken[0] >= 0.1
    assert 28 <= len(taken) <= 30
    worst = max(sum(1 for moment in taken if start <= moment < start + 1) for start in taken)
    assert worst <= 11


def test_a_bucket_without_a_rate_always_gives() -> None:
    bucket = Bucket(None, 0.0)
    assert all(bucket.take(0.0) for _ in range(100))
    assert bucket.wait(0.0) == 0.0


def test_a_call_that_is_no_letter_has_the_next_right_and_letters_wait_for_it() -> None:
    bucket = Bucket(10.0, 0.0)
    assert bucket.reserve(0.0) == 0.1
    assert round(bucket.reserve(0.0), 6) == 0.2
    assert not bucket.take(0.25)
    assert bucket.take(0.31)
    assert Bucket(None, 0.0).reserve(5.0) == 0.0


def test_what_was_called_back_is_taken_out_and_the_rest_goes_on() -> None:
    lanes = filled(letter(1), letter(2), letter(3), letter(4, "b"))
    first = lanes.take()
    assert first is not None
    assert lanes.withdraw({1, 2, 4}) == [2, 4]
    assert lanes.waiting() == [3]
    assert not lanes.has_ready()
    lanes.free(first.letter)
    following = lanes.take()
    assert following is not None
    assert following.id == 3
    assert lanes.room({Lane.CONVERSATION: 10}) == {Lane.CONVERSATION: 10}
