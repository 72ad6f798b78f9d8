"""Changes that one person asks for and another decides."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aprobacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obra", sa.String(40), nullable=False),
        sa.Column("sujeto", sa.String(200), nullable=False),
        sa.Column("pedido", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("huella", sa.String(64), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("pedida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pedida_por", sa.String(80), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(80), nullable=True),
        sa.Column("aprobada", sa.Boolean(), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aprobacion")),
    )
    waits = sa.text("decidida IS NULL")
    op.create_index(
        "uq_aprobacion_pendiente",
        "aprobacion",
        ["huella"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_table(
        "archivo_por_aprobar",
        sa.Column("aprobacion_id", sa.Integer(), nullable=False),
        sa.Column("nombre", sa.String(200), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("aprobacion_id", "nombre", name=op.f("pk_archivo_por_aprobar")),
        sa.ForeignKeyConstraint(
            ["aprobacion_id"],
            ["aprobacion.id"],
            name=op.f("fk_archivo_por_aprobar_aprobacion_id_aprobacion"),
        ),
    )


def downgrade() -> None:
    op.drop_table("archivo_por_aprobar")
    op.drop_table("aprobacion")
