"""How the answer of a written case left, in words: for the page of the case, its review and the
citizen."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from common.language import marked
from records.escritos.reglas.guias import OPERADORES

#: Why a letter comes back, as operators say it.
CAUSAS: Mapping[str, str] = {
    "direccion": marked("La dirección no existe o está incompleta"),
    "no_reside": marked("La persona no reside ahí"),
    "cerrado": marked("Cerrado, después de dos visitas"),
    "rehusado": marked("No la quisieron recibir"),
    "otra": marked("Otra causa"),
}
DISPOSICIONES: Mapping[str, Any] = {
    "seleccion": _l("selección de una muestra"),
    "conservacion": _l("conservación total"),
    "eliminacion": _l("eliminación"),
}
FILTROS = {
    "operador_postal": lambda codigo: (
        str(_(OPERADORES[codigo].nombre)) if codigo in OPERADORES else codigo or ""
    ),
    "causa_devolucion": lambda codigo: str(_(CAUSAS[codigo])) if codigo in CAUSAS else codigo or "",
    "disposicion": lambda codigo: DISPOSICIONES.get(codigo, codigo or ""),
}
