"""Links with which a person sets their first or a new password."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enlace_de_clave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("semilla", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("creado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.String(length=80), nullable=False),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anulado", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_enlace_de_clave_cuenta_id_cuenta")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enlace_de_clave")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_enlace_de_clave_token_hash")),
    )
    op.create_index("ix_enlace_de_clave_cuenta_id", "enlace_de_clave", ["cuenta_id"])


def downgrade() -> None:
    op.drop_table("enlace_de_clave")
