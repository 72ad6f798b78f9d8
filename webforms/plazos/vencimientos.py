"""When a task is due, in words: state, sentence, absolute date. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from common.language import counted, said
from records.plazos.reglas.calendario import ZONA, habiles_entre
from webforms.base import formatos

#: type of a term → what it is for
PLAZOS: Mapping[str, Any] = {
    "escalar": _l("Escalar"),
    "respuesta": _l("Responder"),
    "interno": _l("Plazo interno"),
    "complemento": _l("Complemento"),
}
FIN_DE_JORNADA = dt.time(23, 59)  # a term that ends with the day needs no hour


@dataclass(frozen=True, slots=True)
class Vencimiento:
    """`estado` is a class of `.estado`: critica, vencida, por-vencer, tranquila."""

    estado: str
    frase: str  #: "Vence hoy a las 17:00"
    fecha: str  #: "mar 24 nov"
    iso: str  #: for <time datetime>
    porque: str = ""  #: "5 días hábiles desde el jue 12; el lunes 16 fue festivo"


def frase_del_plazo(limite: dt.datetime, ahora: dt.datetime) -> str:
    """What is left, or since when it is over, the same words on every page: in business days, the
    unit of the terms."""
    hoy, dia = formatos.dia_local(ahora), formatos.dia_local(limite)
    if limite < ahora:
        return _vencido(dia, hoy)
    if dia == hoy:
        local = limite.astimezone(ZONA)
        return (
            said("Vence hoy")
            if local.time() >= FIN_DE_JORNADA
            else said("Vence hoy a las %(h)s", h=f"{local:%H:%M}")
        )
    habiles = habiles_entre(hoy, dia)
    if habiles == 0:
        return said("Vence el %(d)s", d=formatos.fecha(dia, hoy))
    return counted("Queda %(num)s día hábil", "Quedan %(num)s días hábiles", habiles)


def _vencido(dia: dt.date, hoy: dt.date) -> str:
    """A weekend or a holiday after the day counts nothing."""
    if dia == hoy:
        return said("Venció hoy")
    habiles = habiles_entre(dia, hoy)
    if habiles == 0:
        return said("Venció antes del fin de semana o festivo")
    return counted("Venció hace %(num)s día hábil", "Venció hace %(num)s días hábiles", habiles)


def vencimiento(
    limite: dt.datetime | None,
    ahora: dt.datetime,
    *,
    porque: str = "",
    termino_legal: dt.datetime | None = None,
) -> Vencimiento | None:
    """None without a due date. Critical is what passed the legal term with the citizen."""
    if limite is None:
        return None
    hoy, dia = formatos.dia_local(ahora), formatos.dia_local(limite)
    fecha, iso = formatos.fecha(dia, hoy), limite.astimezone(ZONA).isoformat(timespec="minutes")
    if termino_legal is not None and termino_legal < ahora:
        return Vencimiento(
            "critica",
            frase_del_plazo(limite, ahora) if limite < ahora else said("Pasó el término legal"),
            fecha,
            iso,
            porque,
        )
    estado = (
        "vencida"
        if limite < ahora
        else "por-vencer"
        if habiles_entre(hoy, dia) <= 1
        else "tranquila"
    )
    return Vencimiento(estado, frase_del_plazo(limite, ahora), fecha, iso, porque)
