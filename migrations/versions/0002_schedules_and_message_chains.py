"""Recurring starts with their history; messages know their causal chain and, for signals, the task
they are for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedule",
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_left", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", "element"),
    )
    op.create_index(op.f("ix_schedule_next_at"), "schedule", ["next_at"], unique=False)
    op.create_table(
        "schedule_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("occurrence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instance_id", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_schedule_event", "schedule_event", ["process", "element", "id"], unique=False
    )
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("target", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("hops", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("chain_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_column("chain_at")
        table.drop_column("hops")
        table.drop_column("target")
    op.drop_index("ix_schedule_event", table_name="schedule_event")
    op.drop_table("schedule_event")
    op.drop_index(op.f("ix_schedule_next_at"), table_name="schedule")
    op.drop_table("schedule")
