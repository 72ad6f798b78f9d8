"""How long the tasks of cases waited for somebody and how long somebody had them, by the journal;
wall clock, not office hours."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.states import Act
from engine.store.tables import Draft, Instance, Item, Journal
from engine.store.taking import as_item
from engine.types import WorkItem

_HANDED = (Act.CLAIM, Act.RELEASE, Act.REASSIGN)
#: After each of these an instance is suspended, or no longer.
_STANDS = {Act.SUSPEND: True, Act.RESUME: False, Act.CANCEL: False}
NONE = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class TaskTime:
    """Of one task, until it was closed or now. The three add up to the time between its opening and
    then."""

    item: WorkItem
    waiting: dt.timedelta  #: nobody had it
    working: dt.timedelta  #: somebody had it
    suspended: dt.timedelta  #: its instance stood still
    taken_at: dt.datetime | None  #: for the first time
    drafted_at: dt.datetime | None  #: of an open one: somebody last typed something into it


@dataclass(frozen=True, slots=True)
class _Change:
    at: dt.datetime
    kind: str
    before: str | None  # who had it
    after: str | None


def of_cases(session: Session, case_keys: Collection[str], now: dt.datetime) -> list[TaskTime]:
    """By case, the oldest task first."""
    items = [
        as_item(row) for row in session.scalars(sa.select(Item).where(Item.case_key.in_(case_keys)))
    ]
    instances = {item.instance_id for item in items}
    acts = (Journal.instance_id.in_(instances), Journal.kind.in_([*_HANDED, *_STANDS]))
    rows = (
        sa.select(Journal.instance_id, Journal.at, Journal.kind, Journal.detail)
        .where(*acts)
        .order_by(Journal.instance_id, Journal.rev)
    )
    handed: dict[str, list[_Change]] = defaultdict(list)
    stood: dict[str, list[_Change]] = defaultdict(list)
    for instance_id, at, kind, detail in session.execute(rows):
        place = stood[instance_id] if kind in _STANDS else handed[str(detail.get("item"))]
        place.append(_Change(at, kind, detail.get("from"), detail.get("to")))
    drafts = (
        sa.select(Draft.item_id, sa.func.max(Draft.saved_at))
        .where(Draft.instance_id.in_(instances))
        .group_by(Draft.item_id)
    )
    typed: dict[str, dt.datetime] = {row[0]: row[1] for row in session.execute(drafts)}
    ordered = sorted(items, key=lambda item: (item.case_key, item.opened_at, item.id))
    return [
        _time(item, handed[item.id], stood[item.instance_id], typed.get(item.id), now)
        for item in ordered
    ]


def holders(session: Session, case_keys: Collection[str]) -> dict[str, frozenset[str]]:
    """Case → who has or had one of its tasks; also whoever passed it on."""
    had: dict[str, set[str | None]] = {case_key: set() for case_key in case_keys}
    items = sa.select(Item.case_key, Item.claimed_by, Item.closed_by).where(
        Item.case_key.in_(case_keys)
    )
    for case_key, *people in session.execute(items):
        had[case_key] |= set(people)
    acts = (Instance.case_key.in_(case_keys), Journal.kind.in_(_HANDED))
    rows = (
        sa.select(Instance.case_key, Journal.detail)
        .join(Journal, Journal.instance_id == Instance.id)
        .where(*acts)
    )
    for case_key, detail in session.execute(rows):
        had[case_key] |= {detail.get("from"), detail.get("to")}
    return {case_key: frozenset(filter(None, people)) for case_key, people in had.items()}


def _time(
    item: WorkItem,
    handed: Sequence[_Change],
    stood: Sequence[_Change],
    typed: dt.datetime | None,
    now: dt.datetime,
) -> TaskTime:
    """Between two moments at which something changed all of the time is of one kind."""
    end = item.closed_at or now
    holder = handed[0].before if handed else item.claimed_by
    taken_at = item.opened_at if holder else None
    spent = {"waiting": NONE, "working": NONE, "suspended": NONE}
    at, still = item.opened_at, False
    for change in sorted((*handed, *stood), key=lambda each: each.at):
        if change.at > item.opened_at:
            until = min(change.at, end)
            spent["suspended" if still else "working" if holder else "waiting"] += max(
                until - at, NONE
            )
            at = max(at, until)
        if change.kind in _STANDS:
            still = _STANDS[Act(change.kind)]
        else:
            holder = change.after
            taken_at = taken_at or (change.at if holder else None)
    spent["suspended" if still else "working" if holder else "waiting"] += max(end - at, NONE)
    return TaskTime(
        item, **spent, taken_at=taken_at, drafted_at=typed if item.closed_at is None else None
    )
