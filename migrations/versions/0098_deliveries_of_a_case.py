"""Several deliveries of one case carry its number."""

from alembic import op

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("escrito") as escrito:
        escrito.drop_constraint("uq_escrito_radicado", type_="unique")
    op.create_index(op.f("ix_escrito_radicado"), "escrito", ["radicado"])
