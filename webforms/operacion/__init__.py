"""Operation: incidents, instances, recurring starts, how this installation is, what is still to be
set up."""

from webforms.base.rutas import Plano, Sala
from webforms.operacion import estado, incidentes, instancias, programaciones, puesta, vigia

SALA = Sala(
    (
        Plano("instancias", (instancias.rutas,)),
        Plano("incidentes", (incidentes.rutas,)),
        Plano("programaciones", (programaciones.rutas,), "/administracion/programaciones"),
        Plano("estado", (estado.rutas,)),
        Plano("puesta", (puesta.rutas,)),
        Plano("vigia", (vigia.rutas,)),
    )
)
