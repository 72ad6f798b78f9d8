"""The keys of each page: what stands below the page, and together in «Ayuda». A test compares them
with what the pages declare."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from records.sistemas.reglas.sistemas import SISTEMAS

#: Of the first templates of an adviser, in their order.
DE_PLANTILLAS: Final = ("F6", "F7")


@dataclass(frozen=True, slots=True)
class Atajo:
    teclas: tuple[str, ...]
    hace: Any


TODAS, BANDEJA, TAREA, CONSOLA, COTEJO, PAPEL, EDITOR = (
    "todas",
    "bandeja",
    "tarea",
    "consola",
    "cotejo",
    "papel",
    "editor",
)
NOMBRES: Final[Mapping[str, Any]] = {
    TODAS: _l("Cualquier página"),
    BANDEJA: _l("La bandeja"),
    TAREA: _l("Una tarea"),
    CONSOLA: _l("La atención de una visita"),
    COTEJO: _l("La comparación de los datos de la persona"),
    PAPEL: _l("La digitación de formatos en papel"),
    EDITOR: _l("El editor de diagramas"),
}
ATAJOS: Final[Mapping[str, tuple[Atajo, ...]]] = {
    TODAS: (Atajo(("Ctrl K",), _l("ir a una página por su nombre")),),
    BANDEJA: (
        Atajo(("Ctrl ↓", "Ctrl ↑"), _l("línea siguiente, anterior")),
        Atajo(("Ctrl Enter",), _l("tomar o abrir la línea")),
        Atajo(("Ctrl B",), _l("buscar")),
        Atajo(("Ctrl /",), _l("ver estos atajos")),
    ),
    TAREA: (Atajo(("Ctrl Enter",), _l("terminar")), Atajo(("Ctrl S",), _l("guardar"))),
    CONSOLA: (
        Atajo(("Ctrl Enter",), _l("llamar al siguiente, o completar la actividad")),
        Atajo(("Ctrl S",), _l("guardar borrador")),
        Atajo(("F8",), _l("devolver el turno a la fila")),
        Atajo(("F10",), _l("trasladar el turno")),
        Atajo(("F9",), _l("escalar, o volver de escalar a la respuesta")),
        Atajo(
            tuple(s.tecla for s in SISTEMAS),
            _l("insertar en la respuesta lo que dice un aplicativo"),
        ),
        Atajo(DE_PLANTILLAS, _l("insertar una plantilla")),
        Atajo(("Ctrl /",), _l("ver estos atajos")),
    ),
    COTEJO: (
        Atajo(("Ctrl I",), _l("todo es igual")),
        Atajo(("Ctrl B",), _l("buscar a la persona por nombre")),
    ),
    PAPEL: (Atajo(("Ctrl Enter",), _l("guardar y digitar el siguiente")),),
    EDITOR: (Atajo(("Ctrl S",), _l("guardar borrador")),),
}
