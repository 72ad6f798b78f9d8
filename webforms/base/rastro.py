"""Each request has a name, which goes with its work (common/trail.py), is counted, and is a line of the log when those are JSON."""

import logging
import time

from flask import Flask
from flask import Response
from flask import current_app
from flask import g
from flask import request

from common import trail
from common.metrics import REQUESTS

CABECERA = "X-Request-ID"
METODOS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
log = logging.getLogger("ventanilla.web")


def empezar() -> None:
    """Another program's name for it is taken when it has the form of one."""
    g.peticion, g.empezo = trail.begin(request.headers.get(CABECERA, "")), time.perf_counter()


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
    if current_app.config["LOG_JSON"] and ruta != "static":
        datos = {"route": ruta, "method": metodo, "status": respuesta.status_code, "ms": round(segundos * 1000, 1)}
        log.info("request", extra=datos)
    return respuesta


def register(app: Flask) -> None:
    app.before_request(empezar)
    app.after_request(terminar)
