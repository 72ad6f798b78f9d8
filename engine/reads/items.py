"""Work items: what waits for a person or device, who holds it, and what is being typed into it."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.prepared import Prepared
from engine.catalog import Catalog
from engine.errors import NotFound
from engine.reads.releases import element_of
from engine.states import Act, InstanceStatus, ItemState, TextOf
from engine.store.sql import DRAFT_OF_ITEM, ITEM, ITEM_BY_ID, SEEN
from engine.store.tables import ITEM_IS_OPEN, Draft, Instance, Item, Journal, Note, SubmissionRow
from engine.store.taking import as_item
from engine.types import Actor, Data, WorkItem


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What an inbox shows; empty fields filter nothing."""

    holder: str | None = None  # a user name; "" = unassigned
    process: str | None = None
    element: str | None = None
    due_before: dt.datetime | None = None
    without: tuple[str, ...] = ()  # elements
    free_or_of: str | None = None  # nobody's, or this person's
    roles: tuple[str, ...] | None = None
    scope: str | None = None


def item(session: Session, item_id: str) -> WorkItem:
    """One work item. Raises NotFound."""
    row = ITEM_BY_ID.first(session, {"b_item": item_id})
    if row is None:
        raise NotFound(f"item {item_id}")
    return as_item(row)


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
        query = query.where(
            Item.claimed_by == filter_.holder if filter_.holder else Item.claimed_by.is_(None)
        )
    if filter_.process:
        query = query.where(Item.process == filter_.process)
    if filter_.element:
        query = query.where(Item.element == filter_.element)
    if filter_.due_before is not None:
        query = query.where(Item.due_at < filter_.due_before)
    if filter_.without:
        query = query.where(Item.element.not_in(filter_.without))
    if filter_.free_or_of is not None:
        query = query.where(
            sa.or_(Item.claimed_by.is_(None), Item.claimed_by == filter_.free_or_of)
        )
    if filter_.roles is not None:
        query = query.where(Item.role.in_(filter_.roles))
    if filter_.scope is not None:
        query = query.where(Item.scope == filter_.scope)
    return query


def inbox(
    session: Session,
    actor: Actor,
    filter_: InboxFilter | None = None,
    *,
    limit: int | None = 200,
    offset: int = 0,
) -> list[WorkItem]:
    """Open items of the actor's lanes, due first (ascending), then without date, more urgent first.
    `limit`: who looks for one among them asks for all (None), and narrows them by the filter.
    """
    query = _inbox(actor, filter_ or InboxFilter())
    order = (Item.due_at.is_(None), Item.due_at, Item.priority.desc(), Item.opened_at, Item.id)
    # ids first: their data, which are most of a row, are read only for the items shown
    ids = query.with_only_columns(Item.id).order_by(*order).limit(limit).offset(offset).subquery()
    return [
        as_item(row)
        for row in session.execute(
            sa.select(Item).join(ids, ids.c.id == Item.id).order_by(*order)
        ).scalars()
    ]


def open_of(actor: Actor, filter_: InboxFilter) -> sa.Select[*tuple[Any, ...]]:
    """The open items of an inbox as a selectable: business tables narrow and order it by what they
    know of the cases."""
    columns = (
        Item.id,
        Item.case_key,
        Item.scope,
        Item.claimed_by,
        Item.opened_at,
        Item.due_at,
        Item.priority,
    )
    return _inbox(actor, filter_).with_only_columns(*columns)


def cases_of(actor: Actor) -> sa.Select[str]:
    """Keys of the cases with a task, open or done, of the actor's lanes, and of those that the
    actor began by a form; to narrow others."""
    form = (SubmissionRow.item_id.is_(None), SubmissionRow.rev == 1)
    begun = sa.select(SubmissionRow.instance_id).where(SubmissionRow.actor_id == actor.id, *form)
    both = sa.union(sa.select(Item.case_key.label("key")).where(_of_actor(actor)), begun).subquery()
    return sa.select(both.c.key)


def by_ids(session: Session, ids: Sequence[str]) -> list[WorkItem]:
    """Items in the order of their ids."""
    rows = {row.id: row for row in session.scalars(sa.select(Item).where(Item.id.in_(ids)))}
    return [as_item(rows[id_]) for id_ in ids if id_ in rows]


def who_did(session: Session, case_key: str, elements: Collection[str]) -> set[str]:
    """Who completed one of these activities in the case."""
    done = sa.select(Item.closed_by).where(
        Item.case_key == case_key, Item.state == ItemState.DONE, Item.element.in_(elements)
    )
    return {person for person in session.scalars(done) if person}


def kept_apart(
    session: Session, catalog: Catalog, items: Iterable[WorkItem], person: str
) -> set[str]:
    """Ids of those of these items that this person may not do: they did an activity from which it
    is kept apart."""
    apart = {
        item.id: (item.case_key, element_of(session, catalog, item).not_same_person_as)
        for item in items
    }
    asked = {(case, element) for case, elements in apart.values() for element in elements}
    if not asked:
        return set()
    cases, names = {case for case, _ in asked}, {element for _, element in asked}
    where = (
        Item.case_key.in_(cases),
        Item.element.in_(names),
        Item.state == ItemState.DONE,
        Item.closed_by == person,
    )
    done = {
        (case, element)
        for case, element in session.execute(sa.select(Item.case_key, Item.element).where(*where))
    }
    return {
        id_
        for id_, (case, elements) in apart.items()
        if any((case, element) in done for element in elements)
    }


@dataclass(frozen=True, slots=True)
class Work:
    """Since a moment: (role, scope) of which tasks were open, and (person, role, scope) of those
    that somebody completed."""

    there_was: frozenset[tuple[str, str | None]]
    done: frozenset[tuple[str, str, str | None]]


def work_since(session: Session, since: dt.datetime) -> Work:
    """Reads every task: for what happens once a week."""
    lately = sa.or_(Item.closed_at.is_(None), Item.closed_at > since)
    rows = sa.select(
        Item.role, Item.scope, sa.case((Item.state == ItemState.DONE, Item.closed_by))
    ).where(lately, Item.role.is_not(None))
    found = session.execute(rows.distinct()).all()
    return Work(
        frozenset((role, scope) for role, scope, _ in found),
        frozenset((person, role, scope) for role, scope, person in found if person),
    )


@dataclass(frozen=True, slots=True)
class Worked:
    """Tasks of one activity that were completed on a day: how many seconds they were worked on, and
    how many they waited before."""

    process: str
    element: str
    number: int
    waiting: int
    working: int


def worked(
    session: Session, since: dt.datetime, opens: dt.datetime, until: dt.datetime
) -> list[Worked]:
    """By activity, of the day from `since` to `until` whose office hours begin at `opens`.

    Nothing notes when somebody looks at a task. It is worked on at most since it was there and
    taken, and since its person was free: since the task that they completed before on that day, or
    since the office opened. All that came before is waiting.
    """
    taken = sa.select(sa.func.min(Journal.at)).where(
        Journal.instance_id == Item.instance_id,
        Journal.element == Item.element,
        Journal.kind.in_((Act.CLAIM, Act.REASSIGN)),
        Journal.at.between(Item.opened_at, Item.closed_at),
    )
    columns = (Item.process, Item.element, Item.closed_by, Item.opened_at, Item.closed_at)
    rows = sa.select(*columns, taken.correlate(Item).scalar_subquery().label("taken")).order_by(
        Item.closed_at, Item.id
    )
    sums: dict[tuple[str, str], list[float]] = {}
    free: dict[str | None, dt.datetime] = {}
    for row in session.execute(
        rows.where(Item.closed_at >= since, Item.closed_at < until, Item.state == ItemState.DONE)
    ):
        begun = max(
            row.taken or row.opened_at,
            free.get(row.closed_by, opens if row.closed_at >= opens else since),
        )
        begun = min(begun, row.closed_at)
        free[row.closed_by] = row.closed_at
        of = sums.setdefault((row.process, row.element), [0, 0.0, 0.0])
        of[0] += 1
        of[1] += (begun - row.opened_at).total_seconds()
        of[2] += (row.closed_at - begun).total_seconds()
    return [
        Worked(process, element, int(n), round(wait), round(work))
        for (process, element), (n, wait, work) in sorted(sums.items())
    ]


def held(session: Session) -> dict[str, int]:
    """Person → how many open tasks they hold."""
    rows = (
        sa.select(Item.claimed_by, sa.func.count())
        .where(ITEM_IS_OPEN, Item.claimed_by.is_not(None))
        .group_by(Item.claimed_by)
    )
    return {person: n for person, n in session.execute(rows) if person}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many open items an inbox has; how many of them the actor holds, and nobody."""

    all: int
    mine: int
    free: int


def tally(session: Session, actor: Actor, filter_: InboxFilter) -> Tally:
    mine, free = (
        sa.func.count(sa.case((which, 1)))
        for which in (Item.claimed_by == actor.id, Item.claimed_by.is_(None))
    )
    return Tally(
        *session.execute(
            _inbox(actor, filter_).with_only_columns(sa.func.count(), mine, free)
        ).one()
    )


def inbox_elements(
    session: Session, actor: Actor, filter_: InboxFilter | None = None
) -> list[tuple[int, str]]:
    """Release and element id of what waits in the actor's inbox, each once."""
    query = (
        _inbox(actor, filter_ or InboxFilter())
        .with_only_columns(Item.release, Item.element)
        .distinct()
    )
    return [
        (release, element)
        for release, element in session.execute(query.order_by(Item.release, Item.element))
    ]


def inbox_count(session: Session, actor: Actor, filter_: InboxFilter | None = None) -> int:
    query = _inbox(actor, filter_ or InboxFilter()).with_only_columns(sa.func.count())
    return session.execute(query).scalar_one()


_ALL = (
    sa.select(*SEEN)
    .where(ITEM.c.case_key == sa.bindparam("b_case"))
    .order_by(ITEM.c.opened_at, ITEM.c.id)
)
_OF_CASE, _OPEN_OF_CASE = Prepared(_ALL), Prepared(_ALL.where(ITEM_IS_OPEN))


def of_case(session: Session, case_key: str, *, only_open: bool = False) -> list[WorkItem]:
    """All of them, or those that wait; the oldest first."""
    return [
        as_item(row)
        for row in (_OPEN_OF_CASE if only_open else _OF_CASE).all(session, {"b_case": case_key})
    ]


_HELD = (
    sa.select(Item)
    .where(ITEM_IS_OPEN, Item.claimed_by == sa.bindparam("person"))
    .order_by(Item.opened_at)
)


def held_by(session: Session, person: str) -> list[WorkItem]:
    return [as_item(row) for row in session.scalars(_HELD, {"person": person})]


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """Open items of one activity in one place."""

    element: str
    scope: str | None
    number: int


def open_by_element(session: Session, processes: Iterable[str]) -> list[OpenTasks]:
    """How many open items these processes have, by activity and place."""
    counted = sa.select(Item.element, Item.scope, sa.func.count()).where(
        ITEM_IS_OPEN, Item.process.in_(list(processes))
    )
    return [
        OpenTasks(*row)
        for row in session.execute(
            counted.group_by(Item.element, Item.scope).order_by(Item.element, Item.scope)
        )
    ]


def number_held(session: Session, people: Collection[str]) -> dict[str, int]:
    """User name → how many open items they hold; who holds none is not here."""
    query = (
        sa.select(Item.claimed_by, sa.func.count())
        .where(ITEM_IS_OPEN, Item.claimed_by.in_(people))
        .group_by(Item.claimed_by)
    )
    return {str(person): number for person, number in session.execute(query)}


def next_of_case(session: Session, actor: Actor, case_key: str) -> WorkItem | None:
    """The item of this case that the actor goes on with: one that he holds or that nobody holds."""
    query = (
        sa.select(Item)
        .where(Item.case_key == case_key, ITEM_IS_OPEN, _of_actor(actor))
        .where(sa.or_(Item.claimed_by.is_(None), Item.claimed_by == actor.id))
        .order_by(Item.claimed_by.is_(None), Item.opened_at, Item.id)
        .limit(1)
    )
    row = session.execute(query).scalar_one_or_none()
    return as_item(row) if row is not None else None


@dataclass(frozen=True, slots=True)
class DraftView:
    item_id: str
    instance_id: str
    element: str
    person: str
    values: Data
    saved_at: dt.datetime


def draft(session: Session, work_item: WorkItem, person: str) -> DraftView | None:
    """What this person has begun to write in a task, or had when it was open before."""
    row = DRAFT_OF_ITEM.first(session, {"b_item": work_item.id, "b_person": person})
    return _draft(row) if row is not None else None


def drafts_of(session: Session, person: str) -> list[DraftView]:
    """What a person has begun to write, newest first."""
    rows = session.execute(
        sa.select(Draft).where(Draft.person == person).order_by(Draft.saved_at.desc())
    ).scalars()
    return [_draft(row) for row in rows]


def drafts_with(session: Session, key: str) -> list[Data]:
    """What is held by those drafts in which something is called so. Reads every draft."""
    text = sa.type_coerce(Draft.draft_values, sa.Text)
    rows = sa.select(Draft.draft_values).where(text.contains(f'"{key}":', autoescape=True))
    return list(session.scalars(rows))


def _draft(row: Any) -> DraftView:
    return DraftView(
        row.item_id, row.instance_id, row.element, row.person, row.draft_values, row.saved_at
    )


@dataclass(frozen=True, slots=True)
class Handed:
    """Who gave an item to somebody else or back to its lane, when and why."""

    by: str
    at: dt.datetime
    reason: str


def handed(session: Session, item: WorkItem) -> list[Handed]:
    """The times with a reason, the latest first; erased reasons are left out."""
    written = (SubmissionRow.instance_id == item.instance_id, SubmissionRow.item_id == item.id)
    rows = session.scalars(
        sa.select(SubmissionRow)
        .where(*written, SubmissionRow.form.in_((Act.REASSIGN, Act.RELEASE)))
        .order_by(SubmissionRow.rev.desc())
    )
    return [
        Handed(row.actor_id, row.at, str(row.form_values.get(TextOf.REASON, "")))
        for row in rows
        if row.form_values
    ]


# --- what stands still ----------------------------------------------------------------------------
#: Acts on an instance by which its open items have moved. Looking at one is none, and a timer that
#: reminds is none.
_TOUCHES = (Act.COMPLETE, Act.CLAIM, Act.RELEASE, Act.REASSIGN, Act.MESSAGE, Act.RESUME, Act.BACK)


@dataclass(frozen=True, slots=True)
class Touched:
    """An open item and when somebody last did something about it."""

    id: str
    case_key: str
    element: str
    name: str
    scope: str | None
    claimed_by: str | None
    at: dt.datetime


def untouched(
    session: Session, roles: Collection[str], *, before: dt.datetime, note_kind: str
) -> list[Touched]:
    """The open items of these lanes, of instances that run, that nobody has touched since then, the
    longest ago first."""
    running = sa.select(Instance.id).where(
        Instance.id == Item.instance_id, Instance.status == InstanceStatus.ACTIVE
    )
    found = _touched(
        session, [Item.role.in_(roles), Item.opened_at < before, running.exists()], note_kind
    )
    return sorted((item for item in found if item.at < before), key=lambda item: (item.at, item.id))


def touched(session: Session, ids: Collection[str], *, note_kind: str) -> dict[str, Touched]:
    """Those of these items that are open, by their ids."""
    return (
        {item.id: item for item in _touched(session, [Item.id.in_(ids)], note_kind)} if ids else {}
    )


def _touched(
    session: Session, which: Sequence[sa.ColumnElement[bool]], note_kind: str
) -> list[Touched]:
    """The latest of: opened, an act on its instance, a draft of its form, a note of this kind on
    its case."""
    acts = sa.select(sa.func.max(Journal.at)).where(
        Journal.instance_id == Item.instance_id, Journal.kind.in_(_TOUCHES)
    )
    drafts = sa.select(sa.func.max(Draft.saved_at)).where(
        Draft.instance_id == Item.instance_id, Draft.item_id == Item.id
    )
    notes = sa.select(sa.func.max(Note.at)).where(
        Note.case_key == Item.case_key, Note.kind == note_kind
    )
    times = [query.scalar_subquery() for query in (acts, drafts, notes)]
    about = (
        Item.id,
        Item.case_key,
        Item.element,
        Item.name,
        Item.scope,
        Item.claimed_by,
        Item.opened_at,
    )
    rows = session.execute(sa.select(*about, *times).where(ITEM_IS_OPEN, *which))
    return [Touched(*row[:6], at=max(at for at in row[6:] if at is not None)) for row in rows]
