"""Numbers of cases that somebody asked to annul, and what another person decided."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

PENDIENTE = sa.text("decidida IS NULL")


def upgrade() -> None:
    op.create_table(
        "anulacion_de_numero",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("pedida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pedida_por", sa.String(length=80), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(length=80), nullable=True),
        sa.Column("aprobada", sa.Boolean(), nullable=True),
        sa.Column("respuesta", sa.String(length=2000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anulacion_de_numero")),
    )
    op.create_index(op.f("ix_anulacion_de_numero_case_key"), "anulacion_de_numero", ["case_key"])
    pendientes = {"unique": True, "sqlite_where": PENDIENTE, "postgresql_where": PENDIENTE}
    op.create_index(
        "uq_anulacion_de_numero_pendiente", "anulacion_de_numero", ["case_key"], **pendientes
    )


def downgrade() -> None:
    op.drop_table("anulacion_de_numero")
