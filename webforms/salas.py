"""The rooms, and what is gathered from them."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

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
    expedientes,
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
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Dicho, Sala
from webforms.campos.formulario import FormSpec

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
    expedientes.SALA,
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


def _de_formularios() -> Iterator[ModuleType]:
    """Modules `formularios…` of the rooms, and those of a folder that is called so."""
    casa = Path(__file__).parent
    for ruta in sorted([*casa.glob("*/formularios*.py"), *casa.glob("*/formularios/*.py")]):
        yield import_module(".".join(ruta.relative_to(casa.parent).with_suffix("").parts))


#: The forms of tasks, by the keys of `<v:form key="…"/>`.
FORMS: Mapping[str, FormSpec] = {
    clave: form
    for modulo in _de_formularios()
    for clave, form in getattr(modulo, "FORMS", {}).items()
}
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
_DE_GRUPO = {grupo: n for n, grupo in enumerate(Grupo)}
#: The pages of the bar and of «Ir a», in their order, with who may open each; those of a group that
#: are only found by their name are last.
MENU: tuple[tuple[str, Entrada, frozenset[str]], ...] = tuple(
    sorted(
        (
            (endpoint, ruta.dicho["menu"], ruta.para)
            for endpoint, ruta in _RUTAS
            if "menu" in ruta.dicho
        ),
        key=lambda e: (_DE_GRUPO[e[1].grupo], not e[1].orden, e[1].orden),
    )
)
#: Names of the tables of pages that are open before a second factor is put.
SIN_SEGUNDO = frozenset(
    plano.nombre for sala in SALAS for plano in sala.planos if plano.sin_segundo
)
