"""First walks that an account has closed."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recorrido_cerrado",
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("recorrido", sa.String(length=40), nullable=False),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("usuario", "recorrido", name=op.f("pk_recorrido_cerrado")),
    )


def downgrade() -> None:
    op.drop_table("recorrido_cerrado")
