"""What the forms of the public pages share: the person at them sees no case."""

from typing import Any

from flask import request

from webforms.base.ficha import ConFicha
from webforms.base.tardios import MOSTRAR
from webforms.forms.usuario import Calificar


def lo_escrito() -> dict[str, str]:
    """What the form was sent with, so that the page that answered it is asked for again; files are
    chosen again."""
    return {
        **{nombre: valor for nombre, valor in request.form.items() if nombre != "csrf_token"},
        MOSTRAR: "1",
    }


class SinCaso:
    """Put before a form of a task: it is shown without looking at the case, so it needs no
    context."""

    def __init__(self, **kwargs: Any) -> None:
        ConFicha.__init__(self, **kwargs)


class CalificarEnPantalla(SinCaso, Calificar):
    """The person sees a desk and a ticket."""
