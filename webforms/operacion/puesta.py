"""«Puesta en marcha»: what is still to be set up, and where; the first page of who administers
until nothing is missing."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webforms.base.puesta import pasos
from webforms.base.quienes import ADMINISTRA
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios

rutas = Rutas()


@rutas.get("/puesta-en-marcha", para=ADMINISTRA)
def pagina() -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        suyos = pasos(session, s.clock.now())
    return render_template("operacion/puesta.html", pasos=suyos)
