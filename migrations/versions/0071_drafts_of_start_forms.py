"""What people have typed into start forms and not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "borrador_de_inicio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("llave", sa.String(length=64), nullable=False),
        sa.Column("tramite", sa.String(length=250), nullable=False),
        sa.Column("nombre", sa.String(length=250), nullable=False),
        sa.Column("textos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("pagina", sa.String(length=40), nullable=False),
        sa.Column("guardado", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borrador_de_inicio")),
        sa.UniqueConstraint("usuario", "llave", name=op.f("uq_borrador_de_inicio_usuario_llave")),
    )
    op.create_index(op.f("ix_borrador_de_inicio_guardado"), "borrador_de_inicio", ["guardado"])


def downgrade() -> None:
    op.drop_table("borrador_de_inicio")
