"""The mails of the demo's loopback server, readable on a page; present only in demo mode."""

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas

rutas = Rutas()

#: demo/entrada.py puts the readers of demo/correo_local.py here: webforms knows no demo.
LECTORES = "correo_demo"


def _lectores() -> tuple[Callable[[], list[Any]], Callable[[str], Any]]:
    lectores: tuple[Callable[[], list[Any]], Callable[[str], Any]] | None = (
        current_app.extensions.get(LECTORES)
    )
    if lectores is None:
        abort(404)
    return lectores


@rutas.get(
    "/demo/correo",
    para=PERSONA,
    ayuda=Ayuda(_l("Los correos que la demostración habría enviado."), ADMINISTRADOR),
    menu=Entrada(Grupo.HOY, _l("Correo de la demostración")),
)
def lista() -> ResponseReturnValue:
    return render_template("correo/demo/lista.html", mensajes=_lectores()[0]())


@rutas.get(
    "/demo/correo/<clave>",
    para=PERSONA,
    ayuda=Ayuda(_l("Un correo que la demostración habría enviado."), ADMINISTRADOR),
)
def mensaje(clave: str) -> ResponseReturnValue:
    recibido = _lectores()[1](clave)
    if recibido is None:
        abort(404)
    return render_template("correo/demo/mensaje.html", m=recibido)
