"""`caso.crear`: begins a case of another procedure with what this one knows, and tells its number.

Remote: the other case is a command of its own. Under the key of the step it begins once, however often it is asked for.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from typing import Protocol

from sqlalchemy.orm import Session

from engine.errors import GiveUp
from engine.errors import NotFound
from engine.types import ActionSpec
from engine.types import Data
from engine.types import InputRule
from engine.types import RemoteCall
from handlers.acciones.cartas import texto
from records import registro

ACCION: Final = ActionSpec(
    "Empezar un caso de otro proceso",
    (
        InputRule("proceso", "Proceso", "process", hint="Uno que abre casos. Debajo, qué valor lleva cada variable suya."),
        InputRule("variable", "Variable en que se entrega su número", "output", required=False, hint="De tipo texto."),
    ),
    free=True,
)
PROPIAS: Final = frozenset(regla.name for regla in ACCION.inputs)


class Empezar(Protocol):
    """Begins an instance of a process in the name of the product; its case. The same key gives the same one. NotFound."""

    def __call__(self, proceso: str, clave: str, datos: Data, now: dt.datetime) -> str: ...


@dataclass(frozen=True, slots=True)
class Comienzos:
    sesiones: Callable[[], Session]
    empezar: Empezar

    def crear(self, call: RemoteCall) -> Data:
        proceso = texto(call, "proceso")
        try:
            case_key = self.empezar(proceso, f"caso:{call.key}", lleva(call.inputs), call.now)
        except NotFound as error:
            raise GiveUp(f"«{proceso}» ya no está en vigor, o no se puede empezar", "unexpected_data") from error
        with self.sesiones() as session:
            ficha = registro.ficha(session, case_key)
        variable = texto(call, "variable")
        return {variable: ficha.numero if ficha is not None else None} if variable else {}


def lleva(inputs: Data) -> Data:
    """The variables of the other process."""
    return {nombre: valor for nombre, valor in inputs.items() if nombre not in PROPIAS}
