"""Calendar rules and their dates in words."""

import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.types import Occurrence
from engine.types import ScheduleRule
from records.rules.calendario import DIAS
from records.rules.calendario import MESES
from webforms.base.formatos import fecha

_SI_ES_FESTIVO: Final[Mapping[str, Any]] = {
    "same": "",
    "next": _l("; si no es hábil, el día hábil siguiente"),
    "previous": _l("; si no es hábil, el día hábil anterior"),
    "skip": _l("; si no es hábil, ese no"),
}
#: "mes" of one, "15 minutos" of more.
_UNIDADES: Final[Mapping[str, tuple[Any, Callable[[int], str]]]] = {
    "Y": (_l("año"), lambda n: str(_("%(n)s años", n=n))),
    "M": (_l("mes"), lambda n: str(_("%(n)s meses", n=n))),
    "W": (_l("semana"), lambda n: str(_("%(n)s semanas", n=n))),
    "D": (_l("día"), lambda n: str(_("%(n)s días", n=n))),
    "TH": (_l("hora"), lambda n: str(_("%(n)s horas", n=n))),
    "TM": (_l("minuto"), lambda n: str(_("%(n)s minutos", n=n))),
}
_UNA_PARTE: Final = re.compile(r"P(T?)(\d+)([YMWDH])")


def regla(rule: ScheduleRule) -> str:
    """ "cada día hábil a las 7:00" """
    if rule.each == "timer":
        return _temporizador(rule.timer)
    hora, si_es_festivo = f"{rule.at.hour}:{rule.at.minute:02}", str(_SI_ES_FESTIVO[rule.shift])
    if rule.each == "business_day":
        return str(_("cada día hábil a las %(h)s", h=hora))
    if rule.each == "day":
        return str(_("todos los días a las %(h)s", h=hora)) + si_es_festivo
    if rule.each == "week":
        dias = _lista([str(_(DIAS[n])) for n in rule.weekdays])
        return str(_("cada %(dias)s a las %(h)s", dias=dias, h=hora)) + si_es_festivo
    meses = _lista([str(_(MESES[n - 1])) for n in rule.months])
    if meses:
        return str(_("el %(dia)s de %(meses)s a las %(h)s", dia=_dia(rule), meses=meses, h=hora)) + si_es_festivo
    return str(_("el %(dia)s de cada mes a las %(h)s", dia=_dia(rule), h=hora)) + si_es_festivo


def _dia(rule: ScheduleRule) -> str:
    if rule.business_day is None:
        return str(_("último día") if rule.day == -1 else _("día %(n)s", n=rule.day))
    numero = abs(rule.business_day)
    if rule.business_day > 0:
        return str(_("primer día hábil") if numero == 1 else _("día hábil número %(n)s", n=numero))
    return str(_("último día hábil") if numero == 1 else _("día hábil número %(n)s contado desde el final", n=numero))


def _temporizador(texto: str) -> str:
    """ "cada mes", "cada 15 minutos, 3 veces"; what is neither says what the diagram says."""
    if texto.startswith("R"):
        veces, *partes = texto.split("/")
        cada = _duracion(partes[-1])
        if cada is not None:
            desde = str(_(" desde el %(d)s", d=fecha(partes[0]))) if len(partes) > 1 else ""
            veces = str(_(", %(n)s veces", n=veces[1:])) if veces[1:] else ""
            return str(_("cada %(cada)s", cada=cada)) + desde + veces
    elif texto.startswith("P"):
        cada = _duracion(texto)
        if cada is not None:
            return str(_("una vez, %(cada)s después de entrar en vigor", cada=cada))
    else:
        return str(_("una vez, el %(d)s", d=fecha(texto)))
    return str(_("según el diagrama: %(t)s", t=texto))


def _duracion(texto: str) -> str | None:
    hallado = _UNA_PARTE.fullmatch(texto)
    if hallado is None or hallado[1] + hallado[3] not in _UNIDADES:
        return None
    numero, (una, varias) = int(hallado[2]), _UNIDADES[hallado[1] + hallado[3]]
    return str(una) if numero == 1 else varias(numero)


def _lista(partes: list[str]) -> str:
    return partes[0] if len(partes) == 1 else str(_(" y ")).join(filter(None, [", ".join(partes[:-1]), *partes[-1:]]))


def porque(ocurrencia: Occurrence) -> str:
    """ "el mar 8 dic es festivo (La Inmaculada Concepción)"; empty when there is nothing to explain."""
    festivos = [str(_("el %(d)s es festivo (%(n)s)", d=fecha(dia, dia), n=nombre)) for dia, nombre in ocurrencia.holidays]
    if ocurrencia.moved_from is not None:
        antes = fecha(ocurrencia.moved_from, ocurrencia.moved_from)
        return str(
            _("se corre desde el %(d)s: %(f)s", d=antes, f=_lista(festivos))
            if festivos
            else _("se corre desde el %(d)s, que no es hábil", d=antes)
        )
    return _lista(festivos) if festivos else ""
