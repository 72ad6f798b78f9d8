"""Time stamps of RFC 3161: an authority says when it saw what was signed. They lie in files that
other programs open, too."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import urllib3
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from common.witness import WitnessKnows, WitnessRefused
from handlers.evidencia.testigos import (
    BIEN,
    CADA_DIA,
    ESPERA,
    TOPE,
    arbol,
    archivo_de,
    escribir,
    sigue,
    tamanos,
)

SELLO = "rfc3161:"
SUFIJO_DE_SELLO = ".tsr"
PIDE = "application/timestamp-query"


class SinRaices(Exception):
    """The file names no certificate of an authority."""


@dataclass(frozen=True, slots=True)
class EnSello:
    """Once a day the newest tree is stamped: who makes another past later has no stamp of then. The
    authority learns a digest."""

    direccion: str
    #: of whom the authority has its certificate
    raices: tuple[x509.Certificate, ...] = field(compare=False)
    carpeta: Path
    espera: float = ESPERA
    every: dt.timedelta = CADA_DIA
    _http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False), compare=False
    )

    @property
    def name(self) -> str:
        return f"{SELLO}{self.direccion}"

    def show(self, old: int, proof: Sequence[bytes], note: str) -> str:
        """The authority compares nothing, but what was stamped lies here: another tree is not
        stamped in its place."""
        nuevo, conocidos = arbol(note), tamanos(self.carpeta) if self.carpeta.is_dir() else []
        ultimo = conocidos[-1] if conocidos else 0
        if ultimo not in {old, nuevo.size}:
            raise WitnessKnows(ultimo)
        if not sigue(self.carpeta, ultimo, nuevo, proof):
            raise WitnessRefused
        if ultimo != nuevo.size:
            pedido = (
                TimestampRequestBuilder()
                .data(note.encode())
                .hash_algorithm(HashAlgorithm.SHA512)
                .build()
            )
            sello = self._pedir(pedido.as_bytes())
            if not self._vale(sello, note, pedido.nonce):
                raise WitnessRefused
            self.carpeta.mkdir(mode=0o700, exist_ok=True)
            escribir(archivo_de(self.carpeta, nuevo.size, SUFIJO_DE_SELLO), sello)
            escribir(archivo_de(self.carpeta, nuevo.size), note.encode())
        return ""

    def _pedir(self, pedido: bytes) -> bytes:
        try:
            respuesta = self._http.request(
                "POST",
                self.direccion,
                body=pedido,
                headers={"Content-Type": PIDE},
                timeout=self.espera,
                redirect=False,
                preload_content=False,
            )
            try:
                dicho: bytes = respuesta.read(TOPE)
            finally:
                respuesta.close()
        except urllib3.exceptions.HTTPError as error:
            raise OSError(str(error)) from error
        if respuesta.status != BIEN:
            raise OSError(respuesta.status)
        return dicho

    def _vale(self, sello: bytes, note: str, nonce: int | None = None) -> bool:
        """Whether it stamps this note, by an authority whose certificate comes from one of ours."""
        quien = VerifierBuilder(roots=list(self.raices), nonce=nonce).build()
        try:
            return quien.verify_message(decode_timestamp_response(sello), note.encode())
        except (VerificationError, ValueError):
            return False

    def kept(self) -> list[str]:
        """What was stamped. In the place of one whose stamp is missing or wrong stands what is no
        note, with the name of the stamp."""
        if not self.carpeta.is_dir():
            return []
        return [
            self._guardado(tamano)
            for tamano in sorted({*tamanos(self.carpeta), *tamanos(self.carpeta, SUFIJO_DE_SELLO)})
        ]

    def _guardado(self, tamano: int) -> str:
        sello, nota = (
            archivo_de(self.carpeta, tamano, SUFIJO_DE_SELLO),
            archivo_de(self.carpeta, tamano),
        )
        if sello.is_file() and nota.is_file():
            texto = nota.read_bytes().decode("utf-8", "replace")
            if self._vale(sello.read_bytes(), texto):
                return texto
        return f"\n{tamano}{SUFIJO_DE_SELLO}\n"


def raices_de(archivo: Path) -> tuple[x509.Certificate, ...]:
    """Those of a PEM file. SinRaices."""
    try:
        return tuple(x509.load_pem_x509_certificates(archivo.read_bytes()))
    except (OSError, ValueError) as error:
        raise SinRaices(str(archivo)) from error
