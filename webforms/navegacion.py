"""Where each role goes: the bar on top and the first page after login. A page that does not exist yet is not offered."""

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from flask import current_app
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engine.reads.incidents import open_number
from webforms import base
from webforms.base.roles import NOMBRES
from webforms.base.rutas import Rutas
from webforms.base.rutas import blueprint
from webforms.base.security import Usuario
from webforms.base.security import usuario_actual
from webforms.base.servicios import servicios
from webforms.permisos import PERMISOS

rutas = Rutas()


@dataclass(frozen=True, slots=True)
class Enlace:
    endpoint: str
    texto: str
    roles: frozenset[str]  #: for whom the bar shows it; the route may be open to more
    cuenta: Callable[[], int] | None = None  #: how many wait there


def incidentes_abiertos() -> int:
    with servicios().uow.reading() as session:
        return open_number(session)


def _para(*roles: str) -> frozenset[str]:
    return frozenset(roles)


#: In the order of the bar; the first that a person has is their first page.
BARRA: tuple[Enlace, ...] = (
    Enlace("asesor.consola", _l("Atención"), _para("asesor")),
    Enlace("bandeja.bandeja", _l("Bandeja"), _para("asesor", "funcionario", "coordinador_gau", "gestion_documental")),
    Enlace("cumplimiento.buscar", _l("Revisión de casos"), _para("cumplimiento")),
    Enlace("procesos.lista", _l("Procesos"), _para("analista_procesos")),
    Enlace("incidentes.lista", _l("Incidentes"), _para("administrador"), incidentes_abiertos),
    Enlace("casos.buscar", _l("Casos"), _para("asesor", "funcionario", "coordinador_gau", "administrador")),
    Enlace("programaciones.lista", _l("Programaciones"), _para("analista_procesos", "administrador")),
    Enlace("instancias.suspendidos", _l("Suspendidos"), _para("coordinador_gau", "administrador")),
    Enlace("dispositivos.lista", _l("Equipos"), _para("administrador")),
)


def enlaces(usuario: Usuario | None) -> Iterable[Enlace]:
    if usuario is None:
        return ()
    existentes = current_app.view_functions
    return tuple(e for e in BARRA if e.endpoint in existentes and e.endpoint in PERMISOS and usuario.tiene(*e.roles))


def cargo(usuario: Usuario) -> str:
    """ "Asesor · Bogotá Aguas": the roles of a person as the bar says them."""
    partes = []
    for rol, nombre in NOMBRES.items():
        if usuario.tiene(rol):
            ambitos = ", ".join(usuario.lugares.get(ambito, ambito) for ambito in usuario.ambitos(rol))
            partes.append(f"{nombre} · {ambitos}" if ambitos else str(nombre))
    return " / ".join(partes)


@rutas.get("/")
def inicio() -> ResponseReturnValue:
    usuario = usuario_actual()
    primero = next(iter(enlaces(usuario)), None)
    if primero is None or "ajeno" in request.args:
        return render_template("inicio.html", ajeno="ajeno" in request.args, primero=primero)
    return redirect(url_for(primero.endpoint))


def register(app: Flask) -> None:
    """The first page lies with what all audiences share; so the layout and the macros are found, too."""
    app.register_blueprint(blueprint("inicio", base.__name__, rutas))
