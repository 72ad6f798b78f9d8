"""The case beside the form: what the person asks, both terms, what was said and done, files,
earlier answers, notes."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import NoteView
from records.casos.archivos import archivos_del_caso
from records.casos.busqueda import caso_por_clave
from records.casos.expediente import (
    Expediente,
    OtroCaso,
    RespuestaAnterior,
    expediente,
    otros_casos,
    quien_vino,
    respuestas_anteriores,
)
from records.casos.reglas import estados
from records.casos.tablas import Archivo, Caso, CasoEstado
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.reglas.roles import ASESOR, COORDINADOR
from records.cuentas.tablas import Ausencia
from records.escritos.escritos import CANAL, entregas_en_caso
from records.sistemas.puertos import Lectura, OtraVez
from webforms.base import formatos
from webforms.base.formatos import dia_local
from webforms.base.palabras import CALIDADES
from webforms.base.personas import nombres_de
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.plazos.palabras import PlazoVisto, no_prorroga, plazo_de_la_tarea, plazos_vistos
from webforms.sistemas.cotejo import EnElCaso, del_caso
from webforms.tareas.areas import DelArea, del_area
from webforms.tareas.lectura import Tarea
from webforms.tareas.notas import notas_de
from webforms.tareas.prorrogas import Pedida, la_pedida
from webforms.tareas.registrado import Dicho

#: Of the queue and the rating: neither helps to answer, and who rated what is nobody's business
#: here.
DE_LA_FILA = frozenset({"act_5_2_1", "act_5_2_2", "act_5_2_12", "act_5_2_13"})
#: Where an area says whose the case is, and in which fields.
ANALISIS = ("act_5_2_16", "act_5_2_17")
DE_OTRA_AREA = (_l("Área que debe responder"), _l("Por qué es de esa área"))
#: Where the answer of an area to what came in writing is signed (M5-1-04 act. 5).
DE_FIRMA = ("act_5", "act_5_gau")
MEDIOS: dict[str, Any] = {
    "correo": _l("por correo electrónico"),
    "direccion": _l("por correo físico"),
    "punto": _l("en el punto de atención"),
}


@dataclass(frozen=True, slots=True)
class Hecho:
    """One line of what was said and done."""

    cuando: dt.datetime
    titulo: str
    texto: str
    valores: Dicho = ()


@dataclass(frozen=True, slots=True)
class Mesa:
    """The case of a task, read in the session of its page."""

    e: Expediente
    plazos: tuple[PlazoVisto, ...]
    propio: PlazoVisto | None  #: of them, the one by which this task is due
    dicho: Sequence[Hecho]
    archivos: Sequence[Archivo]
    anteriores: Sequence[RespuestaAnterior]
    notas: Sequence[NoteView]
    nombres: dict[str, str]
    se_le_dijo: str
    visita: EnElCaso | None  #: what the systems said of the person
    otra_vez: bool  #: and they can be asked again, by this person
    vino: str  #: in which capacity the person came, and who came for them
    ausencia: Ausencia | None = None  #: of whoever holds the task
    reemplaza: bool = False  #: this person acts for them
    escalo: str = ""
    resumen: str = field(default="")
    del_area: DelArea | None = None  #: for who reviews and sends the answer of an area
    #: for who decides between areas: why each says that the case is of another, the latest first
    argumentos: Sequence[Hecho] = ()
    otros: Sequence[OtroCaso] = ()  #: open cases of the same person
    prorroga: Pedida | None = None  #: that somebody asked for
    pide_prorroga: bool = False  #: whoever holds the task may ask for one
    llego: Hecho | None = None  #: what the person brought since the task is open
    sin_prorroga: str = ""  #: why none can be granted

    @property
    def vencido_legal(self) -> PlazoVisto | None:
        """What the person is owed already, where the task is due by another term."""
        legal = next(
            (
                p
                for p in self.plazos
                if p.tipo == "respuesta" and p.estado == "vencida" and not p.cumplido
            ),
            None,
        )
        return None if legal is self.propio else legal


def consultables() -> Sequence[Callable[[OtraVez], Lectura]]:
    """The connected systems that hold something of people."""
    return [v.otra_vez for v in servicios().vecinos if v.otra_vez is not None]


def mesa(session: Session, tarea: Tarea) -> Mesa | None:
    """None for a task whose process has no case of a person."""
    caso = caso_por_clave(session, tarea.item.case_key)
    if caso is None:
        return None
    e, item, ahora = expediente(session, caso.id), tarea.item, servicios().clock.now()
    archivos, notas = archivos_del_caso(session, item.case_key), notas_de(session, item.case_key)
    gente = {
        caso.asesor_id,
        *(a.subido_por for a in archivos),
        *(n.actor_id for n in notas),
        *(x.asesor_id for x in e.escalonamientos),
    }
    nombres = nombres_de(session, gente | ({item.claimed_by} if item.claimed_by else set()))
    ausencias = ausencias_hoy(session, [item.claimed_by], ahora) if item.claimed_by else {}
    ultimo = e.escalonamientos[-1] if e.escalonamientos else None
    plazos = plazos_vistos(e, ahora)
    dicho = _dicho(session, tarea, e)
    return Mesa(
        e=e,
        plazos=plazos,
        propio=plazo_de_la_tarea(plazos, item.due_at),
        dicho=dicho,
        llego=next(
            (h for h in dicho if h.titulo in map(str, _ENTREGAS) and h.cuando >= item.opened_at),
            None,
        ),
        archivos=archivos,
        anteriores=respuestas_anteriores(session, caso),
        notas=list(reversed(notas)),
        nombres=nombres,
        se_le_dijo=_se_le_dijo(e),
        visita=del_caso(session, caso),
        otra_vez=item.claimed_by == actor_actual().id and bool(consultables()),
        vino=_vino(session, caso),
        ausencia=ausencias.get(item.claimed_by or ""),
        reemplaza=item.claimed_by in actor_actual().stands_for,
        escalo=nombres.get(ultimo.asesor_id, ultimo.asesor_id) if ultimo else "",
        resumen=ultimo.resumen if ultimo else caso.resumen or "",
        del_area=del_area(session, e) if item.role == ASESOR or item.element in DE_FIRMA else None,
        argumentos=_argumentos(tarea) if item.role == COORDINADOR else (),
        otros=[o for o in otros_casos(session, caso) if o.estado not in estados.RESUELTOS],
        **_prorroga(session, tarea, e, ahora),
    )


def _vino(session: Session, caso: Caso) -> str:
    calidad, apoderado = quien_vino(session, caso)
    if apoderado:
        return str(_("vino por esta persona %(n)s, con poder", n=apoderado))
    return str(CALIDADES.get(calidad, "")).lower()


def _prorroga(session: Session, tarea: Tarea, e: Expediente, ahora: dt.datetime) -> dict[str, Any]:
    pedida = la_pedida(session, e, ahora)
    if not tarea.form.salidas or tarea.item.claimed_by != actor_actual().id:
        return {"prorroga": pedida}
    if porque := no_prorroga(e, ahora):
        return {"sin_prorroga": porque}
    return {"prorroga": pedida, "pide_prorroga": pedida is None or not pedida.espera}


def _argumentos(tarea: Tarea) -> list[Hecho]:
    """Of each 5.2.16 and 5.2.17 that sent the case on: to which area, and why."""
    area, porque = map(str, DE_OTRA_AREA)
    return [
        Hecho(r.cuando, r.quien, "", tuple(par for par in r.valores if par[0] in (area, porque)))
        for r in tarea.anteriores
        if r.elemento in ANALISIS and any(etiqueta == porque for etiqueta, _texto in r.valores)
    ]


#: What the person brought that was asked for, and what nobody had asked for.
_ENTREGAS = (
    _l("La persona entregó lo que faltaba"),
    _l("La persona entregó documentos"),
    _l("Llegó algo más para este caso"),
)


def _dicho(session: Session, tarea: Tarea, e: Expediente) -> list[Hecho]:
    """Forms, changes of area and of hands, and what the person brought, the latest first."""
    formularios = [
        Hecho(r.cuando, r.actividad, " · ".join(filter(None, (r.acto, r.quien))), r.valores)
        for r in tarea.anteriores
        if r.elemento not in DE_LA_FILA
    ]
    pases = [
        Hecho(x.escalado, str(_("Pasó a otra área")), x.motivo)
        for x in e.escalonamientos
        if x.motivo
    ]
    devuelta = str(
        _("Quien firma devolvió la respuesta")
        if e.caso.canal == CANAL
        else _("El asesor devolvió la respuesta")
    )
    devueltas = [Hecho(s.desde, devuelta, s.motivo) for s in e.estados if _es_devolucion(s)]
    manos = reads.items.handed(session, tarea.item)
    quienes = nombres_de(session, {m.by for m in manos}) if manos else {}
    pasadas = [
        Hecho(m.at, str(_("%(n)s pasó la tarea", n=quienes.get(m.by, m.by))), m.reason)
        for m in manos
        if m.reason
    ]
    entregas = [
        Hecho(s.hasta, str(_ENTREGAS[0]), s.complemento)
        for s in e.suspensiones
        if s.hasta is not None and s.complemento
    ]
    entregas += [
        Hecho(x.cuando, str(_ENTREGAS[1]), x.documentos)
        for x in entregas_en_caso(session, e.caso.id)
        if not any(x.documentos in (s.complemento or "") for s in e.suspensiones)
    ]
    entregas += [Hecho(a.llego, str(_ENTREGAS[2]), a.texto) for a in e.aportes]
    return sorted(
        [*formularios, *pases, *devueltas, *entregas, *pasadas],
        key=lambda h: h.cuando,
        reverse=True,
    )


def _es_devolucion(paso: CasoEstado) -> bool:
    return paso.estado == estados.EN_ANALISIS and bool(paso.motivo)


def _se_le_dijo(e: Expediente) -> str:
    """What 5.2.14 told the person, and the date that holds now where an extension or a suspension
    moved it."""
    prometido, vigente = (
        next((p for p in e.plazos if p.tipo == "respuesta"), None),
        e.plazo_vigente("respuesta"),
    )
    if e.caso.escalado is None or prometido is None:
        return ""
    cuando = formatos.fecha_larga(prometido.vence)
    medio = str(MEDIOS.get(e.caso.medio_respuesta or "", ""))
    dicho = str(
        _(
            "Lo revisa un área especializada. Le respondemos a más tardar el %(f)s, %(m)s.",
            f=cuando,
            m=medio,
        )
    ).replace(", .", ".")
    if vigente is None or dia_local(vigente.vence) == dia_local(prometido.vence):
        return dicho
    ahora = formatos.fecha_larga(vigente.vence)
    if e.prorroga is not None:
        aviso = formatos.fecha_larga(e.prorroga.aviso)
        return f"{dicho} " + str(
            _("El %(d)s se le avisó la prórroga: ahora, a más tardar el %(f)s.", d=aviso, f=ahora)
        )
    if vigente.causa == "tipificado":
        return f"{dicho} " + str(
            _(
                "Al leer los documentos cambió el asunto, y se le avisó: ahora, a más tardar el %(f)s.",
                f=ahora,
            )
        )
    return f"{dicho} " + str(
        _("Después entregó lo que faltaba: ahora, a más tardar el %(f)s.", f=ahora)
    )
