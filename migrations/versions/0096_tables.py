"""The tables of release 0.1.0, business and engine.

It has the number of the last migration before that release: what stood there stands here. Nothing older was ever released."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acta_eliminacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=False),
        sa.Column("serie", sa.String(length=160), nullable=False),
        sa.Column("serie_nombre", sa.String(length=160), nullable=False),
        sa.Column("subserie", sa.String(length=160), nullable=False),
        sa.Column("anios", sa.Integer(), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("inventario", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("propuesta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("propuesta_por", sa.String(length=80), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(length=80), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=False),
        sa.Column("comite_acta", sa.String(length=160), nullable=False),
        sa.Column("comite_fecha", sa.Date(), nullable=True),
        sa.Column("publicada", sa.Date(), nullable=True),
        sa.Column("publicada_en", sa.String(length=500), nullable=False),
        sa.Column("publicada_por", sa.String(length=80), nullable=True),
        sa.Column("hasta", sa.Date(), nullable=True),
        sa.Column("ordenada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordenada_por", sa.String(length=80), nullable=True),
        sa.Column("ejecutada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirada_por", sa.String(length=80), nullable=True),
        sa.Column("contenido", sa.LargeBinary(), nullable=True),
        sa.Column("huella_acta", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_eliminacion")),
        sa.UniqueConstraint("numero", name=op.f("uq_acta_eliminacion_numero")),
    )
    op.create_table(
        "anulacion_de_numero",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("pedida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pedida_por", sa.String(length=80), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(length=80), nullable=True),
        sa.Column("aprobada", sa.Boolean(), nullable=True),
        sa.Column("respuesta", sa.String(length=2000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anulacion_de_numero")),
    )
    op.create_index(
        op.f("ix_anulacion_de_numero_case_key"), "anulacion_de_numero", ["case_key"], unique=False
    )
    op.create_index(
        "uq_anulacion_de_numero_pendiente",
        "anulacion_de_numero",
        ["case_key"],
        unique=True,
        sqlite_where=sa.text("decidida IS NULL"),
        postgresql_where=sa.text("decidida IS NULL"),
    )
    op.create_table(
        "aprobacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obra", sa.String(length=40), nullable=False),
        sa.Column("sujeto", sa.String(length=200), nullable=False),
        sa.Column("pedido", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("pedida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pedida_por", sa.String(length=80), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(length=80), nullable=True),
        sa.Column("aprobada", sa.Boolean(), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aprobacion")),
    )
    op.create_index(
        "uq_aprobacion_pendiente",
        "aprobacion",
        ["huella"],
        unique=True,
        sqlite_where=sa.text("decidida IS NULL"),
        postgresql_where=sa.text("decidida IS NULL"),
    )
    op.create_table(
        "area",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("nivel2", sa.String(length=160), nullable=False),
        sa.Column("nivel3", sa.String(length=160), nullable=False),
        sa.Column("correo", sa.String(length=160), nullable=False),
        sa.Column("activa", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_area")),
    )
    op.create_table(
        "auditoria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("canal", sa.String(length=40), nullable=False),
        sa.Column("semana", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("hasta", sa.Date(), nullable=False),
        sa.Column("cierre", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tomada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("parametros", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("n_poblacion", sa.Integer(), nullable=False),
        sa.Column("n_muestra", sa.Integer(), nullable=False),
        sa.Column("huella_poblacion", sa.String(length=64), nullable=False),
        sa.Column("semilla", sa.String(length=20), nullable=False),
        sa.Column("poblacion", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria")),
        sa.UniqueConstraint("canal", "semana", name=op.f("uq_auditoria_canal_semana")),
    )
    op.create_index(op.f("ix_auditoria_instancia_id"), "auditoria", ["instancia_id"], unique=False)
    op.create_table(
        "ausencia",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("sustituto", sa.String(length=80), nullable=False),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("hasta", sa.Date(), nullable=False),
        sa.Column("desde_mediodia", sa.Boolean(), nullable=False),
        sa.Column("hasta_mediodia", sa.Boolean(), nullable=False),
        sa.Column("motivo", sa.String(length=160), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrada_por", sa.String(length=80), nullable=False),
        sa.Column("anulada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anulada_por", sa.String(length=80), nullable=True),
        sa.Column("motivo_fin", sa.String(length=160), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ausencia")),
    )
    op.create_index(op.f("ix_ausencia_sustituto"), "ausencia", ["sustituto"], unique=False)
    op.create_index(op.f("ix_ausencia_usuario"), "ausencia", ["usuario"], unique=False)
    op.create_table(
        "aviso_de_operacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dice", sa.Text(), nullable=False),
        sa.Column("hacer", sa.Text(), nullable=False),
        sa.Column("avisado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aviso_de_operacion")),
    )
    op.create_index(
        "ix_aviso_de_operacion_abierto",
        "aviso_de_operacion",
        ["codigo"],
        unique=True,
        sqlite_where=sa.text("hasta IS NULL"),
        postgresql_where=sa.text("hasta IS NULL"),
    )
    op.create_index("ix_aviso_de_operacion_desde", "aviso_de_operacion", ["desde"], unique=False)
    op.create_table(
        "borrador_de_inicio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("llave", sa.String(length=64), nullable=False),
        sa.Column("tramite", sa.String(length=250), nullable=False),
        sa.Column("nombre", sa.String(length=250), nullable=False),
        sa.Column("textos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("pagina", sa.String(length=40), nullable=False),
        sa.Column("guardado", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borrador_de_inicio")),
        sa.UniqueConstraint("usuario", "llave", name=op.f("uq_borrador_de_inicio_usuario_llave")),
    )
    op.create_index(
        op.f("ix_borrador_de_inicio_guardado"), "borrador_de_inicio", ["guardado"], unique=False
    )
    op.create_table(
        "caida_crm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dia", sa.Date(), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("segundos", sa.Integer(), nullable=True),
        sa.Column("causa", sa.String(length=160), nullable=False),
        sa.Column("origen", sa.String(length=40), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("sincronizada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sincronizada_por", sa.String(length=80), nullable=True),
        sa.Column("registros_papel", sa.Integer(), nullable=True),
        sa.Column("digitaron", sa.Text(), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caida_crm")),
    )
    op.create_index(op.f("ix_caida_crm_dia"), "caida_crm", ["dia"], unique=False)
    op.create_index(op.f("ix_caida_crm_instancia_id"), "caida_crm", ["instancia_id"], unique=False)
    op.create_table(
        "cambio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("sujeto", sa.String(length=80), nullable=False),
        sa.Column("que", sa.String(length=40), nullable=False),
        sa.Column("antes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("despues", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quien", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cambio")),
    )
    op.create_index("ix_cambio_sujeto", "cambio", ["clase", "sujeto"], unique=False)
    op.create_table(
        "caracterizacion",
        sa.Column("llave", sa.String(length=64), nullable=False),
        sa.Column("procedimiento", sa.String(length=120), nullable=False),
        sa.Column("trimestre", sa.String(length=6), nullable=False),
        sa.Column("consentimiento", sa.String(length=40), nullable=False),
        sa.Column("edad", sa.String(length=40), nullable=False),
        sa.Column("genero", sa.String(length=40), nullable=False),
        sa.Column("etnia", sa.String(length=40), nullable=False),
        sa.Column("discapacidad", sa.String(length=40), nullable=False),
        sa.Column("zona", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("llave", name=op.f("pk_caracterizacion")),
    )
    op.create_index(
        "ix_caracterizacion_cuenta", "caracterizacion", ["trimestre", "procedimiento"], unique=False
    )
    op.create_table(
        "comite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.String(length=40), nullable=False),
        sa.Column("reunido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite")),
        sa.UniqueConstraint("mes", name=op.f("uq_comite_mes")),
    )
    op.create_index(op.f("ix_comite_instancia_id"), "comite", ["instancia_id"], unique=False)
    op.create_table(
        "contador",
        sa.Column("serie", sa.String(length=80), nullable=False),
        sa.Column("ultimo", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("serie", name=op.f("pk_contador")),
    )
    op.create_table(
        "crm_conciliacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comenzo", sa.DateTime(timezone=True), nullable=False),
        sa.Column("termino", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pedida_por", sa.String(length=80), nullable=False),
        sa.Column("personas", sa.Integer(), nullable=False),
        sa.Column("casos", sa.Integer(), nullable=False),
        sa.Column("iguales", sa.Integer(), nullable=False),
        sa.Column("enviados", sa.Integer(), nullable=False),
        sa.Column("traidos", sa.Integer(), nullable=False),
        sa.Column("por_decidir", sa.Integer(), nullable=False),
        sa.Column("faltaban", sa.Integer(), nullable=False),
        sa.Column("ajenos", sa.Integer(), nullable=False),
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
    op.create_index("ix_crm_diferencia_hallada", "crm_diferencia", ["hallada"], unique=False)
    op.create_index(
        "uq_crm_diferencia_abierta",
        "crm_diferencia",
        ["tipo", "local_id", "campo"],
        unique=True,
        sqlite_where=sa.text("decidida IS NULL"),
        postgresql_where=sa.text("decidida IS NULL"),
    )
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
        sa.UniqueConstraint("tipo", "externo_id", name=op.f("uq_crm_enlace_tipo_externo_id")),
        sa.UniqueConstraint("tipo", "local_id", name=op.f("uq_crm_enlace_tipo_local_id")),
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
        unique=False,
        sqlite_where=sa.text("enviada IS NULL"),
        postgresql_where=sa.text("enviada IS NULL"),
    )
    op.create_table(
        "cuenta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("correo", sa.String(length=160), nullable=False),
        sa.Column("clave_hash", sa.String(length=255), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("creada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clave_cambiada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ultimo_ingreso", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intentos_fallidos", sa.Integer(), nullable=False),
        sa.Column("bloqueada_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idioma", sa.String(length=12), nullable=True),
        sa.Column("activa_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cuenta")),
        sa.UniqueConstraint("correo", name=op.f("uq_cuenta_correo")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_cuenta_fs_uniquifier")),
        sa.UniqueConstraint("usuario", name=op.f("uq_cuenta_usuario")),
    )
    op.create_table(
        "datos_de_entidad",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("nit", sa.String(length=160), nullable=False),
        sa.Column("ciudad", sa.String(length=160), nullable=False),
        sa.Column("dependencia", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_datos_de_entidad")),
    )
    op.create_table(
        "descanso_semanal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("dias", sa.String(length=7), nullable=False),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado_por", sa.String(length=80), nullable=False),
        sa.Column("anulado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_descanso_semanal")),
    )
    op.create_table(
        "dia_actividad",
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("proceso", sa.String(length=160), nullable=False),
        sa.Column("elemento", sa.String(length=160), nullable=False),
        sa.Column("veces", sa.Integer(), nullable=False),
        sa.Column("espera_s", sa.Integer(), nullable=False),
        sa.Column("trabajo_s", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fecha", "proceso", "elemento", name=op.f("pk_dia_actividad")),
    )
    op.create_table(
        "dia_resumido",
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("resumido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("abiertos", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fecha", name=op.f("pk_dia_resumido")),
    )
    op.create_table(
        "digiturno_recibo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("mensaje", sa.String(length=200), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("eventos", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_recibo")),
        sa.UniqueConstraint("sistema", "mensaje", name=op.f("uq_digiturno_recibo_sistema_mensaje")),
    )
    op.create_index("ix_digiturno_recibo_recibido", "digiturno_recibo", ["recibido"], unique=False)
    op.create_table(
        "digiturno_sistema",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("oido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("preguntado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("falla", sa.Text(), nullable=False),
        sa.Column("falla_desde", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ilegibles", sa.Integer(), nullable=False),
        sa.Column("ilegible", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_digiturno_sistema")),
    )
    op.create_table(
        "direccion_correo",
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("preguntada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dudosa", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dudosa_codigo", sa.String(length=40), nullable=True),
        sa.Column("baja_hash", sa.String(length=64), nullable=True),
        sa.Column("baja", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("huella", name=op.f("pk_direccion_correo")),
        sa.UniqueConstraint("baja_hash", name=op.f("uq_direccion_correo_baja_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_direccion_correo_token_hash")),
    )
    op.create_table(
        "documentos_pedido",
        sa.Column("archivos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("pedido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("paso", sa.String(length=40), nullable=False),
        sa.Column("hechos", sa.Integer(), nullable=False),
        sa.Column("de", sa.Integer(), nullable=False),
        sa.Column("por_que", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documentos_pedido")),
    )
    op.create_index(
        "uq_documentos_pedido_en_curso",
        "documentos_pedido",
        ["mes", "por"],
        unique=True,
        sqlite_where=sa.text("estado IN ('pedido', 'en_curso')"),
        postgresql_where=sa.text("estado IN ('pedido', 'en_curso')"),
    )
    op.create_table(
        "enlace_de_caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desde", sa.String(length=64), nullable=False),
        sa.Column("hacia", sa.String(length=64), nullable=False),
        sa.Column("pareja", sa.String(length=130), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("puesto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("puesto_por", sa.String(length=80), nullable=False),
        sa.Column("quitado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quitado_por", sa.String(length=80), nullable=True),
        sa.Column("quitado_motivo", sa.String(length=2000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enlace_de_caso")),
    )
    op.create_index(op.f("ix_enlace_de_caso_desde"), "enlace_de_caso", ["desde"], unique=False)
    op.create_index(op.f("ix_enlace_de_caso_hacia"), "enlace_de_caso", ["hacia"], unique=False)
    op.create_index(
        "uq_enlace_de_caso_vigente",
        "enlace_de_caso",
        ["pareja", "clase"],
        unique=True,
        sqlite_where=sa.text("quitado IS NULL"),
        postgresql_where=sa.text("quitado IS NULL"),
    )
    op.create_table(
        "filtro_guardado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("pagina", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=80), nullable=False),
        sa.Column("consulta", sa.String(length=2000), nullable=False),
        sa.Column("guardado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ambito", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filtro_guardado")),
        sa.UniqueConstraint(
            "usuario", "pagina", "nombre", name=op.f("uq_filtro_guardado_usuario_pagina_nombre")
        ),
    )
    op.create_index(op.f("ix_filtro_guardado_ambito"), "filtro_guardado", ["ambito"], unique=False)
    op.create_table(
        "freno",
        sa.Column("clave", sa.String(length=64), nullable=False),
        sa.Column("fallos", sa.Integer(), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anotado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ultimo", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("clave", name=op.f("pk_freno")),
    )
    op.create_index(op.f("ix_freno_ultimo"), "freno", ["ultimo"], unique=False)
    op.create_table(
        "indice_expediente",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("documentos", sa.Integer(), nullable=False),
        sa.Column("paginas", sa.Integer(), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=True),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("anterior", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indice_expediente")),
        sa.UniqueConstraint(
            "case_key", "version", name=op.f("uq_indice_expediente_case_key_version")
        ),
    )
    op.create_index(
        op.f("ix_indice_expediente_case_key"), "indice_expediente", ["case_key"], unique=False
    )
    op.create_table(
        "latido",
        sa.Column("proceso", sa.String(length=80), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("equipo", sa.String(length=160), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("empezo", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("termino", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("proceso", name=op.f("pk_latido")),
    )
    op.create_table(
        "lista",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("variable", sa.String(length=40), nullable=False),
        sa.Column("activa", sa.Boolean(), nullable=False),
        sa.Column("creada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creada_por", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_lista")),
        sa.UniqueConstraint("variable", name=op.f("uq_lista_variable")),
    )
    op.create_table(
        "marca_tarea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("leida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seguimiento", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marca_tarea")),
        sa.UniqueConstraint("usuario", "item_id", name=op.f("uq_marca_tarea_usuario_item_id")),
    )
    op.create_index(op.f("ix_marca_tarea_item_id"), "marca_tarea", ["item_id"], unique=False)
    op.create_index(
        "ix_marca_tarea_seguimiento", "marca_tarea", ["usuario", "seguimiento"], unique=False
    )
    op.create_table(
        "mencion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leida", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mencion")),
    )
    op.create_index(op.f("ix_mencion_case_key"), "mencion", ["case_key"], unique=False)
    op.create_index("ix_mencion_usuario_leida", "mencion", ["usuario", "leida"], unique=False)
    op.create_table(
        "mensaje_recibido",
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("mensaje_id", sa.String(length=200), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("mensaje", sa.String(length=160), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sistema", "mensaje_id", name=op.f("pk_mensaje_recibido")),
    )
    op.create_index(
        op.f("ix_mensaje_recibido_case_key"), "mensaje_recibido", ["case_key"], unique=False
    )
    op.create_table(
        "mes_cerrado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mes_cerrado")),
        sa.UniqueConstraint("mes", "version", name=op.f("uq_mes_cerrado_mes_version")),
    )
    op.create_table(
        "norma",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("articulo", sa.String(length=160), nullable=False),
        sa.Column("vigente_desde", sa.Date(), nullable=False),
        sa.Column("vigente_hasta", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_norma")),
    )
    op.create_table(
        "pagina_copia",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("url_final", sa.String(length=500), nullable=False),
        sa.Column("traida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("estado_http", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(length=160), nullable=False),
        sa.Column("codificacion", sa.String(length=40), nullable=False),
        sa.Column("titulo", sa.String(length=300), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("huella_texto", sa.String(length=64), nullable=False),
        sa.Column("tamano", sa.Integer(), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("recortado", sa.Boolean(), nullable=False),
        sa.Column("cuerpo", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pagina_copia")),
    )
    op.create_index("ix_pagina_copia_url_traida", "pagina_copia", ["url", "traida"], unique=False)
    op.create_table(
        "persona",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tipo_doc", sa.String(length=3), nullable=False),
        sa.Column("num_doc", sa.String(length=20), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("calidad", sa.String(length=40), nullable=False),
        sa.Column("fecha_nac", sa.Date(), nullable=True),
        sa.Column("creada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persona")),
        sa.UniqueConstraint("tipo_doc", "num_doc", name=op.f("uq_persona_tipo_doc_num_doc")),
    )
    op.create_index(op.f("ix_persona_nombre"), "persona", ["nombre"], unique=False)
    op.create_index(op.f("ix_persona_num_doc"), "persona", ["num_doc"], unique=False)
    op.create_table(
        "plazo_registrado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tarea", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plazo_registrado")),
        sa.UniqueConstraint("tarea", name=op.f("uq_plazo_registrado_tarea")),
    )
    op.create_index(
        op.f("ix_plazo_registrado_case_key"), "plazo_registrado", ["case_key"], unique=False
    )
    op.create_table(
        "punto",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("ciudad", sa.String(length=160), nullable=False),
        sa.Column("dane", sa.String(length=5), nullable=False),
        sa.Column("modo_fila", sa.String(length=40), nullable=False),
        sa.Column("consejeria", sa.Boolean(), nullable=False),
        sa.Column("hora_apertura", sa.Time(), nullable=False),
        sa.Column("hora_cierre", sa.Time(), nullable=False),
        sa.Column("dias", sa.String(length=7), nullable=False),
        sa.Column("dias_manana", sa.String(length=7), nullable=False),
        sa.Column("mediodia", sa.Time(), nullable=False),
        sa.Column("tz", sa.String(length=40), nullable=False),
        sa.Column("abierto_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turnos_dia", sa.Integer(), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_punto")),
    )
    op.create_table(
        "recibo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("llave", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("quien", sa.String(length=80), nullable=False),
        sa.Column("escrito", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recibo")),
        sa.UniqueConstraint("llave", name=op.f("uq_recibo_llave")),
    )
    op.create_index(op.f("ix_recibo_item_id"), "recibo", ["item_id"], unique=False)
    op.create_table(
        "recorrido_cerrado",
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("recorrido", sa.String(length=40), nullable=False),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("usuario", "recorrido", name=op.f("pk_recorrido_cerrado")),
    )
    op.create_table(
        "reporte_fallas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dia", sa.Date(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("determinado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cuantos", sa.Integer(), nullable=False),
        sa.Column("revisado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revisado_por", sa.String(length=80), nullable=True),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("remitido", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_fallas")),
    )
    op.create_index(op.f("ix_reporte_fallas_dia"), "reporte_fallas", ["dia"], unique=False)
    op.create_index(
        op.f("ix_reporte_fallas_instancia_id"), "reporte_fallas", ["instancia_id"], unique=False
    )
    op.create_table(
        "reporte_pedido",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("pedido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_pedido")),
        sa.UniqueConstraint("mes", "punto_id", name=op.f("uq_reporte_pedido_mes_punto_id")),
    )
    op.create_index(
        op.f("ix_reporte_pedido_instancia_id"), "reporte_pedido", ["instancia_id"], unique=False
    )
    op.create_table(
        "reserva_legal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("puesta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("puesta_por", sa.String(length=80), nullable=False),
        sa.Column("levantada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("levantada_por", sa.String(length=80), nullable=True),
        sa.Column("motivo_fin", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserva_legal")),
    )
    op.create_index(op.f("ix_reserva_legal_case_key"), "reserva_legal", ["case_key"], unique=False)
    op.create_index(
        "uq_reserva_legal_vigente",
        "reserva_legal",
        ["case_key"],
        unique=True,
        sqlite_where=sa.text("levantada IS NULL"),
        postgresql_where=sa.text("levantada IS NULL"),
    )
    op.create_table(
        "respaldo_hecho",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archivo", sa.String(length=160), nullable=False),
        sa.Column("tamano", sa.BigInteger(), nullable=False),
        sa.Column("quien", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respaldo_hecho")),
    )
    op.create_index("ix_respaldo_hecho_cuando", "respaldo_hecho", ["cuando"], unique=False)
    op.create_table(
        "retiro_previsto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("ultimo_dia", sa.Date(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reparto", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("motivo", sa.String(length=500), nullable=False),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado_por", sa.String(length=80), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("terminado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retiro_previsto")),
    )
    op.create_index(
        op.f("ix_retiro_previsto_usuario"), "retiro_previsto", ["usuario"], unique=False
    )
    op.create_table(
        "revision_accesos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tomada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("cuentas", sa.Integer(), nullable=False),
        sa.Column("con_motivo", sa.Integer(), nullable=False),
        sa.Column("fallidos_desconocidos", sa.Integer(), nullable=False),
        sa.Column("limites", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("revisada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revisada_por", sa.String(length=80), nullable=True),
        sa.Column("terminada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_accesos")),
    )
    op.create_index(
        op.f("ix_revision_accesos_instancia_id"), "revision_accesos", ["instancia_id"], unique=False
    )
    op.create_index(
        op.f("ix_revision_accesos_tomada"), "revision_accesos", ["tomada"], unique=False
    )
    op.create_table(
        "rol",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("alcance", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_rol")),
    )
    op.create_table(
        "serie_documental",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("gestion", sa.Integer(), nullable=False),
        sa.Column("central", sa.Integer(), nullable=False),
        sa.Column("disposicion", sa.String(length=40), nullable=False),
        sa.Column("gobierna", sa.String(length=40), nullable=False),
        sa.Column("subserie", sa.String(length=160), nullable=False),
        sa.Column("procedimiento", sa.String(length=120), nullable=False),
        sa.Column("vigente_desde", sa.Date(), nullable=False),
        sa.Column("vigente_hasta", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_serie_documental")),
    )
    op.create_table(
        "sesion_cerrada",
        sa.Column("sesion", sa.String(length=64), nullable=False),
        sa.Column("cerrada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sesion", name=op.f("pk_sesion_cerrada")),
    )
    op.create_table(
        "sistema_estado",
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revisado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("circuito", sa.String(length=40), nullable=False),
        sa.Column("tiempos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("corte", sa.Date(), nullable=True),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("error_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("avisado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sistema", name=op.f("pk_sistema_estado")),
    )
    op.create_table(
        "sistema_suceso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("que", sa.String(length=40), nullable=False),
        sa.Column("detalle", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sistema_suceso")),
    )
    op.create_index("ix_sistema_suceso_cuando", "sistema_suceso", ["cuando"], unique=False)
    op.create_table(
        "tarea_quieta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("area_id", sa.String(length=40), nullable=False),
        sa.Column("actividad", sa.String(length=120), nullable=False),
        sa.Column("nombre", sa.String(length=200), nullable=False),
        sa.Column("tenia", sa.String(length=80), nullable=True),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=False),
        sa.Column("elevada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tarea_quieta")),
        sa.UniqueConstraint("item_id", "desde", name=op.f("uq_tarea_quieta_item_id_desde")),
    )
    op.create_index(op.f("ix_tarea_quieta_case_key"), "tarea_quieta", ["case_key"], unique=False)
    op.create_index(op.f("ix_tarea_quieta_item_id"), "tarea_quieta", ["item_id"], unique=False)
    op.create_table(
        "tipificacion",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("tema", sa.String(length=160), nullable=False),
        sa.Column("subtema", sa.String(length=160), nullable=False),
        sa.Column("tipo_termino", sa.String(length=40), nullable=False),
        sa.Column("vigente_desde", sa.Date(), nullable=False),
        sa.Column("vigente_hasta", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_tipificacion")),
    )
    op.create_table(
        "vigilancia_crm",
        sa.Column("dia", sa.Date(), nullable=False),
        sa.Column("primera", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ultima", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comprobaciones", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dia", name=op.f("pk_vigilancia_crm")),
    )
    op.create_table(
        "vista_de_proceso",
        sa.Column("que", sa.String(length=80), nullable=False),
        sa.Column("proceso", sa.String(length=80), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("que", "proceso", name=op.f("pk_vista_de_proceso")),
    )
    op.create_table(
        "acta_eliminacion_caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acta_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("numero", sa.String(length=48), nullable=False),
        sa.Column("procedimiento", sa.String(length=120), nullable=False),
        sa.Column("abierto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cumple", sa.Date(), nullable=False),
        sa.Column("documentos", sa.Integer(), nullable=False),
        sa.Column("paginas", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("indice", sa.String(length=64), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=True),
        sa.Column("formularios", sa.Integer(), nullable=True),
        sa.Column("archivos", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acta_id"],
            ["acta_eliminacion.id"],
            name=op.f("fk_acta_eliminacion_caso_acta_id_acta_eliminacion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_eliminacion_caso")),
        sa.UniqueConstraint("acta_id", "n", name=op.f("uq_acta_eliminacion_caso_acta_id_n")),
    )
    op.create_index(
        op.f("ix_acta_eliminacion_caso_case_key"),
        "acta_eliminacion_caso",
        ["case_key"],
        unique=False,
    )
    op.create_index(
        "uq_acta_eliminacion_caso_en_curso",
        "acta_eliminacion_caso",
        ["case_key"],
        unique=True,
        sqlite_where=sa.text("estado IN ('pendiente', 'eliminado')"),
        postgresql_where=sa.text("estado IN ('pendiente', 'eliminado')"),
    )
    op.create_table(
        "acta_eliminacion_objecion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("acta_id", sa.Integer(), nullable=False),
        sa.Column("de_quien", sa.String(length=160), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("linea", sa.Integer(), nullable=True),
        sa.Column("recibida", sa.Date(), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrada_por", sa.String(length=80), nullable=False),
        sa.Column("aceptada", sa.Boolean(), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["acta_id"],
            ["acta_eliminacion.id"],
            name=op.f("fk_acta_eliminacion_objecion_acta_id_acta_eliminacion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_eliminacion_objecion")),
    )
    op.create_index(
        op.f("ix_acta_eliminacion_objecion_acta_id"),
        "acta_eliminacion_objecion",
        ["acta_id"],
        unique=False,
    )
    op.create_table(
        "archivo_por_aprobar",
        sa.Column("aprobacion_id", sa.Integer(), nullable=False),
        sa.Column("nombre", sa.String(length=200), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["aprobacion_id"],
            ["aprobacion.id"],
            name=op.f("fk_archivo_por_aprobar_aprobacion_id_aprobacion"),
        ),
        sa.PrimaryKeyConstraint("aprobacion_id", "nombre", name=op.f("pk_archivo_por_aprobar")),
    )
    op.create_table(
        "auditoria_acuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auditoria_id"],
            ["auditoria.id"],
            name=op.f("fk_auditoria_acuse_auditoria_id_auditoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria_acuse")),
        sa.UniqueConstraint("auditoria_id", name=op.f("uq_auditoria_acuse_auditoria_id")),
    )
    op.create_table(
        "auditoria_informe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("autor", sa.String(length=80), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusiones", sa.Text(), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["auditoria_id"],
            ["auditoria.id"],
            name=op.f("fk_auditoria_informe_auditoria_id_auditoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria_informe")),
        sa.UniqueConstraint(
            "auditoria_id", "version", name=op.f("uq_auditoria_informe_auditoria_id_version")
        ),
    )
    op.create_table(
        "caida_punto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("caida_crm_id", sa.Integer(), nullable=True),
        sa.Column("suceso_id", sa.Integer(), nullable=True),
        sa.Column("declarada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declarada_por", sa.String(length=80), nullable=False),
        sa.Column("terminada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terminada_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["caida_crm_id"], ["caida_crm.id"], name=op.f("fk_caida_punto_caida_crm_id_caida_crm")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_caida_punto_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["suceso_id"],
            ["sistema_suceso.id"],
            name=op.f("fk_caida_punto_suceso_id_sistema_suceso"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caida_punto")),
    )
    op.create_index(
        op.f("ix_caida_punto_caida_crm_id"), "caida_punto", ["caida_crm_id"], unique=False
    )
    op.create_index(op.f("ix_caida_punto_punto_id"), "caida_punto", ["punto_id"], unique=False)
    op.create_table(
        "charla",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("tema", sa.String(length=160), nullable=True),
        sa.Column("creada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inicio", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fin", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asesor_id", sa.String(length=80), nullable=True),
        sa.Column("medios", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_charla_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charla")),
    )
    op.create_index("ix_charla_punto_estado", "charla", ["punto_id", "estado"], unique=False)
    op.create_index(
        "uq_charla_programada",
        "charla",
        ["punto_id"],
        unique=True,
        sqlite_where=sa.text("estado = 'programada'"),
        postgresql_where=sa.text("estado = 'programada'"),
    )
    op.create_table(
        "cierre_pedido",
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("pedido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("paso", sa.String(length=40), nullable=False),
        sa.Column("hechos", sa.Integer(), nullable=False),
        sa.Column("de", sa.Integer(), nullable=False),
        sa.Column("por_que", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_cierre_pedido_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cierre_pedido")),
    )
    op.create_index(
        "uq_cierre_pedido_en_curso",
        "cierre_pedido",
        ["mes"],
        unique=True,
        sqlite_where=sa.text("estado IN ('pedido', 'en_curso')"),
        postgresql_where=sa.text("estado IN ('pedido', 'en_curso')"),
    )
    op.create_table(
        "codigo_de_recuperacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("usado", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_codigo_de_recuperacion_cuenta_id_cuenta")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codigo_de_recuperacion")),
        sa.UniqueConstraint("huella", name=op.f("uq_codigo_de_recuperacion_huella")),
    )
    op.create_index(
        op.f("ix_codigo_de_recuperacion_cuenta_id"),
        "codigo_de_recuperacion",
        ["cuenta_id"],
        unique=False,
    )
    op.create_table(
        "comite_acta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("levantada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_comite_acta_comite_id_comite")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_acta")),
        sa.UniqueConstraint("comite_id", name=op.f("uq_comite_acta_comite_id")),
    )
    op.create_table(
        "comite_sesion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("convocada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("para", sa.DateTime(timezone=True), nullable=False),
        sa.Column("miembros", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("cerrada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("preside", sa.String(length=80), nullable=True),
        sa.Column("desarrollo", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_comite_sesion_comite_id_comite")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_sesion")),
        sa.UniqueConstraint("comite_id", "numero", name=op.f("uq_comite_sesion_comite_id_numero")),
    )
    op.create_table(
        "consentimiento",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("autoriza", sa.Boolean(), nullable=False),
        sa.Column("vigente_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vigente_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registrado_por", sa.String(length=80), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_consentimiento_persona_id_persona")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consentimiento")),
    )
    op.create_index(
        op.f("ix_consentimiento_case_key"), "consentimiento", ["case_key"], unique=False
    )
    op.create_index(
        op.f("ix_consentimiento_persona_id"), "consentimiento", ["persona_id"], unique=False
    )
    op.create_table(
        "contacto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("valor", sa.String(length=200), nullable=False),
        sa.Column("vigente_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vigente_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registrado_por", sa.String(length=80), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_contacto_persona_id_persona")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacto")),
    )
    op.create_index(op.f("ix_contacto_case_key"), "contacto", ["case_key"], unique=False)
    op.create_index(op.f("ix_contacto_persona_id"), "contacto", ["persona_id"], unique=False)
    op.create_index(
        "uq_contacto_vigente",
        "contacto",
        ["persona_id", "tipo"],
        unique=True,
        sqlite_where=sa.text("vigente_hasta IS NULL"),
        postgresql_where=sa.text("vigente_hasta IS NULL"),
    )
    op.create_table(
        "dia_asesor",
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("turnos", sa.Integer(), nullable=False),
        sa.Column("atenciones", sa.Integer(), nullable=False),
        sa.Column("atencion_s", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_dia_asesor_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("fecha", "punto_id", "asesor_id", name=op.f("pk_dia_asesor")),
    )
    op.create_index(op.f("ix_dia_asesor_asesor_id"), "dia_asesor", ["asesor_id"], unique=False)
    op.create_table(
        "dia_hora",
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("franja", sa.Integer(), nullable=False),
        sa.Column("visitas", sa.Integer(), nullable=False),
        sa.Column("abandonos", sa.Integer(), nullable=False),
        sa.Column("medibles", sa.Integer(), nullable=False),
        sa.Column("a_tiempo", sa.Integer(), nullable=False),
        sa.Column("esperas", sa.Integer(), nullable=False),
        sa.Column("espera_s", sa.Integer(), nullable=False),
        sa.Column("atenciones", sa.Integer(), nullable=False),
        sa.Column("atencion_s", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_dia_hora_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("fecha", "punto_id", "franja", name=op.f("pk_dia_hora")),
    )
    op.create_table(
        "digiturno_modo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("modo", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quien", sa.String(length=80), nullable=False),
        sa.Column("razon", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_digiturno_modo_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_modo")),
    )
    op.create_index(
        op.f("ix_digiturno_modo_punto_id"), "digiturno_modo", ["punto_id"], unique=False
    )
    op.create_table(
        "dispositivo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("codigo", sa.String(length=80), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("modulo", sa.String(length=40), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado_por", sa.String(length=80), nullable=False),
        sa.Column("visto", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_dispositivo_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispositivo")),
        sa.UniqueConstraint("codigo", name=op.f("uq_dispositivo_codigo")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_dispositivo_token_hash")),
    )
    op.create_index(op.f("ix_dispositivo_punto_id"), "dispositivo", ["punto_id"], unique=False)
    op.create_table(
        "enlace_de_clave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("semilla", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("creado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado_por", sa.String(length=80), nullable=False),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anulado", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_enlace_de_clave_cuenta_id_cuenta")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enlace_de_clave")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_enlace_de_clave_token_hash")),
    )
    op.create_index(
        op.f("ix_enlace_de_clave_cuenta_id"), "enlace_de_clave", ["cuenta_id"], unique=False
    )
    op.create_table(
        "excepcion_calendario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dia", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=True),
        sa.Column("abre", sa.Boolean(), nullable=False),
        sa.Column("parte", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrada_por", sa.String(length=80), nullable=False),
        sa.Column("anulada", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_excepcion_calendario_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excepcion_calendario")),
    )
    op.create_index(
        op.f("ix_excepcion_calendario_dia"), "excepcion_calendario", ["dia"], unique=False
    )
    op.create_table(
        "indicador_mes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=False),
        sa.Column("indicador", sa.String(length=40), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=False),
        sa.Column("clave", sa.String(length=80), nullable=False),
        sa.Column("numerador", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("arriba", sa.BigInteger(), nullable=True),
        sa.Column("abajo", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_indicador_mes_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicador_mes")),
    )
    op.create_index(
        "ix_indicador_mes_que", "indicador_mes", ["mes_id", "dimension", "clave"], unique=False
    )
    op.create_table(
        "informe_mensual",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusiones", sa.Text(), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_informe_mensual_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_informe_mensual")),
        sa.UniqueConstraint(
            "mes", "tipo", "version", name=op.f("uq_informe_mensual_mes_tipo_version")
        ),
    )
    op.create_index(
        op.f("ix_informe_mensual_instancia_id"), "informe_mensual", ["instancia_id"], unique=False
    )
    op.create_table(
        "lista_valor",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("lista", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lista"], ["lista.codigo"], name=op.f("fk_lista_valor_lista_lista")
        ),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_lista_valor")),
    )
    op.create_index(op.f("ix_lista_valor_lista"), "lista_valor", ["lista"], unique=False)
    op.create_table(
        "llave_de_acceso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("credencial", sa.String(length=1400), nullable=False),
        sa.Column("publica", sa.LargeBinary(), nullable=False),
        sa.Column("contador", sa.Integer(), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("puesta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usada", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_llave_de_acceso_cuenta_id_cuenta")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_llave_de_acceso")),
        sa.UniqueConstraint("credencial", name=op.f("uq_llave_de_acceso_credencial")),
    )
    op.create_index(
        op.f("ix_llave_de_acceso_cuenta_id"), "llave_de_acceso", ["cuenta_id"], unique=False
    )
    op.create_table(
        "lote_papel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.Integer(), nullable=False),
        sa.Column("hasta", sa.Integer(), nullable=False),
        sa.Column("impreso", sa.DateTime(timezone=True), nullable=False),
        sa.Column("impreso_por", sa.String(length=80), nullable=False),
        sa.Column("anulado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anulado_por", sa.String(length=80), nullable=True),
        sa.Column("anulado_motivo", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_lote_papel_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lote_papel")),
    )
    op.create_index(op.f("ix_lote_papel_punto_id"), "lote_papel", ["punto_id"], unique=False)
    op.create_table(
        "mes_datos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=False),
        sa.Column("tabla", sa.String(length=40), nullable=False),
        sa.Column("filas", sa.Integer(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_mes_datos_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mes_datos")),
        sa.UniqueConstraint("mes_id", "tabla", name=op.f("uq_mes_datos_mes_id_tabla")),
    )
    op.create_table(
        "persona_palabra",
        sa.Column(
            "palabra",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_persona_palabra_persona_id_persona")
        ),
        sa.PrimaryKeyConstraint("palabra", "persona_id", name=op.f("pk_persona_palabra")),
    )
    op.create_index(
        "ix_persona_palabra_persona", "persona_palabra", ["persona_id", "palabra"], unique=False
    )
    op.create_table(
        "plan_mejora",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("hallazgos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_plan_mejora_comite_id_comite")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_mejora")),
        sa.UniqueConstraint("comite_id", name=op.f("uq_plan_mejora_comite_id")),
    )
    op.create_table(
        "plantilla_respuesta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tema", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("autor", sa.String(length=80), nullable=False),
        sa.Column("vigente_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vigente_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tema"], ["tipificacion.codigo"], name=op.f("fk_plantilla_respuesta_tema_tipificacion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plantilla_respuesta")),
    )
    op.create_index(
        op.f("ix_plantilla_respuesta_tema"), "plantilla_respuesta", ["tema"], unique=False
    )
    op.create_table(
        "puesto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("modulo", sa.String(length=40), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_puesto_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_puesto")),
        sa.UniqueConstraint("punto_id", "modulo", name=op.f("uq_puesto_punto_id_modulo")),
    )
    op.create_table(
        "reporte_punto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mes_id", sa.Integer(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("autor", sa.String(length=80), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comentarios", sa.Text(), nullable=False),
        sa.Column("cambio", sa.Text(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["mes_id"], ["mes_cerrado.id"], name=op.f("fk_reporte_punto_mes_id_mes_cerrado")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_punto")),
        sa.UniqueConstraint(
            "mes", "punto_id", "version", name=op.f("uq_reporte_punto_mes_punto_id_version")
        ),
    )
    op.create_index(
        op.f("ix_reporte_punto_instancia_id"), "reporte_punto", ["instancia_id"], unique=False
    )
    op.create_table(
        "revision_cuenta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("activa", sa.Boolean(), nullable=False),
        sa.Column("roles", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("creada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ultimo_ingreso", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clave_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ingresos", sa.Integer(), nullable=False),
        sa.Column("fallidos", sa.Integer(), nullable=False),
        sa.Column("tareas", sa.Integer(), nullable=False),
        sa.Column("motivos", sa.JSON(none_as_null=True), nullable=False),
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
    op.create_index(
        op.f("ix_revision_cuenta_usuario"), "revision_cuenta", ["usuario"], unique=False
    )
    op.create_table(
        "rol_asignado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("rol", sa.String(length=40), nullable=False),
        sa.Column("ambito", sa.String(length=40), nullable=True),
        sa.Column("vigente_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vigente_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asignado_por", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_rol_asignado_cuenta_id_cuenta")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rol_asignado")),
    )
    op.create_index(op.f("ix_rol_asignado_cuenta_id"), "rol_asignado", ["cuenta_id"], unique=False)
    op.create_index("ix_rol_asignado_rol", "rol_asignado", ["rol", "ambito"], unique=False)
    op.create_table(
        "segundo_factor",
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("secreto", sa.Text(), nullable=False),
        sa.Column("puesto", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_segundo_factor_cuenta_id_cuenta")
        ),
        sa.PrimaryKeyConstraint("cuenta_id", name=op.f("pk_segundo_factor")),
    )
    op.create_table(
        "servicio_adquirido",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("calidad", sa.String(length=40), nullable=False),
        sa.Column("linea", sa.String(length=40), nullable=False),
        sa.Column("obligacion", sa.String(length=40), nullable=False),
        sa.Column("sistema_origen", sa.String(length=40), nullable=False),
        sa.Column("anio_giro", sa.Integer(), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_servicio_adquirido_persona_id_persona")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_servicio_adquirido")),
        sa.UniqueConstraint(
            "persona_id", "obligacion", name=op.f("uq_servicio_adquirido_persona_id_obligacion")
        ),
    )
    op.create_index(
        "ix_servicio_adquirido_obligacion", "servicio_adquirido", ["obligacion"], unique=False
    )
    op.create_table(
        "sesion_abierta",
        sa.Column("sesion", sa.String(length=64), nullable=False),
        sa.Column("cuenta_id", sa.Integer(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("abierta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vista", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desde_donde", sa.String(length=64), nullable=False),
        sa.Column("navegador", sa.String(length=40), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["cuenta_id"], ["cuenta.id"], name=op.f("fk_sesion_abierta_cuenta_id_cuenta")
        ),
        sa.PrimaryKeyConstraint("sesion", name=op.f("pk_sesion_abierta")),
    )
    op.create_index(
        op.f("ix_sesion_abierta_cuenta_id"), "sesion_abierta", ["cuenta_id"], unique=False
    )
    op.create_table(
        "solicitud_datos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("solicitud", sa.String(length=160), nullable=False),
        sa.Column("recibida", sa.Date(), nullable=False),
        sa.Column("responder", sa.Date(), nullable=False),
        sa.Column("fundamento", sa.Text(), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("pedida", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pedida_por", sa.String(length=80), nullable=False),
        sa.Column("decidida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidida_por", sa.String(length=80), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=False),
        sa.Column("cumplida", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contenido", sa.LargeBinary(), nullable=True),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("cadenas", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_solicitud_datos_persona_id_persona")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solicitud_datos")),
        sa.UniqueConstraint("numero", name=op.f("uq_solicitud_datos_numero")),
    )
    op.create_index(
        op.f("ix_solicitud_datos_persona_id"), "solicitud_datos", ["persona_id"], unique=False
    )
    op.create_index(
        "uq_solicitud_datos_en_curso",
        "solicitud_datos",
        ["persona_id"],
        unique=True,
        sqlite_where=sa.text("estado IN ('pedida', 'aprobada')"),
        postgresql_where=sa.text("estado IN ('pedida', 'aprobada')"),
    )
    op.create_table(
        "turno",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("ficha", sa.String(length=40), nullable=True),
        sa.Column("letra", sa.String(length=2), nullable=True),
        sa.Column("peso", sa.Integer(), nullable=False),
        sa.Column("envejecimiento_min", sa.Integer(), nullable=False),
        sa.Column("motivo_visita", sa.String(length=40), nullable=False),
        sa.Column("condicion", sa.String(length=40), nullable=False),
        sa.Column("origen", sa.String(length=40), nullable=False),
        sa.Column("tipo_doc", sa.String(length=3), nullable=True),
        sa.Column("num_doc", sa.String(length=20), nullable=True),
        sa.Column("persona_id", sa.Integer(), nullable=True),
        sa.Column("visita_anterior_id", sa.Integer(), nullable=True),
        sa.Column("llegada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fecha_cierre", sa.DateTime(timezone=True), nullable=True),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("n_llamados", sa.Integer(), nullable=False),
        sa.Column("resultado", sa.String(length=40), nullable=True),
        sa.Column("destino_punto_id", sa.String(length=40), nullable=True),
        sa.Column("modulo_destino", sa.String(length=40), nullable=True),
        sa.Column("modulo_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idioma", sa.String(length=12), server_default="es", nullable=False),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instancia_id", sa.String(length=64), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["destino_punto_id"], ["punto.codigo"], name=op.f("fk_turno_destino_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_turno_persona_id_persona")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_turno_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["visita_anterior_id"], ["turno.id"], name=op.f("fk_turno_visita_anterior_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turno")),
    )
    op.create_index(op.f("ix_turno_case_key"), "turno", ["case_key"], unique=False)
    op.create_index("ix_turno_fecha_punto", "turno", ["fecha", "punto_id"], unique=False)
    op.create_index(op.f("ix_turno_instancia_id"), "turno", ["instancia_id"], unique=False)
    op.create_index(op.f("ix_turno_num_doc"), "turno", ["num_doc"], unique=False)
    op.create_index(op.f("ix_turno_persona_id"), "turno", ["persona_id"], unique=False)
    op.create_index("ix_turno_punto_estado", "turno", ["punto_id", "estado"], unique=False)
    op.create_index(
        "uq_turno_documento_abierto",
        "turno",
        ["num_doc", "tipo_doc", "fecha"],
        unique=True,
        sqlite_where=sa.text("estado <> 'cerrado' AND num_doc IS NOT NULL"),
        postgresql_where=sa.text("estado <> 'cerrado' AND num_doc IS NOT NULL"),
    )
    op.create_index(
        "uq_turno_ficha_abierta",
        "turno",
        ["punto_id", "fecha", "ficha"],
        unique=True,
        sqlite_where=sa.text("estado <> 'cerrado'"),
        postgresql_where=sa.text("estado <> 'cerrado'"),
    )
    op.create_table(
        "archivo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("nombre", sa.String(length=255), nullable=False),
        sa.Column("tipo", sa.String(length=160), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("subido_por", sa.String(length=80), nullable=False),
        sa.Column("subido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.Column("persona_id", sa.Integer(), nullable=True),
        sa.Column("paginas", sa.Integer(), nullable=False),
        sa.Column("origen", sa.String(length=64), nullable=False),
        sa.Column("trae", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("antivirus", sa.String(length=40), nullable=False),
        sa.Column("virus", sa.String(length=200), nullable=False),
        sa.Column("revisado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("eliminado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tarea", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_archivo_persona_id_persona")
        ),
        sa.ForeignKeyConstraint(["turno_id"], ["turno.id"], name=op.f("fk_archivo_turno_id_turno")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archivo")),
    )
    op.create_index(op.f("ix_archivo_case_key"), "archivo", ["case_key"], unique=False)
    op.create_index(op.f("ix_archivo_persona_id"), "archivo", ["persona_id"], unique=False)
    op.create_index(op.f("ix_archivo_sha256"), "archivo", ["sha256"], unique=False)
    op.create_index(op.f("ix_archivo_tarea"), "archivo", ["tarea"], unique=True)
    op.create_table(
        "atencion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=True),
        sa.Column("apoderado_id", sa.Integer(), nullable=True),
        sa.Column("inicio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fin", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("motivo_visita", sa.String(length=40), nullable=True),
        sa.Column("requiere_radicar", sa.Boolean(), nullable=True),
        sa.Column("resoluble", sa.Boolean(), nullable=True),
        sa.Column("ruta", sa.String(length=40), nullable=True),
        sa.Column("calidad", sa.String(length=40), nullable=True),
        sa.Column("titularidad", sa.String(length=40), nullable=True),
        sa.Column("documento_exhibido", sa.Boolean(), nullable=True),
        sa.Column("coincide_crm", sa.Boolean(), nullable=True),
        sa.Column("comparacion", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("datos_actualizados", sa.Boolean(), nullable=False),
        sa.Column("resuelto_primer_contacto", sa.Boolean(), nullable=False),
        sa.Column("resultado", sa.String(length=40), nullable=True),
        sa.Column("instancia_id", sa.String(length=64), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["apoderado_id"], ["persona.id"], name=op.f("fk_atencion_apoderado_id_persona")
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_atencion_persona_id_persona")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_atencion_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_atencion_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_atencion")),
        sa.UniqueConstraint("turno_id", name=op.f("uq_atencion_turno_id")),
    )
    op.create_index(op.f("ix_atencion_asesor_id"), "atencion", ["asesor_id"], unique=False)
    op.create_index(op.f("ix_atencion_case_key"), "atencion", ["case_key"], unique=False)
    op.create_index(op.f("ix_atencion_instancia_id"), "atencion", ["instancia_id"], unique=False)
    op.create_index(op.f("ix_atencion_persona_id"), "atencion", ["persona_id"], unique=False)
    op.create_index(op.f("ix_atencion_punto_id"), "atencion", ["punto_id"], unique=False)
    op.create_table(
        "auditoria_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("informe_id", sa.Integer(), nullable=False),
        sa.Column("remite", sa.Boolean(), nullable=False),
        sa.Column("observaciones", sa.Text(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["informe_id"],
            ["auditoria_informe.id"],
            name=op.f("fk_auditoria_revision_informe_id_auditoria_informe"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria_revision")),
        sa.UniqueConstraint("informe_id", name=op.f("uq_auditoria_revision_informe_id")),
    )
    op.create_table(
        "caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "radicado",
            sa.String(length=16).with_variant(sa.String(length=16, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("servicio_id", sa.Integer(), nullable=True),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("subclase", sa.String(length=40), nullable=True),
        sa.Column("tema", sa.String(length=40), nullable=False),
        sa.Column("canal", sa.String(length=40), nullable=False),
        sa.Column("descripcion", sa.Text(), nullable=False),
        sa.Column("recepcion", sa.DateTime(timezone=True), nullable=False),
        sa.Column("norma", sa.String(length=40), nullable=False),
        sa.Column("tipo_termino", sa.String(length=40), nullable=False),
        sa.Column("dias_termino", sa.Integer(), nullable=True),
        sa.Column("prorroga_max", sa.Integer(), nullable=True),
        sa.Column("limite_escalar", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limite_respuesta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limite_interno", sa.DateTime(timezone=True), nullable=True),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("resuelto_primer_contacto", sa.Boolean(), nullable=False),
        sa.Column("area_id", sa.String(length=40), nullable=True),
        sa.Column("medio_respuesta", sa.String(length=40), nullable=True),
        sa.Column("correo_respuesta", sa.String(length=160), nullable=True),
        sa.Column("resumen", sa.Text(), nullable=True),
        sa.Column("escalado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("respondido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enviado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nc", sa.Boolean(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.codigo"], name=op.f("fk_caso_area_id_area")),
        sa.ForeignKeyConstraint(["norma"], ["norma.codigo"], name=op.f("fk_caso_norma_norma")),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_caso_persona_id_persona")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_caso_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["servicio_id"],
            ["servicio_adquirido.id"],
            name=op.f("fk_caso_servicio_id_servicio_adquirido"),
        ),
        sa.ForeignKeyConstraint(
            ["tema"], ["tipificacion.codigo"], name=op.f("fk_caso_tema_tipificacion")
        ),
        sa.ForeignKeyConstraint(["turno_id"], ["turno.id"], name=op.f("fk_caso_turno_id_turno")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caso")),
        sa.UniqueConstraint("radicado", name=op.f("uq_caso_radicado")),
    )
    op.create_index("ix_caso_area_estado", "caso", ["area_id", "estado"], unique=False)
    op.create_index("ix_caso_area_recepcion", "caso", ["area_id", "recepcion"], unique=False)
    op.create_index("ix_caso_asesor_recepcion", "caso", ["asesor_id", "recepcion"], unique=False)
    op.create_index(op.f("ix_caso_case_key"), "caso", ["case_key"], unique=False)
    op.create_index("ix_caso_clase_recepcion", "caso", ["clase", "recepcion"], unique=False)
    op.create_index("ix_caso_estado_limite", "caso", ["estado", "limite_respuesta"], unique=False)
    op.create_index("ix_caso_estado_recepcion", "caso", ["estado", "recepcion"], unique=False)
    op.create_index(op.f("ix_caso_instancia_id"), "caso", ["instancia_id"], unique=False)
    op.create_index(op.f("ix_caso_persona_id"), "caso", ["persona_id"], unique=False)
    op.create_index("ix_caso_punto_recepcion", "caso", ["punto_id", "recepcion"], unique=False)
    op.create_index(op.f("ix_caso_recepcion"), "caso", ["recepcion"], unique=False)
    op.create_index("ix_caso_tema_recepcion", "caso", ["tema", "recepcion"], unique=False)
    op.create_index(op.f("ix_caso_turno_id"), "caso", ["turno_id"], unique=False)
    op.create_table(
        "caso_restringido",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("solicitud_id", sa.Integer(), nullable=False),
        sa.Column("puesta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("levantada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("levantada_por", sa.String(length=80), nullable=True),
        sa.Column("motivo_fin", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["solicitud_id"],
            ["solicitud_datos.id"],
            name=op.f("fk_caso_restringido_solicitud_id_solicitud_datos"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caso_restringido")),
    )
    op.create_index(
        op.f("ix_caso_restringido_case_key"), "caso_restringido", ["case_key"], unique=False
    )
    op.create_index(
        "uq_caso_restringido_vigente",
        "caso_restringido",
        ["case_key"],
        unique=True,
        sqlite_where=sa.text("levantada IS NULL"),
        postgresql_where=sa.text("levantada IS NULL"),
    )
    op.create_table(
        "charla_asistente",
        sa.Column("charla_id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("asignado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asistio", sa.Boolean(), nullable=True),
        sa.Column("retirado", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["charla_id"], ["charla.id"], name=op.f("fk_charla_asistente_charla_id_charla")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_charla_asistente_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("charla_id", "turno_id", name=op.f("pk_charla_asistente")),
    )
    op.create_index(
        op.f("ix_charla_asistente_turno_id"), "charla_asistente", ["turno_id"], unique=False
    )
    op.create_table(
        "comite_asistencia",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sesion_id", sa.Integer(), nullable=False),
        sa.Column("miembro", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sesion_id"],
            ["comite_sesion.id"],
            name=op.f("fk_comite_asistencia_sesion_id_comite_sesion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_asistencia")),
        sa.UniqueConstraint(
            "sesion_id", "miembro", name=op.f("uq_comite_asistencia_sesion_id_miembro")
        ),
    )
    op.create_table(
        "consulta_legado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clave", sa.String(length=160), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.Column("persona_id", sa.Integer(), nullable=True),
        sa.Column("servicio_id", sa.Integer(), nullable=True),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("modo", sa.String(length=40), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("filas", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("fecha_corte", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fuente", sa.String(length=160), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("ms", sa.Integer(), nullable=True),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("detalle", sa.Text(), nullable=False),
        sa.Column("consultada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_consulta_legado_persona_id_persona")
        ),
        sa.ForeignKeyConstraint(
            ["servicio_id"],
            ["servicio_adquirido.id"],
            name=op.f("fk_consulta_legado_servicio_id_servicio_adquirido"),
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_consulta_legado_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consulta_legado")),
        sa.UniqueConstraint("clave", name=op.f("uq_consulta_legado_clave")),
    )
    op.create_index(
        op.f("ix_consulta_legado_case_key"), "consulta_legado", ["case_key"], unique=False
    )
    op.create_index(
        op.f("ix_consulta_legado_instancia_id"), "consulta_legado", ["instancia_id"], unique=False
    )
    op.create_index(
        op.f("ix_consulta_legado_persona_id"), "consulta_legado", ["persona_id"], unique=False
    )
    op.create_index(
        "ix_consulta_legado_sistema_estado_consultada",
        "consulta_legado",
        ["sistema", "estado", "consultada"],
        unique=False,
    )
    op.create_index(
        op.f("ix_consulta_legado_turno_id"), "consulta_legado", ["turno_id"], unique=False
    )
    op.create_table(
        "digiturno_evento",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("punto", sa.String(length=160), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=True),
        sa.Column("ticket", sa.String(length=160), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("medio", sa.String(length=40), nullable=False),
        sa.Column("datos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("motivo", sa.String(length=40), nullable=False),
        sa.Column("decidido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidido_por", sa.String(length=80), nullable=True),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_digiturno_evento_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_digiturno_evento_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_evento")),
        sa.UniqueConstraint(
            "sistema",
            "ticket",
            "clase",
            "cuando",
            "huella",
            name=op.f("uq_digiturno_evento_sistema_ticket_clase_cuando_huella"),
        ),
    )
    op.create_index(
        "ix_digiturno_evento_listado",
        "digiturno_evento",
        ["id"],
        unique=False,
        sqlite_where=sa.text("estado = 'listado'"),
        postgresql_where=sa.text("estado = 'listado'"),
    )
    op.create_index(
        "ix_digiturno_evento_por_aplicar",
        "digiturno_evento",
        ["cuando"],
        unique=False,
        sqlite_where=sa.text("estado IN ('nuevo', 'espera')"),
        postgresql_where=sa.text("estado IN ('nuevo', 'espera')"),
    )
    op.create_table(
        "digiturno_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("ticket", sa.String(length=160), nullable=False),
        sa.Column("punto", sa.String(length=160), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("ultimo", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_digiturno_ticket_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_digiturno_ticket_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_ticket")),
        sa.UniqueConstraint(
            "sistema",
            "punto_id",
            "fecha",
            "ticket",
            name=op.f("uq_digiturno_ticket_sistema_punto_id_fecha_ticket"),
        ),
        sa.UniqueConstraint("turno_id", name=op.f("uq_digiturno_ticket_turno_id")),
    )
    op.create_index(
        "ix_digiturno_ticket_punto", "digiturno_ticket", ["punto_id", "fecha"], unique=False
    )
    op.create_table(
        "formato_papel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lote_id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("caida_id", sa.Integer(), nullable=True),
        sa.Column("atendio", sa.String(length=80), nullable=True),
        sa.Column("inicio", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fin", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digitado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digitado_por", sa.String(length=80), nullable=True),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.Column("instancia_id", sa.String(length=64), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.Column("explicacion", sa.String(length=40), nullable=True),
        sa.Column("explicacion_nota", sa.String(length=160), nullable=True),
        sa.Column("explicado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explicado_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["caida_id"], ["caida_punto.id"], name=op.f("fk_formato_papel_caida_id_caida_punto")
        ),
        sa.ForeignKeyConstraint(
            ["lote_id"], ["lote_papel.id"], name=op.f("fk_formato_papel_lote_id_lote_papel")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_formato_papel_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_formato_papel_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formato_papel")),
        sa.UniqueConstraint("punto_id", "numero", name=op.f("uq_formato_papel_punto_id_numero")),
    )
    op.create_index(op.f("ix_formato_papel_caida_id"), "formato_papel", ["caida_id"], unique=False)
    op.create_index(op.f("ix_formato_papel_case_key"), "formato_papel", ["case_key"], unique=False)
    op.create_index(op.f("ix_formato_papel_digitado"), "formato_papel", ["digitado"], unique=False)
    op.create_index(
        op.f("ix_formato_papel_instancia_id"), "formato_papel", ["instancia_id"], unique=False
    )
    op.create_index(op.f("ix_formato_papel_lote_id"), "formato_papel", ["lote_id"], unique=False)
    op.create_index(op.f("ix_formato_papel_turno_id"), "formato_papel", ["turno_id"], unique=False)
    op.create_table(
        "orientacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("tema", sa.String(length=40), nullable=False),
        sa.Column("pregunta", sa.Text(), nullable=False),
        sa.Column("respuesta", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("fecha_consulta", sa.Date(), nullable=True),
        sa.Column("hash_pagina", sa.String(length=64), nullable=True),
        sa.Column("pais", sa.String(length=160), nullable=True),
        sa.Column("nivel", sa.String(length=40), nullable=True),
        sa.Column("mecanismo", sa.String(length=40), nullable=True),
        sa.Column("requisitos_explicados", sa.Boolean(), nullable=True),
        sa.Column("remitido_consejeria", sa.Boolean(), nullable=True),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_orientacion_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orientacion")),
    )
    op.create_index(op.f("ix_orientacion_turno_id"), "orientacion", ["turno_id"], unique=False)
    op.create_table(
        "paquete_interventoria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("informe_id", sa.Integer(), nullable=False),
        sa.Column("mes", sa.Date(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("preparado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paginas", sa.Integer(), nullable=False),
        sa.Column("archivos", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["informe_id"],
            ["informe_mensual.id"],
            name=op.f("fk_paquete_interventoria_informe_id_informe_mensual"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paquete_interventoria")),
        sa.UniqueConstraint("informe_id", name=op.f("uq_paquete_interventoria_informe_id")),
    )
    op.create_index(
        op.f("ix_paquete_interventoria_instancia_id"),
        "paquete_interventoria",
        ["instancia_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_paquete_interventoria_mes"), "paquete_interventoria", ["mes"], unique=False
    )
    op.create_table(
        "reporte_nota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reporte_id", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("indicador", sa.String(length=40), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporte_id"],
            ["reporte_punto.id"],
            name=op.f("fk_reporte_nota_reporte_id_reporte_punto"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_nota")),
        sa.UniqueConstraint(
            "reporte_id",
            "tipo",
            "indicador",
            name=op.f("uq_reporte_nota_reporte_id_tipo_indicador"),
        ),
    )
    op.create_table(
        "reporte_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reporte_id", sa.Integer(), nullable=False),
        sa.Column("cumple", sa.Boolean(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporte_id"],
            ["reporte_punto.id"],
            name=op.f("fk_reporte_revision_reporte_id_reporte_punto"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_revision")),
        sa.UniqueConstraint("reporte_id", name=op.f("uq_reporte_revision_reporte_id")),
    )
    op.create_table(
        "solicitud_datos_parte",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("solicitud_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("que", sa.String(length=40), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.Column("hacer", sa.String(length=40), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("datos", sa.Integer(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["solicitud_id"],
            ["solicitud_datos.id"],
            name=op.f("fk_solicitud_datos_parte_solicitud_id_solicitud_datos"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solicitud_datos_parte")),
        sa.UniqueConstraint(
            "solicitud_id", "n", name=op.f("uq_solicitud_datos_parte_solicitud_id_n")
        ),
    )
    op.create_index(
        op.f("ix_solicitud_datos_parte_case_key"),
        "solicitud_datos_parte",
        ["case_key"],
        unique=False,
    )
    op.create_table(
        "turno_periodo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("inicio", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fin", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asesor_id", sa.String(length=80), nullable=True),
        sa.Column("modulo", sa.String(length=40), nullable=True),
        sa.Column("razon", sa.String(length=300), nullable=True),
        sa.Column("confiable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_turno_periodo_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_turno_periodo_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turno_periodo")),
    )
    op.create_index(
        "ix_turno_periodo_llamados", "turno_periodo", ["punto_id", "estado", "inicio"], unique=False
    )
    op.create_index(op.f("ix_turno_periodo_turno_id"), "turno_periodo", ["turno_id"], unique=False)
    op.create_index(
        "uq_turno_periodo_abierto",
        "turno_periodo",
        ["turno_id"],
        unique=True,
        sqlite_where=sa.text("fin IS NULL"),
        postgresql_where=sa.text("fin IS NULL"),
    )
    op.create_table(
        "acta_interventor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("asistieron", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sin_acuse", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_acta_interventor_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_interventor")),
        sa.UniqueConstraint("paquete_id", name=op.f("uq_acta_interventor_paquete_id")),
    )
    op.create_table(
        "acuse_interventor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("interventor", sa.String(length=80), nullable=False),
        sa.Column("medio", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_acuse_interventor_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acuse_interventor")),
        sa.UniqueConstraint(
            "paquete_id",
            "interventor",
            "medio",
            name=op.f("uq_acuse_interventor_paquete_id_interventor_medio"),
        ),
    )
    op.create_table(
        "archivado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("serie", sa.String(length=160), nullable=False),
        sa.Column("subserie", sa.String(length=160), nullable=False),
        sa.Column("anios_gestion", sa.Integer(), nullable=False),
        sa.Column("anios_central", sa.Integer(), nullable=False),
        sa.Column("disposicion", sa.String(length=40), nullable=False),
        sa.Column("folio_desde", sa.Integer(), nullable=False),
        sa.Column("folio_hasta", sa.Integer(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_archivado_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archivado")),
        sa.UniqueConstraint("caso_id", name=op.f("uq_archivado_caso_id")),
    )
    op.create_table(
        "auditoria_muestra",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("modo", sa.String(length=40), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("estrato", sa.String(length=80), nullable=False),
        sa.Column("orden", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.Column("atencion_id", sa.Integer(), nullable=True),
        sa.Column("sorteada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entre", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reemplaza_id", sa.Integer(), nullable=True),
        sa.Column("retirada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirada_por", sa.String(length=80), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["atencion_id"], ["atencion.id"], name=op.f("fk_auditoria_muestra_atencion_id_atencion")
        ),
        sa.ForeignKeyConstraint(
            ["auditoria_id"],
            ["auditoria.id"],
            name=op.f("fk_auditoria_muestra_auditoria_id_auditoria"),
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_auditoria_muestra_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["reemplaza_id"],
            ["auditoria_muestra.id"],
            name=op.f("fk_auditoria_muestra_reemplaza_id_auditoria_muestra"),
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_auditoria_muestra_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria_muestra")),
        sa.UniqueConstraint(
            "auditoria_id",
            "atencion_id",
            name=op.f("uq_auditoria_muestra_auditoria_id_atencion_id"),
        ),
        sa.UniqueConstraint("reemplaza_id", name=op.f("uq_auditoria_muestra_reemplaza_id")),
    )
    op.create_index(
        op.f("ix_auditoria_muestra_auditoria_id"),
        "auditoria_muestra",
        ["auditoria_id"],
        unique=False,
    )
    op.create_table(
        "aviso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clave", sa.String(length=160), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("para", sa.String(length=160), nullable=False),
        sa.Column("asunto", sa.String(length=300), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("creado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enviado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("idioma", sa.String(length=40), server_default="es", nullable=False),
        sa.Column("intentos", sa.Integer(), server_default="0", nullable=False),
        sa.Column("proximo", sa.DateTime(timezone=True), nullable=True),
        sa.Column("descartado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("descartado_por", sa.String(length=80), nullable=True),
        sa.Column("descartado_porque", sa.Text(), nullable=True),
        sa.Column("adjuntos", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("devuelto", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_aviso_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aviso")),
        sa.UniqueConstraint("clave", name=op.f("uq_aviso_clave")),
    )
    op.create_index(
        "ix_aviso_case_key",
        "aviso",
        ["case_key"],
        unique=False,
        sqlite_where=sa.text("caso_id IS NULL"),
        postgresql_where=sa.text("caso_id IS NULL"),
    )
    op.create_index(op.f("ix_aviso_caso_id"), "aviso", ["caso_id"], unique=False)
    op.create_index(
        "ix_aviso_devuelto",
        "aviso",
        ["devuelto"],
        unique=False,
        sqlite_where=sa.text("devuelto IS NOT NULL"),
        postgresql_where=sa.text("devuelto IS NOT NULL"),
    )
    op.create_index("ix_aviso_para_enviado", "aviso", ["para", "enviado"], unique=False)
    op.create_index(
        "ix_aviso_por_salir",
        "aviso",
        ["creado"],
        unique=False,
        sqlite_where=sa.text("enviado IS NULL"),
        postgresql_where=sa.text("enviado IS NULL"),
    )
    op.create_index(
        "ix_aviso_proximo",
        "aviso",
        ["proximo"],
        unique=False,
        sqlite_where=sa.text("proximo IS NOT NULL"),
        postgresql_where=sa.text("proximo IS NOT NULL"),
    )
    op.create_table(
        "calificacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("momento", sa.String(length=40), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.Column("caso_id", sa.Integer(), nullable=True),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("asesor_id", sa.String(length=80), nullable=True),
        sa.Column("fuente", sa.String(length=40), nullable=False),
        sa.Column("medio", sa.String(length=40), nullable=True),
        sa.Column("por_asesor", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("valor", sa.Integer(), nullable=True),
        sa.Column("motivo", sa.String(length=40), nullable=True),
        sa.Column("comentario", sa.String(length=300), nullable=True),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrada_por", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "valor IS NULL OR valor BETWEEN 1 AND 5", name=op.f("ck_calificacion_valor")
        ),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_calificacion_caso_id_caso")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_calificacion_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_calificacion_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calificacion")),
        sa.UniqueConstraint("caso_id", "momento", name=op.f("uq_calificacion_caso_id_momento")),
        sa.UniqueConstraint("turno_id", "momento", name=op.f("uq_calificacion_turno_id_momento")),
    )
    op.create_index(op.f("ix_calificacion_asesor_id"), "calificacion", ["asesor_id"], unique=False)
    op.create_index(op.f("ix_calificacion_punto_id"), "calificacion", ["punto_id"], unique=False)
    op.create_table(
        "caso_estado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor_id", sa.String(length=80), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_caso_estado_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caso_estado")),
    )
    op.create_index(op.f("ix_caso_estado_caso_id"), "caso_estado", ["caso_id"], unique=False)
    op.create_table(
        "digiturno_salida",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("llave", sa.String(length=40), nullable=False),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modulo", sa.String(length=40), nullable=True),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("enviada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("intentos", sa.Integer(), nullable=False),
        sa.Column("siguiente", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tomada_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("error_causa", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["digiturno_ticket.id"],
            name=op.f("fk_digiturno_salida_ticket_id_digiturno_ticket"),
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_digiturno_salida_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digiturno_salida")),
        sa.UniqueConstraint("llave", name=op.f("uq_digiturno_salida_llave")),
    )
    op.create_index(
        "ix_digiturno_salida_pendiente",
        "digiturno_salida",
        ["sistema", "id"],
        unique=False,
        sqlite_where=sa.text("estado = 'pendiente'"),
        postgresql_where=sa.text("estado = 'pendiente'"),
    )
    op.create_index(
        op.f("ix_digiturno_salida_turno_id"), "digiturno_salida", ["turno_id"], unique=False
    )
    op.create_table(
        "documento_suelto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=False),
        sa.Column("remitente", sa.String(length=160), nullable=False),
        sa.Column("asunto", sa.String(length=300), nullable=False),
        sa.Column("canal", sa.String(length=40), nullable=False),
        sa.Column("llego", sa.Date(), nullable=False),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recibido_por", sa.String(length=80), nullable=False),
        sa.Column("destino", sa.String(length=40), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=True),
        sa.Column("decidido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidido_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_documento_suelto_archivo_id_archivo")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documento_suelto")),
        sa.UniqueConstraint("archivo_id", name=op.f("uq_documento_suelto_archivo_id")),
    )
    op.create_index(
        op.f("ix_documento_suelto_case_key"), "documento_suelto", ["case_key"], unique=False
    )
    op.create_index(
        "ix_documento_suelto_por_pasar",
        "documento_suelto",
        ["llego"],
        unique=False,
        sqlite_where=sa.text("destino IS NULL"),
        postgresql_where=sa.text("destino IS NULL"),
    )
    op.create_table(
        "enlace_calificacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("creado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usado", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_enlace_calificacion_caso_id_caso")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enlace_calificacion")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_enlace_calificacion_token_hash")),
    )
    op.create_index(
        op.f("ix_enlace_calificacion_caso_id"), "enlace_calificacion", ["caso_id"], unique=False
    )
    op.create_table(
        "entrega_interventor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("interventor", sa.String(length=80), nullable=False),
        sa.Column("medio", sa.String(length=40), nullable=False),
        sa.Column("envio", sa.Integer(), nullable=False),
        sa.Column("forma", sa.String(length=40), nullable=False),
        sa.Column("radicado", sa.String(length=40), nullable=False),
        sa.Column("remitido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("descargado", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_entrega_interventor_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrega_interventor")),
        sa.UniqueConstraint(
            "paquete_id",
            "interventor",
            "medio",
            "envio",
            name=op.f("uq_entrega_interventor_paquete_id_interventor_medio_envio"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_entrega_interventor_token_hash")),
    )
    op.create_table(
        "escalonamiento",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.String(length=40), nullable=False),
        sa.Column("grupo", sa.String(length=160), nullable=False),
        sa.Column("nivel2", sa.String(length=160), nullable=False),
        sa.Column("nivel3", sa.String(length=160), nullable=False),
        sa.Column("plazo_interno", sa.Integer(), nullable=False),
        sa.Column("resumen", sa.Text(), nullable=False),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("funcionario_id", sa.String(length=80), nullable=True),
        sa.Column("escalado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("respondido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terminado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasignado_de", sa.Integer(), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.codigo"], name=op.f("fk_escalonamiento_area_id_area")
        ),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_escalonamiento_caso_id_caso")
        ),
        sa.ForeignKeyConstraint(
            ["reasignado_de"],
            ["escalonamiento.id"],
            name=op.f("fk_escalonamiento_reasignado_de_escalonamiento"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalonamiento")),
        sa.UniqueConstraint("caso_id", "n", name=op.f("uq_escalonamiento_caso_id_n")),
    )
    op.create_index(op.f("ix_escalonamiento_area_id"), "escalonamiento", ["area_id"], unique=False)
    op.create_index(
        op.f("ix_escalonamiento_funcionario_id"), "escalonamiento", ["funcionario_id"], unique=False
    )
    op.create_table(
        "escrito",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=True),
        sa.Column("caso_id", sa.Integer(), nullable=True),
        sa.Column("folios", sa.Integer(), nullable=False),
        sa.Column("asunto", sa.String(length=300), nullable=False),
        sa.Column("falta", sa.Text(), nullable=True),
        sa.Column("falta_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completado_por", sa.String(length=80), nullable=True),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recibido_por", sa.String(length=80), nullable=False),
        sa.Column("radicado", sa.String(length=16), nullable=True),
        sa.Column("radicado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("novedad", sa.Text(), nullable=True),
        sa.Column("digitalizado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digitalizado_por", sa.String(length=80), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_escrito_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_escrito_caso_id_caso")),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persona.id"], name=op.f("fk_escrito_persona_id_persona")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_escrito_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(["turno_id"], ["turno.id"], name=op.f("fk_escrito_turno_id_turno")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escrito")),
        sa.UniqueConstraint("radicado", name=op.f("uq_escrito_radicado")),
        sa.UniqueConstraint("turno_id", name=op.f("uq_escrito_turno_id")),
    )
    op.create_index(op.f("ix_escrito_case_key"), "escrito", ["case_key"], unique=False)
    op.create_index(op.f("ix_escrito_caso_id"), "escrito", ["caso_id"], unique=False)
    op.create_index(
        "ix_escrito_por_completar",
        "escrito",
        ["falta_hasta"],
        unique=False,
        sqlite_where=sa.text("falta IS NOT NULL AND completado IS NULL"),
        postgresql_where=sa.text("falta IS NOT NULL AND completado IS NULL"),
    )
    op.create_index(op.f("ix_escrito_radicado_en"), "escrito", ["radicado_en"], unique=False)
    op.create_table(
        "incumplimiento",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("condicion", sa.String(length=40), nullable=False),
        sa.Column("vencia", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detectado", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_incumplimiento_caso_id_caso")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incumplimiento")),
        sa.UniqueConstraint(
            "caso_id",
            "condicion",
            "vencia",
            name=op.f("uq_incumplimiento_caso_id_condicion_vencia"),
        ),
    )
    op.create_table(
        "investigacion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("hallazgos", sa.Text(), nullable=False),
        sa.Column("fuentes", sa.Text(), nullable=False),
        sa.Column("accion_correctiva", sa.Text(), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("funcionario_id", sa.String(length=80), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_investigacion_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_investigacion_caso_id_caso")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investigacion")),
    )
    op.create_index(op.f("ix_investigacion_caso_id"), "investigacion", ["caso_id"], unique=False)
    op.create_table(
        "no_conformidad",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("causa", sa.Text(), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrada_por", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_no_conformidad_caso_id_caso")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_conformidad")),
        sa.UniqueConstraint("caso_id", name=op.f("uq_no_conformidad_caso_id")),
    )
    op.create_table(
        "pagina_citada",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("orientacion_id", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("citada_por", sa.String(length=80), nullable=False),
        sa.Column("citada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("intentos", sa.Integer(), nullable=False),
        sa.Column("falla", sa.String(length=40), nullable=False),
        sa.Column("detalle", sa.String(length=160), nullable=False),
        sa.Column("copia_id", sa.Integer(), nullable=True),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["copia_id"], ["pagina_copia.id"], name=op.f("fk_pagina_citada_copia_id_pagina_copia")
        ),
        sa.ForeignKeyConstraint(
            ["orientacion_id"],
            ["orientacion.id"],
            name=op.f("fk_pagina_citada_orientacion_id_orientacion"),
        ),
        sa.ForeignKeyConstraint(
            ["turno_id"], ["turno.id"], name=op.f("fk_pagina_citada_turno_id_turno")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pagina_citada")),
    )
    op.create_index(op.f("ix_pagina_citada_case_key"), "pagina_citada", ["case_key"], unique=False)
    op.create_index(op.f("ix_pagina_citada_copia_id"), "pagina_citada", ["copia_id"], unique=False)
    op.create_index(
        op.f("ix_pagina_citada_instancia_id"), "pagina_citada", ["instancia_id"], unique=False
    )
    op.create_index(op.f("ix_pagina_citada_turno_id"), "pagina_citada", ["turno_id"], unique=False)
    op.create_table(
        "paso_supervision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("paso", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.Boolean(), nullable=True),
        sa.Column("descuento", sa.BigInteger(), nullable=True),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_paso_supervision_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paso_supervision")),
        sa.UniqueConstraint("paquete_id", "paso", name=op.f("uq_paso_supervision_paquete_id_paso")),
    )
    op.create_table(
        "plazo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=False),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("explicacion", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("vigente_desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vigente_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_plazo_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plazo")),
    )
    op.create_index(op.f("ix_plazo_caso_id"), "plazo", ["caso_id"], unique=False)
    op.create_table(
        "poder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("titular_id", sa.Integer(), nullable=False),
        sa.Column("apoderado_id", sa.Integer(), nullable=False),
        sa.Column("notaria", sa.String(length=160), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("vence", sa.Date(), nullable=True),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("facultades", sa.String(length=200), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrado_por", sa.String(length=80), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["apoderado_id"], ["persona.id"], name=op.f("fk_poder_apoderado_id_persona")
        ),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_poder_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(
            ["titular_id"], ["persona.id"], name=op.f("fk_poder_titular_id_persona")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poder")),
    )
    op.create_index(op.f("ix_poder_apoderado_id"), "poder", ["apoderado_id"], unique=False)
    op.create_index(op.f("ix_poder_case_key"), "poder", ["case_key"], unique=False)
    op.create_index(op.f("ix_poder_titular_id"), "poder", ["titular_id"], unique=False)
    op.create_table(
        "prorroga",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=False),
        sa.Column("limite_anterior", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nueva_fecha", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aviso", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aprobador", sa.String(length=80), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_prorroga_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_prorroga_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prorroga")),
        sa.UniqueConstraint("caso_id", name=op.f("uq_prorroga_caso_id")),
    )
    op.create_table(
        "recordatorio_acuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paquete_id", sa.Integer(), nullable=False),
        sa.Column("interventor", sa.String(length=80), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("envio", sa.Integer(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paquete_id"],
            ["paquete_interventoria.id"],
            name=op.f("fk_recordatorio_acuse_paquete_id_paquete_interventoria"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordatorio_acuse")),
        sa.UniqueConstraint(
            "paquete_id",
            "interventor",
            "n",
            name=op.f("uq_recordatorio_acuse_paquete_id_interventor_n"),
        ),
    )
    op.create_table(
        "registro_caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("procedimiento", sa.String(length=120), nullable=False),
        sa.Column(
            "numero",
            sa.String(length=48).with_variant(sa.String(length=48, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("caso_id", sa.Integer(), nullable=True),
        sa.Column("clase", sa.String(length=160), nullable=False),
        sa.Column("asunto", sa.String(length=300), nullable=False),
        sa.Column("tipo_doc", sa.String(length=3), server_default="", nullable=False),
        sa.Column("documento", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("anonima", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("correo", sa.String(length=254), nullable=False),
        sa.Column("lugar", sa.String(length=80), nullable=False),
        sa.Column("lugar_nombre", sa.String(length=160), nullable=False),
        sa.Column("canal", sa.String(length=40), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("abierto", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_registro_caso_caso_id_caso")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registro_caso")),
        sa.UniqueConstraint("caso_id", name=op.f("uq_registro_caso_caso_id")),
        sa.UniqueConstraint("numero", name=op.f("uq_registro_caso_numero")),
    )
    op.create_index(op.f("ix_registro_caso_case_key"), "registro_caso", ["case_key"], unique=False)
    op.create_index(
        op.f("ix_registro_caso_documento"), "registro_caso", ["documento"], unique=False
    )
    op.create_index(
        "ix_registro_caso_otros",
        "registro_caso",
        ["abierto"],
        unique=False,
        sqlite_where=sa.text("caso_id IS NULL"),
        postgresql_where=sa.text("caso_id IS NULL"),
    )
    op.create_table(
        "reporte_fallas_caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reporte_id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.String(length=40), nullable=False),
        sa.Column("tiene", sa.String(length=80), nullable=True),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("termino", sa.String(length=40), nullable=False),
        sa.Column("vencia", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.codigo"], name=op.f("fk_reporte_fallas_caso_area_id_area")
        ),
        sa.ForeignKeyConstraint(
            ["caso_id"], ["caso.id"], name=op.f("fk_reporte_fallas_caso_caso_id_caso")
        ),
        sa.ForeignKeyConstraint(
            ["reporte_id"],
            ["reporte_fallas.id"],
            name=op.f("fk_reporte_fallas_caso_reporte_id_reporte_fallas"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporte_fallas_caso")),
        sa.UniqueConstraint(
            "reporte_id", "caso_id", name=op.f("uq_reporte_fallas_caso_reporte_id_caso_id")
        ),
    )
    op.create_table(
        "respuesta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("fuente", sa.String(length=160), nullable=False),
        sa.Column("favorable", sa.String(length=40), nullable=True),
        sa.Column("medio", sa.String(length=40), nullable=True),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("autor", sa.String(length=80), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enviada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acuse", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_respuesta_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_respuesta_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respuesta")),
    )
    op.create_index(op.f("ix_respuesta_caso_id"), "respuesta", ["caso_id"], unique=False)
    op.create_table(
        "suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("informacion", sa.Text(), nullable=False),
        sa.Column("desde", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("vence", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requerido_por", sa.String(length=80), nullable=False),
        sa.Column("complemento", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_suspension_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index(op.f("ix_suspension_caso_id"), "suspension", ["caso_id"], unique=False)
    op.create_index(
        "uq_suspension_abierta",
        "suspension",
        ["caso_id"],
        unique=True,
        sqlite_where=sa.text("hasta IS NULL"),
        postgresql_where=sa.text("hasta IS NULL"),
    )
    op.create_table(
        "calibracion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("muestra_id", sa.Integer(), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("abierta", sa.DateTime(timezone=True), nullable=False),
        sa.Column("abierta_por", sa.String(length=80), nullable=False),
        sa.Column("semilla", sa.Text(), nullable=False),
        sa.Column("entre", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("limite", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cerrada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cerrada_por", sa.String(length=80), nullable=True),
        sa.Column("acuerdo", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auditoria_id"], ["auditoria.id"], name=op.f("fk_calibracion_auditoria_id_auditoria")
        ),
        sa.ForeignKeyConstraint(
            ["muestra_id"],
            ["auditoria_muestra.id"],
            name=op.f("fk_calibracion_muestra_id_auditoria_muestra"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibracion")),
        sa.UniqueConstraint("muestra_id", name=op.f("uq_calibracion_muestra_id")),
    )
    op.create_index(
        op.f("ix_calibracion_auditoria_id"), "calibracion", ["auditoria_id"], unique=False
    )
    op.create_index(
        op.f("ix_calibracion_instancia_id"), "calibracion", ["instancia_id"], unique=False
    )
    op.create_table(
        "carta_devuelta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("aviso_id", sa.Integer(), nullable=False),
        sa.Column("causa", sa.String(length=40), nullable=False),
        sa.Column("nota", sa.String(length=300), nullable=False),
        sa.Column("entregada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["aviso_id"], ["aviso.id"], name=op.f("fk_carta_devuelta_aviso_id_aviso")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carta_devuelta")),
    )
    op.create_index(
        op.f("ix_carta_devuelta_aviso_id"), "carta_devuelta", ["aviso_id"], unique=False
    )
    op.create_index(op.f("ix_carta_devuelta_cuando"), "carta_devuelta", ["cuando"], unique=False)
    op.create_table(
        "documento_devuelto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("suelto_id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=64), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("pedido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pedido_por", sa.String(length=80), nullable=False),
        sa.Column("decidido", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decidido_por", sa.String(length=80), nullable=True),
        sa.Column("aprobado", sa.Boolean(), nullable=True),
        sa.Column("respuesta", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["suelto_id"],
            ["documento_suelto.id"],
            name=op.f("fk_documento_devuelto_suelto_id_documento_suelto"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documento_devuelto")),
    )
    op.create_index(
        op.f("ix_documento_devuelto_case_key"), "documento_devuelto", ["case_key"], unique=False
    )
    op.create_index(
        op.f("ix_documento_devuelto_suelto_id"), "documento_devuelto", ["suelto_id"], unique=False
    )
    op.create_index(
        "uq_documento_devuelto_pendiente",
        "documento_devuelto",
        ["suelto_id"],
        unique=True,
        sqlite_where=sa.text("decidido IS NULL"),
        postgresql_where=sa.text("decidido IS NULL"),
    )
    op.create_table(
        "envio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("respuesta_id", sa.Integer(), nullable=False),
        sa.Column("medio", sa.String(length=40), nullable=False),
        sa.Column("operador", sa.String(length=40), nullable=True),
        sa.Column("guia", sa.String(length=30), nullable=True),
        sa.Column("direccion", sa.String(length=160), nullable=False),
        sa.Column("municipio", sa.String(length=160), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("limite", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registrado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("resultado", sa.String(length=40), nullable=True),
        sa.Column("resultado_fecha", sa.Date(), nullable=True),
        sa.Column("causa", sa.String(length=40), nullable=True),
        sa.Column("recibe", sa.String(length=160), nullable=True),
        sa.Column("resultado_por", sa.String(length=80), nullable=True),
        sa.Column("resultado_registrado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aviso_lugar", sa.Text(), nullable=True),
        sa.Column("aviso_desde", sa.Date(), nullable=True),
        sa.Column("aviso_hasta", sa.Date(), nullable=True),
        sa.Column("aviso_por", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_envio_caso_id_caso")),
        sa.ForeignKeyConstraint(
            ["respuesta_id"], ["respuesta.id"], name=op.f("fk_envio_respuesta_id_respuesta")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envio")),
        sa.UniqueConstraint("caso_id", name=op.f("uq_envio_caso_id")),
        sa.UniqueConstraint("guia", name=op.f("uq_envio_guia")),
        sa.UniqueConstraint("respuesta_id", name=op.f("uq_envio_respuesta_id")),
    )
    op.create_table(
        "escrito_documento",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escrito_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("nombre", sa.String(length=200), nullable=False),
        sa.Column("folio_desde", sa.Integer(), nullable=False),
        sa.Column("folio_hasta", sa.Integer(), nullable=False),
        sa.Column("soporte", sa.String(length=40), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("paginas", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_escrito_documento_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(
            ["escrito_id"], ["escrito.id"], name=op.f("fk_escrito_documento_escrito_id_escrito")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escrito_documento")),
        sa.UniqueConstraint("escrito_id", "n", name=op.f("uq_escrito_documento_escrito_id_n")),
    )
    op.create_table(
        "f189",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("muestra_id", sa.Integer(), nullable=False),
        sa.Column("auditor", sa.String(length=80), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.Column("version_en_vigor", sa.Integer(), nullable=True),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("respuestas", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("comentarios", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("fatales", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("observaciones", sa.Text(), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("puntaje", sa.Double(), nullable=True),
        sa.Column("puntaje_critico", sa.Double(), nullable=True),
        sa.Column("banda", sa.String(length=40), nullable=True),
        sa.Column("consecuencia", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_f189_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(
            ["muestra_id"],
            ["auditoria_muestra.id"],
            name=op.f("fk_f189_muestra_id_auditoria_muestra"),
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_f189_punto_id_punto")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_f189")),
        sa.UniqueConstraint("muestra_id", name=op.f("uq_f189_muestra_id")),
    )
    op.create_index(op.f("ix_f189_asesor_id"), "f189", ["asesor_id"], unique=False)
    op.create_index(op.f("ix_f189_instancia_id"), "f189", ["instancia_id"], unique=False)
    op.create_index(op.f("ix_f189_punto_id"), "f189", ["punto_id"], unique=False)
    op.create_table(
        "firma",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=False),
        sa.Column("respuesta_id", sa.Integer(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("calidad", sa.String(length=40), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_firma_caso_id_caso")),
        sa.ForeignKeyConstraint(
            ["respuesta_id"], ["respuesta.id"], name=op.f("fk_firma_respuesta_id_respuesta")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firma")),
        sa.UniqueConstraint("respuesta_id", name=op.f("uq_firma_respuesta_id")),
    )
    op.create_index(op.f("ix_firma_caso_id"), "firma", ["caso_id"], unique=False)
    op.create_table(
        "rebote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("leido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clase", sa.String(length=40), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("aviso_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["aviso_id"], ["aviso.id"], name=op.f("fk_rebote_aviso_id_aviso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebote")),
        sa.UniqueConstraint("huella", name=op.f("uq_rebote_huella")),
    )
    op.create_index(op.f("ix_rebote_aviso_id"), "rebote", ["aviso_id"], unique=False)
    op.create_index(op.f("ix_rebote_leido"), "rebote", ["leido"], unique=False)
    op.create_table(
        "registro_dato",
        sa.Column("registro_id", sa.Integer(), nullable=False),
        sa.Column("campo", sa.String(length=120), nullable=False),
        sa.Column("rotulo", sa.String(length=300), nullable=False),
        sa.Column("valor", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["registro_id"],
            ["registro_caso.id"],
            name=op.f("fk_registro_dato_registro_id_registro_caso"),
        ),
        sa.PrimaryKeyConstraint("registro_id", "campo", name=op.f("pk_registro_dato")),
    )
    op.create_table(
        "registro_palabra",
        sa.Column("registro_id", sa.Integer(), nullable=False),
        sa.Column(
            "palabra",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["registro_id"],
            ["registro_caso.id"],
            name=op.f("fk_registro_palabra_registro_id_registro_caso"),
        ),
        sa.PrimaryKeyConstraint("registro_id", "palabra", name=op.f("pk_registro_palabra")),
    )
    op.create_index(
        "ix_registro_palabra_palabra", "registro_palabra", ["palabra", "registro_id"], unique=False
    )
    op.create_table(
        "respuesta_adjunto",
        sa.Column("respuesta_id", sa.Integer(), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_respuesta_adjunto_archivo_id_archivo")
        ),
        sa.ForeignKeyConstraint(
            ["respuesta_id"],
            ["respuesta.id"],
            name=op.f("fk_respuesta_adjunto_respuesta_id_respuesta"),
        ),
        sa.PrimaryKeyConstraint("respuesta_id", "archivo_id", name=op.f("pk_respuesta_adjunto")),
    )
    op.create_table(
        "calibracion_f189",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calibracion_id", sa.Integer(), nullable=False),
        sa.Column("auditor", sa.String(length=80), nullable=False),
        sa.Column("referencia", sa.Boolean(), nullable=False),
        sa.Column("hecho", sa.DateTime(timezone=True), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("respuestas", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("comentarios", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("fatales", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("observaciones", sa.Text(), nullable=False),
        sa.Column("puntaje", sa.Double(), nullable=True),
        sa.Column("puntaje_critico", sa.Double(), nullable=True),
        sa.Column("banda", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["calibracion_id"],
            ["calibracion.id"],
            name=op.f("fk_calibracion_f189_calibracion_id_calibracion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibracion_f189")),
        sa.UniqueConstraint(
            "calibracion_id", "auditor", name=op.f("uq_calibracion_f189_calibracion_id_auditor")
        ),
    )
    op.create_table(
        "f189_acuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("f189_id", sa.Integer(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("respuesta", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["f189_id"], ["f189.id"], name=op.f("fk_f189_acuse_f189_id_f189")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_f189_acuse")),
        sa.UniqueConstraint("f189_id", name=op.f("uq_f189_acuse_f189_id")),
    )
    op.create_table(
        "f189_criterio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("f189_id", sa.Integer(), nullable=False),
        sa.Column("criterio", sa.String(length=40), nullable=False),
        sa.Column("puntos", sa.Double(), nullable=False),
        sa.Column("maximo", sa.Double(), nullable=False),
        sa.Column("critico", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["f189_id"], ["f189.id"], name=op.f("fk_f189_criterio_f189_id_f189")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_f189_criterio")),
        sa.UniqueConstraint("f189_id", "criterio", name=op.f("uq_f189_criterio_f189_id_criterio")),
    )
    op.create_table(
        "inconsistencia",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("auditoria_id", sa.Integer(), nullable=False),
        sa.Column("f189_id", sa.Integer(), nullable=False),
        sa.Column("criterio", sa.String(length=40), nullable=False),
        sa.Column("gravedad", sa.String(length=40), nullable=False),
        sa.Column("asesor_id", sa.String(length=80), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("descripcion", sa.Text(), nullable=False),
        sa.Column("hallada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reiterada_de", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["auditoria_id"],
            ["auditoria.id"],
            name=op.f("fk_inconsistencia_auditoria_id_auditoria"),
        ),
        sa.ForeignKeyConstraint(
            ["f189_id"], ["f189.id"], name=op.f("fk_inconsistencia_f189_id_f189")
        ),
        sa.ForeignKeyConstraint(
            ["punto_id"], ["punto.codigo"], name=op.f("fk_inconsistencia_punto_id_punto")
        ),
        sa.ForeignKeyConstraint(
            ["reiterada_de"],
            ["inconsistencia.id"],
            name=op.f("fk_inconsistencia_reiterada_de_inconsistencia"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inconsistencia")),
        sa.UniqueConstraint("f189_id", "criterio", name=op.f("uq_inconsistencia_f189_id_criterio")),
    )
    op.create_index(
        op.f("ix_inconsistencia_asesor_id"), "inconsistencia", ["asesor_id"], unique=False
    )
    op.create_index(
        op.f("ix_inconsistencia_auditoria_id"), "inconsistencia", ["auditoria_id"], unique=False
    )
    op.create_index(
        op.f("ix_inconsistencia_punto_id"), "inconsistencia", ["punto_id"], unique=False
    )
    op.create_table(
        "accion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("inconsistencia_id", sa.Integer(), nullable=False),
        sa.Column("causa", sa.Text(), nullable=False),
        sa.Column("accion", sa.Text(), nullable=False),
        sa.Column("responsable", sa.String(length=80), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instancia_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_accion_comite_id_comite")
        ),
        sa.ForeignKeyConstraint(
            ["inconsistencia_id"],
            ["inconsistencia.id"],
            name=op.f("fk_accion_inconsistencia_id_inconsistencia"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accion")),
        sa.UniqueConstraint(
            "comite_id", "inconsistencia_id", name=op.f("uq_accion_comite_id_inconsistencia_id")
        ),
    )
    op.create_index(
        op.f("ix_accion_inconsistencia_id"), "accion", ["inconsistencia_id"], unique=False
    )
    op.create_index(op.f("ix_accion_instancia_id"), "accion", ["instancia_id"], unique=False)
    op.create_table(
        "calibracion_criterio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluacion_id", sa.Integer(), nullable=False),
        sa.Column("criterio", sa.String(length=40), nullable=False),
        sa.Column("puntos", sa.Double(), nullable=False),
        sa.Column("maximo", sa.Double(), nullable=False),
        sa.Column("critico", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluacion_id"],
            ["calibracion_f189.id"],
            name=op.f("fk_calibracion_criterio_evaluacion_id_calibracion_f189"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibracion_criterio")),
        sa.UniqueConstraint(
            "evaluacion_id", "criterio", name=op.f("uq_calibracion_criterio_evaluacion_id_criterio")
        ),
    )
    op.create_table(
        "comite_hallazgo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comite_id", sa.Integer(), nullable=False),
        sa.Column("inconsistencia_id", sa.Integer(), nullable=False),
        sa.Column("acepta", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comite_id"], ["comite.id"], name=op.f("fk_comite_hallazgo_comite_id_comite")
        ),
        sa.ForeignKeyConstraint(
            ["inconsistencia_id"],
            ["inconsistencia.id"],
            name=op.f("fk_comite_hallazgo_inconsistencia_id_inconsistencia"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_hallazgo")),
        sa.UniqueConstraint(
            "comite_id",
            "inconsistencia_id",
            name=op.f("uq_comite_hallazgo_comite_id_inconsistencia_id"),
        ),
    )
    op.create_index(
        op.f("ix_comite_hallazgo_inconsistencia_id"),
        "comite_hallazgo",
        ["inconsistencia_id"],
        unique=False,
    )
    op.create_table(
        "comite_voto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sesion_id", sa.Integer(), nullable=False),
        sa.Column("inconsistencia_id", sa.Integer(), nullable=False),
        sa.Column("miembro", sa.String(length=80), nullable=False),
        sa.Column("voto", sa.String(length=40), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inconsistencia_id"],
            ["inconsistencia.id"],
            name=op.f("fk_comite_voto_inconsistencia_id_inconsistencia"),
        ),
        sa.ForeignKeyConstraint(
            ["sesion_id"], ["comite_sesion.id"], name=op.f("fk_comite_voto_sesion_id_comite_sesion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comite_voto")),
        sa.UniqueConstraint(
            "sesion_id",
            "inconsistencia_id",
            "miembro",
            name=op.f("uq_comite_voto_sesion_id_inconsistencia_id_miembro"),
        ),
    )
    op.create_table(
        "accion_cierre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("accion_id", sa.Integer(), nullable=False),
        sa.Column("evidencia", sa.Text(), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("por", sa.String(length=80), nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accion_id"], ["accion.id"], name=op.f("fk_accion_cierre_accion_id_accion")
        ),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_accion_cierre_archivo_id_archivo")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accion_cierre")),
        sa.UniqueConstraint("accion_id", name=op.f("uq_accion_cierre_accion_id")),
    )
    op.create_table(
        "access",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=8), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("day", "n"),
    )
    op.create_index(op.f("ix_access_subject"), "access", ["subject"], unique=False)
    op.create_table(
        "access_head",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "draft",
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("draft_values", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "element", "person"),
    )
    op.create_table(
        "file_content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "incident",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("case_key", sa.String(length=40), nullable=False),
        sa.Column("task_id", sa.String(length=40), nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=120), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.String(length=16), server_default="", nullable=False),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("input", sa.Text(), nullable=True),
        sa.Column("actor_kind", sa.String(length=8), server_default="system", nullable=False),
        sa.Column("actor_id", sa.String(length=120), server_default="motor", nullable=False),
        sa.Column("action", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_incident_cause", "incident", ["state", "cause"], unique=False)
    op.create_index(op.f("ix_incident_instance_id"), "incident", ["instance_id"], unique=False)
    op.create_index(op.f("ix_incident_state"), "incident", ["state"], unique=False)
    op.create_table(
        "instance",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_key", sa.String(length=40), nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column("start_key", sa.String(length=120), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("process", "start_key", name="uq_instance_start"),
    )
    op.create_index(op.f("ix_instance_case_key"), "instance", ["case_key"], unique=False)
    op.create_index("ix_instance_started", "instance", ["started_at"], unique=False)
    op.create_index(
        "ix_instance_status", "instance", ["status", "process", "release"], unique=False
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("task_id", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("handler", sa.String(length=120), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_job_instance_id"), "job", ["instance_id"], unique=False)
    op.create_index(op.f("ix_job_task_id"), "job", ["task_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("rev", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=8), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("delta", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "rev"),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column(
            "size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edge", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "log_entry",
        sa.Column(
            "n",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False),
        sa.Column("facts", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("subject", "kind", "rev", name="uq_log_entry"),
    )
    op.create_table(
        "log_witness",
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=20), nullable=True),
        sa.Column("tried", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "model_draft",
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("base_release", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("author", "file"),
    )
    op.create_table(
        "note",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("case_key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_note_case_key"), "note", ["case_key"], unique=False)
    op.create_table(
        "outbox",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("case_key", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("obligatory", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=40), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("target", sa.String(length=40), nullable=True),
        sa.Column("hops", sa.Integer(), server_default="1", nullable=False),
        sa.Column("chain_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_outbox_instance_id"), "outbox", ["instance_id"], unique=False)
    op.create_index("ix_outbox_state", "outbox", ["state", "message", "key"], unique=False)
    op.create_table(
        "process_version",
        sa.Column("release", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("release", "process"),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "release_file",
        sa.Column("release", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("release", "name"),
    )
    op.create_table(
        "release_line",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "row_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "schedule",
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_left", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", "element"),
    )
    op.create_index(op.f("ix_schedule_next_at"), "schedule", ["next_at"], unique=False)
    op.create_table(
        "schedule_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("occurrence", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instance_id", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_schedule_event", "schedule_event", ["process", "element", "id"], unique=False
    )
    op.create_table(
        "snapshot",
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id"),
    )
    op.create_table(
        "submission",
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("rev", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=True),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_values", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "rev"),
    )
    op.create_index(
        "ix_submission_begun",
        "submission",
        ["actor_id", "rev", "instance_id"],
        unique=False,
        sqlite_where=sa.text("item_id IS NULL"),
        postgresql_where=sa.text("item_id IS NULL"),
    )
    op.create_table(
        "subscription",
        sa.Column("task_id", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("task_id"),
    )
    op.create_index(
        op.f("ix_subscription_instance_id"), "subscription", ["instance_id"], unique=False
    )
    op.create_index("ix_subscription_key", "subscription", ["message", "key"], unique=False)
    op.create_table(
        "timer",
        sa.Column("task_id", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task_id"),
    )
    op.create_index(op.f("ix_timer_due"), "timer", ["due"], unique=False)
    op.create_index(op.f("ix_timer_instance_id"), "timer", ["instance_id"], unique=False)
    op.create_table(
        "work_item",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("instance_id", sa.String(length=40), nullable=False),
        sa.Column("case_key", sa.String(length=40), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=True),
        sa.Column("scope", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=120), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_item_closed",
        "work_item",
        ["closed_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_item_inbox",
        "work_item",
        ["role", "scope", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_item_mine",
        "work_item",
        ["claimed_by"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND claimed_by IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND claimed_by IS NOT NULL"),
    )
    op.create_index(op.f("ix_work_item_case_key"), "work_item", ["case_key"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("nothing stands before the first release")
