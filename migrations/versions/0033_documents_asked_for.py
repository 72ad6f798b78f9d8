"""Every document of the reports of a month, in one file: a job makes it, with how far it is."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documentos_pedido",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("pedido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("paso", sa.String(length=40), nullable=False),
        sa.Column("hechos", sa.Integer(), nullable=False),
        sa.Column("de", sa.Integer(), nullable=False),
        sa.Column("por_que", sa.Text(), nullable=False),
        sa.Column("archivos", sa.JSON(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documentos_pedido")),
    )


def downgrade() -> None:
    op.drop_table("documentos_pedido")
