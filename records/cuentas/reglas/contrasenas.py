"""Which passwords are refused, and why, in the words of whoever typed it. Pure.

Length is what counts (NIST SP 800-63B, ASVS 5.0 V6.2): no signs are demanded, nothing expires. Long
ones that everybody tries first are refused: a name of theirs or ours repeated, a piece over and
over, a row of the keyboard.
"""

import re
from typing import Final

from common.language import said
from records.base.reglas.nombres import palabras
from records.cuentas.reglas.roles import ADMINISTRADOR

MINIMO: Final = 15
MAXIMO: Final = 200
#: What everybody tries; each also backwards.
FILAS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn",
)
NUESTRAS: Final = (
    "ventanilla",
    "contrasena",
    "password",
    "clave",
    ADMINISTRADOR,
    ADMINISTRADOR[:5],
    "bienvenido",
    "colombia",
    "cambiame",
)
VARIEDAD: Final = 5  # different letters at least
SE_CONOCE: Final = 3  # letters of a word of a name that counts


def falla(clave: str, *suyas: str) -> str:
    """Why it does not do; "": it does. `suyas`: user name, name, address: what others know of
    them."""
    if len(clave) < MINIMO:
        return said(
            "Escriba %(n)s letras o más: puede ser una frase con espacios. Esta tiene %(son)s.",
            n=MINIMO,
            son=len(clave),
        )
    if len(clave) > MAXIMO:
        return said("La contraseña tiene máximo %(n)s letras.", n=MAXIMO)
    plana = "".join(palabras_seguidas(clave))
    if len(set(plana)) < VARIEDAD or re.fullmatch(r"(.{1,7}?)\1+.{0,6}", plana):
        return said(
            "Repite lo mismo y se adivina. Elija otra, por ejemplo una frase de cuatro palabras que no vayan juntas."
        )
    if _quita(plana, [f for fila in FILAS for f in (fila, fila[::-1])]) < MINIMO // 2:
        return said("Sigue el orden del teclado o del abecedario y se adivina. Elija otra.")
    conocidas = {
        p
        for suya in suyas
        for p in re.split(r"[^a-z0-9]+", " ".join(palabras(suya)))
        if len(p) >= SE_CONOCE
    }
    resto = plana
    for palabra in sorted({*conocidas, *NUESTRAS}, key=len, reverse=True):
        resto = resto.replace(palabra, "")
    if resto != plana and len(re.sub("[0-9]", "", resto)) < MINIMO // 3:
        return said(
            "Se parece a su nombre o al de este sistema, y eso es lo primero que se prueba. Elija otra."
        )
    return ""


def palabras_seguidas(clave: str) -> list[str]:
    """As it is tried: without capitals, accents and spaces; each word as often as it stands
    there."""
    return [palabras(parte)[0] for parte in clave.split() if palabras(parte)]


def _quita(plana: str, filas: list[str]) -> int:
    """Letters that are left without pieces of four of these rows."""
    restan = set(range(len(plana)))
    for i in range(len(plana) - 3):
        if any(plana[i : i + 4] in fila for fila in filas):
            restan -= set(range(i, i + 4))
    return len(restan)
