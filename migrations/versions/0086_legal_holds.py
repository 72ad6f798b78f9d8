"""Cases of which nothing is erased while somebody may still need them."""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reserva_legal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(64), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("puesta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("puesta_por", sa.String(80), nullable=False),
        sa.Column("levantada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("levantada_por", sa.String(80), nullable=True),
        sa.Column("motivo_fin", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserva_legal")),
    )
    op.create_index(op.f("ix_reserva_legal_case_key"), "reserva_legal", ["case_key"])
    holds = sa.text("levantada IS NULL")
    op.create_index(
        "uq_reserva_legal_vigente",
        "reserva_legal",
        ["case_key"],
        unique=True,
        sqlite_where=holds,
        postgresql_where=holds,
    )


def downgrade() -> None:
    op.drop_table("reserva_legal")
