"""Documents that came in and belong to no case yet."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

POR_PASAR = sa.text("destino IS NULL")


def upgrade() -> None:
    op.create_table(
        "documento_suelto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=False),
        sa.Column("remitente", sa.String(length=160), nullable=False),
        sa.Column("asunto", sa.String(length=300), nullable=False),
        sa.Column("canal", sa.String(length=40), nullable=False),
        sa.Column("llego", sa.Date(), nullable=False),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recibido_por", sa.String(length=80), nullable=False),
        sa.Column("destino", sa.String(length=40), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=True),
        sa.Column("decidido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidido_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_documento_suelto_archivo_id_archivo")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documento_suelto")),
        sa.UniqueConstraint("archivo_id", name=op.f("uq_documento_suelto_archivo_id")),
    )
    op.create_index(
        "ix_documento_suelto_por_pasar",
        "documento_suelto",
        ["llego"],
        sqlite_where=POR_PASAR,
        postgresql_where=POR_PASAR,
    )
    op.create_index(op.f("ix_documento_suelto_case_key"), "documento_suelto", ["case_key"])


def downgrade() -> None:
    op.drop_table("documento_suelto")
