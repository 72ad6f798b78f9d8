"""What is known of each document: its pages, what it brings, what the antivirus said, its visit or
its person."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("archivo") as tabla:
        tabla.add_column(sa.Column("paginas", sa.Integer(), nullable=False, server_default="0"))
        tabla.add_column(
            sa.Column("origen", sa.String(length=64), nullable=False, server_default="")
        )
        tabla.add_column(sa.Column("trae", sa.JSON(), nullable=False, server_default="[]"))
        tabla.add_column(
            sa.Column("antivirus", sa.String(length=40), nullable=False, server_default="")
        )
        tabla.add_column(
            sa.Column("virus", sa.String(length=200), nullable=False, server_default="")
        )
        tabla.add_column(sa.Column("revisado", sa.DateTime(timezone=True), nullable=True))
        tabla.add_column(sa.Column("turno_id", sa.Integer(), nullable=True))
        tabla.add_column(sa.Column("persona_id", sa.Integer(), nullable=True))
        tabla.create_foreign_key(op.f("fk_archivo_turno_id_turno"), "turno", ["turno_id"], ["id"])
        tabla.create_foreign_key(
            op.f("fk_archivo_persona_id_persona"), "persona", ["persona_id"], ["id"]
        )
        tabla.create_index(op.f("ix_archivo_persona_id"), ["persona_id"])
    op.execute(
        "UPDATE archivo SET turno_id = (SELECT min(id) FROM turno WHERE turno.case_key = archivo.case_key)"
    )


def downgrade() -> None:
    with op.batch_alter_table("archivo") as tabla:
        tabla.drop_index(op.f("ix_archivo_persona_id"))
        tabla.drop_constraint(op.f("fk_archivo_persona_id_persona"), type_="foreignkey")
        tabla.drop_constraint(op.f("fk_archivo_turno_id_turno"), type_="foreignkey")
        for columna in (
            "persona_id",
            "turno_id",
            "revisado",
            "virus",
            "antivirus",
            "trae",
            "origen",
            "paginas",
        ):
            tabla.drop_column(columna)
