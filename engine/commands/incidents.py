"""Repairing what failed: try again, try again with other values, go past it, go back to before it,
or give it up.

One incident is one command on one instance. An incident that is no longer open raises NotWaiting,
so that a repeated click changes nothing. What was decided stands in the journal with the values
before and after; the reason is stored like a form.
"""

import datetime as dt
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import decide, incidents, values
from engine.commands.core import Core
from engine.errors import InvalidValues, NotFound, NotPossible, NotRepairable, NotWaiting
from engine.states import (
    INCIDENT_FORM,
    AccessKind,
    Act,
    IncidentState,
    OutboxState,
    RepairAction,
    TextOf,
)
from engine.store import incidents as rows, sql
from engine.store.tables import Incident
from engine.turn import Texts, Turn
from engine.types import Actor, Completed, Data, ElementSpec, Records, Repair, Value, Writing

#: Types whose values are free text: they are kept with the reason, erasable, and not in the journal
#: itself.
FREE = frozenset({"longtext", "email", "text", "file"})


class GoBack(Protocol):
    """`Instances.go_back`, which is one of the repairs."""

    def __call__(
        self,
        instance_id: str,
        to: str,
        *,
        reason: str,
        actor: Actor,
        now: dt.datetime,
        records: Records | None,
    ) -> Completed: ...


class Repairs:
    """What an administrator does about incidents."""

    def __init__(self, core: Core, go_back: GoBack) -> None:
        self.core = core
        self._go_back = go_back

    def resolve(
        self, incident_id: int, repair: Repair, *, actor: Actor, now: dt.datetime
    ) -> Completed:
        """Carry out a repair. `incidents` of the answer is above 0 when it failed again: the
        incident stays open, one try older.

        Raises NotFound, NotAllowed, NotWaiting (no longer open), InvalidValues (no reason; values
        of a wrong type; results that are missing), NotRepairable (this cannot be mended so),
        InstanceNotActive, NotPossible (going back).
        """
        decide.reason_of(repair.reason)
        with self.core.uow.reading() as session:
            found = _open_incident(session, incident_id)
            known = sql.INSTANCE_ROW.first(session, {"b_instance": found.instance_id}) is not None
        if repair.action not in incidents.actions(found.kind, found.process, found.task_id):
            raise NotRepairable(f"{repair.action} does not mend {found.kind}")
        if repair.action == RepairAction.BACK:
            return self._back(found, repair, actor, now)
        if not known:
            return self._without_instance(incident_id, repair, actor, now)
        return self._repair(found, repair, actor, now)

    def ways(self, session: Session, incident_id: int, now: dt.datetime) -> list[tuple[str, str]]:
        """The ways on from a gateway that failed: (name for `Repair.way`, element that it leads
        to). Reads only."""
        found = session.get(Incident, incident_id)
        if found is None or found.state != IncidentState.OPEN or not _has_token(found):
            return []
        return self.core.look(session, found.instance_id, now).live.exits(found.task_id)

    def _repair(self, found: Incident, repair: Repair, actor: Actor, now: dt.datetime) -> Completed:
        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self.core.take(session, found.instance_id, actor, now)  # 1 take
            decide.must_operate(actor, self.core.authority.repair)  # 3 decide
            incident = _open_incident(session, found.id)  # 2 read
            if _has_token(incident):
                decide.must_be_active(turn.instance.status)
                self._mend(turn, incident, repair)  # 5 advance, 6 write
            else:
                if repair.action == RepairAction.RETRY:
                    self._again(turn, incident)
                # 6 write
                turn.journal(
                    Act(repair.action),
                    incident.element,
                    _detail(incident),
                    _texts(incident, repair.reason, {}, {}),
                )
            if turn.gathered.again is not None:  # one try more, and still open
                rows.fail_again(session, incident.id, incident.tries, turn.gathered.again, now)
            else:
                rows.close(session, incident.id, repair.action, actor, now)
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=f"incident/{found.id}")

    def _mend(self, turn: Turn, found: Incident, repair: Repair) -> None:
        turn.fetch()
        before: Data = {}
        detail = _detail(found)
        if repair.action == RepairAction.RETRY:
            turn.services.retry(found.task_id)
        elif repair.action == RepairAction.EDIT:
            before = self._edit(turn, found, repair)
        elif repair.action == RepairAction.SKIP:
            self._skip(turn, found, repair)
            detail["way"] = repair.way
        turn.settle()
        _tell(turn, detail, before, repair.values)
        texts = _texts(found, repair.reason, before, repair.values)
        turn.write(
            Act(repair.action),
            found.element,
            detail,
            texts,
            full=repair.action == RepairAction.EDIT,
        )

    def _edit(self, turn: Turn, found: Incident, repair: Repair) -> Data:
        """Other values for variables that the process knows; gives what they were."""
        types, now = (
            values.declared(turn.release.processes, found.process),
            _data(turn, found.task_id),
        )
        if not repair.values:
            raise InvalidValues({"values": "none"})
        problems = {
            name: "unknown" for name in repair.values if name not in types and name not in now
        }
        problems.update(values.misfits(types, repair.values))
        if problems:
            raise InvalidValues(problems)
        turn.live.edit(found.task_id, repair.values, turn.now)
        turn.services.retry(found.task_id)
        return {name: now.get(name) for name in repair.values}

    def _skip(self, turn: Turn, found: Incident, repair: Repair) -> None:
        """Past the element, with all the results that it would have given."""
        spec = _element(turn, found)
        types = {output.name: output.type for output in spec.outputs} if spec is not None else {}
        problems = {name: "missing" for name in types if name not in repair.values}
        problems |= {name: "unknown" for name in repair.values if name not in types}
        problems |= values.misfits(types, repair.values)
        if turn.live.exits(found.task_id) and repair.way is None:
            problems["way"] = "missing"
        if problems:
            raise InvalidValues(problems)
        turn.workflow.before.failures.pop(found.task_id, None)
        turn.workflow.before.services.pop(found.task_id, None)
        turn.live.skip(found.task_id, repair.values, repair.way, turn.now)

    def _back(self, found: Incident, repair: Repair, actor: Actor, now: dt.datetime) -> Completed:
        def mark(writing: Writing) -> None:
            """Under the taken instance: the second of two clicks finds the incident closed."""
            decide.must_operate(actor, self.core.authority.repair)
            _open_incident(writing.session, found.id)
            # it is closed when its token is taken away, and stays open if that is elsewhere
            if _has_token(found):
                rows.name(writing.session, found.id, RepairAction.BACK)
            else:
                rows.close(writing.session, found.id, RepairAction.BACK, actor, now)

        try:
            return self._go_back(
                found.instance_id,
                repair.to or "",
                reason=repair.reason,
                actor=actor,
                now=now,
                records=mark,
            )
        except (NotPossible, NotFound):
            with self.core.uow.reading() as session:
                # somebody was first: that, not the way back, is the reason
                _open_incident(session, found.id)
            raise

    # --- what has no token: jobs, messages --------------------------------------------------------
    def _without_instance(
        self, incident_id: int, repair: Repair, actor: Actor, now: dt.datetime
    ) -> Completed:
        """A plain job that belongs to no instance; the access chain tells of it."""

        def command(session: Session) -> tuple[Completed, None]:
            decide.must_operate(actor, self.core.authority.repair)
            found = _open_incident(session, incident_id)
            if repair.action == RepairAction.RETRY:
                self._enqueue_again(session, found)
            rows.close(session, incident_id, repair.action, actor, now)
            return Completed("", found.case_key, 0), None

        done = self.core.run(command, actor, now, subject=f"incident/{incident_id}")
        self.core.log_access(
            actor,
            AccessKind.INCIDENT,
            f"incident/{incident_id}",
            now=now,
            detail={"action": repair.action},
        )
        return done

    def _again(self, turn: Turn, found: Incident) -> None:
        """A plain job is enqueued anew; a message that was lost or stopped waits for its receiver
        again."""
        if found.process == "":
            self._enqueue_again(turn.session, found)
            return
        row = sql.OUTBOX
        facts = found.facts or {}
        latest = (
            sa.select(sa.func.max(row.c.id))
            .where(
                row.c.instance_id == found.instance_id,
                row.c.message == facts.get("message"),
                row.c.key == facts.get("key"),
            )
            .where(row.c.state.in_((OutboxState.NO_RECEIVER, OutboxState.STOPPED)))
            .scalar_subquery()
        )
        sent = turn.session.execute(
            sa.update(row)
            .where(row.c.id == latest)
            .values(state=OutboxState.WAITING, at=turn.now, done_at=None, hops=1, chain_at=turn.now)
        )
        if not getattr(sent, "rowcount", 0):
            raise NotRepairable(f"there is no message {facts.get('message')} to send again")

    def _enqueue_again(self, session: Session, found: Incident) -> None:
        """In the queue in which it stood: others have limits of their own."""
        key = f"{found.task_id or found.element}-again-{found.id}-{found.tries}"
        # an incident of before 0094 does not say
        queue = str((found.facts or {}).get("queue") or "service")
        self.core.jobs.enqueue(session, found.element, key, found.input or {}, queue=queue)


def _open_incident(session: Session, incident_id: int) -> Incident:
    query = (
        sa.select(Incident)
        .where(Incident.id == incident_id)
        .execution_options(populate_existing=True)
    )
    found = session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(f"incident {incident_id}")
    if found.state != IncidentState.OPEN:
        raise NotWaiting(f"incident {incident_id} is {found.state}")
    return found


def _has_token(found: Incident) -> bool:
    return incidents.has_token(found.kind, found.process, found.task_id)


def _data(turn: Turn, task_id: str) -> Data:
    try:
        return turn.live.data(task_id)
    except KeyError:
        raise NotRepairable(f"{task_id} is no longer there") from None


def _element(turn: Turn, found: Incident) -> ElementSpec | None:
    spec = turn.release.processes.get(found.process)
    return spec.elements.get(found.element) if spec is not None else None


def _detail(found: Incident) -> dict[str, Value]:
    return {"incident": found.id, "trouble": found.kind}


def _tell(turn: Turn, detail: dict[str, Value], before: Data, after: Data) -> None:
    """Decision variables before and after; those of free text only by name."""
    types = values.declared(turn.release.processes, turn.instance.process)
    told = {name: value for name, value in after.items() if types.get(name, "text") not in FREE}
    if after:
        detail["changed"] = sorted(after)
    if told:
        detail["before"], detail["after"] = {name: before.get(name) for name in told}, told


def _texts(found: Incident, reason: str, before: Data, after: Data) -> Texts:
    content: dict[str, Any] = {TextOf.REASON: reason.strip()}
    if after:
        content |= {TextOf.BEFORE: dict(before), TextOf.AFTER: dict(after)}
    return Texts(None, found.element, INCIDENT_FORM, content)
