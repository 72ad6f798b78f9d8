"""What people call the elements of a diagram: number of the activity and name, in the language of
the page."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from engine.types import ElementSpec
from webforms.base.rotulos import rotulo

#: Jobs that belong to no element of a diagram, as people know them.
DE_FONDO: Final[Mapping[str, Any]] = {
    "correo.enviar": _l("Enviar un correo"),
    "legado.precargar": _l("Consultar los aplicativos antes de atender"),
}


def detiene(elemento: str) -> bool:
    """An incident of this step stops its case; one of a job in the background does not: the notice
    is sent again, the case goes on."""
    return elemento not in DE_FONDO


def numero_de_actividad(elemento: str) -> str:
    """ "5.2.17" of "act_5_2_17", and 5.2.32 of both of its parts, "act_5_2_32" and "act_5_2_32b";
    other elements have no number."""
    if not elemento.startswith("act_5_"):
        return ""
    partes = (parte.rstrip("ab") for parte in elemento.removeprefix("act_").split("_"))
    return ".".join(parte for parte in partes if parte.isdigit())


def titulo_de_elemento(elemento: str, nombre: str) -> str:
    """ "5.2.17 Dar respuesta al caso"."""
    return f"{numero_de_actividad(elemento)} {rotulo(nombre)}".strip()


def titulo_de_paso(clave: str, elemento: ElementSpec | None) -> str:
    """Of an element, or of a job in the background that stands on no diagram."""
    return titulo_de_elemento(
        clave, elemento.name if elemento is not None else str(DE_FONDO.get(clave, clave))
    )
