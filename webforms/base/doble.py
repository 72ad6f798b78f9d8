"""Codes of an application on a telephone (RFC 6238: SHA-1, six digits, thirty seconds, as every application has it), and codes to recover,
which were printed. Secrets are kept encrypted with a key made of this place's secret."""

import base64
import datetime as dt
import hmac
import secrets
from enum import Enum
from typing import Final
from urllib.parse import quote

from cryptography.fernet import Fernet
from cryptography.fernet import InvalidToken
from cryptography.fernet import MultiFernet
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from webforms.base.firmas import llaves
from webforms.base.security import seudonimos

PASO: Final = 30  #: seconds that a code lasts, and not one more (ASVS 6.5.5)
CIFRAS: Final = 6
CODIGOS: Final = 10
GRUPOS: Final = 6  #: of four letters each
#: Letters and digits that nobody takes for another.
LETRAS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class Cuando(Enum):
    """Of which step a code is. Only that of now is taken; of those beside it people are told why it was not."""

    AHORA = 0
    ANTES = -1
    DESPUES = 1


def secreto_nuevo() -> bytes:
    return secrets.token_bytes(20)


def _cajas() -> list[Fernet]:
    """That of the key of now first: it closes, and each opens what it closed."""
    derivadas = [HKDF(algorithm=SHA256(), length=32, salt=None, info=b"segundo factor").derive(llave.encode()) for llave in llaves()]
    return [Fernet(base64.urlsafe_b64encode(derivada)) for derivada in derivadas]


def guardar(secreto: bytes) -> str:
    """As it is kept, or goes through the page on which it is shown."""
    return _cajas()[0].encrypt(secreto).decode()


def abrir(guardado: str, dura: dt.timedelta | None = None) -> bytes | None:
    """None: it was kept with another secret of this place, or `dura` is over."""
    try:
        return MultiFernet(_cajas()).decrypt(guardado.encode(), ttl=int(dura.total_seconds()) if dura is not None else None)
    except (InvalidToken, UnicodeEncodeError):
        return None


def con_la_de_ahora(guardado: str) -> str | None:
    """The same secret, closed with the key of now; None: it is already, or none of ours opens it."""
    try:
        _cajas()[0].decrypt(guardado.encode())
    except (InvalidToken, UnicodeEncodeError):
        secreto = abrir(guardado)
        return guardar(secreto) if secreto is not None else None
    return None


def _codigo(secreto: bytes, paso: int) -> str:
    return TOTP(secreto, CIFRAS, SHA1(), PASO).generate(paso * PASO).decode()


def paso(now: dt.datetime, cual: Cuando = Cuando.AHORA) -> int:
    return int(now.timestamp()) // PASO + cual.value


def de_cuando(secreto: bytes, escrito: str, now: dt.datetime) -> Cuando | None:
    """None: of no step near."""
    dicho = escrito.encode("utf-8", "replace")
    suyos = [cual for cual in Cuando if hmac.compare_digest(_codigo(secreto, paso(now, cual)).encode(), dicho)]
    return suyos[0] if suyos else None


def a_mano(secreto: bytes) -> str:
    """As somebody types it who has no camera."""
    letras = base64.b32encode(secreto).decode()
    return " ".join(letras[i : i + 4] for i in range(0, len(letras), 4))


def direccion(secreto: bytes, usuario: str, entidad: str) -> str:
    """What the picture holds."""
    quien = quote(f"{entidad}:{usuario}", safe="")
    return f"otpauth://totp/{quien}?secret={base64.b32encode(secreto).decode()}&issuer={quote(entidad, safe='')}"


def codigos_nuevos() -> list[str]:
    """118 bits each, so that its digest needs no hash for passwords (ASVS 6.5.2); of one use, behind a counter."""
    return ["-".join("".join(secrets.choice(LETRAS) for _ in range(4)) for _ in range(GRUPOS)) for _ in range(CODIGOS)]


def huella(usuario: str, codigo: str) -> str:
    """Of a code to recover as somebody typed it."""
    return huellas(usuario, codigo)[0]


def huellas(usuario: str, codigo: str) -> tuple[str, ...]:
    """With those that it has if it was made under a key of before."""
    limpio = "".join(signo for signo in codigo.lower() if signo.isalnum())
    return seudonimos(f"recuperar:{usuario}:{limpio}")
