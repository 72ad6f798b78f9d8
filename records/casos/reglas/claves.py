"""Keys under which the content of documents lies: by its SHA-256, or, until its command is done,
among what has come in."""

import re
from typing import Final

LLEGADAS: Final = "llegadas/"
_CLAVE: Final = re.compile(r"[a-z0-9_]{1,80}(?:[/.][a-z0-9_]{1,80}){0,4}", re.ASCII)
_SHA: Final = re.compile("[0-9a-f]{64}", re.ASCII)


def exigir(clave: str) -> str:
    """A key leads nowhere but into its store. ValueError."""
    if not _CLAVE.fullmatch(clave):
        raise ValueError(clave)
    return clave


def de_contenido(sha256: str) -> str:
    """ValueError."""
    if not _SHA.fullmatch(sha256):
        raise ValueError(sha256)
    return f"{sha256[:2]}/{sha256[2:]}"


def de_llegada(sha256: str, cual: str) -> str:
    """Each sending has its own: of two that bring the same, one may be refused. An empty `cual`:
    how all of this content begin."""
    return f"{LLEGADAS}{de_contenido(sha256).replace('/', '')}.{cual}"


def sha256_de(clave: str) -> str | None:
    """Whose content lies there; None: nothing of ours."""
    nombre = (
        clave.removeprefix(LLEGADAS).partition(".")[0]
        if clave.startswith(LLEGADAS)
        else clave.replace("/", "", 1)
    )
    return nombre if _SHA.fullmatch(nombre) else None
