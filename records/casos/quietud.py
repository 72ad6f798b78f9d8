"""Tasks of the areas that nobody touches: which were told to the leader of the area, and which
still stand still."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session

from records.base.consultas import tandas
from records.casos.reglas import estados
from records.casos.reglas.quietud import quieta_desde
from records.casos.tablas import Caso, TareaQuieta, Tipificacion
from records.cuentas.tablas import MarcaTarea

MUESTRA = 1_000  #: of an area at once: whoever has more does not look at them one by one


@dataclass(frozen=True, slots=True)
class Tocada:
    """An open task, who holds it, and when somebody last touched it."""

    id: str
    tiene: str | None
    cuando: dt.datetime


def quietas_desde(session: Session, tareas: Sequence[Tocada]) -> Mapping[str, dt.datetime]:
    """Task → since when it stands still: its last touch, or the day for which its holder has put it
    off, which may still come."""
    puestos = select(MarcaTarea.item_id, MarcaTarea.usuario, MarcaTarea.seguimiento).where(
        MarcaTarea.seguimiento.is_not(None)
    )
    seguimientos = {
        (item_id, usuario): dia
        for tanda in tandas(tareas)
        for item_id, usuario, dia in session.execute(
            puestos.where(MarcaTarea.item_id.in_([t.id for t in tanda]))
        )
    }
    return {t.id: quieta_desde(t.cuando, seguimientos.get((t.id, t.tiene or ""))) for t in tareas}


@dataclass(frozen=True, slots=True)
class NuevaQuieta:
    """A task that rises."""

    item_id: str
    case_key: str
    area_id: str
    actividad: str
    nombre: str
    tenia: str | None
    desde: dt.datetime
    dias: int


def elevar(
    session: Session, tareas: Sequence[NuevaQuieta], *, now: dt.datetime
) -> list[NuevaQuieta]:
    """Keep those that rise; gives them. Whoever has risen for this time of standing still is not
    among them."""
    conocidas = {
        (item_id, desde)
        for tanda in tandas(tareas)
        for item_id, desde in session.execute(
            select(TareaQuieta.item_id, TareaQuieta.desde).where(
                TareaQuieta.item_id.in_([t.item_id for t in tanda])
            )
        )
    }
    suben = [t for t in tareas if (t.item_id, t.desde) not in conocidas]
    session.add_all(TareaQuieta(**asdict(t), elevada=now) for t in suben)
    session.flush()
    return suben


def elevadas_entre(session: Session, tareas: Subquery) -> list[TareaQuieta]:
    """Those of these open tasks that have ever risen, each as it rose last, the longest still
    first."""
    suyas = select(TareaQuieta).join(tareas, tareas.c.id == TareaQuieta.item_id)
    filas = session.scalars(suyas.order_by(TareaQuieta.desde.desc(), TareaQuieta.id).limit(MUESTRA))
    ultimas: dict[str, TareaQuieta] = {}
    for fila in filas:
        ultimas.setdefault(fila.item_id, fila)
    return sorted(ultimas.values(), key=lambda fila: (fila.desde, fila.id))


def siguen_quietas(
    elevadas: Sequence[TareaQuieta], desde: Mapping[str, dt.datetime]
) -> dict[str, TareaQuieta]:
    """Task → how it rose, of those that nobody has touched since. Pure."""
    return {fila.item_id: fila for fila in elevadas if desde.get(fila.item_id) == fila.desde}


def elevadas_del_caso(session: Session, case_key: str) -> Sequence[TareaQuieta]:
    return session.scalars(
        select(TareaQuieta)
        .where(TareaQuieta.case_key == case_key)
        .order_by(TareaQuieta.elevada, TareaQuieta.id)
    ).all()


@dataclass(frozen=True, slots=True)
class CasoQuieto:
    radicado: str
    subtema: str
    estado: str

    @property
    def espera_a_la_persona(self) -> bool:
        """The clock stands still: nobody of the area can move it."""
        return self.estado == estados.REQUERIDO


def casos_de(session: Session, claves: Collection[str]) -> Mapping[str, CasoQuieto]:
    """Key of a case → what a mail says of it."""
    hallados = (
        select(Caso.case_key, Caso.radicado, Tipificacion.subtema, Caso.estado)
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .where(Caso.case_key.in_(tanda))
        for tanda in tandas(sorted(claves))
    )
    return {
        str(clave): CasoQuieto(radicado or "", subtema, estado)
        for consulta in hallados
        for clave, radicado, subtema, estado in session.execute(consulta)
    }
