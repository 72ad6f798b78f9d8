"""Cases of any procedure that somebody linked, with who, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0046"
branch_labels = None
depends_on = None

VIGENTE = sa.text("quitado IS NULL")


def upgrade() -> None:
    op.create_table(
        "enlace_de_caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desde", sa.String(length=64), nullable=False),
        sa.Column("hacia", sa.String(length=64), nullable=False),
        sa.Column("pareja", sa.String(length=130), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("puesto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("puesto_por", sa.String(length=80), nullable=False),
        sa.Column("quitado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quitado_por", sa.String(length=80), nullable=True),
        sa.Column("quitado_motivo", sa.String(length=2000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enlace_de_caso")),
    )
    op.create_index(op.f("ix_enlace_de_caso_desde"), "enlace_de_caso", ["desde"])
    op.create_index(op.f("ix_enlace_de_caso_hacia"), "enlace_de_caso", ["hacia"])
    vigentes = {"unique": True, "sqlite_where": VIGENTE, "postgresql_where": VIGENTE}
    op.create_index("uq_enlace_de_caso_vigente", "enlace_de_caso", ["pareja", "clase"], **vigentes)


def downgrade() -> None:
    op.drop_table("enlace_de_caso")
