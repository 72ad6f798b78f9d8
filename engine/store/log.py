"""Entries of the transparency log, taken by state: a chain that is longer than the log knows makes a new one.

No command writes here, so none waits for it; what commits late is found at the next look (docs/evidence.md).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.merkle import leaf_hash
from engine.states import LogKind
from engine.store import chain
from engine.store.tables import AccessHead
from engine.store.tables import Instance
from engine.store.tables import LogEntry
from engine.store.tables import Note
from engine.store.tables import ReleaseFile
from engine.store.tables import ReleaseRow

AT_ONCE = 1_000  # rows in memory
ONCE = 1  # the revision of what is written once
#: How long before a look something may have begun that it did not see: its command was still under way.
GRACE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Entry:
    """How far a chain has come: its newest hash, and the digest of what stands beside it."""

    kind: str  #: a LogKind; of a row that somebody changed anything
    subject: str
    rev: int
    head: bytes
    facts: bytes

    @property
    def content(self) -> bytes:
        return chain.entry_bytes(self.kind, self.subject, self.rev, self.head, self.facts)

    @property
    def leaf(self) -> bytes:
        return leaf_hash(self.content)


def octets(value: object) -> bytes:
    """Of a column that somebody may have filled with anything: SQLite keeps what it is given."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def of_instance(row: Instance) -> Entry:
    return Entry(LogKind.INSTANCE, row.id, row.rev, octets(row.head), instance_facts(row))


def instance_facts(row: Instance) -> bytes:
    ended = chain.moment(row.ended_at) if row.ended_at is not None else None
    return chain.facts_digest(row.case_key, row.process, row.release, row.status, row.start_key, chain.moment(row.started_at), ended)


def of_day(row: AccessHead) -> Entry:
    return Entry(LogKind.ACCESS, row.day, row.n, octets(row.hash), chain.START)


def of_note(row: Note) -> Entry:
    return Entry(LogKind.NOTE, str(row.id), ONCE, octets(row.digest), note_facts(row))


def note_facts(row: Note) -> bytes:
    return chain.facts_digest(row.case_key, row.kind, row.actor_id, chain.moment(row.at))


def of_release(session: Session, row: ReleaseRow) -> Entry:
    files = session.execute(
        sa.select(ReleaseFile.name, ReleaseFile.sha256).where(ReleaseFile.release == row.id).order_by(ReleaseFile.name)
    ).all()
    head = chain.facts_digest(*sorted((name, sha256) for name, sha256 in files))
    return Entry(LogKind.RELEASE, str(row.id), ONCE, head, release_facts(row))


def release_facts(row: ReleaseRow) -> bytes:
    return chain.facts_digest(row.base, chain.moment(row.at), row.actor, row.note)


def news(session: Session) -> Iterator[Entry]:
    """What the log does not have yet, as it stands in this transaction."""
    new = LogEntry.n.is_(None)
    known = sa.and_(LogEntry.subject == Instance.id, LogEntry.kind == LogKind.INSTANCE, LogEntry.rev == Instance.rev)
    instances = sa.select(Instance).outerjoin(LogEntry, known).where(new)
    yield from map(of_instance, session.scalars(instances.execution_options(yield_per=AT_ONCE)))
    known = sa.and_(LogEntry.subject == AccessHead.day, LogEntry.kind == LogKind.ACCESS, LogEntry.rev == AccessHead.n)
    yield from map(of_day, session.scalars(sa.select(AccessHead).outerjoin(LogEntry, known).where(new)))
    known = sa.and_(LogEntry.subject == sa.cast(Note.id, sa.String), LogEntry.kind == LogKind.NOTE)
    written = sa.select(Note).outerjoin(LogEntry, known).where(new)
    yield from map(of_note, session.scalars(written.execution_options(yield_per=AT_ONCE)))
    known = sa.and_(LogEntry.subject == sa.cast(ReleaseRow.id, sa.String), LogEntry.kind == LogKind.RELEASE)
    for row in session.scalars(sa.select(ReleaseRow).outerjoin(LogEntry, known).where(new)).all():
        yield of_release(session, row)


def append(session: Session, entries: list[Entry]) -> None:
    """After the last one. Two who append at once collide on the number: the loser is rolled back."""
    last = session.scalar(sa.select(sa.func.max(LogEntry.n)))
    first = 0 if last is None else last + 1
    if entries:
        rows = [
            {"n": first + place, "kind": e.kind, "subject": e.subject, "rev": e.rev, "head": e.head, "facts": e.facts}
            for place, e in enumerate(entries)
        ]
        session.execute(sa.insert(LogEntry), rows)


def entries(session: Session, since: int = 0, until: int | None = None) -> Iterator[tuple[int, Entry]]:
    """Number and entry, in order."""
    query = sa.select(LogEntry.n, LogEntry.kind, LogEntry.subject, LogEntry.rev, LogEntry.head, LogEntry.facts).order_by(LogEntry.n)
    query = query.where(LogEntry.n >= since) if until is None else query.where(LogEntry.n >= since, LogEntry.n < until)
    for n, kind, subject, rev, head, facts in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield n, Entry(kind, subject, rev, octets(head), octets(facts))
