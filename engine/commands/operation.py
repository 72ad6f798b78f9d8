"""What acts on an instance by those who may operate it have in common: their reason, writing with the whole state."""

import sqlalchemy as sa

from engine import decide
from engine.states import AWAITED
from engine.states import Act
from engine.states import InstanceStatus
from engine.states import JobState
from engine.states import TextOf
from engine.store import incidents
from engine.store import sql
from engine.turn import Texts
from engine.turn import Turn
from engine.types import Value


def finish(turn: Turn, kind: Act, element: str | None, detail: dict[str, Value], text: Texts) -> None:
    """Write with the whole state, and close the jobs and incidents of what was taken away; all of a cancelled instance."""
    services = {w.task_id for w in turn.live.service_tasks()}
    left = services | {f.task_id for f in turn.live.failures()}
    gone = {*turn.workflow.before.failures, *turn.workflow.before.services} - left
    cancelled = turn.instance.status == InstanceStatus.CANCELLED
    jobs = sa.select(sql.JOB.c.id, sql.JOB.c.task_id).where(sql.JOB.c.instance_id == turn.instance.id, sql.JOB.c.state.in_(AWAITED))
    for job in turn.session.execute(jobs).all():
        if job.task_id not in services:
            sql.CLOSE_JOB.run(turn.session, {"b_job": job.id, "b_state": JobState.CANCELLED, "b_at": turn.now})
    if cancelled or gone:
        closed = incidents.close_gone(turn.session, turn.instance.id, None if cancelled else gone, turn.actor, turn.now)
        if closed:
            detail["incidents"] = list(closed)
    turn.write(kind, element, detail, text, full=True)


def reason_text(turn: Turn, kind: Act, reason: str) -> Texts:
    return Texts(None, turn.instance.process, kind, {TextOf.REASON: decide.reason_of(reason)})
