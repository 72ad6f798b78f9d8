"""What each worker found at its last look, of systems around and of what is to be looked after."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vista_de_proceso",
        sa.Column("que", sa.String(80), nullable=False),
        sa.Column("proceso", sa.String(80), nullable=False),
        sa.Column("estado", sa.String(40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("que", "proceso", name=op.f("pk_vista_de_proceso")),
    )


def downgrade() -> None:
    op.drop_table("vista_de_proceso")
