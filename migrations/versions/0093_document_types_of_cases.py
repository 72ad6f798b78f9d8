"""The register keeps the type of a document beside its number: a number alone may be that of two
people."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "registro_caso", sa.Column("tipo_doc", sa.String(3), server_default="", nullable=False)
    )
    case = sa.table(
        "registro_caso", *map(sa.column, ("caso_id", "tipo_doc", "documento", "nombre"))
    )
    person = sa.table("persona", *map(sa.column, ("tipo_doc", "num_doc", "nombre")))
    # Of cases of before it is known where one person has this number, with the same name.
    theirs = sa.and_(
        person.c.num_doc == case.c.documento,
        sa.func.lower(person.c.nombre) == sa.func.lower(case.c.nombre),
    )
    kind = sa.select(sa.func.min(person.c.tipo_doc)).where(theirs).scalar_subquery()
    one = sa.select(sa.func.count()).select_from(person).where(theirs).scalar_subquery() == 1
    op.execute(
        sa.update(case)
        .where(case.c.caso_id.is_(None), case.c.documento != "", one)
        .values(tipo_doc=kind)
    )


def downgrade() -> None:
    op.drop_column("registro_caso", "tipo_doc")
