"""The month that a page speaks of."""

import datetime as dt
from typing import Final

from flask import abort, request

from records.base.errores import DatoInvalido
from records.controles.controles import Periodo
from records.informes import meses, reportes
from webforms.base import formatos
from webforms.base.servicios import servicios

MESES: Final = 13  #: that may be chosen: this one and the year before it


def mes_de_la_ruta(texto: str) -> dt.date:
    """Its first day; 404 for what is no month."""
    try:
        return reportes.mes_de(texto)
    except DatoInvalido:
        abort(404)


def periodo() -> Periodo:
    """The month of the address, else this one; up to today."""
    now = servicios().clock.now()
    hoy = formatos.dia_local(now)
    try:
        primero = dt.date.fromisoformat(f"{request.args.get('mes') or f'{hoy:%Y-%m}'}-01")
    except ValueError:
        abort(404)
    if primero > hoy:
        abort(404)
    return Periodo(primero, min(hoy, meses.siguiente(primero) - dt.timedelta(days=1)), now)


def meses_para_elegir(p: Periodo) -> list[dt.date]:
    mes, todos = formatos.dia_local(p.now).replace(day=1), []
    for _n in range(MESES):
        todos.append(mes)
        mes = meses.anterior(mes)
    return todos
