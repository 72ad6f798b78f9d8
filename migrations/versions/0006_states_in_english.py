"""Stored words of the engine are English: what became of a message, the form of what is written
about an incident.

Neither stands in a hash chain. Words that do (`engine.states`, last part) are never rewritten.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: (table, column, before, after)
RENAMED = (
    ("outbox", "state", "sin destinatario", "no_receiver"),
    ("outbox", "state", "detenido", "stopped"),
    ("submission", "form", "incidente", "incident"),
)


def upgrade() -> None:
    for table, column, before, after in RENAMED:
        _rename(table, column, before, after)


def downgrade() -> None:
    for table, column, before, after in RENAMED:
        _rename(table, column, after, before)


def _rename(table: str, column: str, before: str, after: str) -> None:
    where = sa.table(table, sa.column(column))
    op.execute(sa.update(where).where(where.c[column] == before).values({column: after}))
