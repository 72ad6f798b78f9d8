"""The weekly audit: sample, F189, what was found, report (5.2.27–5.2.29)."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "auditoria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("canal", sa.String(length=40), nullable=False),
        sa.Column("semana", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("hasta", sa.Date(), nullable=False),
        sa.Column("cierre", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tomada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("parametros", sa.JSON(), nullable=False),
        sa.Column("n_poblacion", sa.Integer(), nullable=False),
        sa.Column("n_muestra", sa.Integer(), nullable=False),
        sa.Column("huella_poblacion", sa.String(length=64), nullable=False),
        sa.Column("semilla", sa.String(length=20), nullable=False),
        sa.Column("poblacion", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria")),
        sa.UniqueConstraint("canal", "semana", name=op.f("uq_auditoria_canal_semana")),
    )
    op.create_index(op.f("ix_auditoria_instancia_id"), "auditoria", ["instancia_id"], unique=False)
    op.create_table(
        "auditoria_acuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auditoria_id"],
            ["auditoria.id"],
            name=op.f("fk_auditoria_acuse_auditoria_id_auditoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria_acuse")),
        sa.UniqueConstraint("auditoria_id", name=op.f("uq_auditoria_acuse_auditoria_id")),
    )
    op.create_table(
        "auditoria_informe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("autor", sa.String(length=80), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusiones", sa.Text(), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["auditoria_id"],
            ["auditoria.id"],
            name=op.f("fk_auditoria_informe_auditoria_id_auditoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria_informe")),
        sa.UniqueConstraint(
            "auditoria_id", "version", name=op.f("uq_auditoria_informe_auditoria_id_version")
        ),
    )
    op.create_table(
        "auditoria_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("informe_id", sa.Integer(), nullable=False),
        sa.Column("remite", sa.Boolean(), nullable=False),
        sa.Column("observaciones", sa.Text(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["informe_id"],
            ["auditoria_informe.id"],
            name=op.f("fk_auditoria_revision_informe_id_auditoria_informe"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria_revision")),
        sa.UniqueConstraint("informe_id", name=op.f("uq_auditoria_revision_informe_id")),
    )
    op.create_table(
        "auditoria_muestra",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("modo", sa.String(length=40), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("estrato", sa.String(length=80), nullable=False),
        sa.Column("orden", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.Column("atencion_id", sa.Integer(), nullable=True),
        sa.Column("sorteada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entre", sa.JSON(), nullable=True),
        sa.Column("reemplaza_id", sa.Integer(), nullable=True),
        sa.Column("retirada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirada_por", sa.String(length=80), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["atencion_id"], ["atencion.id"], name=op.f("fk_auditoria_muestra_atencion_id_atencion")
        ),
        sa.ForeignKeyConstraint(
            ["auditoria_id"],
            ["auditoria.id"],
            name=op.f("fk_auditoria_muestra_auditoria_id_auditoria"),
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_auditoria_muestra_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["reemplaza_id"],
            ["auditoria_muestra.id"],
            name=op.f("fk_auditoria_muestra_reemplaza_id_auditoria_muestra"),
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_auditoria_muestra_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria_muestra")),
        sa.UniqueConstraint(
            "auditoria_id",
            "atencion_id",
            name=op.f("uq_auditoria_muestra_auditoria_id_atencion_id"),
        ),
        sa.UniqueConstraint("reemplaza_id", name=op.f("uq_auditoria_muestra_reemplaza_id")),
    )
    op.create_index(
        op.f("ix_auditoria_muestra_auditoria_id"),
        "auditoria_muestra",
        ["auditoria_id"],
        unique=False,
    )
    op.create_table(
        "f189",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("muestra_id", sa.Integer(), nullable=False),
        sa.Column("auditor", sa.String(length=80), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("respuestas", sa.JSON(), nullable=False),
        sa.Column("comentarios", sa.JSON(), nullable=False),
        sa.Column("fatales", sa.JSON(), nullable=False),
        sa.Column("observaciones", sa.Text(), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("puntaje", sa.Double(), nullable=True),
        sa.Column("puntaje_critico", sa.Double(), nullable=True),
        sa.Column("banda", sa.String(length=40), nullable=True),
        sa.Column("consecuencia", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_f189_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(
            ["muestra_id"],
            ["auditoria_muestra.id"],
            name=op.f("fk_f189_muestra_id_auditoria_muestra"),
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_f189_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_f189")),
        sa.UniqueConstraint("muestra_id", name=op.f("uq_f189_muestra_id")),
    )
    op.create_index(op.f("ix_f189_asesor_id"), "f189", ["asesor_id"], unique=False)
    op.create_index(op.f("ix_f189_instancia_id"), "f189", ["instancia_id"], unique=False)
    op.create_index(op.f("ix_f189_punto_id"), "f189", ["punto_id"], unique=False)
    op.create_table(
        "f189_acuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("f189_id", sa.Integer(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("respuesta", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["f189_id"], ["f189.id"], name=op.f("fk_f189_acuse_f189_id_f189")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_f189_acuse")),
        sa.UniqueConstraint("f189_id", name=op.f("uq_f189_acuse_f189_id")),
    )
    op.create_table(
        "f189_criterio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("f189_id", sa.Integer(), nullable=False),
        sa.Column("criterio", sa.String(length=40), nullable=False),
        sa.Column("puntos", sa.Double(), nullable=False),
        sa.Column("maximo", sa.Double(), nullable=False),
        sa.Column("critico", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["f189_id"], ["f189.id"], name=op.f("fk_f189_criterio_f189_id_f189")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_f189_criterio")),
        sa.UniqueConstraint("f189_id", "criterio", name=op.f("uq_f189_criterio_f189_id_criterio")),
    )
    op.create_table(
        "inconsistencia",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("f189_id", sa.Integer(), nullable=False),
        sa.Column("criterio", sa.String(length=40), nullable=False),
        sa.Column("gravedad", sa.String(length=40), nullable=False),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("descripcion", sa.Text(), nullable=False),
        sa.Column("hallada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reiterada_de", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["auditoria_id"],
            ["auditoria.id"],
            name=op.f("fk_inconsistencia_auditoria_id_auditoria"),
        ),
        sa.ForeignKeyConstraint(
            ["f189_id"], ["f189.id"], name=op.f("fk_inconsistencia_f189_id_f189")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_inconsistencia_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["reiterada_de"],
            ["inconsistencia.id"],
            name=op.f("fk_inconsistencia_reiterada_de_inconsistencia"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inconsistencia")),
        sa.UniqueConstraint("f189_id", "criterio", name=op.f("uq_inconsistencia_f189_id_criterio")),
    )
    op.create_index(
        op.f("ix_inconsistencia_asesor_id"), "inconsistencia", ["asesor_id"], unique=False
    )
    op.create_index(
        op.f("ix_inconsistencia_auditoria_id"), "inconsistencia", ["auditoria_id"], unique=False
    )
    op.create_index(
        op.f("ix_inconsistencia_punto_id"), "inconsistencia", ["punto_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_inconsistencia_punto_id"), table_name="inconsistencia")
    op.drop_index(op.f("ix_inconsistencia_auditoria_id"), table_name="inconsistencia")
    op.drop_index(op.f("ix_inconsistencia_asesor_id"), table_name="inconsistencia")
    op.drop_table("inconsistencia")
    op.drop_table("f189_criterio")
    op.drop_table("f189_acuse")
    op.drop_index(op.f("ix_f189_punto_id"), table_name="f189")
    op.drop_index(op.f("ix_f189_instancia_id"), table_name="f189")
    op.drop_index(op.f("ix_f189_asesor_id"), table_name="f189")
    op.drop_table("f189")
    op.drop_index(op.f("ix_auditoria_muestra_auditoria_id"), table_name="auditoria_muestra")
    op.drop_table("auditoria_muestra")
    op.drop_table("auditoria_revision")
    op.drop_table("auditoria_informe")
    op.drop_table("auditoria_acuse")
    op.drop_index(op.f("ix_auditoria_instancia_id"), table_name="auditoria")
    op.drop_table("auditoria")
