"""Entries that tell what each transaction wrote; env.py enters what is there, and on PostgreSQL
makes the triggers."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "row_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "row_image",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("xid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
    )
    op.create_index("ix_row_image_xid", "row_image", ["xid"])


def downgrade() -> None:
    op.drop_table("row_image")
    op.drop_table("row_entry")
