"""Closed months: their frozen data, and the figures made of them (5.2.23)."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mes_cerrado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mes_cerrado")),
        sa.UniqueConstraint("mes", "version", name=op.f("uq_mes_cerrado_mes_version")),
    )
    op.create_table(
        "mes_datos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=False),
        sa.Column("tabla", sa.String(length=40), nullable=False),
        sa.Column("filas", sa.Integer(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_mes_datos_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mes_datos")),
        sa.UniqueConstraint("mes_id", "tabla", name=op.f("uq_mes_datos_mes_id_tabla")),
    )
    op.create_table(
        "indicador_mes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=False),
        sa.Column("indicador", sa.String(length=40), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=False),
        sa.Column("clave", sa.String(length=80), nullable=False),
        sa.Column("numerador", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("arriba", sa.BigInteger(), nullable=True),
        sa.Column("abajo", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_indicador_mes_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicador_mes")),
    )
    op.create_index("ix_indicador_mes_que", "indicador_mes", ["mes_id", "dimension", "clave"])


def downgrade() -> None:
    op.drop_table("indicador_mes")
    op.drop_table("mes_datos")
    op.drop_table("mes_cerrado")
