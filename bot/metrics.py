"""Counts what comes in from the platforms, for whoever watches over the running bot.

It never counts by person: every label is one of a few fixed words.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

from handlers import check_ins
from handlers.alarms import Fired
from handlers.channel import ChannelName
from storage.outbox import Lane


class Counts:
    """The counters of what came in, registered in `registry` once."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._updates = Counter(
            "sanad_updates", "Deliveries understood, by channel and kind.", ("channel", "kind"), registry=registry
        )
        self._ignored = Counter(
            "sanad_updates_ignored",
            "Deliveries that ask for no answer, by channel and kind.",
            ("channel", "kind"),
            registry=registry,
        )
        self._refused = Counter(
            "sanad_webhooks_refused",
            "Requests refused at the door, by channel and why.",
            ("channel", "why"),
            registry=registry,
        )
        self._failed = Counter(
            "sanad_updates_failed",
            "Deliveries that could not be kept; the platform brings them again.",
            ("channel",),
            registry=registry,
        )

        self._sent = Histogram(
            "sanad_letter_seconds",
            "Seconds from the commit that made a letter to its attempt, by channel, lane and outcome.",
            ("channel", "lane", "outcome"),
            registry=registry,
        )
        self._late = Histogram(
            "sanad_alarm_late_seconds", "How late an alarm's step was, behind the moment it was due.", registry=registry
        )
        self._pages = Counter("sanad_pages", "Pages that alarms put out.", registry=registry)
        self._nobody = Counter(
            "sanad_alarms_without_anybody",
            "Steps of alarms that found nobody at all.",
            registry=registry,
        )
        self._alarms_failed = Counter(
            "sanad_alarms_failed", "Alarms that could not act; they are tried again.", registry=registry
        )

        self._check_in_late = Histogram(
            "sanad_check_in_late_seconds", "How late a check-in acted, behind the moment it was due.", registry=registry
        )
        self._check_ins_missed = Counter(
            "sanad_check_ins_missed", "Check-ins that called a person by themselves.", registry=registry
        )
        self._check_ins_failed = Counter(
            "sanad_check_ins_failed", "Check-ins that could not act; they are tried again.", registry=registry
        )

    def check_in_fired(self, fired: check_ins.Fired) -> None:
        """Count what one check-in did when its moment came."""
        self._check_in_late.observe(fired.late.total_seconds())
        if fired.overdue:
            self._check_ins_missed.inc()

    def check_in_failed(self) -> None:
        """Count one check-in that could not act."""
        self._check_ins_failed.inc()

    def alarm_fired(self, fired: Fired) -> None:
        """Count what one alarm did when its moment came; a drill's counts nothing."""
        if fired.drill:
            return
        self._late.observe(fired.late.total_seconds())
        self._pages.inc(fired.pages)
        if fired.nobody:
            self._nobody.inc()

    def alarm_failed(self) -> None:
        """Count one alarm that could not act."""
        self._alarms_failed.inc()

    def sent(self, channel: str, lane: Lane, outcome: str, seconds: float) -> None:
        """Count one attempt to send a letter."""
        self._sent.labels(channel, lane.name.lower(), outcome).observe(seconds)

    def update(self, channel: ChannelName, kind: str, *, ignored: bool = False) -> None:
        """Count one delivery."""
        (self._ignored if ignored else self._updates).labels(channel, kind).inc()

    def refused(self, channel: ChannelName, why: str) -> None:
        """Count one request that was refused before anything in it was believed."""
        self._refused.labels(channel, why).inc()

    def failed(self, channel: ChannelName) -> None:
        """Count one delivery that was not kept."""
        self._failed.labels(channel).inc()
