"""Standard Webhooks: who sent a message, that nobody changed it, and that it is of now.

The library makes the signature; what is around it stands here: its own `verify` asks the clock of
the machine, and ends with an error of its own for a header that is no signature, both of which are
for outsiders to choose (docs/decisions/other-turn-systems.md).
"""

import base64
import binascii
import datetime as dt
import hmac
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from standardwebhooks.webhooks import Webhook

from common.language import kept
from records.base import toml
from records.sistemas.puertos import FirmaInvalida

TOLERANCIA: Final = dt.timedelta(minutes=5)  #: between both clocks, as the specification has it
NOMBRE: Final = re.compile(r"[A-Za-z0-9_.-]{1,200}")
MOMENTO: Final = re.compile(r"[0-9]{1,11}")
FIRMAS_MAX: Final = 10
MINIMO, MAXIMO = 24, 64  #: bytes of a secret
PREFIJO: Final = "whsec_"


class SecretoInvalido(ValueError):
    """It is not a secret of Standard Webhooks."""


class Firmante:
    """Signs with the first secret and takes what any of them signed: one is changed while both
    sides go on."""

    def __init__(self, secretos: Sequence[str], archivos: Sequence[Path] = ()) -> None:
        """`archivos`: those of the secrets, which somebody may renew: they are read again for each
        message. Raises SecretoInvalido."""
        self._conocidas = [Webhook(_bytes(secreto)) for secreto in secretos]
        self._archivos = archivos

    @property
    def _firmas(self) -> list[Webhook]:
        """Of now; the known one where its file holds none."""
        if not self._archivos:
            return self._conocidas
        return [
            _de(archivo) or conocida
            for conocida, archivo in zip(self._conocidas, self._archivos, strict=True)
        ]

    def verificar(self, encabezados: Mapping[str, str], cuerpo: bytes, now: dt.datetime) -> str:
        """The name of the message. FirmaInvalida, for whatever reason."""
        dichos = {nombre.lower(): valor for nombre, valor in encabezados.items()}
        nombre, momento = dichos.get("webhook-id", ""), dichos.get("webhook-timestamp", "")
        if not NOMBRE.fullmatch(nombre) or not MOMENTO.fullmatch(momento):
            raise FirmaInvalida
        firmado = dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(seconds=int(momento))
        if abs(now - firmado) > TOLERANCIA:
            raise FirmaInvalida
        try:
            texto = cuerpo.decode("utf-8")
        except UnicodeDecodeError as error:
            raise FirmaInvalida from error
        dadas = [
            parte.partition(",")
            for parte in dichos.get("webhook-signature", "").split(" ")[:FIRMAS_MAX]
        ]
        for firma in self._firmas:
            esperada = firma.sign(nombre, firmado, texto).partition(",")[2].encode()
            if any(
                version == "v1" and hmac.compare_digest(esperada, dada.encode("utf-8", "replace"))
                for version, _coma, dada in dadas
            ):
                return nombre
        raise FirmaInvalida

    def firmar(self, nombre: str, texto: str, now: dt.datetime) -> dict[str, str]:
        """The headers of a message of ours."""
        entero = now.astimezone(dt.UTC).replace(microsecond=0)
        firma = self._firmas[0].sign(nombre, entero, texto)
        return {
            "webhook-id": nombre,
            "webhook-timestamp": str(int(entero.timestamp())),
            "webhook-signature": firma,
        }


def _de(archivo: Path) -> Webhook | None:
    try:
        return Webhook(_bytes(toml.de_ahora(archivo, "")))
    except SecretoInvalido:
        return None


def _bytes(secreto: str) -> bytes:
    escrito = secreto.strip().removeprefix(PREFIJO)
    try:
        leido = base64.b64decode(escrito + "=" * (-len(escrito) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SecretoInvalido(
            kept("se espera %(p)s y 24 a 64 bytes en base64", p=PREFIJO)
        ) from error
    if not MINIMO <= len(leido) <= MAXIMO:
        raise SecretoInvalido(
            kept(
                "se esperan de %(m)s a %(m2)s bytes en base64, y son %(l)s",
                m=MINIMO,
                m2=MAXIMO,
                l=len(leido),
            )
        )
    return leido
