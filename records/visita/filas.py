"""What is seen of a queue: the board, the estimate for the ticket, the summary on the adviser's
console."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, exists, func, select
from sqlalchemy.orm import Session, aliased

from common.language import said
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import dia_local, instante
from records.visita.reglas.turnos import (
    ATENCION,
    ATENCION_MIN,
    AUSENTE,
    ENTRE_LLAMADOS,
    ESPERA,
    LLAMADO,
    PAUSA,
    REINGRESO,
    TRASLADADO,
    VOLVIO,
    EnEspera,
    Espera,
    estimar_espera,
    explicados,
    minutos,
    ordenar,
    peso_efectivo,
)
from records.visita.tablas import Turno, TurnoPeriodo
from records.visita.turnos import turnos_en_espera

MUESTRA = 50  # last attentions that an estimate looks at
ATENDIENDO = (LLAMADO, ATENCION)


@dataclass(frozen=True, slots=True)
class Llamado:
    """A line of the board: a ticket and a desk, never a name."""

    ficha: str
    modulo: str
    en: dt.datetime
    en_curso: bool  # still being called: the board flashes it and rings
    n: int  # first, second or third call
    turno_id: int = 0
    antes: str = ""  # the number that the person held before, when it had to change


def tablero(session: Session, punto_id: str, now: dt.datetime, limite: int = 6) -> list[Llamado]:
    """The last turns called today, latest first, each once; who waits again or goes on at another
    point is at no desk."""
    hoy, anterior = instante(dia_local(now), dt.time(0)), aliased(Turno)
    ultima = (
        select(TurnoPeriodo.turno_id, func.max(TurnoPeriodo.id).label("id"))
        .where(
            TurnoPeriodo.punto_id == punto_id,
            TurnoPeriodo.estado == LLAMADO,
            TurnoPeriodo.inicio >= hoy,
        )
        .group_by(TurnoPeriodo.turno_id)
        .subquery()
    )
    filas = session.execute(
        select(
            Turno.id,
            Turno.ficha,
            Turno.n_llamados,
            TurnoPeriodo.modulo,
            TurnoPeriodo.inicio,
            TurnoPeriodo.fin,
        )
        .add_columns(anterior.ficha.label("antes"))
        .join(ultima, ultima.c.id == TurnoPeriodo.id)
        .join(Turno, Turno.id == TurnoPeriodo.turno_id)
        .outerjoin(
            anterior,
            (anterior.id == Turno.visita_anterior_id)
            & (anterior.fecha == Turno.fecha)
            & (anterior.ficha != Turno.ficha),
        )
        .where(Turno.estado != ESPERA, func.coalesce(Turno.resultado, "") != TRASLADADO)
        .order_by(TurnoPeriodo.inicio.desc(), TurnoPeriodo.id.desc())
        .limit(limite)
    )
    return [
        Llamado(
            f.ficha or "",
            f.modulo or "",
            f.inicio,
            f.fin is None,
            f.n_llamados,
            f.id,
            f.antes or "",
        )
        for f in filas
    ]


@dataclass(frozen=True, slots=True)
class ResumenFila:
    esperan: int
    preferentes: int
    mayor_espera_min: int
    mayor_espera_ficha: str
    atienden: int  # desks that call or attend right now
    espera: Espera  # of somebody who came now
    espera_preferente: Espera  # the same, with preference


def resumen(session: Session, punto_id: str, now: dt.datetime) -> ResumenFila:
    cola = turnos_en_espera(session, punto_id)
    atienden, atencion_min = _ritmo(session, punto_id)
    primero = min(cola, key=lambda t: (t.llegada, t.id), default=None)
    return ResumenFila(
        esperan=len(cola),
        preferentes=sum(t.preferente for t in cola),
        mayor_espera_min=minutos(primero.llegada, now) if primero is not None else 0,
        mayor_espera_ficha=primero.ficha if primero is not None else "",
        atienden=atienden,
        espera=estimar_espera(len(cola), atienden, atencion_min),
        espera_preferente=estimar_espera(_delante_de_preferente(cola, now), atienden, atencion_min),
    )


def _delante_de_preferente(cola: list[EnEspera], now: dt.datetime) -> int:
    """Whoever stands at the top weight: preferential turns, and general ones that have waited
    long."""
    tope = max((t.peso for t in cola if t.preferente), default=None)
    if tope is None:
        return 0
    return sum(peso_efectivo(t, now, tope) >= tope for t in cola)


def espera_estimada(session: Session, punto_id: str, turno_id: int, now: dt.datetime) -> Espera:
    """How long this turn still waits, by its place in the order of now."""
    cola = [t.id for t in ordenar(turnos_en_espera(session, punto_id), now)]
    delante = cola.index(turno_id) if turno_id in cola else 0
    return estimar_espera(delante, *_ritmo(session, punto_id))


def _ritmo(session: Session, punto_id: str) -> tuple[int, float]:
    """Desks at work, and the mean minutes of the last attentions of the point."""
    atienden = session.scalar(
        select(func.count(TurnoPeriodo.asesor_id.distinct())).where(
            TurnoPeriodo.punto_id == punto_id,
            TurnoPeriodo.estado.in_(ATENDIENDO),
            TurnoPeriodo.fin.is_(None),
        )
    )
    filas = session.execute(
        select(TurnoPeriodo.inicio, TurnoPeriodo.fin)
        .where(
            TurnoPeriodo.punto_id == punto_id,
            TurnoPeriodo.estado == ATENCION,
            TurnoPeriodo.fin.is_not(None),
            TurnoPeriodo.confiable,
        )
        .order_by(TurnoPeriodo.inicio.desc())
        .limit(MUESTRA)
    )
    duraciones = [(f.fin - f.inicio).total_seconds() / 60 for f in filas]
    return atienden or 0, sum(duraciones) / len(duraciones) if duraciones else ATENCION_MIN


@dataclass(frozen=True, slots=True)
class Ausente:
    """Called and not there: it can be called again at once; by itself it is due again at
    `vuelve`."""

    turno_id: int
    ficha: str
    n_llamados: int
    vuelve: dt.datetime


def ausentes(session: Session, punto_id: str, now: dt.datetime) -> list[Ausente]:
    """Whoever has calls left today, the longest absent first."""
    filas = session.execute(
        select(Turno.id, Turno.ficha, Turno.n_llamados, TurnoPeriodo.inicio)
        .join(TurnoPeriodo, TurnoPeriodo.turno_id == Turno.id)
        .where(
            Turno.punto_id == punto_id,
            Turno.estado == AUSENTE,
            Turno.fecha == dia_local(now),
            TurnoPeriodo.fin.is_(None),
        )
        .order_by(TurnoPeriodo.inicio)
    )
    return [Ausente(f.id, f.ficha or "", f.n_llamados, f.inicio + ENTRE_LLAMADOS) for f in filas]


@dataclass(frozen=True, slots=True)
class Reingreso:
    """A closed turn whose person may go on here with the old arrival: a no-show until `hasta`, or
    sent by the point `viene_de`."""

    turno_id: int
    ficha: str
    llegada: dt.datetime
    hasta: dt.datetime | None
    viene_de: str | None
    razon: str = ""  # why the other point sent the person


def reingresos(session: Session, punto_id: str, now: dt.datetime) -> list[Reingreso]:
    """No-shows of the last 30 minutes (Q3) and whoever another point sent here today (Q26), unless
    they are back already. All of them: who was sent may come hours later, and who stands in no list
    would not be admitted."""
    siguiente = aliased(Turno)
    ausente = (
        (Turno.punto_id == punto_id)
        & (Turno.resultado == AUSENTE)
        & (Turno.cerrado >= now - REINGRESO)
    )
    enviado = (
        (Turno.destino_punto_id == punto_id)
        & (Turno.resultado == TRASLADADO)
        & (Turno.fecha == dia_local(now))
    )
    filas = session.execute(
        select(Turno.id, Turno.ficha, Turno.llegada, Turno.cerrado, Turno.resultado, Punto.nombre)
        .add_columns(_por_que_salio().label("razon"))
        .join(Punto, Punto.codigo == Turno.punto_id)
        .where(
            ausente | enviado,
            ~exists(select(siguiente.id).where(siguiente.visita_anterior_id == Turno.id)),
        )
        .order_by(Turno.cerrado.desc())
    )
    return [
        Reingreso(f.id, f.ficha or "", f.llegada, None, f.nombre, f.razon or "")
        if f.resultado == TRASLADADO
        else Reingreso(f.id, f.ficha or "", f.llegada, f.cerrado + REINGRESO, None)
        for f in filas
    ]


def _por_que_salio() -> ScalarSelect[str | None]:
    """What was written when the turn left its last desk begun."""
    ultimo = select(TurnoPeriodo.razon).where(
        TurnoPeriodo.turno_id == Turno.id, TurnoPeriodo.estado.in_((ATENCION, PAUSA))
    )
    return ultimo.order_by(TurnoPeriodo.id.desc()).limit(1).scalar_subquery()


@dataclass(frozen=True, slots=True)
class EnFila:
    """A line of the queue as the adviser sees it; `lugar` says why it stands there, `vuelta` why a
    desk gave it back."""

    turno_id: int
    ficha: str
    motivo_visita: str
    condicion: str
    espera_min: int
    lugar: str
    reservado: str | None  # the only desk that calls it now
    vuelta: str = ""


def fila(session: Session, punto_id: str, now: dt.datetime) -> list[EnFila]:
    """The queue in the order in which it will be called."""
    filas = session.execute(
        select(
            Turno.id,
            Turno.motivo_visita,
            Turno.condicion,
            Turno.llegada,
            Turno.creado,
            TurnoPeriodo.razon,
        )
        .add_columns(Turno.visita_anterior_id)
        .outerjoin(TurnoPeriodo, (TurnoPeriodo.turno_id == Turno.id) & TurnoPeriodo.fin.is_(None))
        .where(Turno.punto_id == punto_id, Turno.estado == ESPERA)
    )
    turnos = {f.id: f for f in filas}
    en_fila = []
    for eleccion in explicados(turnos_en_espera(session, punto_id), now):
        t, f = eleccion.turno, turnos.get(eleccion.turno.id)
        if f is not None:
            # who came by another machine arrived before we knew, too
            volvio = f.visita_anterior_id is not None and f.llegada < f.creado
            lugar = said(VOLVIO) if volvio and not eleccion.saltados else eleccion.lugar
            espera = minutos(t.llegada, now)
            en_fila.append(
                EnFila(
                    t.id,
                    t.ficha,
                    f.motivo_visita,
                    f.condicion,
                    espera,
                    lugar,
                    t.reservado(now),
                    f.razon or "",
                )
            )
    return en_fila
