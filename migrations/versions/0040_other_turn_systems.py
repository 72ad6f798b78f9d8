"""Turn systems of other vendors: their events, their tickets and our turns, what they are to be
told, who gives numbers at a point."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

POR_APLICAR = sa.text("estado IN ('nuevo', 'espera')")
LISTADO = sa.text("estado = 'listado'")
PENDIENTE = sa.text("estado = 'pendiente'")


def upgrade() -> None:
    op.create_table(
        "digiturno_evento",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("punto", sa.String(length=160), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=True),
        sa.Column("ticket", sa.String(length=160), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("medio", sa.String(length=40), nullable=False),
        sa.Column("datos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("motivo", sa.String(length=40), nullable=False),
        sa.Column("decidido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidido_por", sa.String(length=80), nullable=True),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_digiturno_evento_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_digiturno_evento_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_evento")),
        sa.UniqueConstraint(
            "sistema",
            "ticket",
            "clase",
            "cuando",
            "huella",
            name=op.f("uq_digiturno_evento_sistema_ticket_clase_cuando_huella"),
        ),
    )
    op.create_index(
        "ix_digiturno_evento_por_aplicar",
        "digiturno_evento",
        ["cuando"],
        sqlite_where=POR_APLICAR,
        postgresql_where=POR_APLICAR,
    )
    op.create_index(
        "ix_digiturno_evento_listado",
        "digiturno_evento",
        ["id"],
        sqlite_where=LISTADO,
        postgresql_where=LISTADO,
    )
    op.create_table(
        "digiturno_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("ticket", sa.String(length=160), nullable=False),
        sa.Column("punto", sa.String(length=160), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("ultimo", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_digiturno_ticket_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_digiturno_ticket_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_ticket")),
        sa.UniqueConstraint(
            "sistema",
            "punto_id",
            "fecha",
            "ticket",
            name=op.f("uq_digiturno_ticket_sistema_punto_id_fecha_ticket"),
        ),
        sa.UniqueConstraint("turno_id", name=op.f("uq_digiturno_ticket_turno_id")),
    )
    op.create_index("ix_digiturno_ticket_punto", "digiturno_ticket", ["punto_id", "fecha"])
    op.create_table(
        "digiturno_salida",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("llave", sa.String(length=40), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modulo", sa.String(length=40), nullable=True),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("enviada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intentos", sa.Integer(), nullable=False),
        sa.Column("siguiente", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tomada_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("error_causa", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["digiturno_ticket.id"],
            name=op.f("fk_digiturno_salida_ticket_id_digiturno_ticket"),
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_digiturno_salida_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_salida")),
        sa.UniqueConstraint("llave", name=op.f("uq_digiturno_salida_llave")),
    )
    op.create_index("ix_digiturno_salida_turno_id", "digiturno_salida", ["turno_id"])
    op.create_index(
        "ix_digiturno_salida_pendiente",
        "digiturno_salida",
        ["sistema", "id"],
        sqlite_where=PENDIENTE,
        postgresql_where=PENDIENTE,
    )
    op.create_table(
        "digiturno_sistema",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("oido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("preguntado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("falla", sa.Text(), nullable=False),
        sa.Column("falla_desde", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ilegibles", sa.Integer(), nullable=False),
        sa.Column("ilegible", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_digiturno_sistema")),
    )
    op.create_table(
        "digiturno_recibo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("mensaje", sa.String(length=200), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("eventos", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_recibo")),
        sa.UniqueConstraint("sistema", "mensaje", name=op.f("uq_digiturno_recibo_sistema_mensaje")),
    )
    op.create_index("ix_digiturno_recibo_recibido", "digiturno_recibo", ["recibido"])
    op.create_table(
        "digiturno_modo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("modo", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quien", sa.String(length=80), nullable=False),
        sa.Column("razon", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_digiturno_modo_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_modo")),
    )
    op.create_index("ix_digiturno_modo_punto_id", "digiturno_modo", ["punto_id"])


def downgrade() -> None:
    for tabla in ("modo", "recibo", "sistema", "salida", "ticket", "evento"):
        op.drop_table(f"digiturno_{tabla}")
