"""Receipts of what a device without network sent (5.2.27)."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recibo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("llave", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("quien", sa.String(length=80), nullable=False),
        sa.Column("escrito", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recibo")),
        sa.UniqueConstraint("llave", name=op.f("uq_recibo_llave")),
    )
    op.create_index(op.f("ix_recibo_item_id"), "recibo", ["item_id"])


def downgrade() -> None:
    op.drop_table("recibo")
