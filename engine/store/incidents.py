"""Rows of incidents, wherever they are opened again or closed."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.states import IncidentState, RepairAction
from engine.store.sql import INCIDENT
from engine.types import Actor

# columns that tell of the latest failure
_OF_FAILURE = ("kind", "error", "cause", "facts", "input")


def close(
    session: Session, incident_id: int, action: RepairAction | str, by: Actor, at: dt.datetime
) -> None:
    """Resolved by this act."""
    session.execute(
        sa.update(INCIDENT)
        .where(INCIDENT.c.id == incident_id)
        .values(action=action, **_resolved(by, at))
    )


def name(session: Session, incident_id: int, action: RepairAction) -> None:
    """The act that will close it, if it does."""
    session.execute(sa.update(INCIDENT).where(INCIDENT.c.id == incident_id).values(action=action))


def close_gone(
    session: Session, instance_id: str, tasks: Collection[str] | None, by: Actor, at: dt.datetime
) -> list[int]:
    """What failed at these tasks (None: anywhere in the instance) was taken away; an act that was
    named before stays named. Gives ids."""
    here = [INCIDENT.c.instance_id == instance_id, INCIDENT.c.state == IncidentState.OPEN]
    if tasks is not None:
        here.append(INCIDENT.c.task_id.in_(tasks))
    action = sa.func.coalesce(INCIDENT.c.action, RepairAction.GONE)
    closed = (
        sa.update(INCIDENT)
        .where(*here)
        .values(action=action, **_resolved(by, at))
        .returning(INCIDENT.c.id)
    )
    return sorted(session.execute(closed).scalars())


def fail_again(
    session: Session, incident_id: int, tries: int, failure: dict[str, Any], at: dt.datetime
) -> None:
    """The same incident, open, with `tries` before this `failure` (a row as `engine.incidents.row`
    makes it)."""
    told = {name: failure[name] for name in _OF_FAILURE}
    state = {"state": IncidentState.OPEN, "action": None, "resolved_at": None, "resolved_by": None}
    counted = {"last_at": at, "tries": tries + failure["tries"]}
    session.execute(
        sa.update(INCIDENT).where(INCIDENT.c.id == incident_id).values(**told, **state, **counted)
    )


def reopen(session: Session, failure: dict[str, Any], at: dt.datetime) -> bool:
    """The same task failed after a repair: its incident is open again, older and with more tries.
    False: there is none."""
    if failure["task_id"] == "":
        return False
    same = (INCIDENT.c[name] == failure[name] for name in ("instance_id", "task_id", "element"))
    query = (
        sa.select(INCIDENT.c.id, INCIDENT.c.tries)
        .where(*same)
        .order_by(INCIDENT.c.id.desc())
        .limit(1)
    )
    latest = session.execute(query).one_or_none()
    if latest is None:
        return False
    fail_again(session, latest.id, latest.tries, failure, at)
    return True


def _resolved(by: Actor, at: dt.datetime) -> dict[str, Any]:
    return {"state": IncidentState.RESOLVED, "resolved_at": at, "resolved_by": by.id}
