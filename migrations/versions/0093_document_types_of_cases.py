"""The register keeps the type of a document beside its number: a number alone may be that of two people."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

# Of cases of before it is known where one person has this number, with the same name.
_THEIRS = "FROM persona p WHERE p.num_doc = registro_caso.documento AND lower(p.nombre) = lower(registro_caso.nombre)"


def upgrade() -> None:
    op.add_column("registro_caso", sa.Column("tipo_doc", sa.String(3), server_default="", nullable=False))
    op.execute(
        f"UPDATE registro_caso SET tipo_doc = (SELECT min(p.tipo_doc) {_THEIRS}) "  # noqa: S608 - a constant of this file
        f"WHERE caso_id IS NULL AND documento <> '' AND (SELECT count(*) {_THEIRS}) = 1"
    )


def downgrade() -> None:
    op.drop_column("registro_caso", "tipo_doc")
