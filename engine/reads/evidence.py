"""The check of the log: its tree against what was signed, and every chain against what the log saw of it."""

from bisect import bisect_right
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common import merkle
from common import notes
from common.merkle import Edge
from common.notes import BadNote
from common.notes import Checkpoint
from common.notes import Verifier
from engine.states import LogFlaw
from engine.states import LogKind
from engine.store import chain
from engine.store import log
from engine.store.log import Entry
from engine.store.tables import Access
from engine.store.tables import AccessHead
from engine.store.tables import FileContent
from engine.store.tables import Instance
from engine.store.tables import Journal
from engine.store.tables import LogCheckpoint
from engine.store.tables import LogEntry
from engine.store.tables import Note
from engine.store.tables import ReleaseRow

AT_ONCE = 1_000  # rows in memory


@dataclass(frozen=True, slots=True)
class LogFault:
    """What is wrong, and with what: `kind` and `subject` of the chain, or "" and a size for the log itself."""

    what: LogFlaw
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class LogReport:
    entries: int
    checkpoints: int
    covered: int  #: entries under the last checkpoint
    last: str | None  #: its note
    faults: tuple[LogFault, ...]


def verify_log(session: Session, keys: Sequence[Verifier], kept: Sequence[str] = ()) -> LogReport:
    """`kept`: checkpoints that lie elsewhere, which the log must still agree with. While people work only a snapshot shows one state."""
    stored = session.scalars(sa.select(LogCheckpoint).order_by(LogCheckpoint.size)).all()
    faults: list[LogFault] = []
    signed = [*_trees([row.note for row in stored], keys, faults), *_trees(kept, keys, faults)]
    for row, note in zip(stored, (_tree_of(row.note, keys) for row in stored), strict=True):
        if note is not None and note.size != row.size:
            faults.append(LogFault(LogFlaw.SIGNATURE, "", str(row.size)))
    number = _compare_trees(session, signed, faults)
    faults += _first_of_each(_instances(session))
    faults += _late(session, stored)
    faults += _first_of_each(_days(session))
    faults += _once(session)
    faults += _contents(session)
    last = stored[-1] if stored else None
    return LogReport(number, len(stored), last.size if last is not None else 0, last.note if last is not None else None, tuple(faults))


def _tree_of(note: str, keys: Sequence[Verifier]) -> Checkpoint | None:
    try:
        return Checkpoint.of(notes.read(note, keys))
    except BadNote:
        return None


def _trees(given: Sequence[str], keys: Sequence[Verifier], faults: list[LogFault]) -> Iterator[Checkpoint]:
    for note in given:
        tree = _tree_of(note, keys)
        if tree is None:
            faults.append(LogFault(LogFlaw.SIGNATURE, "", note.partition("\n")[2].partition("\n")[0][:20]))
        else:
            yield tree


def _compare_trees(session: Session, signed: Sequence[Checkpoint], faults: list[LogFault]) -> int:
    """Every signed tree is the beginning of the one that the entries make; how many entries there are."""
    wanted: dict[int, set[bytes]] = {}
    for tree in signed:
        wanted.setdefault(tree.size, set()).add(tree.root)
    edge, expected = Edge(), 0

    def compare() -> None:
        if any(root != edge.root for root in wanted.pop(edge.size, ())):
            faults.append(LogFault(LogFlaw.TREE, "", str(edge.size)))

    compare()
    for n, entry in log.entries(session):
        if n != expected:
            faults.append(LogFault(LogFlaw.GAP, "", str(expected)))
        expected = n + 1
        edge.add(entry.leaf)
        compare()
    faults += [LogFault(LogFlaw.ROLLED_BACK, "", str(size)) for size in sorted(wanted)]
    return edge.size


def _entry(row: LogEntry) -> Entry:
    return Entry(row.kind, row.subject, row.rev, log.octets(row.head), log.octets(row.facts))


def _first_of_each(faults: Iterable[LogFault]) -> Iterator[LogFault]:
    """Of a chain that is not what any of its entries saw, the oldest one says it."""
    told: set[str] = set()
    for fault in faults:
        if fault.subject not in told:
            told.add(fault.subject)
            yield fault


def _instances(session: Session) -> Iterator[LogFault]:
    query = (
        sa.select(LogEntry, Instance, Journal.hash)
        .outerjoin(Instance, Instance.id == LogEntry.subject)
        .outerjoin(Journal, sa.and_(Journal.instance_id == LogEntry.subject, Journal.rev == LogEntry.rev))
        .where(LogEntry.kind == LogKind.INSTANCE)
        .order_by(LogEntry.n)
        .execution_options(yield_per=AT_ONCE)
    )
    found: Any = session.execute(query)
    for row, instance, hash_then in found:
        seen = _entry(row)
        what: LogFlaw | None = None
        if instance is None:
            what = LogFlaw.REMOVED
        elif instance.rev < seen.rev or hash_then is None:
            what = LogFlaw.CUT
        elif log.octets(hash_then) != seen.head:
            what = LogFlaw.REWRITTEN
        elif instance.rev == seen.rev and log.of_instance(instance) != seen:
            what = LogFlaw.FACTS
        if what is not None:
            yield LogFault(what, LogKind.INSTANCE, seen.subject)


def _late(session: Session, stored: Sequence[LogCheckpoint]) -> Iterator[LogFault]:
    """Instances that say that they began before a look which did not see them: entered behind it, whatever a later look made of them."""
    sizes = [row.size for row in stored]
    known = sa.and_(LogEntry.subject == Instance.id, LogEntry.kind == LogKind.INSTANCE)
    first = sa.select(Instance.id, Instance.started_at, sa.func.min(LogEntry.n)).outerjoin(LogEntry, known)
    grouped = first.group_by(Instance.id, Instance.started_at).order_by(Instance.id).execution_options(yield_per=AT_ONCE)
    found: Any = session.execute(grouped)
    for subject, began, n in found:
        looks = len(sizes) if n is None else bisect_right(sizes, n)  # whose tree is without it
        if looks and began < stored[looks - 1].at - log.GRACE:
            yield LogFault(LogFlaw.UNSEEN, LogKind.INSTANCE, subject)


def _days(session: Session) -> Iterator[LogFault]:
    query = (
        sa.select(LogEntry, AccessHead.n, Access.hash)
        .outerjoin(AccessHead, AccessHead.day == LogEntry.subject)
        .outerjoin(Access, sa.and_(Access.day == LogEntry.subject, Access.n == LogEntry.rev))
        .where(LogEntry.kind == LogKind.ACCESS)
        .order_by(LogEntry.n)
    )
    found: Any = session.execute(query)
    for row, number, hash_then in found:
        seen = _entry(row)
        if number is None:
            yield LogFault(LogFlaw.REMOVED, LogKind.ACCESS, seen.subject)
        elif number < seen.rev or hash_then is None:
            yield LogFault(LogFlaw.CUT, LogKind.ACCESS, seen.subject)
        elif log.octets(hash_then) != seen.head:
            yield LogFault(LogFlaw.REWRITTEN, LogKind.ACCESS, seen.subject)


def _once(session: Session) -> Iterator[LogFault]:
    """Notes and releases: what was seen stands as it was."""
    notes_seen = sa.select(LogEntry, Note).outerjoin(Note, sa.cast(Note.id, sa.String) == LogEntry.subject)
    found: Any = session.execute(notes_seen.where(LogEntry.kind == LogKind.NOTE).order_by(LogEntry.n))
    for row, note in found:
        yield from _compared(_entry(row), None if note is None else log.of_note(note))
    seen = sa.select(LogEntry, ReleaseRow).outerjoin(ReleaseRow, sa.cast(ReleaseRow.id, sa.String) == LogEntry.subject)
    found = session.execute(seen.where(LogEntry.kind == LogKind.RELEASE).order_by(LogEntry.n)).all()
    for row, release in found:
        yield from _compared(_entry(row), None if release is None else log.of_release(session, release))


def _compared(seen: Entry, now: Entry | None) -> Iterator[LogFault]:
    if now is None:
        yield LogFault(LogFlaw.REMOVED, seen.kind, seen.subject)
    elif now.head != seen.head:
        yield LogFault(LogFlaw.REWRITTEN, seen.kind, seen.subject)
    elif now.facts != seen.facts:
        yield LogFault(LogFlaw.FACTS, seen.kind, seen.subject)


def _contents(session: Session) -> Iterator[LogFault]:
    """Files of releases lie under the hash of what they hold."""
    for sha256, content in session.execute(sa.select(FileContent.sha256, FileContent.content).execution_options(yield_per=20)):
        if chain.sha256(log.octets(content)).hex() != sha256:
            yield LogFault(LogFlaw.CONTENT, LogKind.RELEASE, sha256[:16])


def proofs(session: Session, case_key: str) -> list[tuple[str, str]]:
    """Instance and proof of its newest entry under the last checkpoint, of each instance of the case that it covers."""
    last = session.scalar(sa.select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))
    if last is None:
        return []
    newest: dict[str, tuple[int, Entry]] = {}
    of_case = sa.select(LogEntry).join(Instance, Instance.id == LogEntry.subject).where(Instance.case_key == case_key)
    for row in session.scalars(of_case.where(LogEntry.kind == LogKind.INSTANCE, LogEntry.n < last.size).order_by(LogEntry.n)):
        newest[row.subject] = row.n, _entry(row)
    leaves = [entry.leaf for _n, entry in log.entries(session, until=last.size)] if newest else []
    return [
        (subject, notes.proof(entry.content, n, merkle.inclusion(leaves, n), last.note)) for subject, (n, entry) in sorted(newest.items())
    ]
