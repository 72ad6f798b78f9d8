"""Letters on paper that came back, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carta_devuelta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("aviso_id", sa.Integer(), nullable=False),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("nota", sa.String(length=300), nullable=False),
        sa.Column("entregada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["aviso_id"], ["aviso.id"], name=op.f("fk_carta_devuelta_aviso_id_aviso")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carta_devuelta")),
    )
    op.create_index(op.f("ix_carta_devuelta_aviso_id"), "carta_devuelta", ["aviso_id"])
    op.create_index(op.f("ix_carta_devuelta_cuando"), "carta_devuelta", ["cuando"])


def downgrade() -> None:
    op.drop_table("carta_devuelta")
