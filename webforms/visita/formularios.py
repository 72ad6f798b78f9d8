"""The rating as a screen asks for it: whoever is at it sees a desk and a ticket, and no case."""

from webforms.base.ficha import SinCaso
from webforms.forms.usuario import Calificar


class CalificarEnPantalla(SinCaso, Calificar):
    """The person sees a desk and a ticket."""
