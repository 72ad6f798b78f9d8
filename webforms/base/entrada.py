"""What a request may say at all, looked at before anything else: text that both databases and the
log can hold.

No person types these; programs and attackers send them, and a column of PostgreSQL, a line of the
log or a number of SQLite breaks on them. They are no fault of ours, so the answer is 400, and
nothing is read or written.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.routing import IntegerConverter

from webforms.base.ajustes import de

ENTERO_MAXIMO = 2**31 - 1  #: of the columns of both databases
HONDO = 40  #: levels of JSON


class Entero(IntegerConverter):
    """A number in an address; one that no row can have is an address that does not exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": ENTERO_MAXIMO, **kwargs})


class Json(DefaultJSONProvider):
    """What is too deep to be read is no JSON: ValueError, as of any other text that is none."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            leido = super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("too many levels") from error
        if not _se_puede_guardar(leido, HONDO):
            raise ValueError("too many levels, or text that no database holds")
        return leido


def entero(texto: str) -> int:
    """A whole number as people and our pages write it, within what a column holds. Raises
    ValueError; for `type=` of a parameter."""
    limpio = texto.strip()
    if (
        not limpio.isascii()
        or not limpio.removeprefix("-").isdigit()
        or len(limpio) > len(str(-ENTERO_MAXIMO))
    ):
        raise ValueError(texto)
    numero = int(limpio)
    if abs(numero) > ENTERO_MAXIMO:
        raise ValueError(texto)
    return numero


def entero_o(texto: str, otro: int) -> int:
    try:
        return entero(texto)
    except ValueError:
        return otro


def se_guarda(texto: str) -> bool:
    """No NUL, no half of a sign."""
    try:
        texto.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in texto


def _de_una_linea(texto: str) -> bool:
    return all(signo >= " " and signo != "\x7f" for signo in texto)


def _se_puede_guardar(valor: Any, hondo: int) -> bool:
    if isinstance(valor, str):
        return se_guarda(valor)
    if isinstance(valor, dict):
        return hondo > 0 and all(
            se_guarda(n) and _se_puede_guardar(v, hondo - 1) for n, v in valor.items()
        )
    if isinstance(valor, list):
        return hondo > 0 and all(_se_puede_guardar(v, hondo - 1) for v in valor)
    return True


def _solo_mira() -> None:
    """HEAD is a GET whose answer leaves without its body (RFC 9110 9.3.2): no view that asks for
    GET takes it for what a form sends."""
    if request.method == "HEAD":
        request.method = "GET"


def revisar() -> None:
    """Before every view."""
    direccion = [request.path, *(parte for par in request.args.items(multi=True) for parte in par)]
    if not all(se_guarda(texto) and _de_una_linea(texto) for texto in direccion):
        abort(400)
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        escrito = [parte for par in request.form.items(multi=True) for parte in par]
        escrito += [subido.filename or "" for subido in request.files.values()]
        if not all(map(se_guarda, escrito)):
            abort(400)


def _con_nuestro_nombre(wsgi: WSGIApplication, direccion: str) -> WSGIApplication:
    """What a request says of its host decides nothing, and a host that is none breaks nothing."""
    nombre = urlsplit(direccion).netloc

    def atender(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["HTTP_HOST"] = nombre
        return wsgi(environ, start_response)

    return atender


def register(app: Flask) -> None:
    """Before the pages are put on the application: addresses of theirs are made with its
    converters."""
    app.wsgi_app = _con_nuestro_nombre(app.wsgi_app, de(app).base_url)  # type: ignore[method-assign, assignment]  # Flask says so: middleware goes around wsgi_app
    app.url_map.converters["int"] = Entero
    app.before_request(_solo_mira)
    app.before_request(revisar)


def leer_json(app: Flask) -> None:
    """Last: extensions put a reader of their own on the application."""
    app.json = Json(app)
