"""What all commands of operators share: a reason, writing the whole state, due dates."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from engine import decide
from engine.states import AWAITED, Act, InstanceStatus, ItemState, JobState, TextOf
from engine.store import incidents, sql
from engine.turn import Texts, Turn
from engine.types import Value


def finish(
    turn: Turn, kind: Act, element: str | None, detail: dict[str, Value], text: Texts
) -> None:
    """Write with the whole state, and close the jobs and incidents of what was taken away; all of a
    cancelled instance."""
    services = {w.task_id for w in turn.live.service_tasks()}
    left = services | {f.task_id for f in turn.live.failures()}
    gone = {*turn.workflow.before.failures, *turn.workflow.before.services} - left
    cancelled = turn.instance.status == InstanceStatus.CANCELLED
    jobs = sa.select(sql.JOB.c.id, sql.JOB.c.task_id).where(
        sql.JOB.c.instance_id == turn.instance.id, sql.JOB.c.state.in_(AWAITED)
    )
    for job in turn.session.execute(jobs).all():
        if job.task_id not in services:
            sql.CLOSE_JOB.run(
                turn.session, {"b_job": job.id, "b_state": JobState.CANCELLED, "b_at": turn.now}
            )
    if cancelled or gone:
        closed = incidents.close_gone(
            turn.session, turn.instance.id, None if cancelled else gone, turn.actor, turn.now
        )
        if closed:
            detail["incidents"] = list(closed)
    turn.write(kind, element, detail, text, full=True)


def reason_text(turn: Turn, kind: Act, reason: str) -> Texts:
    return Texts(None, turn.instance.process, kind, {TextOf.REASON: decide.reason_of(reason)})


def running_dues(turn: Turn) -> dict[str, dt.datetime]:
    """Task id → due date, of open items and armed timers."""
    items = turn.session.execute(
        sa.select(sql.ITEM.c.id, sql.ITEM.c.due_at).where(
            *_open_items(turn), sql.ITEM.c.due_at.is_not(None)
        )
    )
    return {item.id: item.due_at for item in items} | {
        timer.task_id: timer.due for timer in turn.live.timers()
    }


def postpone(turn: Turn, moves: Mapping[str, dt.datetime]) -> list[Value]:
    """Gives (element, before, after) of what was there to be moved."""
    rows = turn.session.execute(
        sa.select(sql.ITEM.c.id, sql.ITEM.c.element, sql.ITEM.c.due_at).where(*_open_items(turn))
    )
    items = {row.id: row for row in rows}
    timers = {timer.task_id: timer for timer in turn.live.timers()}
    moved: list[Value] = []
    for task, at in moves.items():
        if task in items:
            turn.session.execute(sa.update(sql.ITEM).where(sql.ITEM.c.id == task).values(due_at=at))
            moved.append(_told(items[task].element, items[task].due_at, at))
        elif task in timers:
            turn.live.postpone(task, at)
            moved.append(_told(timers[task].element, timers[task].due, at))
    return moved


def _open_items(turn: Turn) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        sql.ITEM.c.case_key == turn.instance.case_key,
        sql.ITEM.c.instance_id == turn.instance.id,
        sql.ITEM.c.state == ItemState.OPEN,
    )


def _told(element: str, before: dt.datetime | None, after: dt.datetime) -> list[Value]:
    return [element, None if before is None else before.isoformat(), after.isoformat()]
