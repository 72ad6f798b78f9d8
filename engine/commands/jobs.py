"""Remote service tasks: their jobs, results, incidents."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import decide
from engine.commands.core import Core
from engine.errors import BusinessError
from engine.errors import InvalidValues
from engine.errors import NotFound
from engine.errors import NotWaiting
from engine.store import sql
from engine.store.tables import Incident
from engine.store.uow import Undo
from engine.turn import Turn
from engine.types import SYSTEM
from engine.types import Actor
from engine.types import Completed
from engine.types import Data
from engine.types import RemoteCall


class RemoteTasks(Core):
    """What a job does when the queue runs it (`engine.jobs.port.Runner`), and what happens to its task."""

    def perform(self, job_id: str, now: dt.datetime) -> None:
        """Call the remote handler of a job and deliver its result. Raises whatever the handler raises, to be tried again."""
        with self.uow.reading() as session:
            job = sql.JOB_BY_ID.first(session, {"b_job": job_id})
            if job is None or job.state != "open":
                return
            case_key = sql.CASE_KEY.scalar(session, {"b_instance": job.instance_id})
        call = RemoteCall(now, job.id, job.instance_id, case_key, job.element, job.data)
        try:
            outputs = self.handlers.remote[job.handler](call) or {}
        except BusinessError as error:
            self._deliver_job(job_id, now, code=error.code, text=str(error))
        else:
            self._deliver_job(job_id, now, outputs=outputs)

    def _deliver_job(self, job_id: str, now: dt.datetime, *, outputs: Data | None = None, code: str | None = None, text: str = "") -> bool:
        """Give a result, a BPMN error or a failure to the task that waits; False when it no longer waits."""

        def command(session: Session) -> tuple[bool, Turn | None]:
            turn = self._take(session, _found(session, job_id).instance_id, SYSTEM, now)
            job = _found(session, job_id)
            turn.fetch()
            waiting = turn.before.services.get(job.task_id)
            if job.state != "open" or waiting is None:
                raise Undo((False, None))
            state = self._apply_result(turn, waiting, outputs, code, text)
            sql.CLOSE_JOB.run(session, {"b_job": job_id, "b_state": state, "b_at": now})
            turn.settle()
            turn.write("job", job.element, {"job": job_id, "state": state, "error": code or ""})
            return True, turn

        return self._run_turn(command, SYSTEM, now)

    def _apply_result(self, turn: Turn, waiting: Any, outputs: Data | None, code: str | None, text: str) -> str:
        if outputs is not None:
            try:
                turn.accept(turn.element(waiting.process, waiting.element), outputs)
            except InvalidValues as error:
                turn.incident(waiting, "handler", str(error))
                return "failed"
            turn.live.complete(waiting.task_id, outputs, turn.now)
            return "done"
        if code is not None and turn.live.fail(waiting.task_id, code, turn.now):
            return "error"
        turn.incident(waiting, "handler", text)
        return "failed"

    def run(self, job: str, args: Data) -> None:
        now = self._clock.now()
        self.run_at(job, args, now)

    def run_at(self, job: str, args: Data, now: dt.datetime) -> None:
        if job == "engine.perform":
            self.perform(str(args["job_id"]), now)
        else:
            self.handlers.jobs[job](now, args)

    def failed(self, job: str, args: Data, error: str) -> None:
        """No try is left: a remote task raises its incident, a plain job is recorded for the administrator."""
        now = self._clock.now()
        if job == "engine.perform":
            self._deliver_job(str(args["job_id"]), now, text=error)
            return
        row = {
            "instance_id": str(args.get("instance_id", "")),
            "case_key": str(args.get("case_key", "")),
            "task_id": str(args.get("key", "")),
            "process": "",
            "element": job,
            "kind": "job",
            "error": error,
            "state": "open",
            "at": now,
            "tries": 1,
        }
        self.uow.run(lambda session: sql.INSERT_INCIDENT.run(session, row))

    def retry(self, incident_id: int, *, actor: Actor, now: dt.datetime) -> Completed:
        """Try the failed task of an incident again; it is resolved when the task gets through."""

        def command(session: Session) -> tuple[Completed, Turn]:
            found = session.execute(sa.select(Incident).where(Incident.id == incident_id)).scalar_one_or_none()
            if found is None:
                raise NotFound(f"incident {incident_id}")
            turn = self._take(session, found.instance_id, actor, now)
            session.refresh(found)
            if found.state != "open":
                raise NotWaiting
            decide.must_be_active(turn.instance.status)
            turn.fetch()
            turn.retry(found.task_id)
            turn.settle()
            turn.write("retry", found.element, {"incident": incident_id})
            still = any(i["task_id"] == found.task_id for i in turn.incidents)
            state = "retried" if still else "resolved"
            session.execute(
                sa.update(Incident).where(Incident.id == incident_id).values(state=state, resolved_at=now, resolved_by=actor.id)
            )
            return self._completed(turn), turn

        return self._run_turn(command, actor, now, subject=f"incident/{incident_id}")


def _found(session: Session, job_id: str) -> Any:
    job = sql.JOB_BY_ID.first(session, {"b_job": job_id})
    if job is None:
        raise NotFound(f"job {job_id}")
    return job
