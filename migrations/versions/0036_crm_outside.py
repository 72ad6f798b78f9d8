"""A CRM outside: its records and ours, what is to be written there, where they differ."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

PENDIENTE = sa.text("enviada IS NULL")
ABIERTA = sa.text("decidida IS NULL")


def upgrade() -> None:
    op.create_table(
        "crm_enlace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("local_id", sa.Integer(), nullable=False),
        sa.Column("externo_id", sa.String(length=36), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=False),
        sa.Column("acordado", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("enviado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visto", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conciliacion_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_enlace")),
        sa.UniqueConstraint("tipo", "local_id", name=op.f("uq_crm_enlace_tipo_local_id")),
        sa.UniqueConstraint("tipo", "externo_id", name=op.f("uq_crm_enlace_tipo_externo_id")),
    )
    op.create_table(
        "crm_salida",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("local_id", sa.Integer(), nullable=False),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("pedida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enviada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intentos", sa.Integer(), nullable=False),
        sa.Column("siguiente", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tomada_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("error_causa", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_salida")),
    )
    op.create_index(
        "ix_crm_salida_pendiente",
        "crm_salida",
        ["tipo", "local_id"],
        sqlite_where=PENDIENTE,
        postgresql_where=PENDIENTE,
    )
    op.create_table(
        "crm_conciliacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comenzo", sa.DateTime(timezone=True), nullable=False),
        sa.Column("termino", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pedida_por", sa.String(length=80), nullable=False),
        *(
            sa.Column(nombre, sa.Integer(), nullable=False)
            for nombre in (
                "personas",
                "casos",
                "iguales",
                "enviados",
                "traidos",
                "por_decidir",
                "faltaban",
                "ajenos",
            )
        ),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_conciliacion")),
    )
    op.create_table(
        "crm_diferencia",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conciliacion_id", sa.Integer(), nullable=True),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("local_id", sa.Integer(), nullable=False),
        sa.Column("campo", sa.String(length=40), nullable=False),
        sa.Column("nuestro", sa.Text(), nullable=False),
        sa.Column("suyo", sa.Text(), nullable=False),
        sa.Column("paso", sa.String(length=40), nullable=False),
        sa.Column("porque", sa.String(length=40), nullable=False),
        sa.Column("hallada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(length=80), nullable=True),
        sa.Column("queda", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_diferencia")),
    )
    op.create_index(
        "uq_crm_diferencia_abierta",
        "crm_diferencia",
        ["tipo", "local_id", "campo"],
        unique=True,
        sqlite_where=ABIERTA,
        postgresql_where=ABIERTA,
    )
    op.create_index("ix_crm_diferencia_hallada", "crm_diferencia", ["hallada"])


def downgrade() -> None:
    op.drop_table("crm_diferencia")
    op.drop_table("crm_conciliacion")
    op.drop_table("crm_salida")
    op.drop_table("crm_enlace")
