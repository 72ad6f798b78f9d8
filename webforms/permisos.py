"""Before every view: who may use its route, as the route says (`para=`). What no route says is
refused.

A role here opens the page; the engine decides again, with the scope, on each work item.
"""

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.states import AccessKind
from webforms.base import sesiones
from webforms.base.rutas import dicho
from webforms.base.security import equipo_actual, falta_segundo, usuario_actual
from webforms.base.servicios import servicios
from webforms.cuentas.ingreso import pedir_ingreso, pedir_otra_vez
from webforms.salas import PERMISOS, SIN_SEGUNDO


def decidir(
    permitidos: frozenset[str], roles: frozenset[str], tipo_equipo: str | None, *, con_sesion: bool
) -> str:
    """Who acts: "publico", "persona" or "dispositivo"; or why nobody may: "prohibido" (logged in)
    or "anonimo". Pure."""
    if "publico" in permitidos:
        return "publico"
    if con_sesion and ("persona" in permitidos or roles & permitidos):
        return "persona"
    if tipo_equipo is not None and f"dispositivo:{tipo_equipo}" in permitidos:
        return "dispositivo"
    if con_sesion or all(nombre.startswith("dispositivo:") for nombre in permitidos):
        return "prohibido"
    return "anonimo"


def exigir() -> ResponseReturnValue | None:
    """Before every view: default deny. Sets `g.actor`; refusals of people go to the access
    chain."""
    if request.endpoint is None:
        return None
    permitidos = PERMISOS.get(request.endpoint, frozenset())
    if "publico" in permitidos:
        return None
    usuario = usuario_actual()
    roles = frozenset(papel.name for papel in usuario.papeles) if usuario else frozenset()
    usa_equipo = any(nombre.startswith("dispositivo:") for nombre in permitidos)
    equipo = equipo_actual() if usa_equipo else None
    quien = decidir(
        permitidos, roles, equipo.tipo if equipo else None, con_sesion=usuario is not None
    )
    if quien == "persona" and usuario is not None:
        g.actor = usuario.actor
        if falta_segundo(usuario) and request.endpoint.partition(".")[0] not in SIN_SEGUNDO:
            return redirect(url_for("segundo.ver", falta=1))
        # nobody does an act of weight at a desk that its person has left
        if dicho().get("de_peso") and not sesiones.confirmada(servicios().clock.now()):
            return pedir_otra_vez(usuario)
    elif quien == "dispositivo" and equipo is not None:
        g.actor = equipo.actor
    elif quien == "anonimo":
        return pedir_ingreso()
    else:
        if usuario is not None:
            detalle = {"reason": "route"}
            servicios().engine.log_access(
                usuario.actor,
                AccessKind.REFUSAL,
                f"ruta/{request.endpoint}",
                now=servicios().clock.now(),
                detail=detalle,
            )
        abort(403)
    return None


def register(app: Flask) -> None:
    app.before_request(exigir)
