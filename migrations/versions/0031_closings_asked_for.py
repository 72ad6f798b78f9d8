"""A closing of a month that somebody asks for is done by a job: how far it is, and how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cierre_pedido",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("pedido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("paso", sa.String(length=40), nullable=False),
        sa.Column("hechos", sa.Integer(), nullable=False),
        sa.Column("de", sa.Integer(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=True),
        sa.Column("por_que", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_cierre_pedido_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cierre_pedido")),
    )


def downgrade() -> None:
    op.drop_table("cierre_pedido")
