"""Counts what comes in from the platforms, for whoever watches over the running bot.

It never counts by person: every label is one of a few fixed words.
"""

from prometheus_client import CollectorRegistry, Counter

from handlers.channel import ChannelName


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

    def update(self, channel: ChannelName, kind: str, *, ignored: bool = False) -> None:
        """Count one delivery."""
        (self._ignored if ignored else self._updates).labels(channel, kind).inc()

    def refused(self, channel: ChannelName, why: str) -> None:
        """Count one request that was refused before anything in it was believed."""
        self._refused.labels(channel, why).inc()

    def failed(self, channel: ChannelName) -> None:
        """Count one delivery that was not kept."""
        self._failed.labels(channel).inc()
