"""What the pages of managers show of now: each point beside what is usual for it, the whole of
them, open cases by area.

Of one reading session; each list of rows is asked once for all points.
"""

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol, TypeVar

from flask_babel import gettext as _, ngettext
from sqlalchemy.orm import Session

from records.casos import abiertos
from records.informes import ahora, diario
from records.informes.ahora import AsesorAhora, HoraDeHoy
from records.informes.diario import Hora
from records.informes.reglas import operacion
from records.informes.reglas.indicadores import POCOS
from records.informes.reglas.operacion import Parte, Prevision, Situacion
from records.lugares.puntos import areas, esta_abierto, puntos
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import ZONA, dia_local, instante
from records.visita.reglas.turnos import ATENCION_MIN, Espera, estimar_espera
from webforms.base import formatos

# as far as rules.operacion looks for days that were like today
SEMANAS_ATRAS = dt.timedelta(weeks=32)


@dataclass(frozen=True, slots=True)
class PuntoAhora:
    """A point: what happens there, what is usual for it, what comes."""

    codigo: str
    nombre: str
    situacion: Situacion
    visitas: int
    abandono: Parte
    usual_abandono: Parte
    usual_hasta_ahora: Fraction | None  #: arrivals by this hour on a day like today
    asesores: Sequence[AsesorAhora]
    prevision: Prevision
    espera: Espera  #: of somebody who comes now

    @property
    def estado(self) -> str:
        return operacion.estado(self.situacion)

    def cuantos(self, hace: str) -> int:
        return sum(a.hace == hace for a in self.asesores)

    @property
    def atienden(self) -> int:
        return self.cuantos(ahora.ATIENDE)

    @property
    def mayor_min(self) -> int:
        return self.situacion.mayor_espera_s // 60

    @property
    def que_pasa(self) -> str:
        """In words, only what its rows say. Why somebody is absent is nobody's to read."""
        s, dichas = self.situacion, []
        if fuera := self.cuantos(ahora.AUSENTE):
            dichas.append(ngettext("%(num)s ausente", "%(num)s ausentes", fuera))
        for a in self.asesores:
            if a.hace == ahora.EN_PAUSA:
                por = a.razon.lower() if a.razon else _("sin motivo escrito")
                dichas.append(_("en pausa desde las %(h)s, %(r)s", h=formatos.hora(a.desde), r=por))
        if s.esperan and not s.en_puesto:
            dichas.append(_("nadie ha llamado hoy"))
        usual = self.usual_hasta_ahora
        if usual and self.visitas >= POCOS and self.visitas > usual * Fraction(5, 4):
            dichas.append(
                _(
                    "llegó %(p)s más de lo usual",
                    p=formatos.porcentaje(float(self.visitas / usual - 1)),
                )
            )
        if s.llegan is not None and s.en_puesto and s.esperan + s.llegan > s.caben:
            dichas.append(_("en la próxima hora caben %(c)s", c=s.caben))
        texto = "; ".join(dichas)
        return texto[:1].upper() + texto[1:]


@dataclass(frozen=True, slots=True)
class HoraVista:
    """An hour of the day in the chart; `hoy` None: it has not begun."""

    franja: int
    hoy: int | None
    en_curso: bool
    usual: Prevision


@dataclass(frozen=True, slots=True)
class AreaVista:
    codigo: str
    nombre: str
    cuantos: Mapping[str, int]  #: term of rules.operacion → open cases

    @property
    def total(self) -> int:
        return sum(self.cuantos.values())


@dataclass(frozen=True)
class Cuadro:
    """Everything of one moment."""

    ahora: dt.datetime
    puntos: Sequence[PuntoAhora]  #: who needs somebody first
    horas: Sequence[HoraVista]
    areas: Sequence[AreaVista]
    proxima: int  #: the hour that comes
    abiertos_despues: int  #: points that are open then
    dias: Sequence[dt.date]  #: days that were like today, the latest first
    todos: bool  #: of the whole entity

    @cached_property
    def esperan(self) -> int:
        return sum(p.situacion.esperan for p in self.puntos)

    @cached_property
    def mayor(self) -> PuntoAhora | None:
        """Where somebody waits longest."""
        con_fila = [p for p in self.puntos if p.situacion.esperan]
        return max(con_fila, key=lambda p: p.situacion.mayor_espera_s, default=None)

    def asesores(self, hace: str | None = None) -> int:
        return sum(len(p.asesores) if hace is None else p.cuantos(hace) for p in self.puntos)

    @cached_property
    def nivel(self) -> Parte:
        return _suma([p.situacion.nivel for p in self.puntos])

    @cached_property
    def usual(self) -> Parte:
        return _suma([p.situacion.usual for p in self.puntos])

    @cached_property
    def abandono(self) -> Parte:
        return _suma([p.abandono for p in self.puntos])

    @cached_property
    def usual_abandono(self) -> Parte:
        return _suma([p.usual_abandono for p in self.puntos])

    @cached_property
    def prevision(self) -> Prevision:
        return next((h.usual for h in self.horas if h.franja == self.proxima), operacion.prever([]))

    @cached_property
    def caben(self) -> int:
        return sum(p.situacion.caben for p in self.puntos)

    @cached_property
    def casos(self) -> int:
        return sum(a.total for a in self.areas)

    @cached_property
    def fuera(self) -> int:
        return sum(a.cuantos.get(abiertos.FUERA, 0) for a in self.areas)

    @cached_property
    def con_alerta(self) -> Sequence[PuntoAhora]:
        return [
            p
            for p in self.puntos
            if p.estado in (operacion.CRITICO, operacion.BAJO, operacion.RIESGO)
        ]

    @cached_property
    def abiertos(self) -> int:
        return sum(p.situacion.abierto for p in self.puntos)

    @cached_property
    def huellas(self) -> Mapping[str, str]:
        """A mark of each part of the page: a browser that has it keeps what it shows. The clock is
        in none of them but the minute."""
        partes = {
            "cifras": (
                [p.situacion for p in self.puntos],
                self.ahora.replace(second=0, microsecond=0),
                self.casos,
                self.fuera,
            ),
            "graficas": (self.horas, self.areas),
            "puntos": (self.puntos,),
        }
        return {
            parte: hashlib.sha256(repr(datos).encode()).hexdigest()[:16]
            for parte, datos in partes.items()
        }

    @property
    def etiqueta(self) -> str:
        return "-".join(huella for _parte, huella in sorted(self.huellas.items()))


def _suma(partes: Sequence[Parte]) -> Parte:
    return Parte(sum(p.cumplen for p in partes), sum(p.todos for p in partes))


def cuadro(session: Session, now: dt.datetime, solo: Sequence[str] | None = None) -> Cuadro:
    """Of all points, or of those that one may see."""
    hoy, hora = dia_local(now), now.astimezone(ZONA).hour
    suyos = [p for p in puntos(session) if solo is None or p.codigo in solo]
    codigos = [p.codigo for p in suyos]
    dias = operacion.dias_de_referencia(hoy, diario.resumidos(session, hoy - SEMANAS_ATRAS))
    de_hoy, antes = ahora.horas_de_hoy(session, now), diario.horas(session, dias)
    de_hoy, antes = (
        [h for h in de_hoy if h.punto_id in codigos],
        [h for h in antes if h.punto_id in codigos],
    )
    gente = _por_punto(ahora.asesores_ahora(session, now, codigos))
    hoy_de, antes_de = _por_punto(de_hoy), _por_punto(antes)
    despues = instante(hoy, dt.time(0)) + dt.timedelta(hours=hora + 1)
    hechos = [
        _punto(
            p,
            now,
            despues,
            hoy_de.get(p.codigo, []),
            antes_de.get(p.codigo, []),
            gente.get(p.codigo, []),
            dias,
        )
        for p in suyos
    ]
    hechos.sort(
        key=lambda p: (operacion.ORDEN.index(p.estado), -p.situacion.mayor_espera_s, p.nombre)
    )
    abiertos_despues = [p.codigo for p in suyos if esta_abierto(p, despues)]
    return Cuadro(
        ahora=now,
        puntos=hechos,
        horas=_horas(suyos, hora, de_hoy, antes, dias),
        areas=_areas(session, now) if solo is None else (),
        proxima=hora + 1,
        abiertos_despues=len(abiertos_despues),
        dias=dias,
        todos=solo is None,
    )


class _DeUnPunto(Protocol):
    @property
    def punto_id(self) -> str: ...


P = TypeVar("P", bound=_DeUnPunto)


def _por_punto(filas: Sequence[P]) -> dict[str, list[P]]:
    """Looked through once for all points."""
    por_punto: dict[str, list[P]] = defaultdict(list)
    for fila in filas:
        por_punto[fila.punto_id].append(fila)
    return por_punto


def _punto(
    punto: Punto,
    now: dt.datetime,
    despues: dt.datetime,
    suyas: Sequence[HoraDeHoy],
    usuales: Sequence[Hora],
    gente: Sequence[AsesorAhora],
    dias: Sequence[dt.date],
) -> PuntoAhora:
    hora = now.astimezone(ZONA).hour
    hasta_ahora = [h for h in usuales if h.franja <= hora]
    abrio = {h.fecha for h in usuales}
    # a day without a single turn: it did not open
    con_gente = [dia for dia in dias if dia in abrio]
    despues_de = {h.fecha: h.visitas for h in usuales if h.franja == hora + 1}
    llegadas = [despues_de.get(dia, 0) for dia in con_gente]
    prevision = operacion.prever(llegadas if esta_abierto(punto, despues) else [])
    atenciones, atencion_s = sum(h.atenciones for h in usuales), sum(h.atencion_s for h in usuales)
    ritmo = Fraction(atencion_s, atenciones) if atenciones else None
    en_puesto = sum(a.hace in (ahora.ATIENDE, ahora.EN_PAUSA, ahora.LIBRE) for a in gente)
    primera = min((h.primera for h in suyas if h.primera is not None), default=None)
    esperan, visitas = sum(h.esperan for h in suyas), sum(h.visitas for h in suyas)
    situacion = Situacion(
        abierto=esta_abierto(punto, now),
        esperan=esperan,
        mayor_espera_s=max(0, int((now - primera).total_seconds())) if primera is not None else 0,
        en_puesto=en_puesto,
        nivel=Parte(sum(h.a_tiempo for h in suyas), sum(h.medibles for h in suyas)),
        usual=Parte(sum(h.a_tiempo for h in hasta_ahora), sum(h.medibles for h in hasta_ahora)),
        llegan=prevision.llegan,
        caben=operacion.caben(en_puesto, ritmo),
    )
    return PuntoAhora(
        codigo=punto.codigo,
        nombre=punto.nombre,
        situacion=situacion,
        visitas=visitas,
        abandono=Parte(sum(h.abandonos for h in suyas), visitas),
        usual_abandono=Parte(
            sum(h.abandonos for h in hasta_ahora), sum(h.visitas for h in hasta_ahora)
        ),
        usual_hasta_ahora=Fraction(sum(h.visitas for h in hasta_ahora), len(con_gente))
        if con_gente
        else None,
        asesores=gente,
        prevision=prevision,
        espera=estimar_espera(esperan, en_puesto, float(ritmo / 60) if ritmo else ATENCION_MIN),
    )


def _horas(
    suyos: Sequence[Punto],
    hora: int,
    de_hoy: Sequence[HoraDeHoy],
    antes: Sequence[Hora],
    dias: Sequence[dt.date],
) -> list[HoraVista]:
    """From the first point that opens to the last that closes; and every hour in which somebody
    came."""
    horas = {h.franja for h in de_hoy} | {h.franja for h in antes}
    for p in suyos:
        horas |= set(range(p.hora_apertura.hour, p.hora_cierre.hour + (p.hora_cierre.minute > 0)))
    vistas = []
    llegaron: Counter[tuple[dt.date, int]] = Counter()
    for h in antes:
        llegaron[h.fecha, h.franja] += h.visitas
    for franja in range(min(horas, default=8), max(horas, default=16) + 1):
        usuales = [llegaron[dia, franja] for dia in dias]
        hoy = sum(h.visitas for h in de_hoy if h.franja == franja) if franja <= hora else None
        vistas.append(HoraVista(franja, hoy, franja == hora, operacion.prever(usuales)))
    return vistas


def _areas(session: Session, now: dt.datetime) -> list[AreaVista]:
    """Those with open cases, the one with most first; what no area has yet is at the points."""
    nombres = {a.codigo: a.nombre for a in areas(session)}
    vistas = [
        AreaVista(c, nombres.get(c, c) or _("En los puntos"), dict(n))
        for c, n in abiertos.por_area(session, now).items()
    ]
    return sorted(vistas, key=lambda a: (-a.total, a.nombre))
