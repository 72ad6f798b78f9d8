"""What the forms of the public pages share: the person at them sees no case."""

from typing import Any

from flask_wtf import FlaskForm

from webforms.forms.usuario import Calificar


class SinCaso:
    """Put before a form of a task: it is shown without looking at the case, so it needs no context."""

    def __init__(self, **kwargs: Any) -> None:
        FlaskForm.__init__(self, **kwargs)


class CalificarEnPantalla(SinCaso, Calificar):
    """The person sees a desk and a ticket."""
