"""What Prometheus may know: requests, refusals, the queue, batches, and the process. No text and no token."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)


class Metrics:
    """The counters of one service, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "adwar_requests", "Requests answered", ["route", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "adwar_request_seconds",
            "From the request's headers to the end of the answer",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge("adwar_requests_in_flight", "Requests being worked on", registry=self.registry)
        self.queue_texts = Gauge("adwar_queue_texts", "Texts that wait to be read", registry=self.registry)
        self.queue_pieces = Gauge("adwar_queue_pieces", "Pieces that wait to be read", registry=self.registry)
        self.batch_texts = Histogram(
            "adwar_batch_texts",
            "Texts read together",
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
            registry=self.registry,
        )
        self.batch_seconds = Histogram(
            "adwar_batch_seconds", "Time to read one batch", buckets=SECONDS, registry=self.registry
        )
        self.texts = Counter("adwar_texts", "Texts read", registry=self.registry)
        self.characters = Counter("adwar_characters", "Characters read", registry=self.registry)
        self.frames = Counter("adwar_frames", "Event frames found", registry=self.registry)
        self.failures = Counter("adwar_failures", "Texts that could not be read", registry=self.registry)

    def page(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self.registry)
