"""The information room: visits are assigned to talks, and each talk tells its visits that it took
place (5.2.19)."""

from engine.types import Call, Data, Handlers
from records.base.datos import entero
from records.visita import charlas


def register(handlers: Handlers) -> None:
    handlers.local["sala.asignar"] = asignar
    handlers.local["sala.retirar"] = retirar
    handlers.local["sala.avisar_asistentes"] = avisar_asistentes


def asignar(call: Call) -> Data:
    """To the next talk of the point; who comes first opens it."""
    return {
        "charla_id": charlas.asignar_charla(
            call.session, entero(call.data, "turno_id"), now=call.now
        )
    }


def retirar(call: Call) -> None:
    """No talk within the hour, or the person left."""
    charlas.retirar(call.session, entero(call.data, "turno_id"), now=call.now)


def avisar_asistentes(call: Call) -> None:
    """One message for each visit that was there; the key is its turn, so that no other visit takes
    it."""
    for turno_id in charlas.presentes(call.session, entero(call.data, "charla_id")):
        call.throw("CharlaRealizada", str(turno_id), {})
