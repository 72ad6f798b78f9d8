"""Half days: of absences, of a point's week and of the exceptions of the calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ausencia",
        sa.Column("desde_mediodia", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "ausencia",
        sa.Column("hasta_mediodia", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "punto", sa.Column("dias_manana", sa.String(length=7), server_default="", nullable=False)
    )
    op.add_column(
        "punto", sa.Column("mediodia", sa.Time(), server_default="12:00:00", nullable=False)
    )
    op.add_column(
        "excepcion_calendario",
        sa.Column("parte", sa.String(length=40), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("excepcion_calendario", "parte")
    op.drop_column("punto", "mediodia")
    op.drop_column("punto", "dias_manana")
    op.drop_column("ausencia", "hasta_mediodia")
    op.drop_column("ausencia", "desde_mediodia")
