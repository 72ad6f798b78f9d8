"""What a case waits for and somebody may hand over: who may, the form of what arrives, its
delivery."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.reads.operation import Awaited
from engine.states import ItemState
from engine.types import Actor, Completed, Data, ElementSpec, Records, WorkItem, Writing
from webforms.base.servicios import servicios
from webforms.campos.formulario import Contexto, FormSpec, TareaForm
from webforms.tareas.declarado import formulario_declarado
from webforms.tareas.envio import registros

CUANTAS = 200  #: of each element that one page lists


@dataclass(frozen=True, slots=True)
class Esperado:
    """A message that a case waits for, with the element that says who hands it over."""

    espera: Awaited
    elemento: ElementSpec

    def puede(self, actor: Actor) -> bool:
        roles = self.elemento.delivery.roles if self.elemento.delivery is not None else ()
        return any(rol.name in roles for rol in actor.roles)

    @property
    def por_sistema(self) -> bool:
        return self.elemento.delivery is not None and self.elemento.delivery.webhook


def con_elemento(session: Session, esperas: Iterable[Awaited]) -> list[Esperado]:
    """Those that somebody or something outside may hand over."""
    catalogo = servicios().engine.catalog
    pares = (
        (e, reads.releases.elements(session, catalogo, e.release).get(e.element)) for e in esperas
    )
    return [
        Esperado(e, elemento)
        for e, elemento in pares
        if elemento is not None and elemento.delivery is not None
    ]


def elementos_de(session: Session, actor: Actor) -> set[str]:
    """Of the release in force, what a role of theirs hands over."""
    catalogo = servicios().engine.catalog
    numero = reads.releases.current(session, catalogo)
    if numero is None:
        return set()
    roles = {rol.name for rol in actor.roles}
    elementos = reads.releases.elements(session, catalogo, numero).values()
    return {
        e.id for e in elementos if e.delivery is not None and roles.intersection(e.delivery.roles)
    }


@dataclass(frozen=True, slots=True)
class Cola:
    """What waits at one element, the oldest first; `mas`: there are others behind."""

    esperados: Sequence[Esperado]
    mas: bool


def que_entrega(session: Session, actor: Actor, cuantas: int) -> dict[str, Cola]:
    """Element → what waits there for this person; each has its own room, so that none hides
    another."""
    colas: dict[str, Cola] = {}
    for elemento in sorted(elementos_de(session, actor)):
        esperas = reads.operation.awaited(session, elements=[elemento], limit=cuantas + 1)
        if suyos := [e for e in con_elemento(session, esperas[:cuantas]) if e.puede(actor)]:
            colas[elemento] = Cola(suyos, len(esperas) > cuantas)
    return colas


@dataclass(frozen=True, slots=True)
class Entrega:
    """The form of what arrives, as it is being filled in."""

    esperado: Esperado
    actor: Actor
    spec: FormSpec
    form: TareaForm


def entrega(
    session: Session,
    esperado: Esperado,
    actor: Actor,
    enviado: MultiDict[str, object] | None,
    *,
    csrf: bool = True,
) -> Entrega:
    spec, s, now = (
        formulario_declarado(esperado.elemento.fields),
        servicios(),
        servicios().clock.now(),
    )
    e = esperado.espera
    item = WorkItem(
        id=e.task_id,
        instance_id=e.instance_id,
        case_key=e.case_key,
        release=e.release,
        process=esperado.elemento.process,
        element=e.element,
        name=esperado.elemento.name,
        role=None,
        scope=None,
        state=ItemState.OPEN,
        claimed_by=None,
        opened_at=now,
        due_at=None,
        priority=0,
        closed_at=None,
        closed_by=None,
        data={},
    )
    contexto = Contexto(session, item, esperado.elemento, actor, now, s.archivos)
    mas = {} if csrf else {"meta": {"csrf": False}}
    return Entrega(esperado, actor, spec, spec.form(contexto, formdata=enviado, **mas))


def entregar(
    hecha: Entrega, *, por_sistema: bool = False, ademas: Records | None = None
) -> Completed:
    """NotWaiting: it came already. NotAllowed: not by them."""
    suyos = registros(hecha.spec, hecha.form)

    def guardar(w: Writing) -> Data | None:
        if ademas is not None:
            ademas(w)
        return suyos(w) if suyos is not None else None

    s = servicios()
    return s.engine.messages.hand_over(
        hecha.esperado.espera.task_id,
        hecha.form.valores(),
        actor=hecha.actor,
        now=s.clock.now(),
        records=guardar,
        by_call=por_sistema,
    )
