"""Guide numbers of postal operators: how each writes them, and what can be checked of one that was
typed. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from common.language import marked

OFICIAL = "472"  #: the postal operator of the State, whose guides have a check digit (UPU S10)
_S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)CO")
_PESOS = (8, 6, 4, 2, 3, 5, 9, 7)


@dataclass(frozen=True, slots=True)
class Operador:
    codigo: str
    nombre: str
    patron: str
    ejemplo: str


#: SUPUESTO Q4: with whom the agency sends certified mail is not in the material.
OPERADORES: Mapping[str, Operador] = {
    o.codigo: o
    for o in (
        Operador(
            OFICIAL, "4-72 (Servicios Postales Nacionales)", r"[A-Z]{2}\d{9}CO", "RA123456785CO"
        ),
        Operador("servientrega", "Servientrega", r"\d{10,13}", "2045678901"),
        Operador("interrapidisimo", "Inter Rapidísimo", r"\d{12}", "700045678901"),
        Operador("otro", marked("Otro operador"), r"[A-Z0-9-]{6,30}", "ABC-123456"),
    )
}


def limpia(guia: str) -> str:
    """As it is kept: capitals, no spaces."""
    return re.sub(r"\s", "", guia).upper()


def valida(operador: str, guia: str) -> bool:
    """Written as this operator writes them and, where there is one, with its right check digit."""
    forma = OPERADORES.get(operador)
    if forma is None or not re.fullmatch(forma.patron, guia):
        return False
    s10 = _S10.fullmatch(guia) if operador == OFICIAL else None
    return s10 is None or int(s10[2]) == digito(s10[1])


def digito(serie: str) -> int:
    """The check digit of the eight digits of a guide (UPU S10)."""
    resto = 11 - sum(peso * int(cifra) for peso, cifra in zip(_PESOS, serie, strict=True)) % 11
    return {10: 0, 11: 5}.get(resto, resto)
