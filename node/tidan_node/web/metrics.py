"""Figures for Prometheus: requests, operations by status, how far the view is behind the chain.

Requests are those of this process; all else is of the node, whichever of its processes is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from tidan_node.operations.waiting import LaneState

_BUCKETS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """A registry of this app's own, so that two apps in one process do not meet in one."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "tidan_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "tidan_request_seconds",
            "Time from a request to its answer.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._answered: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._operations = Gauge(
            "tidan_operations", "Operations by status.", ("status",), registry=self.registry
        )
        self._live = Gauge(
            "tidan_lane_transactions",
            "Transactions that no block holds finally yet.",
            ("account",),
            registry=self.registry,
        )
        self._refused = Gauge(
            "tidan_lane_refused_transactions",
            "Those of them that the chain's node refuses, or no block has held for long.",
            ("account",),
            registry=self.registry,
        )
        self._oldest = Gauge(
            "tidan_oldest_transaction_seconds",
            "Age of the oldest transaction that no block holds finally yet.",
            registry=self.registry,
        )
        self._head = Gauge(
            "tidan_view_block", "The block that reads are true at.", registry=self.registry
        )
        self._lag = Gauge(
            "tidan_view_lag_blocks", "Blocks that the view is behind.", registry=self.registry
        )
        self._linked_ok = Gauge(
            "tidan_linked_chain_ok",
            "1 where a linked chain is read as it should be, or 0.",
            ("chain",),
            registry=self.registry,
        )
        self._linked_lag = Gauge(
            "tidan_linked_chain_lag_blocks",
            "Blocks that the view of a linked chain is behind it, as last seen.",
            ("chain",),
            registry=self.registry,
        )
        self._unanswered = Gauge(
            "tidan_surrenders_unanswered",
            "Surrenders of or to this party that are overdue for an answer.",
            registry=self.registry,
        )

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is the path's pattern: ids in it would make a series each."""
        found = self._answered.get((method, route, status))
        if found is None:  # to find them by their labels takes longer than to count
            of_status = self._requests.labels(method, route, str(status))
            found = of_status, self._seconds.labels(method, route)
            self._answered[method, route, status] = found
        found[0].inc()
        found[1].observe(seconds)

    def seen(self, *, operations: Mapping[str, int], block: int, lag: int, unanswered: int) -> None:
        """What the node's rows say at the moment of a scrape."""
        for status, count in operations.items():
            self._operations.labels(status).set(count)
        self._head.set(block)
        self._lag.set(lag)
        self._unanswered.set(unanswered)

    def linked(self, chain: str, *, ok: bool, lag: int | None) -> None:
        """How a linked chain is at the moment of a scrape."""
        self._linked_ok.labels(chain).set(ok)
        if lag is not None:
            self._linked_lag.labels(chain).set(lag)

    def carried(self, lanes: Sequence[LaneState], now: datetime) -> None:
        """What each account has under way at the moment of a scrape."""
        self._live.clear()
        self._refused.clear()
        for lane in lanes:
            self._live.labels(lane.account).set(lane.in_flight)
            self._refused.labels(lane.account).set(lane.refused)
        oldest = min((lane.oldest for lane in lanes if lane.oldest is not None), default=now)
        self._oldest.set(max(0.0, (now - oldest).total_seconds()))

    def exposition(self) -> bytes:
        return generate_latest(self.registry)
