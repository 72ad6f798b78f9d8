"""Pages for the citizen: kiosk, board and rating tablet are registered devices; the rest is open to
everybody."""

from flask import Flask

from webforms.base.rutas import blueprint
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


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("quiosco", __name__, quiosco.rutas, prefijo="/quiosco"))
    app.register_blueprint(blueprint("tablero", __name__, tablero.rutas, prefijo="/tablero"))
    app.register_blueprint(blueprint("tableta", __name__, tableta.rutas, prefijo="/tableta"))
    app.register_blueprint(
        blueprint("calificacion", __name__, calificacion.rutas, prefijo="/calificar")
    )
    app.register_blueprint(blueprint("digiturno_entrada", __name__, digiturno_entrada.rutas))
    app.register_blueprint(blueprint("mensajes_entrada", __name__, mensajes_entrada.rutas))
    app.register_blueprint(blueprint("seguimiento", __name__, seguimiento.rutas))
    app.register_blueprint(blueprint("consulta", __name__, consulta.rutas, prefijo="/consulta"))
    app.register_blueprint(blueprint("correo", __name__, correo.rutas, prefijo="/correo"))
    app.register_blueprint(
        blueprint("tramites", __name__, tramites.rutas, caracterizacion.rutas, prefijo="/tramites")
    )
