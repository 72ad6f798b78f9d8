"""The first steps of each role are a part of its guide; nobody closes them."""

from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("recorrido_cerrado")
