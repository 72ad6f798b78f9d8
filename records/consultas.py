"""What the functions of the records share: a row or NoExiste, a page of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic
from typing import TypeVar

from sqlalchemy.orm import Session

from records.errores import NoExiste
from records.tables import Base

M = TypeVar("M", bound=Base)
F = TypeVar("F")


def obtener(session: Session, modelo: type[M], clave: object) -> M:
    fila = session.get(modelo, clave)
    if fila is None:
        mensaje = f"No existe {modelo.__tablename__} {clave}."
        raise NoExiste(mensaje)
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
