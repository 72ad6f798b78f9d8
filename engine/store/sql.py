"""The statements of the hot path, built once; names say what they do, parameters are the `:b_…` binds."""

from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam as b

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

_TAKEN = (
    INSTANCE.c.id,
    INSTANCE.c.case_key,
    INSTANCE.c.process,
    INSTANCE.c.release,
    INSTANCE.c.status,
    INSTANCE.c.rev,
    INSTANCE.c.head,
)
_TAKE = sa.update(INSTANCE).values(rev=INSTANCE.c.rev + 1).returning(*_TAKEN)

TAKE = _TAKE.where(INSTANCE.c.id == b("b_instance"))
TAKE_BY_ITEM = _TAKE.where(INSTANCE.c.id == sa.select(ITEM.c.instance_id).where(ITEM.c.id == b("b_item")).scalar_subquery())

ITEM_BY_ID = sa.select(ITEM).where(ITEM.c.id == b("b_item"))
ITEM_WITH_DRAFT = sa.select(
    ITEM,
    sa.exists(
        sa.select(DRAFT.c.instance_id).where(
            DRAFT.c.instance_id == ITEM.c.instance_id, DRAFT.c.element == ITEM.c.element, DRAFT.c.person == b("b_person")
        )
    ).label("has_draft"),
).where(ITEM.c.id == b("b_item"))
SUBMISSION_OF_ITEM = sa.select(SUBMISSION).where(SUBMISSION.c.item_id == b("b_item"))
WHO_COMPLETED = sa.select(ITEM.c.closed_by).where(
    ITEM.c.case_key == b("b_case"), ITEM.c.state == "done", ITEM.c.element.in_(b("b_elements", expanding=True))
)

CLOSE_ITEM = sa.update(ITEM).where(ITEM.c.id == b("b_item")).values(state=b("b_state"), closed_at=b("b_at"), closed_by=b("b_by"))
CLAIM_ITEM = sa.update(ITEM).where(ITEM.c.id == b("b_item")).values(claimed_by=b("b_by"))
DELETE_DRAFT = sa.delete(DRAFT).where(
    DRAFT.c.instance_id == b("b_instance"), DRAFT.c.element == b("b_element"), DRAFT.c.person == b("b_person")
)
DRAFTS_TO_NEXT = (
    sa.update(DRAFT).where(DRAFT.c.instance_id == b("b_instance"), DRAFT.c.element == b("b_element")).values(item_id=b("b_item"))
)

SET_HEAD = sa.update(INSTANCE).where(INSTANCE.c.id == b("b_instance")).values(head=b("b_head"), status=b("b_status"), ended_at=b("b_ended"))
SNAPSHOT_OF = sa.select(SNAPSHOT.c.rev, SNAPSHOT.c.state).where(SNAPSHOT.c.instance_id == b("b_instance"))
DELTAS_AFTER = (
    sa.select(JOURNAL.c.rev, JOURNAL.c.delta)
    .where(JOURNAL.c.instance_id == b("b_instance"), JOURNAL.c.rev > b("b_rev"))
    .order_by(JOURNAL.c.rev)
)
DELETE_SNAPSHOT = sa.delete(SNAPSHOT).where(SNAPSHOT.c.instance_id == b("b_instance"))

DELETE_TIMER = sa.delete(TIMER).where(TIMER.c.task_id == b("b_task"))
DUE_TIMERS = (
    sa.select(TIMER.c.task_id, TIMER.c.instance_id, TIMER.c.element)
    .where(TIMER.c.due <= b("b_now"))
    .order_by(TIMER.c.due, TIMER.c.task_id)
    .limit(b("b_limit"))
)
TIMER_STILL_DUE = sa.select(TIMER.c.task_id).where(TIMER.c.task_id == b("b_task"), TIMER.c.due <= b("b_now"))

DELETE_SUBSCRIPTION = sa.delete(SUBSCRIPTION).where(SUBSCRIPTION.c.task_id == b("b_task"))
SUBSCRIBER = (
    sa.select(SUBSCRIPTION.c.task_id, SUBSCRIPTION.c.instance_id, SUBSCRIPTION.c.element)
    .where(SUBSCRIPTION.c.message == b("b_message"), SUBSCRIPTION.c.key == b("b_key"))
    .order_by(SUBSCRIPTION.c.task_id)
    .limit(1)
)
STILL_SUBSCRIBED = sa.select(SUBSCRIPTION.c.task_id).where(SUBSCRIPTION.c.task_id == b("b_task"))

OUTBOX_ROW = sa.select(OUTBOX).where(OUTBOX.c.id == b("b_id"), OUTBOX.c.state == "waiting")
OUTBOX_DONE = sa.update(OUTBOX).where(OUTBOX.c.id == b("b_id")).values(state=b("b_state"), receiver=b("b_receiver"), done_at=b("b_at"))
JOB_BY_ID = sa.select(JOB).where(JOB.c.id == b("b_job"))
CLOSE_JOB = sa.update(JOB).where(JOB.c.id == b("b_job")).values(state=b("b_state"), done_at=b("b_at"))
