"""Codes of an application on a telephone (RFC 6238: SHA-256, six digits, thirty seconds; SHA-1 of
those that were put before, or where TOTP_SHA1 allows it), and codes to recover, which were printed.
Secrets are kept encrypted with a key made of this place's secret."""

import base64
import datetime as dt
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final
from urllib.parse import quote

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from records.cuentas.segundo_factor import SHA256 as DE_SHA256
from webforms.base.security import seudonimos
from webforms.navegador.firmas import llaves

PASO: Final = 30  #: seconds that a code lasts, and not one more (ASVS 6.5.5)
CIFRAS: Final = 6
CODIGOS: Final = 10
GRUPOS: Final = 6  #: of four letters each
#: Letters and digits that nobody takes for another.
LETRAS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class Cuando(Enum):
    """Of which step a code is. Only that of now is taken; of those beside it people are told why it
    was not."""

    AHORA = 0
    ANTES = -1
    DESPUES = 1


class Algoritmo(Enum):
    """With which hash an application makes its codes, as applications call it."""

    SHA256 = "SHA256"
    SHA1 = "SHA1"


#: Before what is closed; and what its key is made for, so that a secret under another word is
#: opened by none.
_DICHO: Final[Mapping[Algoritmo, tuple[str, bytes]]] = {
    Algoritmo.SHA256: (DE_SHA256, b"segundo factor SHA-256"),
    Algoritmo.SHA1: ("", b"segundo factor"),
}


@dataclass(frozen=True, slots=True)
class Secreto:
    octetos: bytes
    algoritmo: Algoritmo = Algoritmo.SHA256

    def como_las_de_antes(self) -> "Secreto":
        """As an application has it that knows nothing else, whatever it was told."""
        return replace(self, algoritmo=Algoritmo.SHA1)


def secreto_nuevo() -> Secreto:
    return Secreto(secrets.token_bytes(32))


def _cajas(algoritmo: Algoritmo) -> list[Fernet]:
    """That of the key of now first: it closes, and each opens what it closed."""
    para = _DICHO[algoritmo][1]
    derivadas = [
        HKDF(algorithm=SHA256(), length=32, salt=None, info=para).derive(llave.encode())
        for llave in llaves()
    ]
    return [Fernet(base64.urlsafe_b64encode(derivada)) for derivada in derivadas]


def _cerrado(guardado: str) -> tuple[Algoritmo, bytes]:
    algoritmo = Algoritmo.SHA256 if guardado.startswith(DE_SHA256) else Algoritmo.SHA1
    return algoritmo, guardado.removeprefix(DE_SHA256).encode("utf-8", "replace")


def guardar(secreto: Secreto) -> str:
    """As it is kept, or goes through the page on which it is shown."""
    return (
        _DICHO[secreto.algoritmo][0]
        + _cajas(secreto.algoritmo)[0].encrypt(secreto.octetos).decode()
    )


def abrir(guardado: str, dura: dt.timedelta | None = None) -> Secreto | None:
    """None: it was kept with another secret of this place, or `dura` is over."""
    algoritmo, cerrado = _cerrado(guardado)
    try:
        octetos = MultiFernet(_cajas(algoritmo)).decrypt(
            cerrado, ttl=int(dura.total_seconds()) if dura is not None else None
        )
    except InvalidToken:
        return None
    return Secreto(octetos, algoritmo)


def con_la_de_ahora(guardado: str) -> str | None:
    """The same secret, closed with the key of now; None: it is already, or none of ours opens
    it."""
    algoritmo, cerrado = _cerrado(guardado)
    try:
        _cajas(algoritmo)[0].decrypt(cerrado)
    except InvalidToken:
        secreto = abrir(guardado)
        return guardar(secreto) if secreto is not None else None
    return None


def _codigo(secreto: Secreto, paso: int) -> str:
    suma = SHA1() if secreto.algoritmo is Algoritmo.SHA1 else SHA256()
    return TOTP(secreto.octetos, CIFRAS, suma, PASO).generate(paso * PASO).decode()


def paso(now: dt.datetime, cual: Cuando = Cuando.AHORA) -> int:
    return int(now.timestamp()) // PASO + cual.value


def de_cuando(secreto: Secreto, escrito: str, now: dt.datetime) -> Cuando | None:
    """None: of no step near."""
    dicho = escrito.encode("utf-8", "replace")
    suyos = [
        cual
        for cual in Cuando
        if hmac.compare_digest(_codigo(secreto, paso(now, cual)).encode(), dicho)
    ]
    return suyos[0] if suyos else None


def _letras(secreto: Secreto) -> str:
    """Without signs at the end, which some applications do not take."""
    return base64.b32encode(secreto.octetos).decode().rstrip("=")


def a_mano(secreto: Secreto) -> str:
    """As somebody types it who has no camera."""
    letras = _letras(secreto)
    return " ".join(letras[i : i + 4] for i in range(0, len(letras), 4))


def direccion(secreto: Secreto, usuario: str, entidad: str) -> str:
    """What the picture holds. The hash in capitals: there are applications that know it so only."""
    quien = quote(f"{entidad}:{usuario}", safe="")
    como = f"algorithm={secreto.algoritmo.value}&digits={CIFRAS}&period={PASO}"
    return (
        f"otpauth://totp/{quien}?secret={_letras(secreto)}&issuer={quote(entidad, safe='')}&{como}"
    )


def codigos_nuevos() -> list[str]:
    """118 bits each, so that its digest needs no hash for passwords (ASVS 6.5.2); of one use,
    behind a counter."""
    return [
        "-".join("".join(secrets.choice(LETRAS) for _ in range(4)) for _ in range(GRUPOS))
        for _ in range(CODIGOS)
    ]


def huella(usuario: str, codigo: str) -> str:
    """Of a code to recover as somebody typed it."""
    return huellas(usuario, codigo)[0]


def huellas(usuario: str, codigo: str) -> tuple[str, ...]:
    """With those that it has if it was made under a key of before."""
    limpio = "".join(signo for signo in codigo.lower() if signo.isalnum())
    return seudonimos(f"recuperar:{usuario}:{limpio}")
