"""Operation: incidents, instances, recurring starts, devices, the systems around, mails."""

from flask import Flask

from webforms.base.rutas import blueprint
from webforms.operacion import (
    correo_demo,
    correos,
    crm,
    digiturno,
    dispositivos,
    estado,
    incidentes,
    instancias,
    programaciones,
    puesta,
    sistemas,
    vigia,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint("dispositivos", __name__, dispositivos.rutas))
    app.register_blueprint(blueprint("instancias", __name__, instancias.rutas))
    app.register_blueprint(blueprint("incidentes", __name__, incidentes.rutas))
    app.register_blueprint(
        blueprint(
            "programaciones",
            __name__,
            programaciones.rutas,
            prefijo="/administracion/programaciones",
        )
    )
    app.register_blueprint(blueprint("sistemas", __name__, sistemas.rutas))
    app.register_blueprint(blueprint("estado", __name__, estado.rutas))
    app.register_blueprint(blueprint("puesta", __name__, puesta.rutas))
    app.register_blueprint(blueprint("vigia", __name__, vigia.rutas))
    app.register_blueprint(blueprint("crm", __name__, crm.rutas))
    app.register_blueprint(blueprint("digiturno", __name__, digiturno.rutas))
    app.register_blueprint(blueprint("correos", __name__, correos.rutas))
    app.register_blueprint(blueprint("correo_demo", __name__, correo_demo.rutas))
