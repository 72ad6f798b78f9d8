"""Written attention whole (M5-1-04): pages of what was digitised, the signed letter, its guide, the
file under its series."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("escrito", sa.Column("novedad", sa.Text(), nullable=True))
    op.add_column("escrito", sa.Column("digitalizado", sa.DateTime(timezone=True), nullable=True))
    op.add_column("escrito", sa.Column("digitalizado_por", sa.String(length=80), nullable=True))
    op.add_column("escrito_documento", sa.Column("paginas", sa.Integer(), nullable=True))
    op.create_table(
        "firma",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("respuesta_id", sa.Integer(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("calidad", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_firma_caso_id_caso")),
        sa.ForeignKeyConstraint(
            ["respuesta_id"], ["respuesta.id"], name=op.f("fk_firma_respuesta_id_respuesta")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firma")),
        sa.UniqueConstraint("respuesta_id", name=op.f("uq_firma_respuesta_id")),
    )
    op.create_index(op.f("ix_firma_caso_id"), "firma", ["caso_id"], unique=False)
    op.create_table(
        "envio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("respuesta_id", sa.Integer(), nullable=False),
        sa.Column("medio", sa.String(length=40), nullable=False),
        sa.Column("operador", sa.String(length=40), nullable=True),
        sa.Column("guia", sa.String(length=30), nullable=True),
        sa.Column("direccion", sa.String(length=160), nullable=False),
        sa.Column("municipio", sa.String(length=160), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("limite", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("resultado", sa.String(length=40), nullable=True),
        sa.Column("resultado_fecha", sa.Date(), nullable=True),
        sa.Column("causa", sa.String(length=40), nullable=True),
        sa.Column("recibe", sa.String(length=160), nullable=True),
        sa.Column("resultado_por", sa.String(length=80), nullable=True),
        sa.Column("resultado_registrado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aviso_lugar", sa.Text(), nullable=True),
        sa.Column("aviso_desde", sa.Date(), nullable=True),
        sa.Column("aviso_hasta", sa.Date(), nullable=True),
        sa.Column("aviso_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_envio_caso_id_caso")),
        sa.ForeignKeyConstraint(
            ["respuesta_id"], ["respuesta.id"], name=op.f("fk_envio_respuesta_id_respuesta")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envio")),
        sa.UniqueConstraint("caso_id", name=op.f("uq_envio_caso_id")),
        sa.UniqueConstraint("guia", name=op.f("uq_envio_guia")),
        sa.UniqueConstraint("respuesta_id", name=op.f("uq_envio_respuesta_id")),
    )
    op.create_table(
        "archivado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("serie", sa.String(length=160), nullable=False),
        sa.Column("subserie", sa.String(length=160), nullable=False),
        sa.Column("anios_gestion", sa.Integer(), nullable=False),
        sa.Column("anios_central", sa.Integer(), nullable=False),
        sa.Column("disposicion", sa.String(length=40), nullable=False),
        sa.Column("folio_desde", sa.Integer(), nullable=False),
        sa.Column("folio_hasta", sa.Integer(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_archivado_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archivado")),
        sa.UniqueConstraint("caso_id", name=op.f("uq_archivado_caso_id")),
    )


def downgrade() -> None:
    for tabla in ("archivado", "envio", "firma"):
        op.drop_table(tabla)
    op.drop_column("escrito_documento", "paginas")
    for columna in ("digitalizado_por", "digitalizado", "novedad"):
        op.drop_column("escrito", columna)
