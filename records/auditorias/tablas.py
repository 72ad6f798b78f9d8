"""Rows of this room. Weekly audits of the service (5.2.26 to 5.2.29): samples, F189, calibration."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, Clave, Codigo, InstanciaId, Quien, Texto


class Auditoria(Base):
    """The audit of a week and channel: its population and what anybody needs to draw the sample
    again."""

    __tablename__ = "auditoria"
    __table_args__ = (UniqueConstraint("canal", "semana"),)

    id: Mapped[Clave]
    canal: Mapped[Codigo]
    semana: Mapped[Codigo]  # "2026-W48": in which it is done; the population is of the week before
    desde: Mapped[dt.date]
    hasta: Mapped[dt.date]  # last day of the population
    cierre: Mapped[dt.datetime]
    tomada: Mapped[dt.datetime]
    instancia_id: Mapped[InstanciaId]
    # confianza_z, error_maximo, puntos_visita, observaciones_visita, visitados
    parametros: Mapped[dict[str, Any]]
    n_poblacion: Mapped[int]
    n_muestra: Mapped[int]
    huella_poblacion: Mapped[str] = mapped_column(String(64))
    semilla: Mapped[str] = mapped_column(String(20))
    # stratum → codes of its attentions: canonical JSON, compressed
    poblacion: Mapped[bytes] = mapped_column(LargeBinary)


class AuditoriaMuestra(Base):
    """An attention to evaluate: of the sample, by its record, or one that is observed at a point
    (drawn there, so at first unknown)."""

    __tablename__ = "auditoria_muestra"
    __table_args__ = (UniqueConstraint("auditoria_id", "atencion_id"),)

    id: Mapped[Clave]
    auditoria_id: Mapped[int] = mapped_column(ForeignKey("auditoria.id"), index=True)
    modo: Mapped[Codigo]  # expediente | sitio
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"))
    estrato: Mapped[str] = mapped_column(String(80))  # point · result; of a visit: empty
    # in its stratum, as it was drawn; of a visit: which observation of the point
    orden: Mapped[int]
    turno_id: Mapped[int | None] = mapped_column(ForeignKey("turno.id"))
    atencion_id: Mapped[int | None] = mapped_column(ForeignKey("atencion.id"))
    sorteada: Mapped[dt.datetime | None]  # of a visit: when it was drawn, and out of which turns
    entre: Mapped[list[str] | None]
    reemplaza_id: Mapped[int | None] = mapped_column(
        ForeignKey("auditoria_muestra.id"), unique=True
    )
    retirada: Mapped[dt.datetime | None]  # it could not be evaluated
    retirada_por: Mapped[Quien | None]
    motivo: Mapped[Texto] = mapped_column(default="")


class F189(Base):
    """The format of one attention as its auditor filled it in; the score by the tables in force for
    its process."""

    __tablename__ = "f189"

    id: Mapped[Clave]
    muestra_id: Mapped[int] = mapped_column(ForeignKey("auditoria_muestra.id"), unique=True)
    auditor: Mapped[Quien]
    hecho: Mapped[dt.datetime]
    instancia_id: Mapped[InstanciaId]
    # whose form and tables asked and scored; None: made before it was kept here
    version_en_vigor: Mapped[int | None]
    asesor_id: Mapped[Quien] = mapped_column(index=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), index=True)
    respuestas: Mapped[dict[str, Any]]  # field → answer, what the system knew included
    comentarios: Mapped[dict[str, Any]]  # number of the criterion → why
    fatales: Mapped[list[str]]
    observaciones: Mapped[Texto]  # field 12
    archivo_id: Mapped[int | None] = mapped_column(ForeignKey("archivo.id"))
    puntaje: Mapped[float | None]  # 0–100; None until it is scored
    puntaje_critico: Mapped[float | None]
    banda: Mapped[Codigo | None]
    consecuencia: Mapped[Codigo | None]


class F189Criterio(Base):
    """The points of one criterion; what was not seen has no row."""

    __tablename__ = "f189_criterio"
    __table_args__ = (UniqueConstraint("f189_id", "criterio"),)

    id: Mapped[Clave]
    f189_id: Mapped[int] = mapped_column(ForeignKey("f189.id"))
    criterio: Mapped[Codigo]  # "3", "7.1"
    puntos: Mapped[float]
    maximo: Mapped[float]
    critico: Mapped[bool]


class Inconsistencia(Base):
    """What an F189 found in the service (5.2.28). Whether it is repeated was settled when it was
    found."""

    __tablename__ = "inconsistencia"
    __table_args__ = (UniqueConstraint("f189_id", "criterio"),)

    id: Mapped[Clave]
    auditoria_id: Mapped[int] = mapped_column(ForeignKey("auditoria.id"), index=True)
    f189_id: Mapped[int] = mapped_column(ForeignKey("f189.id"))
    criterio: Mapped[Codigo]  # number of the field, or "fatal"
    gravedad: Mapped[Codigo]  # fatal | media | leve
    asesor_id: Mapped[Quien] = mapped_column(index=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), index=True)
    descripcion: Mapped[Texto]
    hallada: Mapped[dt.datetime]
    reiterada_de: Mapped[int | None] = mapped_column(ForeignKey("inconsistencia.id"))
    agregada_por: Mapped[Quien | None]  # an auditor who says why; None: its points say so


class AuditoriaInforme(Base):
    """A version of the report of an audit (5.2.28): what it says is frozen in it."""

    __tablename__ = "auditoria_informe"
    __table_args__ = (UniqueConstraint("auditoria_id", "version"),)

    id: Mapped[Clave]
    auditoria_id: Mapped[int] = mapped_column(ForeignKey("auditoria.id"))
    version: Mapped[int]
    autor: Mapped[Quien]
    hecho: Mapped[dt.datetime]
    conclusiones: Mapped[Texto]
    contenido: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON, compressed
    huella: Mapped[str] = mapped_column(String(64))


class AuditoriaRevision(Base):
    """The head of the office sent a version to the outsourcing, or sent it back (5.2.29)."""

    __tablename__ = "auditoria_revision"

    id: Mapped[Clave]
    informe_id: Mapped[int] = mapped_column(ForeignKey("auditoria_informe.id"), unique=True)
    remite: Mapped[bool]
    observaciones: Mapped[Texto]
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]


class AuditoriaAcuse(Base):
    """The outsourcing has received the copy."""

    __tablename__ = "auditoria_acuse"

    id: Mapped[Clave]
    auditoria_id: Mapped[int] = mapped_column(ForeignKey("auditoria.id"), unique=True)
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]
    nota: Mapped[Texto]


class F189Acuse(Base):
    """The adviser has read their F189, and what they answer to it."""

    __tablename__ = "f189_acuse"

    id: Mapped[Clave]
    f189_id: Mapped[int] = mapped_column(ForeignKey("f189.id"), unique=True)
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]
    respuesta: Mapped[Texto]


class Calibracion(Base):
    """A session over one attention of an audit's sample, once."""

    __tablename__ = "calibracion"

    id: Mapped[Clave]
    auditoria_id: Mapped[int] = mapped_column(ForeignKey("auditoria.id"), index=True)
    muestra_id: Mapped[int] = mapped_column(ForeignKey("auditoria_muestra.id"), unique=True)
    instancia_id: Mapped[InstanciaId]
    abierta: Mapped[dt.datetime]
    abierta_por: Mapped[Quien]
    semilla: Mapped[Texto]  # out of which the attention came; "" where it was chosen
    entre: Mapped[list[str] | None]  # the codes it was drawn from
    limite: Mapped[dt.datetime]
    cerrada: Mapped[dt.datetime | None]
    cerrada_por: Mapped[Quien | None]
    acuerdo: Mapped[Texto]


class CalibracionF189(Base):
    """What one auditor answered, or what was agreed. Until it is sent: only who is to answer."""

    __tablename__ = "calibracion_f189"
    __table_args__ = (UniqueConstraint("calibracion_id", "auditor"),)

    id: Mapped[Clave]
    calibracion_id: Mapped[int] = mapped_column(ForeignKey("calibracion.id"))
    auditor: Mapped[Quien]  # of the agreed result: who wrote it
    referencia: Mapped[bool]
    hecho: Mapped[dt.datetime | None]
    motivo: Mapped[Texto]  # why they could not score it
    respuestas: Mapped[dict[str, Any]]
    comentarios: Mapped[dict[str, Any]]
    fatales: Mapped[list[str]]
    observaciones: Mapped[Texto]
    puntaje: Mapped[float | None]
    puntaje_critico: Mapped[float | None]
    banda: Mapped[Codigo | None]


class CalibracionCriterio(Base):
    """The points of one criterion; what does not count has no row."""

    __tablename__ = "calibracion_criterio"
    __table_args__ = (UniqueConstraint("evaluacion_id", "criterio"),)

    id: Mapped[Clave]
    evaluacion_id: Mapped[int] = mapped_column(ForeignKey("calibracion_f189.id"))
    criterio: Mapped[Codigo]
    puntos: Mapped[float]
    maximo: Mapped[float]
    critico: Mapped[bool]
