"""Everything that a page asks of the engine, as frozen views: the only reading door. Nothing here writes."""

from engine.reads import evidence
from engine.reads import history
from engine.reads import incidents
from engine.reads import instances
from engine.reads import items
from engine.reads import models
from engine.reads import operation
from engine.reads import releases
from engine.reads import schedules
from engine.reads import separation
from engine.reads import times
from engine.reads import verification

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
