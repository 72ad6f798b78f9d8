"""The variables of a process stand once, in the row of its instance; tasks and jobs keep those of
their own.

Of instances that run, the next command writes them; until then each task and job shows what it was
given.
"""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("instance", sa.Column("data", sa.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("instance", "data")
