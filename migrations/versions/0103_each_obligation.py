"""A step of supervision says what was verified, or discounted, of each obligation."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("paso_supervision", sa.Column("por_obligacion", sa.JSON(), nullable=True))
