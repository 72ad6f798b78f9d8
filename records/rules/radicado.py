"""The number under which a case is filed: AAAA-NNNNNNN, one series a year."""

import re

from records.errores import DatoInvalido

FORMA = re.compile(r"(20\d{2})-?(\d{7})")
MAXIMO = 9_999_999


def formar(anio: int, numero: int) -> str:
    if not 1 <= numero <= MAXIMO:
        raise ValueError(numero)
    return f"{anio:04d}-{numero:07d}"


def leer(texto: str) -> str:
    """The radicado that a person typed, in its normal form."""
    hallado = FORMA.fullmatch(re.sub(r"\s", "", texto))
    if hallado is None or not texto.isascii():
        raise DatoInvalido("Escriba el radicado así: 2026-0127410.")
    return f"{hallado[1]}-{hallado[2]}"
