"""The visit: kiosk, board and tablet of a point, the adviser's console, the ticket and the rating
of whoever came, turn systems of others."""

from flask import Flask

from webforms import tareas
from webforms.base.rutas import Plano, Sala
from webforms.visita import (
    aplicativos,
    calificacion,
    calificaciones,
    consola,
    constancia,
    digiturno,
    digiturno_entrada,
    fila,
    llamados,
    quiosco,
    salidas,
    seguimiento,
    tablero,
    tableta,
)
from webforms.visita.contexto import contexto


def _poner(app: Flask) -> None:
    tareas.marcos(app)["consola"] = tareas.Marco("visita/consola.html", contexto)


#: The console is also the frame for the page of a task.
SALA = Sala(
    (
        Plano(
            "asesor",
            (
                consola.rutas,
                constancia.rutas,
                fila.rutas,
                aplicativos.rutas,
                llamados.rutas,
                salidas.rutas,
            ),
        ),
        Plano("quiosco", (quiosco.rutas,), "/quiosco"),
        Plano("tablero", (tablero.rutas,), "/tablero"),
        Plano("tableta", (tableta.rutas,), "/tableta"),
        Plano("calificacion", (calificacion.rutas,), "/calificar"),
        Plano("seguimiento", (seguimiento.rutas,)),
        Plano("digiturno_entrada", (digiturno_entrada.rutas,)),
        Plano("digiturno", (digiturno.rutas,)),
        Plano("bandeja", (calificaciones.rutas,)),
    ),
    poner=_poner,
)
