"""Reads for screens: items, history, path, notes, incidents, releases. Nothing here writes."""

import datetime as dt
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.catalog import Catalog
from engine.errors import NotFound
from engine.store.sql import ITEM_BY_ID
from engine.store.tables import ITEM_IS_OPEN
from engine.store.tables import Access
from engine.store.tables import Draft
from engine.store.tables import Incident
from engine.store.tables import Instance
from engine.store.tables import Item
from engine.store.tables import Journal
from engine.store.tables import ModelDraft
from engine.store.tables import Note
from engine.store.tables import ProcessVersion
from engine.store.tables import ReleaseRow
from engine.store.tables import SubmissionRow
from engine.store.tables import SubscriptionRow
from engine.store.tables import Timer
from engine.store.tables import item_of
from engine.types import Actor
from engine.types import Data
from engine.types import Submission
from engine.types import WorkItem


def _item(row: Any) -> WorkItem:
    return WorkItem(**{name: getattr(row, name) for name in WorkItem.__slots__})


# --- work items -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What an inbox shows; empty fields filter nothing."""

    holder: str | None = None  # a user name; "" = unassigned
    process: str | None = None
    element: str | None = None
    due_before: dt.datetime | None = None
    case_keys: tuple[str, ...] | None = None  # found by the business search
    roles: tuple[str, ...] | None = None


def item(session: Session, item_id: str) -> WorkItem:
    """One work item. Raises NotFound."""
    row = ITEM_BY_ID.first(session, {"b_item": item_id})
    if row is None:
        raise NotFound(f"item {item_id}")
    return _item(row)


def _of_actor(actor: Actor) -> sa.ColumnElement[bool]:
    """Items of the lanes whose role the actor holds in their scope."""
    everywhere = [r.name for r in actor.roles if r.scope is None]
    scoped = [(r.name, r.scope) for r in actor.roles if r.scope is not None]
    parts: list[sa.ColumnElement[bool]] = [Item.role.in_(everywhere)] if everywhere else []
    parts += [sa.and_(Item.role == name, Item.scope == scope) for name, scope in scoped]
    return sa.or_(*parts) if parts else sa.false()


def _inbox(actor: Actor, filter_: InboxFilter) -> sa.Select[Any]:
    query = sa.select(Item).where(ITEM_IS_OPEN, _of_actor(actor))
    if filter_.holder is not None:
        query = query.where(Item.claimed_by == filter_.holder if filter_.holder else Item.claimed_by.is_(None))
    if filter_.process:
        query = query.where(Item.process == filter_.process)
    if filter_.element:
        query = query.where(Item.element == filter_.element)
    if filter_.due_before is not None:
        query = query.where(Item.due_at < filter_.due_before)
    if filter_.case_keys is not None:
        query = query.where(Item.case_key.in_(filter_.case_keys))
    if filter_.roles is not None:
        query = query.where(Item.role.in_(filter_.roles))
    return query


def inbox(session: Session, actor: Actor, filter_: InboxFilter | None = None, *, limit: int = 200, offset: int = 0) -> list[WorkItem]:
    """Open items of the actor's lanes, due first (ascending), then without date, more urgent first."""
    query = _inbox(actor, filter_ or InboxFilter())
    order = (Item.due_at.is_(None), Item.due_at, Item.priority.desc(), Item.opened_at, Item.id)
    # ids first: their data, which are most of a row, are read only for the items shown
    ids = query.with_only_columns(Item.id).order_by(*order).limit(limit).offset(offset).subquery()
    return [_item(row) for row in session.execute(sa.select(Item).join(ids, ids.c.id == Item.id).order_by(*order)).scalars()]


def inbox_elements(session: Session, actor: Actor, filter_: InboxFilter | None = None) -> list[tuple[int, str]]:
    """Release and element id of what waits in the actor's inbox, each once."""
    query = _inbox(actor, filter_ or InboxFilter()).with_only_columns(Item.release, Item.element).distinct()
    return [(release, element) for release, element in session.execute(query.order_by(Item.release, Item.element))]


def inbox_count(session: Session, actor: Actor, filter_: InboxFilter | None = None) -> int:
    query = _inbox(actor, filter_ or InboxFilter()).with_only_columns(sa.func.count())
    return session.execute(query).scalar_one()


def items_of_case(session: Session, case_key: str, *, only_open: bool = False) -> list[WorkItem]:
    query = sa.select(Item).where(Item.case_key == case_key)
    if only_open:
        query = query.where(ITEM_IS_OPEN)
    return [_item(row) for row in session.execute(query.order_by(Item.opened_at, Item.id)).scalars()]


def items_held_by(session: Session, person: str) -> list[WorkItem]:
    query = sa.select(Item).where(ITEM_IS_OPEN, Item.claimed_by == person).order_by(Item.opened_at)
    return [_item(row) for row in session.execute(query).scalars()]


def next_item(session: Session, actor: Actor, case_key: str) -> WorkItem | None:
    """The item of this case that the actor goes on with: one that he holds or that nobody holds."""
    query = (
        sa.select(Item)
        .where(Item.case_key == case_key, ITEM_IS_OPEN, _of_actor(actor))
        .where(sa.or_(Item.claimed_by.is_(None), Item.claimed_by == actor.id))
        .order_by(Item.claimed_by.is_(None), Item.opened_at, Item.id)
        .limit(1)
    )
    row = session.execute(query).scalar_one_or_none()
    return _item(row) if row is not None else None


@dataclass(frozen=True, slots=True)
class DraftView:
    item_id: str
    instance_id: str
    element: str
    person: str
    values: Data
    saved_at: dt.datetime


def draft(session: Session, work_item: WorkItem, person: str) -> DraftView | None:
    row = session.get(Draft, (work_item.instance_id, work_item.element, person))
    return _draft(row) if row is not None else None


def drafts_of(session: Session, person: str) -> list[DraftView]:
    """ "Mis borradores", newest first."""
    rows = session.execute(sa.select(Draft).where(Draft.person == person).order_by(Draft.saved_at.desc())).scalars()
    return [_draft(row) for row in rows]


def _draft(row: Draft) -> DraftView:
    return DraftView(row.item_id, row.instance_id, row.element, row.person, row.draft_values, row.saved_at)


# --- instances and their history ------------------------------------------------------------------------------------
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


def instances(session: Session, case_key: str) -> list[InstanceView]:
    """All instances of a case, oldest first."""
    rows = session.execute(
        sa.select(Instance, ProcessVersion.name, ProcessVersion.version)
        .outerjoin(
            ProcessVersion,
            sa.and_(ProcessVersion.release == Instance.release, ProcessVersion.process == Instance.process),
        )
        .where(Instance.case_key == case_key)
        .order_by(Instance.started_at, Instance.id)
    ).all()
    return [
        InstanceView(i.id, i.case_key, i.process, name or i.process, version or 0, i.release, i.status, i.started_at, i.ended_at, i.rev)
        for i, name, version in rows
    ]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history of a case."""

    instance_id: str
    process: str
    rev: int
    at: dt.datetime
    actor_kind: str
    actor_id: str
    kind: str
    element: str | None
    name: str  # of the element in the release of the instance; the id when that release no longer has it
    steps: tuple[tuple[str, str], ...]
    detail: Data
    values: Data | None  # the form, None when there was none
    erased: bool


def history(session: Session, catalog: Catalog, case_key: str) -> list[Entry]:
    """Every journal entry of a case in order of time, with the form that came with it."""
    rows = session.execute(
        sa.select(Journal, Instance.process, Instance.release, SubmissionRow)
        .join(Instance, Instance.id == Journal.instance_id)
        .outerjoin(
            SubmissionRow,
            sa.and_(SubmissionRow.instance_id == Journal.instance_id, SubmissionRow.rev == Journal.rev),
        )
        .where(Instance.case_key == case_key)
        .order_by(Journal.at, Journal.instance_id, Journal.rev)
    ).all()
    moves = _moves((row, release) for row, _, release, _ in rows)
    return [_entry(session, catalog, row, process, _release_at(moves[row.instance_id], row.rev), form) for row, process, _, form in rows]


def _moves(rows: Iterable[tuple[Journal, int]]) -> dict[str, list[tuple[int, int]]]:
    """Instance → (rev from which it counts, release), the latest first: what was removed by a move keeps its name before it."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row, release in rows:
        known = found.setdefault(row.instance_id, [(0, release)])
        if row.kind == "migrate":
            known[-1] = (0, row.detail["from"]) if len(known) == 1 else known[-1]
            known.insert(0, (row.rev, row.detail["to"]))
    return found


def _release_at(moves: Sequence[tuple[int, int]], rev: int) -> int:
    return next(release for since, release in moves if since <= rev)


def releases_of(session: Session, instance_id: str) -> list[int]:
    """The releases under which an instance ran, the latest first."""
    rows = session.execute(
        sa.select(Journal, Instance.release)
        .join(Instance, Instance.id == Journal.instance_id)
        .where(Journal.instance_id == instance_id, sa.or_(Journal.kind == "migrate", Journal.rev == 1))
        .order_by(Journal.rev)
    ).all()
    return [release for _, release in _moves((row, release) for row, release in rows).get(instance_id, [])]


def _entry(session: Session, catalog: Catalog, row: Journal, process: str, release: int, form: SubmissionRow | None) -> Entry:
    detail = dict(row.detail)
    steps = tuple((element, state) for element, state in detail.pop("steps", []))
    return Entry(
        instance_id=row.instance_id,
        process=process,
        rev=row.rev,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        kind=row.kind,
        element=row.element,
        name=element_name(session, catalog, release, row.element) if row.element else "",
        steps=steps,
        detail=detail,
        values=form.form_values if form is not None else None,
        erased=row.digest is not None and (form is None or form.form_values is None),
    )


def element_name(session: Session, catalog: Catalog, release: int, element: str) -> str:
    for spec in catalog.release(session, release).processes.values():
        found = spec.elements.get(element)
        if found is not None:
            return found.name or element
    return element


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an element of a diagram stands in one instance: "done", "waiting" or "cancelled"."""

    element: str
    state: str
    times: int
    at: dt.datetime
    actor_id: str


def path(session: Session, instance_id: str) -> dict[str, Mark]:
    """The path taken and where it waits, by element id, from journal and waiting rows."""
    marks: dict[str, Mark] = {}
    rows = session.execute(
        sa.select(Journal.detail, Journal.at, Journal.actor_id).where(Journal.instance_id == instance_id).order_by(Journal.rev)
    )
    for detail, at, actor in rows:
        for element, state in detail.get("steps", []):
            times = marks[element].times if element in marks else 0
            marks[element] = Mark(element, state, times + (state == "done"), at, actor)
    for element, at in _waiting_elements(session, instance_id):
        times = marks[element].times if element in marks else 0
        marks[element] = Mark(element, "waiting", times, at, "")
    return marks


def _waiting_elements(session: Session, instance_id: str) -> Iterable[tuple[str, dt.datetime]]:
    for row in session.execute(sa.select(Item.element, Item.opened_at).where(item_of(instance_id), ITEM_IS_OPEN)):
        yield row.element, row.opened_at
    for row in session.execute(sa.select(Timer.element, Timer.due).where(Timer.instance_id == instance_id)):
        yield row.element, row.due
    started = session.execute(sa.select(Instance.started_at).where(Instance.id == instance_id)).scalar_one()
    for element in session.execute(sa.select(SubscriptionRow.element).where(SubscriptionRow.instance_id == instance_id)).scalars():
        yield element, started


def timers(session: Session, case_key: str) -> list[tuple[str, str, dt.datetime]]:
    """Timers that wait in a case: (instance, element, due)."""
    rows = session.execute(
        sa.select(Timer.instance_id, Timer.element, Timer.due)
        .join(Instance, Instance.id == Timer.instance_id)
        .where(Instance.case_key == case_key)
        .order_by(Timer.due)
    )
    return [(r.instance_id, r.element, r.due) for r in rows]


def submissions(session: Session, case_key: str) -> list[Submission]:
    """Forms of all instances of the case, oldest first."""
    rows = session.execute(
        sa.select(SubmissionRow)
        .join(Instance, Instance.id == SubmissionRow.instance_id)
        .where(Instance.case_key == case_key)
        .order_by(SubmissionRow.at, SubmissionRow.rev)
    ).scalars()
    return [Submission(r.instance_id, r.rev, r.item_id or "", r.element, r.form, r.release, r.actor_id, r.at, r.form_values) for r in rows]


# --- notes, access, incidents ---------------------------------------------------------------------------------------
def notes(session: Session, case_key: str) -> Sequence[Note]:
    return session.execute(sa.select(Note).where(Note.case_key == case_key).order_by(Note.at, Note.id)).scalars().all()


def access_of(session: Session, subjects: Sequence[str]) -> Sequence[Access]:
    """Entries of the access chain about these subjects (a case key, item ids), oldest first."""
    return session.execute(sa.select(Access).where(Access.subject.in_(subjects)).order_by(Access.day, Access.n)).scalars().all()


def incidents(session: Session, *, only_open: bool = True, case_key: str | None = None) -> Sequence[Incident]:
    query = sa.select(Incident).order_by(Incident.at.desc(), Incident.id.desc())
    if only_open:
        query = query.where(Incident.state == "open")
    if case_key is not None:
        query = query.where(Incident.case_key == case_key)
    return session.execute(query.limit(500)).scalars().all()


# --- releases -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class VersionView:
    process: str
    name: str
    file: str
    version: int
    first_release: int
    since: dt.datetime
    by: str
    note: str
    running: int


def versions(session: Session) -> list[VersionView]:
    """Each version of each process with the release that brought it and the instances that still run on it."""
    first = (
        sa.select(
            ProcessVersion.process,
            ProcessVersion.version,
            sa.func.min(ProcessVersion.release).label("first"),
            sa.func.max(ProcessVersion.name).label("name"),
            sa.func.max(ProcessVersion.file).label("file"),
        )
        .group_by(ProcessVersion.process, ProcessVersion.version)
        .subquery()
    )
    running = dict(
        session.execute(
            sa.select(
                ProcessVersion.process + sa.literal("/") + sa.cast(ProcessVersion.version, sa.String),
                sa.func.count(Instance.id),
            )
            .join(
                Instance,
                sa.and_(Instance.release == ProcessVersion.release, Instance.process == ProcessVersion.process),
            )
            .where(Instance.status.in_(("active", "suspended")))
            .group_by(ProcessVersion.process, ProcessVersion.version)
        ).all()
    )
    rows = session.execute(
        sa.select(first, ReleaseRow.at, ReleaseRow.actor, ReleaseRow.note)
        .join(ReleaseRow, ReleaseRow.id == first.c.first)
        .order_by(first.c.process, first.c.version.desc())
    )
    return [
        VersionView(r.process, r.name, r.file, r.version, r.first, r.at, r.actor, r.note, running.get(f"{r.process}/{r.version}", 0))
        for r in rows
    ]


def model_drafts(session: Session, author: str | None = None) -> Sequence[ModelDraft]:
    query = sa.select(ModelDraft).order_by(ModelDraft.saved_at.desc())
    if author is not None:
        query = query.where(ModelDraft.author == author)
    return session.execute(query).scalars().all()
