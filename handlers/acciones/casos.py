"""`caso.crear` begins a case of another procedure with what this one knows, and tells its number;
`caso.enlazar` links two cases.

A beginning is remote: the other case is a command of its own. Under the key of the step it begins
once, however often it is asked for.
"""

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy.orm import Session

from common.language import SPANISH, kept, marked, speaking
from engine import reads
from engine.errors import BusinessError, GiveUp, NotFound
from engine.types import ActionSpec, Call, Data, InputRule, RemoteCall
from handlers.acciones.cartas import DE_TODO_CASO, lo_que_se_sabe, texto
from records.base.actos import acto_de
from records.base.errores import DatoInvalido
from records.casos import enlaces_de_caso, mensajes, registro
from records.casos.enlaces_de_caso import CLASES
from records.correo.reglas import cartas

ACCION: Final = ActionSpec(
    marked("Empezar un caso de otro proceso"),
    (
        InputRule(
            "proceso",
            marked("Proceso"),
            "process",
            hint=marked("Uno que abre casos. Debajo, qué valor lleva cada variable suya."),
        ),
        InputRule(
            "variable",
            marked("Variable en que se entrega su número"),
            "output",
            required=False,
            hint=marked("De tipo texto."),
        ),
    ),
    free=True,
)
ENLACE: Final = ActionSpec(
    marked("Vincular con otro caso por su número"),
    (
        InputRule(
            "numero",
            marked("Número del otro caso"),
            hint=marked("Casi siempre = y la variable que lo tiene."),
        ),
        InputRule(
            "clase",
            marked("Cómo se relaciona con él"),
            "choice",
            options=tuple((clase, uno) for clase, (uno, _otro) in CLASES.items()),
        ),
        InputRule(
            "motivo",
            marked("Por qué"),
            "places",
            hint=marked("Queda en los dos casos; {campo} es un dato."),
            words=DE_TODO_CASO,
        ),
    ),
)
ERR_CASO: Final = "ERR_CASO"
LARGO_DEL_MOTIVO: Final = 1_000
MAS_HONDO: Final = 10  #: cases that begin one another
_CLAVE: Final = "caso:"
PROPIAS: Final = frozenset(regla.name for regla in ACCION.inputs)


class Empezar(Protocol):
    """Begins an instance of a process in the name of the product; its case. The same key gives the
    same one. NotFound."""

    def __call__(self, proceso: str, clave: str, datos: Data, now: dt.datetime) -> str: ...


@dataclass(frozen=True, slots=True)
class Comienzos:
    sesiones: Callable[[], Session]
    empezar: Empezar

    def crear(self, call: RemoteCall) -> Data:
        proceso = texto(call, "proceso")
        with self.sesiones() as session:
            hondo = _hondo(reads.instances.start_key(session, call.instance_id)) + 1
        if hondo > MAS_HONDO:
            raise GiveUp(
                kept("%(a)s casos se abrieron uno al otro: aquí para la cadena", a=MAS_HONDO),
                "unexpected_data",
            )
        clave = f"{_CLAVE}{call.key}" if hondo == 1 else f"{_CLAVE}{call.key}:{hondo}"
        try:
            case_key = self.empezar(proceso, clave, lleva(call.inputs), call.now)
        except NotFound as error:
            raise GiveUp(
                kept("«%(a)s» ya no está en vigor, o no se puede empezar", a=proceso),
                "unexpected_data",
            ) from error
        with self.sesiones() as session:
            ficha = registro.ficha(session, case_key)
        variable = texto(call, "variable")
        return {variable: ficha.numero if ficha is not None else None} if variable else {}


def _hondo(clave: str | None) -> int:
    """How many cases began one another until this one, which began under this key."""
    if clave is None or not clave.startswith(_CLAVE):
        return 0
    return int(clave.rpartition(":")[2]) if clave.count(":") > 1 else 1


def lleva(inputs: Data) -> Data:
    """The variables of the other process."""
    return {nombre: valor for nombre, valor in inputs.items() if nombre not in PROPIAS}


def enlazar(call: Call) -> None:
    """Linked so already, it stays so. ERR_CASO: no other case has this number."""
    numero, clase = texto(call, "numero"), texto(call, "clase")
    otro = mensajes.caso_de(call.session, numero) if numero else None
    if otro is None or otro == call.case_key:
        raise BusinessError(ERR_CASO, kept("ningún otro caso tiene el número «%(a)s»", a=numero))
    if clase not in CLASES:
        raise ValueError(f"«{clase}» no dice cómo se relacionan dos casos")
    with speaking(SPANISH):  # it is kept
        motivo = cartas.llenar_nombre(
            texto(call, "motivo"), lo_que_se_sabe(call.session, call, call.told()), LARGO_DEL_MOTIVO
        )
    with contextlib.suppress(DatoInvalido):
        enlaces_de_caso.enlazar(call.session, call.case_key, otro, clase, motivo, acto_de(call))
