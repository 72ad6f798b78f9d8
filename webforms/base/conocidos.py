"""Browsers that an account has entered from: a signed cookie says so, and a flood of guesses from elsewhere does not keep it out.

The cookie opens nothing: whoever shows it still needs the password, and has a counter of their own for wrong ones.
"""

import datetime as dt
import secrets
from typing import Final

from flask import Response
from flask import after_this_request
from itsdangerous import BadData
from itsdangerous import URLSafeTimedSerializer

from webforms.base import galletas
from webforms.base.firmas import firmante_con_hora
from webforms.base.security import seudonimo

GALLETA: Final = "conocido"
DURA: Final = dt.timedelta(days=180)
CUANTAS: Final = 8  #: accounts of one browser: a desk that several people share


def _firmante() -> URLSafeTimedSerializer:
    return firmante_con_hora("equipo conocido")


def _de(usuario: str) -> str:
    return seudonimo(f"conocido:{usuario}")


def _leer() -> dict[str, str]:
    """Account → how this browser is called among those that it knows. What is not ours is nothing."""
    try:
        leido = _firmante().loads(galletas.leer(GALLETA), max_age=int(DURA.total_seconds()))
    except BadData:
        return {}
    return dict(leido)


def cual(usuario: str) -> str | None:
    """How the account calls this browser; None: it has not entered from it."""
    return _leer().get(_de(usuario))


def recordar(usuario: str) -> None:
    """From the answer to this request on; the latest account last."""
    suyos = _leer()
    nombre = suyos.pop(_de(usuario), None) or secrets.token_hex(8)
    suyos = dict([*suyos.items(), (_de(usuario), nombre)][-CUANTAS:])

    @after_this_request
    def poner(respuesta: Response) -> Response:
        galletas.poner(respuesta, GALLETA, _firmante().dumps(suyos), DURA)
        return respuesta
