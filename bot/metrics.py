"""What Prometheus sees. Names begin with lianluo_."""

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from storage import jobs, outbox, updates
from storage.engine import Database

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """Counters of this process, and gauges that are read from the database when they are asked for."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._latency = Histogram(
            "lianluo_update_seconds",
            "Handling an update, commit included",
            buckets=_SECONDS,
            registry=registry,
        )
        self._sends = Counter("lianluo_sends", "Sends by what came of them", ["outcome"], registry=registry)
        self._throttled = Counter("lianluo_throttled", "Answers 429", registry=registry)
        self._depth = Gauge("lianluo_outbox_depth", "Rows that are due and wait", ["lane"], registry=registry)
        self._oldest = Gauge(
            "lianluo_outbox_oldest_seconds", "How long the oldest has been due", registry=registry
        )
        self._updates = Gauge("lianluo_updates", "Updates by state", ["state"], registry=registry)
        self._jobs = Gauge("lianluo_jobs", "Jobs by state", ["state"], registry=registry)

    def handled(self, ms: int) -> None:
        self._latency.observe(ms / 1000)

    def sent(self, outcome: str) -> None:
        """One try to send; `outcome` is the name of an Outcome, in lower case."""
        self._sends.labels(outcome).inc()

    def throttled(self) -> None:
        self._throttled.inc()

    async def render(self, database: Database, now: int) -> bytes:
        """The text for Prometheus. Raises Unavailable."""
        async with database.read() as tx:
            _set(self._depth, await outbox.depths(tx, now))
            self._oldest.set(await outbox.oldest(tx, now) / 1000)
            _set(self._updates, await updates.counts(tx))
            _set(self._jobs, await jobs.counts(tx))
        return generate_latest(self._registry)


def _set(gauge: Gauge, counts: Mapping[Any, int]) -> None:
    gauge.clear()
    for label, count in counts.items():
        gauge.labels(label).set(count)
