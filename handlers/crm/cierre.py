"""How a case ends: nonconformity (section 3), closing with the rating link (M5-1-01 act. 15)."""

from engine.types import Call, LocalHandler
from handlers.correo import plantillas
from handlers.correo.avisos import avisar, caso_de
from handlers.enlaces import Enlaces
from records.base.actos import acto_de
from records.base.datos import entero, texto
from records.casos import casos
from records.correo import avisos
from records.plazos.reglas.plazos import VIGENCIA_ENLACE
from records.visita import calificaciones


def registrar_nc(call: Call) -> None:
    """A queja or reclamo that proceeds is a nonconformity."""
    datos = avisos.datos_aviso(call.session, entero(call.data, "caso_id"))
    causa = f"{texto(call.data, 'clase').capitalize() or 'Caso'} procedente: {datos.tema}."
    casos.registrar_nc(call.session, entero(call.data, "caso_id"), causa, acto_de(call))


def cerrar_caso(enlaces: Enlaces) -> LocalHandler:
    """Closes the case; who has an address and did not choose paper gets a link to rate the answer,
    once and within 5 days."""

    def handler(call: Call) -> None:
        caso_id = entero(call.data, "caso_id")
        casos.cerrar(call.session, caso_id, acto_de(call))
        datos = avisos.datos_aviso(call.session, caso_id)
        if not datos.correo_usuario or datos.medio_respuesta in avisos.EN_PAPEL:
            return
        carta = plantillas.calificacion(caso_de(datos), call.now + VIGENCIA_ENLACE)
        if avisar(
            call, carta.aviso(f"calificar:{caso_id}", "calificacion", datos.correo_usuario, caso_id)
        ):
            calificaciones.crear_enlace(call.session, caso_id, enlaces.token(caso_id), now=call.now)

    return handler
