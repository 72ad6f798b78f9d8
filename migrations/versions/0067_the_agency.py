"""The agency as it calls itself. A place with points was the one of M5-1-02 until now, and its
papers said so."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    entidad = op.create_table(
        "datos_de_entidad",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("nit", sa.String(length=160), nullable=False),
        sa.Column("ciudad", sa.String(length=160), nullable=False),
        sa.Column("dependencia", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_datos_de_entidad")),
    )
    if op.get_bind().execute(sa.text("SELECT 1 FROM punto LIMIT 1")).first() is not None:
        suya = {
            "nombre": "ICETEX",
            "nit": "",
            "ciudad": "Bogotá D.C.",
            "dependencia": "Grupo de Atención al Usuario",
        }
        op.bulk_insert(entidad, [{"codigo": "entidad", **suya}])


def downgrade() -> None:
    op.drop_table("datos_de_entidad")
