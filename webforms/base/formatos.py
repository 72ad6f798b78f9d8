"""Formats and masks. Days and months in the language of who reads; figures as the agency writes
them: "$ 1.284.500"."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from babel.dates import format_date
from babel.lists import format_list

from common.language import SPANISH, counted, language, said
from common.locales import locale_of
from records.base.reglas.documentos import enmascarar_documento, enmascarar_telefono
from records.plazos.reglas import calendario
from records.plazos.reglas.calendario import DIAS, MEDIODIA, MESES, ZONA, nombre_del_mes, ultimo_dia

PUNTO = "•"
KB, MB = 1000, 1_000_000


def dia_local(cuando: dt.date | dt.datetime) -> dt.date:
    """The date where the agency is, of an instant; a date stays as it is."""
    return cuando.astimezone(ZONA).date() if isinstance(cuando, dt.datetime) else cuando


def desde_texto(valor: str | dt.date | dt.datetime) -> dt.date | dt.datetime:
    """A date or instant from process data, where it is an ISO text."""
    if not isinstance(valor, str):
        return valor
    return (
        dt.datetime.fromisoformat(valor)
        if "T" in valor or " " in valor
        else dt.date.fromisoformat(valor)
    )


def fecha(valor: str | dt.date | dt.datetime | None, hoy: dt.date | None = None) -> str:
    """ "mié 25 nov"; with the year when it is not this one."""
    if valor in (None, ""):
        return ""
    dia = dia_local(desde_texto(valor))
    ano = hoy is None or dia.year != hoy.year
    if (lengua := language()) != SPANISH:
        return _en_palabras(dia, "EEE d MMM y" if ano else "EEE d MMM", lengua)
    return f"{DIAS[dia.weekday()][:3]} {dia.day} {MESES[dia.month - 1][:3]}{f' {dia.year}' if ano else ''}"


@lru_cache(maxsize=1024)
def _en_palabras(dia: dt.date, patron: str, lengua: str) -> str:
    return format_date(dia, patron, locale=locale_of(lengua))


def mes(dia: dt.date) -> str:
    """ "octubre de 2026"."""
    return (
        nombre_del_mes(dia)
        if (lengua := language()) == SPANISH
        else _en_palabras(dia, "MMMM y", lengua)
    )


def nombre_de_mes(numero: int) -> str:
    """ "octubre"."""
    return (
        MESES[numero - 1]
        if (lengua := language()) == SPANISH
        else _en_palabras(dt.date(2000, numero, 1), "MMMM", lengua)
    )


def nombre_de_dia(numero: int) -> str:
    """ "lunes" of 0."""
    return (
        DIAS[numero]
        if (lengua := language()) == SPANISH
        else _en_palabras(dt.date(2001, 1, 1 + numero), "EEEE", lengua)
    )


def dias_de_la_semana(numeros: Iterable[int]) -> str:
    """ "sábado y domingo"."""
    return enumeracion([nombre_de_dia(n) for n in sorted(numeros)])


def enumeracion(cosas: Sequence[str]) -> str:
    """ "a, b y c"."""
    return format_list(cosas, locale=locale_of(language())) if cosas else ""


class ConDias(Protocol):
    """An absence."""

    @property
    def desde(self) -> dt.date: ...
    @property
    def hasta(self) -> dt.date: ...
    @property
    def desde_mediodia(self) -> bool: ...
    @property
    def hasta_mediodia(self) -> bool: ...


def desde_cuando(ausencia: ConDias, hoy: dt.date | None = None) -> str:
    """ "mié 25 nov"; "mié 25 nov, 12:00" when it begins at noon."""
    return fecha(ausencia.desde, hoy) + (f", {MEDIODIA:%H:%M}" if ausencia.desde_mediodia else "")


def hasta_cuando(ausencia: ConDias, hoy: dt.date | None = None) -> str:
    """The same of its end."""
    return fecha(ausencia.hasta, hoy) + (f", {MEDIODIA:%H:%M}" if ausencia.hasta_mediodia else "")


def vispera(fin: dt.datetime, hoy: dt.date | None = None) -> str:
    """The last day of what holds until then."""
    return fecha(ultimo_dia(fin), hoy)


def fecha_de_documento(dia: dt.date) -> str:
    """ "14 mar 2001", as on an identity card: no day of the week."""
    if (lengua := language()) != SPANISH:
        return _en_palabras(dia, "d MMM y", lengua)
    return f"{dia.day} {MESES[dia.month - 1][:3]} {dia.year}"


def fecha_larga(valor: str | dt.date | dt.datetime | None) -> str:
    """ "miércoles 25 de noviembre de 2026"."""
    if valor in (None, ""):
        return ""
    dia = dia_local(desde_texto(valor))
    return (
        calendario.fecha_larga(dia)
        if (lengua := language()) == SPANISH
        else _en_palabras(dia, "EEEE d MMMM y", lengua)
    )


def con_mayuscula(texto: str) -> str:
    """At the head of a line; what follows stays, as the names of months in English."""
    return texto[:1].upper() + texto[1:]


def hora(valor: str | dt.datetime | None, *, segundos: bool = False) -> str:
    """ "10:42" where the agency is."""
    if valor in (None, ""):
        return ""
    momento = desde_texto(valor)
    if not isinstance(momento, dt.datetime):
        return ""
    return momento.astimezone(ZONA).strftime("%H:%M:%S" if segundos else "%H:%M")


def momento(valor: str | dt.datetime | None, hoy: dt.date | None = None) -> str:
    """ "mié 25 nov, 10:42"; today only "10:42"."""
    if valor in (None, ""):
        return ""
    cuando = desde_texto(valor)
    if hoy is not None and dia_local(cuando) == hoy:
        return (
            said("hoy, %(h)s", h=hora(cuando)) if isinstance(cuando, dt.datetime) else said("hoy")
        )
    return (
        f"{fecha(cuando, hoy)}, {hora(cuando)}"
        if isinstance(cuando, dt.datetime)
        else fecha(cuando, hoy)
    )


def el_momento(valor: str | dt.datetime | None, hoy: dt.date) -> str:
    """The same inside a sentence, with its article: "el mié 25 nov, 10:42", and "hoy, 10:42"."""
    if not valor:
        return ""
    dicho = momento(valor, hoy)
    return dicho if dia_local(desde_texto(valor)) == hoy else said("el %(d)s", d=dicho)


def numero(valor: float | None, decimales: int = 0) -> str:
    """ "1.284" and "0,6"."""
    if valor is None:
        return ""
    return f"{valor:,.{decimales}f}".translate(str.maketrans(",.", ".,"))


def dinero(valor: float | None) -> str:
    if valor is None:
        return ""
    return f"$ {numero(valor)}" if valor >= 0 else f"-$ {numero(-valor)}"


def porcentaje(valor: float | None, decimales: int = 0) -> str:
    """A share between 0 and 1: "84 %"."""
    return "" if valor is None else f"{numero(valor * 100, decimales)} %"


MINUTO = 60


def redondo(valor: float) -> int:
    """To the nearest whole, a half upwards, as people do it; of what is not below zero."""
    return int(valor + 0.5)


def duracion(segundos: float | None) -> str:
    """ "14 min", "6 h 8 min", "4.347 h", "40 s": to the nearest."""
    if segundos is None:
        return ""
    total = redondo(segundos)
    if total < MINUTO:
        return f"{total} s"
    horas, minutos = divmod(redondo(total / MINUTO), 60)
    partes = [f"{numero(horas)} h"] if horas else []
    return " ".join([*partes, f"{minutos} min"] if minutos or not horas else partes)


def antiguedad(segundos: float) -> str:
    """ "3 días", "1 hora", "14 minutos": the largest unit only."""
    if dias := int(segundos) // 86_400:
        return counted("%(num)s día", "%(num)s días", dias)
    if horas := int(segundos) // 3_600:
        return counted("%(num)s hora", "%(num)s horas", horas)
    if minutos := int(segundos) // 60:
        return counted("%(num)s minuto", "%(num)s minutos", minutos)
    return said("menos de un minuto")


def hace_habiles(cuando: dt.datetime, hoy: dt.date) -> str:
    """ "hace 3 días hábiles": the age of what has a term, in the unit of the terms."""
    dias = calendario.habiles_entre(dia_local(cuando), hoy)
    if dias == 0:
        return said("hoy") if dia_local(cuando) == hoy else said("desde el último día hábil")
    return counted("hace %(num)s día hábil", "hace %(num)s días hábiles", dias)


def documento(tipo: str | None, num: str | None) -> str:
    """ "CC •• ••• •821"; nothing without a number."""
    return enmascarar_documento(tipo or "", num).strip() if num else ""


def telefono(num: str | None) -> str:
    """ "3•• ••• 7719"."""
    return enmascarar_telefono(num or "")


def correo(direccion: str | None) -> str:
    """ "l••••••@correo.com"."""
    if not direccion or "@" not in direccion:
        return PUNTO * len(direccion or "")
    buzon, _, dominio = direccion.rpartition("@")
    return f"{buzon[:1]}{PUNTO * 6}@{dominio}"


def nombre_cubierto(nombre: str | None) -> str:
    """ "R••••••• V••••••": the first letter of each word."""
    return " ".join(palabra[0] + PUNTO * (len(palabra) - 1) for palabra in (nombre or "").split())


def texto_cubierto(valor: str | None) -> str:
    """An address or another free text: its first two characters."""
    return f"{valor[:2]}{PUNTO * 6}" if valor else ""


def tamano(bytes_: int) -> str:
    """ "120 B", "340 kB", "1,1 MB": nobody reads that ten forms have 1 kB each, and 1 kB
    together."""
    if bytes_ < KB:
        return f"{bytes_} B"
    return f"{numero(bytes_ / MB, 1)} MB" if bytes_ >= MB else f"{numero(round(bytes_ / KB))} kB"


FILTROS: dict[str, Callable[..., str]] = {
    "fecha": fecha,
    "fecha_larga": fecha_larga,
    "con_mayuscula": con_mayuscula,
    "nombre_de_dia": nombre_de_dia,
    "dias_de_la_semana": dias_de_la_semana,
    "mes": mes,
    "vispera": vispera,
    "desde_cuando": desde_cuando,
    "hasta_cuando": hasta_cuando,
    "hora": hora,
    "momento": momento,
    "el_momento": el_momento,
    "numero": numero,
    "dinero": dinero,
    "porcentaje": porcentaje,
    "tamano": tamano,
    "antiguedad": antiguedad,
    "hace_habiles": hace_habiles,
    "duracion": duracion,
    "nombre_cubierto": nombre_cubierto,
    "fecha_de_documento": fecha_de_documento,
}
