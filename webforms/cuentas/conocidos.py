"""Browsers that an account has entered from: a signed cookie says so, and a flood of guesses from
elsewhere does not keep it out.

The cookie opens nothing: whoever shows it still needs the password, and has a counter of their own
for wrong ones. A browser that is not known yet asks for a link by mail, which works in that browser
alone: another cookie has what its seed was made of.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Final

from flask import Response, after_this_request
from itsdangerous import BadData, URLSafeTimedSerializer

from records.cuentas.enlaces_de_clave import DE_FUERA
from webforms.base.security import seudonimos
from webforms.navegador import galletas
from webforms.navegador.firmas import firmante_con_hora

GALLETA: Final = "conocido"
DURA: Final = dt.timedelta(days=180)
GALLETA_DE_PEDIDOS: Final = "pedido"
DURA_UN_PEDIDO: Final = DE_FUERA
PEDIDOS: Final = 4  #: of one browser that are still good
CUANTAS: Final = 24  #: accounts of one browser: a desk that the people of an office share


def _firmante() -> URLSafeTimedSerializer:
    return firmante_con_hora("equipo conocido")


def _de(usuario: str) -> tuple[str, ...]:
    """How the cookie calls it, and called it by keys of before."""
    return seudonimos(f"conocido:{usuario}")


def _leer() -> dict[str, str]:
    """Account → how this browser is called among those that it knows. What is not ours is
    nothing."""
    try:
        leido = _firmante().loads(galletas.leer(GALLETA), max_age=int(DURA.total_seconds()))
    except BadData:
        return {}
    return dict(leido)


def cual(usuario: str) -> str | None:
    """How the account calls this browser; None: it has not entered from it."""
    suyos = _leer()
    return next((suyos[de] for de in _de(usuario) if de in suyos), None)


def pedir() -> str:
    """The seed of a link that only this browser can use, from the answer to this request on."""
    pedido = secrets.token_urlsafe(32)
    pedidos = [*_pedidos(), pedido][-PEDIDOS:]

    @after_this_request
    def poner(respuesta: Response) -> Response:
        galletas.poner(
            respuesta, GALLETA_DE_PEDIDOS, _firmante_de_pedidos().dumps(pedidos), DURA_UN_PEDIDO
        )
        return respuesta

    return _semilla(pedido)


def pidio(semilla: str) -> bool:
    """This browser asked for the link of this seed."""
    return any(hmac.compare_digest(_semilla(pedido), semilla) for pedido in _pedidos())


def _semilla(pedido: str) -> str:
    return hashlib.sha256(pedido.encode()).hexdigest()


def _firmante_de_pedidos() -> URLSafeTimedSerializer:
    return firmante_con_hora("equipo que pide")


def _pedidos() -> list[str]:
    try:
        return list(
            _firmante_de_pedidos().loads(
                galletas.leer(GALLETA_DE_PEDIDOS), max_age=int(DURA_UN_PEDIDO.total_seconds())
            )
        )
    except BadData:
        return []


def recordar(usuario: str) -> None:
    """From the answer to this request on; the latest account last."""
    nombre, de = cual(usuario) or secrets.token_hex(8), _de(usuario)
    otros = [(otro, suyo) for otro, suyo in _leer().items() if otro not in de]
    suyos = dict([*otros, (de[0], nombre)][-CUANTAS:])

    @after_this_request
    def poner(respuesta: Response) -> Response:
        galletas.poner(respuesta, GALLETA, _firmante().dumps(suyos), DURA)
        return respuesta
