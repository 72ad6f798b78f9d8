"""Lists that the agency keeps, roles that only diagrams know, what administrators changed, days
that are exceptions, retention."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lista",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("variable", sa.String(length=40), nullable=False),
        sa.Column("activa", sa.Boolean(), nullable=False),
        sa.Column("creada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creada_por", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_lista")),
        sa.UniqueConstraint("variable", name=op.f("uq_lista_variable")),
    )
    op.create_table(
        "lista_valor",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("lista", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lista"], ["lista.codigo"], name=op.f("fk_lista_valor_lista_lista")
        ),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_lista_valor")),
    )
    op.create_index(op.f("ix_lista_valor_lista"), "lista_valor", ["lista"])
    op.create_table(
        "rol",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("alcance", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_rol")),
    )
    op.create_table(
        "cambio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("sujeto", sa.String(length=80), nullable=False),
        sa.Column("que", sa.String(length=40), nullable=False),
        sa.Column("antes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("despues", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quien", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cambio")),
    )
    op.create_index("ix_cambio_sujeto", "cambio", ["clase", "sujeto"])
    op.create_table(
        "excepcion_calendario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dia", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=True),
        sa.Column("abre", sa.Boolean(), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrada_por", sa.String(length=80), nullable=False),
        sa.Column("anulada", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_excepcion_calendario_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excepcion_calendario")),
    )
    op.create_index(op.f("ix_excepcion_calendario_dia"), "excepcion_calendario", ["dia"])
    op.create_table(
        "serie_documental",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("gestion", sa.Integer(), nullable=False),
        sa.Column("central", sa.Integer(), nullable=False),
        sa.Column("disposicion", sa.String(length=40), nullable=False),
        sa.Column("vigente_desde", sa.Date(), nullable=False),
        sa.Column("vigente_hasta", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_serie_documental")),
    )
    op.add_column(
        "area", sa.Column("activa", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    op.drop_column("area", "activa")
    for tabla in (
        "serie_documental",
        "excepcion_calendario",
        "cambio",
        "rol",
        "lista_valor",
        "lista",
    ):
        op.drop_table(tabla)
