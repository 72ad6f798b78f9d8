"""A copy that follows a table of FoxPro: taken whole or not at all, table and memo together,
without holding the original for anybody.

The original is opened for reading and closed again. Each state of it is a folder here, put in place
by one rename.
"""

import errno
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

from common.language import kept
from handlers.conectores.foxpro.tabla import Bytes
from records.sistemas.puertos import Causa, FallaDeSistema

MEMOS = (".fpt", ".FPT", ".Fpt", ".dbt", ".DBT", ".Dbt")
TROZO = 1 << 20
INTENTOS, PAUSA = 4, 0.05  # while somebody writes
# seconds after which a new copy is compared once more: clocks of files are that coarse
REPASO = 2.0
PROVISIONAL = ".tomando-"
ABANDONADA = 3600  # seconds after which a folder that was never put in place is somebody's who died
PROPIA = 0o700  # what it holds is under the reserva bancaria

# table and memo, the time of their last change and their size
Vista = tuple[tuple[Path, int, int], ...]


@dataclass(frozen=True, slots=True)
class Tomada:
    """A copy in memory: both files as they were at one moment. `modificada`: when the table was
    last changed, in seconds."""

    carpeta: Path
    suma: str
    tabla: Bytes
    memo: tuple[str, Bytes] | None
    modificada: float


class Copia:
    """Not thread safe: who owns it lets one thread in. Every failure is a FallaDeSistema."""

    def __init__(self, tabla: Path, memo: Path | None, carpeta: Path, tope: int) -> None:
        self._tabla, self._memo, self._carpeta, self._tope = tabla, memo, carpeta, tope
        self._vista: Vista = ()
        self._suma = ""
        self._repasar: float | None = None

    def cambio(self) -> bool:
        """Is the original another than the one that was taken last?"""
        vista = self._mirar()
        if vista != self._vista:
            return True
        if self._repasar is None or time.monotonic() < self._repasar:
            return False
        suma = self._recorrer(vista, lambda _archivo, _trozo: None)
        self._repasar = None
        return suma != self._suma

    def tomar(self) -> Tomada:
        """A copy of what is there now, not yet in its place: `guardar` puts it there once it was
        found to be legible."""
        try:
            self._carpeta.mkdir(mode=PROPIA, parents=True, exist_ok=True)
            for _intento in range(INTENTOS):
                provisional = Path(tempfile.mkdtemp(prefix=PROVISIONAL, dir=self._carpeta))
                try:
                    if tomada := self._intentar(provisional):
                        return tomada
                except BaseException:
                    shutil.rmtree(provisional, ignore_errors=True)
                    raise
                shutil.rmtree(provisional, ignore_errors=True)
                time.sleep(PAUSA)
        except OSError as error:
            raise FallaDeSistema(
                kept("no se puede copiar %(n)s (%(e)s)", n=self._tabla.name, e=_codigo(error)),
                causa=Causa.OTRA,
                pasajera=True,
            ) from error
        raise FallaDeSistema(
            kept("%(n)s no deja de cambiar", n=self._tabla.name), causa=Causa.OCUPADO, pasajera=True
        )

    def _intentar(self, provisional: Path) -> Tomada | None:
        """None: it changed meanwhile."""
        antes = self._mirar()

        def escribir(archivo: Path, trozo: bytes) -> None:
            with (provisional / archivo.name).open("ab") as copia:
                copia.write(trozo)

        suma = self._recorrer(antes, escribir)
        if self._mirar() != antes:
            return None
        for archivo, modificada, _peso in antes:
            (provisional / archivo.name).touch()  # an empty one has no piece
            os.utime(provisional / archivo.name, ns=(modificada, modificada))
        self._vista, self._suma, self._repasar = antes, suma, time.monotonic() + REPASO
        return _abrir(provisional, self._tabla.name, suma)

    def guardar(self, tomada: Tomada) -> None:
        """In its place, and the former ones away. Who reads one of them has it in memory; what
        fails here only costs the last copy."""
        final = self._carpeta / tomada.suma[:32]
        try:
            tomada.carpeta.replace(final)
        except OSError:  # another process has put the same there
            shutil.rmtree(tomada.carpeta, ignore_errors=True)
        with suppress(OSError):
            os.utime(final)
            ahora = final.stat().st_mtime
            for otra in self._carpeta.iterdir():
                if otra != final and (
                    not otra.name.startswith(PROVISIONAL)
                    or otra.stat().st_mtime < ahora - ABANDONADA
                ):
                    shutil.rmtree(otra, ignore_errors=True)

    def desechar(self, tomada: Tomada) -> None:
        shutil.rmtree(tomada.carpeta, ignore_errors=True)

    def ultima(self) -> Tomada | None:
        """The copy that was last put in its place, by this process or by one before."""
        with suppress(OSError):  # there is none, or another process takes it away just now
            hechas = [
                carpeta
                for carpeta in self._carpeta.iterdir()
                if not carpeta.name.startswith(PROVISIONAL)
            ]
            if hechas:
                mejor = max(hechas, key=lambda carpeta: carpeta.stat().st_mtime)
                return _abrir(mejor, self._tabla.name, mejor.name)
        return None

    def _recorrer(self, vista: Vista, cada: Callable[[Path, bytes], None]) -> str:
        """The hash of both files."""
        suma = hashlib.sha256()
        for archivo, _modificada, _peso in vista:
            suma.update(f"{archivo.name}:".encode())
            for trozo in self._trozos(archivo):
                suma.update(trozo)
                cada(archivo, trozo)
        return suma.hexdigest()

    def _mirar(self) -> Vista:
        """What can be seen without opening anything."""
        candidatas = (
            [self._memo]
            if self._memo is not None
            else [self._tabla.with_suffix(final) for final in MEMOS]
        )
        memo = next((vista for ruta in candidatas if (vista := self._ver(ruta)) is not None), None)
        tabla = self._ver(self._tabla)
        if tabla is None:
            raise FallaDeSistema(
                kept("no está el archivo %(n)s", n=self._tabla.name),
                causa=Causa.SIN_CONEXION,
                pasajera=True,
            )
        return (tabla, memo) if memo is not None else (tabla,)

    def _ver(self, ruta: Path) -> tuple[Path, int, int] | None:
        try:
            visto = ruta.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._falla(ruta, error) from error
        if not stat.S_ISREG(visto.st_mode):
            raise FallaDeSistema(
                kept("%(n)s no es un archivo", n=ruta.name), causa=Causa.ILEGIBLE, pasajera=False
            )
        if visto.st_size > self._tope:
            megas = kept(
                "%(s)s MB, y se leen hasta %(t)s", s=visto.st_size >> 20, t=self._tope >> 20
            )
            raise FallaDeSistema(
                kept("%(n)s pesa %(m)s (tope_mb)", n=ruta.name, m=megas),
                causa=Causa.ILEGIBLE,
                pasajera=False,
            )
        return ruta, visto.st_mtime_ns, visto.st_size

    def _trozos(self, ruta: Path) -> Iterator[bytes]:
        """At most as much as is looked for: a file that grows meanwhile is taken again."""
        leido = 0
        try:
            with ruta.open("rb", buffering=0) as original:
                while leido <= self._tope and (trozo := original.read(TROZO)):
                    leido += len(trozo)
                    yield trozo
        except OSError as error:
            raise self._falla(ruta, error) from error

    @staticmethod
    def _falla(ruta: Path, error: OSError) -> FallaDeSistema:
        if isinstance(error, FileNotFoundError):
            return FallaDeSistema(
                kept("no está el archivo %(n)s", n=ruta.name),
                causa=Causa.SIN_CONEXION,
                pasajera=True,
            )
        causa = Causa.NO_PERMITIDO if isinstance(error, PermissionError) else Causa.SIN_CONEXION
        return FallaDeSistema(
            kept("no se puede leer %(n)s (%(e)s)", n=ruta.name, e=_codigo(error)),
            causa=causa,
            pasajera=causa is Causa.SIN_CONEXION,
        )


def _abrir(carpeta: Path, nombre: str, suma: str) -> Tomada:
    """In memory as far as it is read; whoever removes the files removes nothing from who reads
    them."""
    memo = next((ruta for ruta in carpeta.iterdir() if ruta.name != nombre), None)
    tabla = carpeta / nombre
    return Tomada(
        carpeta,
        suma,
        _en_memoria(tabla),
        (memo.name, _en_memoria(memo)) if memo else None,
        tabla.stat().st_mtime,
    )


def _en_memoria(ruta: Path) -> Bytes:
    with ruta.open("rb") as archivo:
        return mmap(archivo.fileno(), 0, access=ACCESS_READ) if ruta.stat().st_size else b""


def _codigo(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
