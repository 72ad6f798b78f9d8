"""Operation: incidents, instances, recurring starts, devices, the systems around, mails."""

from webforms.base.rutas import Plano, Sala
from webforms.operacion import (
    correo_demo,
    correos,
    crm,
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
        Plano("dispositivos", (dispositivos.rutas,)),
        Plano("instancias", (instancias.rutas,)),
        Plano("incidentes", (incidentes.rutas,)),
        Plano("programaciones", (programaciones.rutas,), "/administracion/programaciones"),
        Plano("sistemas", (sistemas.rutas,)),
        Plano("estado", (estado.rutas,)),
        Plano("puesta", (puesta.rutas,)),
        Plano("vigia", (vigia.rutas,)),
        Plano("crm", (crm.rutas,)),
        Plano("correos", (correos.rutas,)),
        Plano("correo_demo", (correo_demo.rutas,)),
    )
)
