"""Steps 1 and 2 of a command in one statement: an instance is taken, and one of its items is read
as it is from then on."""

import datetime as dt
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam as b
from sqlalchemy.orm import Session

from common.instant import Instant
from common.prepared import Prepared
from engine.clock import UTC
from engine.store.sql import DRAFT, INSTANCE, ITEM, SEEN, TAKE_OF_ITEM, TAKEN
from engine.types import Data, WorkItem

_COLUMNS = tuple(c.key for c in ITEM.c if c.key != "own")
_INSTANTS = tuple(c.key for c in ITEM.c if isinstance(c.type, Instant))
_MINE = ITEM.c.id == b("b_item")
_HAS_DRAFT = sa.exists(
    sa.select(DRAFT.c.item_id).where(
        DRAFT.c.instance_id == ITEM.c.instance_id,
        DRAFT.c.element == ITEM.c.element,
        DRAFT.c.person == b("b_person"),
    )
).label("has_draft")
_READ = Prepared(sa.select(*SEEN, _HAS_DRAFT).where(_MINE))

#: SQLite: nobody else writes from BEGIN IMMEDIATE on. RETURNING gives one value of another table at
#: most, hence the array.
_ITEM_AS_TEXT = sa.select(sa.func.json_array(*ITEM.c)).where(_MINE).scalar_subquery()
_DRAFT_OF_ITEM = sa.select(_HAS_DRAFT).where(_MINE).scalar_subquery()
_SQLITE = Prepared(
    TAKE_OF_ITEM.returning(
        _ITEM_AS_TEXT.label("item"),
        _DRAFT_OF_ITEM.label("has_draft"),
        INSTANCE.c.data.label("around"),
    )
)

#: PostgreSQL: the item is read as of the statement's beginning, the instance perhaps taken only
#: after a rival's commit. `seen` is the revision that belongs to the item: one less than the new
#: one, and nobody came between.
_SEEN = INSTANCE.alias("seen")
_POSTGRES = Prepared(
    sa.update(INSTANCE)
    .values(rev=INSTANCE.c.rev + 1)
    .where(_MINE, _SEEN.c.id == ITEM.c.instance_id, INSTANCE.c.id == _SEEN.c.id)
    .returning(
        *(c.label(f"taken_{c.key}") for c in TAKEN),
        _SEEN.c.rev.label("seen"),
        *ITEM.c,
        INSTANCE.c.data.label("around"),
        _HAS_DRAFT,
    )
)


def take_with_item(
    session: Session, item_id: str, person: str
) -> tuple[tuple[Any, ...], WorkItem, bool] | None:
    """The columns of the instance, the item, whether this person has a draft of it; None for an
    unknown item."""
    bind, width = {"b_item": item_id, "b_person": person}, len(TAKEN)
    if session.get_bind().dialect.name == "sqlite":
        row = _SQLITE.first(session, bind)
        return (
            None
            if row is None
            else (row[:width], _from_text(row.item, row.around), bool(row.has_draft))
        )
    row = _POSTGRES.first(session, bind)
    if row is None:
        return None
    taken = row[:width]
    if row.seen != row.taken_rev - 1:
        row = _READ.first(session, bind)
    return taken, as_item(row), bool(row and row.has_draft)


def as_item(row: Any) -> WorkItem:
    """A work item from a row of its table with the variables around it (`sql.SEEN`), or from the
    mapped object."""
    return WorkItem(
        **{name: getattr(row, name) for name in _COLUMNS}, data={**(row.around or {}), **row.own}
    )


def _from_text(text: str, around: Data | None) -> WorkItem:
    *plain, own = orjson.loads(text)
    values: dict[str, Any] = dict(zip(_COLUMNS, plain, strict=True))
    for name in _INSTANTS:
        if values[name] is not None:
            values[name] = dt.datetime.fromisoformat(values[name]).replace(tzinfo=UTC)
    return WorkItem(**values, data={**(around or {}), **orjson.loads(own)})
