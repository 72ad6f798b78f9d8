"""The path of an instance for pages: states of the elements on the diagram, and the same as rows in order."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.instances import InstanceView
from engine.states import MarkState
from engine.types import SYSTEM
from engine.types import ElementSpec
from engine.types import Processes
from webforms.base import formatos
from webforms.base.elementos import titulo_de_elemento
from webforms.base.personas import nombres_de
from webforms.base.servicios import servicios

ESTADOS = {MarkState.DONE: "hecho", MarkState.SKIPPED: "hecho", MarkState.WAITING: "espera"}
PALABRAS = {
    MarkState.DONE: ("hecha", _l("Hecho")),
    MarkState.WAITING: ("activa", _l("Aquí espera")),
    MarkState.CANCELLED: ("pausa", _l("Interrumpido")),
    MarkState.SKIPPED: ("pausa", _l("Omitido")),
}
MOSTRADOS = ("startEvent", "endEvent", "userTask", "manualTask", "serviceTask", "businessRuleTask", "callActivity", "boundaryEvent",
             "intermediateCatchEvent", "intermediateThrowEvent", "subProcess")  # fmt: skip
PROPIO = SYSTEM.id
#: What a person does; the rest happens by itself, in whosever command it was.
DE_PERSONAS = ("userTask", "manualTask", "startEvent")


@dataclass(frozen=True, slots=True)
class Recorrido:
    instancia: InstanceView
    archivo: str
    estados: dict[str, str]
    filas: list[dict[str, Any]]


def recorrido(session: Session, instancia: InstanceView) -> Recorrido:
    """Elements in the order in which they were last reached."""
    s = servicios()
    procesos = reads.releases.processes(session, s.engine.catalog, instancia.release)
    proceso = procesos.get(instancia.process)
    adentro = _de_llamados(procesos, instancia.process)
    propios = {**{clave: elemento for clave, (elemento, _llamada) in adentro.items()}, **(dict(proceso.elements) if proceso else {})}
    elementos = {**_de_antes(session, instancia), **propios}
    ya_no = set(elementos) - set(propios)
    marcas = reads.instances.path(session, instancia.id)
    hoy = formatos.dia_local(s.clock.now())
    nombres = nombres_de(session, {m.actor_id for m in marcas.values() if m.actor_id})
    estados = {
        clave: ESTADOS[m.state]
        for clave, m in marcas.items()
        if clave not in ya_no and m.state in ESTADOS and not _programado(m, elementos.get(clave))
    }
    # The drawing has only the activity that calls: a case that waits inside of it waits there.
    estados |= {adentro[c][1]: "espera" for c, estado in estados.items() if estado == "espera" and c in adentro}
    filas = [
        {**_fila(m, elementos[clave], nombres, hoy, quitado=clave in ya_no), "elemento": adentro[clave][1] if clave in adentro else clave}
        for clave, m in sorted(marcas.items(), key=lambda par: (par[1].state == MarkState.WAITING, par[1].at))
        if clave in elementos and elementos[clave].type in MOSTRADOS
    ]
    return Recorrido(instancia, proceso.file if proceso else "", estados, filas)


def _de_llamados(procesos: Processes, cual: str) -> dict[str, tuple[ElementSpec, str]]:
    """Elements of the processes that this one calls, with the activity on its own drawing from which each is reached."""
    hallados: dict[str, tuple[ElementSpec, str]] = {}
    suyos = procesos[cual].elements if cual in procesos else {}
    pendientes = [(elemento.called, elemento.id) for elemento in suyos.values() if elemento.called]
    vistos = {cual}
    while pendientes:
        llamado, desde = pendientes.pop()
        if llamado in vistos or llamado not in procesos:
            continue
        vistos.add(llamado)
        for elemento in procesos[llamado].elements.values():
            if elemento.id not in suyos:
                hallados.setdefault(elemento.id, (elemento, desde))
            if elemento.called:
                pendientes.append((elemento.called, desde))
    return hallados


def _de_antes(session: Session, instancia: InstanceView) -> dict[str, ElementSpec]:
    """Elements of the versions under which the case ran before it was moved: its path stays readable."""
    juntos: dict[str, ElementSpec] = {}
    for numero in reversed(reads.history.releases_of(session, instancia.id)[1:]):
        proceso = reads.releases.processes(session, servicios().engine.catalog, numero).get(instancia.process)
        juntos |= dict(proceso.elements) if proceso else {}
    return juntos


def _programado(marca: reads.instances.Mark, elemento: ElementSpec | None) -> bool:
    """An armed event: it may happen, the case does not stand there."""
    return marca.state == MarkState.WAITING and elemento is not None and elemento.type == "boundaryEvent"


def _fila(marca: reads.instances.Mark, elemento: ElementSpec, nombres: dict[str, str], hoy: Any, *, quitado: bool) -> dict[str, Any]:
    carril = elemento.lane.name if elemento.lane else ""
    quien = nombres.get(marca.actor_id, marca.actor_id) if marca.actor_id else carril
    programado = _programado(marca, elemento)
    clase, palabra = ("tranquila", _l("Programado")) if programado else PALABRAS.get(marca.state, ("tranquila", _l("Sin recorrer")))
    notas = [_("%(n)s veces", n=marca.times)] if marca.times > 1 else []
    notas += [_("ya no está en esta versión")] if quitado else []
    return {
        "elemento": elemento.id,
        "nombre": titulo_de_elemento(elemento.id, elemento.name or elemento.id),
        "estado": (clase, str(palabra)),
        "quien": _("Automático") if marca.actor_id and (marca.actor_id == PROPIO or elemento.type not in DE_PERSONAS) else quien,
        "cuando": formatos.momento(marca.at, hoy),
        "porque": ", ".join(notas),
        "actual": marca.state == MarkState.WAITING and not programado,
    }
