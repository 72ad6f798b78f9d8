"""Cases of every process are listed by when they began."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_instance_started", "instance", ["started_at"])


def downgrade() -> None:
    op.drop_index("ix_instance_started", "instance")
