"""The CRM, embedded: people, cases, escalations and ratings are our own tables."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from engine.types import Call, Data, Handlers, LocalHandler
from handlers.conectores.guarda import Bitacora, Guarda, Suceso
from handlers.conectores.suitecrm import Sincronia
from handlers.crm import atencion, cierre, escalonamiento, escrita
from handlers.crm.persona import CRM, PersonaDelCrm
from handlers.enlaces import Enlaces
from records.base.datos import opcional
from records.sistemas import crm_externo
from records.sistemas.reglas.crm import CASO, PERSONA


def siempre() -> bool:
    return True


def register(
    handlers: Handlers,
    *,
    enlaces: Enlaces,
    disponible: Callable[[], bool] = siempre,
    afuera: bool = False,
) -> None:
    """`disponible`: is the CRM in service? Where it is not, 5.2.6 goes on with the contingency on
    paper (ERR_CRM).

    `afuera`: a CRM outside hears of each of these acts, when it is there; what it is to hear is
    kept with the act itself.
    """
    actos: dict[str, LocalHandler] = {
        "crm.radicar": atencion.radicar,
        "crm.registrar_respuesta": atencion.registrar_respuesta,
        "crm.escalar": atencion.escalar,
        "crm.registrar_calificacion": atencion.registrar_calificacion,
        "crm.radicar_escrito": escrita.radicar_escrito,
        "crm.avisar_entrega": escrita.avisar_entrega,
        "crm.entregar_escrito": escrita.entregar_escrito,
        "crm.determinar_firmante": escrita.determinar_firmante,
        "crm.archivar_escrito": escrita.archivar_escrito(cierre.cerrar_caso(enlaces)),
        "crm.calcular_plazos": escalonamiento.calcular_plazos,
        "crm.reasignar": escalonamiento.reasignar,
        "crm.requerir": escalonamiento.requerir,
        "crm.reanudar": escalonamiento.reanudar,
        "crm.desistir": escalonamiento.desistir,
        "crm.prorrogar": escalonamiento.prorrogar,
        "crm.registrar_nc": cierre.registrar_nc,
        "crm.cerrar_caso": cierre.cerrar_caso(enlaces),
    }
    handlers.local["crm.consultar"] = atencion.consultar(disponible)  # changes nothing
    handlers.local |= (
        {nombre: contado(acto, nombre) for nombre, acto in actos.items()} if afuera else actos
    )


def contado(acto: LocalHandler, nombre: str) -> LocalHandler:
    """The act, and in the same transaction that the CRM outside must hear of the case, or of the
    person where there is no case."""

    def handler(call: Call) -> Data | None:
        hecho = acto(call)
        caso_id, persona_id = opcional(call.data, "caso_id"), opcional(call.data, "persona_id")
        if caso_id:
            crm_externo.anotar(call.session, CASO, caso_id, nombre, call.now)
        elif persona_id:
            crm_externo.anotar(call.session, PERSONA, persona_id, nombre, call.now)
        return hecho

    return handler


def guarda_de_persona(
    sesiones: Callable[[], Session], crm: Sincronia | None, *, bitacora: Bitacora, suceso: Suceso
) -> Guarda:
    """Around the question of a step for what the CRM holds of a person; no visit asks through
    it."""
    conector = PersonaDelCrm(sesiones, crm.crm if crm is not None else None)
    return Guarda(CRM, conector, verificada=lambda _doc: False, bitacora=bitacora, suceso=suceso)
