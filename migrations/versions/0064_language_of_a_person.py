"""The language that a person keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cuenta", sa.Column("idioma", sa.String(length=8)))


def downgrade() -> None:
    op.drop_column("cuenta", "idioma")
