"""Files that a turn system leaves in a folder, as a rule each night: what it knows of the day that
is over completes what we know.

A file is read whole when it has stood still for a while; one that is written again is read again,
which changes nothing that is known.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from common.language import kept
from records.sistemas.puertos import Causa, FallaDeSistema
from records.visita.digiturno import Salida
from records.visita.puertos import EventosLeidos
from records.visita.reglas.digiturno import EventoInvalido, leer_evento

QUIETO: Final = dt.timedelta(minutes=1)  #: a file that was written just now may not be whole
TOPE: Final = 64 * 1024 * 1024  #: bytes of a file
RECORDADOS: Final = 60  #: files whose state is kept: two months of nights
ILEGIBLES_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Carpeta:
    """`columnas`: our name → that of the file's first line, where they differ."""

    ruta: Path
    columnas: Mapping[str, str] = field(default_factory=dict)
    zona: dt.tzinfo = dt.UTC
    separador: str = ","
    codigos: str = "utf-8-sig"

    @property
    def medio(self) -> str:
        return "archivo"

    @property
    def avisa(self) -> bool:
        return False

    def eventos(self, desde: str, now: dt.datetime) -> EventosLeidos:
        """Of the first file that changed since it was read; `desde`: name → state of those that
        were."""
        leidos = _recordados(desde)
        for archivo in self._archivos():
            estado = self._estado(archivo, now)
            if estado is None or leidos.get(archivo.name) == estado:
                continue
            eventos, ilegibles = self._leer(archivo)
            leidos.pop(archivo.name, None)
            recordados = dict([*leidos.items(), (archivo.name, estado)][-RECORDADOS:])
            return EventosLeidos(eventos, json.dumps(recordados), mas=True, ilegibles=ilegibles)
        return EventosLeidos((), desde)

    def avisar(self, _salida: Salida, _now: dt.datetime) -> None:
        raise FallaDeSistema(
            kept("en una carpeta solo se lee"), causa=Causa.RECHAZADO, pasajera=False
        )

    def probar(self) -> None:
        self._archivos()

    def _archivos(self) -> list[Path]:
        try:
            return sorted(
                a for a in self.ruta.iterdir() if a.suffix.lower() == ".csv" and a.is_file()
            )[-RECORDADOS:]
        except OSError as error:
            raise FallaDeSistema(
                kept("no se puede leer la carpeta %(r)s", r=self.ruta),
                causa=Causa.SIN_CONEXION,
                pasajera=True,
            ) from error

    def _estado(self, archivo: Path, now: dt.datetime) -> str | None:
        """None: it may still be written."""
        with suppress(OSError):
            visto = archivo.stat()
            cambio = dt.datetime.fromtimestamp(visto.st_mtime, dt.UTC)
            return f"{visto.st_size}-{visto.st_mtime_ns}" if abs(now - cambio) >= QUIETO else None
        return None

    def _leer(self, archivo: Path) -> tuple[list[Any], list[str]]:
        try:
            if archivo.stat().st_size > TOPE:
                return [], [kept("%(n)s: pasa de %(t)s bytes", n=archivo.name, t=TOPE)]
            texto = archivo.read_text(self.codigos)
        except OSError as error:
            raise FallaDeSistema(
                kept("no se puede leer %(n)s", n=archivo.name),
                causa=Causa.SIN_CONEXION,
                pasajera=True,
            ) from error
        except UnicodeDecodeError:
            return [], [kept("%(n)s: no está escrito en %(c)s", n=archivo.name, c=self.codigos)]
        eventos, ilegibles = [], list[str]()
        lector = csv.DictReader(io.StringIO(texto, newline=""), delimiter=self.separador)
        try:
            for fila in lector:
                dicho = {
                    nombre: fila.get(self.columnas.get(nombre, nombre)) or None
                    for nombre in _NOMBRES
                }
                try:
                    eventos.append(leer_evento(dicho, self.zona))
                except EventoInvalido as error:
                    ilegibles.append(
                        kept(
                            "%(n)s, línea %(l)s: %(e)s", n=archivo.name, l=lector.line_num, e=error
                        )
                    )
                if len(ilegibles) >= ILEGIBLES_MAX:
                    break
        except csv.Error as error:
            ilegibles.append(
                kept("%(n)s, línea %(l)s: %(e)s", n=archivo.name, l=lector.line_num, e=error)
            )
        return eventos, ilegibles


#: The columns of a file, as an event names them.
_NOMBRES: Final = (
    *(
        "punto",
        "ticket",
        "clase",
        "cuando",
        "numero",
        "servicio",
        "preferente",
        "tipo_doc",
        "num_doc",
        "modulo",
        "asesor",
        "valor",
    ),
    "comentario",
)


def _recordados(desde: str) -> dict[str, str]:
    with suppress(ValueError):
        leido = json.loads(desde)
        if isinstance(leido, dict):
            return {str(nombre): str(estado) for nombre, estado in leido.items()}
    return {}
