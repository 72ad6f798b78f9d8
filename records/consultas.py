"""What the functions of the records share: a row or NoExiste, a page of a list."""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic
from typing import TypeVar

from sqlalchemy.orm import Session

from records.errores import NoExiste
from records.tables import Base

M = TypeVar("M", bound=Base)
F = TypeVar("F")
DE_UNA_VEZ = 500  #: keys in one statement


def tandas(valores: Sequence[F]) -> Iterator[Sequence[F]]:
    """In parts that a statement may name."""
    for desde in range(0, len(valores), DE_UNA_VEZ):
        yield valores[desde : desde + DE_UNA_VEZ]


def obtener(session: Session, modelo: type[M], clave: object) -> M:
    fila = session.get(modelo, clave)
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
