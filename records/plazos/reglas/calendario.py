"""Business days of the agency's country, in its time zone, and deadlines that explain themselves (domain §1.4, §7; Ley 4/1913 art. 62).

The day of reception does not count; a term ends at 23:59:59 of its last day, local time. Which days of the week rest, the agency says,
and its country until it does: Saturday and Sunday in Colombia.
Without another word the agency is in Colombia (`situar`).
"""

import calendar
import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

import holidays

from common.language import marked
from common.settings import Setting

BOGOTA = ZoneInfo("America/Bogota")
COLOMBIA: Final = "CO"


class _ZonaDeLaEntidad(dt.tzinfo):
    """The hour of the agency, whichever that is: one object that is there before the settings of this place are read."""

    def __init__(self) -> None:
        self.zona, self.pais = BOGOTA, COLOMBIA

    @property
    def key(self) -> str:
        """ "America/Bogota"."""
        return self.zona.key

    def utcoffset(self, cuando: dt.datetime | None) -> dt.timedelta | None:
        return self.zona.utcoffset(cuando)

    def dst(self, cuando: dt.datetime | None) -> dt.timedelta | None:
        return self.zona.dst(cuando)

    def tzname(self, cuando: dt.datetime | None) -> str | None:
        return self.zona.tzname(cuando)

    def fromutc(self, cuando: dt.datetime) -> dt.datetime:
        return self.zona.fromutc(cuando.replace(tzinfo=self.zona)).replace(tzinfo=self)


ZONA: Final = _ZonaDeLaEntidad()
FIN_DEL_DIA = dt.time(23, 59, 59)
MEDIODIA = dt.time(12)  #: where half days of people end or begin; a point may say another hour
MANANA, TARDE = "manana", "tarde"  #: the part of a day that an exception opens
JORNADA = (8, 17)  # hours within which a reminder is sent
DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MESES = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_UN_DIA = dt.timedelta(days=1)
MAXIMO_HABILES = 2_500


@dataclass(frozen=True, slots=True)
class Excepcion:
    """A day on which the agency, or one point, opens or closes against the calendar, and what that day is called.

    One that opens in a part of the day only counts as open: terms are whole business days.
    """

    dia: dt.date
    punto: str | None
    abre: bool
    nombre: str
    parte: str = ""  #: MANANA | TARDE; empty: the whole day


@dataclass(frozen=True, slots=True)
class Descanso:
    """From this day on the agency rests on these days of the week (0 is Monday), until another says otherwise."""

    desde: dt.date
    dias: frozenset[int]


def descanso_en(dia: dt.date, descansos: Iterable[Descanso]) -> frozenset[int]:
    """The days of the week that rest at the time of that day: as the last of these says, else as the country does."""
    suyo = max((d for d in descansos if d.desde <= dia), key=lambda d: d.desde, default=None)
    return suyo.dias if suyo is not None else descanso_de_ley(dia)


class _Calendario:
    """The days as they are kept under these exceptions. Never changed: others take its place whole, while others count."""

    def __init__(
        self, excepciones: Iterable[Excepcion] = (), descansos: Iterable[Descanso] = ()
    ) -> None:
        self.excepciones = {(e.dia, e.punto): e for e in excepciones}
        self.descansos = frozenset(descansos)
        self.descansa = lru_cache(maxsize=4096)(self._descansa)
        self.festivos = lru_cache(maxsize=64)(self._festivos)

    def _festivos(self, anio: int) -> Mapping[dt.date, str]:
        de_la_entidad = [
            e for (dia, punto), e in self.excepciones.items() if punto is None and dia.year == anio
        ]
        abiertos = {e.dia for e in de_la_entidad if e.abre}
        return {d: n for d, n in de_ley(anio).items() if d not in abiertos} | {
            e.dia: e.nombre for e in de_la_entidad if not e.abre
        }

    def _descansa(self, dia: dt.date) -> bool:
        return dia.weekday() in descanso_en(dia, self.descansos)

    def es_habil(self, dia: dt.date) -> bool:
        suya = self.excepciones.get((dia, None))
        return (
            suya.abre
            if suya is not None
            else not self.descansa(dia) and dia not in self.festivos(dia.year)
        )

    def sumar_habiles(self, dia: dt.date, n: int) -> dt.date:
        if type(n) is not int or abs(n) > MAXIMO_HABILES:
            raise ValueError(f"{n!r} is not a number of business days (at most {MAXIMO_HABILES})")
        paso = _UN_DIA if n > 0 else -_UN_DIA
        faltan = abs(n)
        while faltan:
            dia += paso
            faltan -= self.es_habil(dia)
        return dia


@lru_cache(maxsize=64)
def _del_pais(anio: int) -> holidays.HolidayBase:
    """That year and no other: threads share it."""
    codigo, _, region = ZONA.pais.partition("-")
    return holidays.country_holidays(
        codigo, subdiv=region or None, years=anio, expand=False, language="es"
    )


#: In one place, what this process knows of them; webforms/plazos/dias.py reads them again. A term is counted in a hundred places without a
#: database, by threads that each take it once.
_RIGE: Final = [_Calendario()]


def regir(excepciones: Iterable[Excepcion], descansos: Iterable[Descanso] = ()) -> None:
    """From now on these are the exceptions, and these the days of rest, and no others."""
    nuevo, antes = _Calendario(excepciones, descansos), _RIGE[0]
    if (nuevo.excepciones, nuevo.descansos) != (antes.excepciones, antes.descansos):
        _RIGE[0] = nuevo


def situar(zona: ZoneInfo = BOGOTA, pais: str = COLOMBIA) -> None:
    """Where the agency is, for the whole process, once, before anything is counted. ValueError: `pais_sabido` does not know the country."""
    if not pais_sabido(pais):
        raise ValueError(pais)
    ZONA.zona, ZONA.pais = zona, pais
    for recordado in (_del_pais, de_ley):
        recordado.cache_clear()
    _RIGE[0] = _Calendario(_RIGE[0].excepciones.values(), _RIGE[0].descansos)


def pais_sabido(pais: str) -> bool:
    """A country whose holidays are known ("CO"), or one of its regions ("ES-MD")."""
    codigo, _, region = pais.partition("-")
    regiones = holidays.list_supported_countries().get(codigo)
    return regiones is not None and (not region or region in regiones)


def _pais(dicho: str) -> str:
    if not pais_sabido(dicho):
        raise ValueError(dicho)
    return dicho


def _zona(dicha: str) -> ZoneInfo:
    if dicha not in available_timezones():
        raise ValueError(dicha)
    return ZoneInfo(dicha)


AJUSTE_ZONA: Final = Setting(
    "ZONA",
    _zona,
    BOGOTA,
    marked("ZONA: se espera una zona horaria, como America/Bogota, no «%(g)s»."),
    unset="`America/Bogota`",
    means=(
        "time zone of the agency: days, hours on pages and mails, ends of terms, schedules of "
        "diagrams. A point may have its own («Entidad»)"
    ),
)
AJUSTE_PAIS: Final = Setting(
    "PAIS",
    _pais,
    COLOMBIA,
    marked(
        "PAIS: se espera el país de los festivos, como CO, o una región suya, como ES-MD, no «%(g)s»."
    ),
    unset="`CO`",
    means=(
        "country whose holidays terms pass over (ISO 3166, as the library `holidays` knows "
        "it), or a region of it: `ES-MD`; which days of the week rest, too, until "
        "«Calendario» says otherwise (docs/administration.md)"
    ),
)


def excepcion(dia: dt.date, punto: str | None = None) -> Excepcion | None:
    """That of the point, else that of the whole agency."""
    excepciones = _RIGE[0].excepciones
    return excepciones.get((dia, punto)) or excepciones.get((dia, None))


@lru_cache(maxsize=64)
def de_ley(anio: int) -> Mapping[dt.date, str]:
    """Holidays of a year with their Spanish names where the library has them, without its "(observado)"."""
    return {
        dia: nombre.removesuffix(" (observado)")
        for dia, nombre in _del_pais(anio).items()
        if dia.year == anio
    }


def descanso_de_ley(dia: dt.date) -> frozenset[int]:
    """The days of the week that rest in the agency's country at the time of that day."""
    semana = [dt.date.fromordinal(max(1, dia.toordinal() - n)) for n in range(7)]
    return frozenset(d.weekday() for d in semana if _del_pais(dia.year).is_weekend(d))


def descansa(dia: dt.date) -> bool:
    """It is a day of the week that rests, whatever the agency does on it this time."""
    return _RIGE[0].descansa(dia)


def festivos(anio: int) -> Mapping[dt.date, str]:
    """The holidays of a year as the agency keeps them: those of the law but the days on which it opens, and those on which it closes."""
    return _RIGE[0].festivos(anio)


def fecha_larga(dia: dt.date) -> str:
    """ "miércoles 25 de noviembre de 2026"."""
    return f"{DIAS[dia.weekday()]} {dia.day} de {MESES[dia.month - 1]} de {dia.year}"


def nombre_del_mes(dia: dt.date) -> str:
    """ "octubre de 2026"."""
    return f"{MESES[dia.month - 1]} de {dia.year}"


def larga(dia: dt.date, *, con_anio: bool = False) -> str:
    """ "miércoles 25 de noviembre"; as documents say it."""
    return fecha_larga(dia) if con_anio else fecha_larga(dia).removesuffix(f" de {dia.year}")


def es_habil(dia: dt.date) -> bool:
    return _RIGE[0].es_habil(dia)


def es_habil_de_ley(dia: dt.date) -> bool:
    """Whatever exception the agency made of it."""
    return not descansa(dia) and dia not in de_ley(dia.year)


def sumar_habiles(dia: dt.date, n: int) -> dt.date:
    """The n-th business day after `dia` (before it, when n is negative); 0 gives `dia` itself.

    ValueError when n is no whole number or more than ten years: diagrams call this with whatever a form gave.
    """
    return _RIGE[0].sumar_habiles(dia, n)


def habiles_entre(desde: dt.date, hasta: dt.date) -> int:
    """Business days after `desde` up to `hasta`, which counts; negative when `hasta` comes first."""
    if hasta < desde:
        return -habiles_entre(hasta, desde)
    dias, rige = (hasta - desde).days, _RIGE[0]
    return sum(rige.es_habil(desde + dt.timedelta(days=k)) for k in range(1, dias + 1))


def dia_local(instante: dt.datetime, tz: dt.tzinfo = ZONA) -> dt.date:
    return instante.astimezone(tz).date()


def es_tarde(instante: dt.datetime, tz: dt.tzinfo = ZONA) -> bool:
    """The second half of its day has begun."""
    return instante.astimezone(tz).time() >= MEDIODIA


def instante(dia: dt.date, hora: dt.time, tz: dt.tzinfo = ZONA) -> dt.datetime:
    """A local hour of a day, in UTC."""
    return dt.datetime.combine(dia, hora, tz).astimezone(dt.UTC)


def al_terminar(dia: dt.date, tz: dt.tzinfo = ZONA) -> dt.datetime:
    """The first instant after a day, in UTC: what holds through that day holds until then. A day need not have 24 hours."""
    return instante(dia + _UN_DIA, dt.time(0), tz)


def ultimo_dia(fin: dt.datetime, tz: dt.tzinfo = ZONA) -> dt.date:
    """The last day of what holds until this instant: `al_terminar` back again."""
    return dia_local(fin - dt.timedelta(microseconds=1), tz)


def se_cruzan(
    desde: dt.datetime,
    hasta: dt.datetime | None,
    otro_desde: dt.datetime,
    otro_hasta: dt.datetime | None,
) -> bool:
    """Two times have an instant in common; None: it has no end. One that begins when the other ends does not meet it."""
    return (otro_hasta is None or desde < otro_hasta) and (hasta is None or otro_desde < hasta)


def fin_del_dia(dia: dt.date, tz: dt.tzinfo = ZONA) -> dt.datetime:
    return instante(dia, FIN_DEL_DIA, tz)


def vencimiento(desde: dt.datetime, dias: int, tz: dt.tzinfo = ZONA) -> dt.datetime:
    """When a term of that many business days ends, in UTC."""
    return fin_del_dia(sumar_habiles(dia_local(desde, tz), dias), tz)


def fraccion(desde: dt.datetime, dias: int, parte: float, tz: dt.tzinfo = ZONA) -> dt.datetime:
    """When that part of a term has passed, within office hours: half of 5 days is the third day at 12:30."""
    avance = dias * parte
    entero = max(1, math.ceil(round(avance, 6)))
    hora = JORNADA[0] + (avance - entero + 1) * (JORNADA[1] - JORNADA[0])
    dia = sumar_habiles(dia_local(desde, tz), entero)
    return instante(
        dia, dt.time(*divmod(round(hora * 60), 60)), tz
    )  # by the clock: a day may have 23 hours


def mes_terminado(hoy: dt.date, hace: int = 1) -> tuple[dt.date, dt.date]:
    """First and last day of the month that ended last, or of one before it."""
    cuenta = hoy.year * 12 + hoy.month - 1 - hace
    primero = dt.date(cuenta // 12, cuenta % 12 + 1, 1)
    return primero, (primero + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def es_mes_terminado(desde: dt.date, hasta: dt.date, hoy: dt.date) -> bool:
    """A whole month, from its first day to its last, and it has ended."""
    return (
        desde.day == 1
        and hasta < hoy
        and (desde, hasta) == mes_terminado((desde + dt.timedelta(days=31)).replace(day=1))
    )


def sumar_mes(desde: dt.datetime, meses: int = 1, tz: dt.tzinfo = ZONA) -> dt.datetime:
    """End of the same day of a later month; a day that is not a business day moves on to the next one (art. 62)."""
    dia = dia_local(desde, tz)
    anio, mes = divmod(dia.year * 12 + dia.month - 1 + meses, 12)
    final = dia.replace(
        year=anio, month=mes + 1, day=min(dia.day, calendar.monthrange(anio, mes + 1)[1])
    )
    rige = _RIGE[0]
    return fin_del_dia(final if rige.es_habil(final) else rige.sumar_habiles(final, 1), tz)


def corta(dia: dt.date, *, con_anio: bool = False) -> str:
    """ "mar 24 nov" """
    texto = f"{DIAS[dia.weekday()][:3]} {dia.day} {MESES[dia.month - 1][:3]}"
    return f"{texto} {dia.year}" if con_anio else texto


@dataclass(frozen=True, slots=True)
class Explicacion:
    """Why a term ends when it ends."""

    desde: dt.date
    dias: int
    vence: dt.date
    festivos: tuple[tuple[dt.date, str], ...]  # on days that do not rest, hence skipped
    fines_de_semana: int  # days of weekly rest skipped

    @property
    def frase(self) -> str:
        """ "10 días hábiles desde el mar 24 nov; el mar 8 dic es festivo: vence el mié 9 dic" """
        return f"{self.porque}: vence el {corta(self.vence, con_anio=self.desde.year != self.vence.year)}"

    @property
    def porque(self) -> str:
        """ "10 días hábiles desde el mar 24 nov; el mar 8 dic es festivo" """
        anio = self.desde.year != self.vence.year
        dias = "1 día hábil" if self.dias == 1 else f"{self.dias} días hábiles"
        texto = f"{dias} desde el {corta(self.desde, con_anio=anio)}"
        if self.festivos:
            texto += f"; {_enumerar([corta(dia) for dia, _ in self.festivos])}"
        return texto

    @property
    def en_documento(self) -> str:
        """ "10 días hábiles desde el martes 24 de noviembre, sin contar el martes 8 de diciembre, festivo" """
        anio = self.desde.year != self.vence.year
        dias = "1 día hábil" if self.dias == 1 else f"{self.dias} días hábiles"
        texto = f"{dias} desde el {larga(self.desde, con_anio=anio)}"
        if not self.festivos:
            return texto
        *otros, ultimo = [f"el {larga(dia, con_anio=anio)}" for dia, _ in self.festivos]
        return f"{texto}, sin contar {', '.join(otros)}{' y ' if otros else ''}{ultimo}, {'festivos' if otros else 'festivo'}"

    @classmethod
    def de_datos(cls, datos: Mapping[str, Any]) -> "Explicacion":
        """What `datos` gave, read again."""
        festivos_ = tuple(
            (dt.date.fromisoformat(dia), str(nombre)) for dia, nombre in datos["festivos"]
        )
        fechas = (
            dt.date.fromisoformat(datos["desde"]),
            int(datos["dias"]),
            dt.date.fromisoformat(datos["vence"]),
        )
        return cls(*fechas, festivos_, int(datos["fines_de_semana"]))

    def datos(self) -> dict[str, Any]:
        """As JSON, for `plazo.explicacion`."""
        return {
            "desde": self.desde.isoformat(),
            "dias": self.dias,
            "vence": self.vence.isoformat(),
            "festivos": [[dia.isoformat(), nombre] for dia, nombre in self.festivos],
            "fines_de_semana": self.fines_de_semana,
            "frase": self.frase,
        }


def _enumerar(dias: list[str]) -> str:
    if len(dias) == 1:
        return f"el {dias[0]} es festivo"
    return f"el {', el '.join(dias[:-1])} y el {dias[-1]} son festivos"


def explicar(desde: dt.datetime, dias: int, tz: dt.tzinfo = ZONA) -> Explicacion:
    primero, rige = dia_local(desde, tz), _RIGE[0]
    vence = rige.sumar_habiles(primero, dias)
    saltados = [
        d
        for k in range(1, (vence - primero).days + 1)
        if not rige.es_habil(d := primero + dt.timedelta(days=k))
    ]
    semana = tuple((d, rige.festivos(d.year)[d]) for d in saltados if not rige.descansa(d))
    return Explicacion(primero, dias, vence, semana, len(saltados) - len(semana))
