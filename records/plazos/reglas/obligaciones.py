"""What a month of the second half owes, day by day: until when, why that day, whether it is done
(5.2.23–5.2.32, controls 6-1 and 6-5).

The terms that the text does not give (Q17, Q19, Q20, Q22) stand here, and whoever sets a date reads
them here. What the calendar starts is given, as the diagrams in force say it; what the records know
is given, too.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from records.plazos.reglas.calendario import (
    Explicacion,
    al_terminar,
    descansa,
    dia_local,
    es_habil,
    explicar,
    fin_del_dia,
    instante,
    mes_terminado,
    sumar_habiles,
    vencimiento,
)

#: Q17: the business day of the next month until which the reports of the points are there.
DIA_DE_LOS_REPORTES: Final = 5
#: Q20: Friday of the same week, or the last business day before it.
CIERRA_LA_AUDITORIA: Final = (4, dt.time(17, 0))
#: Q19, business days: to answer, to meet after being convened, until convened again without quorum.
DIAS_RESPUESTA, DIAS_SESION, DIAS_OTRA = 5, 3, 5
#: Q22, business days: until it is to be sent, between reminders, that a link lives.
DIAS_REMITIR, DIAS_ACUSE, DIAS_ENLACE = 2, 3, 5
#: When a report of overdue cases that nobody reviewed gives way to that of the next business day,
#: and a review of accesses to the next.
DAN_PASO_LAS_FALLAS: Final = dt.time(7, 25)
DAN_PASO_LOS_ACCESOS: Final = dt.time(6, 55)

_UN_DIA: Final = dt.timedelta(days=1)
_SEMANA: Final = dt.timedelta(days=7)


# --- until when -----------------------------------------------------------------------------------
def limite_de_reportes(mes: dt.date) -> dt.datetime:
    """Of the month that was closed, given by its first day."""
    return fin_del_dia(sumar_habiles(_ultimo(mes), DIA_DE_LOS_REPORTES))


def cierre_de_auditoria(dia: dt.date) -> dt.datetime:
    """Of the audit of the week of this day: its last business day; Friday where it has none."""
    dias, hora = CIERRA_LA_AUDITORIA
    lunes = _lunes(dia)
    viernes = lunes + dias * _UN_DIA
    habiles = (viernes - n * _UN_DIA for n in range(dias + 1))
    return instante(next(filter(es_habil, habiles), viernes), hora)


def relevo_de_accesos(dia: dt.date) -> dt.datetime:
    """When the review that was taken on this day gives way to that of the next week."""
    return instante(_lunes(dia) + _SEMANA, DAN_PASO_LOS_ACCESOS)


def relevo_de_fallas(dia: dt.date) -> dt.datetime:
    return instante(sumar_habiles(dia, 1), DAN_PASO_LAS_FALLAS)


def _ultimo(mes: dt.date) -> dt.date:
    return (mes.replace(day=28) + 4 * _UN_DIA).replace(day=1) - _UN_DIA


def _lunes(dia: dt.date) -> dt.date:
    return dia - dia.weekday() * _UN_DIA


# --- what is owed ---------------------------------------------------------------------------------
class Clase(StrEnum):
    CIERRE = "cierre"  # the month before is frozen
    REPORTES = "reportes"
    MUESTRA = "muestra"  # of the weekly audit
    AUDITORIA = "auditoria"  # its F189 and its report
    COMITE = "comite"  # takes up what the audits found
    RESPUESTAS = "respuestas"
    SESION = "sesion"
    ACCION = "accion"  # of a finding
    REMITIR = "remitir"
    ACUSE = "acuse"
    ACCESOS = "accesos"
    FALLAS = "fallas"


HECHA, VENCIDA, PENDIENTE, NO_CONSTA = "hecha", "vencida", "pendiente", "no_consta"


@dataclass(frozen=True, slots=True)
class Obligacion:
    """`cuando` None: nothing gives it a day yet. `de`: its month, its week or its finding.
    `porque`: a term in business days."""

    clase: Clase
    cuando: dt.datetime | None
    estado: str
    de: str
    hechos: int = 0
    total: int = 0  #: of how many; 0: it is not counted
    porque: Explicacion | None = None

    @property
    def dia(self) -> dt.date | None:
        return dia_local(self.cuando) if self.cuando is not None else None


@dataclass(frozen=True, slots=True)
class Reunido:
    """A committee: when it took up how many findings, how many have their answer, whether it was
    convened."""

    cuando: dt.datetime
    hallazgos: int
    respondidos: int
    convocado: bool


@dataclass(frozen=True, slots=True)
class Convocada:
    """A session of the committee of a month."""

    mes: str
    convocada: dt.datetime
    para: dt.datetime
    cerrada: bool


@dataclass(frozen=True, slots=True)
class Compromiso:
    """An action with which a finding was answered."""

    hallazgo: str
    fecha: dt.date
    cerrada: bool


@dataclass(frozen=True, slots=True)
class Entrega:
    """The report of a month on its way: media sent and acknowledged, of how many. `remitido`: the
    last of them left."""

    mes: str
    preparado: dt.datetime
    de: int
    remitidos: int
    acusados: int
    remitido: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Hechos:
    """What the records know of a month. Months are written "2026-10", weeks "2026-W48"."""

    cerrados: frozenset[str] = frozenset()
    por_cerrar: frozenset[str] = frozenset()  #: they have ended, and had turns
    reportes: Mapping[str, tuple[int, int]] = field(default_factory=dict)  #: approved, of how many
    #: until when, and whether it has its report
    auditorias: Mapping[str, tuple[dt.datetime, bool]] = field(default_factory=dict)
    comites: Mapping[str, Reunido] = field(default_factory=dict)
    sesiones: Sequence[Convocada] = ()
    compromisos: Sequence[Compromiso] = ()
    entregas: Sequence[Entrega] = ()
    #: week → whether each account that needed it has its decision
    accesos: Mapping[str, bool] = field(default_factory=dict)
    #: whether it has left, or there was nothing to send
    fallas: Mapping[dt.date, bool] = field(default_factory=dict)


Inicios = Mapping[Clase, Sequence[dt.datetime]]  #: when the calendar starts each


def obligaciones(inicios: Inicios, hechos: Hechos, now: dt.datetime) -> list[Obligacion]:
    """All of them, by day; last what has none yet. What the calendar is still to start is told with
    the terms that will follow."""
    todas = [
        *_del_cierre(inicios.get(Clase.CIERRE, ()), hechos, now),
        *_de_auditorias(inicios.get(Clase.MUESTRA, ()), hechos, now),
        *_de_comites(inicios.get(Clase.COMITE, ()), hechos, now),
        *_de_entregas(hechos, now),
        *_de_controles(inicios, hechos, now),
    ]
    return sorted(todas, key=lambda o: (o.cuando is None, o.cuando or now))


def _estado(limite: dt.datetime, now: dt.datetime, *, hecha: bool) -> str:
    return HECHA if hecha else VENCIDA if limite < now else PENDIENTE


def _de_inicio(cuando: dt.datetime, now: dt.datetime, *, hecha: bool) -> str:
    """Of what the calendar does: nobody is late with it, but it may not be there."""
    return HECHA if hecha else NO_CONSTA if cuando < now else PENDIENTE


def _del_cierre(
    inicios: Sequence[dt.datetime], hechos: Hechos, now: dt.datetime
) -> Iterator[Obligacion]:
    """A month without turns is closed and owes no report."""
    for cuando in inicios:
        primero, ultimo = mes_terminado(dia_local(cuando))
        mes, limite = f"{primero:%Y-%m}", limite_de_reportes(primero)
        cerrado = mes in hechos.cerrados
        falta = mes in hechos.por_cerrar
        yield Obligacion(
            Clase.CIERRE,
            cuando,
            _estado(cuando, now, hecha=False) if falta else _de_inicio(cuando, now, hecha=cerrado),
            mes,
        )
        aprobados, pedidos = hechos.reportes.get(mes, (0, 0))
        if pedidos or (not cerrado and limite >= now):
            estado = _estado(limite, now, hecha=0 < pedidos == aprobados)
            porque = explicar(instante(ultimo, dt.time(0)), DIA_DE_LOS_REPORTES)
            yield Obligacion(Clase.REPORTES, limite, estado, mes, aprobados, pedidos, porque)


def _de_auditorias(
    inicios: Sequence[dt.datetime], hechos: Hechos, now: dt.datetime
) -> Iterator[Obligacion]:
    for cuando in inicios:
        semana = _semana(dia_local(cuando))
        tomada = hechos.auditorias.get(semana)
        yield Obligacion(
            Clase.MUESTRA, cuando, _de_inicio(cuando, now, hecha=tomada is not None), semana
        )
        if tomada is not None or cuando >= now:
            limite, informada = tomada or (cierre_de_auditoria(dia_local(cuando)), False)
            yield Obligacion(Clase.AUDITORIA, limite, _estado(limite, now, hecha=informada), semana)


def _semana(dia: dt.date) -> str:
    return "{}-W{:02d}".format(*dia.isocalendar()[:2])


def _de_comites(
    inicios: Sequence[dt.datetime], hechos: Hechos, now: dt.datetime
) -> Iterator[Obligacion]:
    """A committee without findings has nothing to answer (Q21)."""
    for cuando in inicios:
        mes = f"{dia_local(cuando):%Y-%m}"
        hecho = hechos.comites.get(mes)
        yield Obligacion(
            Clase.COMITE, cuando, _de_inicio(cuando, now, hecha=hecho is not None), mes
        )
        if hecho is None and cuando < now:
            continue
        if hecho is None or hecho.hallazgos:
            desde = hecho.cuando if hecho is not None else cuando
            respondidos, hallazgos = (
                (hecho.respondidos, hecho.hallazgos) if hecho is not None else (0, 0)
            )
            limite = vencimiento(desde, DIAS_RESPUESTA)
            estado = _estado(limite, now, hecha=0 < hallazgos == respondidos)
            yield Obligacion(
                Clase.RESPUESTAS,
                limite,
                estado,
                mes,
                respondidos,
                hallazgos,
                explicar(desde, DIAS_RESPUESTA),
            )
        if hecho is None or not hecho.convocado:
            yield Obligacion(Clase.SESION, None, PENDIENTE, mes)
    for s in hechos.sesiones:
        porque = explicar(s.convocada, DIAS_SESION)
        yield Obligacion(
            Clase.SESION, s.para, _estado(s.para, now, hecha=s.cerrada), s.mes, porque=porque
        )
    for c in hechos.compromisos:
        limite = fin_del_dia(c.fecha)
        yield Obligacion(Clase.ACCION, limite, _estado(limite, now, hecha=c.cerrada), c.hallazgo)


def _de_entregas(hechos: Hechos, now: dt.datetime) -> Iterator[Obligacion]:
    """It begins when the report of the month is joined, which has no day of its own."""
    for e in hechos.entregas:
        limite = vencimiento(e.preparado, DIAS_REMITIR)
        hecha = 0 < e.de <= e.remitidos
        yield Obligacion(
            Clase.REMITIR,
            limite,
            _estado(limite, now, hecha=hecha),
            e.mes,
            e.remitidos,
            e.de,
            explicar(e.preparado, DIAS_REMITIR),
        )
        if e.remitido is not None:
            limite = vencimiento(e.remitido, DIAS_ACUSE)
            hecha = 0 < e.de <= e.acusados
            yield Obligacion(
                Clase.ACUSE,
                limite,
                _estado(limite, now, hecha=hecha),
                e.mes,
                e.acusados,
                e.de,
                explicar(e.remitido, DIAS_ACUSE),
            )
    en_camino = {e.mes for e in hechos.entregas}
    for mes in sorted(
        m for m, (_aprobados, pedidos) in hechos.reportes.items() if pedidos and m not in en_camino
    ):
        yield Obligacion(Clase.REMITIR, None, PENDIENTE, mes)


def _de_controles(inicios: Inicios, hechos: Hechos, now: dt.datetime) -> Iterator[Obligacion]:
    for cuando in inicios.get(Clase.ACCESOS, ()):
        dia = dia_local(cuando)
        terminada = hechos.accesos.get(_semana(dia))
        abierta = _estado(relevo_de_accesos(dia), now, hecha=bool(terminada))
        estado = abierta if terminada is not None else _de_inicio(cuando, now, hecha=False)
        yield Obligacion(Clase.ACCESOS, cuando, estado, _semana(dia))
    for cuando in inicios.get(Clase.FALLAS, ()):
        dia = dia_local(cuando)
        remitido = hechos.fallas.get(dia)
        abierta = _estado(relevo_de_fallas(dia), now, hecha=bool(remitido))
        estado = abierta if remitido is not None else _de_inicio(cuando, now, hecha=False)
        yield Obligacion(Clase.FALLAS, cuando, estado, dia.isoformat())


# --- the month as a table -------------------------------------------------------------------------
def semanas(mes: dt.date) -> list[list[dt.date]]:
    """The days that do not rest of each week that has one of the month: from Monday to Friday,
    where Saturday and Sunday rest.

    A week begins after a day of rest: on Monday, if it can. A day on which the agency rests in a
    part of the month only is shown.
    """
    del_mes = [mes + n * _UN_DIA for n in range((_ultimo(mes) - mes).days + 1)]
    laborales = {d.weekday() for d in del_mes if not descansa(d)}
    primero = min((n for n in laborales if (n - 1) % 7 not in laborales), default=0)
    comienzo, filas = mes - ((mes.weekday() - primero) % 7) * _UN_DIA, []
    while comienzo <= del_mes[-1]:
        fila = [d for d in (comienzo + n * _UN_DIA for n in range(7)) if d.weekday() in laborales]
        if fila[0] <= del_mes[-1] and fila[-1] >= mes:
            filas.append(fila)
        comienzo += _SEMANA
    return filas


def ventana(mes: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From when to when something may fall on the table, the end left out: the days of rest beside
    its weeks included."""
    filas = semanas(mes)
    return instante(min(mes, filas[0][0]), dt.time(0)), al_terminar(
        max(_ultimo(mes), filas[-1][-1])
    )


def casilla(dia: dt.date, filas: Sequence[Sequence[dt.date]]) -> dt.date:
    """The day under which it stands: of a day of rest the next one that is shown, or the last of
    the table."""
    mostrados = {d.weekday() for d in filas[0]}
    cerca: list[dt.date] = [dia + n * _UN_DIA for n in (*range(7), *range(-1, -7, -1))]
    return next(d for d in cerca if d.weekday() in mostrados and d <= max(dia, filas[-1][-1]))
