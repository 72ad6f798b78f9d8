"""Rows of this room. Systems outside: ports to them, what they answered, whether they live."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, CaseKey, Clave, Codigo, InstanciaId, Nombre, Quien, Texto

#: `modo` of what was asked again while the case was worked on
OTRA_VEZ: Final = "otra_vez"


class ConsultaLegado(Base):
    """Who read what in a legacy system, and what it said (reserva bancaria). `clave` makes the
    query idempotent."""

    __tablename__ = "consulta_legado"
    __table_args__ = (
        # which systems leave questions without an answer now: asked for the queue of every desk,
        # again and again
        Index("ix_consulta_legado_sistema_estado_consultada", "sistema", "estado", "consultada"),
    )

    id: Mapped[Clave]
    clave: Mapped[str] = mapped_column(String(160), unique=True)
    turno_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"), index=True)
    # None: a step asked, and the CRM knows nobody
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"), index=True)
    servicio_id: Mapped[int | None] = mapped_column(ForeignKey("servicio_adquirido.id"))
    sistema: Mapped[Codigo]  # a code of records.sistemas.reglas.sistemas
    modo: Mapped[Codigo] = mapped_column(default="automatica")  # automatica | manual | otra_vez
    estado: Mapped[Codigo]  # ok | sin_datos | no_disponible | no_configurado | a_mano
    filas: Mapped[list[dict[str, Any]] | None]
    fecha_corte: Mapped[dt.datetime | None]
    fuente: Mapped[Nombre | None]
    hash: Mapped[str | None] = mapped_column(String(64))
    ms: Mapped[int | None]
    # records.sistemas.puertos.Causa, where it did not answer
    causa: Mapped[Codigo] = mapped_column(default="")
    detalle: Mapped[Texto] = mapped_column(default="")  # the same in the words of the connector
    consultada: Mapped[dt.datetime]
    asesor_id: Mapped[Quien]
    instancia_id: Mapped[InstanciaId | None]
    case_key: Mapped[CaseKey | None]


class PaginaCopia(Base):
    """What the entity's site answered once. Never changed; citations of the same minute share
    it."""

    __tablename__ = "pagina_copia"
    __table_args__ = (Index("ix_pagina_copia_url_traida", "url", "traida"),)

    id: Mapped[Clave]
    url: Mapped[str] = mapped_column(String(500))  # as it was asked
    url_final: Mapped[str] = mapped_column(String(500))  # after redirects
    traida: Mapped[dt.datetime]
    estado_http: Mapped[int]
    tipo: Mapped[Nombre]  # as the server said it: "text/html; charset=utf-8"
    # gzip | deflate: how the body was packed
    codificacion: Mapped[Codigo] = mapped_column(default="")
    titulo: Mapped[str] = mapped_column(String(300), default="")
    huella: Mapped[str] = mapped_column(String(64))  # SHA-256 of the body as it was received
    huella_texto: Mapped[str] = mapped_column(String(64))  # SHA-256 of `texto` in UTF-8
    tamano: Mapped[int]  # bytes
    texto: Mapped[Texto] = mapped_column(deferred=True)
    recortado: Mapped[bool] = mapped_column(default=False)  # there was more text than is kept
    cuerpo: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class PaginaCitada(Base):
    """Who cited which page, when, in which visit; the case waits for no copy."""

    __tablename__ = "pagina_citada"

    id: Mapped[Clave]
    turno_id: Mapped[int] = mapped_column(ForeignKey("turno.id"), index=True)
    orientacion_id: Mapped[int | None] = mapped_column(ForeignKey("orientacion.id"))
    url: Mapped[str] = mapped_column(String(500))
    citada_por: Mapped[Quien]
    citada: Mapped[dt.datetime]
    estado: Mapped[Codigo]  # pendiente | copiada | fallida
    intentos: Mapped[int] = mapped_column(default=0)
    # of the last try: a code of records.sistemas.reglas.paginas
    falla: Mapped[Codigo] = mapped_column(default="")
    detalle: Mapped[Nombre] = mapped_column(default="")
    copia_id: Mapped[int | None] = mapped_column(ForeignKey("pagina_copia.id"), index=True)
    instancia_id: Mapped[InstanciaId]
    case_key: Mapped[CaseKey]


class SistemaEstado(Base):
    """How a system is, by the last look. A row for each code of records.sistemas.reglas.sistemas.NOMBRES that
    was ever looked at."""

    __tablename__ = "sistema_estado"

    sistema: Mapped[Codigo] = mapped_column(primary_key=True)
    estado: Mapped[Codigo]  # responde | no_responde | no_conectado
    desde: Mapped[dt.datetime]
    revisado: Mapped[dt.datetime]
    circuito: Mapped[Codigo]  # cerrado | abierto | prueba
    # en, ms: the looks of the last hour that were answered
    tiempos: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    corte: Mapped[dt.date | None]
    nota: Mapped[Texto] = mapped_column(default="")  # what is to be known of it although it answers
    # of the last look that failed, in the driver's words
    error: Mapped[Texto] = mapped_column(default="")
    causa: Mapped[Codigo] = mapped_column(default="")
    error_en: Mapped[dt.datetime | None]
    avisado: Mapped[dt.datetime | None]  # people were told of this outage


class SistemaSuceso(Base):
    """Something that happened to a system. Only added to."""

    __tablename__ = "sistema_suceso"
    __table_args__ = (Index("ix_sistema_suceso_cuando", "cuando"),)

    id: Mapped[Clave]
    sistema: Mapped[Codigo]
    cuando: Mapped[dt.datetime]
    que: Mapped[Codigo]  # cayo | volvio | limite | abierto | cerrado
    detalle: Mapped[Texto] = mapped_column(default="")


class CrmEnlace(Base):
    """A person or a case, and its record in the CRM. `acordado`: field → hash of what both sides
    last held; no datum."""

    __tablename__ = "crm_enlace"
    __table_args__ = (UniqueConstraint("tipo", "local_id"), UniqueConstraint("tipo", "externo_id"))

    id: Mapped[Clave]
    tipo: Mapped[Codigo]  # persona | caso
    local_id: Mapped[int]
    externo_id: Mapped[str] = mapped_column(String(36))
    numero: Mapped[Codigo] = mapped_column(default="")  # as the CRM counts its cases
    acordado: Mapped[dict[str, Any]]
    enviado: Mapped[dt.datetime | None]
    visto: Mapped[dt.datetime | None]
    conciliacion_id: Mapped[int | None]  # the last one that met it


class CrmSalida(Base):
    """Something here changed that the CRM must hear of: written with the change itself, sent when
    the CRM is there. Only added to."""

    __tablename__ = "crm_salida"
    __table_args__ = (
        Index(
            "ix_crm_salida_pendiente",
            "tipo",
            "local_id",
            sqlite_where=text("enviada IS NULL"),
            postgresql_where=text("enviada IS NULL"),
        ),
    )

    id: Mapped[Clave]
    tipo: Mapped[Codigo]  # persona | caso
    local_id: Mapped[int]
    causa: Mapped[Codigo]  # the act of the procedure
    pedida: Mapped[dt.datetime]
    enviada: Mapped[dt.datetime | None]
    intentos: Mapped[int] = mapped_column(default=0)
    siguiente: Mapped[dt.datetime | None]  # not before
    tomada_hasta: Mapped[dt.datetime | None]  # a worker has it
    error: Mapped[Texto] = mapped_column(default="")
    error_causa: Mapped[Codigo] = mapped_column(default="")


class CrmConciliacion(Base):
    """Every record of both sides compared, once."""

    __tablename__ = "crm_conciliacion"

    id: Mapped[Clave]
    comenzo: Mapped[dt.datetime]
    termino: Mapped[dt.datetime | None]
    pedida_por: Mapped[Quien]
    personas: Mapped[int] = mapped_column(default=0)
    casos: Mapped[int] = mapped_column(default=0)
    iguales: Mapped[int] = mapped_column(default=0)  # records without a difference
    enviados: Mapped[int] = mapped_column(default=0)  # fields
    traidos: Mapped[int] = mapped_column(default=0)
    por_decidir: Mapped[int] = mapped_column(default=0)
    faltaban: Mapped[int] = mapped_column(default=0)  # records of ours that the CRM had not
    ajenos: Mapped[int] = mapped_column(default=0)  # records of the CRM that Ventanilla has not
    error: Mapped[Texto] = mapped_column(default="")


class CrmDiferencia(Base):
    """A field in which the two sides differed, and what became of it. The values are emptied with
    the person's data."""

    __tablename__ = "crm_diferencia"
    __table_args__ = (
        Index(
            "uq_crm_diferencia_abierta",
            "tipo",
            "local_id",
            "campo",
            unique=True,
            sqlite_where=text("decidida IS NULL"),
            postgresql_where=text("decidida IS NULL"),
        ),
        Index("ix_crm_diferencia_hallada", "hallada"),
    )

    id: Mapped[Clave]
    conciliacion_id: Mapped[int | None]
    tipo: Mapped[Codigo]
    local_id: Mapped[int]
    campo: Mapped[Codigo]
    nuestro: Mapped[Texto]
    suyo: Mapped[Texto]
    paso: Mapped[Codigo]  # enviar | traer | preguntar
    porque: Mapped[Codigo]
    hallada: Mapped[dt.datetime]
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[Quien | None]  # a rule: "motor"
    queda: Mapped[Codigo | None]  # ventanilla | crm


_ABIERTO = text("hasta IS NULL")


class Latido(Base):
    """A web process or worker that says every few seconds that it lives. Those that ended or fell
    silent are forgotten after a day."""

    __tablename__ = "latido"

    proceso: Mapped[Quien] = mapped_column(primary_key=True)
    clase: Mapped[Codigo]  # web | trabajador
    equipo: Mapped[Nombre]
    version: Mapped[Codigo]  # of the tables that its program knows
    empezo: Mapped[dt.datetime]
    visto: Mapped[dt.datetime]
    termino: Mapped[dt.datetime | None]  # it was asked to


class VistaDeProceso(Base):
    """What a worker found at its last look, of a system or of something to be looked after. Each
    has a row of its own: two workers may see different worlds."""

    __tablename__ = "vista_de_proceso"

    que: Mapped[Quien] = mapped_column(primary_key=True)  # sistema:… | novedad:… | crm_afuera
    proceso: Mapped[Quien] = mapped_column(primary_key=True)
    estado: Mapped[Codigo]
    cuando: Mapped[dt.datetime]


class RespaldoHecho(Base):
    """A backup that was written whole."""

    __tablename__ = "respaldo_hecho"
    __table_args__ = (Index("ix_respaldo_hecho_cuando", "cuando"),)

    id: Mapped[Clave]
    cuando: Mapped[dt.datetime]
    archivo: Mapped[Nombre]
    tamano: Mapped[int] = mapped_column(BigInteger)
    quien: Mapped[Quien]


class AvisoDeOperacion(Base):
    """Something that administrators have to look after, from when it was noticed until it was
    over."""

    __tablename__ = "aviso_de_operacion"
    __table_args__ = (
        Index(
            "ix_aviso_de_operacion_abierto",
            "codigo",
            unique=True,
            sqlite_where=_ABIERTO,
            postgresql_where=_ABIERTO,
        ),
        Index("ix_aviso_de_operacion_desde", "desde"),
    )

    id: Mapped[Clave]
    codigo: Mapped[Codigo]
    desde: Mapped[dt.datetime]
    hasta: Mapped[dt.datetime | None]
    dice: Mapped[Texto]
    hacer: Mapped[Texto]
    avisado: Mapped[dt.datetime | None]
