"""Each F189 keeps the version in force whose form and tables it was made with; of those that there
are, the one that their form says."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

#: The form as it was sent keeps it whatever became of its instance.
OF_ITS_FORM = """UPDATE f189 SET version_en_vigor = (
    SELECT max(s.release) FROM submission s
    WHERE s.instance_id = f189.instancia_id AND s.at = f189.hecho AND s.element = 'act_5_2_27')"""


def upgrade() -> None:
    op.add_column("f189", sa.Column("version_en_vigor", sa.Integer(), nullable=True))
    op.execute(OF_ITS_FORM)


def downgrade() -> None:
    op.drop_column("f189", "version_en_vigor")
