"""Incidents say what failed and of what, how often, by whose command, and what was done about
it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("incident") as table:
        table.add_column(sa.Column("last_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("cause", sa.String(length=16), server_default="", nullable=False)
        )
        table.add_column(sa.Column("facts", sa.Text(), nullable=True))
        table.add_column(sa.Column("input", sa.Text(), nullable=True))
        table.add_column(
            sa.Column("actor_kind", sa.String(length=8), server_default="system", nullable=False)
        )
        table.add_column(
            sa.Column("actor_id", sa.String(length=120), server_default="motor", nullable=False)
        )
        table.add_column(sa.Column("action", sa.String(length=10), nullable=True))
        table.create_index("ix_incident_cause", ["state", "cause"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("incident") as table:
        table.drop_index("ix_incident_cause")
        for name in ("action", "actor_id", "actor_kind", "input", "facts", "cause", "last_at"):
            table.drop_column(name)
