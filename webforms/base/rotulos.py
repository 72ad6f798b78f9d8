"""What diagrams, tables and packages call things, in the language of the page: the labels that the
packages in force bring.

They are read once a version and process, and only where a page is not in Spanish. Pages for
citizens say a release as its own package does (`tareas/traduccion.py`); pages of the staff speak of
many releases at once, and say a label as the packages in force do today.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from flask import current_app, has_request_context

from engine import reads
from records.paquetes.reglas import traducciones
from webforms.base.catalogos import ES
from webforms.base.idioma import idioma
from webforms.base.security import usuario_actual
from webforms.base.servicios import servicios

EDAD: Final = dt.timedelta(minutes=1)
RECORDADOS: Final = "ventanilla.rotulos"  #: in `app.extensions`: language → what was read


@dataclass(frozen=True, slots=True)
class _Leidos:
    version: int | None
    leido: dt.datetime
    textos: Mapping[str, str]


def rotulo(texto: str) -> str:
    """What has no translation stays as it was written."""
    lengua = idioma()
    if lengua == ES or not texto:
        return texto
    return _de_hoy(lengua).get(traducciones.en_una_linea(texto), texto)


def _de_hoy(lengua: str) -> Mapping[str, str]:
    """Whoever signed in brings the number of the version in force; without it what was read holds
    for `EDAD`."""
    usuario, now = usuario_actual() if has_request_context() else None, servicios().clock.now()
    version = usuario.version if usuario is not None else None
    recordados = cast("dict[str, _Leidos]", current_app.extensions.setdefault(RECORDADOS, {}))
    leidos = recordados.get(lengua)
    vale = leidos is not None and (
        abs(now - leidos.leido) < EDAD if version is None else leidos.version == version
    )
    if leidos is None or not vale:
        leidos = recordados[lengua] = _Leidos(version, now, _leer(lengua))
    return leidos.textos


def _leer(lengua: str) -> Mapping[str, str]:
    """Of all packages; what two say differently is said as the first of them does."""
    filas = servicios().uow.lookup(
        reads.releases.FILES_LIKE, {"like": f"%/{traducciones.CARPETA}{lengua}.toml"}
    )
    return {de: a for fila in reversed(filas) for de, a in _textos(bytes(fila.content)).items()}


@lru_cache(maxsize=16)
def _textos(contenido: bytes) -> Mapping[str, str]:
    return traducciones.leer(contenido)[0]
