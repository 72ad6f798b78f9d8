"""How the answer of a written case left, in words: for the page of the case, its review and the citizen."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from records.rules.guias import OPERADORES

#: Why a letter comes back, as operators say it.
CAUSAS: Mapping[str, Any] = {
    "direccion": _l("La dirección no existe o está incompleta"),
    "no_reside": _l("La persona no reside ahí"),
    "cerrado": _l("Cerrado, después de dos visitas"),
    "rehusado": _l("No la quisieron recibir"),
    "otra": _l("Otra causa"),
}
DISPOSICIONES: Mapping[str, Any] = {
    "seleccion": _l("selección de una muestra"),
    "conservacion": _l("conservación total"),
    "eliminacion": _l("eliminación"),
}
FILTROS = {
    "operador_postal": lambda codigo: OPERADORES[codigo].nombre if codigo in OPERADORES else codigo or "",
    "causa_devolucion": lambda codigo: CAUSAS.get(codigo, codigo or ""),
    "disposicion": lambda codigo: DISPOSICIONES.get(codigo, codigo or ""),
}
