"""A finding that an auditor adds to what the points of an F189 say (5.2.28)."""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inconsistencia", sa.Column("agregada_por", sa.String(length=80), nullable=True))
