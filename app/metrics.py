"""Figures for Prometheus: totals only, nobody's data."""

import os
from collections.abc import Callable, Iterable

from flask import Blueprint, Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

#: Name → (what it says, the figure now); asked whenever Prometheus asks.
Figures = Callable[[], dict[str, tuple[str, float]]]

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Measures:
    """The counters of one application, and what is read from the database when they are asked for."""

    def __init__(self, figures: Figures) -> None:
        self._registry = CollectorRegistry()
        self._figures = figures
        messages = Counter("fenxiao_messages", "Pushes of WeChat by outcome", ["outcome"], registry=self._registry)
        self._messages = {outcome: messages.labels(outcome) for outcome in ("answered", "silent", "refused", "busy")}
        self._seconds = Histogram(
            "fenxiao_message_seconds", "Time to answer WeChat", buckets=_BUCKETS, registry=self._registry
        )
        self.requests = Counter(
            "fenxiao_requests", "Other requests by blueprint and status", ["part", "status"], registry=self._registry
        )

    def message(self, status: int, length: int, seconds: float) -> None:
        """A push was answered with this status and so many bytes."""
        self._messages[_outcome(status, length)].inc()
        self._seconds.observe(seconds)

    def text(self) -> bytes:
        """Everything in Prometheus' text form; with several web processes, the sum of them all."""
        registry = CollectorRegistry()
        if os.environ.get(_FOLDER):
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            registry.register(_Passed(self._registry))
        registry.register(_Read(self._figures))
        return generate_latest(registry)


class _Passed(Collector):
    def __init__(self, inner: CollectorRegistry) -> None:
        self._inner = inner

    def collect(self) -> Iterable[Metric]:
        return self._inner.collect()


class _Read(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        for name, (says, value) in self._figures().items():
            yield GaugeMetricFamily(f"fenxiao_{name}", says, value=value)


def add_measures(app: Flask, measures: Measures) -> Blueprint:
    """Count every request that Flask answers; gives the blueprint of /metrics."""

    def finish(response: Response) -> Response:
        measures.requests.labels(request.blueprint or "none", str(response.status_code)).inc()
        return response

    app.after_request(finish)
    page = Blueprint("metrics", __name__)
    page.add_url_rule("/metrics", view_func=lambda: Response(measures.text(), content_type=CONTENT_TYPE_LATEST))
    return page


def _outcome(status: int, length: int) -> str:
    if status == 200:
        return "answered" if length > len("success") else "silent"
    return "busy" if status >= 500 else "refused"
