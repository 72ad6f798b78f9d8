"""Logins that their person ended: a copy of their cookie enters no more."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sesion_cerrada",
        sa.Column("sesion", sa.String(length=64), nullable=False),
        sa.Column("cerrada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sesion", name=op.f("pk_sesion_cerrada")),
    )


def downgrade() -> None:
    op.drop_table("sesion_cerrada")
