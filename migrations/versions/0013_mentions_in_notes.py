"""Colleagues whom a note on a case names."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mencion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leida", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mencion")),
    )
    op.create_index("ix_mencion_case_key", "mencion", ["case_key"])
    op.create_index("ix_mencion_usuario_leida", "mencion", ["usuario", "leida"])


def downgrade() -> None:
    op.drop_table("mencion")
