"""Signed calls of systems that deliver a message of a diagram: each once."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mensaje_recibido",
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("mensaje_id", sa.String(length=200), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("mensaje", sa.String(length=160), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sistema", "mensaje_id", name=op.f("pk_mensaje_recibido")),
    )
    op.create_index(op.f("ix_mensaje_recibido_case_key"), "mensaje_recibido", ["case_key"])


def downgrade() -> None:
    op.drop_table("mensaje_recibido")
