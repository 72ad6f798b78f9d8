"""What a power of attorney allows; the holder of a credit is found by its number."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "poder", sa.Column("facultades", sa.String(length=200), nullable=False, server_default="")
    )
    op.create_index("ix_servicio_adquirido_obligacion", "servicio_adquirido", ["obligacion"])


def downgrade() -> None:
    op.drop_index("ix_servicio_adquirido_obligacion", "servicio_adquirido")
    op.drop_column("poder", "facultades")
