"""What the pages of operation read: where an instance stands, what an act would close, what was
done and cannot be undone."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import reads
from engine.errors import NotFound
from engine.reads.history import Passed
from engine.reads.instances import InstanceView
from engine.states import RUNNING, StepState
from engine.types import Earlier, ElementSpec, WorkItem
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios
from webforms.tareas.elementos import titulo_de_elemento
from webforms.tareas.nombres import nombres_de_casos

#: Elements whose effects stay outside the instance.
EFECTOS = ("serviceTask", "sendTask", "intermediateThrowEvent", "endEvent")


@dataclass(frozen=True, slots=True)
class Situacion:
    """Where an instance stands now."""

    instancia: InstanceView
    tareas: list[WorkItem]
    borradores: dict[str, int]  #: item id → how many people write there
    plazos: list[tuple[str, dt.datetime]]
    mensajes: list[str]
    trabajos: list[str]
    incidentes: int
    por_entregar: list[tuple[str, str]]  #: (message, element) thrown and not delivered yet


@dataclass(frozen=True, slots=True)
class Anterior:
    """An activity to which the instance may be sent back, or not."""

    tarea: str
    titulo: str
    quien: str | None
    cuando: dt.datetime | None
    motivo: str  #: code why not; "" when it may
    dentro: str = ""  #: what is over around it and would be opened again


def instancia_del_caso(session: Session, case_key: str, instance_id: str) -> InstanceView:
    """Raises NotFound for an instance of another case."""
    for instancia in reads.instances.of_case(session, case_key):
        if instancia.id == instance_id:
            return instancia
    raise NotFound(instance_id)


def elementos(session: Session, instancia: InstanceView) -> dict[str, ElementSpec]:
    """All elements of the releases under which the instance ran; of one id the latest."""
    catalogo, juntos = servicios().engine.catalog, dict[str, ElementSpec]()
    for numero in reversed(reads.history.releases_of(session, instancia.id)):
        juntos |= reads.releases.elements(session, catalogo, numero)
    return juntos


def titulo(conocidos: dict[str, ElementSpec], elemento: str) -> str:
    spec = conocidos.get(elemento)
    return titulo_de_elemento(elemento, spec.name if spec and spec.name else elemento)


def situacion(session: Session, instancia: InstanceView) -> Situacion:
    conocidos, aqui = elementos(session, instancia), instancia.id
    tareas = [
        i
        for i in reads.items.of_case(session, instancia.case_key, only_open=True)
        if i.instance_id == aqui
    ]
    espera = reads.operation.waits(session, aqui)
    return Situacion(
        instancia=instancia,
        tareas=tareas,
        borradores={i.id: espera.drafts[i.element] for i in tareas if i.element in espera.drafts},
        plazos=[(titulo(conocidos, elemento), vence) for elemento, vence in espera.timers],
        mensajes=list(espera.messages),
        trabajos=[titulo(conocidos, elemento) for elemento in espera.jobs],
        incidentes=espera.incidents,
        por_entregar=[
            (mensaje, titulo(conocidos, elemento)) for mensaje, elemento in espera.outbox
        ],
    )


def anteriores(session: Session, instancia: InstanceView, pasadas: list[Earlier]) -> list[Anterior]:
    """The latest first."""
    conocidos = elementos(session, instancia)
    items = {i.id: i for i in reads.items.of_case(session, instancia.case_key)}
    filas = []
    for pasada in reversed(pasadas):
        item = items.get(pasada.task_id)
        quien, cuando = (item.closed_by, item.closed_at) if item is not None else (None, None)
        dentro = " › ".join(titulo(conocidos, elemento) for elemento in pasada.within)
        filas.append(
            Anterior(
                pasada.task_id,
                titulo(conocidos, pasada.element),
                quien,
                cuando,
                pasada.refusal,
                dentro,
            )
        )
    return filas


def hechos_desde(
    session: Session, instancia: InstanceView, tarea: str | None, elemento: str | None
) -> list[tuple[str, dt.datetime]]:
    """Effects since an activity was done, oldest first: sending the case back does not undo them.
    No activity: all of them."""
    conocidos, pasos = elementos(session, instancia), reads.history.steps(session, instancia.id)
    desde = _cuando(session, instancia.id, tarea, elemento, pasos)
    return [
        (titulo(conocidos, paso.element), paso.at)
        for paso in pasos
        if paso.rev >= desde
        and paso.state == StepState.DONE
        and _tiene_efecto(conocidos.get(paso.element))
    ]


def _cuando(
    session: Session, instancia: str, tarea: str | None, elemento: str | None, pasos: list[Passed]
) -> int:
    """The revision in which the activity was done."""
    if tarea is None:
        return 0
    rev = reads.history.rev_of_form(session, instancia, tarea)
    return (
        rev
        if rev is not None
        else max(
            (p.rev for p in pasos if p.element == elemento and p.state == StepState.DONE), default=0
        )
    )


def _tiene_efecto(elemento: ElementSpec | None) -> bool:
    return (
        elemento is not None
        and elemento.type in EFECTOS
        and (elemento.handler is not None or elemento.message is not None)
    )


def otras_en_curso(session: Session, instancia: InstanceView) -> list[InstanceView]:
    """Other instances of the case that still run: the act does not touch them."""
    return [
        i
        for i in reads.instances.of_case(session, instancia.case_key)
        if i.id != instancia.id and i.status in RUNNING
    ]


@dataclass(frozen=True, slots=True)
class Quieta:
    """An instance that stands still, so that nobody forgets it."""

    instancia: str
    case_key: str
    nombre: str  #: what people call the case; "" when it has no name
    proceso: str
    desde: dt.datetime
    quien: str
    motivo: str
    vence: dt.datetime | None  #: the first due date of its open tasks


def quietas(session: Session) -> list[Quieta]:
    """All suspended instances, the longest first."""
    paradas = reads.operation.stopped(session)
    nombres = nombres_de_casos(session, {p.case_key for p in paradas})
    return [
        Quieta(
            p.instance_id,
            p.case_key,
            nombres.get(p.case_key, ""),
            rotulo(p.process_name),
            p.since,
            p.by,
            p.reason,
            p.due_at,
        )
        for p in paradas
    ]
