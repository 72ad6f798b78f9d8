"""«Puesta en marcha»: what is still to be set up, and where; the first page of who administers
until nothing is missing."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import ADMINISTRA
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.operacion.por_poner import pasos

rutas = Rutas()


@rutas.get(
    "/puesta-en-marcha",
    para=ADMINISTRA,
    ayuda=Ayuda(_l("Lo que falta para que la entidad trabaje, y dónde se hace."), ADMINISTRADOR),
    menu=Entrada(Grupo.AJUSTES, _l("Puesta en marcha")),
)
def pagina() -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        suyos = pasos(session, s.clock.now())
    return render_template("operacion/puesta.html", pasos=suyos)
