"""Who is served, by what they said of themselves: told once, counted, taken back. Nothing here
leads to a case or to a person."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.base.errores import DatoInvalido
from records.personas.reglas.caracterizacion import MINIMO, PREGUNTAS, que_se_cuenta, trimestre
from records.personas.tablas import Caracterizacion

#: the text that is accepted now (webforms/personas/caracterizacion.py)
CONSENTIMIENTO: Final = "2026-1"


def _llave(secreto: str) -> str:
    return hashlib.sha256(secreto.encode()).hexdigest()


def decir(
    session: Session, secreto: str, procedimiento: str, respuestas: Mapping[str, str], hoy: dt.date
) -> None:
    """`respuestas`: question → code; what is not answered is "". DatoInvalido: nothing is, a code
    is none, or it was told before."""
    dichas = {pregunta: respuestas.get(pregunta, "") for pregunta in PREGUNTAS}
    if any(dicho and dicho not in PREGUNTAS[pregunta] for pregunta, dicho in dichas.items()):
        raise DatoInvalido("Una respuesta no es de las que se ofrecen.")
    if not any(dichas.values()):
        raise DatoInvalido(
            "No respondió ninguna pregunta. Responda al menos una, o cierre la página."
        )
    fila = Caracterizacion(
        llave=_llave(secreto),
        procedimiento=procedimiento,
        trimestre=trimestre(hoy),
        consentimiento=CONSENTIMIENTO,
        **dichas,
    )
    try:
        with session.begin_nested():
            session.add(fila)
    except IntegrityError:
        raise DatoInvalido("Ya había respondido. No se guardó otra vez.") from None


def esta(session: Session, secreto: str) -> bool:
    return (
        session.scalar(
            select(Caracterizacion.llave).where(Caracterizacion.llave == _llave(secreto))
        )
        is not None
    )


def retirar(session: Session, secreto: str) -> bool:
    """It is gone, without a trace: a consent that is taken back leaves nothing. False: there was
    none."""
    suya = (
        delete(Caracterizacion)
        .where(Caracterizacion.llave == _llave(secreto))
        .returning(Caracterizacion.llave)
    )
    return session.execute(suya).first() is not None


@dataclass(frozen=True, slots=True)
class Cuenta:
    """A question: how many gave each answer; None: too few to be told."""

    pregunta: str
    respuestas: Mapping[str, int | None]


def trimestres(session: Session, hoy: dt.date) -> list[str]:
    """Those that are over and have answers, the latest first: while one goes on, two looks at it
    would show who came between them."""
    hechos = (
        select(Caracterizacion.trimestre)
        .distinct()
        .where(Caracterizacion.trimestre < trimestre(hoy))
    )
    return sorted(session.scalars(hechos), reverse=True)


def procedimientos(session: Session, cual: str) -> list[str]:
    """Those that at least so many people answered of."""
    cuantos = (
        select(Caracterizacion.procedimiento)
        .where(Caracterizacion.trimestre == cual)
        .group_by(Caracterizacion.procedimiento)
    )
    return sorted(session.scalars(cuantos.having(func.count() >= MINIMO)))


def contar(session: Session, cual: str, procedimiento: str) -> Sequence[Cuenta]:
    """Each question by itself: how answers go together is told of nobody."""
    cuentas = []
    for pregunta, codigos in PREGUNTAS.items():
        columna = Caracterizacion.__table__.c[pregunta]
        suyas = (
            Caracterizacion.trimestre == cual,
            Caracterizacion.procedimiento == procedimiento,
            columna != "",
        )
        dichas = {
            fila[0]: fila[1]
            for fila in session.execute(
                select(columna, func.count()).where(*suyas).group_by(columna)
            )
        }
        cuentas.append(
            Cuenta(pregunta, que_se_cuenta({codigo: dichas.get(codigo, 0) for codigo in codigos}))
        )
    return cuentas
