"""Files that another program writes: we read a copy, and make it anew when they change. Readers
never see half of a change."""

import datetime as dt
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from common.language import kept
from records.sistemas.puertos import Causa, FallaDeSistema

T = TypeVar("T")
Estampas = tuple[tuple[int, int, int, int], ...]
INTENTOS, PAUSA = 4, 0.02


@dataclass(frozen=True, slots=True)
class Copia:
    """`archivo` is closed when `preparar` is done; a memory map of it lives on."""

    archivo: BinaryIO
    escrito: dt.datetime  #: when the original was


class Seguido(Generic[T]):
    """What `preparar` makes of the copies. The originals are opened for reading only, and never
    locked.

    The copy is a file without a name, so that a process that dies leaves nobody's data behind.
    While one thread makes it anew, the others have the one before; so they do while the original is
    being written. What cannot be read is remembered, too.
    """

    def __init__(
        self, originales: Sequence[Path], preparar: Callable[[Sequence[Copia]], T]
    ) -> None:
        self._originales, self._preparar = originales, preparar
        self._cerrojo = threading.Lock()
        self._vigente: tuple[Estampas, T | FallaDeSistema] | None = None

    def actual(self, espera: float) -> T:
        """Waits so many seconds for another thread that makes the first copy.

        Raises FallaDeSistema: the file is not there (SIN_CONEXION), never holds still (OCUPADO), or
        is not what it should be.
        """
        vigente, ahora = self._vigente, _estampas(self._originales)
        if vigente is None or vigente[0] != ahora:
            vigente = self._renovado(espera)
        hecho = vigente[1]
        if isinstance(hecho, FallaDeSistema):
            # each with a traceback of its own
            raise FallaDeSistema(hecho.detalle, causa=hecho.causa, pasajera=hecho.pasajera)
        return hecho

    def _renovado(self, espera: float) -> tuple[Estampas, T | FallaDeSistema]:
        anterior = self._vigente
        if not self._cerrojo.acquire(timeout=0 if anterior else espera):
            if anterior:
                return anterior
            raise FallaDeSistema(
                kept("%(n)s: todavía se está leyendo", n=self._originales[0].name),
                causa=Causa.OCUPADO,
                pasajera=True,
            )
        try:
            if self._vigente is None or self._vigente[0] != _estampas(self._originales):
                self._vigente = self._copiado() or anterior
            if self._vigente is None:
                raise FallaDeSistema(
                    kept("%(n)s: otro programa lo está escribiendo", n=self._originales[0].name),
                    causa=Causa.OCUPADO,
                    pasajera=True,
                )
            return self._vigente
        finally:
            self._cerrojo.release()

    def _copiado(self) -> tuple[Estampas, T | FallaDeSistema] | None:
        """None: each time it had changed before the copy was whole. It has to hold still for a
        while first."""
        for _ in range(INTENTOS):
            antes = _estampas(self._originales)
            time.sleep(PAUSA)
            if antes != _estampas(self._originales):
                continue
            with ExitStack() as abiertos:
                copias = [
                    _copiar(ruta, abiertos.enter_context(tempfile.TemporaryFile()))
                    for ruta in self._originales
                ]
                if antes == _estampas(self._originales):
                    try:
                        return antes, self._preparar(
                            [Copia(c, _instante(e)) for c, e in zip(copias, antes, strict=True)]
                        )
                    except FallaDeSistema as falla:
                        return antes, falla
        return None


def _estampas(rutas: Sequence[Path]) -> Estampas:
    """By which a change is seen: a new file in its place, another size, another time."""
    leidas = []
    for ruta in rutas:
        try:
            visto = ruta.stat()
        except OSError as error:
            raise _no_esta(ruta, error) from error
        if not stat.S_ISREG(visto.st_mode):
            raise FallaDeSistema(
                kept("%(n)s no es un archivo", n=ruta.name), causa=Causa.ILEGIBLE, pasajera=False
            )
        leidas.append((visto.st_ino, visto.st_size, visto.st_mtime_ns, visto.st_ctime_ns))
    return tuple(leidas)


def _instante(estampa: tuple[int, int, int, int]) -> dt.datetime:
    return dt.datetime.fromtimestamp(estampa[2] / 10**9, dt.UTC)


def _copiar(ruta: Path, copia: BinaryIO) -> BinaryIO:
    try:
        with ruta.open("rb") as original:
            shutil.copyfileobj(original, copia, 1 << 20)
    except OSError as error:
        raise _no_esta(ruta, error) from error
    copia.flush()
    copia.seek(0)
    return copia


def _no_esta(ruta: Path, error: OSError) -> FallaDeSistema:
    if isinstance(error, PermissionError):
        return FallaDeSistema(
            kept("%(n)s: no hay permiso para leerlo", n=ruta.name),
            causa=Causa.NO_PERMITIDO,
            pasajera=False,
        )
    if isinstance(error, FileNotFoundError):
        return FallaDeSistema(
            kept("%(n)s: no está", n=ruta.name), causa=Causa.SIN_CONEXION, pasajera=True
        )
    return FallaDeSistema(
        kept("%(n)s: no se puede leer (%(s)s)", n=ruta.name, s=error.strerror),
        causa=Causa.SIN_CONEXION,
        pasajera=True,
    )
