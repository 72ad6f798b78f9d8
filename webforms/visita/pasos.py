"""Which steps a visit takes: the bar and "lo que sigue" of the console, by the route of the visit
(5.2.3, 5.2.4). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from engine.reads.instances import Mark
from engine.states import MarkState
from engine.types import Data


@dataclass(frozen=True, slots=True)
class Paso:
    """A step of the bar; it also stands for the elements that mend or prepare it."""

    numero: str
    palabra: Any
    elementos: tuple[str, ...]

    @property
    def elemento(self) -> str:
        return self.elementos[0]


LLAMAR: Final = Paso("2", _l("Llamar"), ("act_5_2_2",))
MOTIVO: Final = Paso("3", _l("Motivo"), ("act_5_2_3",))
TITULARIDAD: Final = Paso("4", _l("Titularidad"), ("act_5_2_4",))
PODER: Final = Paso("5", _l("Poder"), ("act_5_2_5",))
CRM: Final = Paso("6", _l("CRM"), ("act_5_2_6", "us_contingencia_crm"))
DATOS: Final = Paso("7", _l("Datos"), ("act_5_2_7",))
TIPIFICAR: Final = Paso("8", _l("Tipificar"), ("act_5_2_8", "us_reclasificar"))
APLICATIVOS: Final = Paso("9", _l("Aplicativos"), ("act_5_2_9", "us_consulta_manual"))
RESPONDER: Final = Paso("10", _l("Responder"), ("act_5_2_10",))
ESCALAR: Final = Paso("14", _l("Escalar"), ("act_5_2_14",))
CHARLA: Final = Paso("19", _l("Charla"), ("act_5_2_19", "msg_charla"))
INQUIETUDES: Final = Paso("20", _l("Inquietudes"), ("act_5_2_20",))
INFORMAR: Final = Paso("21", _l("Informar"), ("act_5_2_21",))
EXTERIOR: Final = Paso("22", _l("Exterior"), ("act_5_2_22",))
RADICAR: Final = Paso("R", _l("Radicar"), ("thr_escrita",))
CALIFICAR: Final = Paso("12", _l("Calificar"), ("act_5_2_12",))

#: What the process does by itself after a step; "lo que sigue" names it.
AUTOMATICOS: Final[Mapping[str, tuple[str, ...]]] = {
    "act_5_2_10": ("act_5_2_11",),
    "act_5_2_14": ("act_5_2_15",),
}
DE_LA_SALA: Final = ("informacion_general", "estudios_exterior")


def ruta_de(datos: Data) -> str:
    """The route that 5.2.3 decided; before, the one to which the motive of the ticket leads."""
    ruta = datos.get("ruta")
    if isinstance(ruta, str) and ruta:
        return ruta
    motivo = datos.get("motivo_visita")
    return (
        "sala"
        if motivo in DE_LA_SALA
        else "escrita"
        if motivo == "radicar_documentos"
        else "personalizada"
    )


def camino(datos: Data, recorrido: Mapping[str, Mark], aqui: str) -> list[Paso]:
    """The steps of this visit, in order. A detour stands in the bar once it is taken."""

    def tomado(paso: Paso) -> bool:
        return aqui in paso.elementos or _hecho(paso, recorrido)

    ruta = ruta_de(datos)
    if ruta == "sala":
        usual = EXTERIOR if datos.get("motivo_visita") == "estudios_exterior" else INFORMAR
        temas = [p for p in (INFORMAR, EXTERIOR) if p is usual or tomado(p)]
        return [LLAMAR, MOTIVO, CHARLA, INQUIETUDES, *temas, CALIFICAR]
    con_poder = tomado(PODER) or datos.get("titularidad") == "no_titular"
    potencial = datos.get("titularidad") == "cliente_potencial"
    identificar = [TITULARIDAD, *([PODER] if con_poder else []), *([] if potencial else [CRM])]
    if ruta == "escrita":
        return [LLAMAR, MOTIVO, *identificar, DATOS, RADICAR, CALIFICAR]
    # who came back from 5.2.14 has not
    escala = aqui in ESCALAR.elementos or datos.get("escalonamiento_id") is not None
    responder = [*([] if potencial else [APLICATIVOS]), RESPONDER, *([ESCALAR] if escala else [])]
    return [LLAMAR, MOTIVO, *identificar, DATOS, TIPIFICAR, *responder, CALIFICAR]


def _hecho(paso: Paso, recorrido: Mapping[str, Mark]) -> bool:
    return any(e in recorrido and recorrido[e].state == MarkState.DONE for e in paso.elementos)


def barra(datos: Data, recorrido: Mapping[str, Mark], aqui: str) -> list[tuple[str, str, str]]:
    """(number, word, state) of each step."""
    pasos = []
    for paso in camino(datos, recorrido, aqui):
        estado = "actual" if aqui in paso.elementos else "hecho" if _hecho(paso, recorrido) else ""
        pasos.append((paso.numero, str(paso.palabra), estado))
    return pasos


def siguientes(datos: Data, recorrido: Mapping[str, Mark], aqui: str) -> list[str]:
    """Elements of the next three steps after this one, with what the process does by itself."""
    orden: list[str] = []
    en = -1
    for paso in camino(datos, recorrido, aqui):
        orden.append(paso.elemento)
        if aqui in paso.elementos:
            en = len(orden)
        orden.extend(AUTOMATICOS.get(paso.elemento, ()))
    return orden[en:][:3] if en >= 0 else []
