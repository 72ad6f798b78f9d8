"""The rooms, and what is gathered from them."""

from webforms import (
    acceso,
    administracion,
    analista,
    aprobaciones,
    asesor,
    ayuda,
    bandeja,
    calidad,
    casos,
    cumplimiento,
    gerencia,
    iniciar,
    operacion,
    papel,
    portada,
    publico,
    radicacion,
    tareas,
)
from webforms.base.rutas import Sala

#: In this order: who comes first keeps an address that two would answer.
SALAS: tuple[Sala, ...] = (
    acceso.SALA,
    ayuda.SALA,
    tareas.SALA,
    aprobaciones.SALA,
    asesor.SALA,
    bandeja.SALA,
    iniciar.SALA,
    radicacion.SALA,
    papel.SALA,
    casos.SALA,
    operacion.SALA,
    administracion.SALA,
    cumplimiento.SALA,
    calidad.SALA,
    gerencia.SALA,
    portada.SALA,
    publico.SALA,
    analista.SALA,
)
