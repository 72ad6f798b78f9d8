"""Help: the guides with the first steps of each role, the keys."""

from flask import Flask

from webforms.ayuda import paginas
from webforms.ayuda.atajos import ATAJOS
from webforms.base.guias import Ayuda
from webforms.base.rutas import Plano, Sala, dicho_de


def _para_que(endpoint: str | None) -> Ayuda | None:
    return dicho_de(endpoint, "GET").get("ayuda")


def _poner(app: Flask) -> None:
    app.jinja_env.globals.update(para_que=_para_que, atajos=ATAJOS.__getitem__)


SALA = Sala((Plano("ayuda", (paginas.rutas,), sin_segundo=True),), poner=_poner)
