"""Help: the guides, the first walk of each role, the keys (`webforms/base/ayuda`)."""

from flask import Flask

from webforms.ayuda import paginas
from webforms.ayuda.recorrido import recorrido_aqui
from webforms.base import ayuda
from webforms.base.ayuda.atajos import ATAJOS
from webforms.base.rutas import Plano, Sala


def _poner(app: Flask) -> None:
    app.jinja_env.globals.update(
        para_que=ayuda.para_que, atajos=ATAJOS.__getitem__, recorrido_aqui=recorrido_aqui
    )


SALA = Sala((Plano("ayuda", __name__, (paginas.rutas,)),), poner=_poner)
