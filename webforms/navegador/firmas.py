"""What goes through a browser and comes back is signed: by HMAC with SHA-256, with a key of its own
for each purpose. Tokens of forms, too, which Flask-WTF signs as the library does by itself. What a
key of before signed is read as long as that key is listed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, Final

from flask import current_app
from itsdangerous import Signer, URLSafeSerializer, URLSafeTimedSerializer

Signer.default_digest_method = staticmethod(hashlib.sha256)  # SHA-1 where nobody says otherwise
_COMO: Final[dict[str, Any]] = {"digest_method": hashlib.sha256}


def llaves() -> tuple[str, ...]:
    """The secret of this place, then those of before that are still read (SECRET_KEY_FALLBACKS);
    only the first one signs and closes."""
    return (
        str(current_app.secret_key or ""),
        *(current_app.config.get("SECRET_KEY_FALLBACKS") or ()),
    )


def es_de_aqui(token: str, de: Callable[[bytes], str]) -> bool:
    """Whether this place made it; `de`: the token that follows from a secret and what the row says.
    A hash in a table says it not: whoever writes there has the token of their own hash."""
    return any(
        hmac.compare_digest(de(llave.encode()).encode(), token.encode()) for llave in llaves()
    )


def llaves_para(para: str, *de: str) -> list[str]:
    """Keys of 256 bits in base64 for a browser to close what it keeps, for one purpose and subject:
    of the secret of now first. None tells anything of another, nor of the secret; nothing of them
    is kept."""
    dicho = json.dumps(["ventanilla", para, *de]).encode()
    return [
        base64.b64encode(hmac.digest(llave.encode(), dicho, "sha256")).decode()
        for llave in llaves()
    ]


def _ultima_al_final() -> list[str]:
    """As itsdangerous wants them."""
    return list(reversed(llaves()))


def firmante(para: str) -> URLSafeSerializer:
    """`para`: what it is good for; a text that was signed for something else is none here."""
    return URLSafeSerializer(_ultima_al_final(), salt=para, signer_kwargs=_COMO)


def firmante_con_hora(para: str) -> URLSafeTimedSerializer:
    """As `firmante`, for what is good for a time."""
    return URLSafeTimedSerializer(_ultima_al_final(), salt=para, signer_kwargs=_COMO)
