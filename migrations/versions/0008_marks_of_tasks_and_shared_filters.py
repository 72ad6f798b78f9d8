"""What a person notes of tasks (read, follow-up); a saved filter may be shared in a point or
area."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "marca_tarea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("leida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seguimiento", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_marca_tarea"),
        sa.UniqueConstraint("usuario", "item_id", name="uq_marca_tarea_usuario_item_id"),
    )
    op.create_index("ix_marca_tarea_item_id", "marca_tarea", ["item_id"])
    op.create_index("ix_marca_tarea_seguimiento", "marca_tarea", ["usuario", "seguimiento"])
    op.add_column("filtro_guardado", sa.Column("ambito", sa.String(length=40), nullable=True))
    op.create_index("ix_filtro_guardado_ambito", "filtro_guardado", ["ambito"])


def downgrade() -> None:
    op.drop_index("ix_filtro_guardado_ambito", "filtro_guardado")
    op.drop_column("filtro_guardado", "ambito")
    op.drop_table("marca_tarea")
