"""How an account is called and where it gets its mail: one rule for the pages, the lists, the shell
and `flask setup`. Pure."""

import re
from typing import Final

from common.language import said
from records.base.reglas.documentos import CORREO

MAX_NOMBRE: Final = 160  # letters; what the columns keep
CIUDADANO: Final = "ciudadano"  #: whoever acts on the own telephone or from home
#: Who acts without an account: nobody is called so, or what they did would be that person's.
RESERVADOS: Final = frozenset({"anonimo", CIUDADANO, "motor"})
_USUARIO: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")


def falla_de_usuario(dicho: str) -> str:
    """Why nobody can be called so; "": one can."""
    if dicho in RESERVADOS:
        return said(
            "«%(nombre)s» es el nombre con que el sistema anota a quien no tiene cuenta: escriba otro usuario.",
            nombre=dicho,
        )
    if not _USUARIO.fullmatch(dicho):
        return said(
            "El usuario lleva letras minúsculas sin tilde, números, punto, guion y guion bajo, hasta 40."
        )
    return ""


def falla_de_nombre(dicho: str) -> str:
    if not dicho or not dicho.isprintable() or len(dicho) > MAX_NOMBRE:
        return said("Escriba el nombre completo, en máximo %(n)s letras.", n=MAX_NOMBRE)
    return ""


def falla_de_correo(dicho: str) -> str:
    if not CORREO.fullmatch(dicho) or len(dicho) > MAX_NOMBRE or not dicho.isprintable():
        return said("Escriba el correo completo, por ejemplo nombre@entidad.gov.co.")
    return ""
