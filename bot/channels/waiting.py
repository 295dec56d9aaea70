"""Decides how long to wait after a failure of the network. It reads no clock: the moment is given."""

from datetime import datetime, timedelta

# Seconds. A minute at most: a page that waits must leave soon after the platform is back.
_FIRST = 1.0
_LONGEST = 60.0


def seconds(attempt: int) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1): 1, 2, 4 … up to 60."""
    return min(_FIRST * 2.0 ** (min(max(attempt, 1), 10) - 1), _LONGEST)


def later(now: datetime, attempt: int) -> datetime:
    """When to try again after failed attempt number `attempt`."""
    return now + timedelta(seconds=seconds(attempt))
