"""The words of codes that decision tables and diagrams use and no table of ours lists: by the
variable that holds them."""

from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import gettext as _, lazy_gettext as _l

from records.catalogos.catalogo import LINEAS
from records.plazos.reglas.plazos import NORMAS
from records.sistemas.reglas.sistemas import SISTEMAS
from webforms.campos.comunes import MOTIVOS_VISITA, SUBCLASES
from webforms.casos.escritos import DISPOSICIONES

Opciones = Sequence[tuple[str, str]]
#: Names of what no form offers.
NOMBRES: Final[Mapping[str, Mapping[str, object]]] = {
    "clase": {"solicitud": _l("Solicitud"), "reclamo": _l("Reclamo"), "queja": _l("Queja")},
    "tipo_termino": {
        "informacion": _l("Pide información o documentos"),
        "consulta": _l("Consulta"),
        "peticion": _l("Petición"),
    },
    "disposicion": DISPOSICIONES,
    "canal": {"presencial": _l("Presencial"), "escrito": _l("Escrito")},
    "condicion": {"ninguna": _l("Atención general"), "preferente": _l("Atención preferencial")},
    "ruta": {
        "personalizada": _l("Atención personalizada"),
        "sala": _l("Sala informativa"),
        "escrita": _l("Atención escrita"),
    },
}


def opciones_de(variable: str) -> Opciones:
    """The codes of a variable with their words; empty for one that nobody lists."""
    if variable in NOMBRES:
        return [(codigo, str(nombre)) for codigo, nombre in NOMBRES[variable].items()]
    fijas: Mapping[str, Opciones] = {
        "norma": [(n.codigo, n.nombre) for n in NORMAS],
        "linea": list(LINEAS.items()),
        "sistemas": [(s.codigo, s.nombre) for s in SISTEMAS],
        "motivo_visita": [(codigo, str(nombre)) for codigo, nombre in MOTIVOS_VISITA],
        "subclase": [
            *((codigo, str(nombre)) for codigo, nombre in SUBCLASES),
            ("", _("Ninguna de estas")),
        ],
    }
    return fijas.get(variable, ())
