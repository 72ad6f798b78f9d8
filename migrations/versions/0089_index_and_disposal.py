"""The electronic index of a case file; series that govern case files; acts of disposal with their
inventory and objections."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "serie_documental", sa.Column("subserie", sa.String(160), server_default="", nullable=False)
    )
    op.add_column(
        "serie_documental",
        sa.Column("procedimiento", sa.String(120), server_default="", nullable=False),
    )
    op.create_table(
        "indice_expediente",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("documentos", sa.Integer(), nullable=False),
        sa.Column("paginas", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=True),
        sa.Column("huella", sa.String(64), nullable=False),
        sa.Column("anterior", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indice_expediente")),
        sa.UniqueConstraint(
            "case_key", "version", name=op.f("uq_indice_expediente_case_key_version")
        ),
    )
    op.create_index(op.f("ix_indice_expediente_case_key"), "indice_expediente", ["case_key"])
    op.create_table(
        "acta_eliminacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("numero", sa.String(40), nullable=False),
        sa.Column("serie", sa.String(160), nullable=False),
        sa.Column("serie_nombre", sa.String(160), nullable=False),
        sa.Column("subserie", sa.String(160), nullable=False),
        sa.Column("anios", sa.Integer(), nullable=False),
        sa.Column("estado", sa.String(40), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("inventario", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(64), nullable=False),
        sa.Column("propuesta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("propuesta_por", sa.String(80), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(80), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=False),
        sa.Column("comite_acta", sa.String(160), nullable=False),
        sa.Column("comite_fecha", sa.Date(), nullable=True),
        sa.Column("publicada", sa.Date(), nullable=True),
        sa.Column("publicada_en", sa.String(500), nullable=False),
        sa.Column("publicada_por", sa.String(80), nullable=True),
        sa.Column("hasta", sa.Date(), nullable=True),
        sa.Column("ordenada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordenada_por", sa.String(80), nullable=True),
        sa.Column("ejecutada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirada_por", sa.String(80), nullable=True),
        sa.Column("contenido", sa.LargeBinary(), nullable=True),
        sa.Column("huella_acta", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_eliminacion")),
        sa.UniqueConstraint("numero", name=op.f("uq_acta_eliminacion_numero")),
    )
    op.create_table(
        "acta_eliminacion_caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acta_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(64), nullable=False),
        sa.Column("numero", sa.String(48), nullable=False),
        sa.Column("procedimiento", sa.String(120), nullable=False),
        sa.Column("abierto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cumple", sa.Date(), nullable=False),
        sa.Column("documentos", sa.Integer(), nullable=False),
        sa.Column("paginas", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("indice", sa.String(64), nullable=False),
        sa.Column("estado", sa.String(40), nullable=False),
        sa.Column("causa", sa.String(40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=True),
        sa.Column("formularios", sa.Integer(), nullable=True),
        sa.Column("archivos", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acta_id"],
            ["acta_eliminacion.id"],
            name=op.f("fk_acta_eliminacion_caso_acta_id_acta_eliminacion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_eliminacion_caso")),
        sa.UniqueConstraint("acta_id", "n", name=op.f("uq_acta_eliminacion_caso_acta_id_n")),
    )
    op.create_index(
        op.f("ix_acta_eliminacion_caso_case_key"), "acta_eliminacion_caso", ["case_key"]
    )
    lives = sa.text("estado IN ('pendiente', 'eliminado')")
    op.create_index(
        "uq_acta_eliminacion_caso_en_curso",
        "acta_eliminacion_caso",
        ["case_key"],
        unique=True,
        sqlite_where=lives,
        postgresql_where=lives,
    )
    op.create_table(
        "acta_eliminacion_objecion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acta_id", sa.Integer(), nullable=False),
        sa.Column("de_quien", sa.String(160), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("linea", sa.Integer(), nullable=True),
        sa.Column("recibida", sa.Date(), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrada_por", sa.String(80), nullable=False),
        sa.Column("aceptada", sa.Boolean(), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(80), nullable=True),
        sa.ForeignKeyConstraint(
            ["acta_id"],
            ["acta_eliminacion.id"],
            name=op.f("fk_acta_eliminacion_objecion_acta_id_acta_eliminacion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_eliminacion_objecion")),
    )
    op.create_index(
        op.f("ix_acta_eliminacion_objecion_acta_id"), "acta_eliminacion_objecion", ["acta_id"]
    )


def downgrade() -> None:
    for table in (
        "acta_eliminacion_objecion",
        "acta_eliminacion_caso",
        "acta_eliminacion",
        "indice_expediente",
    ):
        op.drop_table(table)
    op.drop_column("serie_documental", "procedimiento")
    op.drop_column("serie_documental", "subserie")
