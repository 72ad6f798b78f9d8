"""Business tables of the first half of the procedure, and the tables of the engine."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
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
        sa.Column("eliminado", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archivo")),
    )
    op.create_index(op.f("ix_archivo_case_key"), "archivo", ["case_key"], unique=False)
    op.create_index(op.f("ix_archivo_sha256"), "archivo", ["sha256"], unique=False)
    op.create_table(
        "area",
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=160), nullable=False),
        sa.Column("nivel2", sa.String(length=160), nullable=False),
        sa.Column("nivel3", sa.String(length=160), nullable=False),
        sa.Column("correo", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_area")),
    )
    op.create_table(
        "ausencia",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("sustituto", sa.String(length=80), nullable=False),
        sa.Column("desde", sa.Date(), nullable=False),
        sa.Column("hasta", sa.Date(), nullable=False),
        sa.Column("motivo", sa.String(length=160), nullable=False),
        sa.Column("registrada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrada_por", sa.String(length=80), nullable=False),
        sa.Column("anulada", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ausencia")),
    )
    op.create_index(op.f("ix_ausencia_sustituto"), "ausencia", ["sustituto"], unique=False)
    op.create_index(op.f("ix_ausencia_usuario"), "ausencia", ["usuario"], unique=False)
    op.create_table(
        "contador",
        sa.Column("serie", sa.String(length=80), nullable=False),
        sa.Column("ultimo", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("serie", name=op.f("pk_contador")),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cuenta")),
        sa.UniqueConstraint("correo", name=op.f("uq_cuenta_correo")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_cuenta_fs_uniquifier")),
        sa.UniqueConstraint("usuario", name=op.f("uq_cuenta_usuario")),
    )
    op.create_table(
        "filtro_guardado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("usuario", sa.String(length=80), nullable=False),
        sa.Column("pagina", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=80), nullable=False),
        sa.Column("consulta", sa.String(length=2000), nullable=False),
        sa.Column("guardado", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filtro_guardado")),
        sa.UniqueConstraint(
            "usuario", "pagina", "nombre", name=op.f("uq_filtro_guardado_usuario_pagina_nombre")
        ),
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
        sa.Column("tz", sa.String(length=40), nullable=False),
        sa.Column("abierto_hasta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turnos_dia", sa.Integer(), nullable=False),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("codigo", name=op.f("pk_punto")),
    )
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
        "poder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("titular_id", sa.Integer(), nullable=False),
        sa.Column("apoderado_id", sa.Integer(), nullable=False),
        sa.Column("notaria", sa.String(length=160), nullable=False),
        sa.Column("numero", sa.String(length=40), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("vence", sa.Date(), nullable=True),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
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
        sa.Column("cerrado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instancia_id", sa.String(length=64), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
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
        sa.UniqueConstraint(
            "punto_id", "fecha", "ficha", name=op.f("uq_turno_punto_id_fecha_ficha")
        ),
    )
    op.create_index(op.f("ix_turno_case_key"), "turno", ["case_key"], unique=False)
    op.create_index(op.f("ix_turno_instancia_id"), "turno", ["instancia_id"], unique=False)
    op.create_index(op.f("ix_turno_num_doc"), "turno", ["num_doc"], unique=False)
    op.create_index(op.f("ix_turno_persona_id"), "turno", ["persona_id"], unique=False)
    op.create_index("ix_turno_punto_estado", "turno", ["punto_id", "estado"], unique=False)
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
        "caso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("radicado", sa.String(length=16), nullable=True),
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
    op.create_index(op.f("ix_caso_asesor_id"), "caso", ["asesor_id"], unique=False)
    op.create_index(op.f("ix_caso_case_key"), "caso", ["case_key"], unique=False)
    op.create_index("ix_caso_estado_limite", "caso", ["estado", "limite_respuesta"], unique=False)
    op.create_index(op.f("ix_caso_instancia_id"), "caso", ["instancia_id"], unique=False)
    op.create_index(op.f("ix_caso_persona_id"), "caso", ["persona_id"], unique=False)
    op.create_index("ix_caso_punto_recepcion", "caso", ["punto_id", "recepcion"], unique=False)
    op.create_index(op.f("ix_caso_recepcion"), "caso", ["recepcion"], unique=False)
    op.create_index(op.f("ix_caso_tema"), "caso", ["tema"], unique=False)
    op.create_index(op.f("ix_caso_turno_id"), "caso", ["turno_id"], unique=False)
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
        "consulta_legado",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clave", sa.String(length=160), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=True),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("servicio_id", sa.Integer(), nullable=True),
        sa.Column("sistema", sa.String(length=40), nullable=False),
        sa.Column("modo", sa.String(length=40), nullable=False),
        sa.Column("estado", sa.String(length=40), nullable=False),
        sa.Column("filas", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("fecha_corte", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fuente", sa.String(length=160), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("ms", sa.Integer(), nullable=True),
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
        op.f("ix_consulta_legado_turno_id"), "consulta_legado", ["turno_id"], unique=False
    )
    op.create_table(
        "escrito",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turno_id", sa.Integer(), nullable=False),
        sa.Column("punto_id", sa.String(length=40), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=True),
        sa.Column("folios", sa.Integer(), nullable=False),
        sa.Column("asunto", sa.String(length=300), nullable=False),
        sa.Column("archivo_id", sa.Integer(), nullable=True),
        sa.Column("recibido", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recibido_por", sa.String(length=80), nullable=False),
        sa.Column("radicado", sa.String(length=16), nullable=True),
        sa.Column("radicado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["archivo_id"], ["archivo.id"], name=op.f("fk_escrito_archivo_id_archivo")
        ),
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
        "aviso",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clave", sa.String(length=160), nullable=False),
        sa.Column("caso_id", sa.Integer(), nullable=True),
        sa.Column("tipo", sa.String(length=40), nullable=False),
        sa.Column("para", sa.String(length=160), nullable=False),
        sa.Column("asunto", sa.String(length=300), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("creado", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enviado", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["caso_id"], ["caso.id"], name=op.f("fk_aviso_caso_id_caso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aviso")),
        sa.UniqueConstraint("clave", name=op.f("uq_aviso_clave")),
    )
    op.create_index(op.f("ix_aviso_caso_id"), "aviso", ["caso_id"], unique=False)
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
        "access",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=8), nullable=False),
        sa.Column("actor_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
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
        sa.PrimaryKeyConstraint("id"),
    )
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
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("process", "start_key", name="uq_instance_start"),
    )
    op.create_index(op.f("ix_instance_case_key"), "instance", ["case_key"], unique=False)
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
        sa.Column("prev_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "rev"),
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
        sa.Column("case_key", sa.String(length=40), nullable=False),
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
    op.create_index(op.f("ix_submission_case_key"), "submission", ["case_key"], unique=False)
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
        "ix_item_inbox", "work_item", ["state", "role", "scope", "due_at"], unique=False
    )
    op.create_index("ix_item_mine", "work_item", ["state", "claimed_by"], unique=False)
    op.create_index(op.f("ix_work_item_case_key"), "work_item", ["case_key"], unique=False)
    op.create_index(op.f("ix_work_item_instance_id"), "work_item", ["instance_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_work_item_instance_id"), table_name="work_item")
    op.drop_index(op.f("ix_work_item_case_key"), table_name="work_item")
    op.drop_index("ix_item_mine", table_name="work_item")
    op.drop_index("ix_item_inbox", table_name="work_item")
    op.drop_table("work_item")
    op.drop_index(op.f("ix_timer_instance_id"), table_name="timer")
    op.drop_index(op.f("ix_timer_due"), table_name="timer")
    op.drop_table("timer")
    op.drop_index("ix_subscription_key", table_name="subscription")
    op.drop_index(op.f("ix_subscription_instance_id"), table_name="subscription")
    op.drop_table("subscription")
    op.drop_index(op.f("ix_submission_case_key"), table_name="submission")
    op.drop_table("submission")
    op.drop_table("snapshot")
    op.drop_table("release_line")
    op.drop_table("release_file")
    op.drop_table("release")
    op.drop_table("process_version")
    op.drop_index("ix_outbox_state", table_name="outbox")
    op.drop_index(op.f("ix_outbox_instance_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_note_case_key"), table_name="note")
    op.drop_table("note")
    op.drop_table("model_draft")
    op.drop_table("journal")
    op.drop_index(op.f("ix_job_task_id"), table_name="job")
    op.drop_index(op.f("ix_job_instance_id"), table_name="job")
    op.drop_table("job")
    op.drop_index("ix_instance_status", table_name="instance")
    op.drop_index(op.f("ix_instance_case_key"), table_name="instance")
    op.drop_table("instance")
    op.drop_index(op.f("ix_incident_state"), table_name="incident")
    op.drop_index(op.f("ix_incident_instance_id"), table_name="incident")
    op.drop_table("incident")
    op.drop_table("file_content")
    op.drop_table("draft")
    op.drop_table("access_head")
    op.drop_index(op.f("ix_access_subject"), table_name="access")
    op.drop_table("access")
    op.drop_index(
        "uq_suspension_abierta",
        table_name="suspension",
        sqlite_where=sa.text("hasta IS NULL"),
        postgresql_where=sa.text("hasta IS NULL"),
    )
    op.drop_index(op.f("ix_suspension_caso_id"), table_name="suspension")
    op.drop_table("suspension")
    op.drop_index(op.f("ix_respuesta_caso_id"), table_name="respuesta")
    op.drop_table("respuesta")
    op.drop_table("prorroga")
    op.drop_index(op.f("ix_plazo_caso_id"), table_name="plazo")
    op.drop_table("plazo")
    op.drop_table("no_conformidad")
    op.drop_index(op.f("ix_investigacion_caso_id"), table_name="investigacion")
    op.drop_table("investigacion")
    op.drop_table("incumplimiento")
    op.drop_index(op.f("ix_escalonamiento_funcionario_id"), table_name="escalonamiento")
    op.drop_index(op.f("ix_escalonamiento_area_id"), table_name="escalonamiento")
    op.drop_table("escalonamiento")
    op.drop_index(op.f("ix_enlace_calificacion_caso_id"), table_name="enlace_calificacion")
    op.drop_table("enlace_calificacion")
    op.drop_index(op.f("ix_caso_estado_caso_id"), table_name="caso_estado")
    op.drop_table("caso_estado")
    op.drop_index(op.f("ix_calificacion_punto_id"), table_name="calificacion")
    op.drop_index(op.f("ix_calificacion_asesor_id"), table_name="calificacion")
    op.drop_table("calificacion")
    op.drop_index(op.f("ix_aviso_caso_id"), table_name="aviso")
    op.drop_table("aviso")
    op.drop_index(
        "uq_turno_periodo_abierto",
        table_name="turno_periodo",
        sqlite_where=sa.text("fin IS NULL"),
        postgresql_where=sa.text("fin IS NULL"),
    )
    op.drop_index(op.f("ix_turno_periodo_turno_id"), table_name="turno_periodo")
    op.drop_index("ix_turno_periodo_llamados", table_name="turno_periodo")
    op.drop_table("turno_periodo")
    op.drop_index(op.f("ix_orientacion_turno_id"), table_name="orientacion")
    op.drop_table("orientacion")
    op.drop_index(op.f("ix_escrito_case_key"), table_name="escrito")
    op.drop_table("escrito")
    op.drop_index(op.f("ix_consulta_legado_turno_id"), table_name="consulta_legado")
    op.drop_index(op.f("ix_consulta_legado_persona_id"), table_name="consulta_legado")
    op.drop_index(op.f("ix_consulta_legado_instancia_id"), table_name="consulta_legado")
    op.drop_index(op.f("ix_consulta_legado_case_key"), table_name="consulta_legado")
    op.drop_table("consulta_legado")
    op.drop_index(op.f("ix_charla_asistente_turno_id"), table_name="charla_asistente")
    op.drop_table("charla_asistente")
    op.drop_index(op.f("ix_caso_turno_id"), table_name="caso")
    op.drop_index(op.f("ix_caso_tema"), table_name="caso")
    op.drop_index(op.f("ix_caso_recepcion"), table_name="caso")
    op.drop_index("ix_caso_punto_recepcion", table_name="caso")
    op.drop_index(op.f("ix_caso_persona_id"), table_name="caso")
    op.drop_index(op.f("ix_caso_instancia_id"), table_name="caso")
    op.drop_index("ix_caso_estado_limite", table_name="caso")
    op.drop_index(op.f("ix_caso_case_key"), table_name="caso")
    op.drop_index(op.f("ix_caso_asesor_id"), table_name="caso")
    op.drop_index("ix_caso_area_estado", table_name="caso")
    op.drop_table("caso")
    op.drop_index(op.f("ix_atencion_punto_id"), table_name="atencion")
    op.drop_index(op.f("ix_atencion_persona_id"), table_name="atencion")
    op.drop_index(op.f("ix_atencion_instancia_id"), table_name="atencion")
    op.drop_index(op.f("ix_atencion_case_key"), table_name="atencion")
    op.drop_index(op.f("ix_atencion_asesor_id"), table_name="atencion")
    op.drop_table("atencion")
    op.drop_index("ix_turno_punto_estado", table_name="turno")
    op.drop_index(op.f("ix_turno_persona_id"), table_name="turno")
    op.drop_index(op.f("ix_turno_num_doc"), table_name="turno")
    op.drop_index(op.f("ix_turno_instancia_id"), table_name="turno")
    op.drop_index(op.f("ix_turno_case_key"), table_name="turno")
    op.drop_table("turno")
    op.drop_table("servicio_adquirido")
    op.drop_index("ix_rol_asignado_rol", table_name="rol_asignado")
    op.drop_index(op.f("ix_rol_asignado_cuenta_id"), table_name="rol_asignado")
    op.drop_table("rol_asignado")
    op.drop_table("puesto")
    op.drop_index(op.f("ix_poder_titular_id"), table_name="poder")
    op.drop_index(op.f("ix_poder_case_key"), table_name="poder")
    op.drop_index(op.f("ix_poder_apoderado_id"), table_name="poder")
    op.drop_table("poder")
    op.drop_index(op.f("ix_dispositivo_punto_id"), table_name="dispositivo")
    op.drop_table("dispositivo")
    op.drop_index(
        "uq_contacto_vigente",
        table_name="contacto",
        sqlite_where=sa.text("vigente_hasta IS NULL"),
        postgresql_where=sa.text("vigente_hasta IS NULL"),
    )
    op.drop_index(op.f("ix_contacto_persona_id"), table_name="contacto")
    op.drop_index(op.f("ix_contacto_case_key"), table_name="contacto")
    op.drop_table("contacto")
    op.drop_index(op.f("ix_consentimiento_persona_id"), table_name="consentimiento")
    op.drop_index(op.f("ix_consentimiento_case_key"), table_name="consentimiento")
    op.drop_table("consentimiento")
    op.drop_index(
        "uq_charla_programada",
        table_name="charla",
        sqlite_where=sa.text("estado = 'programada'"),
        postgresql_where=sa.text("estado = 'programada'"),
    )
    op.drop_index("ix_charla_punto_estado", table_name="charla")
    op.drop_table("charla")
    op.drop_table("tipificacion")
    op.drop_table("punto")
    op.drop_index(op.f("ix_persona_num_doc"), table_name="persona")
    op.drop_index(op.f("ix_persona_nombre"), table_name="persona")
    op.drop_table("persona")
    op.drop_table("norma")
    op.drop_table("filtro_guardado")
    op.drop_table("cuenta")
    op.drop_table("contador")
    op.drop_index(op.f("ix_ausencia_usuario"), table_name="ausencia")
    op.drop_index(op.f("ix_ausencia_sustituto"), table_name="ausencia")
    op.drop_table("ausencia")
    op.drop_table("area")
    op.drop_index(op.f("ix_archivo_sha256"), table_name="archivo")
    op.drop_index(op.f("ix_archivo_case_key"), table_name="archivo")
    op.drop_table("archivo")
