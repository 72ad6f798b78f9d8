"""Weekly reviews of accesses (control 6-1)."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revision_accesos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tomada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("cuentas", sa.Integer(), nullable=False),
        sa.Column("con_motivo", sa.Integer(), nullable=False),
        sa.Column("fallidos_desconocidos", sa.Integer(), nullable=False),
        sa.Column("limites", sa.JSON(), nullable=False),
        sa.Column("revisada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revisada_por", sa.String(length=80), nullable=True),
        sa.Column("terminada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_accesos")),
    )
    op.create_index(op.f("ix_revision_accesos_tomada"), "revision_accesos", ["tomada"])
    op.create_index(op.f("ix_revision_accesos_instancia_id"), "revision_accesos", ["instancia_id"])
    op.create_table(
        "revision_cuenta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("activa", sa.Boolean(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("creada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ultimo_ingreso", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clave_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ingresos", sa.Integer(), nullable=False),
        sa.Column("fallidos", sa.Integer(), nullable=False),
        sa.Column("tareas", sa.Integer(), nullable=False),
        sa.Column("motivos", sa.JSON(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revision_accesos.id"],
            name=op.f("fk_revision_cuenta_revision_id_revision_accesos"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_cuenta")),
        sa.UniqueConstraint(
            "revision_id", "usuario", name=op.f("uq_revision_cuenta_revision_id_usuario")
        ),
    )
    op.create_index(op.f("ix_revision_cuenta_usuario"), "revision_cuenta", ["usuario"])


def downgrade() -> None:
    op.drop_table("revision_cuenta")
    op.drop_table("revision_accesos")
