"""Work that somebody asks for and that takes seconds, so a job does it: how far it is can be seen,
and cancelled."""

from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from records.base.errores import NoExiste
from records.base.tablas import Pedido

PEDIDO, EN_CURSO, HECHO, CANCELADO, RECHAZADO = (
    "pedido",
    "en_curso",
    "hecho",
    "cancelado",
    "rechazado",
)
ABIERTOS: Final = (PEDIDO, EN_CURSO)
#: (step, done, of how many)
Avance = Callable[[str, int, int], None]
P = TypeVar("P", bound=Pedido)


class Cancelado(Exception):
    """Whoever asked for it, or another of their role, does not want it any more."""


def uno(session: Session, de: type[P], pedido_id: int, *, para_cambiar: bool = False) -> P:
    """`para_cambiar`: nobody else changes it until the transaction ends. NoExiste."""
    hallado = session.get(de, pedido_id, with_for_update=para_cambiar or None)
    if hallado is None:
        raise NoExiste("No existe el pedido %(n)s.", n=pedido_id)
    return hallado


def va(session: Session, de: type[P], pedido_id: int, paso: str, hechos: int, total: int) -> P:
    """So far it is. Cancelado: nobody wants it any more."""
    pedido = uno(session, de, pedido_id, para_cambiar=True)
    if pedido.estado not in ABIERTOS:
        raise Cancelado
    pedido.estado, pedido.paso, pedido.hechos, pedido.de = EN_CURSO, paso, hechos, total
    return pedido


def cancelar(session: Session, de: type[P], pedido_id: int) -> bool:
    """False: it was over."""
    return _terminar(session, de, pedido_id, CANCELADO, "")


def rechazar(session: Session, de: type[P], pedido_id: int, por_que: str) -> None:
    _terminar(session, de, pedido_id, RECHAZADO, por_que)


def _terminar(session: Session, de: type[P], pedido_id: int, estado: str, por_que: str) -> bool:
    pedido = uno(session, de, pedido_id, para_cambiar=True)
    seguia = pedido.estado in ABIERTOS
    if seguia:
        pedido.estado, pedido.por_que = estado, por_que
    return seguia
