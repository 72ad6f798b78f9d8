"""Statements of records.visita.calificaciones."""

from typing import NamedTuple

from sqlalchemy import bindparam, insert, select

from common.prepared import Prepared, Query
from records.base.tablas import tabla_de
from records.visita.tablas import Atencion, Calificacion, Turno

_TURNO = tabla_de(Turno)
_ATENCION = tabla_de(Atencion)
_CALIFICACION = tabla_de(Calificacion)
_DE_ATENCION = (_CALIFICACION.c.turno_id == _TURNO.c.id) & (_CALIFICACION.c.momento == "atencion")


class FilaAntes(NamedTuple):
    """Where and by whom the turn was attended, and its rating when it has one."""

    punto_id: str
    asesor_id: str | None
    calificacion_id: int | None


ANTES = Query(
    select(_TURNO.c.punto_id, _ATENCION.c.asesor_id, _CALIFICACION.c.id.label("calificacion_id"))
    .outerjoin(_ATENCION, _ATENCION.c.turno_id == _TURNO.c.id)
    .outerjoin(_CALIFICACION, _DE_ATENCION)
    .where(_TURNO.c.id == bindparam("b_turno")),
    FilaAntes,
)
ALTA = Prepared(insert(_CALIFICACION).returning(_CALIFICACION.c.id))
