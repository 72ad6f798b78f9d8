"""Days that are over are summed up for the pages of managers; today's turns and what was completed
on a day have an index."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TERMINADAS = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_turno_fecha_punto", "turno", ["fecha", "punto_id"])
    op.create_index(
        "ix_item_closed",
        "work_item",
        ["closed_at"],
        sqlite_where=TERMINADAS,
        postgresql_where=TERMINADAS,
    )
    op.create_table(
        "dia_resumido",
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("resumido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("abiertos", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fecha", name=op.f("pk_dia_resumido")),
    )
    op.create_table(
        "dia_hora",
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("franja", sa.Integer(), nullable=False),
        *(
            sa.Column(nombre, sa.Integer(), nullable=False)
            for nombre in (
                "visitas",
                "abandonos",
                "medibles",
                "a_tiempo",
                "esperas",
                "espera_s",
                "atenciones",
                "atencion_s",
            )
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_dia_hora_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("fecha", "punto_id", "franja", name=op.f("pk_dia_hora")),
    )
    op.create_table(
        "dia_asesor",
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        *(
            sa.Column(nombre, sa.Integer(), nullable=False)
            for nombre in ("turnos", "atenciones", "atencion_s")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_dia_asesor_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("fecha", "punto_id", "asesor_id", name=op.f("pk_dia_asesor")),
    )
    op.create_index("ix_dia_asesor_asesor_id", "dia_asesor", ["asesor_id"])
    op.create_table(
        "dia_actividad",
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("proceso", sa.String(length=160), nullable=False),
        sa.Column("elemento", sa.String(length=160), nullable=False),
        *(
            sa.Column(nombre, sa.Integer(), nullable=False)
            for nombre in ("veces", "espera_s", "trabajo_s")
        ),
        sa.PrimaryKeyConstraint("fecha", "proceso", "elemento", name=op.f("pk_dia_actividad")),
    )


def downgrade() -> None:
    for tabla in ("dia_actividad", "dia_asesor", "dia_hora", "dia_resumido"):
        op.drop_table(tabla)
    op.drop_index("ix_item_closed", "work_item")
    op.drop_index("ix_turno_fecha_punto", "turno")
