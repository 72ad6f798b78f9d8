"""Each request has a name, which goes with its work (common/trail.py), is counted, and is a line of
the log when those are JSON."""

import logging
import time
from contextlib import ExitStack
from http import HTTPStatus

from flask import Flask, Response, g, request

from common import spans, trail
from common.metrics import REQUESTS
from webforms.base.ajustes import ajustes

CABECERA = "X-Request-ID"
METODOS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
log = logging.getLogger("ventanilla.web")


def empezar() -> None:
    """Another program's name for it is taken when it has the form of one."""
    g.peticion, g.empezo = trail.begin(request.headers.get(CABECERA, "")), time.perf_counter()
    g.tramo = ExitStack()
    if request.endpoint != "static":
        # Without a proxy of ours it is anybody who says it, and could say that nothing is to be
        # told.
        carried = (
            {spans.CARRIED: request.headers.get(spans.CARRIED, "")} if ajustes().proxies else None
        )
        g.tramo.enter_context(
            spans.span("request", kind="SERVER", carried=carried, ventanilla__request=g.peticion)
        )


def quien() -> None:
    """After the permissions: whoever acts."""
    actor = g.get("actor")
    if actor is not None:
        trail.by(actor.id)


def terminar(respuesta: Response) -> Response:
    if "empezo" not in g:
        return respuesta
    segundos = time.perf_counter() - g.empezo
    ruta = request.endpoint or "none"
    metodo = request.method if request.method in METODOS else "OTHER"
    REQUESTS.labels(ruta, metodo, str(respuesta.status_code)).observe(segundos)
    respuesta.headers[CABECERA] = g.peticion
    codigo = respuesta.status_code
    spans.note(
        f"{metodo} {ruta}",
        http__request__method=metodo,
        http__route=ruta,
        http__response__status_code=codigo,
    )
    if codigo >= HTTPStatus.INTERNAL_SERVER_ERROR:
        spans.failed()
    if ajustes().log_json and ruta != "static":
        datos = {
            "route": ruta,
            "method": metodo,
            "status": respuesta.status_code,
            "ms": round(segundos * 1000, 1),
        }
        log.info("request", extra=datos)
    return respuesta


def cerrar(_error: BaseException | None) -> None:
    """After the answer was made, whatever became of it."""
    if "tramo" in g:
        g.pop("tramo").close()


def register(app: Flask) -> None:
    app.before_request(empezar)
    app.after_request(terminar)
    app.teardown_request(cerrar)
