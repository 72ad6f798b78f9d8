"""States and kinds that the engine stores, each an enumeration whose values are the stored words.

A member is a text: it compares with what a column holds, goes to both databases as it is, and into
the hash chains with the same bytes as the bare word.
"""

from enum import StrEnum
from typing import Final


class ActorKind(StrEnum):
    """`actor_kind` of journal, access chain and incidents."""

    PERSON = "person"
    DEVICE = "device"
    SYSTEM = "system"


class InstanceStatus(StrEnum):
    """`instance.status`."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    FINISHED = "finished"


#: Nothing goes on in them by itself.
ENDED: Final = (InstanceStatus.FINISHED, InstanceStatus.CANCELLED)
#: They have something that waits.
RUNNING: Final = (InstanceStatus.ACTIVE, InstanceStatus.SUSPENDED)


class ItemState(StrEnum):
    """`work_item.state`."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class JobState(StrEnum):
    """`job.state`: of a remote service task that was handed to the job library."""

    OPEN = "open"
    # its instance was suspended when the result could have come: it asks when the instance is
    # resumed
    HELD = "held"
    DONE = "done"
    ERROR = "error"  # the drawn BPMN error took the answer
    FAILED = "failed"  # an incident tells of it
    CANCELLED = "cancelled"


#: Somebody still waits for the result.
AWAITED: Final = (JobState.OPEN, JobState.HELD)


class OutboxState(StrEnum):
    """`outbox.state`: of a message or signal on its way to another instance."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DUPLICATE = "duplicate"  # it would have started what another one had started
    NO_RECEIVER = "no_receiver"  # nobody waited for it in time, or no longer
    STOPPED = "stopped"  # one too many of a chain without an end


class IncidentState(StrEnum):
    """`incident.state`."""

    OPEN = "open"
    RESOLVED = "resolved"


class IncidentKind(StrEnum):
    """`incident.kind`."""

    JOB = "job"  # a remote task or a plain job ran out of tries
    HANDLER = "handler"  # a local one failed
    CONDITION = "condition"
    TABLE = "table"
    MESSAGE = "message"  # without a key
    CONFLICT = "conflict"  # parallel branches wrote one variable differently
    LIMIT = "limit"
    MODEL = "model"  # the diagram with these data
    UNCAUGHT = "uncaught"  # an error that nobody catches
    LOST_MESSAGE = "lost_message"  # an obligatory message without a receiver
    HOPS = "hops"  # a chain of messages without an end


class RepairAction(StrEnum):
    """`incident.action`: what was done about it. All but the last are what people ask for
    (`engine.types.Repair`)."""

    RETRY = "retry"
    EDIT = "edit"
    SKIP = "skip"
    BACK = "back"
    CLOSE = "close"
    GONE = "gone"  # something else took the failed task away


class Act(StrEnum):
    """`journal.kind`: what a command did. A repair stands there with its own word; the chain covers
    it."""

    START = "start"
    COMPLETE = "complete"
    CLAIM = "claim"
    RELEASE = "release"
    REASSIGN = "reassign"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    BACK = "back"
    MIGRATE = "migrate"
    ERASE = "erase"
    MESSAGE = "message"
    LOST = "lost"
    TIMER = "timer"
    CONTINUE = "continue"
    JOB = "job"
    RETRY = "retry"
    EDIT = "edit"
    SKIP = "skip"
    CLOSE = "close"
    CORRECT = "correct"
    RESCHEDULE = "reschedule"


class StepState(StrEnum):
    """What became of an element that a command entered; the steps of a journal row."""

    DONE = "done"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"  # a repair went past it


class MarkState(StrEnum):
    """Where an element of a diagram stands in one instance: its last step, or that something waits
    there."""

    DONE = "done"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    WAITING = "waiting"


class ThrownKind(StrEnum):
    """What left an instance."""

    MESSAGE = "message"
    SIGNAL = "signal"
    ERROR = "error"  # nobody caught it
    ESCALATION = "escalation"  # likewise


class ScheduleState(StrEnum):
    """`schedule.state`."""

    ACTIVE = "active"
    PAUSED = "paused"
    OVER = "over"  # nothing follows
    GONE = "gone"  # the diagram in force has it no longer


class ScheduleChange(StrEnum):
    """`schedule_event.kind`."""

    CREATED = "created"
    CHANGED = "changed"
    GONE = "gone"
    STARTED = "started"
    GIVEN_UP = "given_up"
    PAUSED = "paused"
    RESUMED = "resumed"
    FAILED = "failed"


class Flaw(StrEnum):
    """What `verify` finds at the first bad row of a chain."""

    EDITED = "edited"
    MISSING = "missing"
    INSERTED = "inserted"
    CUT = "cut"
    FORM = "form"
    SNAPSHOT = "snapshot"
    NOTE = "note"
    SEAL = "seal"
    TASK = "task"


class LogKind(StrEnum):
    """`log_entry.kind`: whose chain the entry tells of."""

    INSTANCE = "instance"
    ACCESS = "access"
    NOTE = "note"
    RELEASE = "release"
    ROWS = "rows"
    RUN = "rows_run"  #: of many entries of rows, one behind the other
    #: what stands beside the journal of an instance at this revision: its tasks, timers,
    #: subscriptions, forms
    STATE = "state"
    CHECKPOINT = "checkpoint"  #: one that was signed before
    ACT = "act"  #: a row of a journal that bore no seal of ours when it was to be signed
    VIEW = "view"  #: the same of the access chain


class LogFlaw(StrEnum):
    """What the check of the log finds."""

    GAP = "gap"
    TREE = "tree"
    SIGNATURE = "signature"
    ROLLED_BACK = "rolled_back"
    REMOVED = "removed"
    CUT = "cut"
    REWRITTEN = "rewritten"
    FACTS = "facts"
    UNSEEN = "unseen"
    CONTENT = "content"
    SEAL = "seal"
    INVENTED = "invented"
    BETWEEN = "between"  #: a row was not what its entry says when we wrote it again


class WitnessFault(StrEnum):
    """Why a witness of the log has not seen its newest tree."""

    AWAY = "away"
    REFUSED = "refused"  #: it was shown something else before, or does not know this log
    AHEAD = "ahead"  #: it has seen a larger tree than there is: the database is of before


# --- words that hash chains and digests cover -----------------------------------------------------
# Rows with them exist and may not be rewritten, so they keep the words with which they were first
# written, and new rows keep to the same: one vocabulary, no reader that must know two. The names
# are what code uses.

#: `actor_id` of what the engine does by itself.
ENGINE_ID: Final = "motor"


class AccessKind(StrEnum):
    """`access.kind` of the entries that the engine itself makes; other rooms give the kinds of
    theirs."""

    REFUSAL = "rechazo"
    DEPLOYMENT = "despliegue"
    INCIDENT = "incidente"
    ERASURE = "borrado"
    SCHEDULE_PAUSED = "programacion_paused"
    SCHEDULE_RESUMED = "programacion_resumed"


class TextOf:
    """Names under which the free text of an act is stored as a submission: its digest stands in the
    journal.

    Bare words: they are keys of JSON objects, and orjson takes no member there.
    """

    REASON: Final = "motivo"
    BEFORE: Final = "antes"
    AFTER: Final = "después"


#: `submission.form` of what was written about an incident.
INCIDENT_FORM: Final = "incident"
#: `submission.form` of whatever is no form of a task, a start or a message, but the reason of an
#: act: it is said inside.
REASON_FORMS: Final = frozenset({INCIDENT_FORM, *map(str, Act)})
