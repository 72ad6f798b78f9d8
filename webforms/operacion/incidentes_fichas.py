"""Incidents as pages show them: names of the diagram, sentences, and what the form of a repair
offers."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import EngineError
from engine.reads.incidents import IncidentView
from engine.states import ActorKind, IncidentKind, RepairAction
from engine.types import SYSTEM, ElementSpec, Processes
from webforms.base import formatos
from webforms.base.personas import nombres_de
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios
from webforms.casos.recorrido import recorrido
from webforms.operacion.incidentes_formulario import Eleccion, Formulario, autor_de
from webforms.operacion.incidentes_palabras import ACCIONES, que_hacer, que_paso, titulo
from webforms.operacion.incidentes_valores import Campo, campo
from webforms.personas.cubierto import cubrir
from webforms.tareas.elementos import titulo_de_elemento, titulo_de_paso
from webforms.tareas.envios import texto_de
from webforms.tareas.nombres import nombres_de_casos

NOMBRE = re.compile(r"[^\W\d]\w*")
NO_VUELVE = {
    "branch_joined": _l("su camino ya se unió con otro"),
    "path_over": _l("lo que siguió ya terminó"),
    "inside_repeated": _l("se hizo dentro de una actividad que se repite"),
    "inside_transaction": _l("se hizo dentro de una transacción, que vale completa"),
    "undone": _l("lo que se hizo ahí ya se deshizo o ya no se podría deshacer"),
    "inside_event": _l("se hizo al atender un evento que ya pasó"),
    "joined_now": _l("en la versión en la que está el caso corre al lado de otra"),
    "gone": _l("la versión en la que está el caso ya no la tiene"),
}
#: With the same data these fail again: the correction is offered first.
SE_CORRIGEN = (IncidentKind.CONDITION, IncidentKind.TABLE, IncidentKind.MESSAGE, IncidentKind.MODEL)
#: What a plain job carries for itself.
DEL_MOTOR = ("case_key", "instance_id", "key")


@dataclass(frozen=True, slots=True)
class Ficha:
    """One incident with everything in words."""

    incidente: IncidentView
    elemento: str  #: name on the diagram
    proceso: str
    archivo: str  #: the diagram in which the element stands; "" for a job of no process
    release: int
    clase: str
    frase: str
    consejo: str  #: what to do, where the buttons do not say it
    quien: str  #: whose command met it
    resolvio: str
    accion: str
    entrada: tuple[tuple[str, str], ...]
    estados: Mapping[str, str]  #: of the elements on the diagram
    filas: tuple[dict[str, Any], ...]  #: the same in words
    caso: str = ""  #: what people call the case

    @property
    def abierto(self) -> bool:
        return self.incidente.is_open


@dataclass(frozen=True, slots=True)
class Causa:
    """Incidents that are alike, as one line of the list."""

    clave: str
    numero: int
    casos: int
    desde: dt.datetime
    hasta: dt.datetime
    intentos: int
    ejemplo: Ficha

    @staticmethod
    def de(vistas: Sequence[Ficha]) -> "Causa":
        todos = [v.incidente for v in vistas]
        return Causa(
            clave=todos[0].cause,
            numero=len(todos),
            casos=len({i.case_key for i in todos}),
            desde=min(i.at for i in todos),
            hasta=max(i.last_at or i.at for i in todos),
            intentos=sum(i.tries for i in todos),
            ejemplo=vistas[-1],
        )


def causas(session: Session) -> list[Causa]:
    halladas = reads.incidents.causes(session)
    vistas = {v.incidente.id: v for v in fichas(session, [c.example for c in halladas])}
    return [
        Causa(c.cause, c.number, c.cases, c.first, c.last, c.tries, vistas[c.example.id])
        for c in halladas
    ]


@dataclass(frozen=True, slots=True)
class Reparacion:
    """Resolved incidents of one cause to which the same person did the same on one day."""

    vistas: tuple[Ficha, ...]

    @property
    def ejemplo(self) -> Ficha:
        return self.vistas[0]


def reparaciones(session: Session, resueltos: Sequence[IncidentView]) -> list[Reparacion]:
    """In the order in which they are given, those that are alike in one line."""
    juntas: dict[tuple[object, ...], list[Ficha]] = {}
    for v in fichas(session, resueltos):
        i = v.incidente
        juntas.setdefault(
            (i.cause, i.action, i.resolved_by, formatos.dia_local(i.resolved_at or i.at)), []
        ).append(v)
    return [Reparacion(tuple(vistas)) for vistas in juntas.values()]


# --- one incident ---------------------------------------------------------------------------------
def fichas(session: Session, incidentes: Sequence[IncidentView]) -> list[Ficha]:
    nombres = nombres_de(
        session,
        {i.actor_id for i in incidentes} | {i.resolved_by for i in incidentes if i.resolved_by},
    )
    casos = nombres_de_casos(session, {i.case_key for i in incidentes})
    return [_ficha(session, i, nombres, casos.get(i.case_key, "")) for i in incidentes]


def comunes(vistas: Sequence[Ficha]) -> list[tuple[str, str]]:
    """Data that are the same in all of them: said once."""
    return (
        [par for par in vistas[0].entrada if all(par in v.entrada for v in vistas)]
        if len(vistas) > 1
        else []
    )


def ficha(session: Session, incidente: IncidentView) -> Ficha:
    return fichas(session, [incidente])[0]


def _ficha(session: Session, i: IncidentView, nombres: Mapping[str, str], caso: str) -> Ficha:
    procesos = _procesos(session, i)
    proceso = procesos.get(i.process)
    elemento = proceso.elements.get(i.element) if proceso is not None else None
    nombre = titulo_de_paso(i.element, elemento)
    etiquetas = _etiquetas(procesos, i.process)
    return Ficha(
        incidente=i,
        elemento=nombre,
        proceso=rotulo(proceso.name) if proceso is not None else _("Tareas de fondo"),
        archivo=proceso.file if proceso is not None and elemento is not None else "",
        release=i.release or 0,
        clase=titulo(i.kind, i.facts),
        frase=que_paso(i.kind, _con_etiquetas(i.facts, etiquetas), nombre),
        consejo=que_hacer(i.kind, i.facts) if i.is_open else "",
        quien=_("El sistema")
        if i.actor_kind == ActorKind.SYSTEM
        else nombres.get(i.actor_id, i.actor_id),
        resolvio=_("El sistema")
        if i.resolved_by == SYSTEM.id
        else nombres.get(i.resolved_by or "", i.resolved_by or ""),
        accion=str(ACCIONES.get(i.action or "", "")),
        entrada=tuple((etiquetas.get(n, n), cubrir(n, texto)) for n, texto in _datos(i)),
        estados={i.element: "problema"},
        filas=(
            {
                "elemento": i.element,
                "nombre": nombre,
                "estado": ("vencida", _("Aquí se detuvo")),
                "actual": True,
            },
        ),
        caso=caso,
    )


def _datos(i: IncidentView) -> list[tuple[str, str]]:
    """What the element had; of a conflict both values, for none of them holds yet."""
    chocan = {
        c["name"]: " / ".join(texto_de(v["value"]) for v in c["values"])
        for c in i.facts.get("conflicts", ())
    }
    sobran = () if i.process else DEL_MOTOR
    return sorted(
        {n: chocan.get(n, texto_de(v)) for n, v in i.input.items() if n not in sobran}.items()
    )


def _con_etiquetas(hechos: Mapping[str, Any], etiquetas: Mapping[str, str]) -> dict[str, Any]:
    return {
        **hechos,
        "conflicts": [
            {**c, "label": etiquetas.get(c["name"], c["name"])} for c in hechos.get("conflicts", ())
        ],
    }


def _etiquetas(procesos: Processes, proceso: str) -> dict[str, str]:
    """Variable → what the forms call it, first those of its own process."""
    ordenados = sorted(procesos.values(), key=lambda p: p.id == proceso)
    return {
        f.name: rotulo(f.label)
        for p in ordenados
        for e in p.elements.values()
        for f in e.fields
        if f.label
    }


def con_recorrido(session: Session, vista: Ficha) -> Ficha:
    """With the way that led there, when the element stands in the diagram of the instance and not
    in one that it calls."""
    instancia = next(
        (
            x
            for x in reads.instances.of_case(session, vista.incidente.case_key)
            if x.id == vista.incidente.instance_id
        ),
        None,
    )
    if instancia is None or instancia.process != vista.incidente.process:
        return vista
    camino = recorrido(session, instancia)
    if not vista.abierto:
        aqui = {"porque": _("aquí se había detenido")}
        ultima = max(
            (n for n, f in enumerate(camino.filas) if f["elemento"] == vista.incidente.element),
            default=None,
        )
        filas = tuple(f | aqui if n == ultima else f for n, f in enumerate(camino.filas))
        return replace(vista, estados=camino.estados, filas=filas)
    antes = tuple(f for f in camino.filas if f["elemento"] != vista.incidente.element or f["hecho"])
    return replace(vista, estados={**camino.estados, **vista.estados}, filas=(*antes, *vista.filas))


def _procesos(session: Session, i: IncidentView) -> Processes:
    """Those of the release of its instance; a plain job may belong to none."""
    return (
        reads.releases.processes(session, servicios().engine.catalog, i.release)
        if i.release is not None
        else {}
    )


# --- the form of a repair -------------------------------------------------------------------------
def formulario(session: Session, incidentes: Sequence[IncidentView]) -> Formulario:
    """What may be done about incidents that are alike. Ways and earlier activities are those of the
    first one."""
    primero = incidentes[0]
    acciones = _acciones(primero)
    numeros = tuple(i.id for i in incidentes if _acciones(i) == acciones)
    if primero.release is None:
        return Formulario(numeros, acciones)
    procesos = _procesos(session, primero)
    proceso = procesos.get(primero.process)
    elemento = proceso.elements.get(primero.element) if proceso is not None else None
    anteriores, imposibles = (
        _anteriores(session, primero, procesos) if RepairAction.BACK in acciones else ((), ())
    )
    return Formulario(
        incidentes=numeros,
        acciones=acciones,
        entradas=_entradas(incidentes, procesos) if RepairAction.EDIT in acciones else (),
        elecciones=_elecciones(session, incidentes, procesos),
        resultados=_resultados(elemento, procesos) if RepairAction.SKIP in acciones else (),
        salidas=_salidas(session, primero, procesos) if RepairAction.SKIP in acciones else (),
        anteriores=anteriores,
        imposibles=imposibles,
    )


def _acciones(incidente: IncidentView) -> tuple[str, ...]:
    """The usual thing first."""
    acciones = incidente.actions
    if incidente.kind in SE_CORRIGEN and RepairAction.EDIT in acciones:
        return (RepairAction.EDIT, *(a for a in acciones if a != RepairAction.EDIT))
    return acciones


def _opciones(procesos: Processes) -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        f.name: f.options
        for p in procesos.values()
        for e in p.elements.values()
        for f in e.fields
        if f.options
    }


def _leidas(incidente: IncidentView) -> set[str]:
    """Names that the failed expression or table reads."""
    hechos = incidente.facts
    textos = [str(hechos.get("expression", "")), *map(str, hechos.get("inputs", {}))]
    conflictos = {c["name"] for c in hechos.get("conflicts", ())}
    return {nombre for texto in textos for nombre in NOMBRE.findall(texto)} | conflictos


def _entradas(incidentes: Sequence[IncidentView], procesos: Processes) -> tuple[Campo, ...]:
    """The variables there, and those that the element misses; first those that it reads."""
    tipos, opciones, etiquetas = (
        reads.releases.variable_types(procesos, incidentes[0].process),
        _opciones(procesos),
        _etiquetas(procesos, incidentes[0].process),
    )
    leidas = {n for n in _leidas(incidentes[0]) if n in tipos or n in incidentes[0].input}
    nombres = sorted(
        {n for i in incidentes for n in i.input} | leidas, key=lambda n: (n not in leidas, n)
    )
    return tuple(
        campo(
            n,
            [i.input.get(n) for i in incidentes],
            tipos.get(n),
            opciones,
            usada=n in leidas,
            etiqueta=etiquetas.get(n, ""),
        )
        for n in nombres
    )


def _elecciones(
    session: Session, incidentes: Sequence[IncidentView], procesos: Processes
) -> tuple[Eleccion, ...]:
    """Each variable in conflict, with who wrote what; several cases: the values side by side."""
    halladas: dict[str, dict[str, list[str]]] = {}
    nombres, etiquetas = _nombres(procesos), _etiquetas(procesos, incidentes[0].process)
    for incidente in incidentes:
        for conflicto in incidente.facts.get("conflicts", ()):
            escritos = halladas.setdefault(conflicto["name"], {})
            for valor in conflicto["values"]:
                autor = autor_de(valor)
                if "item" in valor:
                    titulo = nombres.get(valor["element"], valor["element"])
                    nombres[autor] = str(_("%(e)s, elemento %(n)s", e=titulo, n=valor["item"]))
                vistos = escritos.setdefault(autor, [])
                texto = texto_de(valor["value"])
                if texto not in vistos:
                    vistos.append(texto)
    autores = _autores(session, incidentes[0]) if halladas and len(incidentes) == 1 else {}
    return tuple(
        Eleccion(
            nombre,
            tuple(
                (e, _quien(nombres.get(e, e), autores.get(e, "")), " / ".join(textos[:5]))
                for e, textos in escritos.items()
            ),
            rotulo=etiquetas.get(nombre, nombre),
        )
        for nombre, escritos in halladas.items()
    )


def _autores(session: Session, incidente: IncidentView) -> dict[str, str]:
    """Element → who completed it last in this instance."""
    envios = [
        e
        for e in reads.history.submissions(session, incidente.case_key)
        if e.instance_id == incidente.instance_id and e.item_id
    ]
    nombres = nombres_de(session, {e.actor_id for e in envios})
    return {e.element: nombres.get(e.actor_id, e.actor_id) for e in envios}


def _quien(elemento: str, persona: str) -> str:
    return str(
        _("lo escribió %(p)s en «%(e)s»", p=persona, e=elemento)
        if persona
        else _("lo escribió «%(e)s»", e=elemento)
    )


def _nombres(procesos: Processes) -> dict[str, str]:
    return {
        e.id: titulo_de_elemento(e.id, e.name or e.id)
        for p in procesos.values()
        for e in p.elements.values()
    }


def _resultados(elemento: ElementSpec | None, procesos: Processes) -> tuple[Campo, ...]:
    if elemento is None:
        return ()
    opciones, etiquetas = _opciones(procesos), _etiquetas(procesos, elemento.process)
    return tuple(
        campo(s.name, [None], s.type, opciones, usada=True, etiqueta=etiquetas.get(s.name, ""))
        for s in elemento.outputs
    )


def _salidas(
    session: Session, incidente: IncidentView, procesos: Processes
) -> tuple[tuple[str, str], ...]:
    s, nombres = servicios(), _nombres(procesos)
    ways = s.engine.incidents.ways(session, incidente.id, s.clock.now())
    return tuple((clave, nombres.get(elemento, elemento)) for clave, elemento in ways)


def _anteriores(
    session: Session, incidente: IncidentView, procesos: Processes
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """(element, name) of the activities to which the case may go back, and (name, why) of the
    others; the latest first."""
    s, nombres = servicios(), _nombres(procesos)
    try:
        pasadas = list(
            reversed(s.engine.instances.earlier(session, incidente.instance_id, s.clock.now()))
        )
    except EngineError:
        return (), ()
    posibles = dict.fromkeys(
        (e.element, nombres.get(e.element, e.element)) for e in pasadas if not e.refusal
    )
    libres = {elemento for elemento, _nombre in posibles}
    no = dict.fromkeys(
        (nombres.get(e.element, e.element), str(NO_VUELVE.get(e.refusal, e.refusal)))
        for e in pasadas
        if e.refusal and e.element not in libres
    )
    return tuple(posibles), tuple(no)
