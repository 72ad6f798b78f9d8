"""What people tell of themselves, apart from every case."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caracterizacion",
        sa.Column("llave", sa.String(length=64), nullable=False),
        sa.Column("procedimiento", sa.String(length=120), nullable=False),
        sa.Column("trimestre", sa.String(length=6), nullable=False),
        sa.Column("consentimiento", sa.String(length=40), nullable=False),
        sa.Column("edad", sa.String(length=40), nullable=False),
        sa.Column("genero", sa.String(length=40), nullable=False),
        sa.Column("etnia", sa.String(length=40), nullable=False),
        sa.Column("discapacidad", sa.String(length=40), nullable=False),
        sa.Column("zona", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("llave", name=op.f("pk_caracterizacion")),
    )
    op.create_index("ix_caracterizacion_cuenta", "caracterizacion", ["trimestre", "procedimiento"])


def downgrade() -> None:
    op.drop_table("caracterizacion")
