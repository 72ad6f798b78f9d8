"""What triggers tell comes with the answer of each statement: nothing is laid aside for it."""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("row_image")


def downgrade() -> None:
    op.create_table(
        "row_image",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("xid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_image")),
    )
    op.create_index("ix_row_image_xid", "row_image", ["xid"])
