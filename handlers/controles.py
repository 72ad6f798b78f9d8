"""Evidence of the conditions and controls of the procedure (sections 4 and 6)."""

import datetime as dt
from typing import Final

from engine.types import Call
from engine.types import Data
from engine.types import Handlers
from records import avisos
from records import fallas
from records.actos import acto_de
from records.datos import entero
from records.datos import instante
from records.datos import iso
from records.rules import calendario


def register(handlers: Handlers) -> None:
    handlers.local["controles.incumple_4_2"] = incumple_4_2
    handlers.local["controles.determinar_fallas"] = determinar_fallas


def incumple_4_2(call: Call) -> None:
    """Condition 4.2: five business days have passed and the case was not escalated. Nothing is blocked; the row stays."""
    caso_id = entero(call.data, "caso_id")
    vencia = instante(call.data, "fecha_limite_escalar") or call.now
    avisos.registrar_incumplimiento(call.session, caso_id, condicion="4.2", vencia=vencia, now=call.now)


#: When the report that nobody reviewed gives way to that of the next business day.
DA_PASO: Final = dt.time(7, 25)


def determinar_fallas(call: Call) -> Data:
    """Control 6-5: the escalated cases that are not solved within their terms, as they stand this morning."""
    hecho = fallas.determinar(call.session, acto_de(call))
    siguiente = calendario.sumar_habiles(hecho.dia, 1)
    return {"n_vencidos": hecho.cuantos, "reporte_fallas_id": hecho.id, "fecha_reemplazo": iso(calendario.instante(siguiente, DA_PASO))}
