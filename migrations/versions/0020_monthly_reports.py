"""Monthly reports of the points, their review, and the reports of the whole entity
(5.2.23–5.2.26)."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reporte_pedido",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("pedido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_pedido")),
        sa.UniqueConstraint("mes", "punto_id", name=op.f("uq_reporte_pedido_mes_punto_id")),
    )
    op.create_index(op.f("ix_reporte_pedido_instancia_id"), "reporte_pedido", ["instancia_id"])
    op.create_table(
        "reporte_punto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("autor", sa.String(length=80), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comentarios", sa.Text(), nullable=False),
        sa.Column("cambio", sa.Text(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_reporte_punto_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_punto")),
        sa.UniqueConstraint(
            "mes", "punto_id", "version", name=op.f("uq_reporte_punto_mes_punto_id_version")
        ),
    )
    op.create_index(op.f("ix_reporte_punto_instancia_id"), "reporte_punto", ["instancia_id"])
    op.create_table(
        "reporte_nota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reporte_id", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("indicador", sa.String(length=40), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporte_id"],
            ["reporte_punto.id"],
            name=op.f("fk_reporte_nota_reporte_id_reporte_punto"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_nota")),
        sa.UniqueConstraint(
            "reporte_id",
            "tipo",
            "indicador",
            name=op.f("uq_reporte_nota_reporte_id_tipo_indicador"),
        ),
    )
    op.create_table(
        "reporte_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reporte_id", sa.Integer(), nullable=False),
        sa.Column("cumple", sa.Boolean(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporte_id"],
            ["reporte_punto.id"],
            name=op.f("fk_reporte_revision_reporte_id_reporte_punto"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_revision")),
        sa.UniqueConstraint("reporte_id", name=op.f("uq_reporte_revision_reporte_id")),
    )
    op.create_table(
        "informe_mensual",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusiones", sa.Text(), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_informe_mensual_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_informe_mensual")),
        sa.UniqueConstraint(
            "mes", "tipo", "version", name=op.f("uq_informe_mensual_mes_tipo_version")
        ),
    )
    op.create_index(op.f("ix_informe_mensual_instancia_id"), "informe_mensual", ["instancia_id"])


def downgrade() -> None:
    op.drop_table("informe_mensual")
    op.drop_table("reporte_revision")
    op.drop_table("reporte_nota")
    op.drop_table("reporte_punto")
    op.drop_table("reporte_pedido")
