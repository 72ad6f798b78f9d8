"""The secret of a link, which no address holds: addresses lie in logs, histories and bookmarks.

The link has it behind its `#`, which browsers send to nobody. Its page hands it over in a form (`webforms/acceso/puerta.py`); from then on
the session of this browser has it, under a name that is good for nothing elsewhere, and that name stands in the addresses.
"""

import re
import secrets
from typing import Any
from typing import Final

from flask import current_app
from flask import request
from flask import session
from flask import url_for
from werkzeug.routing import RequestRedirect

_EN_LA_SESION: Final = "llevados"
NOMBRE: Final = re.compile(r"e-[0-9a-f]{8}")
#: Where each kind of link begins. Of the last two none is ever sent: who has just written something is led there.
CLAVE, CALIFICAR, ENTREGA, CONFIRMAR, ACTIVAR, SOBRE_USTED, COMPLEMENTO, RECIBIDA = (
    *("/clave/", "/calificar/", "/entrega/", "/correo/confirmar/", "/activar/", "/tramites/sobre-usted/"),
    *("/consulta/complemento/", "/tramites/recibida/"),
)
CUANTOS: Final = 6  #: of one browser; a cookie has its limit
LARGO: Final = range(20, 600)  #: of a secret; what is shorter opens nothing


class AOtra(RequestRedirect):
    """An address of before, or one whose name this browser does not have."""

    code = 303


def guardar(puerta: str, secreto: str) -> str:
    """Its name in this browser; the same one while it is there."""
    suyos = _suyos()
    nombre = next((n for n, de, llevado in suyos if (de, llevado) == (puerta, secreto)), None) or f"e-{secrets.token_hex(4)}"
    otros = [suyo for suyo in suyos if suyo[0] != nombre]
    session[_EN_LA_SESION] = [*otros, (nombre, puerta, secreto)][-CUANTOS:]
    return nombre


def _suyos() -> list[tuple[str, str, str]]:
    """Name, door and secret of each, the newest last."""
    return [(nombre, puerta, secreto) for nombre, puerta, secreto in session.get(_EN_LA_SESION, [])]


def leer(puerta: str, dicho: str) -> str:
    """The secret of this name. A secret that stands in the address itself, as links of mails of before have it, is taken out of it at
    once; nothing is done with it there."""
    if NOMBRE.fullmatch(dicho):
        secreto = next((s for nombre, de, s in _suyos() if (nombre, de) == (dicho, puerta)), None)
        if secreto is None:
            raise AOtra(puerta)
        return secreto
    if len(dicho) in LARGO:
        nombre = guardar(puerta, dicho)
        partes: dict[str, Any] = {**request.args, **(request.view_args or {})}
        suyas: dict[str, Any] = {parte: nombre if valor == dicho else valor for parte, valor in partes.items()}
        raise AOtra(url_for(request.endpoint or "", **suyas))
    return dicho


def enlace(puerta: str, secreto: str) -> str:
    """A whole address, for mails, paper and whoever keeps it: from BASE_URL, never from what the request says of its host."""
    return f"{str(current_app.config['BASE_URL']).rstrip('/')}{puerta}#{secreto}"
