"""Who could do the tasks of each lane, and lanes whose tasks nobody could do.

A lane that nobody can work in is an error, which whoever puts it in force may confirm with a
reason: an account may be made at any time. That nobody has the role in some place is a warning.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.models import Unreadable
from engine.types import ElementSpec, LaneSpec
from records.cuentas import carriles
from records.cuentas.cuentas import gente_con
from records.cuentas.reglas.roles import que_incluyen
from records.cuentas.titulares import Titulares
from webforms.base import palabras
from webforms.base.palabras import lugar
from webforms.base.rotulos import rotulo
from webforms.paquetes.hallazgos import Hallazgo
from webforms.tareas.elementos import titulo_de_elemento

DE_PERSONAS = ("userTask", "manualTask")
NOMBRADOS = 4  #: places and activities that a sentence names; of the others it says how many
ROL_SIN_CUENTA, CARRIL_SIN_LUGAR, LUGARES_SIN_CUENTA = (
    "rol_sin_cuenta",
    "carril_sin_lugar",
    "lugares_sin_cuenta",
)
CONFIRMABLES = frozenset({ROL_SIN_CUENTA, CARRIL_SIN_LUGAR})

Lugares = Mapping[str, Sequence[tuple[str, str]]]


def lugares(session: Session) -> Lugares:
    """Scope of a lane → code and name of each place for which its role may be held."""
    return carriles.valores(session)


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


def sin_titular(
    archivo: str, contenido: bytes, quienes: Titulares, donde: Lugares
) -> Iterator[Hallazgo]:
    """What is wrong with the lanes of a text, each said once with its activities."""
    for carril, suyas in _con_tareas(archivo, contenido).values():
        dicho = _del_carril(carril, enumerar(suyas), quienes, donde)
        if dicho is not None:
            gravedad = "error" if dicho[0] in CONFIRMABLES else "aviso"
            yield Hallazgo(
                archivo,
                carril.id,
                rotulo(carril.name) or carril.id,
                dicho[0],
                gravedad,
                dicho[1],
                carril.name or carril.id,
            )


def _con_tareas(archivo: str, contenido: bytes) -> dict[str, tuple[LaneSpec, list[str]]]:
    """Lane with a role → the lane and the names of what people do in it."""
    halladas: dict[str, tuple[LaneSpec, list[str]]] = {}
    for e in actividades(archivo, contenido).values():
        if e.lane is not None and e.lane.role is not None:
            halladas.setdefault(e.lane.id, (e.lane, []))[1].append(
                titulo_de_elemento(e.id, e.name or e.id)
            )
    return halladas


@dataclass(frozen=True, slots=True)
class QuienPuede:
    """A lane as the review shows it: who could do its tasks today."""

    carril: str
    rol: str
    donde: str  #: name of the list of places; "" for the whole agency
    quienes: Sequence[str]


def quienes_pueden(
    session: Session, archivo: str, contenido: bytes, now: dt.datetime
) -> list[QuienPuede]:
    listas = carriles.alcances(session)
    filas = []
    for carril, _suyas in _con_tareas(archivo, contenido).values():
        rol = carril.role or ""
        gente = dict.fromkeys(
            p.nombre for p in gente_con(session, {rol, *que_incluyen(rol)}, None, now)
        )
        donde = _(rotulo(listas.get(carril.scope, carril.scope))) if carril.scope else ""
        filas.append(
            QuienPuede(
                rotulo(carril.name) or carril.id,
                rotulo(carril.called) or palabras.rol(rol),
                donde,
                [*gente],
            )
        )
    return filas


def _del_carril(
    carril: LaneSpec, tareas: str, quienes: Titulares, donde: Lugares
) -> tuple[str, str] | None:
    """Rule and sentence."""
    codigo = carril.role or ""
    rol = rotulo(carril.called) or palabras.rol(codigo)
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
            "Nadie podrá hacer las tareas de este carril (%(t)s): el rol «%(r)s» se tiene para un lugar, y el carril no dice "
            "para cuál. Elija en el carril para dónde es, o escoja un rol de toda la entidad.",
            t=tareas,
            r=rol,
        )
        return None if quienes.puede(codigo, None) else (CARRIL_SIN_LUGAR, str(frase))
    faltan = [
        nombre for clave, nombre in donde.get(carril.scope, ()) if not quienes.puede(codigo, clave)
    ]
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
        por_que = (
            _("nadie tiene el rol «%(r)s» en %(l)s", r=self.rol, l=self.lugares)
            if self.lugares
            else ""
        )
        por_que = por_que or _("nadie tiene el rol «%(r)s» para ellas", r=self.rol)
        tareas = (
            _("1 tarea abierta")
            if self.cuantas == 1
            else _("%(n)s tareas abiertas", n=self.cuantas)
        )
        return str(_("«%(a)s»: %(t)s, y %(p)s", a=self.nombre, t=tareas, p=por_que))


def huerfanas(
    tareas: Iterable[tuple[ElementSpec, str | None, int]], quienes: Titulares
) -> list[Huerfana]:
    """Of open tasks (activity as it would be, place, how many) those that would have nobody, by
    activity, the most first."""
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
            Huerfana(
                titulo_de_elemento(e.id, e.name or e.id),
                n,
                palabras.rol(e.lane.role if e.lane else None),
                enumerar(donde),
            )
            for e, n, donde in halladas.values()
        ),
        key=lambda h: (-h.cuantas, h.nombre),
    )


def abiertas(
    session: Session,
    procesos: Iterable[str],
    antes: Mapping[str, ElementSpec],
    nuevas: Mapping[str, ElementSpec],
) -> list[tuple[ElementSpec, str | None, int]]:
    """Open tasks of these processes as they would be with the new activities.

    Where the lane asks another variable than before for its place, the place is not known here and
    the task is left out.
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
