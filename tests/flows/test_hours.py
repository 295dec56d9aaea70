"""When she may be written to: in her way and her hours, and where she said nothing, narrowly."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.hours import Go, Never, Verdict, Wait, Wishes, may_tell, may_write, next_allowed

NOON = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
"""Noon in Yemen."""
SEVEN = NOON + timedelta(hours=19)
"""The next morning."""
HERE = Wishes(reach="here", hours="any", urgent=False)


@pytest.mark.parametrize(
    ("hours", "then"),
    [
        ("any", 0), ("afternoon", 0), ("morning", 19), ("evening", 5), ("night", 9), ("", 0), ("written by her", 0),
    ],
)  # fmt: skip
def test_the_next_moment_in_her_hours(hours: str, then: int) -> None:
    assert next_allowed(hours, NOON) - NOON == timedelta(hours=then)


def test_at_night_she_who_said_no_hours_is_written_to_in_the_morning() -> None:
    assert next_allowed("", NOON + timedelta(hours=12)) == NOON + timedelta(hours=20)


@pytest.mark.parametrize(
    ("wishes", "verdict"),
    [
        (HERE, Go()),
        (replace(HERE, hours="morning"), Wait("hours", SEVEN)),
        (replace(HERE, hours="morning", heard_at=NOON - timedelta(minutes=15)), Go()),
        (replace(HERE, hours="morning", heard_at=NOON - timedelta(minutes=16)), Wait("hours", SEVEN)),
        (replace(HERE, reach="call"), Wait("reach")),
        (replace(HERE, reach="call", heard_at=NOON), Go()),
        (replace(HERE, reach=""), Wait("reach")),
        (replace(HERE, reach="", urgent=True, heard_at=NOON - timedelta(hours=23)), Go()),
        (replace(HERE, reach="", urgent=True, heard_at=NOON - timedelta(hours=25)), Wait("reach")),
        (replace(HERE, quiet=True, heard_at=NOON), Wait("quiet")),
        (replace(HERE, reach="do_not", heard_at=NOON), Never("do_not")),
        (replace(HERE, withdrawn=True, heard_at=NOON), Never("withdrawn")),
        (replace(HERE, gone=True, heard_at=NOON), Never("gone")),
        (replace(HERE, silent=True, heard_at=NOON), Never("silent")),
        (replace(HERE, locked=True, heard_at=NOON), Wait("locked")),
        (replace(HERE, hid_at=NOON), Wait("hours", NOON + timedelta(minutes=15, seconds=1))),
        (replace(HERE, hid_at=NOON - timedelta(minutes=16)), Go()),
        (replace(HERE, reach="call", hid_at=NOON - timedelta(minutes=16)), Wait("reach")),
    ],
)  # fmt: skip
def test_a_message_from_the_desk(wishes: Wishes, verdict: Verdict) -> None:
    assert may_write(wishes, NOON) == verdict


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        (HERE, True),
        (Wishes(reach="", hours="", urgent=True), True),
        (replace(HERE, hours="evening"), False),
        (replace(HERE, hours="evening", heard_at=NOON), True),
        (replace(HERE, reach="do_not"), False),
        (replace(HERE, reach="do_not", heard_at=NOON), True),
        (replace(HERE, withdrawn=True), False),
        (replace(HERE, quiet=True, heard_at=NOON), False),
        (replace(HERE, gone=True, heard_at=NOON), False),
        (replace(HERE, hid_at=NOON), False),
        (replace(HERE, hid_at=NOON - timedelta(minutes=16)), True),
    ],
)
def test_a_line_about_where_her_case_stands(wishes: Wishes, told: bool) -> None:
    assert may_tell(wishes, NOON) is told
