"""A notice = a row of evidence plus a job that sends it, both in the command's transaction; never twice for one key."""

from engine.types import Call
from handlers.correo.plantillas import Caso
from records import avisos
from records.avisos import DatosAviso
from records.avisos import NuevoAviso

SIN_CORREO = "sin correo: avisar por otro medio"


def caso_de(datos: DatosAviso) -> Caso:
    return Caso(datos.radicado, datos.tema, datos.limite_respuesta, datos.limite_escalar, datos.limite_interno, datos.idioma == "en")


def avisar(call: Call, aviso: NuevoAviso) -> bool:
    """False: this key was told before. Without an address the row stays, with its error, as a duty on the case page."""
    if not avisos.crear_aviso(call.session, aviso, now=call.now):
        return False
    clave = aviso.clave
    if not aviso.para:
        avisos.marcar_fallido(call.session, clave, SIN_CORREO)
        return True
    args = {"clave": clave, "key": clave, "instance_id": call.instance_id, "case_key": call.case_key}
    call.enqueue("correo.enviar", f"correo:{clave}", args, queue="mail")
    return True
