"""What the CRM does while somebody is attended (P01: 5.2.6 to 5.2.15) and when documents are filed
(P09)."""

from collections.abc import Callable
from dataclasses import replace

from common.language import speaking
from engine.errors import BusinessError
from engine.types import Call, Data, LocalHandler
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo, caso_de
from records.base.actos import acto_de
from records.base.datos import entero, instante, iso, texto
from records.casos import casos, escalonamientos
from records.correo import avisos
from records.cuentas.reglas.roles import ASESOR
from records.visita import atenciones, calificaciones


def consultar(disponible: Callable[[], bool]) -> LocalHandler:
    """5.2.6: the CRM is in service; what the legacy systems hold of a holder is fetched while the
    adviser does 5.2.7."""

    def handler(call: Call) -> None:
        if not disponible():
            raise BusinessError("ERR_CRM", "el CRM no está en servicio")
        persona_id, turno_id = entero(call.data, "persona_id"), entero(call.data, "turno_id")
        # who files documents asks for no data
        if call.data.get("titularidad") == "verificada" and call.data.get("ruta") != "escrita":
            clave = f"precarga:{turno_id}:{persona_id}"
            args: Data = {
                "turno_id": turno_id,
                "key": clave,
                "instance_id": call.instance_id,
                "case_key": call.case_key,
            }
            call.enqueue("legado.precargar", clave, args)

    return handler


def radicar(call: Call) -> Data:
    """5.2.8: the number of the case and both limits: five business days to escalate (4.2), the
    legal term to answer. Of a case that has its number the subject was put right: only the legal
    term may be another."""
    caso_id, acto = entero(call.data, "caso_id"), acto_de(call)
    dias, prorroga = entero(call.data, "dias_termino"), entero(call.data, "prorroga_max")
    radicacion = casos.radicar(
        call.session, caso_id, acto, dias_termino=dias, prorroga_max=prorroga
    )
    respuesta = radicacion.limites.respuesta
    if radicacion.dias != dias:
        nuevo = escalonamientos.cambiar_termino(call.session, caso_id, dias, prorroga, acto)
        respuesta = nuevo or respuesta
    return {
        "radicado": radicacion.radicado,
        "fecha_limite_escalar": iso(radicacion.limites.escalar),
        "fecha_aviso_escalar": iso(radicacion.limites.aviso_escalar),
        "fecha_limite_respuesta": iso(respuesta),
    }


def registrar_respuesta(call: Call) -> None:
    """5.2.11: answered at the desk, which closes the case."""
    casos.resolver_en_punto(
        call.session,
        entero(call.data, "caso_id"),
        acto_de(call),
        salida=instante(call.data, "fin_en_papel"),
    )
    atenciones.anotar_resultado(
        call.session, entero(call.data, "turno_id"), "resuelto", primer_contacto=True
    )


def escalar(call: Call) -> Data:
    """5.2.15: to the area that the matrix named, and its notice in the same commit (control
    6-3)."""
    caso_id = entero(call.data, "caso_id")
    asesor_id = _asesor(call, caso_id)
    escalonamiento_id = a_su_area(call, caso_id, asesor_id)
    atenciones.anotar_resultado(call.session, entero(call.data, "turno_id"), "escalado")
    return {"escalonamiento_id": escalonamiento_id, "asesor_id": asesor_id}


def a_su_area(call: Call, caso_id: int, asesor_id: str, *, avisa: bool = True) -> int:
    """To the area that the matrix named, which is told; with `avisa` False it is told when the case
    begins there."""
    nuevo = escalonamientos.NuevoEscalonamiento(
        area_id=texto(call.data, "area_id"),
        grupo=texto(call.data, "grupo"),
        plazo_interno=entero(call.data, "plazo_interno"),
        nivel2=texto(call.data, "nivel2"),
        nivel3=texto(call.data, "nivel3"),
    )
    escalonamiento_id = escalonamientos.escalar(
        call.session, caso_id, nuevo, replace(acto_de(call), quien=asesor_id)
    )
    if avisa:
        avisar_area(call, caso_id)
    return escalonamiento_id


def avisar_area(call: Call, caso_id: int) -> None:
    """The area that has the case is told once for each time that it gets it."""
    datos = avisos.datos_aviso(call.session, caso_id)
    with speaking(None):
        carta = plantillas.caso_asignado(caso_de(datos), datos.area)
        al_equipo(
            call,
            carta.aviso(f"asignado:{caso_id}:{datos.n}", "asignado", datos.correo_area, caso_id),
        )


def _asesor(call: Call, caso_id: int) -> str:
    """The adviser at the desk; when somebody else makes the token go on (a retry), or types in a
    paper, the one who has the case."""
    if "formato" not in call.data and any(role.name == ASESOR for role in call.actor.roles):
        return call.actor.id
    return casos.asesor_de(call.session, caso_id)


def registrar_calificacion(call: Call) -> None:
    """5.2.13: the row exists however the token came here; without a rating it says "no
    califica"."""
    calificaciones.registrar_calificacion(
        call.session,
        entero(call.data, "turno_id"),
        calificaciones.NuevaCalificacion(
            None, medio=texto(call.data, "medio_calificacion") or None
        ),
        acto_de(call),
    )
