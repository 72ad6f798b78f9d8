"""What may be begun by a start form, by whom, and its beginning: for people at work, for citizens,
one by one or from a list."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.states import ItemState
from engine.types import (
    Actor,
    Data,
    ElementSpec,
    ProcessSpec,
    Records,
    Started,
    StartForm,
    Value,
    WorkItem,
    Writing,
)
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios
from webforms.campos.formulario import Contexto, FormSpec, TareaForm
from webforms.tareas.envio import registros
from webforms.tareas.envios import especificacion


@dataclass(frozen=True, slots=True)
class Tramite:
    """A process that begins by a form: its start form, or what comes with the message that begins
    it."""

    proceso: ProcessSpec
    inicio: ElementSpec
    version: int

    @property
    def clave(self) -> str:
        """In addresses: the process, and which of its message starts: a copied diagram has elements
        of the same ids."""
        return f"{self.proceso.id}~{self.inicio.id}" if self.por_mensaje else self.proceso.id

    @property
    def por_mensaje(self) -> bool:
        return self.inicio.message is not None

    @property
    def nombre(self) -> str:
        nombre = rotulo(self.proceso.name)
        return f"{nombre}: {rotulo(self.inicio.name)}" if self.por_mensaje else nombre

    @property
    def roles(self) -> tuple[str, ...]:
        """Of those who may begin it at work."""
        quien = self.inicio.delivery if self.por_mensaje else self.inicio.start
        return quien.roles if quien is not None else ()

    @property
    def para_que(self) -> str:
        """What whoever drew it says of its beginning; without the numeral that stands before it."""
        return rotulo(self.inicio.documentation)

    @property
    def archivos(self) -> int:
        return sum(campo.type == "file" for campo in self.inicio.fields)

    @property
    def datos(self) -> int:
        return len(self.inicio.fields) - self.archivos

    @property
    def despues(self) -> str:
        return rotulo(self.inicio.start.after) if self.inicio.start is not None else ""

    def puede(self, actor: Actor) -> bool:
        """By a role of theirs; what is open to anybody stands on the public page."""
        return any(rol.name in self.roles for rol in actor.roles)

    @property
    def publico(self) -> bool:
        return self.inicio.start is not None and self.inicio.start.public


def todos(session: Session) -> list[Tramite]:
    """Of the release in force, by name."""
    catalogo = servicios().engine.catalog
    numero = reads.releases.current(session, catalogo)
    if numero is None:
        return []
    procesos = reads.releases.processes(session, catalogo, numero).values()
    hallados = [Tramite(p, e, numero) for p in procesos for e in _inicios(p)]
    return sorted(hallados, key=lambda t: t.nombre.casefold())


def _inicios(proceso: ProcessSpec) -> Iterator[ElementSpec]:
    """Its start form, and the messages that begin it and somebody or something outside hands
    over."""
    if proceso.opening is not None:
        yield proceso.opening
    yield from (
        e for id_ in proceso.message_starts if (e := proceso.elements[id_]).delivery is not None
    )


def por_un_sistema(session: Session, mensaje: str) -> Tramite | None:
    """What begins with this message, when a signed call may bring it."""
    return next((t for t in todos(session) if t.por_mensaje and _trae(t.inicio, mensaje)), None)


def _trae(inicio: ElementSpec, mensaje: str) -> bool:
    return (
        inicio.message is not None
        and mensaje in inicio.message.names
        and inicio.delivery is not None
        and inicio.delivery.webhook
    )


def hay_para(version: int, actor: Actor) -> bool:
    """Something to begin, or a message to hand over: asked on every page, so of the diagrams in
    memory."""
    s, roles = servicios(), {rol.name for rol in actor.roles}
    procesos = reads.releases.processes_known(s.engine.catalog, version)
    if procesos is None:
        with s.uow.reading() as session:
            procesos = reads.releases.processes(session, s.engine.catalog, version)
    return any(
        (e.start is not None and roles.intersection(e.start.roles))
        or (e.delivery is not None and roles.intersection(e.delivery.roles))
        for proceso in procesos.values()
        for e in proceso.elements.values()
    )


def que_inicia(session: Session, actor: Actor) -> list[Tramite]:
    return [tramite for tramite in todos(session) if tramite.puede(actor)]


def en_linea(session: Session) -> list[Tramite]:
    return [tramite for tramite in todos(session) if tramite.publico]


@dataclass(frozen=True, slots=True)
class Solicitud:
    """A start form as it is being filled in."""

    tramite: Tramite
    actor: Actor
    spec: FormSpec
    form: TareaForm


def solicitud(
    session: Session,
    tramite: Tramite,
    actor: Actor,
    enviado: MultiDict[str, object] | None,
    *,
    csrf: bool = True,
) -> Solicitud:
    spec = especificacion(tramite.inicio, servicios().forms, tramite.proceso.case)
    s, now = servicios(), servicios().clock.now()
    item = WorkItem(
        id="",
        instance_id="",
        case_key="",
        release=tramite.version,
        process=tramite.proceso.id,
        element=tramite.inicio.id,
        name=tramite.inicio.name,
        role=None,
        scope=None,
        state=ItemState.OPEN,
        claimed_by=None,
        opened_at=now,
        due_at=None,
        priority=0,
        closed_at=None,
        closed_by=None,
        data=dado(tramite, actor),
    )
    contexto = Contexto(session, item, tramite.inicio, actor, now, s.archivos)
    conocido = spec.prefill(contexto) if spec.prefill and enviado is None else {}
    mas = {} if csrf else {"meta": {"csrf": False}}
    return Solicitud(
        tramite,
        actor,
        spec,
        spec.form(contexto, formdata=enviado, data=spec.form.nombres(conocido), **mas),
    )


def dado(tramite: Tramite, actor: Actor) -> Data:
    """The place for which the starter holds the role goes into the variable of the lane in which
    the start is drawn."""
    lane = tramite.inicio.lane
    variable = lane.scope if lane is not None else None
    if variable is None or variable not in tramite.proceso.variables:
        return {}
    lugares = sorted(rol.scope for rol in actor.roles if rol.name in tramite.roles and rol.scope)
    return {variable: lugares[0]} if lugares else {}


def huella(pedida: Solicitud) -> str:
    """Of what is asked for and from where, for the key of its beginning: asked for again it is the
    same case, another text is another."""
    dicho = {
        **dado(pedida.tramite, pedida.actor),
        **{nombre: _de_que(valor) for nombre, valor in pedida.form.valores().items()},
    }
    return hashlib.sha256(json.dumps(dicho, sort_keys=True, default=str).encode()).hexdigest()[:24]


def _de_que(valor: Value) -> Value:
    """A file by its content: what the antivirus says of it may be another thing a moment later."""
    return (
        valor.get("origen") or valor["sha256"]
        if isinstance(valor, dict) and "sha256" in valor
        else valor
    )


def iniciar(
    pedida: Solicitud, llave: str, mas: Data | None = None, *, ademas: Records | None = None
) -> Started:
    """The same key again is the same case (`duplicate`): a second press, a page sent again. `mas`:
    what else is known, of the variables that the process declares. `ademas`: what else is written
    in the same commit."""
    s, proceso = servicios(), pedida.tramite.proceso
    if pedida.tramite.por_mensaje:
        return iniciar_por_mensaje(pedida, llave, ademas=ademas)
    declarado = {
        nombre: valor for nombre, valor in (mas or {}).items() if nombre in proceso.variables
    }
    return s.engine.instances.start(
        proceso.id,
        actor=pedida.actor,
        now=s.clock.now(),
        key=llave,
        data={**dado(pedida.tramite, pedida.actor), **declarado},
        form=StartForm(pedida.form.valores(), _juntos(registros(pedida.spec, pedida.form), ademas)),
    )


def _juntos(suyos: Records | None, ademas: Records | None) -> Records | None:
    """The rows of the form, and what else goes with them; what the form gives back is given
    back."""
    if ademas is None:
        return suyos

    def guardar(w: Writing) -> Data | None:
        ademas(w)
        return suyos(w) if suyos is not None else None

    return guardar


def iniciar_por_mensaje(
    pedida: Solicitud, llave: str, *, por_sistema: bool = False, ademas: Records | None = None
) -> Started:
    """Its key is what its form says of it, where the diagram names a field for it: the same order
    begins one case, by whatever way it comes. `llave`: of this sending, where it says nothing."""
    inicio = pedida.tramite.inicio
    valores = pedida.form.valores()
    dicha = str(valores.get(inicio.message.key) or "").strip() if inicio.message is not None else ""
    s = servicios()
    return s.engine.messages.begin(
        pedida.tramite.proceso.id,
        inicio.id,
        {**dado(pedida.tramite, pedida.actor), **valores},
        key=dicha or llave,
        actor=pedida.actor,
        now=s.clock.now(),
        records=_juntos(registros(pedida.spec, pedida.form), ademas),
        by_call=por_sistema,
    )


def de_la_fila(fila: Mapping[str, str]) -> MultiDict[str, object]:
    """A line of a list as a form would have sent it."""
    return MultiDict({nombre: valor for nombre, valor in fila.items() if valor})
