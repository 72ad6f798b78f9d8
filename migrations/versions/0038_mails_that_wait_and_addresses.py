"""When a mail is tried again, who dropped it, that it came back; each address; every bounce that
was read; documents of answers."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "aviso", sa.Column("idioma", sa.String(length=40), nullable=False, server_default="es")
    )
    op.add_column("aviso", sa.Column("intentos", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("aviso", sa.Column("proximo", sa.DateTime(timezone=True), nullable=True))
    op.add_column("aviso", sa.Column("descartado", sa.DateTime(timezone=True), nullable=True))
    op.add_column("aviso", sa.Column("descartado_por", sa.String(length=80), nullable=True))
    op.add_column("aviso", sa.Column("descartado_porque", sa.Text(), nullable=True))
    op.add_column("aviso", sa.Column("devuelto", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_aviso_para_enviado", "aviso", ["para", "enviado"])
    sin_salir = sa.text("enviado IS NULL")
    op.create_index(
        "ix_aviso_por_salir",
        "aviso",
        ["creado"],
        sqlite_where=sin_salir,
        postgresql_where=sin_salir,
    )
    op.create_index(
        "ix_aviso_proximo",
        "aviso",
        ["proximo"],
        sqlite_where=sa.text("proximo IS NOT NULL"),
        postgresql_where=sa.text("proximo IS NOT NULL"),
    )
    op.create_index(
        "ix_aviso_devuelto",
        "aviso",
        ["devuelto"],
        sqlite_where=sa.text("devuelto IS NOT NULL"),
        postgresql_where=sa.text("devuelto IS NOT NULL"),
    )
    op.create_table(
        "direccion_correo",
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("preguntada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dudosa", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dudosa_codigo", sa.String(length=40), nullable=True),
        sa.Column("baja_hash", sa.String(length=64), nullable=True),
        sa.Column("baja", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("huella", name=op.f("pk_direccion_correo")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_direccion_correo_token_hash")),
        sa.UniqueConstraint("baja_hash", name=op.f("uq_direccion_correo_baja_hash")),
    )
    op.create_table(
        "rebote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("leido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("aviso_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["aviso_id"], ["aviso.id"], name=op.f("fk_rebote_aviso_id_aviso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebote")),
        sa.UniqueConstraint("huella", name=op.f("uq_rebote_huella")),
    )
    op.create_index(op.f("ix_rebote_aviso_id"), "rebote", ["aviso_id"])
    op.create_index(op.f("ix_rebote_leido"), "rebote", ["leido"])
    op.create_table(
        "respuesta_adjunto",
        sa.Column("respuesta_id", sa.Integer(), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["respuesta_id"],
            ["respuesta.id"],
            name=op.f("fk_respuesta_adjunto_respuesta_id_respuesta"),
        ),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_respuesta_adjunto_archivo_id_archivo")
        ),
        sa.PrimaryKeyConstraint("respuesta_id", "archivo_id", name=op.f("pk_respuesta_adjunto")),
    )


def downgrade() -> None:
    op.drop_table("respuesta_adjunto")
    op.drop_index("ix_rebote_leido", table_name="rebote")
    op.drop_index("ix_rebote_aviso_id", table_name="rebote")
    op.drop_table("rebote")
    op.drop_table("direccion_correo")
    for indice in (
        "ix_aviso_devuelto",
        "ix_aviso_proximo",
        "ix_aviso_por_salir",
        "ix_aviso_para_enviado",
    ):
        op.drop_index(indice, table_name="aviso")
    for columna in (
        "devuelto",
        "descartado_porque",
        "descartado_por",
        "descartado",
        "proximo",
        "intentos",
        "idioma",
    ):
        op.drop_column("aviso", columna)
