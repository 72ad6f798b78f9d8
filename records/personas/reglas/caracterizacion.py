"""What may be asked of somebody about themselves, and what of it may be told as counts. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

#: question → the codes of its answers, as agencies ask them (DNP, «Guía de caracterización»); a
#: question may always stay unanswered
PREGUNTAS: Final[Mapping[str, tuple[str, ...]]] = {
    "edad": ("menor", "joven", "adulta", "mayor"),
    "genero": ("femenino", "masculino", "otro"),
    "etnia": ("indigena", "afro", "raizal", "palenquera", "rrom", "ninguna"),
    "discapacidad": (
        "fisica",
        "visual",
        "auditiva",
        "intelectual",
        "psicosocial",
        "multiple",
        "ninguna",
    ),
    "zona": ("urbana", "rural"),
}
MINIMO: Final = 5  #: fewer people than this are not told


def trimestre(dia: dt.date) -> str:
    return f"{dia.year}-{(dia.month - 1) // 3 + 1}"


def que_se_cuenta(cuentas: Mapping[str, int]) -> dict[str, int | None]:
    """Answer → how many, or None where that could show somebody.

    A small count stays away; where it is the only one, the next smallest stays away with it, so
    that no sum gives it back. A zero stays away like one person: that nobody answered so is told of
    the others.
    """
    callados = {codigo for codigo, cuantos in cuentas.items() if cuantos < MINIMO}
    por_tamano = sorted(
        (codigo for codigo in cuentas if codigo not in callados),
        key=lambda codigo: (cuentas[codigo], codigo),
    )
    if por_tamano and callados and sum(cuentas[codigo] for codigo in callados) < MINIMO:
        callados.add(por_tamano[0])
    return {codigo: None if codigo in callados else cuantos for codigo, cuantos in cuentas.items()}
