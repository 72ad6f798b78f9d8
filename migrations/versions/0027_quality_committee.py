"""The quality committee: what it takes up, answers, sessions, votes, minutes, and actions until
they are closed (5.2.30–5.2.31)."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.String(length=40), nullable=False),
        sa.Column("reunido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite")),
        sa.UniqueConstraint("mes", name=op.f("uq_comite_mes")),
    )
    op.create_index(op.f("ix_comite_instancia_id"), "comite", ["instancia_id"], unique=False)
    op.create_table(
        "comite_hallazgo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("inconsistencia_id", sa.Integer(), nullable=False),
        sa.Column("acepta", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_comite_hallazgo_comite_id_comite")
        ),
        sa.ForeignKeyConstraint(
            ["inconsistencia_id"],
            ["inconsistencia.id"],
            name=op.f("fk_comite_hallazgo_inconsistencia_id_inconsistencia"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_hallazgo")),
        sa.UniqueConstraint(
            "comite_id",
            "inconsistencia_id",
            name=op.f("uq_comite_hallazgo_comite_id_inconsistencia_id"),
        ),
    )
    op.create_index(
        op.f("ix_comite_hallazgo_inconsistencia_id"),
        "comite_hallazgo",
        ["inconsistencia_id"],
        unique=False,
    )
    op.create_table(
        "accion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("inconsistencia_id", sa.Integer(), nullable=False),
        sa.Column("causa", sa.Text(), nullable=False),
        sa.Column("accion", sa.Text(), nullable=False),
        sa.Column("responsable", sa.String(length=80), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_accion_comite_id_comite")
        ),
        sa.ForeignKeyConstraint(
            ["inconsistencia_id"],
            ["inconsistencia.id"],
            name=op.f("fk_accion_inconsistencia_id_inconsistencia"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accion")),
        sa.UniqueConstraint(
            "comite_id", "inconsistencia_id", name=op.f("uq_accion_comite_id_inconsistencia_id")
        ),
    )
    op.create_index(
        op.f("ix_accion_inconsistencia_id"), "accion", ["inconsistencia_id"], unique=False
    )
    op.create_index(op.f("ix_accion_instancia_id"), "accion", ["instancia_id"], unique=False)
    op.create_table(
        "accion_cierre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("accion_id", sa.Integer(), nullable=False),
        sa.Column("evidencia", sa.Text(), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accion_id"], ["accion.id"], name=op.f("fk_accion_cierre_accion_id_accion")
        ),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_accion_cierre_archivo_id_archivo")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accion_cierre")),
        sa.UniqueConstraint("accion_id", name=op.f("uq_accion_cierre_accion_id")),
    )
    op.create_table(
        "comite_sesion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("convocada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("para", sa.DateTime(timezone=True), nullable=False),
        sa.Column("miembros", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("cerrada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("preside", sa.String(length=80), nullable=True),
        sa.Column("desarrollo", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_comite_sesion_comite_id_comite")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_sesion")),
        sa.UniqueConstraint("comite_id", "numero", name=op.f("uq_comite_sesion_comite_id_numero")),
    )
    op.create_table(
        "comite_asistencia",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sesion_id", sa.Integer(), nullable=False),
        sa.Column("miembro", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sesion_id"],
            ["comite_sesion.id"],
            name=op.f("fk_comite_asistencia_sesion_id_comite_sesion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_asistencia")),
        sa.UniqueConstraint(
            "sesion_id", "miembro", name=op.f("uq_comite_asistencia_sesion_id_miembro")
        ),
    )
    op.create_table(
        "comite_voto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sesion_id", sa.Integer(), nullable=False),
        sa.Column("inconsistencia_id", sa.Integer(), nullable=False),
        sa.Column("miembro", sa.String(length=80), nullable=False),
        sa.Column("voto", sa.String(length=40), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inconsistencia_id"],
            ["inconsistencia.id"],
            name=op.f("fk_comite_voto_inconsistencia_id_inconsistencia"),
        ),
        sa.ForeignKeyConstraint(
            ["sesion_id"], ["comite_sesion.id"], name=op.f("fk_comite_voto_sesion_id_comite_sesion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_voto")),
        sa.UniqueConstraint(
            "sesion_id",
            "inconsistencia_id",
            "miembro",
            name=op.f("uq_comite_voto_sesion_id_inconsistencia_id_miembro"),
        ),
    )
    op.create_table(
        "comite_acta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("levantada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_comite_acta_comite_id_comite")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_acta")),
        sa.UniqueConstraint("comite_id", name=op.f("uq_comite_acta_comite_id")),
    )
    op.create_table(
        "plan_mejora",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("hallazgos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_plan_mejora_comite_id_comite")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_mejora")),
        sa.UniqueConstraint("comite_id", name=op.f("uq_plan_mejora_comite_id")),
    )


def downgrade() -> None:
    for tabla in (
        "plan_mejora",
        "comite_acta",
        "comite_voto",
        "comite_asistencia",
        "comite_sesion",
        "accion_cierre",
        "accion",
        "comite_hallazgo",
        "comite",
    ):
        op.drop_table(tabla)
