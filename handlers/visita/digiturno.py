"""Digiturno, embedded: tickets and turns are our own tables (5.2.1, 5.2.13)."""

from collections.abc import Callable

from engine.errors import BusinessError
from engine.types import Call, Data, Handlers
from records.base.datos import entero, iso, texto
from records.base.errores import FilaManual
from records.visita import atenciones, turnos
from records.visita.turnos import desenlace

RUTAS_SIN_CASO = ("sala", "escrita")


def siempre(_punto_id: str) -> bool:
    return True


def register(handlers: Handlers, *, disponible: Callable[[str], bool] = siempre) -> None:
    """`disponible`: is the queue system of this point in service? Where it is not, the manual queue
    goes on (ERR_DIGITURNO)."""

    def encolar(call: Call) -> Data:
        """Puts the turn into the queue of its point, with the weight that the priority table
        gave."""
        if not disponible(texto(call.data, "punto_id")):
            raise BusinessError("ERR_DIGITURNO", "el sistema de turnos no está en servicio")
        prioridad = turnos.Prioridad(
            entero(call.data, "peso"),
            entero(call.data, "envejecimiento_min"),
            texto(call.data, "letra"),
        )
        try:
            encolado = turnos.encolar(
                call.session, entero(call.data, "turno_id"), prioridad, now=call.now
            )
        except FilaManual as error:
            raise BusinessError("ERR_DIGITURNO", "el punto da fichas de papel") from error
        return {"ficha": encolado.ficha, "fecha_cierre": iso(encolado.fecha_cierre)}

    handlers.local["digiturno.encolar"] = encolar
    handlers.local["digiturno.cerrar_turno"] = cerrar_turno


def cerrar_turno(call: Call) -> None:
    """Ends the turn and its attention, whatever way the visit took. The rows say how it ended:
    variables of an earlier turn of the same visit (power fetched, Q6) may still be there."""
    if call.data.get("turno_id") is None:
        return  # ten hours without a ticket
    turno_id = entero(call.data, "turno_id")
    fin = desenlace(call.session, turno_id)
    ruta = texto(call.data, "ruta")
    if fin.con_atencion and ruta:
        atenciones.anotar_ruta(call.session, turno_id, ruta)
    if fin.resultado == "poder_pendiente":
        atenciones.anotar_resultado(call.session, turno_id, "poder_pendiente")
    elif fin.con_atencion and ruta in RUTAS_SIN_CASO:
        atenciones.anotar_resultado(call.session, turno_id, ruta)
    turnos.cerrar_turno(call.session, turno_id, resultado=fin.resultado, now=call.now)
