"""A folder: `aa/bb…`. Whoever reads finds a whole file or none, also after the machine lost its
current."""

import datetime as dt
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from records.casos.reglas.claves import exigir
from records.sistemas.puertos import Causa, DepositoFallido, Guardado


class Carpeta:
    def __init__(self, lugar: Path) -> None:
        self.lugar = lugar

    def ruta(self, clave: str) -> Path:
        return self.lugar / exigir(clave)

    def poner(self, clave: str, contenido: bytes) -> None:
        destino = self.ruta(clave)
        with _dicho():
            destino.parent.mkdir(parents=True, exist_ok=True)
            handle, nombre = tempfile.mkstemp(prefix="tmp", dir=destino.parent)
            try:
                _para_quien_entra(handle, destino.parent)
                with os.fdopen(handle, "wb") as parcial:
                    parcial.write(contenido)
                    parcial.flush()
                    os.fsync(parcial.fileno())
                Path(nombre).replace(destino)
            except OSError:
                Path(nombre).unlink(missing_ok=True)
                raise
            _al_disco(destino.parent)

    def sacar(self, clave: str) -> bytes | None:
        with _dicho():
            try:
                return self.ruta(clave).read_bytes()
            except FileNotFoundError:
                return None

    def mover(self, de: str, a: str) -> bool:
        destino = self.ruta(a)
        with _dicho():
            destino.parent.mkdir(parents=True, exist_ok=True)
            try:
                self.ruta(de).replace(destino)
            except FileNotFoundError:
                return False
            _al_disco(destino.parent)
        return True

    def quitar(self, clave: str) -> None:
        with _dicho():
            self.ruta(clave).unlink(missing_ok=True)

    def listar(self, prefijo: str = "") -> Iterator[Guardado]:
        with _dicho():
            halladas = sorted(
                (ruta.relative_to(self.lugar).as_posix(), ruta)
                for ruta in self.lugar.rglob("*")
                if ruta.is_file()
            )
        for clave, ruta in halladas:
            if clave.startswith(prefijo):
                try:
                    visto = ruta.stat()
                except FileNotFoundError:  # moved meanwhile
                    continue
                yield Guardado(
                    clave, visto.st_size, dt.datetime.fromtimestamp(visto.st_mtime, dt.UTC)
                )

    def probar(self) -> None:
        clave = f"prueba/{secrets.token_hex(8)}"  # others look at the same moment
        self.poner(clave, b"prueba")
        leido = self.sacar(clave)
        self.quitar(clave)
        if leido != b"prueba":
            raise DepositoFallido(str(self.lugar), causa=Causa.ILEGIBLE, pasajera=False)


@contextmanager
def _dicho() -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise DepositoFallido(str(error), causa=Causa.NO_PERMITIDO, pasajera=False) from error
    except OSError as error:
        raise DepositoFallido(str(error), causa=Causa.SIN_CONEXION, pasajera=True) from error


def _para_quien_entra(archivo: int, carpeta: Path) -> None:
    """Web and worker may be two accounts of one group: who may write in the folder as one of it
    reads what the other has put there."""
    if carpeta.stat().st_mode & stat.S_IWGRP:
        os.fchmod(archivo, 0o640)


def _al_disco(carpeta: Path) -> None:
    """The name, too."""
    handle = os.open(carpeta, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
