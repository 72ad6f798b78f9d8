"""Signed tokens, made of what they stand for and the secret of this place: no table holds them.
Pure."""

import base64
import hashlib
import hmac


def firmar(secreto: bytes, que: str) -> str:
    """43 letters that stand in an address."""
    firma = hmac.new(secreto, que.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(firma).rstrip(b"=").decode()


def token_de_calificacion(secreto: bytes, caso_id: int) -> str:
    """Of a link with which somebody rates the answer to a case."""
    return firmar(secreto, f"calificacion-respuesta:{caso_id}")


def codigo_de_respuesta(secreto: bytes, clave: str) -> str:
    """Six digits with which a person reads the answer to their case; `clave`: the mail that
    carries them (records/correo/codigos.py)."""
    numero = int.from_bytes(hmac.digest(secreto, f"leer-respuesta:{clave}".encode(), "sha256"))
    return f"{numero % 10**6:06}"


def token_de_entrega(secreto: bytes, entrega_id: int) -> str:
    """Of a link with which a supervisor fetches what was delivered."""
    return firmar(secreto, f"entrega-interventor:{entrega_id}")


def token_de_clave(secreto: bytes, de_que: str) -> str:
    """Of a link with which a person sets their password; `de_que`: whose it is, and for what
    (records/cuentas/enlaces_de_clave.py)."""
    return firmar(secreto, f"clave:{de_que}")
