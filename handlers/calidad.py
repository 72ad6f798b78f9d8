"""The quality of the service, from its own data: months are closed (5.2.23)."""

from engine.types import Call
from engine.types import Data
from engine.types import Handlers
from records import meses
from records.actos import Acto
from records.datos import instante
from records.rules.calendario import dia_local


def register(handlers: Handlers) -> None:
    handlers.local["calidad.cerrar_periodo"] = cerrar_periodo


def cerrar_periodo(call: Call) -> Data:
    """Freeze the month before the day of the start. Somebody may have closed it meanwhile: it stays as it is."""
    mes = meses.anterior(meses.del_mes(dia_local(instante(call.data, "cierre") or call.now)))
    cerrado = meses.vigente(call.session, mes) or meses.cerrar(call.session, mes, Acto(call.actor.id, call.now))
    return {"mes": f"{mes:%Y-%m}", "mes_version": cerrado.version, "mes_huella": cerrado.huella}
