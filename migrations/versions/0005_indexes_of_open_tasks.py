"""Only open tasks stand in the indexes of inboxes; tasks and forms of an instance are found by its
case and its key."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = "state = 'open'"
HELD = "state = 'open' AND claimed_by IS NOT NULL"


def upgrade() -> None:
    op.drop_index("ix_item_inbox", "work_item")
    op.drop_index("ix_item_mine", "work_item")
    op.drop_index("ix_work_item_instance_id", "work_item")
    op.create_index(
        "ix_item_inbox",
        "work_item",
        ["role", "scope", "due_at"],
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_index(
        "ix_item_mine",
        "work_item",
        ["claimed_by"],
        sqlite_where=sa.text(HELD),
        postgresql_where=sa.text(HELD),
    )
    op.drop_index("ix_submission_case_key", "submission")
    op.drop_column("submission", "case_key")


def downgrade() -> None:
    op.add_column("submission", sa.Column("case_key", sa.String(length=40), nullable=True))
    op.execute(
        "UPDATE submission SET case_key = (SELECT i.case_key FROM instance i WHERE i.id = submission.instance_id)"
    )
    with op.batch_alter_table("submission") as batch:
        batch.alter_column("case_key", existing_type=sa.String(length=40), nullable=False)
    op.create_index("ix_submission_case_key", "submission", ["case_key"])
    op.drop_index("ix_item_mine", "work_item")
    op.drop_index("ix_item_inbox", "work_item")
    op.create_index("ix_work_item_instance_id", "work_item", ["instance_id"])
    op.create_index("ix_item_mine", "work_item", ["state", "claimed_by"])
    op.create_index("ix_item_inbox", "work_item", ["state", "role", "scope", "due_at"])
