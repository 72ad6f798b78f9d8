"""Operating an instance that runs: suspend, resume, cancel, send back. Each with a reason, journaled, and nothing is deleted."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import decide
from engine.commands.core import Core
from engine.commands.core import replace_holder
from engine.errors import InstanceNotActive
from engine.errors import NotFound
from engine.errors import NotPossible
from engine.states import AWAITED
from engine.states import RUNNING
from engine.states import Act
from engine.states import ActorKind
from engine.states import IncidentState
from engine.states import InstanceStatus
from engine.states import JobState
from engine.states import RepairAction
from engine.states import TextOf
from engine.store import sql
from engine.turn import Taken
from engine.turn import Texts
from engine.turn import Turn
from engine.types import SYSTEM
from engine.types import Actor
from engine.types import Completed
from engine.types import Data
from engine.types import Earlier
from engine.types import Records
from engine.types import Value
from engine.types import Writing

OPERATION = decide.Operation()
#: Elements whose outputs tell of something that was done outside the instance: sending a case back does not undo it.
EFFECTS = frozenset({"serviceTask", "sendTask", "userTask", "manualTask"})


class Control(Core):
    """Acts of the administrator and the coordinator. Raises NotAllowed, InvalidValues (no reason), InstanceNotActive."""

    def suspend(self, instance_id: str, *, reason: str, actor: Actor, now: dt.datetime) -> Completed:
        """Nothing of the instance moves until it is resumed. Due dates and legal terms go on."""
        return self._stand(instance_id, Act.SUSPEND, InstanceStatus.ACTIVE, InstanceStatus.SUSPENDED, reason=reason, actor=actor, now=now)

    def resume(self, instance_id: str, *, reason: str, actor: Actor, now: dt.datetime) -> Completed:
        """Timers that came due meanwhile fire now, once each; messages and results that came meanwhile are delivered."""
        return self._stand(instance_id, Act.RESUME, InstanceStatus.SUSPENDED, InstanceStatus.ACTIVE, reason=reason, actor=actor, now=now)

    def _stand(
        self, instance_id: str, kind: Act, before: InstanceStatus, after: InstanceStatus, *, reason: str, actor: Actor, now: dt.datetime
    ) -> Completed:
        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self._operate(session, instance_id, OPERATION.steer, actor, now)
            text = as_text(turn, kind, reason)
            if turn.instance.status != before:
                raise InstanceNotActive(turn.instance.status)
            turn.instance.status = after
            detail: dict[str, Value] = {"from": before, "to": after}
            if after == InstanceStatus.ACTIVE:
                turn.fetch()
                detail["jobs"] = self._wake_jobs(turn)
                skipped = turn.live.skip_missed(now)
                if skipped:
                    detail["skipped"] = [[element, times] for element, times in skipped.items()]
                turn.live.advance(now)
                turn.settle()
                turn.write(kind, None, detail, text)
            else:
                turn.journal(kind, None, detail, texts=text)
            return self._completed(turn), turn

        return self._run_turn(command, actor, now, subject=instance_id)

    def _wake_jobs(self, turn: Turn) -> list[Value]:
        """Jobs whose result came while the instance stood still ask again."""
        held = turn.session.execute(
            sa.select(sql.JOB.c.id).where(sql.JOB.c.instance_id == turn.instance.id, sql.JOB.c.state == JobState.HELD)
        ).scalars()
        jobs = list(held)
        for job in jobs:
            sql.CLOSE_JOB.run(turn.session, {"b_job": job, "b_state": JobState.OPEN, "b_at": None})
            turn.enqueue("engine.perform", f"task-{job}-{turn.instance.rev}", {"job_id": job})
        return jobs

    def cancel(self, instance_id: str, *, reason: str, actor: Actor, now: dt.datetime, records: Records | None = None) -> Completed:
        """End the instance: its items, timers, subscriptions, jobs and incidents are closed, what was done stays done.

        `records` writes the business rows that go with it. Drafts stay with their authors.
        """

        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self._operate(session, instance_id, OPERATION.cancel, actor, now)
            text = as_text(turn, Act.CANCEL, reason)
            status = turn.instance.status
            if status not in RUNNING:
                raise InstanceNotActive(status)
            turn.fetch()
            variables = turn.live.variables()
            _write_records(turn, records, variables, reason)
            turn.live.stop(now)
            turn.steps.extend(turn.live.steps())
            turn.instance.status = InstanceStatus.CANCELLED
            self._finish(turn, Act.CANCEL, None, {"from": status, "to": InstanceStatus.CANCELLED, "variables": dict(variables)}, text)
            return self._completed(turn), turn

        return self._run_turn(command, actor, now, subject=instance_id)

    def earlier(self, session: Session, instance_id: str, now: dt.datetime) -> list[Earlier]:
        """The activities to which this instance may be sent back, and why it cannot to the others. Reads only."""
        return self._look(session, instance_id, now).live.earlier()

    def go_back(
        self,
        instance_id: str,
        to: str,
        *,
        reason: str,
        actor: Actor,
        now: dt.datetime,
        records: Records | None = None,
    ) -> Completed:
        """Send the instance back to an earlier activity: `to` is its task id, or its element id (then its latest pass).

        What followed is taken away: its items, timers, subscriptions, jobs and incidents are closed. Effects are not undone, and
        what they returned stays known; answers of forms go back to what they were. The item goes to whoever did it before. An
        ended instance becomes active again if nothing happened beside that path. What is over around the activity (a called
        process, a sub-process) is opened again with the variables as they are now. Raises NotFound, NotPossible.
        """

        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self._operate(session, instance_id, OPERATION.steer, actor, now)
            text = as_text(turn, Act.BACK, reason)
            status = turn.instance.status
            if status == InstanceStatus.SUSPENDED:
                raise InstanceNotActive(status)
            turn.fetch()
            target = _target(turn.live.earlier(), to)
            before = turn.live.variables()
            _write_records(turn, records, before, reason)
            turn.instance.status = InstanceStatus.ACTIVE
            turn.live.go_back(target.task_id, _effects(turn), now)
            turn.settle()
            detail: dict[str, Value] = {"from": status, "to": target.element, "task": target.task_id}
            if target.within:
                detail["within"] = list(target.within)
            detail["changes"] = _changes(before, turn.live.variables())
            detail["holder"] = holder = self._who_did(turn, target)
            self._finish(turn, Act.BACK, target.element, detail, text)
            self._hand_to(turn, target, holder)
            return self._completed(turn), turn

        return self._run_turn(command, actor, now, subject=instance_id)

    # ---
    def _operate(self, session: Session, instance_id: str, roles: frozenset[str], actor: Actor, now: dt.datetime) -> Turn:
        turn = self._take(session, instance_id, actor, now)
        decide.must_operate(actor, roles)
        return turn

    def _finish(self, turn: Turn, kind: Act, element: str | None, detail: dict[str, Value], text: Texts) -> None:
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

    def _who_did(self, turn: Turn, target: Earlier) -> str | None:
        """The person who completed it; nobody when a device or the engine did."""
        row = turn.session.execute(
            sa.select(sql.JOURNAL.c.actor_id)
            .join(
                sql.SUBMISSION,
                sa.and_(sql.SUBMISSION.c.instance_id == sql.JOURNAL.c.instance_id, sql.SUBMISSION.c.rev == sql.JOURNAL.c.rev),
            )
            .where(
                sql.SUBMISSION.c.instance_id == turn.instance.id,
                sql.SUBMISSION.c.item_id == target.task_id,
                sql.JOURNAL.c.kind == Act.COMPLETE,
                sql.JOURNAL.c.actor_kind == ActorKind.PERSON,
            )
        ).one_or_none()
        return row.actor_id if row is not None else None

    def _hand_to(self, turn: Turn, target: Earlier, holder: str | None) -> None:
        """They do it again; the coordinator may reassign it."""
        for place, item in enumerate(turn.opened):
            if holder is not None and item.element == target.element:
                sql.CLAIM_ITEM.run(turn.session, {"b_item": item.id, "b_by": holder})
                turn.opened[place] = replace_holder(item, holder)

    def _look(self, session: Session, instance_id: str, now: dt.datetime) -> Turn:
        """The instance as it is stored, without taking it; what is done to its live workflow is thrown away."""
        row = sql.INSTANCE_ROW.first(session, {"b_instance": instance_id})
        if row is None:
            raise NotFound(f"instance {instance_id}")
        turn = self._turn(session, Taken(*row), SYSTEM, now)
        turn.live = turn.load()
        return turn


def as_text(turn: Turn, kind: Act, reason: str) -> Texts:
    return Texts(None, turn.instance.process, kind, {TextOf.REASON: decide.reason_of(reason)})


def _target(earlier: list[Earlier], to: str) -> Earlier:
    found = [e for e in earlier if to in (e.task_id, e.element)]
    if not found:
        raise NotFound(f"earlier activity {to}")
    possible = [e for e in found if not e.refusal]
    if not possible:
        raise NotPossible(found[-1].refusal, element=found[-1].element)
    return possible[-1]


def _effects(turn: Turn) -> frozenset[str]:
    return frozenset(
        output.name
        for process in turn.release.processes.values()
        for spec in process.elements.values()
        if spec.type in EFFECTS
        for output in spec.outputs
    )


def _changes(before: Data, after: Data) -> Value:
    """Name → [before, after] of the variables that are no longer what they were."""
    names = sorted({*before, *after})
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}


def _write_records(turn: Turn, records: Records | None, data: Data, reason: str) -> None:
    if records is None:
        return
    records(Writing(turn.session, turn.now, turn.actor, turn.instance.id, turn.instance.case_key, data, {TextOf.REASON: reason.strip()}))
    turn.session.flush()


def _open(turn: Turn, table: sa.Table, states: tuple[str, ...]) -> list[sa.Row[tuple[object, ...]]]:
    rows = turn.session.execute(sa.select(table).where(table.c.instance_id == turn.instance.id, table.c.state.in_(states)))
    return list(rows)
