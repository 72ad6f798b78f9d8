"""Pages of the entity that advisers cite, with copies of them as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pagina_copia",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("url_final", sa.String(length=500), nullable=False),
        sa.Column("traida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("estado_http", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(length=160), nullable=False),
        sa.Column("codificacion", sa.String(length=40), nullable=False),
        sa.Column("titulo", sa.String(length=300), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("huella_texto", sa.String(length=64), nullable=False),
        sa.Column("tamano", sa.Integer(), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("recortado", sa.Boolean(), nullable=False),
        sa.Column("cuerpo", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pagina_copia")),
    )
    op.create_index("ix_pagina_copia_url_traida", "pagina_copia", ["url", "traida"])
    op.create_table(
        "pagina_citada",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("orientacion_id", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("citada_por", sa.String(length=80), nullable=False),
        sa.Column("citada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("intentos", sa.Integer(), nullable=False),
        sa.Column("falla", sa.String(length=40), nullable=False),
        sa.Column("detalle", sa.String(length=160), nullable=False),
        sa.Column("copia_id", sa.Integer(), nullable=True),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_pagina_citada_turno_id_turno")
        ),
        sa.ForeignKeyConstraint(
            ["orientacion_id"],
            ["orientacion.id"],
            name=op.f("fk_pagina_citada_orientacion_id_orientacion"),
        ),
        sa.ForeignKeyConstraint(
            ["copia_id"], ["pagina_copia.id"], name=op.f("fk_pagina_citada_copia_id_pagina_copia")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pagina_citada")),
    )
    op.create_index(op.f("ix_pagina_citada_turno_id"), "pagina_citada", ["turno_id"])
    op.create_index(op.f("ix_pagina_citada_copia_id"), "pagina_citada", ["copia_id"])
    op.create_index(op.f("ix_pagina_citada_instancia_id"), "pagina_citada", ["instancia_id"])
    op.create_index(op.f("ix_pagina_citada_case_key"), "pagina_citada", ["case_key"])


def downgrade() -> None:
    op.drop_table("pagina_citada")
    op.drop_table("pagina_copia")
