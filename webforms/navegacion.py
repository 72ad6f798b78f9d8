"""Where each role goes: the bar on top and the first page after login. A page that does not exist
yet is not offered."""

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from records.cuentas.reglas.roles import DE_CARRIL, ROLES, con_menu, que_incluyen
from webforms import base
from webforms.base import palabras
from webforms.base.ajustes import ajustes
from webforms.base.puesta import falta_algo
from webforms.base.rutas import Rutas, blueprint
from webforms.base.security import Usuario, usuario_actual
from webforms.base.servicios import servicios
from webforms.permisos import BARRA, PERMISOS, Enlace

rutas = Rutas()
INCIDENTES, PUESTA = "incidentes.lista", "puesta.pagina"
# entries that fit beside a name and an office at 1280 px; from there on the last is «Más»
EN_LA_BARRA = 5


def enlaces(usuario: Usuario | None) -> tuple[Enlace, ...]:
    if usuario is None:
        return ()
    existentes = current_app.view_functions
    suyos = (
        e
        for e in BARRA
        if e.endpoint in existentes and e.endpoint in PERMISOS and usuario.tiene(*con_menu(e.menu))
    )
    return tuple(e for e in suyos if e.hay is None or e.hay(usuario))


def cargo(usuario: Usuario) -> str:
    """ "Asesor · Bogotá Aguas": the roles of a person as the bar says them."""
    propios = [
        r.codigo
        for r in ROLES.values()
        if r.menu and r.codigo != DE_CARRIL and not usuario.tiene(*que_incluyen(r.codigo))
    ]
    partes = []
    for rol in (*propios, *sorted({p.name for p in usuario.papeles} - ROLES.keys())):
        if usuario.tiene(rol):
            ambitos = ", ".join(
                usuario.lugares.get(ambito) or palabras.lugar(ambito)
                for ambito in usuario.ambitos(rol)
            )
            partes.append(f"{palabras.rol(rol)} · {ambitos}" if ambitos else palabras.rol(rol))
    return " / ".join(partes)


@rutas.get("/")
def inicio() -> ResponseReturnValue:
    usuario = usuario_actual()
    primero = next(iter(enlaces(usuario)), None)
    if primero is None or "ajeno" in request.args:
        return render_template("inicio.html", ajeno="ajeno" in request.args, primero=primero)
    return redirect(
        url_for(_por_donde_empezar() if primero.endpoint == INCIDENTES else primero.endpoint)
    )


def _por_donde_empezar() -> str:
    """Who administers a place where nobody can work yet begins with what is missing. The demo is no
    such place."""
    s = servicios()
    if ajustes().demo:
        return INCIDENTES
    with s.uow.reading() as session:
        return (
            PUESTA
            if PUESTA in current_app.view_functions and falta_algo(session, s.clock.now())
            else INCIDENTES
        )


def register(app: Flask) -> None:
    """The first page lies with what all audiences share; so the layout and the macros are found,
    too."""
    app.register_blueprint(blueprint("inicio", base.__name__, rutas))
