"""How the systems around the desk are: what the looks of each minute and the questions of the
visits found, and whom it affected."""

import datetime as dt
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.base.consultas import ALTA
from records.casos.tablas import Caso
from records.correo.tablas import Aviso
from records.plazos.reglas.calendario import dia_local, instante
from records.sistemas import vistas
from records.sistemas.puertos import Salud
from records.sistemas.reglas.sistemas import CORTE_VIEJO_DIAS, LENTO_MS, RESPONDIDA
from records.sistemas.tablas import ConsultaLegado, SistemaEstado, SistemaSuceso
from records.sistemas.vistas import VIGENTE
from records.visita.tablas import Turno

AVISAR: Final = "sistemas.avisar"  #: the job that tells people of an outage
MIRAR: Final = "sistemas.mirar"  #: the job that looks at all of them at once
RESPONDE, NO_RESPONDE, NO_CONECTADO = "responde", "no_responde", "no_conectado"
LENTO, CORTE_VIEJO, SIN_REVISAR = "lento", "corte_viejo", "sin_revisar"
#: what happens to a system
CAYO, VOLVIO, LIMITE, ABIERTO, CERRADO = "cayo", "volvio", "limite", "abierto", "cerrado"
SUCESOS: Final = 50  #: of a day that are shown
HORA: Final = dt.timedelta(hours=1)


def mirado(session: Session, salud: Salud, proceso: str, now: dt.datetime) -> None:
    """Keeps what a look of a worker found, and as an event what has become other than by the looks
    before. It is as the worker has it that sees the worst: that another one reaches the system is
    of no help to whoever waits for the first."""
    nueva = {
        "sistema": salud.sistema,
        "estado": NO_CONECTADO,
        "desde": now,
        "revisado": now,
        "circuito": salud.circuito,
        "tiempos": [],
    }
    session.execute(
        ALTA[session.get_bind().dialect.name](SistemaEstado).values(nueva).on_conflict_do_nothing()
    )
    fila = session.get_one(
        SistemaEstado, salud.sistema, with_for_update=True, populate_existing=True
    )
    vistos = vistas.ver(session, f"sistema:{salud.sistema}", proceso, salud.estado, now)
    estado = next(e for e in (NO_RESPONDE, RESPONDE, NO_CONECTADO) if e in vistos)
    if fila.estado != estado:
        if estado == NO_RESPONDE:
            suceder(session, salud.sistema, CAYO, now, salud.detalle)
        elif fila.estado == NO_RESPONDE:
            suceder(session, salud.sistema, VOLVIO, now)
        fila.estado, fila.desde, fila.avisado = estado, now, None
    fila.revisado = now
    if salud.estado == estado:
        fila.circuito = salud.circuito
    if salud.disponible:
        hora = (now - HORA).isoformat()
        fila.tiempos = [
            *(t for t in fila.tiempos if t["en"] > hora),
            {"en": now.isoformat(), "ms": salud.ms},
        ]
        fila.corte, fila.nota = salud.corte, salud.detalle
    elif salud.conectado:
        fila.error, fila.causa, fila.error_en = salud.detalle, salud.causa or "", now
    session.flush()


def suceder(session: Session, sistema: str, que: str, now: dt.datetime, detalle: str = "") -> None:
    session.add(SistemaSuceso(sistema=sistema, que=que, cuando=now, detalle=detalle))
    session.flush()


def por_avisar(session: Session, limite: dt.timedelta, now: dt.datetime) -> list[str]:
    """Those that have not answered for longer than the limit, and of which nobody was told."""
    callan = select(SistemaEstado).where(
        SistemaEstado.estado == NO_RESPONDE, SistemaEstado.avisado.is_(None)
    )
    return [f.sistema for f in session.scalars(callan) if now - f.desde >= limite]


def pasar_el_limite(session: Session, sistema: str, now: dt.datetime) -> dt.datetime:
    """People are being told: once for each outage, whichever worker is first. Since when it does
    not answer."""
    fila = session.get_one(SistemaEstado, sistema, with_for_update=True, populate_existing=True)
    if fila.avisado is None:
        fila.avisado = now
        suceder(session, sistema, LIMITE, now, fila.error)
    return fila.desde


@dataclass(frozen=True, slots=True)
class Tiempos:
    """Of the looks and the visits' questions of the last hour that were answered. None: there was
    none."""

    mediana: int | None
    p95: int | None


@dataclass(frozen=True, slots=True)
class Situacion:
    """A system as a page shows it."""

    sistema: str
    estado: str  # responde | lento | corte_viejo | no_responde | no_conectado | sin_revisar
    desde: dt.datetime | None
    revisado: dt.datetime | None
    circuito: str
    tiempos: Tiempos
    corte: dt.date | None
    nota: str
    error: str
    causa: str
    error_en: dt.datetime | None
    avisado: dt.datetime | None
    personas: int | None  #: how many it left without an answer today; None: nothing is counted


def situaciones(session: Session, sistemas: Mapping[str, str], now: dt.datetime) -> list[Situacion]:
    """In the order of `sistemas`, codes to names. One that no look has met, or not lately, is
    "sin_revisar": nobody knows."""
    filas = {f.sistema: f for f in session.scalars(select(SistemaEstado))}
    preguntas, personas = _preguntas(session, now), _personas(session, now)
    return [
        _situacion(codigo, filas.get(codigo), preguntas.get(codigo, []), personas.get(codigo), now)
        for codigo in sistemas
    ]


def _situacion(
    codigo: str,
    fila: SistemaEstado | None,
    preguntas: Sequence[int],
    personas: int | None,
    now: dt.datetime,
) -> Situacion:
    hora = (now - HORA).isoformat()
    ms = sorted([*preguntas, *(t["ms"] for t in (fila.tiempos if fila else ()) if t["en"] > hora)])
    tiempos = Tiempos(
        round(statistics.median(ms)) if ms else None,
        ms[min(len(ms) - 1, int(0.95 * len(ms)))] if ms else None,
    )
    if fila is None:
        return Situacion(
            codigo,
            SIN_REVISAR,
            None,
            None,
            CERRADO,
            tiempos,
            None,
            "",
            "",
            "",
            None,
            None,
            personas,
        )
    return Situacion(
        codigo,
        _estado(fila, tiempos, now),
        fila.desde,
        fila.revisado,
        fila.circuito,
        tiempos,
        fila.corte,
        fila.nota,
        fila.error,
        fila.causa,
        fila.error_en,
        fila.avisado,
        personas,
    )


def _estado(fila: SistemaEstado, tiempos: Tiempos, now: dt.datetime) -> str:
    if now - fila.revisado > VIGENTE:
        return SIN_REVISAR
    if fila.estado != RESPONDE:
        return fila.estado
    if tiempos.p95 is not None and tiempos.p95 > LENTO_MS:
        return LENTO
    if fila.corte is not None and (dia_local(now) - fila.corte).days > CORTE_VIEJO_DIAS:
        return CORTE_VIEJO
    return RESPONDE


def _preguntas(session: Session, now: dt.datetime) -> dict[str, list[int]]:
    c = ConsultaLegado
    halladas: dict[str, list[int]] = {}
    contestadas = select(c.sistema, c.ms).where(
        c.estado.in_(RESPONDIDA), c.consultada > now - HORA, c.ms.is_not(None)
    )
    for sistema, ms in session.execute(contestadas):
        halladas.setdefault(sistema, []).append(ms or 0)
    return halladas


def _hoy(now: dt.datetime) -> dt.datetime:
    return instante(dia_local(now), dt.time(0))


def _personas(session: Session, now: dt.datetime) -> dict[str, int]:
    """Whom it left without an answer today: of the old systems the people asked about, of the mail
    those who got none."""
    c, hoy = ConsultaLegado, _hoy(now)
    sin_dato = select(c.sistema, func.count(c.persona_id.distinct())).where(
        c.estado == "no_disponible", c.consultada >= hoy
    )
    contadas: dict[str, int] = dict(session.execute(sin_dato.group_by(c.sistema)).all())
    devueltos = select(func.count(Aviso.para.distinct())).where(
        Aviso.creado >= hoy, Aviso.enviado.is_(None), Aviso.error.is_not(None)
    )
    contadas["correo"] = session.scalar(devueltos.where(Aviso.para != "")) or 0
    return contadas


@dataclass(frozen=True, slots=True)
class Afectados:
    """What became today of the visits that a system left without an answer."""

    sistema: str
    personas: int
    puntos: int
    a_mano: int  #: attended by a manual query
    escaladas: int
    turnos: Sequence[int]


def afectados(session: Session, sistema: str, now: dt.datetime) -> Afectados:
    c = ConsultaLegado
    filas = session.execute(
        select(c.turno_id, c.persona_id, Turno.punto_id)
        .join(Turno, Turno.id == c.turno_id)
        .where(c.sistema == sistema, c.estado == "no_disponible", c.consultada >= _hoy(now))
    ).all()
    turnos = sorted({f.turno_id for f in filas})
    a_mano = select(func.count(c.turno_id.distinct())).where(
        c.turno_id.in_(turnos), c.modo == "manual"
    )
    escaladas = select(func.count(Caso.turno_id.distinct())).where(
        Caso.turno_id.in_(turnos), Caso.escalado.is_not(None)
    )
    return Afectados(
        sistema,
        len({f.persona_id for f in filas}),
        len({f.punto_id for f in filas}),
        session.scalar(a_mano) or 0,
        session.scalar(escaladas) or 0,
        turnos,
    )


def sucesos_de_hoy(session: Session, now: dt.datetime) -> Sequence[SistemaSuceso]:
    """The latest first; one more than are shown says that there are more."""
    de_hoy = select(SistemaSuceso).where(SistemaSuceso.cuando >= _hoy(now))
    return session.scalars(
        de_hoy.order_by(SistemaSuceso.cuando.desc(), SistemaSuceso.id.desc()).limit(SUCESOS + 1)
    ).all()
