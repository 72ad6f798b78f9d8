"""Legal deadlines that steps of diagrams register. Long keys of messages by their digest, as those
that come from now on."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

LONGEST = 120


def upgrade() -> None:
    op.create_table(
        "plazo_registrado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tarea", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plazo_registrado")),
        sa.UniqueConstraint("tarea", name=op.f("uq_plazo_registrado_tarea")),
    )
    op.create_index(op.f("ix_plazo_registrado_case_key"), "plazo_registrado", ["case_key"])
    # SQLite kept them as they were, and nothing would match them any more
    for table in ("subscription", "outbox"):
        rows = sa.table(table, sa.column("key", sa.String))
        long = (
            op.get_bind()
            .scalars(sa.select(rows.c.key).where(sa.func.length(rows.c.key) > LONGEST).distinct())
            .all()
        )
        for key in long:
            kept = f"{key[:50]}#{hashlib.sha256(key.encode()).hexdigest()}"
            op.execute(sa.update(rows).where(rows.c.key == key).values(key=kept))


def downgrade() -> None:
    op.drop_table("plazo_registrado")
