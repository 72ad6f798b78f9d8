"""One register of the cases of all procedures; those of M5-1-02 that have a number are entered."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

NUMERO = sa.String(length=48).with_variant(sa.String(length=48, collation="C"), "postgresql")
PALABRA = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
OTROS = sa.text("caso_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "registro_caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("procedimiento", sa.String(length=120), nullable=False),
        sa.Column("numero", NUMERO, nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=True),
        sa.Column("clase", sa.String(length=160), nullable=False),
        sa.Column("asunto", sa.String(length=300), nullable=False),
        sa.Column("documento", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("correo", sa.String(length=254), nullable=False),
        sa.Column("lugar", sa.String(length=80), nullable=False),
        sa.Column("lugar_nombre", sa.String(length=160), nullable=False),
        sa.Column("canal", sa.String(length=40), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("abierto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_registro_caso_caso_id_caso")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registro_caso")),
        sa.UniqueConstraint("caso_id", name=op.f("uq_registro_caso_caso_id")),
        sa.UniqueConstraint("numero", name=op.f("uq_registro_caso_numero")),
    )
    op.create_index(op.f("ix_registro_caso_case_key"), "registro_caso", ["case_key"])
    op.create_index(op.f("ix_registro_caso_documento"), "registro_caso", ["documento"])
    op.create_index(
        "ix_registro_caso_otros",
        "registro_caso",
        ["abierto"],
        sqlite_where=OTROS,
        postgresql_where=OTROS,
    )
    op.create_table(
        "registro_dato",
        sa.Column("registro_id", sa.Integer(), nullable=False),
        sa.Column("campo", sa.String(length=120), nullable=False),
        sa.Column("rotulo", sa.String(length=300), nullable=False),
        sa.Column("valor", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["registro_id"],
            ["registro_caso.id"],
            name=op.f("fk_registro_dato_registro_id_registro_caso"),
        ),
        sa.PrimaryKeyConstraint("registro_id", "campo", name=op.f("pk_registro_dato")),
    )
    op.create_table(
        "registro_palabra",
        sa.Column("registro_id", sa.Integer(), nullable=False),
        sa.Column("palabra", PALABRA, nullable=False),
        sa.ForeignKeyConstraint(
            ["registro_id"],
            ["registro_caso.id"],
            name=op.f("fk_registro_palabra_registro_id_registro_caso"),
        ),
        sa.PrimaryKeyConstraint("registro_id", "palabra", name=op.f("pk_registro_palabra")),
    )
    op.create_index("ix_registro_palabra_palabra", "registro_palabra", ["palabra", "registro_id"])
    op.execute(
        "INSERT INTO registro_caso (case_key, procedimiento, numero, caso_id, clase, asunto, documento, nombre, correo, lugar,"
        " lugar_nombre, canal, estado, abierto)"
        " SELECT case_key, 'm5_1_02', radicado, id, clase, '', '', '', '', punto_id, '', canal, 'abierto', recepcion"
        " FROM caso WHERE radicado IS NOT NULL AND case_key IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("registro_palabra")
    op.drop_table("registro_dato")
    op.drop_table("registro_caso")
