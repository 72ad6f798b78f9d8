"""Extensions of the legal term that an officer asks for, and what was decided."""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prorroga_pedida",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("pedida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pedida_por", sa.String(length=80), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(length=80), nullable=True),
        sa.Column("concedida", sa.Boolean(), nullable=True),
        sa.Column("respuesta", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_prorroga_pedida_caso_id_caso")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prorroga_pedida")),
    )
    op.create_index(op.f("ix_prorroga_pedida_caso_id"), "prorroga_pedida", ["caso_id"])
    op.create_index(
        "uq_prorroga_pedida_pendiente",
        "prorroga_pedida",
        ["caso_id"],
        unique=True,
        sqlite_where=sa.text("decidida IS NULL"),
        postgresql_where=sa.text("decidida IS NULL"),
    )
