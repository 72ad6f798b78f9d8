"""One login of one browser: its name and its end stand in the signed cookie, that it was ended stands in the database."""

import datetime as dt
import secrets

from flask import session
from sqlalchemy.orm import Session

from records.cuentas import cerrar_sesion

#: The longest that a login lasts, however much it is used; without use `webforms.web.SESION` ends it before.
JORNADA = dt.timedelta(hours=12)
_NOMBRE, _HASTA = "sesion", "hasta"


def valores(hasta: dt.datetime) -> dict[str, object]:
    """What the cookie of a new login carries beside the account."""
    return {_NOMBRE: secrets.token_urlsafe(16), _HASTA: hasta.timestamp()}


def abrir(now: dt.datetime) -> None:
    session.update(valores(now + JORNADA))


def nombre_vigente(now: dt.datetime) -> str | None:
    """The login of this request, unless it is over by its own term or older than sessions with a name."""
    nombre, hasta = session.get(_NOMBRE), session.get(_HASTA, 0)
    return str(nombre) if nombre and now.timestamp() < hasta else None


def cerrar(s: Session, now: dt.datetime) -> None:
    """From now on no copy of the cookie enters; those whose term is over are forgotten."""
    if nombre := session.get(_NOMBRE):
        cerrar_sesion(s, str(nombre), now=now, vencidas=now - JORNADA)
