"""Rows of this room. Figures and reports: indicators, days summed up, months closed, reports of points, outages."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, Clave, Codigo, InstanciaId, Nombre, Quien, Texto


class MesCerrado(Base):
    """One version of a month. The first is its closing; another one says why it was made, and the
    old one stays."""

    __tablename__ = "mes_cerrado"
    __table_args__ = (UniqueConstraint("mes", "version"),)

    id: Mapped[Clave]
    mes: Mapped[dt.date]  # its first day
    version: Mapped[int]
    cerrado: Mapped[dt.datetime]
    por: Mapped[Quien]
    motivo: Mapped[Texto] = mapped_column(default="")
    # SHA-256 over month, version and the hashes of its tables
    huella: Mapped[str] = mapped_column(String(64))


class MesDatos(Base):
    """The rows of a table of a closed month: canonical JSON lines, compressed; the hash is of the
    lines."""

    __tablename__ = "mes_datos"
    __table_args__ = (UniqueConstraint("mes_id", "tabla"),)

    id: Mapped[Clave]
    mes_id: Mapped[int] = mapped_column(ForeignKey("mes_cerrado.id"))
    tabla: Mapped[Codigo]  # visitas | casos
    filas: Mapped[int]
    huella: Mapped[str] = mapped_column(String(64))
    contenido: Mapped[bytes] = mapped_column(LargeBinary)


class IndicadorMes(Base):
    """A figure of a closed month, of the whole entity or of one point, adviser, channel or hour.
    Its value is `arriba` / `abajo`."""

    __tablename__ = "indicador_mes"
    __table_args__ = (Index("ix_indicador_mes_que", "mes_id", "dimension", "clave"),)

    id: Mapped[Clave]
    mes_id: Mapped[int] = mapped_column(ForeignKey("mes_cerrado.id"))
    indicador: Mapped[Codigo]
    dimension: Mapped[Codigo]
    clave: Mapped[str] = mapped_column(String(80))
    numerador: Mapped[int]
    n: Mapped[int]
    arriba: Mapped[int | None] = mapped_column(BigInteger)  # None: nothing was counted
    abajo: Mapped[int | None] = mapped_column(BigInteger)


class DiaResumido(Base):
    """A day that was summed up. `abiertos`: turns of it that had not ended then; such a day is
    summed up again on the next one."""

    __tablename__ = "dia_resumido"

    fecha: Mapped[dt.date] = mapped_column(primary_key=True)
    resumido: Mapped[dt.datetime]
    abiertos: Mapped[int]


class DiaHora(Base):
    """The turns that came to a point in one hour of a day, counted as the indicators of a month
    count them (I1 to I4)."""

    __tablename__ = "dia_hora"

    fecha: Mapped[dt.date] = mapped_column(primary_key=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), primary_key=True)
    franja: Mapped[int] = mapped_column(primary_key=True)  # hour of arrival, local
    visitas: Mapped[int]
    abandonos: Mapped[int]  # I4
    medibles: Mapped[int]  # of I3: their wait is known, or they left
    a_tiempo: Mapped[int]  # of these, within the limit
    esperas: Mapped[int]  # turns whose wait is known
    espera_s: Mapped[int]
    atenciones: Mapped[int]  # turns whose attention is known
    atencion_s: Mapped[int]


class DiaAsesor(Base):
    """What an adviser attended at a point on a day; compared with nobody but themselves."""

    __tablename__ = "dia_asesor"

    fecha: Mapped[dt.date] = mapped_column(primary_key=True)
    punto_id: Mapped[str] = mapped_column(ForeignKey("punto.codigo"), primary_key=True)
    asesor_id: Mapped[Quien] = mapped_column(primary_key=True, index=True)
    turnos: Mapped[int]
    atenciones: Mapped[int]  # those of them whose time is known
    atencion_s: Mapped[int]


class DiaActividad(Base):
    """The tasks of one activity that were completed on a day: how long they waited for somebody,
    and were in somebody's hands."""

    __tablename__ = "dia_actividad"

    fecha: Mapped[dt.date] = mapped_column(primary_key=True)
    proceso: Mapped[Nombre] = mapped_column(primary_key=True)
    elemento: Mapped[Nombre] = mapped_column(primary_key=True)
    veces: Mapped[int]
    espera_s: Mapped[int]
    trabajo_s: Mapped[int]


class ReportePedido(Base):
    """The points that owe a report of a month: those that worked when it was closed, if anybody
    came in it."""

    __tablename__ = "reporte_pedido"
    __table_args__ = (UniqueConstraint("mes", "punto_id"),)

    id: Mapped[Clave]
    mes: Mapped[dt.date]  # its first day
    punto_id: Mapped[Codigo]
    pedido: Mapped[dt.datetime]
    instancia_id: Mapped[InstanciaId]


class ReportePunto(Base):
    """A version of the report of a point: the closed month that its figures are of, and what its
    author says of them."""

    __tablename__ = "reporte_punto"
    __table_args__ = (UniqueConstraint("mes", "punto_id", "version"),)

    id: Mapped[Clave]
    mes: Mapped[dt.date]  # its first day
    punto_id: Mapped[Codigo]
    version: Mapped[int]
    mes_id: Mapped[int] = mapped_column(ForeignKey("mes_cerrado.id"))
    instancia_id: Mapped[InstanciaId]
    autor: Mapped[Quien]
    hecho: Mapped[dt.datetime]
    comentarios: Mapped[Texto]
    # what was adjusted (5.2.25); empty: the first one
    cambio: Mapped[Texto] = mapped_column(default="")
    # SHA-256 over all of it, the hash of its month included
    huella: Mapped[str] = mapped_column(String(64))


class ReporteNota(Base):
    """What somebody says of one figure of a report, or of all of it (`indicador` empty)."""

    __tablename__ = "reporte_nota"
    __table_args__ = (UniqueConstraint("reporte_id", "tipo", "indicador"),)

    id: Mapped[Clave]
    reporte_id: Mapped[int] = mapped_column(ForeignKey("reporte_punto.id"))
    # comentario, tarde (of its author) | observacion (of the review) | respuesta (in the next one)
    tipo: Mapped[Codigo]
    indicador: Mapped[Codigo]
    texto: Mapped[Texto]


class ReporteRevision(Base):
    """The review of a version (5.2.24)."""

    __tablename__ = "reporte_revision"

    id: Mapped[Clave]
    reporte_id: Mapped[int] = mapped_column(ForeignKey("reporte_punto.id"), unique=True)
    cumple: Mapped[bool]
    por: Mapped[Quien]
    cuando: Mapped[dt.datetime]


class InformeMensual(Base):
    """A report of the whole entity: to the contract supervisors (5.2.26), or of complaints (section
    7). What it says is frozen in it."""

    __tablename__ = "informe_mensual"
    __table_args__ = (UniqueConstraint("mes", "tipo", "version"),)

    id: Mapped[Clave]
    mes: Mapped[dt.date]
    tipo: Mapped[Codigo]  # interventoria | quejas
    version: Mapped[int]
    mes_id: Mapped[int] = mapped_column(ForeignKey("mes_cerrado.id"))
    instancia_id: Mapped[InstanciaId]
    por: Mapped[Quien]
    hecho: Mapped[dt.datetime]
    conclusiones: Mapped[Texto] = mapped_column(default="")
    contenido: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON, compressed
    huella: Mapped[str] = mapped_column(String(64))


class ReporteFallas(Base):
    """What was looked for on one business day; a day without overdue cases has a row, too: it was
    looked at."""

    __tablename__ = "reporte_fallas"

    id: Mapped[Clave]
    dia: Mapped[dt.date] = mapped_column(index=True)
    instancia_id: Mapped[InstanciaId]
    determinado: Mapped[dt.datetime]
    cuantos: Mapped[int]
    # empty with cases: nobody reviewed it, the next day's replaced it
    revisado: Mapped[dt.datetime | None]
    revisado_por: Mapped[Quien | None]
    nota: Mapped[Texto] = mapped_column(default="")
    remitido: Mapped[dt.datetime | None]


class ReporteFallasCaso(Base):
    """A case that was overdue then, where it was, and whose it was."""

    __tablename__ = "reporte_fallas_caso"
    __table_args__ = (UniqueConstraint("reporte_id", "caso_id"),)

    id: Mapped[Clave]
    reporte_id: Mapped[int] = mapped_column(ForeignKey("reporte_fallas.id"))
    caso_id: Mapped[int] = mapped_column(ForeignKey("caso.id"))
    area_id: Mapped[str] = mapped_column(ForeignKey("area.codigo"))
    tiene: Mapped[Quien | None]
    estado: Mapped[Codigo]
    termino: Mapped[Codigo]  # legal | interno: which of its terms had passed, the graver one
    vencia: Mapped[dt.datetime]


class VigilanciaCrm(Base):
    """A day on which the worker looked whether the CRM answers, how often, from when to when; no
    row: nobody looked."""

    __tablename__ = "vigilancia_crm"

    dia: Mapped[dt.date] = mapped_column(primary_key=True)
    primera: Mapped[dt.datetime]
    ultima: Mapped[dt.datetime]
    comprobaciones: Mapped[int]


class CaidaCrm(Base):
    """A time during which the CRM did not answer, and the paper of that time."""

    __tablename__ = "caida_crm"

    id: Mapped[Clave]
    dia: Mapped[dt.date] = mapped_column(index=True)
    desde: Mapped[dt.datetime]
    hasta: Mapped[dt.datetime | None]
    segundos: Mapped[int | None]
    causa: Mapped[Nombre]  # the database's own name of the error
    origen: Mapped[Codigo]  # revision | llamadas: the worker's look, or calls that failed
    instancia_id: Mapped[InstanciaId]
    sincronizada: Mapped[dt.datetime | None]
    sincronizada_por: Mapped[Quien | None]
    registros_papel: Mapped[int | None]
    digitaron: Mapped[Texto] = mapped_column(default="")
    nota: Mapped[Texto] = mapped_column(default="")
