"""Cases whose legal clock stands still (art. 17): information of the person is missing, and it was
asked for before the term had passed."""

from sqlalchemy import ColumnElement, or_, select

from records.casos.reglas import estados
from records.casos.tablas import Caso, Suspension


def esta_detenido() -> ColumnElement[bool]:
    """`records.plazos.reglas.plazos.se_detiene` of the open suspension of a case, in SQL; open suspensions
    have an index of their own."""
    abierta = select(Suspension.id).where(Suspension.caso_id == Caso.id, Suspension.hasta.is_(None))
    a_tiempo = or_(Caso.limite_respuesta.is_(None), Suspension.desde <= Caso.limite_respuesta)
    return (Caso.estado == estados.REQUERIDO) & abierta.where(a_tiempo).correlate(Caso).exists()
