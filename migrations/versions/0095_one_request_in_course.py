"""Of what somebody asks for and a job does, one is in course: a closing of a month, the documents of a month for a person."""

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
        first = f"SELECT min(id) FROM {table} WHERE {OPEN.text} GROUP BY {', '.join(key)}"  # noqa: S608 - names of this file
        # two that were asked for at once: what the second would have made is what the first makes
        op.execute(sa.text(f"UPDATE {table} SET estado = 'cancelado' WHERE {OPEN.text} AND id NOT IN ({first})"))  # noqa: S608 - the same
        op.create_index(f"uq_{table}_en_curso", table, key, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    for table in KEYS:
        op.drop_index(f"uq_{table}_en_curso", table)
