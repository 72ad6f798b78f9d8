"""Since when a legacy system leaves questions without an answer is read for every queue."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_consulta_legado_sistema_estado_consultada",
        "consulta_legado",
        ["sistema", "estado", "consultada"],
    )


def downgrade() -> None:
    op.drop_index("ix_consulta_legado_sistema_estado_consultada", "consulta_legado")
