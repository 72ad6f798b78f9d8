"""Calendar rules and their dates in words; pure."""

import re
from typing import Final

from engine.types import Occurrence
from engine.types import ScheduleRule
from records.rules.calendario import DIAS
from records.rules.calendario import MESES
from webforms.base.formatos import fecha

_SI_ES_FESTIVO: Final = {
    "same": "",
    "next": "; si no es hábil, el día hábil siguiente",
    "previous": "; si no es hábil, el día hábil anterior",
    "skip": "; si no es hábil, ese no",
}
_UNIDADES: Final = {
    "Y": ("año", "años"),
    "M": ("mes", "meses"),
    "W": ("semana", "semanas"),
    "D": ("día", "días"),
    "TH": ("hora", "horas"),
    "TM": ("minuto", "minutos"),
}
_UNA_PARTE: Final = re.compile(r"P(T?)(\d+)([YMWDH])")


def regla(rule: ScheduleRule) -> str:
    """ "cada día hábil a las 7:00" """
    if rule.each == "timer":
        return _temporizador(rule.timer)
    hora = f" a las {rule.at.hour}:{rule.at.minute:02}"
    if rule.each == "business_day":
        return f"cada día hábil{hora}"
    if rule.each == "day":
        return f"todos los días{hora}{_SI_ES_FESTIVO[rule.shift]}"
    if rule.each == "week":
        return f"cada {_lista([DIAS[n] for n in rule.weekdays])}{hora}{_SI_ES_FESTIVO[rule.shift]}"
    meses = f"de {_lista([MESES[n - 1] for n in rule.months])}" if rule.months else "de cada mes"
    return f"el {_dia(rule)} {meses}{hora}{_SI_ES_FESTIVO[rule.shift]}"


def _dia(rule: ScheduleRule) -> str:
    if rule.business_day is None:
        return "último día" if rule.day == -1 else f"día {rule.day}"
    numero = abs(rule.business_day)
    if rule.business_day > 0:
        return "primer día hábil" if numero == 1 else f"día hábil número {numero}"
    return "último día hábil" if numero == 1 else f"día hábil número {numero} contado desde el final"


def _temporizador(texto: str) -> str:
    """ "cada mes", "cada 15 minutos, 3 veces"; what is neither says what the diagram says."""
    if texto.startswith("R"):
        veces, *partes = texto.split("/")
        cada = _duracion(partes[-1])
        if cada is not None:
            desde = f" desde el {fecha(partes[0])}" if len(partes) > 1 else ""
            veces = f", {veces[1:]} veces" if veces[1:] else ""
            return f"cada {cada}{desde}{veces}"
    elif texto.startswith("P"):
        cada = _duracion(texto)
        if cada is not None:
            return f"una vez, {cada} después de entrar en vigor"
    else:
        return f"una vez, el {fecha(texto)}"
    return f"según el diagrama: {texto}"


def _duracion(texto: str) -> str | None:
    hallado = _UNA_PARTE.fullmatch(texto)
    if hallado is None or hallado[1] + hallado[3] not in _UNIDADES:
        return None
    numero, (una, varias) = int(hallado[2]), _UNIDADES[hallado[1] + hallado[3]]
    return una if numero == 1 else f"{numero} {varias}"


def _lista(partes: list[str]) -> str:
    return partes[0] if len(partes) == 1 else f"{', '.join(partes[:-1])} y {partes[-1]}"


def porque(ocurrencia: Occurrence) -> str:
    """ "el mar 8 dic es festivo (La Inmaculada Concepción)"; empty when there is nothing to explain."""
    festivos = [f"el {fecha(dia, dia)} es festivo ({nombre})" for dia, nombre in ocurrencia.holidays]
    if ocurrencia.moved_from is not None:
        movida = f"se corre desde el {fecha(ocurrencia.moved_from, ocurrencia.moved_from)}"
        return f"{movida}: {_lista(festivos)}" if festivos else f"{movida}, que no es hábil"
    return _lista(festivos) if festivos else ""
