"""Pages for the citizen: kiosk, board and rating tablet are registered devices; the rest is open to everybody."""

from webforms.publico import calificacion
from webforms.publico import consulta
from webforms.publico import quiosco
from webforms.publico import seguimiento
from webforms.publico import tablero

BLUEPRINTS = (quiosco.bp, tablero.bp, calificacion.tableta, calificacion.bp, seguimiento.bp, consulta.bp)
