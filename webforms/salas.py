"""The rooms, and what is gathered from them."""

from collections.abc import Mapping

from webforms import (
    auditorias,
    ayuda,
    bandeja,
    casos,
    catalogos,
    comites,
    contingencia,
    controles,
    correo,
    cuentas,
    derechos,
    escritos,
    evidencia,
    informes,
    iniciar,
    interventoria,
    lugares,
    navegacion,
    operacion,
    paquetes,
    personas,
    plazos,
    portada,
    publico,
    retencion,
    sistemas,
    tareas,
    visita,
)
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Dicho, Sala

#: In this order: who comes first keeps an address that two would answer.
SALAS: tuple[Sala, ...] = (
    cuentas.SALA,
    ayuda.SALA,
    navegacion.SALA,
    tareas.SALA,
    visita.SALA,
    bandeja.SALA,
    iniciar.SALA,
    escritos.SALA,
    contingencia.SALA,
    casos.SALA,
    lugares.SALA,
    operacion.SALA,
    sistemas.SALA,
    correo.SALA,
    plazos.SALA,
    catalogos.SALA,
    evidencia.SALA,
    derechos.SALA,
    retencion.SALA,
    informes.SALA,
    interventoria.SALA,
    auditorias.SALA,
    comites.SALA,
    controles.SALA,
    personas.SALA,
    portada.SALA,
    publico.SALA,
    paquetes.SALA,
)
_RUTAS = [hallada for sala in SALAS for hallada in sala.rutas()]
#: Endpoint → who may use it, as each route says; `static` is Flask's own, and everybody's.
PERMISOS: Mapping[str, frozenset[str]] = {
    "static": PUBLICO,
    **{endpoint: ruta.para for endpoint, ruta in _RUTAS},
}
#: Endpoint and method → what else its route says.
DICHO: Mapping[tuple[str, str], Dicho] = {
    (endpoint, ruta.metodo): ruta.dicho for endpoint, ruta in _RUTAS
}
#: Names of the tables of pages that are open before a second factor is put.
SIN_SEGUNDO = frozenset(
    plano.nombre for sala in SALAS for plano in sala.planos if plano.sin_segundo
)
