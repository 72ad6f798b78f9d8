"""What stands for the document of a person who gave none: a key that is told to them once, with the
number of their case."""

import base64
import hashlib
import hmac

from webforms.navegador.firmas import llaves

LETRAS = 10


def es_clave(case_key: str, dicha: str) -> bool:
    """As it was told, in whatever letters and with whatever between them."""
    limpia = "".join(letra for letra in dicha.upper() if letra.isalnum())
    return any(
        hmac.compare_digest(limpia.encode(), _letras(case_key, llave).encode())
        for llave in llaves()
    )


def clave_de(case_key: str) -> str:
    """Kept nowhere: made of the secret of this installation, so that nobody reads it in a table.
    Two halves, to be written down."""
    letras = _letras(case_key, llaves()[0])
    return f"{letras[: LETRAS // 2]}-{letras[LETRAS // 2 :]}"


def _letras(case_key: str, llave: str) -> str:
    sello = hmac.new(
        llave.encode(), f"clave de seguimiento {case_key}".encode(), hashlib.sha256
    ).digest()
    return base64.b32encode(sello).decode()[:LETRAS]
