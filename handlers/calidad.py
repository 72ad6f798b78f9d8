"""The quality of the service, from its own data: months are closed, and what is made of them (5.2.23–5.2.26)."""

import datetime as dt
from typing import Final

from engine.types import Call
from engine.types import Data
from engine.types import Handlers
from records import meses
from records import reportes
from records.actos import Acto
from records.actos import acto_de
from records.datos import instante
from records.datos import iso
from records.datos import texto
from records.rules.calendario import dia_local
from records.rules.calendario import fin_del_dia
from records.rules.calendario import sumar_habiles


def register(handlers: Handlers) -> None:
    handlers.local["calidad.cerrar_periodo"] = cerrar_periodo
    handlers.local["calidad.informe_quejas"] = informe_quejas


#: Q17: the text gives no day until which the reports are there; this business day of the next month.
DIA_DE_LOS_REPORTES: Final = 5


def cerrar_periodo(call: Call) -> Data:
    """Freeze the month before the day of the start. Somebody may have closed it meanwhile: it stays as it is.

    Then each point that works owes its report (5.2.23), until the fifth business day of the next month (Q17).
    """
    mes = meses.anterior(meses.del_mes(dia_local(instante(call.data, "cierre") or call.now)))
    cerrado = meses.vigente(call.session, mes) or meses.cerrar(call.session, mes, Acto(call.actor.id, call.now))
    hasta = sumar_habiles(meses.siguiente(mes) - dt.timedelta(days=1), DIA_DE_LOS_REPORTES)
    return {
        "mes": f"{mes:%Y-%m}",
        "mes_version": cerrado.version,
        "mes_huella": cerrado.huella,
        "puntos": reportes.pedir(call.session, mes, cerrado, acto_de(call)),
        "fecha_reportes": iso(fin_del_dia(hasta)),
    }


def informe_quejas(call: Call) -> Data:
    """The «Informe mensual de quejas, reclamos o sugerencias» of section 7."""
    hecho = reportes.informe_de_quejas(call.session, reportes.mes_de(texto(call.data, "mes")), acto_de(call))
    return {"informe_quejas_id": hecho.id}
