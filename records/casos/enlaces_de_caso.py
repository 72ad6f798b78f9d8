"""Links between cases of any procedure: one that goes on with another, repeats it, is joined to it,
or has to do with it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.language import marked
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos.tablas import EnlaceDeCaso

RELACIONADO, CONTINUA, DUPLICADO, ACUMULADO = "relacionado", "continua", "duplicado", "acumulado"
#: kind → how the case says it that has the link, and how the other one says it
CLASES: Mapping[str, tuple[str, str]] = {
    RELACIONADO: (marked("Relacionado con"), marked("Relacionado con")),
    CONTINUA: (marked("Continúa a"), marked("Lo continúa")),
    DUPLICADO: (marked("Duplicado de"), marked("Tiene como duplicado a")),
    ACUMULADO: (marked("Acumulado a"), marked("Tiene acumulado a")),
}


@dataclass(frozen=True, slots=True)
class Enlace:
    """A link as one of its two cases sees it."""

    id: int
    otro: str  #: key of the other case
    dice: str
    motivo: str
    puesto: dt.datetime
    puesto_por: str
    quitado: dt.datetime | None
    quitado_por: str
    quitado_motivo: str


def del_caso(session: Session, case_key: str) -> list[Enlace]:
    """All that it ever had, oldest first."""
    suyos = or_(EnlaceDeCaso.desde == case_key, EnlaceDeCaso.hacia == case_key)
    return [
        _visto(fila, case_key)
        for fila in session.scalars(select(EnlaceDeCaso).where(suyos).order_by(EnlaceDeCaso.id))
    ]


def _visto(fila: EnlaceDeCaso, case_key: str) -> Enlace:
    suyo = fila.desde == case_key
    otro, dice = fila.hacia if suyo else fila.desde, CLASES[fila.clase][0 if suyo else 1]
    quitado = (fila.quitado, fila.quitado_por or "", fila.quitado_motivo or "")
    return Enlace(fila.id, otro, dice, fila.motivo, fila.puesto, fila.puesto_por, *quitado)


def enlazar(session: Session, desde: str, hacia: str, clase: str, motivo: str, acto: Acto) -> None:
    """Raises DatoInvalido: a case is not linked with itself, nor twice in the same way."""
    if desde == hacia:
        raise DatoInvalido("Es este mismo caso: escriba el número de otro.")
    pareja = " ".join(sorted((desde, hacia)))
    nuevo = EnlaceDeCaso(
        desde=desde,
        hacia=hacia,
        pareja=pareja,
        clase=clase,
        motivo=motivo,
        puesto=acto.now,
        puesto_por=acto.quien,
    )
    try:
        with session.begin_nested():
            session.add(nuevo)
    except IntegrityError:  # also of somebody who did it at the same moment
        raise DatoInvalido("Los dos casos ya están vinculados así.") from None


def quitar(session: Session, enlace_id: int, motivo: str, acto: Acto) -> None:
    """Raises DatoInvalido: somebody took it away before."""
    vigente = (EnlaceDeCaso.id == enlace_id, EnlaceDeCaso.quitado.is_(None))
    cambio = (
        update(EnlaceDeCaso)
        .where(*vigente)
        .values(quitado=acto.now, quitado_por=acto.quien, quitado_motivo=motivo)
    )
    if session.execute(cambio.returning(EnlaceDeCaso.id)).first() is None:
        raise DatoInvalido("El vínculo ya no está.")


def olvidar(session: Session, claves: Sequence[str]) -> None:
    """What people wrote goes; that the cases were linked stays."""
    de_ellos = or_(EnlaceDeCaso.desde.in_(claves), EnlaceDeCaso.hacia.in_(claves))
    session.execute(update(EnlaceDeCaso).where(de_ellos).values(motivo=""))
    session.execute(
        update(EnlaceDeCaso)
        .where(de_ellos, EnlaceDeCaso.quitado.is_not(None))
        .values(quitado_motivo="")
    )
