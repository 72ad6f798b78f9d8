"""What is held about a person: who has looked at it, all of it in one file, what the person asked to
be done with it."""

from webforms.base.rutas import Plano, Sala
from webforms.derechos import de_una_persona, derechos, quien_vio

SALA = Sala((Plano("cumplimiento", (quien_vio.rutas, de_una_persona.rutas, derechos.rutas)),))
