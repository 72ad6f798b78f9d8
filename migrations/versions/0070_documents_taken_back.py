"""Documents that were filed to a case and are not of it."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

PENDIENTE = sa.text("decidido IS NULL")


def upgrade() -> None:
    op.create_table(
        "documento_devuelto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("suelto_id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("pedido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pedido_por", sa.String(length=80), nullable=False),
        sa.Column("decidido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidido_por", sa.String(length=80), nullable=True),
        sa.Column("aprobado", sa.Boolean(), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["suelto_id"],
            ["documento_suelto.id"],
            name=op.f("fk_documento_devuelto_suelto_id_documento_suelto"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documento_devuelto")),
    )
    op.create_index(op.f("ix_documento_devuelto_suelto_id"), "documento_devuelto", ["suelto_id"])
    op.create_index(op.f("ix_documento_devuelto_case_key"), "documento_devuelto", ["case_key"])
    pendientes = {"unique": True, "sqlite_where": PENDIENTE, "postgresql_where": PENDIENTE}
    op.create_index(
        "uq_documento_devuelto_pendiente", "documento_devuelto", ["suelto_id"], **pendientes
    )


def downgrade() -> None:
    op.drop_table("documento_devuelto")
