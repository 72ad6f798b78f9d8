"""A ticket and a document stand in one open turn; a turn knows its language and where it was
handed; who typed a rating.

A person who comes back after a no-show keeps the ticket in a new turn, so only open turns may not
share one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FICHA_ABIERTA = "estado <> 'cerrado'"
DOCUMENTO_ABIERTO = "estado <> 'cerrado' AND num_doc IS NOT NULL"
#: Of several open turns of one document and day the first keeps it; what was typed for the others
#: stands in the journal.
UN_DOCUMENTO = """UPDATE turno SET num_doc = NULL, tipo_doc = NULL WHERE estado <> 'cerrado' AND num_doc IS NOT NULL AND EXISTS (
    SELECT 1 FROM turno t WHERE t.id < turno.id AND t.estado <> 'cerrado' AND t.num_doc = turno.num_doc
    AND t.tipo_doc = turno.tipo_doc AND t.fecha = turno.fecha)"""
SIN_REPETIR = """UPDATE turno SET ficha = NULL WHERE estado = 'cerrado' AND EXISTS (
    SELECT 1 FROM turno t WHERE t.visita_anterior_id = turno.id AND t.ficha = turno.ficha)"""


def upgrade() -> None:
    with op.batch_alter_table("turno") as batch:
        batch.drop_constraint("uq_turno_punto_id_fecha_ficha", type_="unique")
        batch.add_column(sa.Column("destino_punto_id", sa.String(length=40), nullable=True))
        batch.create_foreign_key(
            op.f("fk_turno_destino_punto_id_punto"), "punto", ["destino_punto_id"], ["codigo"]
        )
        batch.add_column(sa.Column("modulo_destino", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("modulo_hasta", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(
            sa.Column("idioma", sa.String(length=2), server_default="es", nullable=False)
        )
    op.execute(UN_DOCUMENTO)
    _indice("uq_turno_ficha_abierta", ["punto_id", "fecha", "ficha"], FICHA_ABIERTA)
    _indice("uq_turno_documento_abierto", ["num_doc", "tipo_doc", "fecha"], DOCUMENTO_ABIERTO)
    op.add_column(
        "calificacion",
        sa.Column("por_asesor", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    fila = sa.table(
        "calificacion",
        *map(sa.column, ("por_asesor", "momento", "medio", "valor", "registrada_por", "asesor_id")),
    )
    dictada = (
        (fila.c.momento == "atencion") & (fila.c.medio == "verbal") & fila.c.valor.is_not(None)
    )
    op.execute(
        sa.update(fila)
        .where(dictada, fila.c.registrada_por == fila.c.asesor_id)
        .values(por_asesor=sa.true())
    )


def _indice(nombre: str, columnas: list[str], donde: str) -> None:
    op.create_index(
        nombre,
        "turno",
        columnas,
        unique=True,
        sqlite_where=sa.text(donde),
        postgresql_where=sa.text(donde),
    )


def downgrade() -> None:
    op.drop_column("calificacion", "por_asesor")
    op.drop_index("uq_turno_documento_abierto", "turno")
    op.drop_index("uq_turno_ficha_abierta", "turno")
    op.execute(SIN_REPETIR)
    with op.batch_alter_table("turno") as batch:
        batch.drop_constraint("fk_turno_destino_punto_id_punto", type_="foreignkey")
        for columna in ("destino_punto_id", "modulo_destino", "modulo_hasta", "idioma"):
            batch.drop_column(columna)
        batch.create_unique_constraint(
            "uq_turno_punto_id_fecha_ficha", ["punto_id", "fecha", "ficha"]
        )
