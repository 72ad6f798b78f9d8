"""How the systems around the desk are, what happened to them, and why one did not answer a visit's
question."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sistema_estado",
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revisado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("circuito", sa.String(length=40), nullable=False),
        sa.Column("tiempos", sa.JSON(), nullable=False),
        sa.Column("corte", sa.Date(), nullable=True),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("error_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("avisado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sistema", name=op.f("pk_sistema_estado")),
    )
    op.create_table(
        "sistema_suceso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("que", sa.String(length=40), nullable=False),
        sa.Column("detalle", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sistema_suceso")),
    )
    op.create_index("ix_sistema_suceso_cuando", "sistema_suceso", ["cuando"])
    op.add_column(
        "consulta_legado",
        sa.Column("causa", sa.String(length=40), nullable=False, server_default=""),
    )
    op.add_column(
        "consulta_legado", sa.Column("detalle", sa.Text(), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("consulta_legado", "detalle")
    op.drop_column("consulta_legado", "causa")
    op.drop_index("ix_sistema_suceso_cuando", table_name="sistema_suceso")
    op.drop_table("sistema_suceso")
    op.drop_table("sistema_estado")
