"""A form whose session expired: its values travel as one hidden field through the login page, and
come back to the same account.

Each form carries a signature of (account, path), written when it was shown. Nobody else's page can
make one, so values that come without it are dropped, and values signed for another account are
never shown. Nothing is stored. The signature goes through the login page as it is, so it ends when
the longest session would have ended, however often it passes there.
"""

import json
from dataclasses import dataclass

from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer

from webforms.base.sesiones import JORNADA
from webforms.navegador.firmas import firmante_con_hora

LARGO_CONSULTA = 500  #: characters of what follows the "?" of an address
LIMITE = 300_000  #: characters; above it the values are dropped, and the page says so
RETOMAR = "_retomar"  #: sent along by what comes back from a login
NO_VIAJAN = frozenset({"csrf_token", "_firma", "clave", "clave_actual", "clave_otra", RETOMAR})


@dataclass(frozen=True, slots=True)
class Llevado:
    """What came from a form: for whom it was shown, where it goes, what was typed."""

    usuario: str
    ruta: str
    valores: tuple[tuple[str, str], ...]
    firma: str = ""
    #: what followed the "?" of the address: whence the person came, so where it leads
    consulta: str = ""

    @property
    def direccion(self) -> str:
        return f"{self.ruta}?{self.consulta}" if self.consulta else self.ruta


def _firmante() -> URLSafeTimedSerializer:
    return firmante_con_hora("formulario")


def firmar(usuario: str, ruta: str) -> str:
    return _firmante().dumps([usuario, ruta])


def _leer_firma(firma: str) -> tuple[str, str] | None:
    try:
        usuario, ruta = _firmante().loads(firma, max_age=int(JORNADA.total_seconds()))
    except (BadData, ValueError):
        return None
    return str(usuario), str(ruta)


def del_formulario() -> Llevado | None:
    """What the POST of this request wanted to send, if its signature holds and it is not too
    large."""
    firma = request.form.get("_firma", "")
    firmado = _leer_firma(firma)
    if firmado is None:
        return None
    usuario, ruta = firmado
    if ruta != request.path:
        if not request.path.startswith(f"{ruta.rstrip('/')}/"):
            return None
        firma = firmar(usuario, request.path)  # of a form that stands on a page above what it does
    valores = tuple(
        (nombre, valor)
        for nombre, valor in request.form.items(multi=True)
        if nombre not in NO_VIAJAN
    )
    if sum(len(nombre) + len(valor) for nombre, valor in valores) > LIMITE:
        return None
    consulta = request.query_string.decode("ascii", "ignore")[:LARGO_CONSULTA]
    return Llevado(usuario, request.path, valores, firma, consulta)


def empacar(llevado: Llevado) -> tuple[str, str]:
    """Signature and values for the hidden fields of the login page."""
    return llevado.firma, json.dumps([llevado.consulta, llevado.valores])


def desempacar(firma: str, texto: str) -> Llevado | None:
    firmado = _leer_firma(firma)
    if firmado is None:
        return None
    try:
        consulta, llevados = json.loads(texto)
        valores = tuple((str(nombre), str(valor)) for nombre, valor in llevados)
    except (ValueError, TypeError):
        return None
    return Llevado(*firmado, valores, firma, str(consulta)[:LARGO_CONSULTA])


def retomado() -> bool:
    """The POST brings back what was typed before the session ended: show the form with it, do
    nothing yet."""
    return RETOMAR in request.form
