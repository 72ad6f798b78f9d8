"""Lanes whose tasks nobody could do: no account has the role, or none has it for a place. Warnings: an account may be made at any time."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.models import Unreadable
from engine.types import ElementSpec
from engine.types import LaneSpec
from records import puntos
from records.rules.roles import ROLES
from records.rules.roles import Alcance
from records.titulares import Titulares
from webforms.analista.hallazgos import Hallazgo
from webforms.base.elementos import titulo_de_elemento
from webforms.base.palabras import lugar

DE_PERSONAS = ("userTask", "manualTask")
NOMBRADOS = 4  #: places and activities that a sentence names; of the others it says how many
ROL_SIN_CUENTA, CARRIL_SIN_LUGAR, LUGARES_SIN_CUENTA = "rol_sin_cuenta", "carril_sin_lugar", "lugares_sin_cuenta"

Lugares = Mapping[str, Sequence[tuple[str, str]]]


def lugares(session: Session) -> Lugares:
    """Scope of a lane → code and name of each place for which its role may be held."""
    return {
        Alcance.PUNTO: [(p.codigo, p.nombre) for p in puntos.puntos(session)],
        Alcance.AREA: [(a.codigo, a.nombre) for a in puntos.areas(session)],
    }


def nombre_de_rol(codigo: str) -> str:
    return ROLES[codigo].nombre if codigo in ROLES else codigo


def enumerar(nombres: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    if len(nombres) <= NOMBRADOS + 1:
        return ", ".join(nombres)
    return str(_("%(n)s y %(m)s más", n=", ".join(nombres[:NOMBRADOS]), m=len(nombres) - NOMBRADOS))


def actividades(archivo: str, contenido: bytes) -> dict[str, ElementSpec]:
    """What people do in the processes of a text, by element; none of one that cannot be read."""
    try:
        procesos = reads.models.read(archivo, contenido).processes
    except Unreadable:
        return {}
    return {e.id: e for p in procesos for e in p.elements if e.type in DE_PERSONAS}


def sin_titular(archivo: str, contenido: bytes, quienes: Titulares, donde: Lugares) -> Iterator[Hallazgo]:
    """What is wrong with the lanes of a text, each said once with its activities."""
    carriles: dict[str, tuple[LaneSpec, list[str]]] = {}
    for e in actividades(archivo, contenido).values():
        if e.lane is not None and e.lane.role is not None:
            carriles.setdefault(e.lane.id, (e.lane, []))[1].append(titulo_de_elemento(e.id, e.name or e.id))
    for carril, suyas in carriles.values():
        dicho = _del_carril(carril, enumerar(suyas), quienes, donde)
        if dicho is not None:
            yield Hallazgo(archivo, carril.id, carril.name or carril.id, dicho[0], "aviso", dicho[1])


def _del_carril(carril: LaneSpec, tareas: str, quienes: Titulares, donde: Lugares) -> tuple[str, str] | None:
    """Rule and sentence."""
    codigo = carril.role or ""
    rol = nombre_de_rol(codigo)
    if not quienes.tiene(codigo):
        frase = _(
            "Nadie podrá hacer las tareas de este carril (%(t)s): ninguna cuenta activa tiene el rol «%(r)s». "
            "Pida al administrador que se lo dé a alguien, o escoja otro rol para el carril.",
            t=tareas,
            r=rol,
        )
        return ROL_SIN_CUENTA, str(frase)
    if carril.scope is None:
        frase = _(
            "Nadie podrá hacer las tareas de este carril (%(t)s): el rol «%(r)s» se tiene para un punto o un área, y el carril no dice "
            "para cuál. Escriba en el carril la variable que lo dice (punto_id o area_id), o escoja un rol de toda la entidad.",
            t=tareas,
            r=rol,
        )
        return None if quienes.puede(codigo, None) else (CARRIL_SIN_LUGAR, str(frase))
    faltan = [nombre for clave, nombre in donde.get(carril.scope, ()) if not quienes.puede(codigo, clave)]
    frase = _(
        "Las tareas de este carril (%(t)s) no las podrá hacer nadie en: %(l)s. Allí ninguna cuenta activa tiene el rol «%(r)s». "
        "Pida al administrador que se lo dé a alguien de esos lugares, si allí va a haber casos.",
        t=tareas,
        l=enumerar(faltan),
        r=rol,
    )
    return (LUGARES_SIN_CUENTA, str(frase)) if faltan else None


@dataclass(frozen=True, slots=True)
class Huerfana:
    """An activity with open tasks that nobody could do in its new lane."""

    nombre: str
    cuantas: int
    rol: str
    lugares: str  #: "" when nobody has the role at all, or the lane names no place

    @property
    def frase(self) -> str:
        por_que = _("nadie tiene el rol «%(r)s» en %(l)s", r=self.rol, l=self.lugares) if self.lugares else ""
        por_que = por_que or _("nadie tiene el rol «%(r)s» para ellas", r=self.rol)
        tareas = _("1 tarea abierta") if self.cuantas == 1 else _("%(n)s tareas abiertas", n=self.cuantas)
        return str(_("«%(a)s»: %(t)s, y %(p)s", a=self.nombre, t=tareas, p=por_que))


def huerfanas(tareas: Iterable[tuple[ElementSpec, str | None, int]], quienes: Titulares) -> list[Huerfana]:
    """Of open tasks (activity as it would be, place, how many) those that would have nobody, by activity, the most first."""
    halladas: dict[str, tuple[ElementSpec, int, list[str]]] = {}
    for e, ambito, cuantas in tareas:
        rol = e.lane.role if e.lane else None
        if rol is None or quienes.puede(rol, ambito):
            continue
        _e, antes, donde = halladas.get(e.id, (e, 0, []))
        donde = [*donde, lugar(ambito)] if ambito and quienes.tiene(rol) else donde
        halladas[e.id] = (e, antes + cuantas, list(dict.fromkeys(donde)))
    return sorted(
        (
            Huerfana(titulo_de_elemento(e.id, e.name or e.id), n, nombre_de_rol((e.lane and e.lane.role) or ""), enumerar(donde))
            for e, n, donde in halladas.values()
        ),
        key=lambda h: (-h.cuantas, h.nombre),
    )


def abiertas(
    session: Session, procesos: Iterable[str], antes: Mapping[str, ElementSpec], nuevas: Mapping[str, ElementSpec]
) -> list[tuple[ElementSpec, str | None, int]]:
    """Open tasks of these processes as they would be with the new activities.

    Where the lane asks another variable than before for its place, the place is not known here and the task is left out.
    """
    hechas = []
    for abierta in reads.items.open_by_element(session, procesos):
        vieja, nueva = antes.get(abierta.element), nuevas.get(abierta.element)
        if nueva is None or nueva.lane is None:
            continue
        pedia = vieja.lane.scope if vieja is not None and vieja.lane is not None else None
        if nueva.lane.scope in (None, pedia):
            hechas.append((nueva, abierta.scope if nueva.lane.scope else None, abierta.number))
    return hechas
