"""Notices as handlers send them, and what a mail says of a case."""

from engine.types import Call
from handlers.correo.plantillas import Caso
from records import avisos
from records.avisos import DatosAviso
from records.avisos import DesdeOrden
from records.avisos import NuevoAviso


def caso_de(datos: DatosAviso) -> Caso:
    return Caso(datos.radicado, datos.tema, datos.limite_respuesta, datos.limite_escalar, datos.limite_interno, datos.idioma == "en")


def avisar(call: Call, aviso: NuevoAviso) -> bool:
    """`records.avisos.avisar` in the command of this service task."""
    return avisos.avisar(DesdeOrden(call.session, call.now, call.enqueue, call.case_key, call.instance_id), aviso)
