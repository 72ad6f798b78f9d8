"""Who comes when, who attends them and for how long: the queues of the 23 points, day by day, in
plain numbers.

The real volume (domain §14) is simulated; the demo runs the engine for a sample of its visits, so
that waiting times are those of full points whatever the size of the sample. Of what lies more than
a month back each point has one day in four, so that the latest weeks stay full. No database, no
engine.
"""

import datetime as dt
import heapq
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from records.catalogos.catalogo import APERTURA, CIERRE, PUNTOS, PuntoDato
from records.plazos.reglas.calendario import dia_local, es_habil, instante

#: Share of the arrivals in each hour from 8 to 17.
PERFIL = (17, 18, 16, 13, 7, 8, 10, 8, 3)
ACUMULADO = list(itertools.accumulate(PERFIL))
MEDIANA_MIN = 8.0
DISPERSION = 0.45  # of the lognormal attention
PACIENCIA_MIN = 75.0
PREFERENTES = 0.12
SIN_PRESENTARSE = 0.006  # of those who did not lose patience: they do not hear their ticket
VUELVEN = 0.35  # of the absent: back within 30 minutes
AVISAN = 0.4  # of those who lose patience: they tell the adviser
ENTRE_LLAMADOS = dt.timedelta(minutes=2)
RECIENTE = dt.timedelta(days=31)
UNO_DE_CADA = 4  # days of a point, before
SIN_PUESTO = ("retirado", "sin_atender")  # no desk lost time with them
_MINUTO = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visita:
    """One turn. `fin` is when the desk is free again; `desenlace`: atendido, retirado (told us),
    ausente (three calls)."""

    punto: PuntoDato
    llegada: dt.datetime
    preferente: bool
    llamado: dt.datetime
    fin: dt.datetime
    puesto: int  # from 1
    desenlace: str  # also sin_atender: the point closed
    vuelve: bool = False


def dias_habiles(desde: dt.date, hasta: dt.date) -> Iterator[dt.date]:
    dia = desde
    while dia <= hasta:
        if es_habil(dia):
            yield dia
        dia += dt.timedelta(days=1)


def hasta_hoy(now: dt.datetime, azar: random.Random, desde: dt.date) -> list[Visita]:
    """Every visit from `desde` on that had ended by `now`, in order of arrival."""
    reciente = dia_local(now - RECIENTE)
    visitas = [
        visita
        for n, dia in enumerate(dias_habiles(desde, dia_local(now)))
        for k, punto in enumerate(PUNTOS)
        if dia >= reciente or (n + k) % UNO_DE_CADA == 0
        for visita in dia_de_punto(punto, dia, azar)
        if visita.fin < now
    ]
    visitas.sort(key=lambda v: (v.llegada, v.punto.codigo))
    return visitas


def muestra(visitas: Sequence[Visita], n: int, azar: random.Random) -> list[Visita]:
    """`n` of them in order of arrival; all when there are fewer."""
    if n >= len(visitas):
        return list(visitas)
    return [visitas[k] for k in sorted(azar.sample(range(len(visitas)), n))]


@dataclass(frozen=True, slots=True)
class _Llega:
    en: dt.datetime
    preferente: bool
    paciencia: dt.timedelta
    atencion: dt.timedelta


def dia_de_punto(punto: PuntoDato, dia: dt.date, azar: random.Random) -> Iterator[Visita]:
    """Arrivals by the hour, desks that take the next one as they become free; at the closing hour
    the queue ends."""
    llegadas = _llegadas(punto, dia, azar)
    cierre = instante(dia, CIERRE)
    libres = [(instante(dia, APERTURA), puesto) for puesto in range(1, punto.asesores + 1)]
    heapq.heapify(libres)
    fila: list[tuple[bool, dt.datetime, int]] = []
    proxima = 0
    while proxima < len(llegadas) or fila:
        libre, puesto = libres[0]
        if not fila:
            libre = max(libre, llegadas[proxima].en)
        while proxima < len(llegadas) and llegadas[proxima].en <= libre:
            llega = llegadas[proxima]
            heapq.heappush(fila, (not llega.preferente, llega.en, proxima))
            proxima += 1
        llega = llegadas[heapq.heappop(fila)[2]]
        visita = _atender(punto, llega, max(libre, llega.en), puesto, cierre, azar)
        if visita.desenlace in SIN_PUESTO:
            yield visita
            continue
        ocupado = visita.fin if visita.desenlace == "atendido" else visita.llamado + _MINUTO
        heapq.heapreplace(libres, (ocupado, puesto))
        yield visita


def _atender(
    punto: PuntoDato,
    llega: _Llega,
    libre: dt.datetime,
    puesto: int,
    cierre: dt.datetime,
    azar: random.Random,
) -> Visita:
    limite = min(llega.en + llega.paciencia, cierre)
    if libre >= limite:
        if limite == cierre:
            return Visita(punto, llega.en, llega.preferente, cierre, cierre, puesto, "sin_atender")
        if libre >= cierre or azar.random() < AVISAN:
            return Visita(punto, llega.en, llega.preferente, limite, limite, puesto, "retirado")
        return _ausente(punto, llega, libre, puesto, azar)
    if azar.random() < SIN_PRESENTARSE:
        return _ausente(punto, llega, libre, puesto, azar)
    return Visita(
        punto, llega.en, llega.preferente, libre, libre + llega.atencion, puesto, "atendido"
    )


def _ausente(
    punto: PuntoDato, llega: _Llega, llamado: dt.datetime, puesto: int, azar: random.Random
) -> Visita:
    fin = llamado + 2 * ENTRE_LLAMADOS + _MINUTO
    return Visita(
        punto, llega.en, llega.preferente, llamado, fin, puesto, "ausente", azar.random() < VUELVEN
    )


def _llegadas(punto: PuntoDato, dia: dt.date, azar: random.Random) -> list[_Llega]:
    cuantas = max(1, round(azar.gauss(punto.turnos_dia, punto.turnos_dia**0.5)))
    abre = instante(dia, APERTURA)
    llegadas = []
    for hora in azar.choices(range(len(PERFIL)), cum_weights=ACUMULADO, k=cuantas):
        en = abre + dt.timedelta(hours=hora, seconds=int(3_600 * azar.random()))
        paciencia = dt.timedelta(minutes=azar.expovariate(1 / PACIENCIA_MIN))
        atencion = dt.timedelta(minutes=min(45.0, MEDIANA_MIN * azar.lognormvariate(0, DISPERSION)))
        llegadas.append(_Llega(en, azar.random() < PREFERENTES, paciencia, atencion))
    llegadas.sort(key=lambda llega: llega.en)
    return llegadas
