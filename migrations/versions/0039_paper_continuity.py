"""Points that work on paper: their outages, the numbered blank forms that were printed, what became
of each number."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lote_papel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.Integer(), nullable=False),
        sa.Column("hasta", sa.Integer(), nullable=False),
        sa.Column("impreso", sa.DateTime(timezone=True), nullable=False),
        sa.Column("impreso_por", sa.String(length=80), nullable=False),
        sa.Column("anulado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anulado_por", sa.String(length=80), nullable=True),
        sa.Column("anulado_motivo", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_lote_papel_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lote_papel")),
    )
    op.create_index(op.f("ix_lote_papel_punto_id"), "lote_papel", ["punto_id"])
    op.create_table(
        "caida_punto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("caida_crm_id", sa.Integer(), nullable=True),
        sa.Column("suceso_id", sa.Integer(), nullable=True),
        sa.Column("declarada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declarada_por", sa.String(length=80), nullable=False),
        sa.Column("terminada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terminada_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_caida_punto_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["caida_crm_id"], ["caida_crm.id"], name=op.f("fk_caida_punto_caida_crm_id_caida_crm")
        ),
        sa.ForeignKeyConstraint(
            ["suceso_id"],
            ["sistema_suceso.id"],
            name=op.f("fk_caida_punto_suceso_id_sistema_suceso"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caida_punto")),
    )
    op.create_index(op.f("ix_caida_punto_punto_id"), "caida_punto", ["punto_id"])
    op.create_index(op.f("ix_caida_punto_caida_crm_id"), "caida_punto", ["caida_crm_id"])
    op.create_table(
        "formato_papel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lote_id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("caida_id", sa.Integer(), nullable=True),
        sa.Column("atendio", sa.String(length=80), nullable=True),
        sa.Column("inicio", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fin", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digitado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digitado_por", sa.String(length=80), nullable=True),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.Column("instancia_id", sa.String(length=64), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.Column("explicacion", sa.String(length=40), nullable=True),
        sa.Column("explicacion_nota", sa.String(length=160), nullable=True),
        sa.Column("explicado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explicado_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["lote_id"], ["lote_papel.id"], name=op.f("fk_formato_papel_lote_id_lote_papel")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_formato_papel_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["caida_id"], ["caida_punto.id"], name=op.f("fk_formato_papel_caida_id_caida_punto")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_formato_papel_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formato_papel")),
        sa.UniqueConstraint("punto_id", "numero", name=op.f("uq_formato_papel_punto_id_numero")),
    )
    op.create_index(op.f("ix_formato_papel_lote_id"), "formato_papel", ["lote_id"])
    op.create_index(op.f("ix_formato_papel_caida_id"), "formato_papel", ["caida_id"])
    op.create_index(op.f("ix_formato_papel_digitado"), "formato_papel", ["digitado"])
    op.create_index(op.f("ix_formato_papel_turno_id"), "formato_papel", ["turno_id"])
    op.create_index(op.f("ix_formato_papel_instancia_id"), "formato_papel", ["instancia_id"])
    op.create_index(op.f("ix_formato_papel_case_key"), "formato_papel", ["case_key"])


def downgrade() -> None:
    op.drop_table("formato_papel")
    op.drop_table("caida_punto")
    op.drop_table("lote_papel")
