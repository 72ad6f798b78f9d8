"""What stood in the case when a page showed a task. A form writes only what its person changed
against that: what came back as it stood may have been written by somebody else since, in a branch
beside this one."""

import hashlib
from collections.abc import Collection
from typing import Final

import orjson
from flask import request
from itsdangerous import BadData

from engine.types import Data, ElementSpec, Value, WorkItem
from webforms.navegador.firmas import firmante

CAMPO: Final = "_mostrado"
PARA: Final = "lo mostrado de una tarea"


def de(item: WorkItem, elemento: ElementSpec) -> str:
    """Signed, with the form of the page: the variables that its fields write, each with the digest
    of what it held."""
    suyas = [field.name for field in elemento.fields if field.decision and field.name in item.data]
    return str(firmante(PARA).dumps([item.id, {name: _huella(item.data[name]) for name in suyas}]))


def sin_tocar(item_id: str, valores: Data) -> Collection[str]:
    """Names of the values that are what stood there when the page was shown; where nothing stood,
    those that say nothing."""
    try:
        de_cual, estaban = firmante(PARA).loads(request.form.get(CAMPO, ""))
    except (BadData, ValueError):
        return ()
    if de_cual != item_id:
        return ()
    return [
        n
        for n, v in valores.items()
        if (estaban[n] == _huella(v) if n in estaban else v is None or v in ("", []))
    ]


def _huella(valor: Value) -> str:
    return hashlib.sha256(orjson.dumps(valor)).hexdigest()[:12]
