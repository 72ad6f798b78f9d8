"""Pages of the entity that advisers cited (5.2.21), and copies of them as they were."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, CaseKey, Clave, Codigo, InstanciaId, Nombre, Quien, Texto


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
    # of the last try: a code of records.rules.paginas
    falla: Mapped[Codigo] = mapped_column(default="")
    detalle: Mapped[Nombre] = mapped_column(default="")
    copia_id: Mapped[int | None] = mapped_column(ForeignKey("pagina_copia.id"), index=True)
    instancia_id: Mapped[InstanciaId]
    case_key: Mapped[CaseKey]
