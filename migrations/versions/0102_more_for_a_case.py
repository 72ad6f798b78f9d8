"""What came for a case that waited for nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aporte",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("llego", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recibido_por", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_aporte_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aporte")),
    )
    op.create_index(op.f("ix_aporte_caso_id"), "aporte", ["caso_id"])
