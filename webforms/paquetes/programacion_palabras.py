"""Calendar rules and their dates in words."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from common.language import counted, said
from engine.types import Occurrence, ScheduleRule
from webforms.base.formatos import enumeracion, fecha, nombre_de_dia, nombre_de_mes

_SI_ES_FESTIVO: Final[Mapping[str, Callable[[], str]]] = {
    "same": lambda: "",
    "next": lambda: said("; si no es hábil, el día hábil siguiente"),
    "previous": lambda: said("; si no es hábil, el día hábil anterior"),
    "skip": lambda: said("; si no es hábil, ese no"),
}
_CADA: Final[Mapping[str, Callable[[int], str]]] = {
    "Y": lambda n: counted("cada año", "cada %(num)s años", n),
    "M": lambda n: counted("cada mes", "cada %(num)s meses", n),
    "W": lambda n: counted("cada semana", "cada %(num)s semanas", n),
    "D": lambda n: counted("cada día", "cada %(num)s días", n),
    "TH": lambda n: counted("cada hora", "cada %(num)s horas", n),
    "TM": lambda n: counted("cada minuto", "cada %(num)s minutos", n),
}
_DESPUES: Final[Mapping[str, Callable[[int], str]]] = {
    "Y": lambda n: counted(
        "una vez, un año después de entrar en vigor",
        "una vez, %(num)s años después de entrar en vigor",
        n,
    ),
    "M": lambda n: counted(
        "una vez, un mes después de entrar en vigor",
        "una vez, %(num)s meses después de entrar en vigor",
        n,
    ),
    "W": lambda n: counted(
        "una vez, una semana después de entrar en vigor",
        "una vez, %(num)s semanas después de entrar en vigor",
        n,
    ),
    "D": lambda n: counted(
        "una vez, un día después de entrar en vigor",
        "una vez, %(num)s días después de entrar en vigor",
        n,
    ),
    "TH": lambda n: counted(
        "una vez, una hora después de entrar en vigor",
        "una vez, %(num)s horas después de entrar en vigor",
        n,
    ),
    "TM": lambda n: counted(
        "una vez, un minuto después de entrar en vigor",
        "una vez, %(num)s minutos después de entrar en vigor",
        n,
    ),
}
_UNA_PARTE: Final = re.compile(r"P(T?)(\d+)([YMWDH])")


def regla(rule: ScheduleRule) -> str:
    """ "cada día hábil a las 7:00" """
    if rule.each == "timer":
        return _temporizador(rule.timer)
    if rule.each == "cron":
        return said("según el diagrama: %(t)s", t=rule.timer)
    hora = f"{rule.at.hour}:{rule.at.minute:02}"
    if rule.each == "business_day":
        return said("cada día hábil a las %(h)s", h=hora)
    festivo = _SI_ES_FESTIVO[rule.shift]()
    if rule.each == "day":
        return said("todos los días a las %(h)s", h=hora) + festivo
    if rule.each == "week":
        return (
            said(
                "cada %(dias)s a las %(h)s",
                dias=enumeracion([nombre_de_dia(n) for n in rule.weekdays]),
                h=hora,
            )
            + festivo
        )
    meses = (
        said("de %(meses)s", meses=enumeracion([nombre_de_mes(n) for n in rule.months]))
        if rule.months
        else said("de cada mes")
    )
    return said("el %(dia)s %(meses)s a las %(h)s", dia=_dia(rule), meses=meses, h=hora) + festivo


def _dia(rule: ScheduleRule) -> str:
    if rule.business_day is None:
        return said("último día") if rule.day == -1 else said("día %(n)s", n=rule.day)
    numero = abs(rule.business_day)
    if rule.business_day > 0:
        return said("primer día hábil") if numero == 1 else said("día hábil número %(n)s", n=numero)
    return (
        said("último día hábil")
        if numero == 1
        else said("día hábil número %(n)s contado desde el final", n=numero)
    )


def _temporizador(texto: str) -> str:
    """ "cada mes", "cada 15 minutos, 3 veces"; what is neither says what the diagram says."""
    if texto.startswith("R"):
        veces, *partes = texto.split("/")
        if dicho := _duracion(partes[-1], _CADA):
            desde = said(" desde el %(d)s", d=fecha(partes[0])) if len(partes) > 1 else ""
            return f"{dicho}{desde}" + (said(", %(n)s veces", n=veces[1:]) if veces[1:] else "")
    elif texto.startswith("P"):
        if dicho := _duracion(texto, _DESPUES):
            return dicho
    else:
        return said("una vez, el %(d)s", d=fecha(texto))
    return said("según el diagrama: %(t)s", t=texto)


def _duracion(texto: str, dichos: Mapping[str, Callable[[int], str]]) -> str:
    hallado = _UNA_PARTE.fullmatch(texto)
    decir = dichos.get(hallado[1] + hallado[3]) if hallado is not None else None
    return decir(int(hallado[2])) if hallado is not None and decir is not None else ""


def porque(ocurrencia: Occurrence) -> str:
    """ "el mar 8 dic es festivo (La Inmaculada Concepción)"; empty when there is nothing to
    explain."""
    dichos = [
        said("el %(d)s es festivo (%(n)s)", d=fecha(dia, dia), n=nombre)
        for dia, nombre in ocurrencia.holidays
    ]
    festivos = enumeracion(dichos)
    if ocurrencia.moved_from is None:
        return festivos
    desde = fecha(ocurrencia.moved_from, ocurrencia.moved_from)
    if festivos:
        return said("se corre desde el %(d)s: %(f)s", d=desde, f=festivos)
    return said("se corre desde el %(d)s, que no es hábil", d=desde)
