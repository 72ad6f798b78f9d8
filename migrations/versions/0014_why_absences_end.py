"""Who ended an absence before its last day, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ausencia", sa.Column("anulada_por", sa.String(length=80), nullable=True))
    op.add_column("ausencia", sa.Column("motivo_fin", sa.String(length=160), nullable=True))


def downgrade() -> None:
    op.drop_column("ausencia", "motivo_fin")
    op.drop_column("ausencia", "anulada_por")
