"""Broadcasts, one door: launch a run, pause, resume, cancel, stop all, take up again, and ask how far it has come.

It never sends by itself: `handlers.broadcast_work` plans and feeds what these acts decided, the dispatcher sends it.
"""

from __future__ import annotations

from handlers.broadcast_acts import (
    allow_again,
    cancel,
    is_stopped,
    launch,
    pause,
    resume,
    retry,
    settle_doubt,
    stop_all,
    stopped_by,
    tapped,
)
from handlers.broadcast_estimate import Estimate, Part, estimate
from handlers.broadcast_progress import Progress, progress

__all__ = [
    "Estimate",
    "Part",
    "Progress",
    "allow_again",
    "cancel",
    "estimate",
    "is_stopped",
    "launch",
    "pause",
    "progress",
    "resume",
    "retry",
    "settle_doubt",
    "stop_all",
    "stopped_by",
    "tapped",
]
