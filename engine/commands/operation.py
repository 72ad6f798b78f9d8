"""What acts on an instance by those who may operate it have in common: their right, their reason, writing with the whole state."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import decide
from engine.commands.core import Core
from engine.states import AWAITED
from engine.states import Act
from engine.states import IncidentState
from engine.states import InstanceStatus
from engine.states import JobState
from engine.states import RepairAction
from engine.states import TextOf
from engine.store import sql
from engine.turn import Texts
from engine.turn import Turn
from engine.types import Actor
from engine.types import Value

OPERATION = decide.Operation()


def operate(core: Core, session: Session, instance_id: str, roles: frozenset[str], actor: Actor, now: dt.datetime) -> Turn:
    turn = core.take(session, instance_id, actor, now)
    decide.must_operate(actor, roles)
    return turn


def finish(turn: Turn, kind: Act, element: str | None, detail: dict[str, Value], text: Texts) -> None:
    """Write with the whole state, and close the jobs and incidents of what was taken away; all of a cancelled instance."""
    services = {w.task_id for w in turn.live.service_tasks()}
    left = services | {f.task_id for f in turn.live.failures()}
    gone = {*turn.before.failures, *turn.before.services} - left
    cancelled = turn.instance.status == InstanceStatus.CANCELLED
    for job in _open(turn, sql.JOB, AWAITED):
        if job.task_id not in services:
            sql.CLOSE_JOB.run(turn.session, {"b_job": job.id, "b_state": JobState.CANCELLED, "b_at": turn.now})
    closed: list[Value] = []
    for incident in _open(turn, sql.INCIDENT, (IncidentState.OPEN,)):
        if cancelled or incident.task_id in gone:
            closed.append(incident.id)
            turn.session.execute(
                sa.update(sql.INCIDENT)
                .where(sql.INCIDENT.c.id == incident.id)
                .values(
                    state=IncidentState.RESOLVED,
                    action=sa.func.coalesce(sql.INCIDENT.c.action, RepairAction.GONE),
                    resolved_at=turn.now,
                    resolved_by=turn.actor.id,
                )
            )
    if closed:
        detail["incidents"] = closed
    turn.write(kind, element, detail, text, full=True)


def reason_text(turn: Turn, kind: Act, reason: str) -> Texts:
    return Texts(None, turn.instance.process, kind, {TextOf.REASON: decide.reason_of(reason)})


def _open(turn: Turn, table: sa.Table, states: tuple[str, ...]) -> list[sa.Row[tuple[object, ...]]]:
    rows = turn.session.execute(sa.select(table).where(table.c.instance_id == turn.instance.id, table.c.state.in_(states)))
    return list(rows)
