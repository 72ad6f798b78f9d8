"""Somebody was first: who and when, what they sent, and what this person typed, side by side (409)."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import queries
from engine.decide import SUSPENDED
from engine.errors import ClaimedByOther
from engine.errors import EngineError
from engine.errors import InstanceNotActive
from engine.types import Data
from engine.types import ElementSpec
from engine.types import ItemState
from engine.types import Submission
from engine.types import WorkItem
from webforms import formatos
from webforms.envios import presentar
from webforms.personas import nombre_de
from webforms.personas import nombres_de
from webforms.security import actor_actual
from webforms.servicios import servicios


def frase_de_inactivo(estado: str) -> str:
    """What holds for the case of a refused act."""
    frases = {
        "suspended": _("El caso está suspendido"),
        "cancelled": _("El caso fue cancelado"),
        "finished": _("El caso ya terminó"),
    }
    return str(frases.get(estado, _("El caso ya no está activo")))


def _titulo(session: Session, item: WorkItem, conflicto: EngineError | None) -> str:
    hoy = formatos.dia_local(servicios().clock.now())
    if isinstance(conflicto, ClaimedByOther):
        return str(_("%(nombre)s tiene esta actividad", nombre=nombre_de(session, conflicto.by)))
    if isinstance(conflicto, InstanceNotActive):
        return frase_de_inactivo(conflicto.status)
    if item.state == ItemState.DONE and item.closed_by == actor_actual().id:
        return str(_("Usted completó esta actividad: %(cuando)s", cuando=formatos.momento(item.closed_at, hoy)))
    if item.state == ItemState.DONE and item.closed_by is not None:
        nombre, cuando = nombre_de(session, item.closed_by), formatos.momento(item.closed_at, hoy)
        return str(_("%(nombre)s completó esta actividad: %(cuando)s", nombre=nombre, cuando=cuando))
    return str(_("Esta actividad se cerró: %(cuando)s", cuando=formatos.momento(item.closed_at, hoy)))


def _envio(session: Session, item: WorkItem) -> Submission | None:
    return next((envio for envio in queries.submissions(session, item.case_key) if envio.item_id == item.id), None)


def pagina_de_conflicto(
    session: Session, item: WorkItem, valores: Data, *, conflicto: EngineError | None = None, codigo: int
) -> ResponseReturnValue:
    s = servicios()
    elemento: ElementSpec = s.engine.catalog.release(session, item.release).processes[item.process].elements[item.element]
    envio = _envio(session, item)
    abiertas = queries.items_of_case(session, item.case_key, only_open=True)
    borrador = queries.draft(session, item, actor_actual().id)
    pagina = render_template(
        "conflicto.html",
        item=item,
        titulo=_titulo(session, item, conflicto),
        suyo=presentar(envio.values, elemento, s.forms) if envio is not None else [],
        autor=nombre_de(session, envio.actor_id) if envio is not None else "",
        mio=[(etiqueta, texto) for etiqueta, texto in presentar(valores, elemento, s.forms) if texto != _("Sin dato")],
        abiertas=abiertas,
        nombres=nombres_de(session, {i.claimed_by for i in abiertas if i.claimed_by}),
        borrador=borrador,
        suspendido=isinstance(conflicto, InstanceNotActive) and conflicto.status == SUSPENDED,
    )
    return pagina, codigo
