"""Instances as a whole: start; then suspend, resume, cancel, send back, each with a reason,
journaled, and nothing is deleted."""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine import decide
from engine.commands.core import Core
from engine.commands.operation import finish, postpone, reason_text, running_dues
from engine.commands.starts import Beginning, begin
from engine.errors import InstanceNotActive, NotFound, NotPossible
from engine.states import RUNNING, Act, ActorKind, InstanceStatus, JobState, TextOf
from engine.store import sql
from engine.store.tables import Instance
from engine.turn import Turn
from engine.types import (
    Actor,
    CaseDue,
    Completed,
    Data,
    Earlier,
    FirstForm,
    Records,
    Started,
    StartForm,
    Value,
)

#: Elements whose outputs tell of something that was done outside the instance: sending a case back
#: does not undo it.
EFFECTS = frozenset({"serviceTask", "sendTask", "userTask", "manualTask"})


class Instances:
    """Starting, and the acts of those who operate: these raise NotAllowed, InvalidValues (no
    reason), InstanceNotActive."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def start(
        self,
        process: str,
        *,
        actor: Actor,
        now: dt.datetime,
        key: str | None = None,
        case_key: str | None = None,
        data: Data | None = None,
        first: FirstForm | None = None,
        form: StartForm | None = None,
    ) -> Started:
        """Start an instance under the release in force; with `first` its first user task is
        completed in the same commit, with `form` it begins by its start form: whoever sends it must
        be let to (NotAllowed).

        A message for what then waits may come with the form (`FirstForm.then`). With a `key` that
        was used before, the existing instance is the answer. Not both forms at once: one text is
        kept with a start.
        """
        if first is not None and form is not None:
            raise ValueError("a start has its start form or the form of its first task, not both")
        decide.must_be_storable(data or {})
        what = Beginning(process, key, case_key, data or {}, first, form)

        def command(session: Session) -> tuple[Started, Turn]:
            return begin(self.core, session, what, actor, now)

        try:
            return self.core.run(command, actor, now)
        except IntegrityError:
            existing = self._existing(process, key)
            if existing is None:
                raise
            return existing

    def _existing(self, process: str, key: str | None) -> Started | None:
        if key is None:
            return None
        with self.core.uow.reading() as session:
            row = session.execute(
                sa.select(Instance.id, Instance.case_key).where(
                    Instance.process == process, Instance.start_key == key
                )
            ).one_or_none()
        return Started(row.id, row.case_key, duplicate=True) if row else None

    def suspend(
        self, instance_id: str, *, reason: str, actor: Actor, now: dt.datetime
    ) -> Completed:
        """Nothing of the instance moves until it is resumed. Due dates and legal terms go on."""

        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self.core.take(session, instance_id, actor, now)  # 1 take
            decide.must_operate(actor, self.core.authority.steer)  # 3 decide
            text = reason_text(turn, Act.SUSPEND, reason)
            decide.must_be_active(turn.instance.status)
            turn.instance.status = InstanceStatus.SUSPENDED
            # 6 write
            turn.journal(
                Act.SUSPEND,
                None,
                {"from": InstanceStatus.ACTIVE, "to": InstanceStatus.SUSPENDED},
                text,
            )
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=instance_id)

    def resume(
        self,
        instance_id: str,
        *,
        reason: str,
        actor: Actor,
        now: dt.datetime,
        later: Callable[[dt.datetime], dt.datetime] | None = None,
        case_due: CaseDue | None = None,
    ) -> Completed:
        """Timers that came due meanwhile fire now, once each; messages and results that came
        meanwhile are delivered.

        `later`: due date → due date, where the time that it stood still is given back to open tasks
        and timers before any fires.
        """

        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self.core.take(session, instance_id, actor, now)  # 1 take
            decide.must_operate(actor, self.core.authority.steer)  # 3 decide
            text = reason_text(turn, Act.RESUME, reason)
            if turn.instance.status != InstanceStatus.SUSPENDED:
                raise InstanceNotActive(turn.instance.status)
            turn.instance.status = InstanceStatus.ACTIVE
            turn.fetch()
            detail: dict[str, Value] = {
                "from": InstanceStatus.SUSPENDED,
                "to": InstanceStatus.ACTIVE,
                "jobs": self._wake_jobs(turn),
            }
            if later is not None:
                dues = {task: (due, later(due)) for task, due in running_dues(turn).items()}
                detail["moved"] = postpone(
                    turn, {task: after for task, (due, after) in dues.items() if after != due}
                )
            turn.case.postpone(detail, case_due)
            skipped = turn.live.skip_missed(now)
            if skipped:
                detail["skipped"] = [[element, times] for element, times in skipped.items()]
            turn.live.advance(now)  # 5 advance
            turn.settle()
            turn.write(Act.RESUME, None, detail, text)  # 6 write
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=instance_id)

    def _wake_jobs(self, turn: Turn) -> list[Value]:
        """Jobs whose result came while the instance stood still ask again."""
        held = turn.session.execute(
            sa.select(sql.JOB.c.id).where(
                sql.JOB.c.instance_id == turn.instance.id, sql.JOB.c.state == JobState.HELD
            )
        ).scalars()
        jobs = list(held)
        for job in jobs:
            sql.TURN_JOB.run(turn.session, {"b_job": job, "b_state": JobState.OPEN})
            turn.scene.enqueue("engine.perform", f"task-{job}-{turn.instance.rev}", {"job_id": job})
        return jobs

    def cancel(
        self,
        instance_id: str,
        *,
        reason: str,
        actor: Actor,
        now: dt.datetime,
        records: Records | None = None,
    ) -> Completed:
        """End the instance: its items, timers, subscriptions, jobs and incidents are closed, what
        was done stays done.

        `records` writes the business rows that go with it. Drafts stay with their authors.
        """

        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self.core.take(session, instance_id, actor, now)  # 1 take
            decide.must_operate(actor, self.core.authority.cancel)  # 3 decide
            text = reason_text(turn, Act.CANCEL, reason)
            status = turn.instance.status
            if status not in RUNNING:
                raise InstanceNotActive(status)
            turn.fetch()
            variables = turn.live.variables()
            turn.run(records, variables, {TextOf.REASON: reason.strip()})  # 4 records
            turn.live.stop(now)  # 5 advance
            turn.gathered.steps.extend(turn.live.steps())
            turn.instance.status = InstanceStatus.CANCELLED
            # 6 write
            finish(
                turn,
                Act.CANCEL,
                None,
                {"from": status, "to": InstanceStatus.CANCELLED, "variables": dict(variables)},
                text,
            )
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=instance_id)

    def earlier(self, session: Session, instance_id: str, now: dt.datetime) -> list[Earlier]:
        """The activities to which this instance may be sent back, and why it cannot to the others.
        Reads only."""
        return self.core.look(session, instance_id, now).live.earlier()

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
        """Send the instance back to an earlier activity: `to` is its task id, or its element id
        (then its latest pass).

        What followed is taken away: its items, timers, subscriptions, jobs and incidents are
        closed. Effects are not undone, and what they returned stays known; answers of forms go back
        to what they were. The item goes to whoever did it before. An ended instance becomes active
        again if nothing happened beside that path. What is over around the activity (a called
        process, a sub-process) is opened again with the variables as they are now. Raises NotFound,
        NotPossible.
        """

        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self.core.take(session, instance_id, actor, now)  # 1 take
            decide.must_operate(actor, self.core.authority.steer)  # 3 decide
            text = reason_text(turn, Act.BACK, reason)
            status = turn.instance.status
            if status == InstanceStatus.SUSPENDED:
                raise InstanceNotActive(status)
            turn.fetch()
            target = _target(turn.live.earlier(), to)
            before = turn.live.variables()
            turn.run(records, before, {TextOf.REASON: reason.strip()})  # 4 records
            turn.instance.status = InstanceStatus.ACTIVE
            turn.live.go_back(target.task_id, _effects(turn), now)  # 5 advance
            turn.settle()
            detail: dict[str, Value] = {
                "from": status,
                "to": target.element,
                "task": target.task_id,
            }
            if target.within:
                detail["within"] = list(target.within)
            detail["changes"] = _changes(before, turn.live.variables())
            detail["holder"] = holder = self._who_did(turn, target)
            finish(turn, Act.BACK, target.element, detail, text)  # 6 write
            if holder is not None:
                turn.hand_opened(target.element, holder)
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=instance_id)

    def _who_did(self, turn: Turn, target: Earlier) -> str | None:
        """The person who completed it; nobody when a device or the engine did."""
        row = turn.session.execute(
            sa.select(sql.JOURNAL.c.actor_id)
            .join(
                sql.SUBMISSION,
                sa.and_(
                    sql.SUBMISSION.c.instance_id == sql.JOURNAL.c.instance_id,
                    sql.SUBMISSION.c.rev == sql.JOURNAL.c.rev,
                ),
            )
            .where(
                sql.SUBMISSION.c.instance_id == turn.instance.id,
                sql.SUBMISSION.c.item_id == target.task_id,
                sql.JOURNAL.c.kind == Act.COMPLETE,
                sql.JOURNAL.c.actor_kind == ActorKind.PERSON,
            )
        ).one_or_none()
        return row.actor_id if row is not None else None


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
    return {
        name: [before.get(name), after.get(name)]
        for name in names
        if before.get(name) != after.get(name)
    }
