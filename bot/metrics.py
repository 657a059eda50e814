"""What is counted, for Prometheus: a registry of the bot's own, filled by whoever does the work."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The bot's counters; nothing in them is about a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter("factline_updates_received", "Updates taken into the inbox", registry=self.registry)
        self.handled = Counter(
            "factline_updates_handled", "Updates that were settled, by outcome", ["outcome"], registry=self.registry
        )
        self.seconds = Histogram(
            "factline_update_seconds", "Time to handle an update", buckets=SECONDS, registry=self.registry
        )
        self.depth = Gauge("factline_inbox_depth", "Updates that wait or are being handled", registry=self.registry)
        self.polls = Counter("factline_polls", "Calls of getUpdates, by outcome", ["outcome"], registry=self.registry)
        self.deliveries = Counter(
            "factline_webhook_deliveries", "Calls of the webhook, by status", ["status"], registry=self.registry
        )
        self.questions = Counter(
            "factline_questions", "Questions, by outcome and language", ["outcome", "language"], registry=self.registry
        )
        self.sends = Counter("factline_sends", "Announcements sent, by outcome", ["outcome"], registry=self.registry)

    def render(self) -> bytes:
        """Write all of it in Prometheus' text format."""
        return generate_latest(self.registry)
