"""Second factor of accounts: an application of codes, and codes to recover."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segundo_factor",
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("secreto", sa.Text(), nullable=False),
        sa.Column("puesto", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cuenta_id", name=op.f("pk_segundo_factor")),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_segundo_factor_cuenta_id_cuenta")
        ),
    )
    op.create_table(
        "codigo_de_recuperacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("huella", sa.String(64), nullable=False),
        sa.Column("usado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codigo_de_recuperacion")),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_codigo_de_recuperacion_cuenta_id_cuenta")
        ),
        sa.UniqueConstraint("huella", name=op.f("uq_codigo_de_recuperacion_huella")),
    )
    op.create_index(
        op.f("ix_codigo_de_recuperacion_cuenta_id"), "codigo_de_recuperacion", ["cuenta_id"]
    )


def downgrade() -> None:
    op.drop_table("codigo_de_recuperacion")
    op.drop_table("segundo_factor")
