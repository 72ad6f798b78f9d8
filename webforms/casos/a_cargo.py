"""The figures of the open cases that somebody answers for: the same in the inbox, on the board and
on the first page, each with its list."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from engine.types import Actor
from records.casos import abiertos
from records.casos.abiertos import Cifras
from records.cuentas.reglas.roles import Facultad
from webforms.base.security import actor_actual, donde_puede, puede
from webforms.base.servicios import servicios


def areas_a_cargo(actor: Actor) -> Sequence[str] | None:
    """Those that this person leads; None: all of them, and what is still at the points; empty:
    none."""
    if puede(actor, Facultad.VER_OPERACION):
        return None
    return donde_puede(actor, Facultad.SUPERVISAR)


def cifras(session: Session) -> Cifras | None:
    """None: this person answers for nobody's cases."""
    suyas = areas_a_cargo(actor_actual())
    return None if suyas == () else abiertos.cifras(session, servicios().clock.now(), suyas)
