"""Moving running instances to another release: what would happen (no writes), and doing it, one
instance a command."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import decide
from engine.commands.core import Core
from engine.commands.operation import finish, reason_text
from engine.errors import InstanceNotActive, MigrationRefused, NotFound, Problem
from engine.spiff import Live, Moved, Release, Waits
from engine.states import AWAITED, RUNNING, Act, IncidentState, InstanceStatus
from engine.store import sql
from engine.store.tables import ITEM_IS_OPEN, Incident, item_of
from engine.store.uow import Undo
from engine.turn import Turn
from engine.types import Actor, Completed, ElementSpec, Subscription, TimerWait, Value, Waiting

Mapped = Mapping[str, str]
NO_MAPPING: Mapped = {}


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An open task: who has it and until when does not change. What changes with the release is
    said."""

    id: str
    element: str
    new_element: str
    name: str
    claimed_by: str | None
    due_at: dt.datetime | None
    drafts: int
    form_changed: bool
    # fields that the new form no longer has: what was typed there stays visible
    lost_fields: tuple[str, ...]
    # the task goes to another lane, or to the same one of another place, without its holder
    new_role: str | None
    new_scope: str | None
    role: str | None = None  # of its lane then, the same or another


@dataclass(frozen=True, slots=True)
class Plan:
    """What moving one instance would do. With `problems` it cannot be moved, and the rest is
    empty."""

    instance_id: str
    case_key: str
    process: str
    status: str
    release: int
    problems: tuple[Problem, ...] = ()
    items: tuple[KeptItem, ...] = ()
    timers: tuple[TimerWait, ...] = ()
    # new events that begin to wait, with their due date
    armed: tuple[tuple[str, dt.datetime | None], ...] = ()
    disarmed: tuple[str, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    jobs: tuple[str, ...] = ()  # elements whose result is on its way
    passed: tuple[str, ...] = ()  # elements in the history that the new release no longer has
    runs: tuple[str, ...] = ()  # service tasks that the move itself would run
    # tasks that the move itself would open: a condition or a join of the new release holds
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()  # and take away
    standing: tuple[str, ...] = ()  # elements where it stands: those may need a mapping
    stopped: tuple[str, ...] = ()  # elements of its open incidents: the move mends none


@dataclass(frozen=True, slots=True)
class _Aim:
    """Where instances go: a release, its number, and the new names of elements."""

    release: Release
    number: int
    mapping: Mapped


@dataclass(slots=True)
class _Move:
    """One instance between two releases."""

    turn: Turn
    aim: _Aim
    before: Waits = field(init=False)
    live: Live | None = field(init=False, default=None)
    moved: Moved = field(default_factory=Moved)

    def go(self) -> None:
        turn, process = self.turn, self.turn.instance.process
        self.before = turn.live.waits().copy()
        problems = [*self._mapping_problems(), *self._job_problems()]
        if problems:
            self.moved = Moved(problems)
            return
        self.live, self.moved = self.aim.release.receive(
            turn.live, process, self.aim.mapping, turn.now
        )
        if self.live is not None and turn.instance.status == InstanceStatus.ACTIVE:
            self.live.advance(turn.now)

    def _mapping_problems(self) -> Iterator[Problem]:
        """Both ends exist, and are of one kind."""
        for old, new in self.aim.mapping.items():
            one, other = find(self.turn.release, old), find(self.aim.release, new)
            if one is None or other is None or one.type != other.type:
                yield Problem("mapping", {"element": old, "new": new})

    def _job_problems(self) -> Iterator[Problem]:
        """A result that is on its way was asked by the handler of the old release."""
        for job in self.open_jobs():
            spec = find(self.aim.release, self.aim.mapping.get(job.element, job.element))
            if spec is not None and spec.handler != job.handler:
                yield Problem(
                    "job_handler",
                    {"element": job.element, "old": job.handler, "new": spec.handler or ""},
                )

    def open_jobs(self) -> list[Any]:
        jobs = sql.JOB
        query = sa.select(jobs).where(
            jobs.c.instance_id == self.turn.instance.id, jobs.c.state.in_(AWAITED)
        )
        return list(self.turn.session.execute(query))

    def new_id(self, element: str) -> str:
        return self.aim.mapping.get(element, element)


def find(release: Release, element: str) -> ElementSpec | None:
    return next(
        (p.elements[element] for p in release.processes.values() if element in p.elements), None
    )


class Migration:
    """The process analyst and the administrator may move instances."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def plan(
        self,
        session: Session,
        instance_ids: Iterable[str],
        release: int,
        *,
        now: dt.datetime,
        mapping: Mapped = NO_MAPPING,
    ) -> list[Plan]:
        """What `migrate` would do to each instance now, and why one cannot be moved. Writes
        nothing."""
        aim = _Aim(self.core.catalog.release(session, release), release, mapping)
        return [self._plan_one(session, each, aim, now) for each in instance_ids]

    def _plan_one(self, session: Session, instance_id: str, aim: _Aim, now: dt.datetime) -> Plan:
        turn = self.core.look(session, instance_id, now)
        instance = turn.instance
        plan = Plan(
            instance.id, instance.case_key, instance.process, instance.status, instance.release
        )
        if instance.status not in RUNNING:
            return replace(
                plan,
                problems=(
                    Problem("ended", {"element": instance.process, "status": instance.status}),
                ),
            )
        move = _Move(turn, aim)
        move.go()
        plan = replace(
            plan,
            standing=tuple(_standing(move.before)),
            stopped=tuple(_stopped(session, instance.id)),
        )
        if move.live is None:
            return replace(plan, problems=tuple(move.moved.problems))
        return _describe(plan, move, move.live.waits())

    def migrate(
        self,
        instance_id: str,
        release: int,
        *,
        reason: str,
        actor: Actor,
        now: dt.datetime,
        mapping: Mapped = NO_MAPPING,
    ) -> Completed:
        """Move one instance. Due dates, drafts, claims, jobs and timers stay. Raises
        MigrationRefused, and then changes nothing.

        An instance that is at this release already is left alone: an interrupted bulk run may be
        started again.
        """

        def command(session: Session) -> tuple[Completed, Turn | None]:
            turn = self.core.take(session, instance_id, actor, now)  # 1 take
            decide.must_operate(actor, self.core.authority.migrate)  # 3 decide
            text = reason_text(turn, Act.MIGRATE, reason)
            if turn.instance.status not in RUNNING:
                raise InstanceNotActive(turn.instance.status)
            if turn.instance.release == release:
                raise Undo((turn.completed(), None))
            turn.fetch()
            move = _Move(turn, _Aim(self.core.catalog.release(session, release), release, mapping))
            move.go()  # 5 advance, beside what is stored
            if move.live is None:
                raise MigrationRefused(move.moved.problems)
            detail = _take_over(turn, move)
            if turn.instance.status == InstanceStatus.ACTIVE:
                turn.settle()
            finish(turn, Act.MIGRATE, None, detail, text)  # 6 write
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=instance_id)


# --- doing it -------------------------------------------------------------------------------------
def _take_over(turn: Turn, move: _Move) -> dict[str, Value]:
    """The turn goes on under the new release; rows that wait get their new names."""
    old, live = turn.instance.release, move.live
    if live is None:
        raise NotFound("moved instance")
    items = _kept_items(move, live.waits())
    detail: dict[str, Value] = {
        "from": old,
        "to": move.aim.number,
        "mapping": dict(move.aim.mapping),
        "items": [[item.id, item.element, item.new_element] for item in items],
        "armed": list(move.moved.armed),
        "disarmed": list(move.moved.disarmed),
    }
    turn.workflow.move_to(move.aim.release, live)
    turn.instance.release = move.aim.number
    session, instance = turn.session, turn.instance.id
    session.execute(
        sa.update(sql.INSTANCE).where(sql.INSTANCE.c.id == instance).values(release=move.aim.number)
    )
    for item in items:
        _rewrite_item(turn, move, item)
    _rename_drafts(session, instance, move.aim.mapping)
    for table, states in ((sql.JOB, AWAITED), (sql.INCIDENT, (IncidentState.OPEN,))):
        here = sa.and_(
            table.c.instance_id == instance,
            table.c.element.in_(move.aim.mapping),
            table.c.state.in_(states),
        )
        new = (
            sa.case(dict(move.aim.mapping), value=table.c.element)
            if move.aim.mapping
            else table.c.element
        )
        session.execute(sa.update(table).where(here).values(element=new))
    for task, subscription in list(turn.workflow.before.subscriptions.items()):
        if live.waits().subscriptions.get(task) != subscription:
            sql.DELETE_SUBSCRIPTION.run(session, {"b_task": task})
            del turn.workflow.before.subscriptions[task]
    return detail


def _rewrite_item(turn: Turn, move: _Move, item: KeptItem) -> None:
    """The item shows form, name and lane of the new release; its holder stays unless the lane
    changed."""
    waiting = move.before.items[item.id]
    spec = move.aim.release.processes[waiting.process].elements[item.new_element]
    values: dict[str, Any] = {
        "release": move.aim.number,
        "element": spec.id,
        "name": spec.name,
        "role": spec.lane.role if spec.lane else None,
    }
    if item.new_role is not None:
        values |= {"claimed_by": None, "scope": item.new_scope}
    turn.session.execute(sa.update(sql.ITEM).where(sql.ITEM.c.id == item.id).values(**values))


def _rename_drafts(session: Session, instance: str, mapping: Mapped) -> None:
    """All at once: elements may exchange their names."""
    if not mapping:
        return
    drafts = sql.DRAFT
    here = sa.and_(drafts.c.instance_id == instance, drafts.c.element.in_(mapping))
    new = sa.case(dict(mapping), value=drafts.c.element)
    session.execute(sa.update(drafts).where(here).values(element=new))


def _scope(spec: ElementSpec, waiting: Waiting) -> str | None:
    scope = waiting.data.get(spec.lane.scope) if spec.lane and spec.lane.scope else None
    return None if scope is None else str(scope)


# --- describing it --------------------------------------------------------------------------------
def _describe(plan: Plan, move: _Move, after: Waits) -> Plan:
    new = {task: wait for task, wait in after.timers.items() if task not in move.before.timers}
    due = {wait.element: wait.due for wait in new.values()}
    return replace(
        plan,
        items=tuple(_kept_items(move, after)),
        timers=tuple(wait for task, wait in after.timers.items() if task in move.before.timers),
        armed=tuple((element, due.get(element)) for element in move.moved.armed),
        disarmed=tuple(move.moved.disarmed),
        subscriptions=tuple(after.subscriptions.values()),
        jobs=tuple(job.element for job in move.open_jobs()),
        passed=tuple(_passed(move)),
        opens=tuple(w.element for task, w in after.items.items() if task not in move.before.items),
        closes=tuple(w.element for task, w in move.before.items.items() if task not in after.items),
        runs=tuple(
            w.element for task, w in after.services.items() if task not in move.before.services
        ),
    )


def _kept_items(move: _Move, after: Waits) -> list[KeptItem]:
    session, instance = move.turn.session, move.turn.instance.id
    items, drafts = sql.ITEM, sql.DRAFT
    rows = session.execute(
        sa.select(items).where(item_of(instance), ITEM_IS_OPEN).order_by(items.c.opened_at)
    )
    written = session.execute(
        sa.select(drafts.c.item_id, drafts.c.draft_values).where(drafts.c.instance_id == instance)
    ).all()
    kept = []
    for row in rows:
        if row.id not in after.items:
            continue
        old, new = _specs(move, row, after.items[row.id])
        here = [values for item, values in written if item == row.id]
        role, scope = new.lane.role if new.lane else None, _scope(new, after.items[row.id])
        kept.append(
            KeptItem(
                id=row.id,
                element=row.element,
                new_element=new.id,
                name=new.name,
                claimed_by=row.claimed_by,
                due_at=row.due_at,
                drafts=len(here),
                form_changed=(old.form, old.fields) != (new.form, new.fields),
                lost_fields=_lost(old, new, here),
                new_role=role if (role, scope) != (row.role, row.scope) else None,
                new_scope=scope,
                role=role,
            )
        )
    return kept


def _specs(move: _Move, row: Any, waiting: Waiting) -> tuple[ElementSpec, ElementSpec]:
    old = move.turn.release.processes.get(row.process)
    new = move.aim.release.processes[waiting.process].elements[waiting.element]
    return (old.elements[row.element] if old and row.element in old.elements else new), new


def _lost(
    old: ElementSpec, new: ElementSpec, drafts: Sequence[Mapping[str, Value]]
) -> tuple[str, ...]:
    """Declared fields with typed text that the new form no longer has. The fields of a registered
    form are the same for all."""
    if new.form is not None:
        return ()
    names = {spec.name for spec in new.fields}
    return tuple(
        f.label
        for f in old.fields
        if f.name not in names and any(values.get(f.name) for values in drafts)
    )


def _standing(before: Waits) -> Iterator[str]:
    """Elements of the old release where something waits."""
    waits = (before.items, before.services, before.timers, before.subscriptions, before.failures)
    yield from dict.fromkeys(wait.element for kind in waits for wait in kind.values())


def _stopped(session: Session, instance_id: str) -> Iterator[str]:
    open_ones = (Incident.instance_id == instance_id, Incident.state == IncidentState.OPEN)
    yield from dict.fromkeys(
        session.scalars(sa.select(Incident.element).where(*open_ones).order_by(Incident.id))
    )


def _passed(move: _Move) -> Iterator[str]:
    details = move.turn.session.execute(
        sa.select(sql.JOURNAL.c.detail)
        .where(sql.JOURNAL.c.instance_id == move.turn.instance.id)
        .order_by(sql.JOURNAL.c.rev)
    ).scalars()
    for element in dict.fromkeys(step[0] for detail in details for step in detail.get("steps", ())):
        if find(move.aim.release, move.new_id(element)) is None:
            yield element
