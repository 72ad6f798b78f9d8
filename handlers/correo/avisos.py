"""Notices as handlers send them, and what a mail says of a case."""

from dataclasses import replace

from common.language import said
from engine.types import Call
from handlers.correo.plantillas import Carta, Caso
from records.correo import avisos, direcciones
from records.correo.avisos import DatosAviso, DesdeOrden, NuevoAviso


def caso_de(datos: DatosAviso) -> Caso:
    return Caso(
        datos.radicado,
        datos.tema,
        datos.limite_respuesta,
        datos.limite_escalar,
        datos.limite_interno,
        datos.idioma,
    )


def al_usuario(call: Call, caso_id: int, clave: str, tipo: str, carta: Carta) -> bool:
    """To the person by the medium that they chose (5.2.14): by mail, or on paper, a duty on the
    case until somebody delivers it. An address that sent a mail back is none until the person
    confirms it."""
    datos = avisos.datos_aviso(call.session, caso_id)
    dudosa = direcciones.estado(call.session, datos.correo_usuario).dudosa
    motivo = avisos.EN_PAPEL.get(
        datos.medio_respuesta or "", avisos.CORREO_DUDOSO if dudosa else avisos.SIN_CORREO
    )
    para = "" if dudosa or datos.medio_respuesta in avisos.EN_PAPEL else datos.correo_usuario
    orden = DesdeOrden(call.session, call.now, call.enqueue, call.case_key, call.instance_id)
    return avisos.avisar(orden, carta.aviso(clave, tipo, para, caso_id), motivo)


def al_equipo(call: Call, aviso: NuevoAviso, ruta: str = "") -> bool:
    """To people of the entity, with where to go: the case, or `ruta`. Written while their language
    is spoken (`avisos.hablandole`)."""
    destino = ruta or f"/caso/{call.case_key}"
    return avisar(
        call,
        replace(
            aviso,
            texto=f"{aviso.texto}\n\n{said('Ábralo en Ventanilla:')}\n{avisos.SITIO}{destino}",
        ),
    )


def avisar(call: Call, aviso: NuevoAviso) -> bool:
    """`records.correo.avisos.avisar` in the command of this service task."""
    return avisos.avisar(
        DesdeOrden(call.session, call.now, call.enqueue, call.case_key, call.instance_id), aviso
    )
