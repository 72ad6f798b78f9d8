"""The CRM, embedded: people, cases, escalations and ratings are our own tables."""

from collections.abc import Callable

from engine.types import Handlers
from handlers.crm import atencion
from handlers.crm import cierre
from handlers.crm import escalonamiento
from handlers.crm import escrita
from handlers.enlaces import Enlaces


def siempre() -> bool:
    return True


def register(handlers: Handlers, *, enlaces: Enlaces, disponible: Callable[[], bool] = siempre) -> None:
    """`disponible`: is the CRM in service? Where it is not, 5.2.6 goes on with the contingency on paper (ERR_CRM)."""
    handlers.local |= {
        "crm.consultar": atencion.consultar(disponible),
        "crm.radicar": atencion.radicar,
        "crm.registrar_respuesta": atencion.registrar_respuesta,
        "crm.escalar": atencion.escalar,
        "crm.registrar_calificacion": atencion.registrar_calificacion,
        "crm.radicar_escrito": escrita.radicar_escrito,
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
