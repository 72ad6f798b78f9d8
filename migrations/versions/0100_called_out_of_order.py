"""A call that passed the order of the queue by says why."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turno_periodo", sa.Column("fuera_de_orden", sa.String(40), nullable=True))
