"""Filters that a person saves under a name, for themselves or for the people of their area or
point."""

from dataclasses import replace

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from records.base.errores import DatoInvalido
from records.cuentas import cuentas
from webforms.bandeja import consulta
from webforms.bandeja.lista import PAGINA
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar

rutas = Rutas()

MAX_NOMBRE = 60


@rutas.post("/bandeja/filtros", para=PERSONA, haria=_l("Guardar un filtro"))
def guardar() -> ResponseReturnValue:
    s, actor = servicios(), actor_actual()
    # whom somebody looked for is not kept, nor shared
    c = replace(consulta.de_texto(request.form.get("consulta", "")), de="")
    nombre = str(limpiar(request.form.get("nombre", ""))).replace("\n", " ")
    ambito = request.form.get("ambito") or None
    if not 1 <= len(nombre) <= MAX_NOMBRE:
        flash(_("Escriba un nombre para el filtro, en máximo 60 letras."), "ambar")
        return redirect(consulta.con_texto(c.texto))
    if ambito is not None and ambito not in {papel.scope for papel in actor.roles}:
        ambito = None  # a place that is not theirs
    nuevo = cuentas.NuevoFiltro(actor.id, PAGINA, nombre, c.texto, ambito)
    try:
        s.uow.run(lambda session: cuentas.guardar_filtro(session, nuevo, now=s.clock.now()))
    except DatoInvalido as error:
        flash(str(error), "ambar")
    else:
        flash(_("Filtro «%(nombre)s» guardado.", nombre=nombre), "verde")
    return redirect(consulta.con_texto(c.texto))


@rutas.post("/bandeja/filtros/<int:filtro_id>/borrar", para=PERSONA, haria=_l("Borrar un filtro"))
def borrar(filtro_id: int) -> ResponseReturnValue:
    """Only one's own: whoever shared it takes it away for all."""
    s, usuario = servicios(), actor_actual().id
    s.uow.run(lambda session: cuentas.borrar_filtro(session, filtro_id, usuario=usuario))
    flash(_("Filtro borrado."), "verde")
    return redirect(consulta.con_texto(""))
