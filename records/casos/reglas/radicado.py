"""The number under which a case is filed: AAAA-NNNNNNN, one series a year."""

import re

from records.base.errores import DatoInvalido

FORMA = re.compile(r"(20\d{2})-?(\d{7})")
# as people say it: without the zeros, mostly without the year
BREVE = re.compile(r"(?:(20\d{2})-)?(\d{1,7})")
ANIOS = range(2020, 2100)  # that a number without its year may be of
MAXIMO = 9_999_999
ANIO = "{aaaa}"
NUMERO = re.compile(r"(?=.*[0-9])(?=.*[A-Z/._-])[A-Z0-9][A-Z0-9/._-]{1,47}")  # of any procedure
_CONSECUTIVO = re.compile(r"\{(0+)\}")


def formar(anio: int, numero: int) -> str:
    if not 1 <= numero <= MAXIMO:
        raise ValueError(numero)
    return f"{anio:04d}-{numero:07d}"


def segun_patron(patron: str, anio: int, numero: int) -> str:
    """ "PEP-{aaaa}-{00000}" → "PEP-2026-00317"; a number that outgrows its zeros has more
    digits."""
    return _CONSECUTIVO.sub(
        lambda ceros: str(numero).zfill(len(ceros[1])), patron.replace(ANIO, f"{anio:04d}")
    ).upper()


def serie_de(patron: str, anio: int) -> str:
    return _CONSECUTIVO.sub("{0}", patron.replace(ANIO, f"{anio:04d}")).upper()


def leer(texto: str) -> str:
    """The radicado that a person typed, in its normal form."""
    hallado = FORMA.fullmatch(re.sub(r"\s", "", texto))
    if hallado is None or not texto.isascii():
        raise DatoInvalido("Escriba el radicado así: 2026-0127410.")
    return f"{hallado[1]}-{hallado[2]}"


def posibles(texto: str) -> list[str]:
    """What somebody who searches may mean: "757" and "2026-757" are numbers without their zeros.
    Empty: no radicado was typed."""
    junto = re.sub(r"\s", "", texto)
    entero, breve = FORMA.fullmatch(junto), BREVE.fullmatch(junto)
    if not junto.isascii() or (entero is None and breve is None):
        return []
    if entero is not None:
        return [f"{entero[1]}-{entero[2]}"]
    anio, numero = (breve[1], int(breve[2])) if breve is not None else (None, 0)
    return [formar(a, numero) for a in ([int(anio)] if anio else ANIOS) if 1 <= numero <= MAXIMO]
