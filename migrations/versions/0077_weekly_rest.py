"""The days of the week on which an agency rests. Who was here before rested on Saturday and Sunday,
in any country, and goes on so."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0073"
branch_labels = None
depends_on = None

ALWAYS = dt.date(1, 1, 1)


def upgrade() -> None:
    descanso = op.create_table(
        "descanso_semanal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("dias", sa.String(length=7), nullable=False),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado_por", sa.String(length=80), nullable=False),
        sa.Column("anulado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_descanso_semanal")),
    )
    if op.get_bind().execute(sa.text("SELECT 1 FROM cuenta LIMIT 1")).first() is not None:
        always = {
            "desde": ALWAYS,
            "dias": "67",
            "registrado": sa.func.current_timestamp(),
            "registrado_por": "sistema",
        }
        op.execute(sa.insert(descanso).values(**always))


def downgrade() -> None:
    op.drop_table("descanso_semanal")
