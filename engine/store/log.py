"""Entries of the transparency log: a chain that has grown since its last entry gets a new one.

No command writes here, so none waits for it; what commits late is found at the next look
(docs/evidence.md).
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.instant import read_instant
from common.merkle import leaf_hash
from engine.states import JobState, LogKind
from engine.store import chain, rows, seals, sql
from engine.store.tables import (
    OF_A_REVISION,
    Access,
    AccessHead,
    Base,
    Instance,
    Journal,
    LogCheckpoint,
    LogEntry,
    Note,
    ReleaseFile,
    ReleaseRow,
    RowEntry,
)

AT_ONCE = 1_000  # rows in memory
OVERLAP = 10_000  # entries of rows that are looked at again
BLOCK = 500  # instances whose rows are read at once
#: What changes without a revision: a form is erased (its digest stands in the journal), an open job
#: begins.
ERASABLE, BEGUN = frozenset({"form_values", "salt"}), "done_at"
LONGEST_RUN = 39  # characters of two numbers of a table
DIGITS, MOST = 19, 2**63 - 1  # of the numbers of rows; one behind the last must be one, too
ONCE = 1  # the revision of what is written once
FOREIGN = 2  # and of the entry that says that it is not ours
#: How long before a look something may have begun that it did not see: its command was still under
#: way.
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


# --- rows as they lie there, whatever somebody put into them --------------------------------------
SEEN = "seen_"  #: before the columns of an entry, where those of the chain stand beside them


def raw(table: type[Base], before: str = "") -> list[sa.Label[Any]]:
    """The columns of a table without their types: SQLite keeps in each what it is given, and a type
    may be unable to read that. Without the variables of an instance, which `states` reads."""
    columns = [column for column in table.__table__.columns if column is not sql.INSTANCE.c.data]
    return [
        sa.type_coerce(column, sa.types.NullType()).label(f"{before}{column.key}")
        for column in columns
    ]


@contextmanager
def lenient(session: Session) -> Iterator[None]:
    """Text that is no UTF-8 is read all the same: SQLite keeps it, and its driver would end the
    whole query."""
    driver = session.connection().connection.driver_connection
    if driver is None or session.get_bind().dialect.name != "sqlite":
        yield
        return
    before, driver.text_factory = (
        driver.text_factory,
        lambda octets: octets.decode("utf-8", "backslashreplace"),
    )
    try:
        yield
    finally:
        driver.text_factory = before


def octets(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def number(value: object) -> int:
    """-1: it is none."""
    return value if isinstance(value, int) else -1


def moment(value: object) -> str | None:
    """As a chain writes it; of what is no moment its text."""
    if value is None:
        return None
    try:
        return chain.moment(read_instant(value))
    except (ValueError, TypeError, OverflowError):
        return str(value)


def _plain(value: object) -> str | int | None:
    if value is None or isinstance(value, str):
        return value
    return value if isinstance(value, int) else str(value)


def facts(*values: object) -> bytes:
    return chain.facts_digest(*map(_plain, values))


def of_instance(row: sa.Row[Any]) -> Entry:
    return Entry(
        LogKind.INSTANCE, str(row.id), number(row.rev), octets(row.head), instance_facts(row)
    )


def instance_facts(row: sa.Row[Any]) -> bytes:
    return facts(
        row.case_key,
        row.process,
        row.release,
        row.status,
        row.start_key,
        moment(row.started_at),
        moment(row.ended_at),
    )


def states(session: Session, instances: Sequence[str]) -> dict[str, bytes]:
    """Instance → digest of the rows that stand beside its journal, as they are at its revision."""
    found: dict[str, list[bytes]] = {id_: [] for id_ in instances}
    for table in map(sql.table, OF_A_REVISION):
        for values in rows.of_instances(session.connection(), table, instances):
            going = values.get("state") == JobState.OPEN
            said = {
                name: value
                for name, value in values.items()
                if name not in ERASABLE and not (going and name == BEGUN)
            }
            found[str(values["instance_id"])].append(rows.digest(table, said))
    variables = sa.select(
        sql.INSTANCE.c.id, sa.type_coerce(sql.INSTANCE.c.data, sa.types.NullType())
    )
    mine = (sql.INSTANCE.c.id.in_(instances), sql.INSTANCE.c.data.is_not(None))
    for id_, data in session.execute(variables.where(*mine)):
        found[str(id_)].append(facts("variables", data))
    return {id_: chain.sha256(b"".join(sorted(digests))) for id_, digests in found.items()}


def of_checkpoint(row: sa.Row[Any]) -> Entry:
    """One that was signed before: whether it still is there, the next ones say."""
    note = chain.sha256(str(row.note).encode("utf-8", "backslashreplace"))
    return Entry(
        LogKind.CHECKPOINT, str(row.size), ONCE, note, facts(moment(row.at), octets(row.edge).hex())
    )


def of_day(row: sa.Row[Any]) -> Entry:
    return Entry(LogKind.ACCESS, str(row.day), number(row.n), octets(row.hash), chain.START)


def of_note(row: sa.Row[Any]) -> Entry:
    return Entry(
        LogKind.NOTE,
        str(row.id),
        ONCE,
        octets(row.digest),
        facts(row.case_key, row.kind, row.actor_id, moment(row.at)),
    )


def of_release(session: Session, row: sa.Row[Any]) -> Entry:
    files = session.execute(sa.select(*raw(ReleaseFile)).where(ReleaseFile.release == row.id)).all()
    head = chain.facts_digest(*sorted((str(file.name), str(file.sha256)) for file in files))
    return Entry(
        LogKind.RELEASE,
        str(row.id),
        ONCE,
        head,
        facts(row.base, moment(row.at), row.actor, row.note),
    )


def of_rows(row: sa.Row[Any], *, ours: bool) -> Entry:
    """What a transaction wrote. `ours`: whether it bore our seal when the log first saw it."""
    return Entry(
        LogKind.ROWS,
        str(row.id),
        ONCE,
        chain.sha256(octets(row.content)),
        facts(octets(row.seal).hex(), ours),
    )


def of_foreign(row: sa.Row[Any]) -> Entry:
    """Of one that somebody entered together with an entry of the log, as if a look had seen it: who
    signs says that it is not ours."""
    return replace(of_rows(row, ours=False), rev=FOREIGN)


def of_run(run: Sequence[sa.Row[Any]]) -> Entry:
    """What transactions wrote whose numbers are one behind the other, all ours. Nobody proves one
    of them alone, so they need no entry each, which would be as large as theirs."""
    head = chain.sha256(
        b"".join(chain.sha256(octets(row.content)) + octets(row.seal) for row in run)
    )
    return Entry(LogKind.RUN, f"{run[0].id}-{run[-1].id}", ONCE, head, chain.START)


def run_of(subject: object) -> range:
    """The numbers of the entries of rows of which this entry of the log tells; none: no look made
    it."""
    first, _, last = str(subject).partition("-")
    if (
        len(str(subject)) > LONGEST_RUN
        or not 0 <= id_of(last) - id_of(first) < AT_ONCE
        or id_of(first) < 0
    ):
        return range(0)
    return range(id_of(first), id_of(last) + 1)


def id_of(written: str) -> int:
    """The number of a row; -1: no table has it."""
    return (
        int(written)
        if len(written) <= DIGITS and written.isdecimal() and int(written) < MOST
        else -1
    )


def news(session: Session) -> Iterator[Entry]:
    """What the log does not have yet, as it stands in this transaction. That something was signed
    before is no news by itself."""
    some = False
    for entry in _news_of_chains(session):
        some = True
        yield entry
    if some:
        known = sa.and_(
            LogEntry.subject == sa.cast(LogCheckpoint.size, sa.String),
            LogEntry.kind == LogKind.CHECKPOINT,
        )
        signed = (
            sa.select(*raw(LogCheckpoint))
            .outerjoin(LogEntry, known)
            .where(LogEntry.n.is_(None))
            .order_by(LogCheckpoint.size)
        )
        yield from map(of_checkpoint, session.execute(signed.execution_options(yield_per=AT_ONCE)))


def _news_of_chains(session: Session) -> Iterator[Entry]:
    new = LogEntry.n.is_(None)
    known = sa.and_(
        LogEntry.subject == Instance.id,
        LogEntry.kind == LogKind.INSTANCE,
        LogEntry.rev == Instance.rev,
    )
    instances = sa.select(*raw(Instance)).outerjoin(LogEntry, known).where(new)
    yield from map(of_instance, session.execute(instances.execution_options(yield_per=AT_ONCE)))
    yield from _news_of_states(session)
    known = sa.and_(
        LogEntry.subject == AccessHead.day,
        LogEntry.kind == LogKind.ACCESS,
        LogEntry.rev == AccessHead.n,
    )
    yield from map(
        of_day, session.execute(sa.select(*raw(AccessHead)).outerjoin(LogEntry, known).where(new))
    )
    known = sa.and_(LogEntry.subject == sa.cast(Note.id, sa.String), LogEntry.kind == LogKind.NOTE)
    written = sa.select(*raw(Note)).outerjoin(LogEntry, known).where(new)
    yield from map(of_note, session.execute(written.execution_options(yield_per=AT_ONCE)))
    known = sa.and_(
        LogEntry.subject == sa.cast(ReleaseRow.id, sa.String), LogEntry.kind == LogKind.RELEASE
    )
    for row in session.execute(
        sa.select(*raw(ReleaseRow)).outerjoin(LogEntry, known).where(new)
    ).all():
        yield of_release(session, row)
    yield from _rows_entered(session)


def _news_of_states(session: Session) -> Iterator[Entry]:
    known = sa.and_(
        LogEntry.subject == Instance.id,
        LogEntry.kind == LogKind.STATE,
        LogEntry.rev == Instance.rev,
    )
    moved = sa.select(Instance.id, sa.type_coerce(Instance.rev, sa.types.NullType())).outerjoin(
        LogEntry, known
    )
    found = iter(
        session.execute(moved.where(LogEntry.n.is_(None)).execution_options(yield_per=BLOCK))
    )
    while block := [(str(id_), number(rev)) for id_, rev in islice(found, BLOCK)]:
        seen = states(session, [id_ for id_, _rev in block])
        yield from (Entry(LogKind.STATE, id_, rev, seen[id_], chain.START) for id_, rev in block)


def _rows_entered(session: Session) -> Iterator[Entry]:
    connection, run = session.connection(), list[sa.Row[Any]]()
    for row in rows_unseen(session, since=first_unsure(session)):
        ours = seals.holds(connection.dialect, octets(row.content), octets(row.seal))
        if run and (not ours or row.id != run[-1].id + 1 or len(run) == AT_ONCE):
            yield of_run(run)
            run = []
        if ours:
            run.append(row)
        else:
            yield of_rows(row, ours=False)
    if run:
        yield of_run(run)


def first_unsure(session: Session) -> int:
    """The number of an entry of rows up to which the log has all: a little before one that the last
    look saw, since numbers are taken in the moment before the commit."""
    told = (
        sa.select(LogEntry.subject)
        .where(LogEntry.kind.in_([LogKind.ROWS, LogKind.RUN]))
        .order_by(LogEntry.n.desc())
        .limit(1)
    )
    # somebody may have told of one that is not
    there = session.scalar(sa.select(sa.func.max(RowEntry.id))) or 0
    return max(min(id_of(str(session.scalar(told)).rpartition("-")[2]), there) - OVERLAP, 0)


def rows_unseen(session: Session, since: int = 0) -> Iterator[sa.Row[Any]]:
    """Entries of rows behind this number of which the log does not tell."""
    seen = runs(session, since)
    known = sa.and_(
        LogEntry.subject == sa.cast(RowEntry.id, sa.String), LogEntry.kind == LogKind.ROWS
    )
    entered = (
        sa.select(*raw(RowEntry))
        .outerjoin(LogEntry, known)
        .where(LogEntry.n.is_(None), RowEntry.id > since)
        .order_by(RowEntry.id)
    )
    for row in session.execute(entered.execution_options(yield_per=AT_ONCE)):
        place = bisect_right(seen, row.id, key=lambda run: run.start) - 1
        if place < 0 or row.id not in seen[place]:
            yield row


def runs(session: Session, since: int = 0) -> list[range]:
    """Those that tell of numbers behind this one, by their numbers."""
    told = session.scalars(
        sa.select(LogEntry.subject)
        .where(LogEntry.kind == LogKind.RUN)
        .execution_options(yield_per=AT_ONCE)
    )
    return sorted(
        (run for run in map(run_of, told) if run.stop > since + 1), key=lambda run: run.start
    )


def forged(session: Session, since: int) -> Iterator[Entry]:
    """Entries of rows of which the log tells from there on, and which do not bear our seal: no look
    of ours took them for ours. Without those of which it says that already."""
    connection = session.connection()
    told = sa.select(LogEntry.subject).where(
        LogEntry.kind == LogKind.ROWS, LogEntry.rev == FOREIGN, LogEntry.n >= since
    )
    known = set(session.scalars(told))
    for _n, entry in entries(session, since):
        run = run_of(entry.subject) if entry.kind == LogKind.RUN else _of_one(entry)
        theirs = (
            sa.select(*raw(RowEntry))
            .where(RowEntry.id >= run.start, RowEntry.id < run.stop)
            .order_by(RowEntry.id)
        )
        for row in session.execute(theirs).all() if run else ():
            ours = seals.holds(connection.dialect, octets(row.content), octets(row.seal))
            if not ours and entry != of_rows(row, ours=False) and str(row.id) not in known:
                known.add(str(row.id))
                yield of_foreign(row)


# --- rows of chains, one by one -------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Link:
    """A row of a journal or of a day of the access chain, and the entry of the log that saw it
    first."""

    kind: LogKind  #: ACT or VIEW
    chain: str  #: the instance, the day
    place: int
    at: object  #: as it lies there
    value: bytes  #: its hash
    seen: int | None  #: the number of that entry; None: no look saw it yet
    ours: bool  #: it bears our seal

    @property
    def subject(self) -> str:
        return f"{self.chain} {self.place}"

    @property
    def foreign(self) -> Entry:
        """What the log says of one that we did not write."""
        return Entry(self.kind, self.chain, self.place, self.value, chain.START)


#: Kind of a row, kind of the entries that tell of its chain, columns: chain, place, moment, hash,
#: seal.
_CHAINS: tuple[tuple[LogKind, LogKind, tuple[Any, ...]], ...] = (
    (
        LogKind.ACT,
        LogKind.INSTANCE,
        (Journal.instance_id, Journal.rev, Journal.at, Journal.hash, Journal.seal),
    ),
    (LogKind.VIEW, LogKind.ACCESS, (Access.day, Access.n, Access.at, Access.hash, Access.seal)),
)


def links(session: Session, since: int, of: Sequence[str] | None = None) -> Iterator[Link]:
    """The rows of chains that no entry before this one saw, chain by chain in their order; `of`:
    those of these chains."""
    dialect = session.get_bind().dialect
    # else nothing holds what is read
    in_parts = session.connection().get_execution_options().get("isolation_level") != "AUTOCOMMIT"
    for kind, of_chain, (name, place, *others) in _CHAINS:
        same = (LogEntry.kind == of_chain, LogEntry.subject == name, LogEntry.rev >= place)
        seen = sa.select(LogEntry.n).where(*same).order_by(LogEntry.rev).limit(1).scalar_subquery()
        columns = [sa.type_coerce(column, sa.types.NullType()) for column in (place, *others)]
        query = (
            sa.select(name, *columns, seen)
            .where(name.in_(of) if of is not None else sa.true())
            .order_by(name, place)
        )
        if since:
            known = sa.select(LogEntry.subject, sa.func.max(LogEntry.rev).label("place"))
            known = known.where(
                LogEntry.kind == of_chain,
                LogEntry.n < since,
                LogEntry.subject.in_(of) if of is not None else sa.true(),
            )
            before = known.group_by(LogEntry.subject).subquery()
            query = query.outerjoin(before, before.c.subject == name).where(
                place > sa.func.coalesce(before.c.place, 0)
            )
        rows_: Any = session.execute(
            query.execution_options(yield_per=AT_ONCE) if in_parts else query
        )
        for chain_, n, at, value, by, entry in rows_:
            yield Link(
                kind,
                str(chain_),
                number(n),
                at,
                octets(value),
                entry,
                seals.link_holds(dialect, octets(value), octets(by)),
            )


def foreign(session: Session, since: int = 0, of: Sequence[str] | None = None) -> Iterator[Entry]:
    """What the log says from there on of rows of chains that we did not write."""
    query = sa.select(*raw(LogEntry, SEEN)).where(
        LogEntry.kind.in_([LogKind.ACT, LogKind.VIEW]), LogEntry.n >= since
    )
    query = query.where(LogEntry.subject.in_(of) if of is not None else sa.true())
    yield from map(entry_of, session.execute(query.order_by(LogEntry.n)).all())


def unsealed(session: Session, since: int, of: Sequence[str] | None = None) -> Iterator[Entry]:
    """Of each chain the first row that no entry before this one saw and that does not bear our
    seal; without those that are told."""
    told = {(entry.kind, entry.subject) for entry in foreign(session)}
    for link in links(session, since, of):
        if not link.ours and (link.kind, link.chain) not in told:
            told.add((link.kind, link.chain))
            yield link.foreign


def _of_one(entry: Entry) -> range:
    one = id_of(entry.subject) if entry.kind == LogKind.ROWS and entry.rev == ONCE else -1
    return range(one, one + 1) if one >= 0 else range(0)


def append(session: Session, entries: list[Entry]) -> None:
    """After the last one. Two who append at once collide on the number: the loser is rolled
    back."""
    last = session.scalar(sa.select(sa.func.max(LogEntry.n)))
    first = 0 if last is None else last + 1
    if entries:
        new = [
            {
                "n": first + place,
                "kind": e.kind,
                "subject": e.subject,
                "rev": e.rev,
                "head": e.head,
                "facts": e.facts,
            }
            for place, e in enumerate(entries)
        ]
        session.execute(sa.insert(LogEntry), new)


def entries(
    session: Session, since: int = 0, until: int | None = None
) -> Iterator[tuple[int, Entry]]:
    """Number and entry, in order."""
    query = sa.select(*raw(LogEntry, SEEN)).order_by(LogEntry.n)
    query = (
        query.where(LogEntry.n >= since)
        if until is None
        else query.where(LogEntry.n >= since, LogEntry.n < until)
    )
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield number(row.seen_n), entry_of(row)


def entry_of(row: sa.Row[Any]) -> Entry:
    return Entry(
        str(row.seen_kind),
        str(row.seen_subject),
        number(row.seen_rev),
        octets(row.seen_head),
        octets(row.seen_facts),
    )
