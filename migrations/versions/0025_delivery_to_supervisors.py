"""The monthly report handed to the contract supervisors, their receipts, and what they do with it
(5.2.32, A4-2-02)."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paquete_interventoria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("informe_id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("preparado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paginas", sa.Integer(), nullable=False),
        sa.Column("archivos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["informe_id"],
            ["informe_mensual.id"],
            name=op.f("fk_paquete_interventoria_informe_id_informe_mensual"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paquete_interventoria")),
        sa.UniqueConstraint("informe_id", name=op.f("uq_paquete_interventoria_informe_id")),
    )
    op.create_index(op.f("ix_paquete_interventoria_mes"), "paquete_interventoria", ["mes"])
    op.create_index(
        op.f("ix_paquete_interventoria_instancia_id"), "paquete_interventoria", ["instancia_id"]
    )
    op.create_table(
        "entrega_interventor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("interventor", sa.String(length=80), nullable=False),
        sa.Column("medio", sa.String(length=40), nullable=False),
        sa.Column("envio", sa.Integer(), nullable=False),
        sa.Column("forma", sa.String(length=40), nullable=False),
        sa.Column("radicado", sa.String(length=40), nullable=False),
        sa.Column("remitido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("descargado", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_entrega_interventor_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrega_interventor")),
        sa.UniqueConstraint(
            "paquete_id",
            "interventor",
            "medio",
            "envio",
            name=op.f("uq_entrega_interventor_paquete_id_interventor_medio_envio"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_entrega_interventor_token_hash")),
    )
    op.create_table(
        "acuse_interventor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("interventor", sa.String(length=80), nullable=False),
        sa.Column("medio", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_acuse_interventor_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acuse_interventor")),
        sa.UniqueConstraint(
            "paquete_id",
            "interventor",
            "medio",
            name=op.f("uq_acuse_interventor_paquete_id_interventor_medio"),
        ),
    )
    op.create_table(
        "recordatorio_acuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("interventor", sa.String(length=80), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("envio", sa.Integer(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_recordatorio_acuse_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordatorio_acuse")),
        sa.UniqueConstraint(
            "paquete_id",
            "interventor",
            "n",
            name=op.f("uq_recordatorio_acuse_paquete_id_interventor_n"),
        ),
    )
    op.create_table(
        "acta_interventor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("asistieron", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sin_acuse", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_acta_interventor_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_interventor")),
        sa.UniqueConstraint("paquete_id", name=op.f("uq_acta_interventor_paquete_id")),
    )
    op.create_table(
        "paso_supervision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("paso", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.Boolean(), nullable=True),
        sa.Column("descuento", sa.BigInteger(), nullable=True),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_paso_supervision_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paso_supervision")),
        sa.UniqueConstraint("paquete_id", "paso", name=op.f("uq_paso_supervision_paquete_id_paso")),
    )


def downgrade() -> None:
    for tabla in (
        "paso_supervision",
        "acta_interventor",
        "recordatorio_acuse",
        "acuse_interventor",
        "entrega_interventor",
    ):
        op.drop_table(tabla)
    op.drop_table("paquete_interventoria")
