"""Evidence of the conditions and controls of the procedure (sections 4 and 6)."""

from engine.types import Call
from engine.types import Handlers
from records import avisos
from records.datos import entero
from records.datos import instante


def register(handlers: Handlers) -> None:
    handlers.local["controles.incumple_4_2"] = incumple_4_2


def incumple_4_2(call: Call) -> None:
    """Condition 4.2: five business days have passed and the case was not escalated. Nothing is blocked; the row stays."""
    caso_id = entero(call.data, "caso_id")
    vencia = instante(call.data, "fecha_limite_escalar") or call.now
    avisos.registrar_incumplimiento(call.session, caso_id, condicion="4.2", vencia=vencia, now=call.now)
