"""A draft is of a task: an activity that is open several times in an instance has several."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

COLUMNS = "item_id, person, instance_id, element, draft_values, saved_at"


def upgrade() -> None:
    op.create_table(
        "draft_of_task",
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("draft_values", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "person", name="pk_draft_of_task"),
    )
    op.execute(
        f"INSERT INTO draft_of_task ({COLUMNS}) SELECT {COLUMNS} FROM draft d"  # noqa: S608 - constants
        " WHERE NOT EXISTS (SELECT 1 FROM draft later WHERE later.item_id = d.item_id"
        " AND later.person = d.person AND later.saved_at > d.saved_at)"
    )
    op.drop_table("draft")
    op.rename_table("draft_of_task", "draft")
    op.create_index(op.f("ix_draft_instance_id"), "draft", ["instance_id"], unique=False)
