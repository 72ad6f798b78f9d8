"""Incidents: grouped by cause, one by one, of a case; with what may be done about each."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import incidents as rules
from engine.errors import NotFound
from engine.states import IncidentState
from engine.store.tables import Incident, Instance
from engine.types import Data


@dataclass(frozen=True, slots=True)
class IncidentView:
    """Where an instance, or a plain job, met a failure that somebody must look at."""

    id: int
    instance_id: str  #: "" of a plain job that belongs to none
    case_key: str
    release: int | None  #: of the instance; None: there is no instance
    process: str  #: "" when no token of a process stands there
    element: str
    kind: str  #: an IncidentKind
    error: str  #: as the program says it
    state: str
    at: dt.datetime
    last_at: dt.datetime | None  #: of the latest try
    tries: int
    cause: str  #: the same for incidents that are alike
    facts: Mapping[str, Any]  #: what the sentence about it says
    input: Data  #: the process variables there, or the arguments of a job
    actor_kind: str
    actor_id: str  #: whose command met it
    action: str | None  #: what was done, a RepairAction
    resolved_at: dt.datetime | None
    resolved_by: str | None
    #: what may be done (engine.types.Repair.action), the usual thing first
    actions: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.state == IncidentState.OPEN


_QUERY = sa.select(Incident, Instance.release).outerjoin(
    Instance, Instance.id == Incident.instance_id
)
_AS_STORED = tuple(
    name for name in IncidentView.__slots__ if name not in ("release", "facts", "input", "actions")
)


def _views(session: Session, query: sa.Select[Incident, int]) -> list[IncidentView]:
    return [_view(row, release) for row, release in session.execute(query)]


def _view(row: Incident, release: int | None) -> IncidentView:
    stored: dict[str, Any] = {name: getattr(row, name) for name in _AS_STORED}
    actions = rules.actions(row.kind, row.process, row.task_id)
    return IncidentView(
        **stored, release=release, facts=row.facts or {}, input=row.input or {}, actions=actions
    )


@dataclass(frozen=True, slots=True)
class Cause:
    """Incidents that are alike: how many, since when, of which the latest is the example."""

    cause: str
    number: int
    cases: int
    first: dt.datetime
    last: dt.datetime
    tries: int
    example: IncidentView


def open_number(session: Session) -> int:
    return session.execute(
        sa.select(sa.func.count()).select_from(Incident).where(Incident.state == IncidentState.OPEN)
    ).scalar_one()


def causes(session: Session, *, limit: int = 100) -> list[Cause]:
    """Open incidents by cause, those that stop most cases first."""
    rows = session.execute(
        sa.select(
            Incident.cause,
            sa.func.count(Incident.id).label("number"),
            sa.func.count(sa.distinct(Incident.case_key)).label("cases"),
            sa.func.min(Incident.at).label("first"),
            sa.func.max(sa.func.coalesce(Incident.last_at, Incident.at)).label("last"),
            sa.func.sum(Incident.tries).label("tries"),
            sa.func.max(Incident.id).label("example"),
        )
        .where(Incident.state == IncidentState.OPEN)
        .group_by(Incident.cause)
        .order_by(sa.desc("number"), "first")
        .limit(limit)
    ).all()
    examples = {
        i.id: i for i in _views(session, _QUERY.where(Incident.id.in_([r.example for r in rows])))
    }
    return [
        Cause(r.cause, r.number, r.cases, r.first, r.last, r.tries, examples[r.example])
        for r in rows
    ]


def of_cause(session: Session, cause: str, *, limit: int = 500) -> list[IncidentView]:
    """Open incidents that are alike, oldest first."""
    query = _QUERY.where(Incident.state == IncidentState.OPEN, Incident.cause == cause)
    return _views(session, query.order_by(Incident.at, Incident.id).limit(limit))


def resolved(session: Session, *, limit: int = 100) -> list[IncidentView]:
    """Latest first."""
    query = _QUERY.where(Incident.state != IncidentState.OPEN)
    return _views(
        session, query.order_by(Incident.resolved_at.desc(), Incident.id.desc()).limit(limit)
    )


def incident(session: Session, number: int) -> IncidentView:
    """Raises NotFound."""
    for found in _views(session, _QUERY.where(Incident.id == number)):
        return found
    raise NotFound(f"incident {number}")


def named(session: Session, numbers: Sequence[int]) -> list[IncidentView]:
    """Those of these numbers that exist, in their order."""
    found = {i.id: i for i in _views(session, _QUERY.where(Incident.id.in_(numbers)))}
    return [found[n] for n in numbers if n in found]


def open_of_case(session: Session, case_key: str) -> list[IncidentView]:
    """Oldest first."""
    query = _QUERY.where(Incident.case_key == case_key, Incident.state == IncidentState.OPEN)
    return _views(session, query.order_by(Incident.at, Incident.id))


def open_ones(session: Session) -> list[IncidentView]:
    """Of all cases, the latest first; 500 at most."""
    return _views(
        session,
        _QUERY.where(Incident.state == IncidentState.OPEN)
        .order_by(Incident.at.desc(), Incident.id.desc())
        .limit(500),
    )
