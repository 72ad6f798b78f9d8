"""Legal deadlines that steps of diagrams register."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plazo_registrado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tarea", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plazo_registrado")),
        sa.UniqueConstraint("tarea", name=op.f("uq_plazo_registrado_tarea")),
    )
    op.create_index(op.f("ix_plazo_registrado_case_key"), "plazo_registrado", ["case_key"])


def downgrade() -> None:
    op.drop_table("plazo_registrado")
