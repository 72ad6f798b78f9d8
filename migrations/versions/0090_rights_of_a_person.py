"""Requests about the data of a person: what is erased, what is restricted."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "solicitud_datos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("numero", sa.String(40), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("solicitud", sa.String(160), nullable=False),
        sa.Column("recibida", sa.Date(), nullable=False),
        sa.Column("responder", sa.Date(), nullable=False),
        sa.Column("fundamento", sa.Text(), nullable=False),
        sa.Column("estado", sa.String(40), nullable=False),
        sa.Column("pedida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pedida_por", sa.String(80), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(80), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=False),
        sa.Column("cumplida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contenido", sa.LargeBinary(), nullable=True),
        sa.Column("huella", sa.String(64), nullable=False),
        sa.Column("cadenas", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_solicitud_datos_persona_id_persona")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solicitud_datos")),
        sa.UniqueConstraint("numero", name=op.f("uq_solicitud_datos_numero")),
    )
    op.create_index(op.f("ix_solicitud_datos_persona_id"), "solicitud_datos", ["persona_id"])
    open_ = sa.text("estado IN ('pedida', 'aprobada')")
    op.create_index(
        "uq_solicitud_datos_en_curso",
        "solicitud_datos",
        ["persona_id"],
        unique=True,
        sqlite_where=open_,
        postgresql_where=open_,
    )
    op.create_table(
        "solicitud_datos_parte",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("solicitud_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("que", sa.String(40), nullable=False),
        sa.Column("case_key", sa.String(64), nullable=True),
        sa.Column("hacer", sa.String(40), nullable=False),
        sa.Column("estado", sa.String(40), nullable=False),
        sa.Column("causa", sa.String(40), nullable=False),
        sa.Column("datos", sa.Integer(), nullable=False),
        sa.Column("huella", sa.String(64), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["solicitud_id"],
            ["solicitud_datos.id"],
            name=op.f("fk_solicitud_datos_parte_solicitud_id_solicitud_datos"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solicitud_datos_parte")),
        sa.UniqueConstraint(
            "solicitud_id", "n", name=op.f("uq_solicitud_datos_parte_solicitud_id_n")
        ),
    )
    op.create_index(
        op.f("ix_solicitud_datos_parte_case_key"), "solicitud_datos_parte", ["case_key"]
    )
    op.create_table(
        "caso_restringido",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(64), nullable=False),
        sa.Column("solicitud_id", sa.Integer(), nullable=False),
        sa.Column("puesta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("levantada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("levantada_por", sa.String(80), nullable=True),
        sa.Column("motivo_fin", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(
            ["solicitud_id"],
            ["solicitud_datos.id"],
            name=op.f("fk_caso_restringido_solicitud_id_solicitud_datos"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caso_restringido")),
    )
    op.create_index(op.f("ix_caso_restringido_case_key"), "caso_restringido", ["case_key"])
    in_force = sa.text("levantada IS NULL")
    op.create_index(
        "uq_caso_restringido_vigente",
        "caso_restringido",
        ["case_key"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def downgrade() -> None:
    for table in ("caso_restringido", "solicitud_datos_parte", "solicitud_datos"):
        op.drop_table(table)
