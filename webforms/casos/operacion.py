"""What the pages of operation read: where an instance stands, what an act would close, what was done and cannot be undone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm import aliased

from engine import reads
from engine.errors import NotFound
from engine.reads.instances import InstanceView
from engine.store.tables import ITEM_IS_OPEN
from engine.store.tables import Draft
from engine.store.tables import Incident
from engine.store.tables import Instance
from engine.store.tables import Item
from engine.store.tables import Job
from engine.store.tables import Journal
from engine.store.tables import Outbox
from engine.store.tables import ProcessVersion
from engine.store.tables import SubmissionRow
from engine.store.tables import SubscriptionRow
from engine.store.tables import Timer
from engine.types import Earlier
from engine.types import ElementSpec
from engine.types import WorkItem
from webforms.base.elementos import titulo_de_elemento
from webforms.base.nombres import nombres_de_casos
from webforms.base.servicios import servicios

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
        for proceso in catalogo.release(session, numero).processes.values():
            juntos.update(proceso.elements)
    return juntos


def titulo(conocidos: dict[str, ElementSpec], elemento: str) -> str:
    spec = conocidos.get(elemento)
    return titulo_de_elemento(elemento, spec.name if spec and spec.name else elemento)


def situacion(session: Session, instancia: InstanceView) -> Situacion:
    conocidos, aqui = elementos(session, instancia), instancia.id
    tareas = [i for i in reads.items.of_case(session, instancia.case_key, only_open=True) if i.instance_id == aqui]
    escriben = sa.select(Draft.element, sa.func.count()).where(Draft.instance_id == aqui).group_by(Draft.element)
    por_elemento = {fila[0]: fila[1] for fila in session.execute(escriben)}
    plazos = session.execute(sa.select(Timer.element, Timer.due).where(Timer.instance_id == aqui).order_by(Timer.due))
    mensajes = session.scalars(sa.select(SubscriptionRow.message).where(SubscriptionRow.instance_id == aqui))
    trabajos = session.scalars(sa.select(Job.element).where(Job.instance_id == aqui, Job.state.in_(("open", "held"))))
    abiertos = sa.select(sa.func.count()).where(Incident.instance_id == aqui, Incident.state == "open")
    salen = sa.select(Outbox.message, Outbox.element).where(Outbox.instance_id == aqui, Outbox.state == "waiting")
    return Situacion(
        instancia=instancia,
        tareas=tareas,
        borradores={i.id: por_elemento[i.element] for i in tareas if i.element in por_elemento},
        plazos=[(titulo(conocidos, elemento), vence) for elemento, vence in plazos],
        mensajes=list(mensajes),
        trabajos=[titulo(conocidos, elemento) for elemento in trabajos],
        incidentes=session.scalars(abiertos).one(),
        por_entregar=[(m, titulo(conocidos, e)) for m, e in session.execute(salen)],
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
        filas.append(Anterior(pasada.task_id, titulo(conocidos, pasada.element), quien, cuando, pasada.refusal, dentro))
    return filas


def hechos_desde(session: Session, instancia: InstanceView, tarea: str | None, elemento: str | None) -> list[tuple[str, dt.datetime]]:
    """Effects since an activity was done, oldest first: sending the case back does not undo them. No activity: all of them."""
    conocidos = elementos(session, instancia)
    filas = session.execute(sa.select(Journal).where(Journal.instance_id == instancia.id).order_by(Journal.rev)).scalars().all()
    desde = _cuando(session, instancia.id, tarea, elemento, filas)
    return [
        (titulo(conocidos, paso), fila.at)
        for fila in filas
        if fila.rev >= desde
        for paso, estado in fila.detail.get("steps", [])
        if estado == "done" and _tiene_efecto(conocidos.get(paso))
    ]


def _cuando(session: Session, instancia: str, tarea: str | None, elemento: str | None, filas: Sequence[Journal]) -> int:
    """The revision in which the activity was done."""
    if tarea is None:
        return 0
    envio = sa.select(SubmissionRow.rev).where(SubmissionRow.instance_id == instancia, SubmissionRow.item_id == tarea)
    rev = session.scalars(envio).first()
    if rev is not None:
        return rev
    return max((fila.rev for fila in filas if [elemento, "done"] in fila.detail.get("steps", [])), default=0)


def _tiene_efecto(elemento: ElementSpec | None) -> bool:
    return elemento is not None and elemento.type in EFECTOS and (elemento.handler is not None or elemento.message is not None)


def otras_en_curso(session: Session, instancia: InstanceView) -> list[InstanceView]:
    """Other instances of the case that still run: the act does not touch them."""
    return [i for i in reads.instances.of_case(session, instancia.case_key) if i.id != instancia.id and i.status in ("active", "suspended")]


def suspendidas(session: Session, instancias: set[str]) -> set[str]:
    """Which of these instances are suspended."""
    if not instancias:
        return set()
    return set(session.scalars(sa.select(Instance.id).where(Instance.id.in_(instancias), Instance.status == "suspended")))


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
    acto = aliased(Journal)
    ultimo = sa.select(sa.func.max(acto.rev)).where(acto.instance_id == Instance.id, acto.kind == "suspend").scalar_subquery()
    suyas = (Item.case_key == Instance.case_key, Item.instance_id == Instance.id)
    primero = sa.select(sa.func.min(Item.due_at)).where(*suyas, ITEM_IS_OPEN).scalar_subquery()
    filas = session.execute(
        sa.select(Instance, Journal, SubmissionRow.form_values, ProcessVersion.name, primero.label("vence"))
        .select_from(Instance)
        .join(Journal, sa.and_(Journal.instance_id == Instance.id, Journal.rev == ultimo))
        .outerjoin(SubmissionRow, sa.and_(SubmissionRow.instance_id == Journal.instance_id, SubmissionRow.rev == Journal.rev))
        .outerjoin(ProcessVersion, sa.and_(ProcessVersion.release == Instance.release, ProcessVersion.process == Instance.process))
        .where(Instance.status == "suspended")
        .order_by(Journal.at, Instance.id)
    ).all()
    nombres = nombres_de_casos(session, {fila[0].case_key for fila in filas})
    return [
        Quieta(
            i.id, i.case_key, nombres.get(i.case_key, ""), proceso or i.process, j.at, j.actor_id, (textos or {}).get("motivo", ""), vence
        )
        for i, j, textos, proceso, vence in filas
    ]
