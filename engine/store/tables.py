"""Engine tables. Journal, access and note rows are never updated and never deleted. States and
kinds: `engine.states`."""

import datetime as dt
import hashlib
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column
from sqlalchemy.types import TypeDecorator

from common.instant import Instant
from engine.states import ENGINE_ID, ActorKind, ItemState

ID = sa.String(40)
LONGEST = 120
NAME = sa.String(LONGEST)


def kept_key(key: str) -> str:
    """The key of a message as its column holds it: a longer one by its beginning and its digest,
    the same for who sends and who waits."""
    return key if len(key) <= LONGEST else f"{key[:50]}#{hashlib.sha256(key.encode()).hexdigest()}"


class MessageKey(TypeDecorator[str]):
    """What joins a message and who waits for it: a value of the process, as long as people
    write."""

    impl = sa.String(LONGEST)
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else kept_key(value)


class Json(TypeDecorator[Any]):
    """JSON text written and read by orjson, the same bytes on both databases."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


_OPEN = f"state = '{ItemState.OPEN}'"


def _partial(where: str) -> dict[str, Any]:
    """An index that holds only these rows: what is over stays out of it, and closing a task writes
    less."""
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}


BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Base(DeclarativeBase):
    """Metadata of the engine."""


# --- releases -------------------------------------------------------------------------------------
class ReleaseRow(Base):
    """One set of files in force from `at` until the next; the last row is in force."""

    __tablename__ = "release"
    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    base: Mapped[int | None]
    at: Mapped[dt.datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(NAME)
    note: Mapped[str] = mapped_column(sa.Text)


class ReleaseLine(Base):
    """The one row that a deployment locks: releases form one line."""

    __tablename__ = "release_line"
    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    current: Mapped[int]


class ReleaseFile(Base):
    __tablename__ = "release_file"
    release: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(NAME, primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))


class FileContent(Base):
    __tablename__ = "file_content"
    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content: Mapped[bytes]


class ProcessVersion(Base):
    """The version of each process in each release; it rises only when its file, or one that it
    uses, changed."""

    __tablename__ = "process_version"
    release: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    process: Mapped[str] = mapped_column(NAME, primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    file: Mapped[str] = mapped_column(NAME)


class ModelDraft(Base):
    """A diagram or table that an analyst is changing; in force nowhere."""

    __tablename__ = "model_draft"
    author: Mapped[str] = mapped_column(NAME, primary_key=True)
    file: Mapped[str] = mapped_column(NAME, primary_key=True)
    base_release: Mapped[int]
    content: Mapped[bytes]
    saved_at: Mapped[dt.datetime] = mapped_column(Instant)


# --- instances ------------------------------------------------------------------------------------
class Instance(Base):
    __tablename__ = "instance"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_key: Mapped[str] = mapped_column(ID, index=True)
    process: Mapped[str] = mapped_column(NAME)
    release: Mapped[int]
    status: Mapped[str] = mapped_column(sa.String(12))
    rev: Mapped[int]
    head: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    start_key: Mapped[str | None] = mapped_column(NAME)
    started_at: Mapped[dt.datetime] = mapped_column(Instant)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    #: The variables of the process as its tasks and jobs see them; none: no command wrote since the
    #: release that put them here.
    data: Mapped[Any] = mapped_column(Json, nullable=True, deferred=True)
    __table_args__ = (
        sa.UniqueConstraint("process", "start_key", name="uq_instance_start"),
        sa.Index("ix_instance_status", "status", "process", "release"),
        sa.Index("ix_instance_started", "started_at"),
    )


class Journal(Base):
    """What happened to an instance, one row a revision, chained by hashes."""

    __tablename__ = "journal"
    instance_id: Mapped[str] = mapped_column(ID, primary_key=True)
    rev: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    actor_kind: Mapped[str] = mapped_column(sa.String(8))
    actor_id: Mapped[str] = mapped_column(NAME)
    kind: Mapped[str] = mapped_column(sa.String(24))
    element: Mapped[str | None] = mapped_column(NAME)
    detail: Mapped[Any] = mapped_column(Json)
    delta: Mapped[bytes]
    digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    # none: of before seals, and signed since (store/seals.py)
    seal: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))


class Snapshot(Base):
    """The latest full state, so that a cold load replays few deltas; its SHA-256 stands in the
    journal."""

    __tablename__ = "snapshot"
    instance_id: Mapped[str] = mapped_column(ID, primary_key=True)
    rev: Mapped[int]
    state: Mapped[bytes]


class SubmissionRow(Base):
    """A form, or the free text of an act, as it was sent. Values and salt are erasable, the digest
    in the journal stays."""

    __tablename__ = "submission"
    instance_id: Mapped[str] = mapped_column(ID, primary_key=True)
    rev: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    item_id: Mapped[str | None] = mapped_column(ID)
    element: Mapped[str] = mapped_column(NAME)
    form: Mapped[str] = mapped_column(NAME)
    release: Mapped[int]
    actor_id: Mapped[str] = mapped_column(NAME)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    form_values: Mapped[Any] = mapped_column(Json, nullable=True)
    salt: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    __table_args__ = (
        sa.Index(
            "ix_submission_begun", "actor_id", "rev", "instance_id", **_partial("item_id IS NULL")
        ),
    )


class Draft(Base):
    """What a person is typing into a task; outside the journal. An activity may be open several
    times in an instance, each with a text of its own."""

    __tablename__ = "draft"
    item_id: Mapped[str] = mapped_column(ID, primary_key=True)
    person: Mapped[str] = mapped_column(NAME, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ID, index=True)
    element: Mapped[str] = mapped_column(NAME)
    draft_values: Mapped[Any] = mapped_column(Json)
    saved_at: Mapped[dt.datetime] = mapped_column(Instant)


# --- what waits -----------------------------------------------------------------------------------
class Item(Base):
    """A task of a person. Open ones are found by lane and by holder, all of them by their case."""

    __tablename__ = "work_item"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ID)
    case_key: Mapped[str] = mapped_column(ID, index=True)
    release: Mapped[int]
    process: Mapped[str] = mapped_column(NAME)
    element: Mapped[str] = mapped_column(NAME)
    name: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str | None] = mapped_column(sa.String(60))
    scope: Mapped[str | None] = mapped_column(sa.String(60))
    state: Mapped[str] = mapped_column(sa.String(10))
    claimed_by: Mapped[str | None] = mapped_column(NAME)
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    due_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    priority: Mapped[int]
    closed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None] = mapped_column(NAME)
    # variables that the process has not, or has with other values (Waiting.own)
    own: Mapped[Any] = mapped_column("data", Json, key="own")
    __table_args__ = (
        sa.Index("ix_item_inbox", "role", "scope", "due_at", **_partial(_OPEN)),
        sa.Index("ix_item_mine", "claimed_by", **_partial(f"{_OPEN} AND claimed_by IS NOT NULL")),
        sa.Index("ix_item_closed", "closed_at", **_partial("closed_at IS NOT NULL")),
    )


#: The variables of the process, read with each task.
_AROUND = (
    sa.select(Instance.data)
    .where(Instance.id == Item.instance_id)
    .correlate_except(Instance)
    .scalar_subquery()
)
sa.inspect(Item).add_property("around", column_property(_AROUND))

#: As a text: an index of some rows is taken only for a condition that says the same at the time of
#: planning.
ITEM_IS_OPEN: sa.ColumnElement[bool] = Item.__table__.c.state == sa.literal_column(
    f"'{ItemState.OPEN}'"
)


def item_of(instance: Any) -> sa.ColumnElement[bool]:
    """Tasks of one instance, by the index of their case: instances of a case are few."""
    case = sa.select(Instance.case_key).where(Instance.id == instance).scalar_subquery()
    return sa.and_(Item.__table__.c.case_key == case, Item.__table__.c.instance_id == instance)


class Timer(Base):
    """The truth about timers: moving or cancelling one is a row change in the command's
    transaction."""

    __tablename__ = "timer"
    task_id: Mapped[str] = mapped_column(ID, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ID, index=True)
    element: Mapped[str] = mapped_column(NAME)
    due: Mapped[dt.datetime] = mapped_column(Instant, index=True)


class SubscriptionRow(Base):
    __tablename__ = "subscription"
    task_id: Mapped[str] = mapped_column(ID, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ID, index=True)
    element: Mapped[str] = mapped_column(NAME)
    message: Mapped[str] = mapped_column(NAME)
    key: Mapped[str] = mapped_column(MessageKey)
    __table_args__ = (sa.Index("ix_subscription_key", "message", "key"),)


class Outbox(Base):
    """Messages on their way to another instance."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    instance_id: Mapped[str] = mapped_column(ID, index=True)
    case_key: Mapped[str] = mapped_column(ID)
    element: Mapped[str] = mapped_column(NAME)
    message: Mapped[str] = mapped_column(NAME)
    key: Mapped[str] = mapped_column(MessageKey)
    payload: Mapped[Any] = mapped_column(Json)
    obligatory: Mapped[bool]
    at: Mapped[dt.datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(sa.String(20))
    receiver: Mapped[str | None] = mapped_column(ID)
    done_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    # a signal: the task that waited when it was sent
    target: Mapped[str | None] = mapped_column(ID)
    # messages of one causal chain since `chain_at`, this one included
    hops: Mapped[int] = mapped_column(server_default="1")
    chain_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    __table_args__ = (sa.Index("ix_outbox_state", "state", "message", "key"),)


class Schedule(Base):
    """A start event of the release in force that the calendar starts; `next_at` moves in the commit
    that starts the instance."""

    __tablename__ = "schedule"
    process: Mapped[str] = mapped_column(NAME, primary_key=True)
    element: Mapped[str] = mapped_column(NAME, primary_key=True)
    rule: Mapped[Any] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10))
    next_at: Mapped[dt.datetime | None] = mapped_column(Instant, index=True)
    times_left: Mapped[int]
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)


class ScheduleEvent(Base):
    """What happened to a schedule: append-only."""

    __tablename__ = "schedule_event"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    process: Mapped[str] = mapped_column(NAME)
    element: Mapped[str] = mapped_column(NAME)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    actor_id: Mapped[str] = mapped_column(NAME)
    kind: Mapped[str] = mapped_column(sa.String(12))
    occurrence: Mapped[dt.datetime | None] = mapped_column(Instant)
    instance_id: Mapped[str | None] = mapped_column(ID)
    reason: Mapped[str] = mapped_column(sa.Text)
    number: Mapped[int]  # occurrences that it speaks of
    __table_args__ = (sa.Index("ix_schedule_event", "process", "element", "id"),)


class Job(Base):
    """A remote service task that was handed to the job library."""

    __tablename__ = "job"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ID, index=True)
    task_id: Mapped[str] = mapped_column(ID, index=True)
    element: Mapped[str] = mapped_column(NAME)
    handler: Mapped[str] = mapped_column(NAME)
    own: Mapped[Any] = mapped_column("data", Json, key="own")
    state: Mapped[str] = mapped_column(sa.String(10))
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    done_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class Incident(Base):
    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    instance_id: Mapped[str] = mapped_column(ID, index=True)
    case_key: Mapped[str] = mapped_column(ID)
    task_id: Mapped[str] = mapped_column(ID)
    process: Mapped[str] = mapped_column(NAME)
    element: Mapped[str] = mapped_column(NAME)
    kind: Mapped[str] = mapped_column(sa.String(20))
    error: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(10), index=True)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    tries: Mapped[int]
    resolved_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[str | None] = mapped_column(NAME)
    last_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # of the latest try
    # the same for incidents that are alike
    cause: Mapped[str] = mapped_column(sa.String(16), server_default="")
    facts: Mapped[Any] = mapped_column(Json, nullable=True)  # what the sentence about it says
    # the process variables there, or the arguments of a job
    input: Mapped[Any] = mapped_column(Json, nullable=True)
    actor_kind: Mapped[str] = mapped_column(sa.String(8), server_default=ActorKind.SYSTEM)
    actor_id: Mapped[str] = mapped_column(NAME, server_default=ENGINE_ID)  # whose command met it
    action: Mapped[str | None] = mapped_column(sa.String(10))  # a RepairAction
    __table_args__ = (sa.Index("ix_incident_cause", "state", "cause"),)


# --- beside the instances -------------------------------------------------------------------------
class Note(Base):
    """Notes and observations on a case, append-only."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    case_key: Mapped[str] = mapped_column(ID, index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[str] = mapped_column(NAME)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    text: Mapped[str | None] = mapped_column(sa.Text)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class Access(Base):
    """Refused attempts, views of personal data, logins, exports, deploys: ids only, chained per
    day."""

    __tablename__ = "access"
    day: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    n: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    actor_kind: Mapped[str] = mapped_column(sa.String(8))
    actor_id: Mapped[str] = mapped_column(NAME)
    kind: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(NAME, index=True)
    detail: Mapped[Any] = mapped_column(Json)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    # none: of before seals, and signed since (store/seals.py)
    seal: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))


class AccessHead(Base):
    __tablename__ = "access_head"
    day: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    n: Mapped[int]
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


# --- the log --------------------------------------------------------------------------------------
class LogEntry(Base):
    """The transparency log: how far a chain had come when the log looked. Its tree is signed
    (log_checkpoint); no row ever changes."""

    __tablename__ = "log_entry"
    n: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)  # from 0
    kind: Mapped[str] = mapped_column(sa.String(12))
    subject: Mapped[str] = mapped_column(ID)
    rev: Mapped[int]
    head: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    facts: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    __table_args__ = (sa.UniqueConstraint("subject", "kind", "rev", name="uq_log_entry"),)


class RowEntry(Base):
    """What one transaction wrote: keys and digests of rows, sealed (store/rows.py). No row ever
    changes."""

    __tablename__ = "row_entry"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    content: Mapped[bytes]
    seal: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class LogCheckpoint(Base):
    """A signed tree of the first `size` entries; `edge` lets it grow."""

    __tablename__ = "log_checkpoint"
    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    edge: Mapped[bytes]
    note: Mapped[str] = mapped_column(sa.Text)


class LogWitness(Base):
    """What a witness outside has seen: the largest tree, with its signature if it gives one, and
    why a larger one was not shown."""

    __tablename__ = "log_witness"
    name: Mapped[str] = mapped_column(sa.String(400), primary_key=True)
    size: Mapped[int] = mapped_column(BigId, default=0)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    seen: Mapped[dt.datetime | None] = mapped_column(Instant)
    fault: Mapped[str | None] = mapped_column(sa.String(20))  # a WitnessFault
    tried: Mapped[dt.datetime] = mapped_column(Instant)


#: Of the engine's tables those whose rows have their digest in the log by themselves: no chain
#: tells of them, or not of every one that somebody may put beside those it names. A message changes
#: without the revision of who sent it.
WATCHED: tuple[type[Base], ...] = (
    *(FileContent, ReleaseRow, ReleaseFile, ProcessVersion, ReleaseLine),
    *(Schedule, ScheduleEvent, Incident, Note, Outbox),
)
#: Those whose rows change with a revision of their instance alone: an entry of that revision tells
#: of all of them together (store/log.py), which costs a command nothing. A column that is added
#: later changes nothing while it is empty; a migration that fills one, or changes a value, gives
#: the log another kind of entry for them, else each case that did not move is accused.
OF_A_REVISION: tuple[type[Base], ...] = (Item, Timer, SubscriptionRow, Job, Snapshot, SubmissionRow)
