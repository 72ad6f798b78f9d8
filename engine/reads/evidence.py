"""The check of the log: its tree against what was signed, and every chain against what the log saw
of it."""

import base64
import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from itertools import chain as chain_of, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common import merkle, notes
from common.instant import read_instant
from common.merkle import Edge
from common.notes import BadNote, Checkpoint, Keyring, Tree
from common.tiles import tiles
from engine.states import LogFlaw, LogKind
from engine.store import chain, guard, log, rows, seals
from engine.store.log import Entry
from engine.store.tables import (
    Access,
    AccessHead,
    Base,
    FileContent,
    Instance,
    Journal,
    LogCheckpoint,
    LogEntry,
    LogWitness,
    Note,
    ReleaseRow,
    RowEntry,
    SubmissionRow,
)

AT_ONCE = 1_000  # rows in memory
# entries of rows whose rows are compared by themselves; of more all are, from a file
MOST_NEW = 100_000
ROW = "row"  # the kind of a fault of a row, beside those of chains
RAW = sa.types.NullType()


@dataclass(frozen=True, slots=True)
class LogFault:
    """What is wrong, and with what: `kind` and `subject` of the chain, or "" and a size for the log
    itself."""

    what: LogFlaw
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Up to where somebody has checked, and found no fault; whoever checks keeps it, and not in the
    database."""

    size: int  #: entries of the log
    edge: bytes  #: of their tree


ALL = Checked(0, b"")  #: nothing yet


@dataclass(frozen=True, slots=True)
class LogReport:
    entries: int
    checkpoints: int
    covered: int  #: entries under the last checkpoint
    last: str | None  #: its note
    rows: int | None  #: how many rows were compared with their entries; None: here they have none
    faults: tuple[LogFault, ...]
    checked: Checked  #: where a check of what is new may begin, if this one found no fault


def verify_log(
    session: Session,
    keys: Keyring,
    kept: Sequence[str] = (),
    tables: Sequence[sa.Table] = (),
    since: Checked = ALL,
) -> LogReport:
    """`kept`: checkpoints that lie elsewhere, which the log must still agree with. `tables`: of the
    business, whose rows are compared with their entries. While people work only a snapshot shows
    one state.

    `since`: only what the log saw behind that, and rows that were entered since. It costs what was
    done since, and does not find what somebody does now to what was checked before: that only a
    check of everything finds.
    """
    with log.lenient(session):
        return _verified(session, keys, kept, tables, since)


def _verified(
    session: Session, keys: Keyring, kept: Sequence[str], tables: Sequence[sa.Table], since: Checked
) -> LogReport:
    newer = LogCheckpoint.size >= since.size if since.size else sa.true()
    stored = session.execute(
        sa.select(*log.raw(LogCheckpoint)).where(newer).order_by(LogCheckpoint.size)
    ).all()
    faults: list[LogFault] = []
    signed = [
        tree.checkpoint
        for tree in (_tree_of(note, keys, faults) for note in kept)
        if tree is not None
    ]
    looks: list[tuple[int, str]] = []
    for row in stored:
        tree, at = _tree_of(str(row.note), keys, faults), log.moment(row.at) or ""
        if tree is None:
            continue
        signed.append(tree.checkpoint)
        looks.append((tree.checkpoint.size, at))
        if tree.checkpoint.size != row.size or (
            tree.at is not None and not at.startswith(_second(tree.at))
        ):
            faults.append(LogFault(LogFlaw.SIGNATURE, "", str(row.size)))
    edge = _compare_trees(
        session,
        since,
        signed,
        {log.number(row.size): log.octets(row.edge) for row in stored},
        faults,
    )
    last = stored[-1] if stored else None
    covered, note = (log.number(last.size), str(last.note)) if last is not None else (0, None)
    faults += (unseen := list(_late(session, since.size, looks)))
    of_rows, behind = _links(
        session, since.size, covered, looks, {fault.subject for fault in unseen}
    )
    faults += of_rows
    faults += (of_instances := list(_first_of_each(_instances(session, since.size, behind))))
    faults += _states(session, since.size, behind, {fault.subject for fault in of_instances})
    faults += _first_of_each(_days(session, since.size))
    faults += _once(session, since.size)
    faults += _contents(session)
    compared = _rows(session, tables, since.size, covered, faults)
    return LogReport(
        edge.size,
        len(stored),
        covered,
        note,
        compared,
        tuple(faults),
        Checked(edge.size, bytes(edge)),
    )


def _second(at: int) -> str:
    """As `log.moment` begins it."""
    return chain.moment(dt.datetime.fromtimestamp(at, dt.UTC))[: len("2026-11-29T03:00:00")]


def _tree_of(note: str, keys: Keyring, faults: list[LogFault]) -> Tree | None:
    try:
        return keys.checkpoint(note)
    except BadNote:
        faults.append(
            LogFault(LogFlaw.SIGNATURE, "", note.partition("\n")[2].partition("\n")[0][:20])
        )
        return None


def _compare_trees(
    session: Session,
    since: Checked,
    signed: Sequence[Checkpoint],
    edges: Mapping[int, bytes],
    faults: list[LogFault],
) -> Edge:
    """Every signed tree is the beginning of the one that the entries make, and stands here with its
    edge; the edge of that one."""
    wanted: dict[int, set[bytes]] = {}
    for tree in signed:
        if tree.size >= since.size:
            wanted.setdefault(tree.size, set()).add(tree.root)
    edge, expected = Edge(since.size, since.edge), since.size
    if since.size > (
        session.scalar(sa.select(sa.func.count()).where(LogEntry.n < since.size)) or 0
    ):
        faults.append(LogFault(LogFlaw.ROLLED_BACK, "", str(since.size)))

    def compare() -> None:
        roots = wanted.pop(edge.size, set())
        if any(root != edge.root for root in roots):
            faults.append(LogFault(LogFlaw.TREE, "", str(edge.size)))
        elif roots and edge.size not in edges:
            faults.append(LogFault(LogFlaw.REMOVED, LogKind.CHECKPOINT, str(edge.size)))
        elif roots and edges[edge.size] != bytes(edge):
            faults.append(LogFault(LogFlaw.FACTS, LogKind.CHECKPOINT, str(edge.size)))

    compare()
    for n, entry in log.entries(session, since=since.size):
        if n != expected:
            faults.append(LogFault(LogFlaw.GAP, "", str(expected)))
        expected = n + 1
        edge.add(entry.leaf)
        compare()
    faults += [LogFault(LogFlaw.ROLLED_BACK, "", str(size)) for size in sorted(wanted)]
    return edge


def _first_of_each(faults: Iterable[LogFault]) -> Iterator[LogFault]:
    """Of a chain that is not what any of its entries saw, the oldest one says it."""
    told: set[str] = set()
    for fault in faults:
        if fault.subject not in told:
            told.add(fault.subject)
            yield fault


def _behind(since: int) -> sa.ColumnElement[bool]:
    """Entries of the log from there on; all, whatever number somebody gave them."""
    return LogEntry.n >= since if since else sa.true()


def _links(
    session: Session,
    since: int,
    covered: int,
    looks: Sequence[tuple[int, str]],
    unseen: AbstractSet[str],
) -> tuple[list[LogFault], Mapping[str, int]]:
    """Rows of journals and accesses that are not ours, or that say a time before a look that would
    have seen them: the first of each chain.

    Further, of instances behind whose last act of ours others stand: its revision. `covered`:
    entries that are signed; of what these saw whoever signed has looked at the seals, and said what
    was not ours. `unseen`: instances that are told to be of before, rows and all.
    """
    sizes = [size for size, _at in looks]
    faults = [
        LogFault(LogFlaw.SEAL, entry.kind, f"{entry.subject} {entry.rev}")
        for entry in log.foreign(session, since)
    ]
    told, behind = (
        {(fault.kind, fault.subject.rpartition(" ")[0]) for fault in faults},
        dict[str, int](),
    )
    for link in log.links(session, since):
        # looks that did not see it
        before = len(sizes) if link.seen is None else bisect_right(sizes, link.seen)
        ours = link.ours or (link.seen is not None and link.seen < covered)
        if not ours and link.kind == LogKind.ACT:
            behind.setdefault(link.chain, link.place - 1)
        elif link.chain in behind:
            del behind[link.chain]  # it went on: what stands beside it may be of later
        late = (
            before > 0 and link.chain not in unseen and _is_earlier(link.at, looks[before - 1][1])
        )
        if (late or not ours) and (link.kind, link.chain) not in told:
            told.add((link.kind, link.chain))
            faults.append(
                LogFault(LogFlaw.UNSEEN if ours else LogFlaw.SEAL, link.kind, link.subject)
            )
    return faults, behind


def _instances(session: Session, since: int, behind: Mapping[str, int]) -> Iterator[LogFault]:
    """`behind`: the revision of the last act of ours, of those behind which others stand."""
    query: sa.Select[Any] = (
        sa.select(
            *log.raw(LogEntry, log.SEEN),
            *log.raw(Instance),
            sa.type_coerce(Journal.hash, RAW).label("then"),
        )
        .outerjoin(Instance, Instance.id == LogEntry.subject)
        .outerjoin(
            Journal, sa.and_(Journal.instance_id == LogEntry.subject, Journal.rev == LogEntry.rev)
        )
        .where(LogEntry.kind == LogKind.INSTANCE, _behind(since))
        .order_by(LogEntry.n)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(query):
        seen = log.entry_of(row)
        last = behind.get(seen.subject)
        what: LogFlaw | None = None
        if row.id is None:
            what = LogFlaw.REMOVED
        elif log.number(row.rev) < seen.rev or row.then is None:
            what = LogFlaw.CUT
        elif log.octets(row.then) != seen.head:
            what = LogFlaw.REWRITTEN
        elif (row.rev == seen.rev and log.of_instance(row) != seen) or (
            last == seen.rev and log.instance_facts(row) != seen.facts
        ):
            what = LogFlaw.FACTS
        if what is not None:
            yield LogFault(what, LogKind.INSTANCE, seen.subject)


def _states(
    session: Session, since: int, behind: Mapping[str, int], told: AbstractSet[str]
) -> Iterator[LogFault]:
    """What stands beside the journal, of instances that were seen at their last act of ours,
    without those that are told."""
    seen = sa.and_(
        LogEntry.subject == Instance.id,
        LogEntry.kind == LogKind.STATE,
        LogEntry.rev == Instance.rev,
    )
    query = (
        sa.select(Instance.id, sa.type_coerce(LogEntry.head, RAW))
        .join(LogEntry, seen)
        .where(_behind(since))
        .order_by(Instance.id)
    )
    last = sa.select(LogEntry.subject, sa.type_coerce(LogEntry.head, RAW)).where(
        LogEntry.kind == LogKind.STATE, _behind(since)
    )
    others = (
        row
        for id_, rev in behind.items()
        for row in session.execute(last.where(LogEntry.subject == id_, LogEntry.rev == rev))
    )
    found = chain_of(session.execute(query.execution_options(yield_per=log.BLOCK)), others)
    while block := [(str(id_), log.octets(head)) for id_, head in islice(found, log.BLOCK)]:
        now = log.states(session, [id_ for id_, _head in block])
        yield from (
            LogFault(LogFlaw.FACTS, LogKind.STATE, id_)
            for id_, head in block
            if now[id_] != head and id_ not in told
        )


def _late(session: Session, since: int, looks: Sequence[tuple[int, str]]) -> Iterator[LogFault]:
    """Instances that say that they began before a look which did not see them: entered behind it,
    whatever a later look made of them."""
    sizes = [size for size, _at in looks]
    known = sa.and_(LogEntry.subject == Instance.id, LogEntry.kind == LogKind.INSTANCE)
    began = sa.type_coerce(Instance.started_at, RAW)
    first = sa.func.min(LogEntry.n)
    seen = (
        sa.select(Instance.id, began, first)
        .outerjoin(LogEntry, known)
        .group_by(Instance.id, Instance.started_at)
    )
    seen = seen.having(sa.or_(first >= since, first.is_(None)) if since else sa.true()).order_by(
        Instance.id
    )
    found: Any = session.execute(seen.execution_options(yield_per=AT_ONCE))
    for subject, started, n in found:
        # looks whose tree is without it
        before = len(sizes) if n is None else bisect_right(sizes, n)
        if before and _is_earlier(started, looks[before - 1][1]):
            yield LogFault(LogFlaw.UNSEEN, LogKind.INSTANCE, str(subject))


def _is_earlier(started: object, look: str) -> bool:
    try:
        return read_instant(started) < read_instant(look) - log.GRACE
    except (ValueError, TypeError, OverflowError):
        return True  # no command writes such a moment


def _days(session: Session, since: int) -> Iterator[LogFault]:
    query: sa.Select[Any] = (
        sa.select(
            *log.raw(LogEntry, log.SEEN),
            sa.type_coerce(AccessHead.n, RAW).label("n"),
            sa.type_coerce(Access.hash, RAW).label("then"),
        )
        .outerjoin(AccessHead, AccessHead.day == LogEntry.subject)
        .outerjoin(Access, sa.and_(Access.day == LogEntry.subject, Access.n == LogEntry.rev))
        .where(LogEntry.kind == LogKind.ACCESS, _behind(since))
        .order_by(LogEntry.n)
    )
    for row in session.execute(query):
        seen = log.entry_of(row)
        if row.n is None:
            yield LogFault(LogFlaw.REMOVED, LogKind.ACCESS, seen.subject)
        elif log.number(row.n) < seen.rev or row.then is None:
            yield LogFault(LogFlaw.CUT, LogKind.ACCESS, seen.subject)
        elif log.octets(row.then) != seen.head:
            yield LogFault(LogFlaw.REWRITTEN, LogKind.ACCESS, seen.subject)


def _once(session: Session, since: int) -> Iterator[LogFault]:
    """Notes, releases, and what was signed before: what was seen stands as it was."""
    same = sa.cast(Note.id, sa.String) == LogEntry.subject
    for row in _seen_once(session, LogKind.NOTE, Note, same, since):
        yield from _compared(log.entry_of(row), None if row.id is None else log.of_note(row))
    same = sa.cast(ReleaseRow.id, sa.String) == LogEntry.subject
    for row in list(_seen_once(session, LogKind.RELEASE, ReleaseRow, same, since)):
        yield from _compared(
            log.entry_of(row), None if row.id is None else log.of_release(session, row)
        )
    same = sa.cast(LogCheckpoint.size, sa.String) == LogEntry.subject
    for row in _seen_once(session, LogKind.CHECKPOINT, LogCheckpoint, same, since):
        yield from _compared(
            log.entry_of(row), None if row.size is None else log.of_checkpoint(row)
        )


def _seen_once(
    session: Session, kind: LogKind, table: type[Base], same: sa.ColumnElement[bool], since: int
) -> Iterator[sa.Row[Any]]:
    seen = (
        sa.select(*log.raw(LogEntry, log.SEEN), *log.raw(table))
        .outerjoin(table, same)
        .where(LogEntry.kind == kind, _behind(since))
    )
    yield from session.execute(seen.order_by(LogEntry.n).execution_options(yield_per=AT_ONCE))


def _rows(
    session: Session, tables: Sequence[sa.Table], since: int, covered: int, faults: list[LogFault]
) -> int | None:
    """Entries of rows against what the log saw of them; then rows against their newest entry that
    is ours: all, or those that were entered since. How many rows; None: they are not watched.
    `covered`: entries that are signed; behind them each seal is looked at."""
    foreign, new, connection = set[int](), list[range](), session.connection()
    of_rows = sa.and_(
        LogEntry.subject == sa.cast(RowEntry.id, sa.String), LogEntry.kind == LogKind.ROWS
    )
    seen = (
        sa.select(*log.raw(LogEntry, log.SEEN), *log.raw(RowEntry))
        .outerjoin(RowEntry, of_rows)
        .where(LogEntry.kind == LogKind.ROWS)
    )
    for row in session.execute(
        seen.where(_behind(since)).order_by(LogEntry.n).execution_options(yield_per=AT_ONCE)
    ):
        if row.id is None:
            faults.append(LogFault(LogFlaw.REMOVED, LogKind.ROWS, str(row.seen_subject)))
        elif log.entry_of(row) != log.of_rows(row, ours=True):
            unsealed = log.entry_of(row) in (log.of_rows(row, ours=False), log.of_foreign(row))
            faults.append(
                LogFault(LogFlaw.SEAL if unsealed else LogFlaw.REWRITTEN, LogKind.ROWS, str(row.id))
            )
            foreign.add(row.id)
        else:
            new.append(range(row.id, row.id + 1))
    seen = (
        sa.select(*log.raw(LogEntry, log.SEEN))
        .where(LogEntry.kind == LogKind.RUN, _behind(since))
        .order_by(LogEntry.n)
    )
    for row in session.execute(seen.execution_options(yield_per=AT_ONCE)):
        new.append(log.run_of(row.seen_subject))
        for fault in _run(session, log.entry_of(row)):
            faults.append(fault)
            foreign |= {int(fault.subject)} if fault.kind == LogKind.ROWS else set()
    for entry in log.forged(session, covered):
        faults.append(LogFault(LogFlaw.SEAL, LogKind.ROWS, entry.subject))
        foreign.add(int(entry.subject))
    for row in log.rows_unseen(session, since=log.first_unsure(session) if since else 0):
        new.append(range(row.id, row.id + 1))
        if not seals.holds(connection.dialect, log.octets(row.content), log.octets(row.seal)):
            faults.append(LogFault(LogFlaw.SEAL, LogKind.ROWS, str(row.id)))
            foreign.add(row.id)
    if not since:
        faults += [
            LogFault(LogFlaw.INVENTED, LogKind.ROWS, str(id_)) for id_ in rows.copied(connection)
        ]
    if not tables or not rows.watched(connection):
        return None
    compared, ours = Counter[str](), rows.with_ours(tables)
    if since and sum(map(len, new)) <= MOST_NEW:
        different = rows.differing_since(connection, ours, new, foreign, compared)
    else:
        different = rows.differing(connection, ours, foreign, compared)
    for other in different:
        what = (
            LogFlaw.INVENTED
            if other.entered is None
            else LogFlaw.REMOVED
            if other.now == rows.GONE
            else LogFlaw.FACTS
        )
        what = LogFlaw.BETWEEN if other.between else what
        faults.append(LogFault(what, ROW, " ".join([other.table, *map(str, other.key)])))
    return compared.total()


def _run(session: Session, seen: Entry) -> Iterator[LogFault]:
    """Entries of rows that the log saw together: those that are missing or that we did not seal,
    else all of them."""
    run = log.run_of(seen.subject)
    theirs = (
        sa.select(*log.raw(RowEntry))
        .where(RowEntry.id >= run.start, RowEntry.id < run.stop)
        .order_by(RowEntry.id)
    )
    found = session.execute(theirs).all() if run else []
    if found and log.of_run(found) == seen:
        return
    there, connection = {row.id for row in found}, session.connection()
    others = [
        row.id
        for row in found
        if not seals.holds(connection.dialect, log.octets(row.content), log.octets(row.seal))
    ]
    faults = [LogFault(LogFlaw.REMOVED, LogKind.ROWS, str(n)) for n in run if n not in there]
    faults += [LogFault(LogFlaw.REWRITTEN, LogKind.ROWS, str(n)) for n in others]
    yield from faults or [LogFault(LogFlaw.REWRITTEN, LogKind.RUN, seen.subject)]


def _compared(seen: Entry, now: Entry | None) -> Iterator[LogFault]:
    if now is None:
        yield LogFault(LogFlaw.REMOVED, seen.kind, seen.subject)
    elif now.head != seen.head:
        yield LogFault(LogFlaw.REWRITTEN, seen.kind, seen.subject)
    elif now.facts != seen.facts:
        yield LogFault(LogFlaw.FACTS, seen.kind, seen.subject)


def _contents(session: Session) -> Iterator[LogFault]:
    """Files of releases lie under the hash of what they hold."""
    for row in session.execute(sa.select(*log.raw(FileContent)).execution_options(yield_per=20)):
        if chain.sha256(log.octets(row.content)).hex() != row.sha256:
            yield LogFault(LogFlaw.CONTENT, LogKind.RELEASE, str(row.sha256)[:16])


def changeable(connection: sa.Connection) -> list[str]:
    """Tables whose rows are written once, and which this account of the database may change all the
    same."""
    return guard.changeable(connection)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What a witness has seen, and why not more."""

    name: str
    size: int
    seen: dt.datetime | None
    fault: str | None  #: a WitnessFault


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest signed tree, and who has seen which."""

    size: int
    at: dt.datetime
    witnesses: tuple[Witnessed, ...]


def standing(session: Session) -> Standing | None:
    """None: nothing was signed."""
    newest = session.execute(
        sa.select(LogCheckpoint.size, LogCheckpoint.at).order_by(LogCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    if newest is None:
        return None
    rows = session.execute(
        sa.select(LogWitness.name, LogWitness.size, LogWitness.seen, LogWitness.fault).order_by(
            LogWitness.name
        )
    ).all()
    return Standing(newest.size, newest.at, tuple(Witnessed(*row) for row in rows))


def cosigned(session: Session) -> list[str]:
    """The newest note that each witness has seen, with its signature."""
    return list(
        session.scalars(
            sa.select(LogWitness.note).where(LogWitness.size > 0).order_by(LogWitness.name)
        )
    )


def proofs(session: Session, case_key: str) -> list[tuple[str, str]]:
    """Instance and proof of its newest entry under the last checkpoint, of each instance of the
    case that it covers."""
    of_case = sa.select(Instance.id).where(Instance.case_key == case_key)
    return sorted(_proofs(session, LogKind.INSTANCE, list(session.scalars(of_case))).items())


def _proofs(session: Session, kind: LogKind, subjects: Sequence[str]) -> dict[str, str]:
    """Subject → proof of its newest entry under the last checkpoint."""
    last = session.scalar(sa.select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))
    if last is None or not subjects:
        return {}
    theirs = sa.select(*log.raw(LogEntry, log.SEEN)).where(
        LogEntry.kind == kind, LogEntry.subject.in_(subjects), LogEntry.n < last.size
    )
    newest = {
        str(row.seen_subject): (log.number(row.seen_n), log.entry_of(row))
        for row in session.execute(theirs.order_by(LogEntry.n))
    }
    leaves = [entry.leaf for _n, entry in log.entries(session, until=last.size)] if newest else []
    return {
        subject: notes.proof(entry.content, n, merkle.inclusion(leaves, n), last.note)
        for subject, (n, entry) in newest.items()
        if 0 <= n < len(leaves)
    }


def tiled(session: Session) -> Iterator[tuple[str, bytes]]:
    """The log under its last signature as files of tlog-tiles, the signature last; nothing where
    nothing was signed."""
    last = session.scalar(sa.select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))
    if last is not None:
        yield from tiles(entry.content for _n, entry in log.entries(session, until=last.size))
        yield "checkpoint", last.note.encode()


def export(session: Session, case_key: str) -> dict[str, Any] | None:
    """All that proves a case, for `verifier/ventanilla_verify.py`, which needs but a public key.
    None: there is no such case."""
    instances = session.scalars(
        sa.select(Instance)
        .where(Instance.case_key == case_key)
        .order_by(Instance.started_at, Instance.id)
    ).all()
    if not instances:
        return None
    written = session.scalars(
        sa.select(Note).where(Note.case_key == case_key).order_by(Note.id)
    ).all()
    of_instances = _proofs(session, LogKind.INSTANCE, [instance.id for instance in instances])
    of_notes = _proofs(session, LogKind.NOTE, [str(note.id) for note in written])
    return {
        "format": "ventanilla-evidence/1",
        "case": case_key,
        "instances": [
            _exported(session, instance) | {"proof": of_instances.get(instance.id)}
            for instance in instances
        ],
        "notes": [
            {
                **{name: getattr(note, name) for name in ("id", "kind", "actor_id", "text")},
                "at": chain.moment(note.at),
                "digest": bytes(note.digest).hex(),
                "proof": of_notes.get(str(note.id)),
            }
            for note in written
        ],
    }


def _exported(session: Session, instance: Instance) -> dict[str, Any]:
    rows = session.scalars(
        sa.select(Journal).where(Journal.instance_id == instance.id).order_by(Journal.rev)
    ).all()
    forms = session.scalars(
        sa.select(SubmissionRow)
        .where(SubmissionRow.instance_id == instance.id)
        .order_by(SubmissionRow.rev)
    ).all()
    return {
        **{
            name: getattr(instance, name)
            for name in ("id", "case_key", "process", "release", "status", "start_key", "rev")
        },
        "started_at": chain.moment(instance.started_at),
        "ended_at": chain.moment(instance.ended_at) if instance.ended_at is not None else None,
        "journal": [
            {
                **{
                    name: getattr(row, name)
                    for name in ("rev", "actor_kind", "actor_id", "kind", "element", "detail")
                },
                "at": chain.moment(row.at),
                "delta": base64.b64encode(bytes(row.delta)).decode(),
                "digest": bytes(row.digest).hex() if row.digest is not None else None,
                "prev_hash": before.hex(),
                "hash": bytes(row.hash).hex(),
            }
            for before, row in zip(
                [chain.START, *(bytes(row.hash) for row in rows)], rows, strict=False
            )
        ],
        "forms": [
            {
                **{name: getattr(form, name) for name in ("rev", "element", "form", "actor_id")},
                "salt": bytes(form.salt).hex() if form.salt is not None else None,
                "values": form.form_values,
            }
            for form in forms
        ],
    }
