"""Pages for the citizen: kiosk, board and rating tablet are registered devices; the rest is open to
everybody."""

from webforms.base.rutas import Plano, Sala
from webforms.publico import (
    calificacion,
    caracterizacion,
    consulta,
    correo,
    digiturno_entrada,
    mensajes_entrada,
    quiosco,
    seguimiento,
    tablero,
    tableta,
    tramites,
)

SALA = Sala(
    (
        Plano("quiosco", __name__, (quiosco.rutas,), "/quiosco"),
        Plano("tablero", __name__, (tablero.rutas,), "/tablero"),
        Plano("tableta", __name__, (tableta.rutas,), "/tableta"),
        Plano("calificacion", __name__, (calificacion.rutas,), "/calificar"),
        Plano("digiturno_entrada", __name__, (digiturno_entrada.rutas,)),
        Plano("mensajes_entrada", __name__, (mensajes_entrada.rutas,)),
        Plano("seguimiento", __name__, (seguimiento.rutas,)),
        Plano("consulta", __name__, (consulta.rutas,), "/consulta"),
        Plano("correo", __name__, (correo.rutas,), "/correo"),
        Plano(
            "tramites",
            __name__,
            (
                tramites.rutas,
                caracterizacion.rutas,
            ),
            "/tramites",
        ),
    )
)
