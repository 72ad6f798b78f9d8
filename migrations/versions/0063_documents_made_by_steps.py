"""Documents that a step of a case made, and letters of a package that take them along."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("archivo", sa.Column("tarea", sa.String(length=64), nullable=True))
    op.create_index("ix_archivo_tarea", "archivo", ["tarea"], unique=True)
    op.add_column("aviso", sa.Column("adjuntos", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("aviso", "adjuntos")
    op.drop_index("ix_archivo_tarea", table_name="archivo")
    op.drop_column("archivo", "tarea")
