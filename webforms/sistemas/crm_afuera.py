"""The worker and the CRM outside: what is to be written there is, each night every record is
compared."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from engine.types import Transactions
from records.plazos.reglas.calendario import ZONA, dia_local
from records.sistemas import crm_externo
from records.sistemas.puertos import CrmAfuera

DE_NOCHE: Final = 2  #: o'clock; nobody attends then
MOTOR: Final = "motor"


def vuelta(
    crm: CrmAfuera, uow: Transactions, now: dt.datetime, *, seguir: Callable[[], bool]
) -> int:
    """One look of the worker; how many people and cases were written."""
    hechos = crm.enviar_pendientes(now, seguir)
    if now.astimezone(ZONA).hour >= DE_NOCHE:
        with uow.reading() as session:
            antes = crm_externo.ultima(session)
        # every look asks: it takes nothing
        if antes is None or dia_local(antes.comenzo) < dia_local(now):
            crm.conciliar_hoy(MOTOR, now, seguir)
    return hechos
