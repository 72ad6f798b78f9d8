"""Templates of answers by theme, which a coordinator keeps and advisers start from in 5.2.10."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plantilla_respuesta",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tema", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("autor", sa.String(length=80), nullable=False),
        sa.Column("vigente_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vigente_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tema"], ["tipificacion.codigo"], name=op.f("fk_plantilla_respuesta_tema_tipificacion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plantilla_respuesta")),
    )
    op.create_index(
        op.f("ix_plantilla_respuesta_tema"), "plantilla_respuesta", ["tema"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_plantilla_respuesta_tema"), table_name="plantilla_respuesta")
    op.drop_table("plantilla_respuesta")
