"""How the checks of the records read: one row at a time, each by itself. SQLite keeps in a column
what it is given, so a value may be none of its column's; then that is what is wrong with its
row, and hides nothing of the others."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Label, Select, inspect, select, type_coerce
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NullType

from common.faults import is_outage
from common.language import said
from records.base.consultas import obtener, tandas
from records.base.errores import Rechazo
from records.base.tablas import Base

M = TypeVar("M", bound=Base)
#: What comes of a value that is not what its column, or what is worked out of it, takes; also of a
#: reference that leads nowhere.
ILEGIBLE: Final = (
    *(ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError),
    *(zlib.error, SQLAlchemyError, Rechazo),
)


@dataclass(frozen=True, slots=True)
class Verificados:
    """How many were compared with their hashes, and those that are not as they were made.
    `esperan`: where acts since then explain why, and another version is to come."""

    cuantos: int
    faltas: tuple[str, ...]
    esperan: tuple[str, ...] = ()


def cruda(columna: "InstrumentedAttribute[Any]") -> Label[Any]:
    """As it lies there: its type may be unable to read that."""
    return type_coerce(columna, NullType()).label(columna.key)


def bytes_de(valor: object) -> bytes:
    """Of a column of bytes; what is none, as nothing."""
    return bytes(valor) if isinstance(valor, bytes | memoryview) else b""


def legible(tabla: str, clave: object, comprobar: Callable[[], Iterable[str]]) -> list[str]:
    """What is wrong with a row, as far as it can be read; that it cannot, where that ends. A
    database that is away is no fault of what lies in it."""
    faltas: list[str] = []
    try:
        faltas.extend(comprobar())
    except ILEGIBLE as error:
        if is_outage(error):
            raise
        faltas.append(
            said(
                "fila %(t)s %(n)s: hay en ella, o en lo suyo, un dato que no se puede leer",
                t=tabla,
                n=clave,
            )
        )
    return faltas


def cada_una(
    session: Session,
    modelo: type[M],
    comprobar: Callable[[M], Iterable[str]],
    *donde: ColumnElement[bool],
) -> Verificados:
    """Every row of a table, or those of which this is so, each by itself, by its number.
    `comprobar`: what is wrong with it."""
    id_ = inspect(modelo).primary_key[0]
    claves = session.scalars(select(type_coerce(id_, NullType())).where(*donde).order_by(id_)).all()

    def una(clave: object) -> Iterable[str]:
        return comprobar(obtener(session, modelo, clave))

    faltas: list[str] = []
    for tanda in tandas(claves):
        # kept until the next: then `obtener` asks for none of them
        leidas = _leidas(session, select(modelo).where(id_.in_(tanda)))
        for clave in tanda:
            faltas += legible(modelo.__tablename__, clave, partial(una, clave))
        del leidas
    return Verificados(len(claves), tuple(faltas))


def _leidas(session: Session, consulta: Select[Any]) -> Sequence[Base]:
    """None, where one of them cannot be read: then each is read by itself."""
    try:
        return session.scalars(consulta).all()
    except ILEGIBLE as error:
        if is_outage(error):
            raise
        return ()
