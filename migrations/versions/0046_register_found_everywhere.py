"""Numbers in the order of their letters; notices by the key of their case; who began which instance
by a form."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

SIN_CASO = sa.text("caso_id IS NULL")
SIN_TAREA = sa.text("item_id IS NULL")


def upgrade() -> None:
    _orden_del_radicado("C")
    op.add_column("aviso", sa.Column("case_key", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_aviso_case_key", "aviso", ["case_key"], sqlite_where=SIN_CASO, postgresql_where=SIN_CASO
    )
    begun = ["actor_id", "rev", "instance_id"]
    op.create_index(
        "ix_submission_begun",
        "submission",
        begun,
        sqlite_where=SIN_TAREA,
        postgresql_where=SIN_TAREA,
    )


def downgrade() -> None:
    op.drop_index("ix_submission_begun", table_name="submission")
    op.drop_index("ix_aviso_case_key", table_name="aviso")
    op.drop_column("aviso", "case_key")
    _orden_del_radicado("default")


def _orden_del_radicado(orden: str) -> None:
    """SQLite has one order, this one."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f'ALTER TABLE caso ALTER COLUMN radicado TYPE VARCHAR(16) COLLATE "{orden}"')
