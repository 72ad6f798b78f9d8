"""The summary of what is wrong with a form names each field."""

import re
from collections.abc import Iterable
from typing import Any

from records.base.reglas.nombres import plano

_PALABRA = re.compile(r"\w{4,}")


def con_su_nombre(campos: Iterable[Any]) -> list[tuple[str, str]]:
    """(id of the field, message), in the order of the page; the name of the field stands before a
    message that shares no word with it."""
    return [(c.id, _dicho(str(c.label.text), str(c.errors[0]))) for c in campos if c.errors]


def _dicho(nombre: str, mensaje: str) -> str:
    suyas, dichas = (set(_PALABRA.findall(plano(t))) for t in (nombre, mensaje))
    return mensaje if not suyas or suyas & dichas else f"{nombre}: {mensaje}"
