"""Proof that nothing in the journals was edited, deleted, inserted, reordered or cut off.

Whoever holds the database could recompute a whole chain; that is found by the signed log
(engine/reads/evidence.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain as chain_of
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.sums import Sum, sum_of
from engine.states import Act, Flaw, LogKind
from engine.store import chain, log, sql
from engine.store.tables import (
    OF_A_REVISION,
    Access,
    AccessHead,
    Base,
    Instance,
    Item,
    Journal,
    LogCheckpoint,
    LogEntry,
    Note,
    Snapshot,
    SubmissionRow,
    item_of,
)

BLOCK = 500  # instances read at once
lenient = log.lenient  #: for who reads more than what is verified here
UNREADABLE = (ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad row of a chain: what is wrong with it."""

    chain: str
    row: str
    what: Flaw


@dataclass(frozen=True, slots=True)
class Report:
    instances: int
    journal_rows: int
    forms: int
    erased: int
    access_rows: int
    faults: tuple[Fault, ...]


def sums(connection: sa.Connection) -> dict[str, Sum]:
    """Table → checksum of its rows, of every table of the engine: what a backup is compared by."""
    return {table.name: sum_of(connection, table) for table in Base.metadata.sorted_tables}


def verify(session: Session, case_key: str | None = None, since: int = 0) -> Report:
    """Check every chain, or those of one case, or those that the signed log saw grow behind this
    entry. While people work only a snapshot shows heads and journals that belong together."""
    faults: list[Fault] = []
    counts = {"instances": 0, "rows": 0, "forms": 0, "erased": 0, "access": 0}
    with log.lenient(session):
        for id_, instance in _instances(session, case_key, since):
            counts["instances"] += 1
            faults += _legible(
                f"instance {id_}", partial(_check_instance, session, id_, instance, counts)
            )
        faults += _check_notes(session, case_key, since)
        if case_key is None and not since:
            faults += _strangers(session)
        if case_key is None:
            faults += _check_access(session, counts, since)
        faults += _check_seals(session, case_key, since)
    return Report(
        counts["instances"],
        counts["rows"],
        counts["forms"],
        counts["erased"],
        counts["access"],
        tuple(faults),
    )


def _instances(
    session: Session, case_key: str | None, since: int
) -> Iterator[tuple[str, Instance | None]]:
    """All of them, or those of one case, block by block. None: one of its block cannot be read, so
    each is to be read by itself."""
    query, last = sa.select(Instance.id).order_by(Instance.id).limit(BLOCK), ""
    if case_key is not None:
        query = query.where(Instance.case_key == case_key)
    if since:
        query = query.where(Instance.id.in_(_grown(LogKind.INSTANCE, since)))
    while block := session.execute(query.where(Instance.id > last)).scalars().all():
        try:
            read = {
                row.id: row
                for row in session.scalars(sa.select(Instance).where(Instance.id.in_(block)))
            }
        except UNREADABLE:
            read = {}
        yield from ((id_, read.get(id_)) for id_ in block)
        last = block[-1]


def _grown(kind: LogKind, since: int) -> sa.Select[Any]:
    return sa.select(LogEntry.subject).where(LogEntry.kind == kind, LogEntry.n >= since)


def _legible(name: str, check: Callable[[], Fault | None]) -> list[Fault]:
    """SQLite keeps in each column what it is given: of a row that cannot be read as what it is,
    that is the fault."""
    try:
        fault = check()
    except UNREADABLE:
        fault = Fault(name, "?", Flaw.EDITED)
    return [] if fault is None else [fault]


def _check_instance(
    session: Session, id_: str, read: Instance | None, counts: dict[str, int]
) -> Fault | None:
    instance = read if read is not None else session.get_one(Instance, id_)
    rows = (
        session.execute(
            sa.select(Journal).where(Journal.instance_id == instance.id).order_by(Journal.rev)
        )
        .scalars()
        .all()
    )
    forms = {
        f.rev: f
        for f in session.execute(
            sa.select(SubmissionRow).where(SubmissionRow.instance_id == instance.id)
        ).scalars()
    }
    erased = {rev for row in rows for rev in row.detail.get("erased", [])}
    name = f"instance {instance.id}"
    prev = chain.START
    counts["rows"] += len(rows)
    for place, row in enumerate(rows, start=1):
        at = f"rev {row.rev} ({row.kind} {row.element or ''})".strip()
        if row.rev > place:
            return Fault(name, f"rev {place}", Flaw.MISSING)
        if _hash_of(row, prev) != bytes(row.hash):
            return Fault(name, at, Flaw.EDITED)
        bad = _check_form(row, forms.pop(row.rev, None), erased, counts)
        if bad:
            return Fault(name, at, bad)
        prev = bytes(row.hash)
    if forms:
        return Fault(name, f"form of rev {min(forms)}", Flaw.INSERTED)
    if len(rows) < instance.rev:
        return Fault(name, f"rev {len(rows) + 1}", Flaw.CUT)
    if len(rows) > instance.rev:
        return Fault(name, f"rev {instance.rev + 1}", Flaw.INSERTED)
    if prev != bytes(instance.head):
        return Fault(name, "head", Flaw.EDITED)
    return _check_snapshot(session, instance, rows, name) or _check_items(
        session, instance, rows, name
    )


def _check_items(
    session: Session, instance: Instance, rows: Sequence[Journal], name: str
) -> Fault | None:
    """A task was opened by an act, and closed by one: when, and by whom."""
    opened, closed = {row.at for row in rows}, {(row.at, row.actor_id) for row in rows}
    mine = (
        sa.select(Item.element, Item.opened_at, Item.closed_at, Item.closed_by)
        .where(item_of(instance.id))
        .order_by(Item.id)
    )
    for item in session.execute(mine):
        if item.opened_at not in opened or (
            item.closed_at is not None and (item.closed_at, item.closed_by) not in closed
        ):
            return Fault(name, f"task {item.element}", Flaw.TASK)
    return None


def _hash_of(row: Journal, prev: bytes) -> bytes:
    return chain.journal_hash(
        prev,
        instance_id=row.instance_id,
        rev=row.rev,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        kind=row.kind,
        element=row.element,
        detail=row.detail,
        delta=bytes(row.delta),
        digest=bytes(row.digest) if row.digest is not None else None,
    )


def _check_form(
    row: Journal, form: SubmissionRow | None, erased: set[int], counts: dict[str, int]
) -> Flaw | None:
    """A form must give its digest, and be of whom, when and where the journal says; one erased by a
    journaled act needs no values."""
    if row.digest is None:
        return Flaw.INSERTED if form is not None else None
    counts["forms"] += 1
    moved = form is not None and row.kind == Act.COMPLETE and form.element != row.element
    if form is not None and (form.actor_id != row.actor_id or form.at != row.at or moved):
        return Flaw.FORM
    if form is None or form.form_values is None or form.salt is None:
        counts["erased"] += 1
        return None if row.rev in erased else Flaw.FORM
    return (
        None
        if chain.values_digest(bytes(form.salt), form.form_values) == bytes(row.digest)
        else Flaw.FORM
    )


def _check_snapshot(session: Session, instance: Instance, rows: Any, name: str) -> Fault | None:
    its_own = sa.select(*log.raw(Snapshot)).where(Snapshot.instance_id == instance.id)
    snapshot = session.execute(its_own).one_or_none()
    if snapshot is None:
        return None
    named = {row.rev: row.detail.get("snapshot") for row in rows}
    if named.get(snapshot.rev) != chain.sha256(log.octets(snapshot.state)).hex():
        return Fault(name, f"snapshot of rev {snapshot.rev}", Flaw.SNAPSHOT)
    return None


def _strangers(session: Session) -> Iterator[Fault]:
    """Rows of instances that are not there, or of another case: it was deleted, or the row was
    invented."""
    columns = [
        sql.JOURNAL.c.instance_id,
        *(sql.table(table).c.instance_id for table in OF_A_REVISION),
    ]
    ids = [
        sa.select(column).outerjoin(Instance, Instance.id == column).where(Instance.id.is_(None))
        for column in columns
    ]
    for instance_id in session.scalars(sa.union(*ids).order_by(sa.text("1"))):
        yield Fault(f"instance {instance_id}", "instance row", Flaw.MISSING)
    elsewhere = (
        sa.select(Item.instance_id)
        .join(Instance, Instance.id == Item.instance_id)
        .where(Item.case_key != Instance.case_key)
    )
    for instance_id in session.scalars(elsewhere.distinct().order_by(Item.instance_id)):
        yield Fault(f"instance {instance_id}", "task of another case", Flaw.INSERTED)


def _check_notes(session: Session, case_key: str | None, since: int) -> Iterator[Fault]:
    query = sa.select(*log.raw(Note)).order_by(Note.id)
    if since:
        query = query.where(sa.cast(Note.id, sa.String).in_(_grown(LogKind.NOTE, since)))
    if case_key is not None:
        query = query.where(Note.case_key == case_key)
    for note in session.execute(query):
        if note.text is not None and chain.sha256(str(note.text).encode()) != log.octets(
            note.digest
        ):
            yield Fault(f"notes of {note.case_key}", f"note {note.id}", Flaw.NOTE)


def _check_seals(session: Session, case_key: str | None, since: int) -> Iterator[Fault]:
    """Rows that we did not write: whoever signed said so, or no signature covers them yet."""
    signed = session.scalar(sa.select(sa.func.max(LogCheckpoint.size)))
    of = (
        None
        if case_key is None
        else list(session.scalars(sa.select(Instance.id).where(Instance.case_key == case_key)))
    )
    if signed is None:
        found = _behind_ours(log.links(session, 0, of))
    else:
        found = chain_of(
            log.foreign(session, since, of),
            log.unsealed(session, max(since, log.number(signed)), of),
        )
    for entry in found:
        name, place = ("instance", "rev") if entry.kind == LogKind.ACT else ("access", "n")
        yield Fault(f"{name} {entry.subject}", f"{place} {entry.rev}", Flaw.SEAL)


def _behind_ours(links: Iterator[log.Link]) -> Iterator[log.Entry]:
    """Where nothing was ever signed: of each chain the first one that is not ours behind one that
    is. Those before it may bear the seal of a secret that was changed and forgotten."""
    ours, told = set[str](), set[str]()
    for link in links:
        if link.ours:
            ours.add(link.chain)
        elif link.chain in ours and link.chain not in told:
            told.add(link.chain)
            yield link.foreign


def _check_access(session: Session, counts: dict[str, int], since: int) -> Iterator[Fault]:
    heads = {
        h.day: h for h in session.execute(sa.select(*log.raw(AccessHead)).order_by(AccessHead.day))
    }
    days = sorted({*heads, *session.execute(sa.select(Access.day).distinct()).scalars()}, key=str)
    grown = set(session.scalars(_grown(LogKind.ACCESS, since)))
    prev = chain.START
    for day in days:
        if not since or day in grown:
            yield from _legible(
                f"access {day}", partial(_check_day, session, day, heads.get(day), prev, counts)
            )
        if day in heads:
            prev = log.octets(heads[day].hash)


def _check_day(
    session: Session, day: str, head: sa.Row[Any] | None, prev: bytes, counts: dict[str, int]
) -> Fault | None:
    name = f"access {day}"
    rows = (
        session.execute(sa.select(Access).where(Access.day == day).order_by(Access.n))
        .scalars()
        .all()
    )
    counts["access"] += len(rows)
    for place, row in enumerate(rows, start=1):
        if row.n > place:
            return Fault(name, f"n {place}", Flaw.MISSING)
        value = chain.access_hash(
            prev,
            day=row.day,
            n=row.n,
            at=row.at,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            kind=row.kind,
            subject=row.subject,
            detail=row.detail,
        )
        if value != bytes(row.hash):
            return Fault(name, f"n {row.n} ({row.kind})", Flaw.EDITED)
        prev = bytes(row.hash)
    if head is None:
        return Fault(name, "head", Flaw.MISSING)
    if log.number(head.n) > len(rows):
        return Fault(name, f"n {len(rows) + 1}", Flaw.CUT)
    if log.number(head.n) < len(rows):
        return Fault(name, f"n {log.number(head.n) + 1}", Flaw.INSERTED)
    return Fault(name, "head", Flaw.EDITED) if log.octets(head.hash) != prev else None
