"""Where each role goes: the bar on top and the first page after login. A page that does not exist
yet is not offered."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engine.reads.incidents import open_number
from records.cuentas.reglas.roles import DE_CARRIL, ROLES, Menu, con_menu, que_incluyen
from records.interventoria import interventoria
from records.plazos.reglas.calendario import dia_local
from records.retencion import eliminaciones
from webforms.base import palabras
from webforms.base.ajustes import ajustes
from webforms.base.quienes import ACUSA, APRUEBA_ELIMINACION, ELIMINA, GOBIERNA, MODELA, PERSONA
from webforms.base.rutas import Plano, Rutas, Sala
from webforms.base.security import Usuario, usuario_actual
from webforms.base.servicios import servicios
from webforms.cuentas.aprobaciones import por_decidir
from webforms.operacion.por_poner import falta_algo
from webforms.tareas import tramites

rutas = Rutas()
INCIDENTES, PUESTA = "incidentes.lista", "puesta.pagina"
# entries that fit beside a name and an office at 1280 px; from there on the last is «Más»
EN_LA_BARRA = 5


@dataclass(frozen=True, slots=True)
class Enlace:
    menu: Menu
    endpoint: str
    texto: str
    cuenta: Callable[[], int] | None = None  #: how many wait there
    hay: Callable[[Usuario], bool] | None = None  #: whether there is anything there for this person


def incidentes_abiertos() -> int:
    with servicios().uow.reading() as session:
        return open_number(session)


def acuses_por_dar() -> int:
    """Of the supervisor who looks; nobody else owes one."""
    usuario = usuario_actual()
    if usuario is None or not {p.name for p in usuario.papeles} & ACUSA:
        return 0
    with servicios().uow.reading() as session:
        return len(interventoria.por_acusar(session, usuario.usuario))


def eliminaciones_por_seguir() -> int:
    usuario = usuario_actual()
    suyos = {p.name for p in usuario.papeles} if usuario is not None else set()
    aprueba, elimina = bool(suyos & APRUEBA_ELIMINACION), bool(suyos & ELIMINA)
    if usuario is None or not (aprueba or elimina):
        return 0
    s = servicios()
    abiertas = s.uow.lookup(eliminaciones.ABIERTAS, {})
    return eliminaciones.esperan_a(
        abiertas, usuario.usuario, dia_local(s.clock.now()), aprueba=aprueba, elimina=elimina
    )


def aprobaciones_por_decidir() -> int:
    usuario = usuario_actual()
    return por_decidir(usuario) if usuario is not None and usuario.tiene(*MODELA, *GOBIERNA) else 0


def hay_que_iniciar(usuario: Usuario) -> bool:
    """A process in force may be begun, or a message be handed over, by a role of theirs."""
    return usuario.version is not None and tramites.hay_para(usuario.version, usuario.actor)


#: In the order of the bar; who has each stands in `records/cuentas/reglas/roles.py`. The first that a person
#: has is their first page.
BARRA: tuple[Enlace, ...] = (
    Enlace(Menu.INICIO, "portada.inicio", _l("Inicio")),
    Enlace(Menu.ATENCION, "asesor.consola", _l("Atención")),
    Enlace(Menu.RADICACION, "radicacion.lista", _l("Documentos por recibir")),
    Enlace(Menu.BANDEJA, "bandeja.bandeja", _l("Bandeja")),
    Enlace(Menu.INICIAR, "iniciar.lista", _l("Iniciar"), hay=hay_que_iniciar),
    Enlace(Menu.OPERACION, "gerencia.vivo", _l("Hoy")),
    Enlace(Menu.CARGA, "bandeja.tablero", _l("Tablero de carga")),
    Enlace(Menu.REVISION, "cumplimiento.buscar", _l("Revisión de casos")),
    Enlace(Menu.PROCESOS, "procesos.lista", _l("Procesos")),
    Enlace(Menu.PROCEDIMIENTOS, "procesos.procedimientos", _l("Procedimientos")),
    Enlace(Menu.INCIDENTES, "incidentes.lista", _l("Incidentes"), incidentes_abiertos),
    Enlace(Menu.ESTADO, "estado.pagina", _l("Estado")),
    Enlace(Menu.CORREOS, "correos.lista", _l("Correos")),
    Enlace(Menu.SISTEMAS, "sistemas.estado", _l("Sistemas")),
    Enlace(Menu.PERSONAS, "personas.lista", _l("Personas")),
    Enlace(Menu.ENTIDAD, "entidad.indice", _l("Entidad")),
    Enlace(Menu.APROBACIONES, "aprobaciones.lista", _l("Aprobaciones"), aprobaciones_por_decidir),
    Enlace(Menu.CASOS, "casos.buscar", _l("Casos")),
    Enlace(Menu.PLANTILLAS, "bandeja.plantillas_lista", _l("Plantillas")),
    Enlace(Menu.CALIFICACIONES, "bandeja.de_la_atencion", _l("Calificaciones")),
    Enlace(Menu.REPORTES, "calidad.ultimo_mes", _l("Reportes")),
    Enlace(Menu.INTERVENTORIA, "calidad.entregas", _l("Interventoría"), acuses_por_dar),
    Enlace(Menu.INDICADORES, "calidad.lista", _l("Indicadores")),
    Enlace(Menu.FALLAS, "calidad.reportes_de_fallas", _l("Reportes de fallas")),
    Enlace(Menu.AUDITORIAS, "calidad.lista_de_auditorias", _l("Auditorías")),
    Enlace(Menu.VISITA, "calidad.visita", _l("Visita")),
    Enlace(Menu.COMITES, "calidad.lista_de_comites", _l("Comités")),
    Enlace(Menu.HALLAZGOS, "calidad.lista_de_hallazgos", _l("Hallazgos")),
    Enlace(Menu.MI_CALIDAD, "calidad.mi_calidad", _l("Mi calidad")),
    Enlace(Menu.AUSENCIAS, "bandeja.ausencias_lista", _l("Ausencias")),
    Enlace(Menu.PAPEL, "papel.lista", _l("Papel")),
    Enlace(
        Menu.ELIMINACION,
        "radicacion.eliminaciones_lista",
        _l("Eliminación documental"),
        eliminaciones_por_seguir,
    ),
    Enlace(Menu.ACCESOS, "calidad.revisiones_de_accesos", _l("Revisión de accesos")),
    Enlace(Menu.CONTROLES, "calidad.panel_de_controles", _l("Controles")),
    Enlace(Menu.PROGRAMACIONES, "programaciones.lista", _l("Programaciones")),
    Enlace(Menu.SUSPENDIDOS, "instancias.suspendidos", _l("Procesos detenidos")),
    Enlace(Menu.EQUIPOS, "dispositivos.lista", _l("Equipos")),
    Enlace(Menu.CRM, "crm.conciliacion", _l("CRM")),
    Enlace(Menu.DIGITURNO, "digiturno.estado", _l("Digiturno")),
)


def enlaces(usuario: Usuario | None) -> tuple[Enlace, ...]:
    if usuario is None:
        return ()
    existentes = current_app.view_functions
    suyos = (e for e in BARRA if e.endpoint in existentes and usuario.tiene(*con_menu(e.menu)))
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


@rutas.get("/", para=PERSONA)
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


#: The first page lies with what all rooms share; so the layout and the macros are found, too.
SALA = Sala((Plano("inicio", (rutas,), sin_segundo=True),))
