"""Days that are over, summed up once: what managers compare today with. A day is made of its rows
by the definitions of the indicators.

Nothing here is written while a day goes on: its rows are few and found by an index
(`records.informes.ahora`). A day is summed up after it has ended; one that was missed is made up for; made
again it is the same, unless its rows were corrected meanwhile.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from records.informes import meses
from records.informes.reglas.indicadores import INDICADORES, Mes, Visita
from records.informes.tablas import DiaActividad, DiaAsesor, DiaHora, DiaResumido
from records.plazos.reglas.calendario import al_terminar, dia_local, instante
from records.visita.reglas.turnos import CERRADO
from records.visita.tablas import Turno

_UN_DIA: Final = dt.timedelta(days=1)
_MEDIANOCHE: Final = dt.time(0)
# a turn that is still open then stays open in the figures
_HASTA_UNA_SEMANA: Final = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Actividad:
    """What whoever keeps the tasks says of one activity on a day."""

    proceso: str
    elemento: str
    veces: int
    espera_s: int
    trabajo_s: int


def limites(dia: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Its first instant and that of the next, in Colombia."""
    return instante(dia, _MEDIANOCHE), al_terminar(dia)


def faltan(session: Session, now: dt.datetime) -> list[dt.date]:
    """Days from that of the first turn to yesterday that are not summed up, or had open turns when
    they were; the latest first."""
    hoy = dia_local(now)
    primero = session.scalar(select(func.min(Turno.fecha)))
    if primero is None:
        return []
    hechos = {
        f.fecha: f
        for f in session.execute(
            select(DiaResumido.fecha, DiaResumido.resumido, DiaResumido.abiertos)
        )
    }
    dias = [hoy - n * _UN_DIA for n in range(1, (hoy - primero).days + 1)]

    def falta(dia: dt.date) -> bool:
        hecho = hechos.get(dia)
        return hecho is None or (
            hecho.abiertos > 0 and dia_local(hecho.resumido) < hoy <= dia + _HASTA_UNA_SEMANA
        )

    return [dia for dia in dias if falta(dia)]


def resumir(
    session: Session, dia: dt.date, actividades: Sequence[Actividad], *, now: dt.datetime
) -> None:
    """Sum up a day that is over; what was there of it goes."""
    if dia >= dia_local(now):
        raise ValueError(dia)
    for tabla in (DiaHora, DiaAsesor, DiaActividad, DiaResumido):
        session.execute(delete(tabla).where(tabla.fecha == dia))
    abiertos = (
        session.scalar(select(func.count()).where(Turno.fecha == dia, Turno.estado != CERRADO)) or 0
    )
    session.add(DiaResumido(fecha=dia, resumido=now, abiertos=abiertos))
    session.flush()
    visitas = meses.visitas_del_dia(session, dia)
    horas, asesores = list(_horas(dia, visitas)), list(_asesores(dia, visitas))
    tareas = [
        {
            "fecha": dia,
            "proceso": a.proceso,
            "elemento": a.elemento,
            "veces": a.veces,
            "espera_s": a.espera_s,
            "trabajo_s": a.trabajo_s,
        }
        for a in actividades
    ]
    for tabla, filas in ((DiaHora, horas), (DiaAsesor, asesores), (DiaActividad, tareas)):
        if filas:
            session.execute(insert(tabla), filas)


def _horas(dia: dt.date, visitas: Sequence[Visita]) -> Iterator[dict[str, Any]]:
    partes: dict[tuple[str, int], list[Visita]] = defaultdict(list)
    for v in visitas:
        partes[v.punto, v.franja].append(v)
    for (punto, franja), suyas in sorted(partes.items()):
        parte = Mes(*limites(dia), suyas, ())
        nivel, abandono, esperas, atenciones = (
            INDICADORES[i].medir(parte) for i in ("I3", "I4", "I1", "I2")
        )
        yield {
            "fecha": dia,
            "punto_id": punto,
            "franja": franja,
            "visitas": len(suyas),
            "abandonos": len(abandono.cumplen),
            "medibles": len(nivel.todos),
            "a_tiempo": len(nivel.cumplen),
            "esperas": len(esperas.todos),
            "espera_s": sum((esperas.valores or {}).values()),
            "atenciones": len(atenciones.todos),
            "atencion_s": sum((atenciones.valores or {}).values()),
        }


def _asesores(dia: dt.date, visitas: Sequence[Visita]) -> Iterator[dict[str, Any]]:
    partes: dict[tuple[str, str], list[Visita]] = defaultdict(list)
    for v in visitas:
        if v.asesor:
            partes[v.punto, v.asesor].append(v)
    for (punto, asesor), suyas in sorted(partes.items()):
        tiempos = [v.atencion for v in suyas if v.atencion is not None]
        yield {
            "fecha": dia,
            "punto_id": punto,
            "asesor_id": asesor,
            "turnos": len(suyas),
            "atenciones": len(tiempos),
            "atencion_s": sum(tiempos),
        }


# --- reading --------------------------------------------------------------------------------------
def resumidos(session: Session, desde: dt.date) -> set[dt.date]:
    """Days from then on that are summed up."""
    return set(session.scalars(select(DiaResumido.fecha).where(DiaResumido.fecha >= desde)))


class Hora(NamedTuple):
    """A row of `DiaHora`; some two thousand for a page."""

    fecha: dt.date
    punto_id: str
    franja: int
    visitas: int
    abandonos: int
    medibles: int
    a_tiempo: int
    atenciones: int
    atencion_s: int


def horas(session: Session, dias: Sequence[dt.date], punto_id: str | None = None) -> list[Hora]:
    """Of these days, of every point or of one."""
    d = DiaHora
    consulta = select(
        d.fecha,
        d.punto_id,
        d.franja,
        d.visitas,
        d.abandonos,
        d.medibles,
        d.a_tiempo,
        d.atenciones,
        d.atencion_s,
    )
    consulta = consulta.where(d.fecha.in_(dias))
    if punto_id is not None:
        consulta = consulta.where(d.punto_id == punto_id)
    return [Hora._make(fila) for fila in session.execute(consulta)] if dias else []


def actividades(session: Session, dias: Sequence[dt.date]) -> list[Actividad]:
    """Sums over these days."""
    a = DiaActividad
    sumas = select(
        a.proceso, a.elemento, func.sum(a.veces), func.sum(a.espera_s), func.sum(a.trabajo_s)
    ).where(a.fecha.in_(dias))
    filas = (
        session.execute(sumas.group_by(a.proceso, a.elemento).order_by(a.proceso, a.elemento))
        if dias
        else ()
    )
    return [Actividad(f[0], f[1], int(f[2]), int(f[3]), int(f[4])) for f in filas]


def espera_en_la_fila(session: Session, dias: Sequence[dt.date]) -> tuple[int, int]:
    """How many turns of these days waited a time that is known, and how many seconds they all
    did."""
    sumas = select(
        func.coalesce(func.sum(DiaHora.esperas), 0), func.coalesce(func.sum(DiaHora.espera_s), 0)
    )
    n, segundos = session.execute(sumas.where(DiaHora.fecha.in_(dias))).one() if dias else (0, 0)
    return int(n), int(segundos)


@dataclass(frozen=True, slots=True)
class Propia:
    """What an adviser attended over some days, on how many of them."""

    dias: int
    turnos: int
    atenciones: int
    atencion_s: int

    @property
    def por_dia(self) -> float | None:
        return self.turnos / self.dias if self.dias else None

    @property
    def media_s(self) -> float | None:
        return self.atencion_s / self.atenciones if self.atenciones else None


def de_asesores(session: Session, dias: Sequence[dt.date], punto_id: str) -> dict[str, Propia]:
    """Of each adviser of a point, over these days."""
    a = DiaAsesor
    sumas = select(
        a.asesor_id,
        func.count(),
        func.sum(a.turnos),
        func.sum(a.atenciones),
        func.sum(a.atencion_s),
    )
    sumas = sumas.where(a.fecha.in_(dias), a.punto_id == punto_id).group_by(a.asesor_id)
    return {f[0]: Propia(*(int(n) for n in f[1:])) for f in session.execute(sumas)} if dias else {}


def de_un_asesor(session: Session, asesor_id: str, desde: dt.date) -> list[tuple[dt.date, Propia]]:
    """Their own days from then on, at whatever point; the oldest first."""
    a = DiaAsesor
    sumas = select(
        a.fecha, func.sum(a.turnos), func.sum(a.atenciones), func.sum(a.atencion_s)
    ).where(a.asesor_id == asesor_id)
    filas = session.execute(sumas.where(a.fecha >= desde).group_by(a.fecha).order_by(a.fecha))
    return [(f[0], Propia(1, int(f[1]), int(f[2]), int(f[3]))) for f in filas]
