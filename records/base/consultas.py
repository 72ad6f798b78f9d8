"""What the functions of the records share: a row or NoExiste, a page of a list."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, NamedTuple, TypeVar

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from records.base.errores import NoExiste
from records.base.tablas import Base

M = TypeVar("M", bound=Base)
F = TypeVar("F")
DE_UNA_VEZ = 500  #: keys in one statement
#: INSERT that may meet a row that is there already, by database.
ALTA: Final[Mapping[str, Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def tandas(valores: Sequence[F]) -> Iterator[Sequence[F]]:
    """In parts that a statement may name."""
    for desde in range(0, len(valores), DE_UNA_VEZ):
        yield valores[desde : desde + DE_UNA_VEZ]


def obtener(session: Session, modelo: type[M], clave: object) -> M:
    fila = session.get(modelo, clave)
    if fila is None:
        raise NoExiste("No existe %(que)s %(n)s.", que=modelo.__tablename__, n=clave)
    return fila


def tomar_fila(session: Session, modelo: type[M], clave: object) -> M:
    """As it is now, for this transaction alone until it ends: whoever else takes it waits, so what
    is seen of it and of what hangs on it still holds when it is written. NoExiste."""
    fila = session.get(modelo, clave, with_for_update={"key_share": True}, populate_existing=True)
    if fila is None:
        raise NoExiste("No existe %(que)s %(n)s.", que=modelo.__tablename__, n=clave)
    return fila


@dataclass(frozen=True, slots=True)
class Pagina(Generic[F]):
    filas: Sequence[F]
    total: int
    numero: int  # from 1
    tamano: int

    @property
    def paginas(self) -> int:
        return max(1, -(-self.total // self.tamano))


class Juntas(NamedTuple):
    """Rows of several lists as one: (id or None, case key, moment), the latest first; `total` stops
    where the lists do."""

    filas: Sequence[tuple[int | None, str | None, dt.datetime]]
    total: int
    numero: int


def juntar(
    session: Session,
    fuentes: Sequence[Select[*tuple[Any, ...]]],
    *,
    pagina: int,
    tamano: int,
    tope: int,
) -> Juntas:
    """A page of what these lists hold together: of each no more is read than that page can need."""
    contadas = [fuente.limit(tope).subquery() for fuente in fuentes]
    total = sum(session.execute(select(func.count()).select_from(c)).scalar_one() for c in contadas)
    numero = min(max(1, pagina), -(-tope // tamano))
    cabezas = [en_orden(fuente).limit(numero * tamano).subquery() for fuente in fuentes]
    juntas = union_all(*(select(c) for c in cabezas)).subquery()
    halladas = session.execute(en_orden(select(juntas)).limit(tamano).offset((numero - 1) * tamano))
    return Juntas([(h[0], h[1], h[2]) for h in halladas], min(total, tope), numero)


def en_orden(consulta: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    numero, clave, cuando = consulta.selected_columns
    return consulta.order_by(cuando.desc(), numero.desc(), clave)
