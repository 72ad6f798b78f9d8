"""Somebody was first: who and when, what they sent, and what this person typed, side by side
(409)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import ClaimedByOther, EngineError, InstanceNotActive
from engine.reads.history import Entry
from engine.states import Act, InstanceStatus, ItemState
from engine.types import Data, Submission, WorkItem
from records.auditorias import calibraciones
from webforms.base import formatos, palabras
from webforms.base.hojas import Hoja
from webforms.base.personas import nombre_de, nombres_de
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.personas.cubierto import cubre
from webforms.tareas.asientos import motivo
from webforms.tareas.elementos import detiene
from webforms.tareas.envios import presentar
from webforms.tareas.guardado import leer
from webforms.tareas.nombres import nombres_de_casos
from webforms.tareas.rechazos import frase_de_inactivo


def _titulo(session: Session, item: WorkItem, conflicto: EngineError | None, paso: "_Paso") -> str:
    hoy = formatos.dia_local(servicios().clock.now())
    if isinstance(conflicto, ClaimedByOther):
        return str(_("%(nombre)s tiene esta actividad", nombre=nombre_de(session, conflicto.by)))
    if isinstance(conflicto, InstanceNotActive):
        return frase_de_inactivo(conflicto.status)
    cuando = formatos.momento(item.closed_at, hoy)
    if item.state == ItemState.DONE and item.closed_by == actor_actual().id:
        return str(_("Usted completó esta actividad (%(cuando)s)", cuando=cuando))
    if item.state == ItemState.DONE and item.closed_by is not None:
        return str(
            _(
                "%(nombre)s completó esta actividad (%(cuando)s)",
                nombre=nombre_de(session, item.closed_by),
                cuando=cuando,
            )
        )
    if paso.de_nuevo is not None:
        return str(_("La actividad se abrió otra vez (%(cuando)s)", cuando=cuando))
    if paso.acto is not None and paso.acto.kind in (Act.CANCEL, Act.BACK):
        frases: dict[str, str] = {
            Act.CANCEL: _("El proceso fue cancelado (%(cuando)s)"),
            Act.BACK: _("El caso volvió a una actividad anterior (%(cuando)s)"),
        }
        return str(frases[paso.acto.kind]) % {"cuando": cuando}
    return str(_("Esta actividad ya no se necesita (%(cuando)s)", cuando=cuando))


#: Why what was typed was not sent.
PORQUES: Mapping[str, Any] = {
    Act.CANCEL: _l("No se envió, porque el proceso fue cancelado."),
    Act.BACK: _l("No se envió, porque el caso volvió a una actividad anterior."),
    Act.REASSIGN: _l("No se envió, porque la tarea pasó a otra persona mientras usted escribía."),
    Act.CLAIM: _l("No se envió, porque otra persona tomó la tarea mientras usted escribía."),
    "": _l("No se envió, porque el caso ya siguió adelante."),
}


@dataclass(frozen=True, slots=True)
class _Paso:
    """What happened meanwhile: the act, and the same activity where it was opened again."""

    acto: Entry | None = None
    de_nuevo: WorkItem | None = None

    @property
    def porque(self) -> str:
        if self.acto is None:
            return str(PORQUES[""])
        if self.acto.kind == Act.MESSAGE:
            return str(
                _(
                    "No se envió, porque mientras usted escribía %(m)s.",
                    m=palabras.mensaje(str(self.acto.detail.get("message", ""))),
                )
            )
        return str(PORQUES.get(self.acto.kind, PORQUES[""]))


def _paso(session: Session, item: WorkItem, conflicto: EngineError | None) -> _Paso:
    """The act that took the item from this person or closed it; none where somebody completed
    it."""
    if item.state == ItemState.DONE or isinstance(conflicto, InstanceNotActive):
        return _Paso()
    asientos = [
        x
        for x in reads.history.of_case(session, servicios().engine.catalog, item.case_key)
        if x.instance_id == item.instance_id
    ]
    if item.state == ItemState.OPEN:
        manos = [
            x
            for x in asientos
            if x.kind in (Act.REASSIGN, Act.CLAIM) and x.detail.get("item") == item.id
        ]
        return _Paso(manos[-1] if manos else None)
    acto = next(
        (
            x
            for x in asientos
            if x.kind in (Act.CANCEL, Act.BACK, Act.MESSAGE) and x.at == item.closed_at
        ),
        None,
    )
    abiertas = reads.items.of_case(session, item.case_key, only_open=True)
    otra = next(
        (i for i in abiertas if (i.instance_id, i.element) == (item.instance_id, item.element)),
        None,
    )
    return _Paso(acto, otra if acto is not None else None)


def _envio(session: Session, item: WorkItem) -> Submission | None:
    return next(
        (
            envio
            for envio in reads.history.submissions(session, item.case_key)
            if envio.item_id == item.id
        ),
        None,
    )


def hoja_de_conflicto(
    session: Session, item: WorkItem, valores: Data, conflicto: EngineError | None = None
) -> Hoja:
    """`valores`: what this person typed; `conflicto`: what the engine answered, None when the item
    was found closed."""
    s = servicios()
    elemento = reads.releases.element_of(session, s.engine.catalog, item)
    # what another auditor answered is not shown yet
    oculto = calibraciones.a_ciegas(session, item.instance_id, s.clock.now())
    envio = _envio(session, item) if not oculto else None
    abiertas = reads.items.of_case(session, item.case_key, only_open=True)
    borrador = leer(reads.items.draft(session, item, actor_actual().id))
    paso = _paso(session, item, conflicto)
    acto = paso.acto if paso.acto is not None and paso.acto.kind != Act.CLAIM else None
    mia = (
        paso.de_nuevo
        if paso.de_nuevo is not None and paso.de_nuevo.claimed_by in (None, actor_actual().id)
        else None
    )
    return Hoja(
        "tareas/conflicto.html",
        {
            "item": item,
            "caso": nombres_de_casos(session, {item.case_key}).get(item.case_key, ""),
            "titulo": _titulo(session, item, conflicto, paso),
            "porque": paso.porque,
            "de_nuevo": mia,
            "quien": nombre_de(session, acto.actor_id) if acto is not None else "",
            "motivo": motivo(acto) if acto is not None else "",
            "en_reparacion": any(
                detiene(i.element) for i in reads.incidents.open_of_case(session, item.case_key)
            ),
            "suyo": presentar(envio.values, elemento, s.forms, cubre=cubre(item.case_key))
            if envio is not None
            else [],
            "autor": nombre_de(session, envio.actor_id) if envio is not None else "",
            "mio": presentar(valores, elemento, s.forms, cubre=False),
            "abiertas": abiertas,
            "nombres": nombres_de(session, {i.claimed_by for i in abiertas if i.claimed_by}),
            "borrador": borrador,
            "suspendido": isinstance(conflicto, InstanceNotActive)
            and conflicto.status == InstanceStatus.SUSPENDED,
        },
        codigo=409,
    )
