"""Instances of processes: which a case has, where each stands, what it waits for."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from common.prepared import Prepared
from engine.states import (
    AWAITED,
    RUNNING,
    Act,
    ActorKind,
    IncidentState,
    InstanceStatus,
    MarkState,
    StepState,
)
from engine.store.tables import (
    ITEM_IS_OPEN,
    Incident,
    Instance,
    Item,
    Job,
    Journal,
    ProcessVersion,
    ReleaseRow,
    SubmissionRow,
    SubscriptionRow,
    Timer,
    item_of,
)

LOT = 500  #: values of one statement


@dataclass(frozen=True, slots=True)
class InstanceView:
    id: str
    case_key: str
    process: str
    process_name: str
    version: int
    release: int
    status: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    rev: int


def start_key(session: Session, instance_id: str) -> str | None:
    """Under which it was begun once; None: whoever began it gave none."""
    return session.scalar(sa.select(Instance.start_key).where(Instance.id == instance_id))


def of_case(session: Session, case_key: str) -> list[InstanceView]:
    """All instances of a case, oldest first."""
    rows = session.execute(
        sa.select(Instance, ProcessVersion.name, ProcessVersion.version)
        .outerjoin(
            ProcessVersion,
            sa.and_(
                ProcessVersion.release == Instance.release,
                ProcessVersion.process == Instance.process,
            ),
        )
        .where(Instance.case_key == case_key)
        .order_by(Instance.started_at, Instance.id)
    ).all()
    return [_view(i, name, version) for i, name, version in rows]


def going_on(session: Session, case_keys: Iterable[str]) -> set[str]:
    """Which of these cases have an instance that has not ended."""
    wanted, found = list(case_keys), set[str]()
    for start in range(0, len(wanted), LOT):
        of_lot = sa.and_(
            Instance.case_key.in_(wanted[start : start + LOT]), Instance.ended_at.is_(None)
        )
        found.update(session.scalars(sa.select(Instance.case_key).where(of_lot).distinct()))
    return found


def begun_by(session: Session, case_key: str) -> str | None:
    """The person who sent the start form of a case; None: it began otherwise, or nobody with an
    account did."""
    form = sa.and_(
        SubmissionRow.instance_id == Journal.instance_id,
        SubmissionRow.rev == Journal.rev,
        SubmissionRow.item_id.is_(None),
    )
    begun = sa.and_(
        Journal.instance_id == case_key, Journal.rev == 1, Journal.actor_kind == ActorKind.PERSON
    )
    return session.scalar(sa.select(Journal.actor_id).join(SubmissionRow, form).where(begun))


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What cases may be narrowed by, of what the engine knows. Both moments are included and
    excluded as in a range."""

    process: str | None = None
    version: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    running: bool = False


def cases(wanted: CaseFilter) -> sa.Select[str, dt.datetime]:
    """Key and beginning of each case that has an instance like this; to be joined with business
    rows. The first instance is the case."""
    conditions = []
    if wanted.since is not None:
        conditions.append(Instance.started_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Instance.started_at < wanted.until)
    earlier = aliased(Instance)
    before = sa.or_(
        earlier.started_at < Instance.started_at,
        sa.and_(earlier.started_at == Instance.started_at, earlier.id < Instance.id),
    )
    first = ~sa.exists(sa.select(earlier.id).where(earlier.case_key == Instance.case_key, before))
    query = sa.select(Instance.case_key, Instance.started_at).where(*conditions, first)
    return (
        query.where(Instance.case_key.in_(keys(wanted)))
        if wanted.process or wanted.running
        else query
    )


def keys(wanted: CaseFilter) -> sa.Select[str]:
    """Keys of the cases that have an instance of this process that runs, or ran, under this
    version; or a running one."""
    conditions = []
    if wanted.process is not None:
        conditions.append(Instance.process == wanted.process)
    if wanted.version is not None:
        of_version = sa.select(ProcessVersion.release).where(
            ProcessVersion.process == wanted.process, ProcessVersion.version == wanted.version
        )
        conditions.append(sa.or_(Instance.release.in_(of_version), _left(of_version)))
    if wanted.running:
        conditions.append(Instance.status.in_(RUNNING))
    return sa.select(Instance.case_key).where(*conditions)


def _left(releases: sa.Select[int]) -> sa.ColumnElement[bool]:
    """That the instance was moved from one of these releases to another.

    The journal has no index by kind of act: only instances that are not under the release in which
    they began are looked up there.
    """
    first = (
        sa.select(sa.func.max(ReleaseRow.id))
        .where(ReleaseRow.at <= Instance.started_at)
        .scalar_subquery()
    )
    left = releases.subquery()
    told = sa.type_coerce(Journal.detail, sa.Text).like(
        sa.literal('%"from":') + sa.cast(left.c.release, sa.Text) + ",%"
    )
    moved = (
        sa.select(Journal.rev)
        .join(left, told)
        .where(Journal.instance_id == Instance.id, Journal.kind == Act.MIGRATE)
    )
    return sa.and_(Instance.release != first, moved.correlate(Instance).exists())


def latest(session: Session, case_keys: Collection[str]) -> dict[str, InstanceView]:
    """The instance of each of these cases that began last."""
    rows = session.execute(
        sa.select(Instance, ProcessVersion.name, ProcessVersion.version)
        .outerjoin(
            ProcessVersion,
            sa.and_(
                ProcessVersion.release == Instance.release,
                ProcessVersion.process == Instance.process,
            ),
        )
        .where(Instance.case_key.in_(case_keys))
        .order_by(Instance.started_at, Instance.id)
    )
    return {i.case_key: _view(i, name, version) for i, name, version in rows}


def _view(i: Instance, name: str | None, version: int | None) -> InstanceView:
    return InstanceView(
        i.id,
        i.case_key,
        i.process,
        name or i.process,
        version or 0,
        i.release,
        i.status,
        i.started_at,
        i.ended_at,
        i.rev,
    )


def ended(session: Session, instance_ids: Collection[str]) -> list[str]:
    """Of these, the ones that go on no more: finished, or cancelled."""
    over = sa.select(Instance.id).where(
        Instance.id.in_(instance_ids), Instance.ended_at.is_not(None)
    )
    return list(session.scalars(over.order_by(Instance.id)))


def status(session: Session, instance_id: str) -> str:
    """Whether it is active, suspended, cancelled or finished."""
    return session.scalars(sa.select(Instance.status).where(Instance.id == instance_id)).one()


def release_of(session: Session, instance_id: str) -> int | None:
    """The release under which it runs now; None: there is no such instance."""
    return session.scalars(sa.select(Instance.release).where(Instance.id == instance_id)).first()


def suspended_among(session: Session, instance_ids: Collection[str]) -> set[str]:
    """Which of these instances are suspended."""
    if not instance_ids:
        return set()
    return set(
        session.scalars(
            sa.select(Instance.id).where(
                Instance.id.in_(instance_ids), Instance.status == InstanceStatus.SUSPENDED
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """A running instance of an earlier version than the one that it is compared with."""

    id: str
    case_key: str
    process: str
    status: str
    release: int
    version: int


def behind(session: Session, processes: Iterable[str], release: int) -> list[Behind]:
    """Running instances of these processes under an earlier version than that of the release; the
    oldest first."""
    own, new = aliased(ProcessVersion), aliased(ProcessVersion)
    rows = session.execute(
        sa.select(
            Instance.id,
            Instance.case_key,
            Instance.process,
            Instance.status,
            Instance.release,
            own.version,
        )
        .join(own, sa.and_(own.release == Instance.release, own.process == Instance.process))
        .join(new, sa.and_(new.release == release, new.process == Instance.process))
        .where(
            Instance.status.in_(RUNNING),
            Instance.process.in_(list(processes)),
            own.version != new.version,
        )
        .order_by(Instance.started_at, Instance.id)
    )
    return [Behind(*row) for row in rows]


def waiting_at(session: Session, processes: Iterable[str]) -> dict[str, int]:
    """Element → running instances of these processes that wait there: for a person, a time, a
    message or a system, or for a repair."""
    waiting = sa.union(
        sa.select(Item.instance_id, Item.element).where(ITEM_IS_OPEN),
        sa.select(Job.instance_id, Job.element).where(Job.state.in_(AWAITED)),
        sa.select(Incident.instance_id, Incident.element).where(
            Incident.state == IncidentState.OPEN
        ),
        sa.select(Timer.instance_id, Timer.element),
        sa.select(SubscriptionRow.instance_id, SubscriptionRow.element),
    ).subquery()
    rows = session.execute(
        sa.select(waiting.c.element, sa.func.count())
        .join(Instance, Instance.id == waiting.c.instance_id)
        .where(Instance.process.in_(list(processes)), Instance.status.in_(RUNNING))
        .group_by(waiting.c.element)
    )
    return dict(list(rows))


@dataclass(frozen=True, slots=True)
class Pass:
    """One time that an element was passed; `order` is its place in the whole path."""

    order: int
    state: StepState
    at: dt.datetime
    actor_id: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an element of a diagram stands in one instance, and each time that it was passed."""

    element: str
    state: MarkState
    times: int
    at: dt.datetime
    actor_id: str
    passes: tuple[Pass, ...] = ()


def path(session: Session, instance_id: str) -> dict[str, Mark]:
    """The path taken and where it waits, by element id, from journal and waiting rows."""
    marks: dict[str, Mark] = {}
    rows = session.execute(
        sa.select(Journal.detail, Journal.at, Journal.actor_id)
        .where(Journal.instance_id == instance_id)
        .order_by(Journal.rev)
    )
    steps = (
        (element, state, at, actor)
        for detail, at, actor in rows
        for element, state in detail.get("steps", [])
    )
    for order, (element, state, at, actor) in enumerate(steps):
        earlier = marks[element].passes if element in marks else ()
        passes = (*earlier, Pass(order, StepState(state), at, actor))
        marks[element] = Mark(element, MarkState(state), _done(passes), at, actor, passes)
    for element, at in _waiting_elements(session, instance_id):
        passes = marks[element].passes if element in marks else ()
        marks[element] = Mark(element, MarkState.WAITING, _done(passes), at, "", passes)
    return marks


def _done(passes: Iterable[Pass]) -> int:
    return sum(each.state == StepState.DONE for each in passes)


def _waiting_elements(session: Session, instance_id: str) -> Iterable[tuple[str, dt.datetime]]:
    for row in session.execute(
        sa.select(Item.element, Item.opened_at).where(item_of(instance_id), ITEM_IS_OPEN)
    ):
        yield row.element, row.opened_at
    for row in session.execute(
        sa.select(Timer.element, Timer.due).where(Timer.instance_id == instance_id)
    ):
        yield row.element, row.due
    started = session.execute(
        sa.select(Instance.started_at).where(Instance.id == instance_id)
    ).scalar_one()
    for element in session.execute(
        sa.select(SubscriptionRow.element).where(SubscriptionRow.instance_id == instance_id)
    ).scalars():
        yield element, started


_NEXT_TIMER = Prepared(sa.select(sa.func.min(Timer.due)))


def next_timer(session: Session) -> dt.datetime | None:
    """When the first timer of all instances is due; None: no timer waits."""
    due: dt.datetime | None = _NEXT_TIMER.scalar(session)
    return due


def timers(session: Session, case_key: str) -> list[tuple[str, str, dt.datetime]]:
    """Timers that wait in a case: (instance, element, due)."""
    rows = session.execute(
        sa.select(Timer.instance_id, Timer.element, Timer.due)
        .join(Instance, Instance.id == Timer.instance_id)
        .where(Instance.case_key == case_key)
        .order_by(Timer.due)
    )
    return [(r.instance_id, r.element, r.due) for r in rows]
