"""The path of an instance for pages: states of the elements on the diagram, and the same as rows in
order."""

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import Command
from engine.reads.instances import InstanceView, Mark, Pass
from engine.states import Act, ItemState, MarkState, StepState
from engine.types import SYSTEM, ElementSpec, Processes, WorkItem
from records.cuentas.reglas import roles
from webforms.base import formatos
from webforms.base.personas import nombres_de
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios
from webforms.casos import flujos
from webforms.tareas.elementos import titulo_de_elemento

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
DE_PERSONAS = ("userTask", "manualTask")


@dataclass(frozen=True, slots=True)
class Recorrido:
    instancia: InstanceView
    archivo: str
    estados: dict[str, str]  #: of elements, and of the flows that were taken
    filas: list[dict[str, Any]]
    versiones: Sequence["Vigencia"]

    @property
    def titulo(self) -> str:
        """The drawing is of the version under which the case runs now."""
        return (
            f"{rotulo(self.instancia.process_name)}, {_('versión %(v)s', v=self.instancia.version)}"
        )

    @property
    def nota(self) -> str:
        """Which versions it had before, and until when."""
        antes = [
            _("versión %(v)s hasta el %(c)s", v=v.version, c=formatos.momento(v.hasta))
            for v in self.versiones
            if v.hasta
        ]
        return str(_("Antes: %(a)s", a="; ".join(antes))) if antes else ""


@dataclass(frozen=True, slots=True)
class Vigencia:
    """A version under which an instance ran; `hasta`: when it was moved to the next one. Its
    drawing: `archivo` in `release`."""

    release: int
    archivo: str
    version: int
    desde: dt.datetime
    hasta: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Traslado:
    """The case was moved to another release; `orden`: how many steps it had passed."""

    orden: int
    de: int
    a: int
    cuando: dt.datetime
    quien: str


def _traslados(historia: Iterable[Command]) -> list[Traslado]:
    pasos, hallados = 0, []
    for orden in historia:
        if orden.kind == Act.MIGRATE:
            hallados.append(
                Traslado(
                    pasos,
                    int(str(orden.detail["from"])),
                    int(str(orden.detail["to"])),
                    orden.at,
                    orden.actor_id,
                )
            )
        pasos += len(orden.steps)
    return hallados


def _vigencias(
    session: Session, instancia: InstanceView, traslados: Sequence[Traslado], archivo: str
) -> list[Vigencia]:
    if not traslados:
        return [Vigencia(instancia.release, archivo, instancia.version, instancia.started_at)]
    releases = [traslados[0].de, *(t.a for t in traslados)]
    numeros = reads.releases.version_numbers(session, instancia.process, set(releases))
    desde = [instancia.started_at, *(t.cuando for t in traslados)]
    hasta = [*(t.cuando for t in traslados), None]
    dibujos = {
        r: reads.releases.processes(session, servicios().engine.catalog, r).get(instancia.process)
        for r in set(releases)
    }
    archivos = {r: proceso.file if proceso else "" for r, proceso in dibujos.items()}
    return [
        Vigencia(r, archivos[r], numeros.get(r, 0), d, h)
        for r, d, h in zip(releases, desde, hasta, strict=True)
    ]


def recorrido(session: Session, instancia: InstanceView) -> Recorrido:
    """Elements in the order in which they were reached: what was passed three times stands there
    three times, each with its moment."""
    s = servicios()
    procesos = reads.releases.processes(session, s.engine.catalog, instancia.release)
    proceso = procesos.get(instancia.process)
    adentro = _de_llamados(procesos, instancia.process)
    propios = {
        **{clave: elemento for clave, (elemento, _llamada) in adentro.items()},
        **(dict(proceso.elements) if proceso else {}),
    }
    elementos = {**_de_antes(session, instancia), **propios}
    ya_no = set(elementos) - set(propios)
    marcas = reads.instances.path(session, instancia.id)
    historia = reads.history.commands(session, instancia.id)
    traslados = _traslados(historia)
    versiones = _vigencias(session, instancia, traslados, proceso.file if proceso else "")
    tareas = [
        i for i in reads.items.of_case(session, instancia.case_key) if i.instance_id == instancia.id
    ]
    relojes = {
        elemento
        for suya, elemento, _vence in reads.instances.timers(session, instancia.case_key)
        if suya == instancia.id
    }
    hoy = formatos.dia_local(s.clock.now())
    quienes = {p.actor_id for m in marcas.values() for p in m.passes if p.actor_id} | {
        t.quien for t in traslados
    }
    quienes |= {i.claimed_by for i in tareas if i.claimed_by}
    nombres = nombres_de(session, quienes)
    estados = {
        clave: ESTADOS[m.state]
        for clave, m in marcas.items()
        if clave not in ya_no and m.state in ESTADOS and not _programado(m, elementos.get(clave))
    }
    # The drawing has only the activity that calls: a case that waits inside of it waits there.
    estados |= {
        adentro[c][1]: "espera"
        for c, estado in estados.items()
        if estado == "espera" and c in adentro
    }
    estados |= dict.fromkeys(_tomados(session, instancia, marcas, historia), "hecho")
    mostrados = {
        c: elementos[c] for c in marcas if c in elementos and elementos[c].type in MOSTRADOS
    }
    pasos = [
        (
            orden,
            {
                **_fila(
                    paso,
                    elementos[paso.elemento],
                    _quien(paso, elementos[paso.elemento], instancia, tareas, nombres),
                    hoy,
                ),
                "porque": _notas(paso, quitado=paso.elemento in ya_no),
                "elemento": adentro[paso.elemento][1]
                if paso.elemento in adentro
                else paso.elemento,
            },
        )
        for orden, paso in _en_orden(
            {clave: marcas[clave] for clave in mostrados}, mostrados, relojes
        )
    ]
    pasos += [
        (t.orden - 0.5, _fila_de_traslado(antes, ahora, nombres.get(t.quien, t.quien), hoy))
        for t, antes, ahora in zip(traslados, versiones, versiones[1:], strict=False)
    ]
    filas = [fila for _orden, fila in sorted(pasos, key=lambda par: par[0])]
    return Recorrido(instancia, proceso.file if proceso else "", estados, filas, versiones)


def _fila_de_traslado(antes: Vigencia, ahora: Vigencia, quien: str, hoy: dt.date) -> dict[str, Any]:
    return {
        "elemento": None,
        "hecho": False,
        "nombre": _("Pasó de la versión %(a)s a la %(b)s", a=antes.version, b=ahora.version),
        "quien": quien,
        "cuando": formatos.momento(ahora.desde, hoy),
    }


def _tomados(
    session: Session,
    instancia: InstanceView,
    marcas: Mapping[str, Mark],
    historia: Sequence[Command],
) -> Iterable[str]:
    """Flows of the drawing that the instance has surely taken; those of before it was moved, where
    the drawing still has them."""
    catalogo = servicios().engine.catalog
    traslados = [orden.detail for orden in historia if orden.kind == Act.MIGRATE]
    versiones = [int(str(t["from"])) for t in traslados[:1]] + [
        int(str(t["to"])) for t in traslados
    ] or [instancia.release]
    dibujos = {}
    for numero in set(versiones):
        procesos = reads.releases.processes(session, catalogo, numero)
        if instancia.process not in procesos:
            return ()
        archivos = reads.releases.files(session, catalogo, numero)
        dibujos[numero] = flujos.dibujo(
            archivos[procesos[instancia.process].file], procesos, instancia.process
        )
    esperan = [clave for clave, marca in marcas.items() if marca.state == MarkState.WAITING]
    return flujos.tomados(dibujos, versiones[0], historia, esperan)


def _de_llamados(procesos: Processes, cual: str) -> dict[str, tuple[ElementSpec, str]]:
    """Elements of the processes that this one calls, with the activity on its own drawing from
    which each is reached."""
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
    """Elements of the versions under which the case ran before it was moved: its path stays
    readable."""
    juntos: dict[str, ElementSpec] = {}
    for numero in reversed(reads.history.releases_of(session, instancia.id)[1:]):
        proceso = reads.releases.processes(session, servicios().engine.catalog, numero).get(
            instancia.process
        )
        juntos |= dict(proceso.elements) if proceso else {}
    return juntos


def _programado(marca: Mark, elemento: ElementSpec | None) -> bool:
    """An armed event: it may happen, the case does not stand there."""
    return (
        marca.state == MarkState.WAITING
        and elemento is not None
        and elemento.type == "boundaryEvent"
    )


@dataclass(frozen=True, slots=True)
class Paso:
    """A row of the path: one of the times that an element was passed, or that it waits now."""

    elemento: str
    estado: MarkState
    cuando: dt.datetime
    quien: str
    vez: int  #: which of `veces` it is; 0: it was not done
    veces: int
    programado: bool = False
    con_hora: bool = True  #: an event that waits for a message has none: nobody knows when it comes


def _en_orden(
    marcas: Mapping[str, Mark], elementos: Mapping[str, ElementSpec], relojes: Collection[str]
) -> list[tuple[float, Paso]]:
    """What was passed with its place in the path, oldest first; then what waits."""
    pasados: list[tuple[float, Paso]] = []
    esperan: list[Paso] = []
    for clave, marca in marcas.items():
        vez = 0
        for pase in marca.passes:
            vez += pase.state == StepState.DONE
            cual = vez if pase.state == StepState.DONE else 0
            if _se_cuenta(pase, marca, elementos[clave]):
                pasados.append(
                    (
                        pase.order,
                        Paso(
                            clave, MarkState(pase.state), pase.at, pase.actor_id, cual, marca.times
                        ),
                    )
                )
        if marca.state == MarkState.WAITING:
            con_hora = clave in relojes or elementos[clave].type in DE_PERSONAS
            esperan.append(
                Paso(
                    clave,
                    marca.state,
                    marca.at,
                    "",
                    0,
                    marca.times,
                    _programado(marca, elementos[clave]),
                    con_hora,
                )
            )
    al_final = [(math.inf, paso) for paso in sorted(esperan, key=lambda paso: paso.cuando)]
    return [*sorted(pasados, key=lambda par: par[0]), *al_final]


def _se_cuenta(pase: Pass, marca: Mark, elemento: ElementSpec) -> bool:
    """An event at the edge of an activity is disarmed each time that the activity ends: it is told
    once, if it never came to more."""
    desarmado = pase.state == StepState.CANCELLED and elemento.type == "boundaryEvent"
    return not desarmado or (
        pase is marca.passes[-1] and marca.state == MarkState.CANCELLED and not marca.times
    )


def _quien(
    paso: Paso,
    elemento: ElementSpec,
    instancia: InstanceView,
    tareas: Sequence[WorkItem],
    nombres: Mapping[str, str],
) -> str:
    """Who did it, or had it when it was interrupted, or has it now; never whoever sent the command
    that made it happen."""
    carril = rotulo(elemento.lane.name) if elemento.lane else ""
    if elemento.type not in DE_PERSONAS:
        # A process begins because somebody sends it off; a part of it, or one that it calls, begins
        # by itself.
        empieza = (
            elemento.type == "startEvent"
            and elemento.scope is None
            and elemento.process == instancia.process
        )
        if empieza and paso.quien not in ("", PROPIO):
            return nombres.get(paso.quien, paso.quien)
        if paso.estado == MarkState.WAITING and not paso.programado:
            return carril
        return "" if paso.programado and not paso.con_hora else str(_("Automático"))
    if paso.estado == MarkState.WAITING:
        suyas = [i for i in tareas if i.element == elemento.id and i.state == ItemState.OPEN]
    elif paso.estado == MarkState.CANCELLED:
        suyas = [
            i
            for i in tareas
            if i.element == elemento.id
            and i.state == ItemState.CANCELLED
            and i.closed_at == paso.cuando
        ]
    else:
        return (
            str(_("Automático"))
            if paso.quien == PROPIO
            else nombres.get(paso.quien, paso.quien) or carril
        )
    if tienen := sorted({nombres.get(i.claimed_by, i.claimed_by) for i in suyas if i.claimed_by}):
        return ", ".join(tienen)
    de_la_entidad = any(i.role not in (None, roles.USUARIO) for i in suyas)
    return str(_("%(c)s, sin asignar", c=carril)) if carril and de_la_entidad else carril


def _notas(paso: Paso, *, quitado: bool) -> str:
    notas = (
        [_("%(n)s.ª de %(t)s veces", n=paso.vez, t=paso.veces)]
        if paso.vez and paso.veces > 1
        else []
    )
    notas += [_("ya no está en esta versión")] if quitado else []
    return ", ".join(notas)


def _fila(paso: Paso, elemento: ElementSpec, quien: str, hoy: Any) -> dict[str, Any]:
    clase, palabra = PALABRAS.get(paso.estado, ("tranquila", _l("Sin recorrer")))
    if paso.programado:
        clase, palabra = "tranquila", _l("Programado") if paso.con_hora else _l("Puede ocurrir")
    return {
        "elemento": elemento.id,
        "nombre": titulo_de_elemento(elemento.id, elemento.name or elemento.id),
        "estado": (clase, str(palabra)),
        "quien": quien,
        "cuando": formatos.momento(paso.cuando, hoy) if paso.con_hora else "",
        "hecho": paso.estado == MarkState.DONE,
        "actual": paso.estado == MarkState.WAITING and not paso.programado,
    }
