"""How a case ends: nonconformity (section 3), closing with the rating link (M5-1-01 act. 15)."""

from engine.types import Call
from engine.types import LocalHandler
from handlers.correo import plantillas
from handlers.correo.avisos import avisar
from handlers.correo.avisos import caso_de
from handlers.datos import entero
from handlers.datos import texto
from handlers.enlaces import Enlaces
from records import avisos
from records import calificaciones
from records import casos
from records.rules.plazos import VIGENCIA_ENLACE


def registrar_nc(call: Call) -> None:
    """A queja or reclamo that proceeds is a nonconformity."""
    datos = avisos.datos_aviso(call.session, entero(call.data, "caso_id"))
    causa = f"{texto(call.data, 'clase').capitalize() or 'Caso'} procedente: {datos.tema}."
    casos.registrar_nc(call.session, entero(call.data, "caso_id"), causa=causa, actor_id=call.actor.id, now=call.now)


def cerrar_caso(enlaces: Enlaces) -> LocalHandler:
    """Closes the case; who has an address gets a link to rate the answer, once and within 5 days."""

    def handler(call: Call) -> None:
        caso_id = entero(call.data, "caso_id")
        casos.cerrar(call.session, caso_id, actor_id=call.actor.id, now=call.now)
        datos = avisos.datos_aviso(call.session, caso_id)
        if not datos.correo_usuario:
            return
        carta = plantillas.calificacion(caso_de(datos), call.now + VIGENCIA_ENLACE)
        if avisar(call, f"calificar:{caso_id}", carta, caso_id=caso_id, tipo="calificacion", para=datos.correo_usuario):
            calificaciones.crear_enlace(call.session, caso_id, enlaces.token(caso_id), now=call.now)

    return handler
