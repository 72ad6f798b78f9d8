"""A question to a connected system may be put by a step of a diagram, about somebody whom the CRM
does not know."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consulta_legado") as table:
        table.alter_column("persona_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    consulta = sa.table("consulta_legado", sa.column("persona_id", sa.Integer))
    op.execute(sa.delete(consulta).where(consulta.c.persona_id.is_(None)))
    with op.batch_alter_table("consulta_legado") as table:
        table.alter_column("persona_id", existing_type=sa.Integer(), nullable=False)
