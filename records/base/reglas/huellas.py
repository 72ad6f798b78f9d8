"""The one form in which records are hashed: a change here breaks every hash that was kept. Pure."""

import datetime as dt
import hashlib
import json
from typing import Any


def canonico(valores: Any) -> bytes:
    """JSON with its keys in order, no spaces, instants as ISO in UTC. TypeError: it holds what JSON
    does not know."""
    return json.dumps(
        valores, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_instante
    ).encode()


def _instante(cuando: object) -> str:
    if isinstance(cuando, dt.datetime):
        return cuando.astimezone(dt.UTC).isoformat()
    raise TypeError(cuando)


def sha256(contenido: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(contenido).hexdigest()
