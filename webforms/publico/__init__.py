"""Pages for the citizen that serve any procedure: what may be asked for online, where a case
stands, links of mails; and where other systems deliver what a case waits for."""

from webforms.base.rutas import Plano, Sala
from webforms.publico import consulta, correo, mensajes_entrada, tramites

SALA = Sala(
    (
        Plano("mensajes_entrada", (mensajes_entrada.rutas,)),
        Plano("consulta", (consulta.rutas,), "/consulta"),
        Plano("correo", (correo.rutas,), "/correo"),
        Plano("tramites", (tramites.rutas,), "/tramites"),
    )
)
