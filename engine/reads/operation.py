"""What people ask who operate instances: what each waits for, which stand still, what may be
forgotten."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from engine.states import (
    AWAITED,
    ENDED,
    Act,
    IncidentState,
    InstanceStatus,
    JobState,
    OutboxState,
    TextOf,
)
from engine.store import sql
from engine.store.tables import (
    ITEM_IS_OPEN,
    Draft,
    Incident,
    Instance,
    Item,
    Job,
    Journal,
    Outbox,
    ProcessVersion,
    SubmissionRow,
    SubscriptionRow,
    Timer,
)
from engine.types import Data

AT_ONCE = 500  # keys in one statement


@dataclass(frozen=True, slots=True)
class Waits:
    """What one instance waits for, beside its work items."""

    drafts: Mapping[str, int]  #: element → how many people write there
    timers: tuple[tuple[str, dt.datetime], ...]  #: (element, due), the first due first
    messages: tuple[str, ...]  #: names
    jobs: tuple[str, ...]  #: elements whose outside system was asked
    outbox: tuple[tuple[str, str], ...]  #: (message, element): thrown and not delivered yet
    incidents: int  #: how many are open


@dataclass(frozen=True, slots=True)
class Awaited:
    """A message that an active instance waits for."""

    task_id: str
    element: str
    message: str
    key: str
    instance_id: str
    case_key: str
    release: int


def awaited(
    session: Session,
    *,
    task_id: str | None = None,
    case_key: str | None = None,
    message: str | None = None,
    key: str | None = None,
    elements: Collection[str] | None = None,
    limit: int = 500,
) -> list[Awaited]:
    """The oldest first; each that is given narrows them."""
    s = SubscriptionRow
    query = sa.select(
        s.task_id, s.element, s.message, s.key, s.instance_id, Instance.case_key, Instance.release
    )
    query = query.join(Instance, Instance.id == s.instance_id).where(
        Instance.status == InstanceStatus.ACTIVE
    )
    given = {s.task_id: task_id, Instance.case_key: case_key, s.message: message, s.key: key}
    query = query.where(*[column == value for column, value in given.items() if value is not None])
    if elements is not None:
        query = query.where(s.element.in_(elements))
    return [
        Awaited(*row)
        for row in session.execute(query.order_by(Instance.started_at, s.task_id).limit(limit))
    ]


def waits(session: Session, instance_id: str) -> Waits:
    """One statement a kind."""
    writers = (
        sa.select(Draft.element, sa.func.count())
        .where(Draft.instance_id == instance_id)
        .group_by(Draft.element)
    )
    timers = (
        sa.select(Timer.element, Timer.due)
        .where(Timer.instance_id == instance_id)
        .order_by(Timer.due)
    )
    messages = sa.select(SubscriptionRow.message).where(SubscriptionRow.instance_id == instance_id)
    jobs = sa.select(Job.element).where(Job.instance_id == instance_id, Job.state.in_(AWAITED))
    incidents = sa.select(sa.func.count()).where(
        Incident.instance_id == instance_id, Incident.state == IncidentState.OPEN
    )
    thrown = sa.select(Outbox.message, Outbox.element).where(
        Outbox.instance_id == instance_id, Outbox.state == OutboxState.WAITING
    )
    return Waits(
        drafts=dict(list(session.execute(writers))),
        timers=tuple((element, due) for element, due in session.execute(timers)),
        messages=tuple(session.scalars(messages)),
        jobs=tuple(session.scalars(jobs)),
        outbox=tuple((message, element) for message, element in session.execute(thrown)),
        incidents=session.scalars(incidents).one(),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A remote task that waits for the answer of an outside system."""

    job_id: str
    instance_id: str
    case_key: str
    release: int
    element: str
    data: Data
    since: dt.datetime


def asked(session: Session, case_key: str) -> Asked | None:
    """The outside system that was asked for this case and has not answered yet; None: nothing is
    waited for."""
    columns = (
        Job.id,
        Job.instance_id,
        Instance.case_key,
        Instance.release,
        Job.element,
        Instance.data,
        Job.own,
        Job.created_at,
    )
    open_jobs = (
        sa.select(*columns)
        .join(Instance, Instance.id == Job.instance_id)
        .where(Job.state == JobState.OPEN)
    )
    row = session.execute(
        open_jobs.where(Instance.case_key == case_key).order_by(Job.created_at, Job.id).limit(1)
    ).first()
    if row is None:
        return None
    id_, instance, case, release, element, around, own, since = row
    return Asked(id_, instance, case, release, element, {**(around or {}), **own}, since)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A suspended instance."""

    instance_id: str
    case_key: str
    process_name: str
    since: dt.datetime
    by: str  #: actor id
    reason: str  #: "" once erased
    due_at: dt.datetime | None  #: the first due date of its open tasks


def stopped(session: Session) -> list[Stopped]:
    """All suspended instances, the longest first."""
    act = aliased(Journal)
    last = (
        sa.select(sa.func.max(act.rev))
        .where(act.instance_id == Instance.id, act.kind == Act.SUSPEND)
        .scalar_subquery()
    )
    own = (Item.case_key == Instance.case_key, Item.instance_id == Instance.id)
    due = sa.select(sa.func.min(Item.due_at)).where(*own, ITEM_IS_OPEN).scalar_subquery()
    version = sa.and_(
        ProcessVersion.release == Instance.release, ProcessVersion.process == Instance.process
    )
    form = sa.and_(
        SubmissionRow.instance_id == Journal.instance_id, SubmissionRow.rev == Journal.rev
    )
    what = (
        Instance.id,
        Instance.case_key,
        Instance.process,
        ProcessVersion.name,
        Journal.at,
        Journal.actor_id,
    )
    rows = session.execute(
        sa.select(*what, SubmissionRow.form_values, due.label("due"))
        .select_from(Instance)
        .join(Journal, sa.and_(Journal.instance_id == Instance.id, Journal.rev == last))
        .outerjoin(SubmissionRow, form)
        .outerjoin(ProcessVersion, version)
        .where(Instance.status == InstanceStatus.SUSPENDED)
        .order_by(Journal.at, Instance.id)
    )
    return [
        Stopped(
            r.id,
            r.case_key,
            r.name or r.process,
            r.at,
            r.actor_id,
            (r.form_values or {}).get(TextOf.REASON, ""),
            r.due,
        )
        for r in rows
    ]


# --- how it goes on -------------------------------------------------------------------------------
#: the job library's words for a job that is not done
ENQUEUED, RUNNING, DELAYED = "ENQUEUED", "PENDING", "DELAYED"


@dataclass(frozen=True, slots=True)
class Figures:
    """What the worker has to do, and how far behind it is. None: there is none."""

    jobs: Mapping[tuple[str, str], int]  #: (queue, state) → how many jobs are not done
    oldest_job: dt.datetime | None  #: of those that nobody has begun: since when it could have been
    timers: int
    late: int  #: timers whose time has come; those of suspended instances are not late
    oldest_timer: dt.datetime | None  #: of the late ones
    next_timer: dt.datetime | None
    outbox: int  #: messages on their way
    oldest_message: dt.datetime | None
    incidents: int  #: open ones

    @property
    def waiting(self) -> int:
        return sum(number for (_queue, state), number in self.jobs.items() if state == ENQUEUED)


def figures(session: Session, now: dt.datetime) -> Figures:
    """One statement a kind. Jobs are none where the library has no tables."""
    due = sa.select(sa.func.count(), sa.func.min(Timer.due)).join(
        Instance, Instance.id == Timer.instance_id
    )
    late, oldest_timer = session.execute(
        due.where(Timer.due <= now, Instance.status == InstanceStatus.ACTIVE)
    ).one()
    timers, next_timer = session.execute(
        sa.select(sa.func.count(), sa.func.min(sa.case((Timer.due > now, Timer.due)))).select_from(
            Timer
        )
    ).one()
    waiting = sa.select(sa.func.count(), sa.func.min(Outbox.at)).where(
        Outbox.state == OutboxState.WAITING
    )
    outbox, oldest_message = session.execute(waiting).one()
    open_ones = (
        sa.select(sa.func.count()).select_from(Incident).where(Incident.state == IncidentState.OPEN)
    )
    jobs, oldest_job = _jobs(session)
    return Figures(
        jobs,
        oldest_job,
        timers,
        late,
        oldest_timer,
        next_timer,
        outbox,
        oldest_message,
        session.execute(open_ones).scalar_one(),
    )


def _jobs(session: Session) -> tuple[dict[tuple[str, str], int], dt.datetime | None]:
    connection = session.connection()
    schema = "dbos" if connection.dialect.name == "postgresql" else None
    if not sa.inspect(connection).has_table("workflow_status", schema=schema):
        return {}, None
    columns = ("queue_name", "status", "created_at", "delay_until_epoch_ms")
    of = sa.table("workflow_status", *map(sa.column, columns), schema=schema)
    since = sa.func.min(sa.func.coalesce(of.c.delay_until_epoch_ms, of.c.created_at))
    undone = sa.select(of.c.queue_name, of.c.status, sa.func.count(), since).where(
        of.c.status.in_((ENQUEUED, RUNNING, DELAYED))
    )
    rows = session.execute(undone.group_by(of.c.queue_name, of.c.status)).all()
    begun = [int(ms) for _queue, state, _number, ms in rows if state == ENQUEUED and ms is not None]
    oldest = dt.datetime.fromtimestamp(min(begun) / 1000, dt.UTC) if begun else None
    return {(str(queue or ""), str(state)): number for queue, state, number, _ms in rows}, oldest


# --- what may be forgotten ------------------------------------------------------------------------
def with_forms_ended_before(
    session: Session,
    before: dt.datetime,
    limit: int | None = None,
    but: Collection[str] = (),
    kept: sa.Select[str] | None = None,
) -> list[str]:
    """Instances that ended before then and still have the values of a form, the oldest first.
    `but`, `kept`: of these cases none."""
    forms = sa.exists(
        sa.select(sql.SUBMISSION.c.rev).where(
            sql.SUBMISSION.c.instance_id == sql.INSTANCE.c.id, sql.HAS_FORM
        )
    )
    query = sa.select(sql.INSTANCE.c.id).where(
        sql.INSTANCE.c.status.in_(ENDED), sql.INSTANCE.c.ended_at < before, forms
    )
    if but:
        query = query.where(sql.INSTANCE.c.case_key.not_in(but))
    if kept is not None:
        query = query.where(sql.INSTANCE.c.case_key.not_in(kept))
    return list(
        session.scalars(query.order_by(sql.INSTANCE.c.ended_at, sql.INSTANCE.c.id).limit(limit))
    )


def ended_cases(session: Session, instance_ids: Sequence[str]) -> list[str]:
    """The cases of these instances of which no instance runs any more."""
    found: set[str] = set()
    for first in range(0, len(instance_ids), AT_ONCE):
        theirs = sa.select(sql.INSTANCE.c.case_key).where(
            sql.INSTANCE.c.id.in_(instance_ids[first : first + AT_ONCE])
        )
        running = sa.select(sql.INSTANCE.c.case_key).where(
            sql.INSTANCE.c.case_key.in_(theirs), sql.INSTANCE.c.status.not_in(ENDED)
        )
        found |= set(session.scalars(theirs)) - set(session.scalars(running))
    return sorted(found)


def old_drafts(session: Session, before: dt.datetime) -> int:
    """How many drafts were saved before then for tasks that are no longer open."""
    return session.execute(
        sa.select(sa.func.count()).select_from(sql.DRAFT).where(sql.OLD_DRAFT), {"b_before": before}
    ).scalar_one()
