"""Availability of the CRM (control 6-6): days watched, outages."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vigilancia_crm",
        sa.Column("dia", sa.Date(), nullable=False),
        sa.Column("primera", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ultima", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comprobaciones", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dia", name=op.f("pk_vigilancia_crm")),
    )
    op.create_table(
        "caida_crm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dia", sa.Date(), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("segundos", sa.Integer(), nullable=True),
        sa.Column("causa", sa.String(length=160), nullable=False),
        sa.Column("origen", sa.String(length=40), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("sincronizada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sincronizada_por", sa.String(length=80), nullable=True),
        sa.Column("registros_papel", sa.Integer(), nullable=True),
        sa.Column("digitaron", sa.Text(), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caida_crm")),
    )
    op.create_index(op.f("ix_caida_crm_dia"), "caida_crm", ["dia"])
    op.create_index(op.f("ix_caida_crm_instancia_id"), "caida_crm", ["instancia_id"])


def downgrade() -> None:
    op.drop_table("caida_crm")
    op.drop_table("vigilancia_crm")
