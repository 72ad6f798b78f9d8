"""Route → who may use it. What is not listed is refused; tests/integration/webforms/test_permisos.py fails on a route without a row.

A role here opens the page; the engine decides again, with the scope, on each work item.
"""

from collections.abc import Mapping

from flask import Flask
from flask import abort
from flask import g
from flask import request
from flask.typing import ResponseReturnValue

from engine.states import AccessKind
from webforms.acceso.ingreso import pedir_ingreso
from webforms.base.security import equipo_actual
from webforms.base.security import usuario_actual
from webforms.base.servicios import servicios

PUBLICO = frozenset({"publico"})
PERSONA = frozenset({"persona"})  # anybody who is logged in
CUMPLIMIENTO = frozenset({"cumplimiento"})
ASESOR = frozenset({"asesor"})
QUIOSCO = frozenset({"dispositivo:quiosco"})
TABLERO = frozenset({"dispositivo:tablero"})
TABLETA = frozenset({"dispositivo:tableta"})
ADMINISTRA = frozenset({"administrador"})
OPERA = frozenset({"coordinador_gau", "administrador"})  # suspend, resume, send back; the engine lets only one of them cancel
ANALISTA = frozenset({"analista_procesos"})
MIGRA = frozenset({"analista_procesos", "administrador"})
MODELOS = frozenset({"analista_procesos", "cumplimiento", "administrador"})  # who may read diagrams, tables and versions

PERMISOS: Mapping[str, frozenset[str]] = {
    "static": PUBLICO,
    "inicio.inicio": PERSONA,
    "ingreso.ingresar": PUBLICO,
    "ingreso.salir": PUBLICO,
    # A lane that an analyst adds has a role of its own, so any person may ask; the lane of the item decides.
    "tareas.mostrar": PERSONA,
    "tareas.completar": PERSONA,
    "tareas.seguir": PERSONA,
    "tareas.borrador": PERSONA,
    "tareas.borradores": PERSONA,
    "tareas.tomar": PERSONA,
    "tareas.devolver": PERSONA,
    "tareas.elegir_persona": PERSONA,
    "tareas.reasignar": PERSONA,
    "tareas.anotar": PERSONA,
    "dispositivos.lista": ADMINISTRA,
    "dispositivos.registrar": ADMINISTRA,
    "dispositivos.otro_enlace": ADMINISTRA,
    "dispositivos.revocar": ADMINISTRA,
    "dispositivos.activar": PUBLICO,
    "dispositivos.confirmar": PUBLICO,
    "asesor.consola": ASESOR,
    "asesor.elegir_modulo": ASESOR,
    "asesor.llamar": ASESOR,
    "asesor.llamar_turno": ASESOR,
    "asesor.rellamar": ASESOR,
    "asesor.recibir": ASESOR,
    "asesor.reingresar": ASESOR,
    "asesor.volvio": ASESOR,
    "asesor.pausar": ASESOR,
    "asesor.datos": ASESOR,
    "asesor.constancia": ASESOR,
    "bandeja.bandeja": PERSONA,
    "bandeja.tomar": PERSONA,
    # Who sees a case is decided case by case (webforms/casos/caso.py); a foreign one is a 404 that is recorded.
    "casos.buscar": frozenset({"asesor", "funcionario", "coordinador_gau", "administrador"}),
    "casos.ver": PERSONA,
    "casos.historia": PERSONA,
    "casos.diagrama": PERSONA,
    "casos.modelo": PERSONA,
    "casos.documentos": PERSONA,
    "casos.documento": PERSONA,
    "casos.notas": PERSONA,
    "casos.anotar": frozenset({"asesor", "funcionario", "coordinador_gau", "gestion_documental", "administrador"}),
    "casos.complemento": frozenset({"asesor", "funcionario", "coordinador_gau"}),
    "casos.pedir_prorroga": frozenset({"coordinador_gau"}),
    "casos.prorrogar": frozenset({"coordinador_gau"}),
    "instancias.ver": OPERA,
    "instancias.suspendidos": OPERA,
    "instancias.confirmar": OPERA,
    "instancias.operar": OPERA,
    "cumplimiento.buscar": CUMPLIMIENTO,
    "cumplimiento.exportar": CUMPLIMIENTO,
    "cumplimiento.caso": CUMPLIMIENTO,
    "cumplimiento.observar": CUMPLIMIENTO,
    "incidentes.lista": ADMINISTRA,
    "incidentes.de_causa": ADMINISTRA,
    "incidentes.ver": ADMINISTRA,
    "incidentes.reparar": ADMINISTRA,
    "incidentes.en_reparacion": PERSONA,
    "programaciones.lista": MODELOS,
    "programaciones.ver": MODELOS,
    "programaciones.pausar": ADMINISTRA,
    "programaciones.reanudar": ADMINISTRA,
    "correo_demo.lista": PERSONA,
    "correo_demo.mensaje": PERSONA,
    "quiosco.inicio": QUIOSCO,
    "quiosco.condicion": QUIOSCO,
    "quiosco.tomar": QUIOSCO,
    "quiosco.tiquete": QUIOSCO,
    "tablero.pagina": TABLERO,
    "tablero.llamados": TABLERO,
    "tableta.espera": TABLETA,
    "tableta.preguntar": TABLETA,
    "tableta.calificar": TABLETA,
    "tableta.responder": TABLETA,
    "calificacion.enlace": PUBLICO,
    "seguimiento.turno": PUBLICO,
    "consulta.consulta": PUBLICO,
    "consulta.complemento": PUBLICO,
    "procesos.lista": MODELOS,
    "procesos.ver": MODELOS,
    "procesos.bajar": MODELOS,
    "procesos.diagrama": PERSONA,
    "procesos.migrar": MIGRA,
    "procesos.migrar_casos": MIGRA,
    "procesos.editar": ANALISTA,
    "procesos.editar_tabla": ANALISTA,
    "procesos.vista_xml": ANALISTA,
    "procesos.guardar": ANALISTA,
    "procesos.ver_borrador": ANALISTA,
    "procesos.descartar": ANALISTA,
    "procesos.lint": ANALISTA,
    "procesos.subir": ANALISTA,
    "procesos.nuevo": ANALISTA,
    "procesos.poner": ANALISTA,
    "procesos.desplegar": ANALISTA,
}


def decidir(permitidos: frozenset[str], roles: frozenset[str], tipo_equipo: str | None, *, con_sesion: bool) -> str:
    """Who acts: "publico", "persona" or "dispositivo"; or why nobody may: "prohibido" (logged in) or "anonimo". Pure."""
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
    """Before every view: default deny. Sets `g.actor`; refusals of people go to the access chain."""
    if request.endpoint is None:
        return None
    permitidos = PERMISOS.get(request.endpoint, frozenset())
    if "publico" in permitidos:
        return None
    usuario = usuario_actual()
    roles = frozenset(papel.name for papel in usuario.papeles) if usuario else frozenset()
    usa_equipo = any(nombre.startswith("dispositivo:") for nombre in permitidos)
    equipo = equipo_actual() if usa_equipo else None
    quien = decidir(permitidos, roles, equipo.tipo if equipo else None, con_sesion=usuario is not None)
    if quien == "persona" and usuario is not None:
        g.actor = usuario.actor
    elif quien == "dispositivo" and equipo is not None:
        g.actor = equipo.actor
    elif quien == "anonimo":
        return pedir_ingreso()
    else:
        if usuario is not None:
            detalle = {"reason": "route"}
            servicios().engine.log_access(
                usuario.actor, AccessKind.REFUSAL, f"ruta/{request.endpoint}", now=servicios().clock.now(), detail=detalle
            )
        abort(403)
    return None


def register(app: Flask) -> None:
    app.before_request(exigir)
