"""Calibration (SUPUESTO Q29): several auditors score the same attention apart, then it is agreed
how it is scored.

Rows of their own: nothing of a calibration counts in an audit, its findings, or what an adviser
reads.
"""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, Clave, Codigo, InstanciaId, Quien, Texto


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
