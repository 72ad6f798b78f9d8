"""Operation: incidents, instances, recurring starts, devices, the systems around, mails."""

from webforms.base.rutas import Plano, Sala
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

SALA = Sala(
    (
        Plano("dispositivos", __name__, (dispositivos.rutas,)),
        Plano("instancias", __name__, (instancias.rutas,)),
        Plano("incidentes", __name__, (incidentes.rutas,)),
        Plano(
            "programaciones", __name__, (programaciones.rutas,), "/administracion/programaciones"
        ),
        Plano("sistemas", __name__, (sistemas.rutas,)),
        Plano("estado", __name__, (estado.rutas,)),
        Plano("puesta", __name__, (puesta.rutas,)),
        Plano("vigia", __name__, (vigia.rutas,)),
        Plano("crm", __name__, (crm.rutas,)),
        Plano("digiturno", __name__, (digiturno.rutas,)),
        Plano("correos", __name__, (correos.rutas,)),
        Plano("correo_demo", __name__, (correo_demo.rutas,)),
    )
)
