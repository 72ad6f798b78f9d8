"""Tasks of the same kind that one page does together."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from engine.types import WorkItem
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.envios import especificacion
from webforms.tareas.lectura import elemento_de


def paginas(session: Session, items: Iterable[WorkItem]) -> dict[str, list[WorkItem]]:
    """Address of the page → those of `items` that it does, where they are more than one."""
    yo, forms = actor_actual(), servicios().forms
    de: dict[str, list[WorkItem]] = {}
    for item in items:
        suya = item.claimed_by in (None, yo.id) and item.role and yo.has(item.role, item.scope)
        juntas = especificacion(elemento_de(session, item), forms).juntas if suya else None
        if juntas is not None:
            de.setdefault(juntas(item.data), []).append(item)
    return {pagina: suyas for pagina, suyas in de.items() if len(suyas) > 1}
