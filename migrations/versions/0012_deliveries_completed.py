"""When what was missing of a delivery came, and who received it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("escrito") as tabla:
        tabla.add_column(sa.Column("completado", sa.DateTime(timezone=True), nullable=True))
        tabla.add_column(sa.Column("completado_por", sa.String(length=80), nullable=True))
    # what was filed today, on a page that asks every few seconds
    op.create_index("ix_escrito_radicado_en", "escrito", ["radicado_en"])
    op.create_index(
        "ix_escrito_por_completar",
        "escrito",
        ["falta_hasta"],
        sqlite_where=sa.text("falta IS NOT NULL AND completado IS NULL"),
        postgresql_where=sa.text("falta IS NOT NULL AND completado IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_escrito_por_completar", table_name="escrito")
    op.drop_index("ix_escrito_radicado_en", table_name="escrito")
    with op.batch_alter_table("escrito") as tabla:
        tabla.drop_column("completado_por")
        tabla.drop_column("completado")
