"""Passkeys of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "llave_de_acceso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("credencial", sa.String(1400), nullable=False),
        sa.Column("publica", sa.LargeBinary(), nullable=False),
        sa.Column("contador", sa.Integer(), nullable=False),
        sa.Column("nombre", sa.String(160), nullable=False),
        sa.Column("puesta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usada", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_llave_de_acceso")),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_llave_de_acceso_cuenta_id_cuenta")
        ),
        sa.UniqueConstraint("credencial", name=op.f("uq_llave_de_acceso_credencial")),
    )
    op.create_index(op.f("ix_llave_de_acceso_cuenta_id"), "llave_de_acceso", ["cuenta_id"])


def downgrade() -> None:
    op.drop_table("llave_de_acceso")
