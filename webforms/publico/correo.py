"""Links in mails: confirm an address (once), end the mails that the law does not want. To open one
changes nothing: scanners do."""

from collections.abc import Callable

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from records.base.errores import EnlaceInvalido
from records.correo import direcciones
from records.correo.tablas import DireccionCorreo
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from webforms.base import llevados
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios

rutas = Rutas()


@rutas.get("/confirmar/<token>", para=PUBLICO)
@rutas.post("/confirmar/<token>", para=PUBLICO, cupo=Cupo(120, UNA_HORA))
def confirmar(token: str) -> ResponseReturnValue:
    token = llevados.leer(llevados.CONFIRMAR, token)
    now = servicios().clock.now()
    fila = _leer(direcciones.por_token, token)
    if fila is None:
        return _pagina("confirmar", "desconocido", 404)
    if direcciones.esta_usado(fila):
        return _pagina("confirmar", "usado", 410)
    if fila.vence is None or now > fila.vence:
        return _pagina("confirmar", "vencido", 410)
    if request.method == "GET":
        return _pagina("confirmar", "", 200)
    try:
        servicios().uow.run(lambda s: direcciones.confirmar(s, token, now=now))
    except EnlaceInvalido:  # somebody with the same link was faster
        return _pagina("confirmar", "usado", 410)
    return _pagina("confirmar", "hecho", 200)


@rutas.get("/baja/<token>", para=PUBLICO)
@rutas.post("/baja/<token>", para=PUBLICO)
def baja(token: str) -> ResponseReturnValue:
    """The POST is also what a mail program sends at one click (RFC 8058): it has no session and no
    token of one (webforms/web.py). So its address is all that such a program has; whoever knows it
    may end the mails to one address, and learns not even which."""
    fila = _leer(direcciones.por_baja, token)
    if fila is None:
        return _pagina("baja", "desconocido", 404)
    if request.method == "GET":
        return _pagina("baja", "" if fila.baja is None else "hecho", 200)
    servicios().uow.run(lambda s: direcciones.dar_de_baja(s, token, now=servicios().clock.now()))
    return _pagina("baja", "hecho", 200)


def _leer(como: Callable[..., DireccionCorreo | None], token: str) -> DireccionCorreo | None:
    with servicios().uow.reading() as session:
        return como(session, token)


def _pagina(que: str, como: str, codigo: int) -> ResponseReturnValue:
    return make_response(render_template(f"publico/correo_{que}.html", como=como), codigo)
