"""How a term was counted, in words and in the language of the page. What is kept with the term says
it in the agency's."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from common.language import SPANISH, counted, language, said
from records.plazos.reglas.calendario import Explicacion
from webforms.base import formatos


def _dia(e: Explicacion, dia: dt.date) -> str:
    return formatos.fecha(dia, dia if e.desde.year == e.vence.year else None)


def saltados(e: Explicacion) -> str:
    """ "; el lun 2 nov es festivo"; empty when no holiday was skipped."""
    if language() == SPANISH:
        _plazo, separador, dichos = e.porque.partition("; ")
        return f"{separador}{dichos}"
    dias = [_dia(e, dia) for dia, _nombre in e.festivos]
    return (
        "; "
        + counted("%(d)s es festivo", "%(d)s son festivos", len(dias), d=formatos.enumeracion(dias))
        if dias
        else ""
    )


def porque(e: Explicacion) -> str:
    """ "10 días hábiles desde el mar 24 nov; el mar 8 dic es festivo"."""
    if language() == SPANISH:
        return e.porque
    cuantos = counted("%(num)s día hábil", "%(num)s días hábiles", e.dias)
    return said("%(n)s desde el %(d)s", n=cuantos, d=_dia(e, e.desde)) + saltados(e)


def en_documento(e: Explicacion) -> str:
    """As papers say it: "10 días hábiles desde el martes 24 de noviembre, sin contar el martes 8 de
    diciembre, festivo"."""
    return e.en_documento if language() == SPANISH else porque(e)


def cuenta(explicacion: Explicacion | Mapping[str, Any]) -> str:
    """The whole sentence; of what was kept with a term (`plazo.explicacion`) as it was kept, or the
    same from its data."""
    if language() == SPANISH:
        return (
            explicacion.frase if isinstance(explicacion, Explicacion) else str(explicacion["frase"])
        )
    e = explicacion if isinstance(explicacion, Explicacion) else Explicacion.de_datos(explicacion)
    return said("%(p)s: vence el %(v)s", p=porque(e), v=_dia(e, e.vence))


FILTROS: Final[Mapping[str, Callable[..., str]]] = {
    "cuenta_del_termino": cuenta,
    "termino_en_documento": en_documento,
}
