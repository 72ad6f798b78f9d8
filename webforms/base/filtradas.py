"""Passwords that were stolen elsewhere: whoever steals one tries it everywhere. Those that were
found most often are always refused: some nine thousand of at least `contrasenas.MINIMO` letters,
which the build takes from Mozilla's list (tools/assets.mjs). A longer list is the agency's, on its
own disk, as Have I Been Pwned gives it away: a line `SHA-1:how often` for each, ordered by the
first. Nothing leaves the machine.

It may have tens of gigabytes: it is looked up by halving, some thirty short reads, and nothing of
it is kept in memory.
"""

import hashlib
import io
import logging
import re
from functools import cache
from pathlib import Path
from typing import Final

from flask_babel import gettext as _

from webforms.base.ajustes import ajustes

#: The first of a line: the digest in hexadecimal.
CIFRAS: Final = 40
LINEA: Final = re.compile(rb"[0-9A-Fa-f]{40}(:\d{1,12})?\r?\n?")
COMUNES: Final = Path(__file__).resolve().parents[1] / "static" / "dist" / "contrasenas.txt"
LARGO: Final = 60  #: of a line at most
_log = logging.getLogger(__name__)


class ListaMala(Exception):
    """It is no such list."""


def falla(clave: str) -> str:
    """Why it does not do; "": it does."""
    ruta = ajustes().breached_passwords
    try:
        esta = clave.strip().lower() in comunes() or (ruta != "" and contiene(Path(ruta), clave))
    except (OSError, ListaMala) as error:
        _log.warning("list of breached passwords cannot be read: %s", error)
        return str(
            _(
                "Ahora no se puede mirar si es una contraseña robada. Avise a quien administra e inténtelo después."
            )
        )
    return (
        str(_("Está en las listas de contraseñas robadas que cualquiera prueba. Elija otra."))
        if esta
        else ""
    )


@cache
def comunes() -> frozenset[str]:
    """In small letters. Raises OSError."""
    return frozenset(COMUNES.read_text("utf-8").splitlines())


def contiene(ruta: Path, clave: str) -> bool:
    """Raises OSError, ListaMala."""
    buscada = hashlib.sha1(clave.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with ruta.open("rb") as lista:
        desde, hasta = 0, lista.seek(0, io.SEEK_END)
        while desde < hasta:
            medio = (desde + hasta) // 2
            comienza = _linea_desde(lista, medio)
            if comienza >= hasta:
                hasta = medio
                continue
            esta = digesto_aqui(lista)
            if esta == buscada:
                return True
            if esta < buscada:
                desde = lista.tell()
            else:
                hasta = medio
    return False


def _linea_desde(lista: io.BufferedReader, donde: int) -> int:
    """Where the first line begins that does not begin before; the file stands there."""
    lista.seek(max(0, donde - 1))
    if donde:
        lista.readline(LARGO)
    return lista.tell()


def digesto_aqui(lista: io.BufferedReader) -> bytes:
    """Of the line that begins where the file stands. Raises ListaMala."""
    linea = lista.readline(LARGO)
    if not LINEA.fullmatch(linea):
        raise ListaMala(f"no SHA-1 at byte {lista.tell() - len(linea)}")
    return linea[:CIFRAS].upper()


def mirar(ruta: Path) -> int:
    """How many lines about; looks at the first ones and at the last. Raises OSError, ListaMala."""
    with ruta.open("rb") as lista:
        largo = lista.seek(0, io.SEEK_END)
        lista.seek(0)
        primeros: list[bytes] = []
        while len(primeros) < min(1_000, largo // CIFRAS) and lista.tell() < largo:
            primeros.append(digesto_aqui(lista))
        por_linea = lista.tell() / max(1, len(primeros))
        _linea_desde(lista, max(0, largo - LARGO))
        ultimos = [digesto_aqui(lista)] if lista.tell() < largo else []
    if not primeros or [*primeros, *ultimos] != sorted([*primeros, *ultimos]):
        raise ListaMala("it is empty, or not ordered by the digest")
    return round(largo / por_linea)
