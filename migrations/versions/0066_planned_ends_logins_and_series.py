"""Ends of employments that come on a day, logins that are open, and what each retention series
governs."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cuenta", sa.Column("activa_hasta", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "retiro_previsto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("ultimo_dia", sa.Date(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reparto", sa.JSON(), nullable=False),
        sa.Column("motivo", sa.String(length=500), nullable=False),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado_por", sa.String(length=80), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("terminado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retiro_previsto")),
    )
    op.create_index(op.f("ix_retiro_previsto_usuario"), "retiro_previsto", ["usuario"])
    op.create_table(
        "sesion_abierta",
        sa.Column("sesion", sa.String(length=64), nullable=False),
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("abierta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vista", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desde_donde", sa.String(length=64), nullable=False),
        sa.Column("navegador", sa.String(length=40), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("sesion", name=op.f("pk_sesion_abierta")),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_sesion_abierta_cuenta_id_cuenta")
        ),
    )
    op.create_index(op.f("ix_sesion_abierta_cuenta_id"), "sesion_abierta", ["cuenta_id"])
    op.add_column(
        "serie_documental",
        sa.Column("gobierna", sa.String(length=40), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("serie_documental", "gobierna")
    op.drop_table("sesion_abierta")
    op.drop_table("retiro_previsto")
    op.drop_column("cuenta", "activa_hasta")
