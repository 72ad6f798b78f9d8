"""The operation now: who waits, who attends, what is late. It reads rows of today and open cases
only, each by an index.

What is usual comes from days that are over (`records.informes.diario`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Subquery, and_, case, extract, func, or_, select
from sqlalchemy.orm import Session

from records.base.consultas import Pagina
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.reglas.roles import ASESOR
from records.cuentas.tablas import Cuenta, RolAsignado
from records.informes.reglas.indicadores import ABANDONOS, ESPERA_A_TIEMPO
from records.plazos.reglas.calendario import dia_local, instante
from records.visita.reglas.turnos import ATENCION, ESPERA, LLAMADO, PAUSA
from records.visita.tablas import Turno, TurnoPeriodo

HORAS: Final = range(24)
ESPERAN, TARDE, ABANDONARON, TODOS = "esperan", "tarde", "abandonaron", ""
ANTES: Final = "antes"  #: called before those whom the order put first
CUALES: Final = (TODOS, ESPERAN, TARDE, ABANDONARON, ANTES)


# --- turns ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class HoraDeHoy:
    """The turns that came to a point in an hour of today. `primera`: when who waits longest
    came."""

    punto_id: str
    franja: int
    visitas: int
    abandonos: int
    medibles: int
    a_tiempo: int
    esperan: int
    primera: dt.datetime | None


def _segundos(session: Session, desde: Any, hasta: Any) -> ColumnElement[Any]:
    """Between two columns with instants; what each database has for it."""
    if session.get_bind().dialect.name == "sqlite":
        return (func.julianday(hasta) - func.julianday(desde)) * 86_400
    return extract("epoch", hasta - desde)


def _franja(hoy: dt.date, columna: Any) -> ColumnElement[int]:
    """The local hour: of today there are 24, and each has its first instant."""
    return case(
        *((columna < instante(hoy, dt.time(h + 1)), h) for h in HORAS[:-1]), else_=HORAS[-1]
    )


def _turnos(session: Session, hoy: dt.date, punto_id: str | None = None) -> Subquery:
    """Each turn of today with the seconds that it waited; NULL as the indicators say it: not over
    yet, or not reliable."""
    p = TurnoPeriodo
    suma = func.sum(case((p.estado == ESPERA, _segundos(session, p.inicio, p.fin)), else_=0))
    dudoso = func.sum(
        case((or_(p.confiable.is_(False), and_(p.estado == ESPERA, p.fin.is_(None))), 1), else_=0)
    )
    esperas = func.sum(case((p.estado == ESPERA, 1), else_=0))
    consulta = (
        select(Turno.id, Turno.punto_id, Turno.llegada, Turno.estado, Turno.resultado)
        .add_columns(
            case((and_(dudoso == 0, esperas > 0), func.round(suma))).label("espera_s"),
            func.max(p.fuera_de_orden).label("antes"),
        )
        .outerjoin(p, p.turno_id == Turno.id)
        .where(Turno.fecha == hoy)
        .group_by(Turno.id)
    )
    return (consulta if punto_id is None else consulta.where(Turno.punto_id == punto_id)).subquery()


def horas_de_hoy(
    session: Session, now: dt.datetime, punto_id: str | None = None
) -> list[HoraDeHoy]:
    """By point and hour of arrival; one statement over the turns of today."""
    hoy = dia_local(now)
    t = _turnos(session, hoy, punto_id).c
    franja = _franja(hoy, t.llegada).label("franja")
    se_fue = func.coalesce(t.resultado, "").in_(sorted(ABANDONOS))
    en_espera = t.estado == ESPERA
    filas = session.execute(
        select(
            t.punto_id,
            franja,
            func.count(),
            func.sum(case((se_fue, 1), else_=0)),
            func.sum(case((or_(se_fue, t.espera_s.is_not(None)), 1), else_=0)),
            func.sum(case((and_(~se_fue, t.espera_s <= ESPERA_A_TIEMPO), 1), else_=0)),
            func.sum(case((en_espera, 1), else_=0)),
            func.min(case((en_espera, t.llegada))),
        ).group_by(t.punto_id, "franja")
    )
    return [
        HoraDeHoy(f[0], int(f[1]), int(f[2]), int(f[3]), int(f[4]), int(f[5]), int(f[6]), f[7])
        for f in filas
    ]


@dataclass(frozen=True, slots=True)
class TurnoDeHoy:
    """A line of the list behind a figure: a ticket, never a name."""

    id: int
    punto_id: str
    ficha: str
    llegada: dt.datetime
    estado: str
    resultado: str
    espera_s: int | None
    case_key: str
    antes: str  #: a key of `reglas.turnos.FUERA_DE_ORDEN`: why it was called out of its order


def turnos_de_hoy(
    session: Session, now: dt.datetime, punto_id: str | None, cual: str, *, pagina: int, tamano: int
) -> Pagina[TurnoDeHoy]:
    """Those that a figure counts, by arrival."""
    hoy = dia_local(now)
    t = _turnos(session, hoy, punto_id).c
    se_fue = func.coalesce(t.resultado, "").in_(sorted(ABANDONOS))
    llegaron_tarde = and_(~se_fue, t.espera_s > ESPERA_A_TIEMPO)
    donde = {
        ESPERAN: t.estado == ESPERA,
        TARDE: llegaron_tarde,
        ABANDONARON: se_fue,
        ANTES: t.antes.is_not(None),
    }.get(cual)
    ids = select(t.id, t.espera_s, t.antes)
    ids = ids if donde is None else ids.where(donde)
    total = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    vistas = ids.order_by(t.llegada, t.id).limit(tamano).offset((pagina - 1) * tamano).subquery()
    filas = session.execute(
        select(
            Turno.id,
            Turno.punto_id,
            Turno.ficha,
            Turno.llegada,
            Turno.estado,
            Turno.resultado,
            vistas.c.espera_s,
            vistas.c.antes,
            Turno.case_key,
        )
        .join(vistas, vistas.c.id == Turno.id)
        .order_by(Turno.llegada, Turno.id)
    )
    hechas = [
        TurnoDeHoy(
            f.id, f.punto_id, f.ficha or "", f.llegada, f.estado, f.resultado or "",
            None if f.espera_s is None else int(f.espera_s), f.case_key or "", f.antes or "",
        )
        for f in filas
    ]  # fmt: skip
    return Pagina(hechas, total, pagina, tamano)


def llamados_antes(session: Session, now: dt.datetime, punto_id: str) -> dict[str, int]:
    """Why → how many turns of today this point called out of their order."""
    t = _turnos(session, dia_local(now), punto_id).c
    filas = session.execute(
        select(t.antes, func.count()).where(t.antes.is_not(None)).group_by(t.antes)
    )
    return {f[0]: int(f[1]) for f in filas}


# --- advisers -------------------------------------------------------------------------------------
ATIENDE, EN_PAUSA, AUSENTE, LIBRE, SIN_EMPEZAR = (
    "atiende",
    "pausa",
    "ausente",
    "libre",
    "sin_empezar",
)


@dataclass(frozen=True, slots=True)
class AsesorAhora:
    """What an adviser of a point does. `libre`: called somebody today and has nobody now;
    `sin_empezar`: called nobody yet."""

    usuario: str
    nombre: str
    punto_id: str
    hace: str
    desde: dt.datetime | None
    razon: str
    modulo: str


def asesores_ahora(session: Session, now: dt.datetime, puntos: Sequence[str]) -> list[AsesorAhora]:
    """Whoever is an adviser of one of these points, by name. Why somebody is absent is nobody's to
    read here."""
    abre = instante(dia_local(now), dt.time(0))
    vigente = and_(
        RolAsignado.vigente_desde <= now,
        or_(RolAsignado.vigente_hasta.is_(None), RolAsignado.vigente_hasta > now),
    )
    gente = session.execute(
        select(Cuenta.usuario, Cuenta.nombre, RolAsignado.ambito)
        .join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
        .where(RolAsignado.rol == ASESOR, RolAsignado.ambito.in_(puntos), vigente, Cuenta.activo)
        .order_by(Cuenta.nombre, Cuenta.usuario)
    ).all()
    p = TurnoPeriodo
    llamaron = (
        select(p.asesor_id, p.punto_id)
        .where(p.punto_id.in_(puntos), p.estado == LLAMADO, p.inicio >= abre)
        .distinct()
    )
    empezaron = {(f.asesor_id, f.punto_id) for f in session.execute(llamaron)}
    en_el_puesto = (
        select(p.asesor_id, p.punto_id, p.estado, p.inicio, p.razon, p.modulo)
        .join(Turno, Turno.id == p.turno_id)
        .where(
            Turno.fecha == dia_local(now),
            Turno.punto_id.in_(puntos),
            Turno.estado.in_((LLAMADO, ATENCION, PAUSA)),
        )
        .where(p.fin.is_(None), p.asesor_id.is_not(None))
        .order_by(p.inicio)
    )
    abiertos: dict[tuple[str | None, str], Any] = {}
    for f in session.execute(en_el_puesto):
        antes = abiertos.get((f.asesor_id, f.punto_id))
        if antes is None or antes.estado == PAUSA:  # who pauses one and attends another attends
            abiertos[f.asesor_id, f.punto_id] = f
    fuera = ausencias_hoy(session, [f.usuario for f in gente], now)
    return [
        _asesor(
            f,
            abiertos.get((f.usuario, f.ambito)),
            ausente=f.usuario in fuera,
            empezo=(f.usuario, f.ambito) in empezaron,
        )
        for f in gente
    ]


def _asesor(quien: Any, abierto: Any, *, ausente: bool, empezo: bool) -> AsesorAhora:
    if abierto is not None:
        hace = EN_PAUSA if abierto.estado == PAUSA else ATIENDE
        return AsesorAhora(
            quien.usuario,
            quien.nombre,
            quien.ambito,
            hace,
            abierto.inicio,
            abierto.razon or "",
            abierto.modulo or "",
        )
    hace = AUSENTE if ausente else LIBRE if empezo else SIN_EMPEZAR
    return AsesorAhora(quien.usuario, quien.nombre, quien.ambito, hace, None, "", "")


def atendidos_hoy(session: Session, now: dt.datetime, punto_id: str) -> dict[str, tuple[int, int]]:
    """Adviser → how many attentions they have ended today at this point, and how many seconds those
    took without pauses."""
    p = TurnoPeriodo
    abre = instante(dia_local(now), dt.time(0))
    filas = session.execute(
        select(
            p.asesor_id,
            func.count(p.turno_id.distinct()),
            func.sum(_segundos(session, p.inicio, p.fin)),
        )
        .where(
            p.punto_id == punto_id,
            p.estado == ATENCION,
            p.inicio >= abre,
            p.fin.is_not(None),
            p.asesor_id.is_not(None),
        )
        .group_by(p.asesor_id)
    )
    return {f[0]: (int(f[1]), round(float(f[2] or 0))) for f in filas}
