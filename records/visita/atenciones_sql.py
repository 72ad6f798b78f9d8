"""Statements of records.visita.atenciones."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, update

from common.prepared import Prepared
from records.base.tablas import tabla_de
from records.visita.tablas import Atencion

_ATENCION = tabla_de(Atencion)


@cache
def anotar(columnas: tuple[str, ...]) -> Prepared:
    """Sets these columns of the attention of a turn: one statement for each function that notes
    something."""
    valores: dict[str, Any] = {columna: bindparam(f"b_{columna}") for columna in columnas}
    return Prepared(
        update(_ATENCION).where(_ATENCION.c.turno_id == bindparam("b_turno")).values(valores)
    )
