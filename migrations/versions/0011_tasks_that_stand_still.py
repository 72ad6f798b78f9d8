"""Tasks of an area that nobody touched for days, and that rose to who leads it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tarea_quieta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("area_id", sa.String(length=40), nullable=False),
        sa.Column("actividad", sa.String(length=120), nullable=False),
        sa.Column("nombre", sa.String(length=200), nullable=False),
        sa.Column("tenia", sa.String(length=80), nullable=True),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=False),
        sa.Column("elevada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tarea_quieta")),
        sa.UniqueConstraint("item_id", "desde", name=op.f("uq_tarea_quieta_item_id_desde")),
    )
    op.create_index("ix_tarea_quieta_case_key", "tarea_quieta", ["case_key"])
    op.create_index("ix_tarea_quieta_item_id", "tarea_quieta", ["item_id"])


def downgrade() -> None:
    op.drop_table("tarea_quieta")
