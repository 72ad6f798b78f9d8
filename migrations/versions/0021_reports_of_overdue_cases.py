"""Reports of escalated cases that are overdue (control 6-5)."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reporte_fallas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dia", sa.Date(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("determinado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cuantos", sa.Integer(), nullable=False),
        sa.Column("revisado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revisado_por", sa.String(length=80), nullable=True),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("remitido", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_fallas")),
    )
    op.create_index(op.f("ix_reporte_fallas_dia"), "reporte_fallas", ["dia"])
    op.create_index(op.f("ix_reporte_fallas_instancia_id"), "reporte_fallas", ["instancia_id"])
    op.create_table(
        "reporte_fallas_caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reporte_id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.String(length=40), nullable=False),
        sa.Column("tiene", sa.String(length=80), nullable=True),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("termino", sa.String(length=40), nullable=False),
        sa.Column("vencia", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporte_id"],
            ["reporte_fallas.id"],
            name=op.f("fk_reporte_fallas_caso_reporte_id_reporte_fallas"),
        ),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_reporte_fallas_caso_caso_id_caso")
        ),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.codigo"], name=op.f("fk_reporte_fallas_caso_area_id_area")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_fallas_caso")),
        sa.UniqueConstraint(
            "reporte_id", "caso_id", name=op.f("uq_reporte_fallas_caso_reporte_id_caso_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("reporte_fallas_caso")
    op.drop_table("reporte_fallas")
