"""Remote service tasks: their jobs, results, incidents."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from engine import decide
from engine.causes import facts_of, failed
from engine.commands.core import Core
from engine.errors import BusinessError, ExpressionError, InvalidValues, NotFound
from engine.incidents import Place, Trouble, handle, row as incident_row
from engine.jobs.port import TRIES
from engine.states import Act, IncidentKind, InstanceStatus, JobState
from engine.store import incidents, sql
from engine.store.uow import Undo
from engine.store.written import FormsOf, known, part
from engine.turn import Turn
from engine.types import SYSTEM, Data, Failed, RemoteCall, Waiting
from engine.values import run_through

T = TypeVar("T")
Result = Data | BusinessError | Failed  # outputs, a BPMN error, or a failure when no try is left


class RemoteTasks:
    """What a job does when the queue runs it (`engine.jobs.port.Runner`), and what happens to its
    task."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def perform(self, job_id: str, now: dt.datetime) -> None:
        """Call the remote handler of a job and deliver its result. Raises whatever the handler
        raises, to be tried again."""
        with self.core.uow.reading() as session:
            job = sql.JOB_TO_DO.first(session, {"b_job": job_id})
            if job is None or job.state != JobState.OPEN:
                return
            data = {**(job.around or {}), **job.own}
            instance = sql.INSTANCE_ROW.first(session, {"b_instance": job.instance_id})
            try:
                inputs: Data | Failed = (
                    self._inputs(session, job, instance, data, now) if instance is not None else {}
                )
            except ExpressionError as error:  # with these data it fails however often it is tried
                inputs = failed(error)
        if instance is None or (
            instance.status == InstanceStatus.SUSPENDED and self._hold_job(job_id, now)
        ):
            return
        if isinstance(inputs, Failed):
            self._deliver(job_id, inputs, now)
            return
        call = RemoteCall(
            *(now, job.id, job.instance_id, instance.case_key, job.element, data),
            inputs=inputs,
            written=lambda: self._reading(lambda session: self._known(session, instance, data)),
            part=lambda name: self._reading(lambda session: part(session, instance.release, name)),
            begin=lambda: (
                self.core.uow.run(
                    lambda session: sql.BEGIN_JOB.run(session, {"b_job": job_id, "b_at": now})
                )
                == 1
            ),
            undone=lambda: self.core.uow.run(
                lambda session: sql.LEAVE_JOB.run(session, {"b_job": job_id})
            ),
        )
        try:
            result: Result = self.core.handlers.remote[job.handler](call) or {}
        except BusinessError as error:
            result = error
        self._deliver(job_id, result, now)

    def _inputs(
        self, session: Session, job: Any, instance: Any, data: Data, now: dt.datetime
    ) -> Data:
        """Nothing where the release that the instance was moved to since has no such task. Raises
        ExpressionError."""
        release = self.core.catalog.release(session, instance.release)
        for process in run_through(release.processes, [instance.process]):
            spec = process.elements.get(job.element)
            if spec is not None and spec.handler == job.handler:
                return release.inputs(spec, data, now)
        return {}

    def _known(self, session: Session, instance: Any, data: Data) -> Data:
        processes = self.core.catalog.release(session, instance.release).processes
        return known(session, FormsOf(instance.case_key, instance.process, processes), data, {})

    def _reading(self, read: Callable[[Session], T]) -> T:
        with self.core.uow.reading() as session:
            return read(session)

    def _hold_job(self, job_id: str, now: dt.datetime) -> bool:
        """The instance is suspended: the job asks when it is resumed. False: it was resumed
        meanwhile."""

        def command(session: Session) -> tuple[bool, Turn | None]:
            # 1 take
            turn = self.core.take(session, _found(session, job_id).instance_id, SYSTEM, now)
            job = _found(session, job_id)  # 2 read
            if job.state != JobState.OPEN or turn.instance.status != InstanceStatus.SUSPENDED:
                raise Undo((job.state != JobState.OPEN, None))
            self._hold(turn, job)
            return True, turn

        return self.core.run(command, SYSTEM, now)

    def _hold(self, turn: Turn, job: Any) -> None:
        sql.TURN_JOB.run(turn.session, {"b_job": job.id, "b_state": JobState.HELD})
        turn.journal(Act.JOB, job.element, {"job": job.id, "state": JobState.HELD})

    def _deliver(self, job_id: str, result: Result, now: dt.datetime) -> bool:
        """Give a result, a BPMN error or a failure to the task that waits; False when it no longer
        waits."""

        def command(session: Session) -> tuple[bool, Turn | None]:
            # 1 take
            turn = self.core.take(session, _found(session, job_id).instance_id, SYSTEM, now)
            job = _found(session, job_id)  # 2 read
            if job.state == JobState.OPEN and turn.instance.status == InstanceStatus.SUSPENDED:
                self._hold(turn, job)
                return True, turn
            turn.fetch()
            waiting = turn.workflow.before.services.get(job.task_id)
            if job.state != JobState.OPEN or waiting is None:
                raise Undo((False, None))
            state = self._apply(turn, waiting, result)  # 3 decide, 5 advance
            sql.CLOSE_JOB.run(session, {"b_job": job_id, "b_state": state, "b_at": now})
            turn.settle()
            code = result.code if isinstance(result, BusinessError) else ""
            # 6 write
            turn.write(Act.JOB, job.element, {"job": job_id, "state": state, "error": code})
            return True, turn  # 7 commit

        return self.core.run(command, SYSTEM, now)

    def _apply(self, turn: Turn, waiting: Waiting, result: Result) -> JobState:
        """The state in which this leaves the job."""
        match result:
            case Failed():
                trouble = Trouble(IncidentKind.JOB, result.text, result.facts, tries=TRIES)
            case BusinessError():
                if turn.live.fail(waiting.task_id, result.code, turn.now):
                    return JobState.ERROR
                trouble = Trouble(
                    IncidentKind.UNCAUGHT, f"{result.code}: {result}", {"code": result.code}
                )
            case _:
                try:
                    spec = turn.element(waiting.process, waiting.element)
                    if (action := self.core.handlers.actions.get(spec.handler or "")) is not None:
                        result = decide.asked_for(spec, action, result)
                    decide.must_be_declared(spec, result)
                except InvalidValues as error:
                    trouble = Trouble(
                        IncidentKind.JOB,
                        str(error),
                        {**facts_of(error), "problem": "unexpected_data"},
                    )
                else:
                    turn.live.complete(waiting.task_id, result, turn.now)
                    return JobState.DONE
        self._raise_incident(turn, waiting, trouble)
        return JobState.FAILED

    def _raise_incident(self, turn: Turn, waiting: Waiting, trouble: Trouble) -> None:
        """The incident of this task, or the earlier one again that a repair closed when it enqueued
        the job anew."""
        turn.gathered.mending = waiting.task_id
        turn.gathered.incident(waiting, trouble)
        if turn.gathered.again is not None and not incidents.reopen(
            turn.session, turn.gathered.again, turn.now
        ):
            turn.gathered.incidents.append(turn.gathered.again)
            turn.gathered.again = None

    def ask(
        self, job: str, record: Callable[[Session], tuple[str, Data]], *, queue: str = "service"
    ) -> None:
        """Enqueue a plain job in the commit that records what it is about; `record` gives its key
        and its arguments."""

        def command(session: Session) -> None:
            key, args = record(session)
            self.core.jobs.enqueue(session, job, key, args, queue=queue)

        try:
            self.core.uow.run(command, lambda _: self.core.jobs.committed())
        except BaseException:
            self.core.jobs.abandoned()
            raise

    def run(self, job: str, args: Data) -> None:
        now = self.core.clock.now()
        self.run_at(job, args, now)

    def run_at(self, job: str, args: Data, now: dt.datetime) -> None:
        if job == "engine.perform":
            self.perform(str(args["job_id"]), now)
        else:
            self.core.handlers.jobs[job](now, args)

    def failed(self, job: str, args: Data, failure: Failed) -> None:
        """No try is left: a remote task raises its incident, a plain job is recorded for the
        administrator."""
        now = self.core.clock.now()
        if job == "engine.perform":
            self._deliver(str(args["job_id"]), failure, now)
            return
        place = Place(handle(str(args.get("key", ""))), "", job)
        trouble = Trouble(
            IncidentKind.JOB, failure.text, {**failure.facts, "job": job}, args, TRIES
        )
        row = incident_row(
            str(args.get("instance_id", "")),
            str(args.get("case_key", "")),
            place,
            trouble,
            SYSTEM,
            now,
        )

        def command(session: Session) -> None:
            if not incidents.reopen(session, row, now):
                sql.INSERT_INCIDENT.run(session, row)

        self.core.uow.run(command)


def _found(session: Session, job_id: str) -> Any:
    job = sql.JOB_BY_ID.first(session, {"b_job": job_id})
    if job is None:
        raise NotFound(f"job {job_id}")
    return job
