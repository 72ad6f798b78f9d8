"""What is filed becomes a case: its documents one by one with their folios, and what is missing of
an incomplete delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("escrito") as tabla:
        tabla.add_column(sa.Column("caso_id", sa.Integer(), nullable=True))
        tabla.add_column(sa.Column("falta", sa.Text(), nullable=True))
        tabla.add_column(sa.Column("falta_hasta", sa.DateTime(timezone=True), nullable=True))
        tabla.create_foreign_key("fk_escrito_caso_id_caso", "caso", ["caso_id"], ["id"])
        tabla.create_index("ix_escrito_caso_id", ["caso_id"])
    op.create_table(
        "escrito_documento",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escrito_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("nombre", sa.String(length=200), nullable=False),
        sa.Column("folio_desde", sa.Integer(), nullable=False),
        sa.Column("folio_hasta", sa.Integer(), nullable=False),
        sa.Column("soporte", sa.String(length=40), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_escrito_documento_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(
            ["escrito_id"], ["escrito.id"], name=op.f("fk_escrito_documento_escrito_id_escrito")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escrito_documento")),
        sa.UniqueConstraint("escrito_id", "n", name=op.f("uq_escrito_documento_escrito_id_n")),
    )


def downgrade() -> None:
    op.drop_table("escrito_documento")
    with op.batch_alter_table("escrito") as tabla:
        tabla.drop_index("ix_escrito_caso_id")
        tabla.drop_constraint("fk_escrito_caso_id_caso", type_="foreignkey")
        tabla.drop_column("falta_hasta")
        tabla.drop_column("falta")
        tabla.drop_column("caso_id")
