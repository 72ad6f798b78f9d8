"""What a value of COBOL is on the screen: a column's name, and how the value is written there."""

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from common.language import kept
from handlers.conectores.cobol.codec import Valor
from handlers.conectores.cobol.copybook import Campo
from handlers.conectores.tipos import Celda

#: "": as the field is
Como = Literal["", "texto", "entero", "dinero", "fecha", "fecha-dma", "cifras", "estado"]
COMOS: dict[str, Como] = {como: como for como in get_args(Como)}
_SIN_FECHA = ("", "0", "00000000")
_AMD, _DMA = re.compile(r"(\d{4})(\d\d)(\d\d)"), re.compile(r"(?P<d>\d\d)(?P<m>\d\d)(?P<a>\d{4})")
_DINERO = re.compile(r"-?\d{1,30}(\.\d{1,18})?")
_ENTERO = re.compile(r"-?\d{1,18}")


class CeldaIlegible(ValueError):
    """The value is no such thing; the text says what it is not."""


@dataclass(frozen=True, slots=True)
class Columna:
    """`como`: "" writes what the field is. `cifras`: digits with their zeros; `mascara`: and signs
    between them, a 9 for each digit."""

    nombre: str
    campo: str = ""
    como: Como = ""
    cifras: int = 0
    mascara: str = ""


def celda(columna: Columna, valor: Valor, campo: Campo | None = None) -> Celda:
    """Raises CeldaIlegible."""
    como = columna.como
    if como == "estado" and campo is not None:
        return estado(valor, campo)
    escrito = f"{valor:f}" if isinstance(valor, Decimal) else str(valor).strip()
    if como in ("fecha", "fecha-dma"):
        return _fecha(escrito, dma=como == "fecha-dma")
    if como == "cifras":
        return _cifras(escrito, columna)
    if como == "entero":
        return int(_que_sea(_ENTERO, escrito, kept("un número entero")))
    if como == "dinero":
        return _que_sea(_DINERO, escrito, kept("un valor"))
    return valor if como == "" and isinstance(valor, int) else escrito


def estado(valor: Valor, campo: Campo) -> str:
    """The name that a level 88 gives to the value, as other systems write it: EN-COBRO is
    en_cobro."""
    for nombre, tramos in campo.estados:
        if any(_en(valor, *tramo) for tramo in tramos):
            return nombre.lower().replace("-", "_")
    raise CeldaIlegible(kept("es un valor sin nombre (nivel 88)"))


def _en(valor: Valor, desde: str, hasta: str) -> bool:
    if isinstance(valor, str):
        return desde.rstrip() <= valor <= hasta.rstrip()
    with suppress(ArithmeticError):  # HIGH-VALUES and the like are no numbers
        return Decimal(desde) <= valor <= Decimal(hasta)
    return False


def _fecha(escrito: str, *, dma: bool) -> str | None:
    if escrito in _SIN_FECHA:
        return None
    hallada = (_DMA if dma else _AMD).fullmatch(escrito.zfill(8))
    try:
        if hallada is None:
            raise CeldaIlegible(kept("no es una fecha"))
        anio, mes, dia = hallada.group("a", "m", "d") if dma else hallada.groups()
        return dt.date(int(anio), int(mes), int(dia)).isoformat()
    except ValueError as error:
        raise CeldaIlegible(kept("no es una fecha")) from error


def _cifras(escrito: str, columna: Columna) -> str:
    largo = columna.mascara.count("9") or columna.cifras
    if not re.fullmatch(r"\d+", escrito) or len(escrito) > largo:
        raise CeldaIlegible(kept("no es un número de %(l)s cifras", l=largo))
    restan = iter(escrito.zfill(largo))
    return "".join(
        next(restan) if signo == "9" else signo for signo in columna.mascara or "9" * largo
    )


def _que_sea(patron: "re.Pattern[str]", escrito: str, que: str) -> str:
    if not patron.fullmatch(escrito) or not escrito.isascii():
        raise CeldaIlegible(kept("no es %(q)s", q=que))
    return escrito
