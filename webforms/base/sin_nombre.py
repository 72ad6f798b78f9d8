"""What stands for the document of a person who gave none: a key that is told to them once, with the number of their case."""

import base64
import hashlib
import hmac

from flask import current_app

LETRAS = 10


def es_clave(case_key: str, dicha: str) -> bool:
    """As it was told, in whatever letters and with whatever between them."""
    limpia = "".join(letra for letra in dicha.upper() if letra.isalnum())
    return hmac.compare_digest(limpia.encode(), clave_de(case_key).replace("-", "").encode())


def clave_de(case_key: str) -> str:
    """Kept nowhere: made of the secret of this installation, so that nobody reads it in a table. Two halves, to be written down."""
    secreto = current_app.secret_key or ""
    llave = secreto.encode() if isinstance(secreto, str) else secreto
    sello = hmac.new(llave, f"clave de seguimiento {case_key}".encode(), hashlib.sha256).digest()
    letras = base64.b32encode(sello).decode()[:LETRAS]
    return f"{letras[: LETRAS // 2]}-{letras[LETRAS // 2 :]}"
