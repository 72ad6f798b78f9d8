"""Where a page stands in the bar: its route says it (`menu=Entrada(…)`), and `webforms/salas.py`
gathers them. Whoever may open a page finds it there; no role has a list of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from webforms.base.security import Usuario


class Grupo(StrEnum):
    """By rhythm of work, the same for every role; in the order of the bar."""

    HOY = "hoy"
    CASOS = "casos"
    MES = "mes"
    CALIDAD = "calidad"
    CONTRATO = "contrato"
    AJUSTES = "ajustes"


@dataclass(frozen=True, slots=True)
class Entrada:
    grupo: Grupo
    texto: Any
    #: place in the row of its group; without one it is found by its name («Ir a») and nowhere else
    orden: int = 0
    cuenta: Callable[[Usuario], int] | None = None  #: how many wait there for this person
    hay: Callable[[Usuario], bool] | None = None  #: whether it is work of this person
    #: may be the first page after the login: of several, the first in the order of the bar
    primera: bool = False
