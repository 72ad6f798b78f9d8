"""Rows of the journal and of the access chain bear a seal; the hash before theirs stands in the row
before them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

CHAINS = {"journal": ("instance_id", "rev"), "access": ("day", "n")}


def upgrade() -> None:
    for table in CHAINS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("prev_hash")
            batch.add_column(sa.Column("seal", sa.LargeBinary(16), nullable=True))


def downgrade() -> None:
    """The hash before each row is that of the row before it; the first of a day goes on from the
    last day."""
    connection = op.get_bind()
    for table, (name, place) in CHAINS.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_column("seal")
            batch.add_column(sa.Column("prev_hash", sa.LargeBinary(32), nullable=True))
        row = sa.table(
            table, sa.column(name), sa.column(place), sa.column("hash"), sa.column("prev_hash")
        )
        order = [row.c[name], row.c[place]]
        before = sa.func.lag(row.c.hash).over(
            order_by=order, **({} if table == "access" else {"partition_by": row.c[name]})
        )
        prior = sa.select(
            row.c[name].label("of"), row.c[place].label("at"), before.label("value")
        ).subquery()
        connection.execute(
            sa.update(row)
            .where(row.c[name] == prior.c.of, row.c[place] == prior.c["at"])
            .values(
                prev_hash=sa.func.coalesce(prior.c.value, sa.literal(bytes(32), sa.LargeBinary()))
            )
        )
        with op.batch_alter_table(table) as batch:
            batch.alter_column("prev_hash", existing_type=sa.LargeBinary(32), nullable=False)
