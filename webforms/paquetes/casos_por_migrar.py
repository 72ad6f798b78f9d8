"""Cases of earlier versions: which they are, what moving each would do, in sentences, and moving
them one by one."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.commands import KeptItem, Plan
from engine.errors import EngineError, InstanceNotActive, MigrationRefused, NotFound, Problem
from engine.types import Actor
from records.cuentas.titulares import Titulares
from webforms.base import formatos, palabras
from webforms.base.palabras import mensaje
from webforms.base.servicios import servicios
from webforms.paquetes.problemas import problema as por_que
from webforms.tareas.asientos import estado_de
from webforms.tareas.elementos import DE_FONDO, detiene, titulo_de_elemento
from webforms.tareas.nombres import nombres_de_casos, radicados_de

Nombres = Mapping[str, str]  #: element id → name

PROBLEMAS: Mapping[str, Any] = {
    "removed": _l("Está en «%(e)s», que la versión nueva ya no tiene. Diga a cuál actividad pasa."),
    "kind_changed": _l("Está en «%(e)s», que en la versión nueva es otro tipo de elemento."),
    "calls_other": _l("Está dentro de «%(e)s», que en la versión nueva llama a otro proceso."),
    "way_removed": _l("Espera en «%(e)s» por un camino que la versión nueva ya no tiene."),
    "put_together": _l(
        "«%(e)s» y otra actividad en la que también está pasarían a la misma, «%(n)s»."
    ),
    "mapping": _l("«%(e)s» no puede pasar a «%(n)s»: no existen los dos, o no son del mismo tipo."),
    "job_handler": _l(
        "Espera una respuesta en «%(e)s», y la versión nueva la pide a otro sistema. Espere a que llegue."
    ),
    "undo_removed": _l("La versión nueva ya no puede deshacer «%(e)s», que este caso ya hizo."),
    "process_removed": _l("La versión nueva ya no tiene este proceso."),
    "cannot_arm": _l(
        "El evento nuevo «%(e)s» no se puede calcular con los datos de este caso: %(error)s."
    ),
}


@dataclass(frozen=True, slots=True)
class PorMigrar:
    """A running instance of an earlier version."""

    id: str
    case_key: str
    process: str
    estado: str
    release: int
    version: int
    nombre: str  #: what people call the case; its id until it is looked up


@dataclass(frozen=True, slots=True)
class Resultado:
    instancia: str
    migrada: bool
    frases: tuple[str, ...]


def por_migrar(session: Session, procesos: Iterable[str], release: int) -> list[PorMigrar]:
    """Running instances of these processes under an earlier version than that of the release; the
    oldest first."""
    return [
        PorMigrar(i.id, i.case_key, i.process, i.status, i.release, i.version, i.id)
        for i in reads.instances.behind(session, procesos, release)
    ]


def con_nombres(session: Session, casos: Iterable[PorMigrar]) -> list[PorMigrar]:
    """A case by its number, a visit by its ticket; the others keep their id."""
    leidos = list(casos)
    nombres = nombres_de_casos(session, {c.case_key for c in leidos})
    return [replace(c, nombre=nombres.get(c.case_key, c.nombre)) for c in leidos]


def con_radicados(session: Session, casos: Iterable[PorMigrar]) -> list[PorMigrar]:
    """A case by its number; a visit keeps its id: what the command line is given."""
    leidos = list(casos)
    radicados = radicados_de(session, {c.case_key for c in leidos})
    return [replace(c, nombre=radicados.get(c.case_key, c.nombre)) for c in leidos]


def nombres_de_elementos(session: Session, releases: Iterable[int]) -> dict[str, str]:
    """Names of the elements of these releases; of one id the last one given."""
    juntos: dict[str, str] = {}
    for numero in dict.fromkeys(releases):
        elementos = reads.releases.elements(session, servicios().engine.catalog, numero)
        juntos |= {e.id: titulo_de_elemento(e.id, e.name or e.id) for e in elementos.values()}
    return juntos


def detenido(plan: Plan, nombres: Nombres) -> list[str]:
    """What stops the case today: moving it mends nothing."""
    donde = ", ".join(nombres.get(e, str(DE_FONDO.get(e, e))) for e in plan.stopped if detiene(e))
    return (
        [
            str(
                _(
                    "Está detenido por un incidente en «%(e)s»: sigue detenido hasta que alguien lo repare.",
                    e=donde,
                )
            )
        ]
        if donde
        else []
    )


def problemas(plan_o_problemas: Iterable[Problem], nombres: Nombres) -> list[str]:
    return [_problema(p, nombres) for p in plan_o_problemas]


def _problema(problema: Problem, nombres: Nombres) -> str:
    if problema.code == "ended":
        return str(_("El proceso está en «%(e)s».", e=estado_de(problema.facts["status"])))
    elemento = problema.facts["element"]
    datos = {
        "e": nombres.get(elemento, elemento),
        "error": por_que(problema.facts.get("cause", {})),
    }
    datos["n"] = nombres.get(problema.facts.get("new", ""), problema.facts.get("new", ""))
    return str(PROBLEMAS[problema.code]) % datos


def frases(plan: Plan, nombres: Nombres, hoy: dt.date | None, quienes: Titulares) -> list[str]:
    """What would happen to a case that can be moved; first what nobody could go on with. Without a
    day no moment is told, which each case has of its own: what happens alike is said alike."""

    def juntos(elementos: Iterable[str]) -> str:
        return ", ".join(dict.fromkeys(nombres.get(e, e) for e in elementos))

    dichas = [
        str(
            _(
                "Nadie podría hacer «%(a)s»: ninguna cuenta activa tiene el rol «%(r)s» para ella.",
                a=item.name,
                r=palabras.rol(item.role),
            )
        )
        for item in plan.items
        if item.role is not None and not quienes.puede(item.role, item.new_scope)
    ]
    dichas += [_tarea(item, nombres, hoy) for item in plan.items]
    dichas += [
        str(
            _(
                "Conserva el plazo «%(e)s»: %(c)s.",
                e=nombres.get(t.element, t.element),
                c=formatos.momento(t.due, hoy),
            )
        )
        if hoy is not None
        else str(_("Conserva el plazo «%(e)s».", e=nombres.get(t.element, t.element)))
        for t in plan.timers
    ]
    for elemento, vence in plan.armed:
        cuando = (
            _(", vence %(c)s", c=formatos.momento(vence, hoy))
            if vence is not None and hoy is not None
            else ""
        )
        dichas.append(
            str(_("Empieza a esperar «%(e)s»%(c)s.", e=nombres.get(elemento, elemento), c=cuando))
        )
    if plan.disarmed:
        dichas.append(str(_("Deja de esperar: %(e)s.", e=juntos(plan.disarmed))))
    if plan.subscriptions:
        avisos = sorted({mensaje(s.message) for s in plan.subscriptions})
        dichas.append(str(_("Sigue esperando un aviso: %(m)s.", m="; ".join(avisos))))
    if plan.jobs:
        dichas.append(str(_("Sigue esperando la respuesta de: %(e)s.", e=juntos(plan.jobs))))
    if plan.opens:
        dichas.append(str(_("Se abre enseguida: %(e)s.", e=juntos(plan.opens))))
    if plan.closes:
        dichas.append(str(_("Se cierra sin completarse: %(e)s.", e=juntos(plan.closes))))
    if plan.runs:
        dichas.append(str(_("Se ejecuta enseguida: %(e)s.", e=juntos(plan.runs))))
    if plan.passed:
        dichas.append(
            str(
                _(
                    "Pasó por actividades que ya no existen; su historia se conserva: %(e)s.",
                    e=juntos(plan.passed),
                )
            )
        )
    return [*detenido(plan, nombres), *(dichas or [str(_("No cambia nada de lo que espera."))])]


def _tarea(item: KeptItem, nombres: Nombres, hoy: dt.date | None) -> str:
    partes = [str(_("«%(a)s» sigue abierta", a=nombres.get(item.element, item.element)))]
    if item.new_element != item.element:
        partes = [
            str(_("«%(a)s» pasa a «%(n)s»", a=nombres.get(item.element, item.element), n=item.name))
        ]
    if item.due_at is not None:
        partes.append(
            str(
                _("vence igual, %(c)s", c=formatos.momento(item.due_at, hoy))
                if hoy is not None
                else _("vence igual")
            )
        )
    if item.new_role is not None:
        partes.append(str(_("cambia de carril y queda sin asignar")))
    elif item.claimed_by is not None:
        partes.append(str(_("la conserva quien la tiene")))
    if item.form_changed:
        partes.append(str(_("cambia su formulario")))
    if item.drafts:
        partes.append(str(_("con su borrador")))
    if item.lost_fields:
        partes.append(
            str(_("queda a la vista lo escrito en: %(c)s", c=", ".join(item.lost_fields)))
        )
    return ", ".join(partes) + "."


def migrar(
    ids: Iterable[str], release: int, *, reason: str, actor: Actor, mapping: Mapping[str, str]
) -> Iterator[Resultado]:
    """One command and one commit each; one that cannot be moved does not stop the others.
    InvalidValues: the reason is too short."""
    s = servicios()
    for instancia in ids:
        with s.uow.reading() as session:
            antes = reads.instances.release_of(session, instancia) or release
            nombres = nombres_de_elementos(session, (antes, release))
        try:
            s.engine.migration.migrate(
                instancia, release, reason=reason, actor=actor, now=s.clock.now(), mapping=mapping
            )
        except (MigrationRefused, InstanceNotActive, NotFound) as error:
            yield Resultado(instancia, migrada=False, frases=tuple(_por_que(error, nombres)))
        else:
            yield Resultado(instancia, migrada=True, frases=())


def _por_que(error: EngineError, nombres: Nombres) -> list[str]:
    if isinstance(error, MigrationRefused):
        return problemas(error.problems, nombres)
    if isinstance(error, InstanceNotActive):
        return [str(_("El proceso está en «%(e)s».", e=estado_de(error.status)))]
    return [str(_("No existe."))]
