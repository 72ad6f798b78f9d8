"""What is counted while it happens, in the process in which it happens; `/metrics` and the worker's
port tell it (docs/operate.md).

Every label is of a set that is known beforehand: routes by their endpoint, kinds of commands,
systems around. Never a name or a case.
"""

from collections.abc import Callable
from typing import Final, cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

# when a series began: as many lines again, that nobody reads
cast(Callable[[], None], disable_created_metrics)()
REGISTRY: Final = CollectorRegistry()
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS: Final = Histogram(
    "ventanilla_request_seconds",
    "Time of a request by route, method and status",
    ("route", "method", "status"),
    buckets=SECONDS,
    registry=REGISTRY,
)
COMMANDS: Final = Counter(
    "ventanilla_commands",
    "Commands that were committed, by what they did to an instance",
    ("kind",),
    registry=REGISTRY,
)
TAKING: Final = Histogram(
    "ventanilla_instance_wait_seconds",
    "Time until an instance was taken: rivals that hold it",
    buckets=SECONDS,
    registry=REGISTRY,
)
JOBS: Final = Histogram(
    "ventanilla_job_seconds",
    "Time of a try of a job by its kind and how it went",
    ("job", "outcome"),
    buckets=SECONDS,
    registry=REGISTRY,
)
CONNECTOR_CALLS: Final = Histogram(
    "ventanilla_connector_seconds",
    "Time of a question to a system around the desk, tries included, by how it was answered",
    ("system", "outcome"),
    buckets=SECONDS,
    registry=REGISTRY,
)
BREAKER: Final = Gauge(
    "ventanilla_connector_breaker",
    "Breaker of a system: 0 closed, 1 trying, 2 open",
    ("system",),
    registry=REGISTRY,
)
