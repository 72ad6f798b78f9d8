"""A case that is not theirs, opened by who keeps the place running: with a reason, for an hour,
where compliance reads it."""

import datetime as dt

from flask import has_request_context, request
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import AccessView
from engine.types import Actor
from records.cuentas.reglas.roles import Facultad
from webforms.base.security import puede
from webforms.base.servicios import servicios

CLASE = "caso_con_motivo"  #: kind of the access chain
LAPSO = dt.timedelta(hours=1)
PARA_ENVIAR = 2 * LAPSO  # what was begun within the hour may still be sent


def ultima(session: Session, actor: Actor, case_key: str) -> AccessView | None:
    """When this person wrote a reason for this case, and which; it may be over. Of compliance one
    that is restricted asks for it."""
    pide = puede(actor, Facultad.ABRIR_CON_MOTIVO) or puede(actor, Facultad.REVISAR)
    return reads.history.latest_access(session, actor.id, CLASE, case_key) if pide else None


def vigente(session: Session, actor: Actor, case_key: str) -> AccessView | None:
    """For which this person has the case open now."""
    hecha = ultima(session, actor, case_key)
    lapso = PARA_ENVIAR if has_request_context() and request.method == "POST" else LAPSO
    return hecha if hecha is not None and hecha.at + lapso > servicios().clock.now() else None


def motivo_vigente(session: Session, actor: Actor, case_key: str) -> str | None:
    """The reason for which this person has the case open now."""
    hecha = vigente(session, actor, case_key)
    return str(hecha.detail.get("motivo") or "") if hecha is not None else None


def abrir_con_motivo(actor: Actor, case_key: str, motivo: str) -> None:
    servicios().engine.log_access(
        actor, CLASE, case_key, now=servicios().clock.now(), detail={"motivo": motivo}
    )
