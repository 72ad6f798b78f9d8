"""What people call a case: its number, or the ticket of the visit."""

from collections.abc import Collection

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.tables import Caso
from records.tables import Turno
from webforms import formatos


def nombres_de_casos(session: Session, claves: Collection[str]) -> dict[str, str]:
    """Key of a case → "2026-ER-0000417" or "Turno A012, mar 24 nov". A case of another process has no such name and is not here."""
    pedidas = set(claves) - {""}
    if not pedidas:
        return {}
    turnos = session.execute(
        sa.select(Turno.case_key, Turno.ficha, Turno.fecha).where(Turno.case_key.in_(pedidas), Turno.ficha.is_not(None)).order_by(Turno.id)
    )
    nombres = {str(t.case_key): str(_("Turno %(f)s, %(d)s", f=t.ficha, d=formatos.fecha(t.fecha, t.fecha))) for t in turnos}
    casos = session.execute(sa.select(Caso.case_key, Caso.radicado).where(Caso.case_key.in_(pedidas), Caso.radicado.is_not(None)))
    return nombres | {c.case_key: c.radicado for c in casos}
