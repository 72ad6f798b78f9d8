"""The rating as a screen asks for it: whoever is at it sees a desk and a ticket, and no case."""

from webforms.navegador.ficha import SinCaso
from webforms.visita.formularios.usuario import Calificar


class CalificarEnPantalla(SinCaso, Calificar):
    """The person sees a desk and a ticket."""
