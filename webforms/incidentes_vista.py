"""Incidents as pages show them: names of the diagram, sentences, and what the form of a repair offers."""

import datetime as dt
import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import incident_reads as reads
from engine import incidents as motor
from engine import queries
from engine import values
from engine.errors import EngineError
from engine.spiff import Release
from engine.store.tables import Incident
from engine.store.tables import Instance
from engine.types import ElementSpec
from webforms.envios import texto_de
from webforms.incidentes_formulario import Eleccion
from webforms.incidentes_formulario import Formulario
from webforms.incidentes_palabras import ACCIONES
from webforms.incidentes_palabras import CLASES
from webforms.incidentes_palabras import que_paso
from webforms.incidentes_valores import Campo
from webforms.incidentes_valores import campo
from webforms.personas import nombres_de
from webforms.plantillas import titulo_de_elemento
from webforms.recorrido import recorrido
from webforms.servicios import servicios

NOMBRE = re.compile(r"[^\W\d]\w*")
NO_VUELVE = {
    "branch_joined": "su camino ya se unió con otro",
    "path_over": "lo que siguió ya terminó",
    "inside_repeated": "se hizo dentro de una actividad que se repite",
    "inside_transaction": "se hizo dentro de una transacción, que vale completa",
    "undone": "lo que se hizo ahí ya se deshizo o ya no se podría deshacer",
    "inside_event": "se hizo al atender un evento que ya pasó",
    "joined_now": "en la versión en la que está el caso corre al lado de otra",
    "gone": "la versión en la que está el caso ya no la tiene",
}


@dataclass(frozen=True, slots=True)
class Ficha:
    """One incident with everything in words."""

    incidente: Incident
    elemento: str  #: name on the diagram
    proceso: str
    archivo: str  #: the diagram in which the element stands; "" for a job of no process
    release: int
    clase: str
    frase: str
    quien: str  #: whose command met it
    resolvio: str
    accion: str
    entrada: tuple[tuple[str, str], ...]
    estados: Mapping[str, str]  #: of the elements on the diagram
    filas: tuple[dict[str, Any], ...]  #: the same in words

    @property
    def abierto(self) -> bool:
        return self.incidente.state == motor.OPEN


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
    halladas = reads.causes(session)
    vistas = {v.incidente.id: v for v in fichas(session, [c.example for c in halladas])}
    return [Causa(c.cause, c.number, c.cases, c.first, c.last, c.tries, vistas[c.example.id]) for c in halladas]


# --- one incident -------------------------------------------------------------------------------------------------------
def fichas(session: Session, incidentes: Sequence[Incident]) -> list[Ficha]:
    nombres = nombres_de(session, {i.actor_id for i in incidentes} | {i.resolved_by for i in incidentes if i.resolved_by})
    return [_ficha(session, i, nombres) for i in incidentes]


def ficha(session: Session, incidente: Incident) -> Ficha:
    return fichas(session, [incidente])[0]


def _ficha(session: Session, i: Incident, nombres: Mapping[str, str]) -> Ficha:
    release, numero = _release(session, i)
    proceso = release.processes.get(i.process) if release is not None else None
    elemento = proceso.elements.get(i.element) if proceso is not None else None
    nombre = titulo_de_elemento(i.element, elemento.name if elemento is not None else i.element)
    return Ficha(
        incidente=i,
        elemento=nombre,
        proceso=proceso.name if proceso is not None else _("Tareas de fondo"),
        archivo=proceso.file if proceso is not None and elemento is not None else "",
        release=numero,
        clase=str(CLASES.get(i.kind, CLASES["model"])),
        frase=que_paso(i.kind, i.error, i.facts or {}, nombre),
        quien=_("El motor") if i.actor_kind == "system" else nombres.get(i.actor_id, i.actor_id),
        resolvio=_("El motor") if i.resolved_by == "motor" else nombres.get(i.resolved_by or "", i.resolved_by or ""),
        accion=str(ACCIONES.get(i.action or "", "")),
        entrada=tuple((n, texto_de(v)) for n, v in sorted((i.input or {}).items())),
        estados={i.element: "problema"},
        filas=({"elemento": i.element, "nombre": nombre, "estado": ("vencida", _("Aquí se detuvo")), "actual": True},),
    )


def con_recorrido(session: Session, vista: Ficha) -> Ficha:
    """With the way that led there, when the element stands in the diagram of the instance and not in one that it calls."""
    instancia = next((x for x in queries.instances(session, vista.incidente.case_key) if x.id == vista.incidente.instance_id), None)
    if instancia is None or instancia.process != vista.incidente.process:
        return vista
    camino = recorrido(session, instancia)
    antes = tuple(f for f in camino.filas if f["elemento"] != vista.incidente.element)
    return replace(vista, estados={**camino.estados, **vista.estados}, filas=(*antes, *vista.filas))


def _release(session: Session, i: Incident) -> tuple[Release | None, int]:
    """The one of its instance; a plain job may belong to none."""
    instancia = session.get(Instance, i.instance_id) if i.instance_id else None
    if instancia is None:
        return None, 0
    return servicios().engine.catalog.release(session, instancia.release), instancia.release


# --- the form of a repair -----------------------------------------------------------------------------------------------
def formulario(session: Session, incidentes: Sequence[Incident]) -> Formulario:
    """What may be done about incidents that are alike. Ways and earlier activities are those of the first one."""
    primero = incidentes[0]
    acciones = motor.actions(primero.kind, primero.process, primero.task_id)
    numeros = tuple(i.id for i in incidentes if motor.actions(i.kind, i.process, i.task_id) == acciones)
    release, _numero = _release(session, primero)
    if release is None:
        return Formulario(numeros, acciones)
    proceso = release.processes.get(primero.process)
    elemento = proceso.elements.get(primero.element) if proceso is not None else None
    anteriores, imposibles = _anteriores(session, primero, release) if "back" in acciones else ((), ())
    return Formulario(
        incidentes=numeros,
        acciones=acciones,
        entradas=_entradas(incidentes, release) if "edit" in acciones else (),
        elecciones=_elecciones(incidentes, release),
        resultados=_resultados(elemento, release) if "skip" in acciones else (),
        salidas=_salidas(session, primero, release) if "skip" in acciones else (),
        anteriores=anteriores,
        imposibles=imposibles,
    )


def _opciones(release: Release) -> dict[str, tuple[tuple[str, str], ...]]:
    return {f.name: f.options for p in release.processes.values() for e in p.elements.values() for f in e.fields if f.options}


def _leidas(incidente: Incident) -> set[str]:
    """Names that the failed expression or table reads."""
    hechos = incidente.facts or {}
    textos = [str(hechos.get("expression", "")), *map(str, hechos.get("inputs", {}))]
    conflictos = {c["name"] for c in hechos.get("conflicts", ())}
    return {nombre for texto in textos for nombre in NOMBRE.findall(texto)} | conflictos


def _entradas(incidentes: Sequence[Incident], release: Release) -> tuple[Campo, ...]:
    """The variables there, and those that the element misses; first those that it reads."""
    tipos, opciones = values.declared(release.processes, incidentes[0].process), _opciones(release)
    leidas = {n for n in _leidas(incidentes[0]) if n in tipos or n in (incidentes[0].input or {})}
    nombres = sorted({n for i in incidentes for n in i.input or {}} | leidas, key=lambda n: (n not in leidas, n))
    return tuple(campo(n, [(i.input or {}).get(n) for i in incidentes], tipos.get(n), opciones, usada=n in leidas) for n in nombres)


def _elecciones(incidentes: Sequence[Incident], release: Release) -> tuple[Eleccion, ...]:
    """Each variable in conflict, with who wrote what; several cases: the values side by side."""
    halladas: dict[str, dict[str, list[str]]] = {}
    for incidente in incidentes:
        for conflicto in (incidente.facts or {}).get("conflicts", ()):
            escritos = halladas.setdefault(conflicto["name"], {})
            for valor in conflicto["values"]:
                vistos = escritos.setdefault(valor["element"], [])
                texto = texto_de(valor["value"])
                if texto not in vistos:
                    vistos.append(texto)
    nombres = _nombres(release)
    return tuple(
        Eleccion(nombre, tuple((e, nombres.get(e, e), " / ".join(textos[:5])) for e, textos in escritos.items()))
        for nombre, escritos in halladas.items()
    )


def _nombres(release: Release) -> dict[str, str]:
    return {e.id: titulo_de_elemento(e.id, e.name or e.id) for p in release.processes.values() for e in p.elements.values()}


def _resultados(elemento: ElementSpec | None, release: Release) -> tuple[Campo, ...]:
    if elemento is None:
        return ()
    opciones = _opciones(release)
    return tuple(campo(s.name, [None], s.type, opciones, usada=True) for s in elemento.outputs)


def _salidas(session: Session, incidente: Incident, release: Release) -> tuple[tuple[str, str], ...]:
    s, nombres = servicios(), _nombres(release)
    ways = s.engine.ways(session, incidente.id, s.clock.now())
    return tuple((clave, nombres.get(elemento, elemento)) for clave, elemento in ways)


def _anteriores(session: Session, incidente: Incident, release: Release) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """(element, name) of the activities to which the case may go back, and (name, why) of the others; the latest first."""
    s, nombres = servicios(), _nombres(release)
    try:
        pasadas = list(reversed(s.engine.earlier(session, incidente.instance_id, s.clock.now())))
    except EngineError:
        return (), ()
    posibles = dict.fromkeys((e.element, nombres.get(e.element, e.element)) for e in pasadas if not e.refusal)
    libres = {elemento for elemento, _nombre in posibles}
    no = dict.fromkeys(
        (nombres.get(e.element, e.element), NO_VUELVE.get(e.refusal, e.refusal)) for e in pasadas if e.refusal and e.element not in libres
    )
    return tuple(posibles), tuple(no)
