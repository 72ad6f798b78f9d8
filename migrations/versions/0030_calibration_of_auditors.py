"""Calibration of auditors: several score the same attention apart (SUPUESTO Q29)."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calibracion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("muestra_id", sa.Integer(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("abierta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("abierta_por", sa.String(length=80), nullable=False),
        sa.Column("semilla", sa.Text(), nullable=False),
        sa.Column("entre", sa.JSON(), nullable=True),
        sa.Column("limite", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cerrada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cerrada_por", sa.String(length=80), nullable=True),
        sa.Column("acuerdo", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auditoria_id"], ["auditoria.id"], name=op.f("fk_calibracion_auditoria_id_auditoria")
        ),
        sa.ForeignKeyConstraint(
            ["muestra_id"],
            ["auditoria_muestra.id"],
            name=op.f("fk_calibracion_muestra_id_auditoria_muestra"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibracion")),
        sa.UniqueConstraint("muestra_id", name=op.f("uq_calibracion_muestra_id")),
    )
    op.create_index(
        op.f("ix_calibracion_auditoria_id"), "calibracion", ["auditoria_id"], unique=False
    )
    op.create_index(
        op.f("ix_calibracion_instancia_id"), "calibracion", ["instancia_id"], unique=False
    )
    op.create_table(
        "calibracion_f189",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calibracion_id", sa.Integer(), nullable=False),
        sa.Column("auditor", sa.String(length=80), nullable=False),
        sa.Column("referencia", sa.Boolean(), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("respuestas", sa.JSON(), nullable=False),
        sa.Column("comentarios", sa.JSON(), nullable=False),
        sa.Column("fatales", sa.JSON(), nullable=False),
        sa.Column("observaciones", sa.Text(), nullable=False),
        sa.Column("puntaje", sa.Double(), nullable=True),
        sa.Column("puntaje_critico", sa.Double(), nullable=True),
        sa.Column("banda", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["calibracion_id"],
            ["calibracion.id"],
            name=op.f("fk_calibracion_f189_calibracion_id_calibracion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibracion_f189")),
        sa.UniqueConstraint(
            "calibracion_id", "auditor", name=op.f("uq_calibracion_f189_calibracion_id_auditor")
        ),
    )
    op.create_table(
        "calibracion_criterio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluacion_id", sa.Integer(), nullable=False),
        sa.Column("criterio", sa.String(length=40), nullable=False),
        sa.Column("puntos", sa.Double(), nullable=False),
        sa.Column("maximo", sa.Double(), nullable=False),
        sa.Column("critico", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluacion_id"],
            ["calibracion_f189.id"],
            name=op.f("fk_calibracion_criterio_evaluacion_id_calibracion_f189"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibracion_criterio")),
        sa.UniqueConstraint(
            "evaluacion_id", "criterio", name=op.f("uq_calibracion_criterio_evaluacion_id_criterio")
        ),
    )


def downgrade() -> None:
    op.drop_table("calibracion_criterio")
    op.drop_table("calibracion_f189")
    op.drop_table("calibracion")
