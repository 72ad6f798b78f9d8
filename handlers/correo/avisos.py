"""A notice = a row of evidence plus a job that sends it, both in the command's transaction; never twice for one key."""

from engine.types import Call
from handlers.correo.plantillas import Carta
from handlers.correo.plantillas import Caso
from records import avisos
from records.avisos import DatosAviso

SIN_CORREO = "sin correo: avisar por otro medio"


def caso_de(datos: DatosAviso) -> Caso:
    return Caso(datos.radicado, datos.tema, datos.limite_respuesta, datos.limite_escalar, datos.limite_interno)


def avisar(call: Call, clave: str, carta: Carta, *, caso_id: int, tipo: str, para: str) -> bool:
    """False: this key was told before. Without an address the row stays, with its error, as a duty on the case page."""
    nuevo = avisos.crear_aviso(
        call.session, clave, tipo=tipo, para=para, asunto=carta.asunto, texto=carta.texto, now=call.now, caso_id=caso_id
    )
    if not nuevo:
        return False
    if not para:
        avisos.marcar_fallido(call.session, clave, SIN_CORREO)
        return True
    args = {"clave": clave, "key": clave, "instance_id": call.instance_id, "case_key": call.case_key}
    call.enqueue("correo.enviar", f"correo:{clave}", args, queue="mail")
    return True
