"""A template of an answer is of a language."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "plantilla_respuesta",
        sa.Column("idioma", sa.String(12), nullable=False, server_default="es"),
    )
