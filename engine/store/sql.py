"""The statements of the hot path, built once; names say what they do, parameters are the `:b_…`
binds."""

from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam as b

from common.prepared import Prepared
from engine.states import Act, IncidentState, InstanceStatus, ItemState, JobState, OutboxState
from engine.store import tables as t


def table(model: type[t.Base]) -> sa.Table:
    return cast("sa.Table", model.__table__)


INSTANCE = table(t.Instance)
JOURNAL = table(t.Journal)
SNAPSHOT = table(t.Snapshot)
SUBMISSION = table(t.SubmissionRow)
DRAFT = table(t.Draft)
ITEM = table(t.Item)
TIMER = table(t.Timer)
SUBSCRIPTION = table(t.SubscriptionRow)
OUTBOX = table(t.Outbox)
JOB = table(t.Job)
INCIDENT = table(t.Incident)

TAKEN = (
    INSTANCE.c.id,
    INSTANCE.c.case_key,
    INSTANCE.c.process,
    INSTANCE.c.release,
    INSTANCE.c.status,
    INSTANCE.c.rev,
    INSTANCE.c.head,
)
_TAKE = sa.update(INSTANCE).values(rev=INSTANCE.c.rev + 1).returning(*TAKEN)

TAKE = Prepared(_TAKE.where(INSTANCE.c.id == b("b_instance")))
TAKE_OF_ITEM = _TAKE.where(
    INSTANCE.c.id == sa.select(ITEM.c.instance_id).where(ITEM.c.id == b("b_item")).scalar_subquery()
)

INSTANCE_ROW = Prepared(sa.select(*TAKEN).where(INSTANCE.c.id == b("b_instance")))

#: The variables of the process beside a row that has those of its own.
AROUND_ITEM = (
    sa.select(INSTANCE.c.data)
    .where(INSTANCE.c.id == ITEM.c.instance_id)
    .scalar_subquery()
    .label("around")
)
SEEN = (*ITEM.c, AROUND_ITEM)

ITEM_BY_ID = Prepared(sa.select(*SEEN).where(ITEM.c.id == b("b_item")))
SUBMISSION_OF_ITEM = Prepared(
    sa.select(SUBMISSION).where(
        SUBMISSION.c.instance_id == b("b_instance"), SUBMISSION.c.item_id == b("b_item")
    )
)
WHO_COMPLETED = sa.select(ITEM.c.closed_by).where(
    ITEM.c.case_key == b("b_case"),
    ITEM.c.state == ItemState.DONE,
    ITEM.c.element.in_(b("b_elements", expanding=True)),
)

CLOSE_ITEM = Prepared(
    sa.update(ITEM)
    .where(ITEM.c.id == b("b_item"))
    .values(state=b("b_state"), closed_at=b("b_at"), closed_by=b("b_by"))
)
CLAIM_ITEM = Prepared(sa.update(ITEM).where(ITEM.c.id == b("b_item")).values(claimed_by=b("b_by")))
#: Conditions of what may be forgotten: forms that still have their values, drafts saved before
#: :b_before that no open task needs.
HAS_FORM = SUBMISSION.c.form_values.is_not(None)
_OTHER = DRAFT.alias("other")
OLD_DRAFT = sa.and_(
    DRAFT.c.saved_at < b("b_before"),
    ~sa.exists(
        sa.select(ITEM.c.id).where(ITEM.c.id == DRAFT.c.item_id, ITEM.c.state == ItemState.OPEN)
    ),
)
_FORMER, _NOW = ITEM.alias("former"), ITEM.alias("now")


def draft_belongs(draft: sa.FromClause, item: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """A draft is of this item, or of one of the same activity and turn of its loop that was closed
    before this one was opened: whoever comes back to it finds what they had written."""
    same = sa.exists(
        sa.select(_FORMER.c.id).where(
            _NOW.c.id == item,
            _FORMER.c.id == draft.c.item_id,
            _FORMER.c.state != ItemState.OPEN,
            _FORMER.c.instance_id == _NOW.c.instance_id,
            _FORMER.c.element == _NOW.c.element,
            _FORMER.c.own == _NOW.c.own,
        )
    )
    return sa.or_(draft.c.item_id == item, same)


_DRAFT_OF = sa.and_(DRAFT.c.person == b("b_person"), draft_belongs(DRAFT, b("b_item")))
DELETE_DRAFT = Prepared(sa.delete(DRAFT).where(_DRAFT_OF))
#: The latest that belongs to an item; its own first.
DRAFT_OF_ITEM = Prepared(
    sa.select(DRAFT)
    .where(_DRAFT_OF)
    .order_by((DRAFT.c.item_id == b("b_item")).desc(), DRAFT.c.saved_at.desc())
    .limit(1)
)
#: What the holder has typed goes with the task, unless the other has begun on it too.
HAND_DRAFT = Prepared(
    sa.update(DRAFT)
    .where(_DRAFT_OF)
    .where(
        ~sa.exists(
            sa.select(_OTHER.c.person).where(
                _OTHER.c.person == b("b_to"), draft_belongs(_OTHER, b("b_item"))
            )
        )
    )
    .values(person=b("b_to"))
)
DRAFTS_TO_NEXT = Prepared(
    sa.update(DRAFT).where(DRAFT.c.item_id == b("b_item")).values(item_id=b("b_next"))
)

_HEAD = sa.update(INSTANCE).where(INSTANCE.c.id == b("b_instance")).values(head=b("b_head"))
_SET_HEAD = _HEAD.values(status=b("b_status"), ended_at=None)
_END_HEAD = _HEAD.values(  # what is done to it once it has ended does not make it end later
    status=b("b_status"),
    ended_at=sa.func.coalesce(INSTANCE.c.ended_at, b("b_ended", INSTANCE.c.ended_at.type)),
)
#: Each as it is, and with the variables of the process.
SET_HEAD, SET_HEAD_AND_DATA = Prepared(_SET_HEAD), Prepared(_SET_HEAD.values(data=b("b_data")))
END_HEAD, END_HEAD_AND_DATA = Prepared(_END_HEAD), Prepared(_END_HEAD.values(data=b("b_data")))
# of one that has ended
MOVE_HEAD, MOVE_HEAD_AND_DATA = Prepared(_HEAD), Prepared(_HEAD.values(data=b("b_data")))
SNAPSHOT_OF = Prepared(
    sa.select(SNAPSHOT.c.rev, SNAPSHOT.c.state).where(SNAPSHOT.c.instance_id == b("b_instance"))
)
DELTAS_AFTER = Prepared(
    sa.select(JOURNAL.c.rev, JOURNAL.c.delta)
    .where(JOURNAL.c.instance_id == b("b_instance"), JOURNAL.c.rev > b("b_rev"))
    .order_by(JOURNAL.c.rev)
)
JOURNAL_HASH = sa.select(JOURNAL.c.hash).where(
    JOURNAL.c.instance_id == b("b_instance"), JOURNAL.c.rev == b("b_rev")
)
DELETE_SNAPSHOT = Prepared(sa.delete(SNAPSHOT).where(SNAPSHOT.c.instance_id == b("b_instance")))

DELETE_TIMER = Prepared(sa.delete(TIMER).where(TIMER.c.task_id == b("b_task")))
DUE_TIMERS = Prepared(
    sa.select(TIMER.c.task_id, TIMER.c.instance_id, TIMER.c.element)
    .join(INSTANCE, INSTANCE.c.id == TIMER.c.instance_id)
    .where(TIMER.c.due <= b("b_now"), INSTANCE.c.status == InstanceStatus.ACTIVE)
    .order_by(TIMER.c.due, TIMER.c.task_id)
    .limit(b("b_limit"))
)
FREE_FOR_TIMER = Prepared(  # no row: it fired, or somebody holds the instance at this moment
    sa.select(INSTANCE.c.id)
    .where(
        INSTANCE.c.id
        == sa.select(TIMER.c.instance_id).where(TIMER.c.task_id == b("b_task")).scalar_subquery()
    )
    .with_for_update(skip_locked=True)
)
FIRED_SINCE = Prepared(
    sa.select(JOURNAL.c.detail).where(
        JOURNAL.c.instance_id == b("b_instance"),
        JOURNAL.c.rev > b("b_rev"),
        JOURNAL.c.kind == Act.TIMER,
        JOURNAL.c.element == b("b_element"),
    )
)
TIMER_STILL_DUE = Prepared(
    sa.select(TIMER.c.task_id).where(TIMER.c.task_id == b("b_task"), TIMER.c.due <= b("b_now"))
)

DELETE_SUBSCRIPTION = Prepared(sa.delete(SUBSCRIPTION).where(SUBSCRIPTION.c.task_id == b("b_task")))
SUBSCRIBER = Prepared(
    sa.select(SUBSCRIPTION.c.task_id, SUBSCRIPTION.c.instance_id, SUBSCRIPTION.c.element)
    .where(SUBSCRIPTION.c.message == b("b_message"), SUBSCRIPTION.c.key == b("b_key"))
    .order_by(SUBSCRIPTION.c.task_id)
    .limit(1)
)
SUBSCRIBED_TASK = Prepared(
    sa.select(SUBSCRIPTION.c.task_id, SUBSCRIPTION.c.instance_id, SUBSCRIPTION.c.element).where(
        SUBSCRIPTION.c.task_id == b("b_task")
    )
)
BROADCAST = Prepared(  # a row for each task of another instance that waits for this signal now
    sa.insert(OUTBOX).from_select(
        [
            "instance_id",
            "case_key",
            "element",
            "message",
            "key",
            "payload",
            "obligatory",
            "at",
            "state",
            "hops",
            "chain_at",
            "target",
        ],
        sa.select(
            *(
                b(f"b_{name}", type_=OUTBOX.c[name].type)
                for name in ("instance_id", "case_key", "element", "message")
            ),
            sa.literal_column("''"),
            *(
                b(f"b_{name}", type_=OUTBOX.c[name].type)
                for name in ("payload", "obligatory", "at", "state", "hops", "chain_at")
            ),
            SUBSCRIPTION.c.task_id,
        ).where(
            SUBSCRIPTION.c.message == b("b_message"),
            SUBSCRIPTION.c.key == "",
            SUBSCRIPTION.c.instance_id != b("b_instance_id"),
        ),
    )
)
STILL_SUBSCRIBED = Prepared(
    sa.select(SUBSCRIPTION.c.task_id).where(SUBSCRIPTION.c.task_id == b("b_task"))
)

OUTBOX_ROW = Prepared(
    sa.select(OUTBOX).where(OUTBOX.c.id == b("b_id"), OUTBOX.c.state == OutboxState.WAITING)
)
OUTBOX_DONE = Prepared(
    sa.update(OUTBOX)
    .where(OUTBOX.c.id == b("b_id"))
    .values(state=b("b_state"), receiver=b("b_receiver"), done_at=b("b_at"))
)
JOB_BY_ID = Prepared(sa.select(JOB).where(JOB.c.id == b("b_job")))
JOB_TO_DO = Prepared(  # with what its handler is given
    sa.select(JOB, INSTANCE.c.data.label("around"))
    .join(INSTANCE, INSTANCE.c.id == JOB.c.instance_id)
    .where(JOB.c.id == b("b_job"))
)
SET_OWN = Prepared(sa.update(ITEM).where(ITEM.c.id == b("b_item")).values(own=b("b_own")))
SET_OWN_OF_JOB = Prepared(sa.update(JOB).where(JOB.c.id == b("b_job")).values(own=b("b_own")))
TASKS_WITH_JOB = Prepared(
    sa.select(JOB.c.task_id).where(
        JOB.c.instance_id == b("b_instance"),
        sa.or_(JOB.c.state == JobState.OPEN, JOB.c.state == JobState.HELD),
    )
)
TASKS_WITH_INCIDENT = Prepared(
    sa.select(INCIDENT.c.task_id).where(
        INCIDENT.c.instance_id == b("b_instance"), INCIDENT.c.state == IncidentState.OPEN
    )
)
#: An open job whose `done_at` stands began what is not to be done twice.
BEGIN_JOB = Prepared(
    sa.update(JOB)
    .where(JOB.c.id == b("b_job"), JOB.c.state == JobState.OPEN, JOB.c.done_at.is_(None))
    .values(done_at=b("b_at"))
)
LEAVE_JOB = Prepared(
    sa.update(JOB).where(JOB.c.id == b("b_job"), JOB.c.state == JobState.OPEN).values(done_at=None)
)
TURN_JOB = Prepared(sa.update(JOB).where(JOB.c.id == b("b_job")).values(state=b("b_state")))
CLOSE_JOB = Prepared(
    sa.update(JOB).where(JOB.c.id == b("b_job")).values(state=b("b_state"), done_at=b("b_at"))
)

INSERT_INSTANCE = Prepared(sa.insert(INSTANCE))
INSERT_JOURNAL = Prepared(sa.insert(JOURNAL))
INSERT_SNAPSHOT = Prepared(sa.insert(SNAPSHOT))
INSERT_SUBMISSION = Prepared(sa.insert(SUBMISSION))
INSERT_ITEM = Prepared(sa.insert(ITEM))
INSERT_TIMER = Prepared(sa.insert(TIMER))
INSERT_SUBSCRIPTION = Prepared(sa.insert(SUBSCRIPTION))
INSERT_OUTBOX = Prepared(sa.insert(OUTBOX))
INSERT_JOB = Prepared(sa.insert(JOB))
INSERT_INCIDENT = Prepared(sa.insert(INCIDENT))
CURRENT_RELEASE = Prepared(sa.select(table(t.ReleaseLine).c.current))
INSTANCE_BY_KEY = Prepared(
    sa.select(INSTANCE.c.id).where(
        INSTANCE.c.process == b("b_process"), INSTANCE.c.start_key == b("b_key")
    )
)
CASE_KEY = Prepared(sa.select(INSTANCE.c.case_key).where(INSTANCE.c.id == b("b_instance")))
EXPIRED = Prepared(  # what a suspended instance waits for is not lost, however long that lasts
    sa.select(OUTBOX.c.id, OUTBOX.c.instance_id)
    .where(OUTBOX.c.state == OutboxState.WAITING, OUTBOX.c.at < b("b_before"))
    .where(
        ~sa.select(SUBSCRIPTION.c.task_id)
        .join(INSTANCE, INSTANCE.c.id == SUBSCRIPTION.c.instance_id)
        .where(
            SUBSCRIPTION.c.message == OUTBOX.c.message,
            SUBSCRIPTION.c.key == OUTBOX.c.key,
            INSTANCE.c.status == InstanceStatus.SUSPENDED,
        )
        .exists()
    )
    .limit(b("b_limit"))
)
OPEN_ITEMS = Prepared(sa.select(*SEEN).where(t.item_of(b("b_instance")), t.ITEM_IS_OPEN))
