"""Of what somebody asks for and a job does, one is in course: a closing of a month, the documents
of a month for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

OPEN = sa.text("estado IN ('pedido', 'en_curso')")
KEYS = {"cierre_pedido": ["mes"], "documentos_pedido": ["mes", "por"]}


def upgrade() -> None:
    for table, key in KEYS.items():
        asked = sa.table(table, sa.column("id"), sa.column("estado"), *map(sa.column, key))
        first = (
            sa.select(sa.func.min(asked.c.id))
            .where(OPEN)
            .group_by(*(asked.c[name] for name in key))
        )
        # two that were asked for at once: what the second would have made is what the first makes
        op.execute(
            sa.update(asked).where(OPEN, asked.c.id.not_in(first)).values(estado="cancelado")
        )
        op.create_index(
            f"uq_{table}_en_curso",
            table,
            key,
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )


def downgrade() -> None:
    for table in KEYS:
        op.drop_index(f"uq_{table}_en_curso", table)
