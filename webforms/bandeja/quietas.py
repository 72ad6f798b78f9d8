"""What nobody touches, for who hands out the tasks of an area: the tasks that rose and that still
stand still."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.types import Actor, Role
from records.casos import quietud
from records.casos.quietud import Tocada
from records.casos.reglas.notas import NOTA
from records.casos.tablas import TareaQuieta
from records.cuentas.reglas.roles import LIDER, repartidos


def las_quietas(session: Session, actor: Actor) -> Mapping[str, TareaQuieta]:
    """Task → how it rose. Nothing for who hands out no tasks of areas: three statements less on
    their page."""
    de_areas = repartidos(LIDER)
    reparte = {
        Role(rol, papel.scope)
        for papel in actor.roles
        for rol in repartidos(papel.name)
        if rol in de_areas
    }
    if not reparte:
        return {}
    tareas = reads.items.open_of(
        Actor(actor.kind, actor.id, frozenset(reparte)), InboxFilter(roles=de_areas)
    ).subquery()
    elevadas = quietud.elevadas_entre(session, tareas)
    tocadas = reads.items.touched(session, [e.item_id for e in elevadas], note_kind=NOTA)
    desde = quietud.quietas_desde(
        session, [Tocada(t.id, t.claimed_by, t.at) for t in tocadas.values()]
    )
    return quietud.siguen_quietas(elevadas, desde)
