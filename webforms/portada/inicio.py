"""The first page of who reports, reviews, audits, decides or receives: what waits for them, what
stands beside it, the month by days."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.types import WorkItem
from records.comites import comites
from records.cuentas.reglas.roles import Facultad
from records.informes import meses, reportes
from records.interventoria import interventoria, obligaciones
from records.plazos.reglas.calendario import dia_local
from records.plazos.reglas.obligaciones import Clase
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import VE_PORTADA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, usuario_actual
from webforms.base.servicios import servicios
from webforms.casos import a_cargo
from webforms.informes.reporte import ESTADOS
from webforms.interventoria.formularios import MEDIOS
from webforms.plazos.vencimientos import Vencimiento, vencimiento
from webforms.portada import lados, mes as calendario
from webforms.portada.asuntos import asuntos
from webforms.portada.mes import Mes
from webforms.tareas import juntas

rutas = Rutas()

LEIDAS, MOSTRADAS = 200, 30  #: tasks, and lines that the page has
#: Of these an auditor does many at each point: they stand together.
POR_PUNTO: Final = frozenset({"us_sortear", "act_5_2_27"})
#: Class of a due date → the head of its group, the most urgent first.
GRUPOS: Final[Mapping[str, Any]] = {
    "critica": _l("Vencidas"),
    "vencida": _l("Vencidas"),
    "por-vencer": _l("Por vencer"),
    "tranquila": _l("Sin urgencia"),
}


@dataclass(frozen=True, slots=True)
class Espera:
    """A task that waits for this person, or several of a point: the first of `cuantas`.

    `asunto`: what the records know of it; empty: its name says it.
    """

    item: WorkItem
    cuantas: int
    vence: Vencimiento | None
    asunto: str
    pagina: str = ""  #: that does all of them together


def _tareas(
    session: Session, now: dt.datetime, mes: Mes | None
) -> tuple[int, dict[str, list[Espera]]]:
    """How many in all, and the first of them by how urgent they are."""
    actor = actor_actual()
    todas = reads.items.inbox(session, actor, limit=LEIDAS)
    pagina_de = {i.id: p for p, suyas in juntas.paginas(session, todas).items() for i in suyas}
    lineas: dict[tuple[str, ...], list[WorkItem]] = {}
    for item in todas:
        suya: tuple[str, ...] = (pagina_de.get(item.id) or item.id,)
        if item.element in POR_PUNTO:
            suya = (item.element, str(item.data.get("punto_id")))
        lineas.setdefault(suya, []).append(item)
    primeras = [(suyas[0], len(suyas)) for suyas in lineas.values()][:MOSTRADAS]
    dichos = asuntos(session, [i for i, _n in primeras if i.id not in pagina_de], now)
    grupos: dict[str, list[Espera]] = {}
    for item, n in primeras:
        vence = vencimiento(
            item.due_at,
            now,
            porque=mes.razon(item.element, item.data, item.due_at) if mes is not None else "",
        )
        grupo = vence.estado if vence is not None else "tranquila"
        grupos.setdefault(grupo, []).append(
            Espera(item, n, vence, dichos.get(item.id, ""), pagina_de.get(item.id, ""))
        )
    return reads.items.inbox_count(session, actor), {g: grupos[g] for g in GRUPOS if g in grupos}


# What waits for oneself.
@rutas.get(
    "/inicio",
    para=VE_PORTADA,
    ayuda=Ayuda(_l("Lo que le espera: sus tareas y las fechas del mes."), CALIDAD),
    menu=Entrada(Grupo.HOY, _l("Inicio"), 1, primera=True),
)
def inicio() -> ResponseReturnValue:
    now, usuario = servicios().clock.now(), usuario_actual() or abort(403)
    hoy = dia_local(now)
    mes = meses.del_mes(hoy)
    with servicios().uow.reading() as session:
        procesos = calendario.en_vigor(session)
        temas = calendario.temas_de(usuario, procesos)
        clases = {t.inicia for t in temas}
        opera = usuario.puede(Facultad.VER_OPERACION)
        versiones = (
            meses.versiones(session) if opera or clases & {Clase.CIERRE, Clase.REMITIR} else []
        )
        cerrado = versiones[0].mes if versiones else None
        situaciones = reportes.situaciones(session, cerrado) if cerrado is not None else []
        hallazgos = comites.hallazgos(session) if usuario.puede(Facultad.VER_COMITES) else []
        acusa = usuario.puede(Facultad.ACUSAR)
        hechos = obligaciones.hechos(
            session,
            clases,
            mes,
            now,
            versiones=versiones,
            situaciones=situaciones if cerrado == meses.anterior(mes) else [],
            hallazgos=hallazgos if Clase.COMITE in clases else [],
            interventor=usuario.usuario if acusa else None,
        )
        armado = calendario.armar(mes, temas, calendario.inicios(session, temas, mes), hechos, now)
        total, grupos = _tareas(session, now, armado)
        return render_template(
            "portada/inicio.html",
            total=total,
            grupos=grupos,
            dichos=GRUPOS,
            casos=a_cargo.cifras(session),
            vencidos=lados.vencidos(session, now) if usuario.puede(Facultad.SUPERVISAR) else [],
            operacion=lados.operacion(session, now) if opera else None,
            no_cumplen=lados.no_cumplen(session, versiones) if opera else None,
            cerrado=versiones[0] if versiones else None,
            por_estado=_por_estado(situaciones) if Clase.CIERRE in clases else {},
            tardios=meses.tardios(session, cerrado)
            if Clase.CIERRE in clases and cerrado is not None
            else None,
            auditoria=lados.auditoria(session, usuario.usuario)
            if usuario.puede(Facultad.AUDITAR)
            else None,
            acciones=_acciones(hallazgos, hoy),
            comite=lados.comite(session, now) if usuario.puede(Facultad.VER_COMITES) else None,
            pendientes=interventoria.pendientes(session, usuario.usuario) if acusa else None,
            entregas=[e for e in hechos.entregas if e.acusados < e.de] if not acusa else [],
            medios=MEDIOS,
            accesos=lados.accesos(session) if Clase.ACCESOS in clases else None,
            disponibilidad=lados.disponibilidad_del_mes(session, hoy)
            if usuario.puede(Facultad.VER_ACCESOS)
            else None,
            reglas=lados.reglas(usuario, procesos),
            documentos=lados.documentos(session, usuario, hoy),
            mes=armado,
            situaciones=situaciones if opera or Clase.CIERRE in clases else [],
            estados=ESTADOS,
            now=now,
        )


def _por_estado(situaciones: Sequence[reportes.Situacion]) -> dict[str, int]:
    """In the order of the life of a report."""
    cuantas = {e: sum(s.estado == e for s in situaciones) for e in ESTADOS}
    return {e: n for e, n in cuantas.items() if n}


def _acciones(hallazgos: Sequence[comites.Tratado], hoy: dt.date) -> dict[str, int]:
    """Findings that are not closed, by how they stand."""
    estados = [t.estado(hoy) for t in hallazgos]
    return {e: n for e in comites.ESTADOS if e != comites.CERRADA and (n := estados.count(e))}
