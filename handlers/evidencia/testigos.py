"""Witnesses of the log of the evidence: a folder that the owner of the database does not reach, a
server of tlog-witness, a mailbox."""

import base64
import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from common import merkle, notes
from common.language import kept
from common.notes import BadNote, Checkpoint, Verifier
from common.witness import WitnessKnows, WitnessRefused
from handlers.conectores import certificados
from records.sistemas.puertos import Adjunto, Correo, CorreoFallido, Mensaje

SIEMPRE, CADA_DIA = dt.timedelta(0), dt.timedelta(days=1)
ESPERA = 10.0  #: seconds
TOPE = 64 * 1024  #: bytes of an answer
BIEN, OTRO_TAMANO = 200, 409
NO_QUIERE = (400, 403, 404, 422)
TAMANO = "text/x.tlog.size"
CIFRAS = 19
SUFIJO = ".checkpoint"
CORREO = "mailto:"
ASUNTO = kept("Registro firmado de %(r)s: %(n)s entradas")
TEXTO = kept(
    "Adjunto va lo último que se firmó del registro de la evidencia: %(n)s entradas.\n\n"
    "Guarde este correo donde no lo alcance quien administra la base de datos. Con el adjunto se comprueba que nadie hizo otro pasado:\n\n"
    "flask evidence verify --against ARCHIVO"
)


@dataclass(frozen=True, slots=True)
class EnCarpeta:
    """Each tree is a file of its own, which is never written twice: a share, a disk that is carried
    away."""

    carpeta: Path
    every: dt.timedelta = SIEMPRE

    @property
    def name(self) -> str:
        return f"file:{self.carpeta}"

    def show(self, old: int, proof: Sequence[bytes], note: str) -> str:
        conocidos, nuevo = tamanos(self.carpeta), arbol(note)
        ultimo = conocidos[-1] if conocidos else 0
        if ultimo not in {old, nuevo.size}:
            raise WitnessKnows(ultimo)
        if not sigue(self.carpeta, ultimo, nuevo, proof):
            raise WitnessRefused
        if ultimo != nuevo.size:
            escribir(archivo_de(self.carpeta, nuevo.size), note.encode())
        return ""

    def kept(self) -> list[str]:
        return [
            archivo_de(self.carpeta, tamano).read_text("utf-8", errors="replace")
            for tamano in tamanos(self.carpeta)
        ]


@dataclass(frozen=True, slots=True)
class EnRed:
    """A server that cosigns (tlog-witness): asked by HTTP, believed by its key."""

    direccion: str
    llave: Verifier
    espera: float = ESPERA
    every: dt.timedelta = SIEMPRE
    _http: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False), compare=False
    )

    @property
    def name(self) -> str:
        return self.direccion

    def show(self, old: int, proof: Sequence[bytes], note: str) -> str:
        hashes = "".join(f"{base64.b64encode(each).decode()}\n" for each in proof)
        cuerpo = f"old {old}\n{hashes}\n{note}".encode()
        try:
            respuesta = self._http.request(
                "POST",
                f"{self.direccion.rstrip('/')}/add-checkpoint",
                body=cuerpo,
                timeout=self.espera,
                redirect=False,
                preload_content=False,
            )
            try:
                dicho = respuesta.read(TOPE).decode("utf-8", "replace")
            finally:
                respuesta.close()
        except urllib3.exceptions.HTTPError as error:
            certificados.anotar(f"the witness {self.direccion}", error)
            raise OSError(str(error)) from error
        if (
            respuesta.status == OTRO_TAMANO
            and respuesta.headers.get("Content-Type", "") == TAMANO
            and _es_tamano(dicho.strip())
        ):
            raise WitnessKnows(int(dicho))
        if respuesta.status in (*NO_QUIERE, OTRO_TAMANO):
            raise WitnessRefused
        if respuesta.status != BIEN:
            raise OSError(respuesta.status)
        try:
            notes.open_note(note + dicho, [self.llave])
        except BadNote as error:
            raise WitnessRefused from error
        return dicho

    def kept(self) -> list[str]:
        return []


@dataclass(frozen=True, slots=True)
class EnCorreo:
    """A mail a day with the newest tree: what lies in somebody's mailbox nobody here takes back. It
    answers nothing; who looks saves what is attached and gives it to `flask evidence verify
    --against`."""

    direccion: str
    correo: Correo = field(compare=False)
    ahora: Callable[[], dt.datetime] = field(compare=False)
    every: dt.timedelta = CADA_DIA

    @property
    def name(self) -> str:
        return f"{CORREO}{self.direccion}"

    def show(self, old: int, proof: Sequence[bytes], note: str) -> str:
        del proof  # a mailbox compares nothing
        nuevo = arbol(note)
        if old != nuevo.size:
            adjunto = Adjunto(f"{nuevo.size}{SUFIJO}", "application/octet-stream", note.encode())
            clave, asunto = (
                f"registro-{nuevo.root.hex()[:24]}",
                ASUNTO % {"r": nuevo.origin, "n": nuevo.size},
            )
            mensaje = Mensaje(
                clave, self.direccion, asunto, TEXTO % {"n": nuevo.size}, adjuntos=(adjunto,)
            )
            try:
                self.correo.enviar(mensaje, self.ahora())
            except CorreoFallido as error:
                raise OSError(str(error)) from error
        return ""

    def kept(self) -> list[str]:
        return []


def sigue(carpeta: Path, ultimo: int, nuevo: Checkpoint, proof: Sequence[bytes]) -> bool:
    """Whether a tree goes on from the last one that lies there, of this size; 0: none does."""
    if not ultimo:
        return True
    visto = arbol(archivo_de(carpeta, ultimo).read_text("utf-8"))
    seguido = merkle.is_consistent(
        visto.size, visto.root, nuevo.size, nuevo.root, () if ultimo == nuevo.size else proof
    )
    return visto.size == ultimo and visto.origin == nuevo.origin and seguido


def tamanos(carpeta: Path, sufijo: str = SUFIJO) -> list[int]:
    """Of the trees that lie there. OSError: the folder is not there. It is not made: of a share
    that is not mounted it would be another."""
    return sorted(
        int(f.stem)
        for f in carpeta.iterdir()
        if f.suffix == sufijo and f.stem.isdecimal() and f.stem.isascii()
    )


def archivo_de(carpeta: Path, tamano: int, sufijo: str = SUFIJO) -> Path:
    return carpeta / f"{tamano:0{CIFRAS}}{sufijo}"


def escribir(archivo: Path, contenido: bytes) -> None:
    """Whole or not at all, read-only, and on the disk before it is said."""
    antes = archivo.with_name(f".{archivo.name}.{os.getpid()}")
    with antes.open("wb") as destino:
        destino.write(contenido)
        destino.flush()
        os.fsync(destino.fileno())
    antes.chmod(0o444)
    antes.rename(archivo)
    carpeta = os.open(archivo.parent, os.O_RDONLY)
    try:
        os.fsync(carpeta)
    finally:
        os.close(carpeta)


def _es_tamano(dicho: str) -> bool:
    return dicho.isascii() and dicho.isdecimal() and len(dicho) <= CIFRAS


def arbol(note: str) -> Checkpoint:
    """WitnessRefused: what lies there is none."""
    try:
        return Checkpoint.of(note)
    except BadNote as error:
        raise WitnessRefused from error
