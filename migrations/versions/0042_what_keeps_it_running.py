"""Processes that live, backups that were made, what administrators were told of."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

ABIERTO = sa.text("hasta IS NULL")


def upgrade() -> None:
    op.create_table(
        "latido",
        sa.Column("proceso", sa.String(length=80), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("equipo", sa.String(length=160), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("empezo", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("termino", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("proceso", name=op.f("pk_latido")),
    )
    op.create_table(
        "respaldo_hecho",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archivo", sa.String(length=160), nullable=False),
        sa.Column("tamano", sa.BigInteger(), nullable=False),
        sa.Column("quien", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respaldo_hecho")),
    )
    op.create_index("ix_respaldo_hecho_cuando", "respaldo_hecho", ["cuando"])
    op.create_table(
        "aviso_de_operacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dice", sa.Text(), nullable=False),
        sa.Column("hacer", sa.Text(), nullable=False),
        sa.Column("avisado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aviso_de_operacion")),
    )
    op.create_index(
        "ix_aviso_de_operacion_abierto",
        "aviso_de_operacion",
        ["codigo"],
        unique=True,
        sqlite_where=ABIERTO,
        postgresql_where=ABIERTO,
    )
    op.create_index("ix_aviso_de_operacion_desde", "aviso_de_operacion", ["desde"])


def downgrade() -> None:
    for tabla in ("aviso_de_operacion", "respaldo_hecho", "latido"):
        op.drop_table(tabla)
