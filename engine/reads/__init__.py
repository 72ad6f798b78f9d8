"""Everything that a page asks of the engine, as frozen views: the only reading door. Nothing here
writes."""

from engine.reads import (
    evidence,
    history,
    incidents,
    instances,
    items,
    models,
    operation,
    releases,
    schedules,
    separation,
    times,
    verification,
)

__all__ = [
    "evidence",
    "history",
    "incidents",
    "instances",
    "items",
    "models",
    "operation",
    "releases",
    "schedules",
    "separation",
    "times",
    "verification",
]
