"""Codes of languages may be longer than two letters: pt-BR, zh-Hant."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

LONGER = {"turno": (2, False, "es"), "cuenta": (8, True, None)}


def upgrade() -> None:
    for table, (length, nullable, default) in LONGER.items():
        with op.batch_alter_table(table) as batch:
            batch.alter_column(
                "idioma",
                existing_type=sa.String(length=length),
                type_=sa.String(length=12),
                existing_nullable=nullable,
                existing_server_default=default,
            )


def downgrade() -> None:
    for table, (length, nullable, default) in LONGER.items():
        rows = sa.table(table, sa.column("idioma", sa.String))
        op.execute(
            sa.update(rows).where(sa.func.length(rows.c.idioma) > length).values(idioma=default)
        )
        with op.batch_alter_table(table) as batch:
            batch.alter_column(
                "idioma",
                existing_type=sa.String(length=12),
                type_=sa.String(length=length),
                existing_nullable=nullable,
                existing_server_default=default,
            )
