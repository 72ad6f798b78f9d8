"""Attempts that failed, counted for all web processes in one place; the two columns of accounts are
left to the release of before."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "freno",
        sa.Column("clave", sa.String(64), nullable=False),
        sa.Column("fallos", sa.Integer(), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anotado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ultimo", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("clave", name=op.f("pk_freno")),
    )
    op.create_index(op.f("ix_freno_ultimo"), "freno", ["ultimo"])


def downgrade() -> None:
    op.drop_index(op.f("ix_freno_ultimo"), "freno")
    op.drop_table("freno")
