"""Whether a deadline was met: what a reviewer asks first. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from common.language import marked
from records.casos.reglas import estados
from records.plazos.reglas.calendario import dia_local, habiles_entre

CUMPLIDO: Final = "cumplido"
INCUMPLIDO: Final = "incumplido"
VIGENTE: Final = "vigente"
SUSPENDIDO: Final = "suspendido"
# the case ended before its limit, and what was due is not owed any more
SIN_EFECTO: Final = "sin_efecto"

NOMBRES = {
    CUMPLIDO: marked("Cumplido"),
    INCUMPLIDO: marked("Incumplido"),
    VIGENTE: marked("Vigente"),
    SUSPENDIDO: marked("Suspendido"),
    SIN_EFECTO: marked("Sin efecto"),
}


@dataclass(frozen=True, slots=True)
class Veredicto:
    """`hecho`: when what was due was done; None: it was not. `tarde`: business days after the
    limit, until it was done or until now."""

    cual: str
    vence: dt.datetime
    hecho: dt.datetime | None
    tarde: int = 0


@dataclass(frozen=True, slots=True)
class Momento:
    """Where the case stands when it is judged: its state, when it ended, what time it is, and
    whether its clock stands still."""

    estado: str
    cerrado: dt.datetime | None
    ahora: dt.datetime
    detenido: bool = False


def veredicto(vence: dt.datetime, hecho: dt.datetime | None, momento: Momento) -> Veredicto:
    """Of one deadline. What was not done is judged on the day on which the case ended; a clock that
    stands still is not judged."""
    terminado = momento.estado in estados.FINALES
    hasta = hecho or (momento.cerrado if terminado else None) or momento.ahora
    if hecho is None and momento.detenido:
        return Veredicto(SUSPENDIDO, vence, None)
    if hasta > vence:
        return Veredicto(
            INCUMPLIDO, vence, hecho, habiles_entre(dia_local(vence), dia_local(hasta))
        )
    if hecho is not None:
        return Veredicto(CUMPLIDO, vence, hecho)
    return Veredicto(SIN_EFECTO if terminado else VIGENTE, vence, None)
