"""Lists of cases read by an index that gives their order; people are found by the words of their
names."""

import sqlalchemy as sa
from alembic import op

from records.rules.nombres import palabras

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LISTAS = {
    "estado": "estado",
    "area": "area_id",
    "asesor": "asesor_id",
    "clase": "clase",
    "tema": "tema",
}
PALABRA = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
LOTE = 5_000


def upgrade() -> None:
    op.create_table(
        "persona_palabra",
        sa.Column("palabra", PALABRA, nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_persona_palabra_persona_id_persona")
        ),
        sa.PrimaryKeyConstraint("palabra", "persona_id", name=op.f("pk_persona_palabra")),
    )
    _fill()
    op.create_index("ix_persona_palabra_persona", "persona_palabra", ["persona_id", "palabra"])
    for nombre, columna in LISTAS.items():
        op.create_index(f"ix_caso_{nombre}_recepcion", "caso", [columna, "recepcion"])
    op.drop_index("ix_caso_asesor_id", "caso")
    op.drop_index("ix_caso_tema", "caso")


def _fill() -> None:
    connection = op.get_bind()
    persona = sa.table("persona", sa.column("id"), sa.column("nombre"))
    palabra = sa.table("persona_palabra", sa.column("palabra"), sa.column("persona_id"))
    ultimo = 0
    while True:
        personas = connection.execute(
            sa.select(persona).where(persona.c.id > ultimo).order_by(persona.c.id).limit(LOTE)
        ).all()
        if not personas:
            return
        filas = [
            {"palabra": p, "persona_id": id_} for id_, nombre in personas for p in palabras(nombre)
        ]
        if filas:
            connection.execute(sa.insert(palabra), filas)
        ultimo = personas[-1].id


def downgrade() -> None:
    op.create_index("ix_caso_tema", "caso", ["tema"])
    op.create_index("ix_caso_asesor_id", "caso", ["asesor_id"])
    for nombre in LISTAS:
        op.drop_index(f"ix_caso_{nombre}_recepcion", "caso")
    op.drop_index("ix_persona_palabra_persona", "persona_palabra")
    op.drop_table("persona_palabra")
