"""clamd, asked by INSTREAM: the content goes over the line in pieces, no file of ours is opened by
anybody else.

The protocol as clamd(8) says it: `zINSTREAM\\0`, then pieces, each after its length in four bytes,
then a length of zero; one answer that ends with a zero byte: `stream: OK`, `stream: NAME FOUND`, or
an `ERROR`. A content that is longer than clamd takes (StreamMaxLength) is answered before it has
all been sent, and the line is cut.
"""

import contextlib
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from common.language import kept
from records.sistemas.puertos import AntivirusCallado, Causa, Veredicto

PEDAZO = 64 * 1024
RESPUESTA = 4096  #: bytes of an answer
HALLADO = re.compile(r"stream: (\S.*) FOUND")
MUY_LARGO = "INSTREAM size limit exceeded"


@dataclass(frozen=True, slots=True)
class Clamd:
    """`lugar`: host and port, or the path of a socket."""

    lugar: tuple[str, int] | str
    segundos: float = 10.0

    def revisar(self, contenido: bytes) -> Veredicto:
        with self._linea() as linea:
            # it has answered already: too long
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                linea.sendall(b"zINSTREAM\0")
                for desde in range(0, len(contenido), PEDAZO):
                    pedazo = contenido[desde : desde + PEDAZO]
                    linea.sendall(struct.pack(">I", len(pedazo)) + pedazo)
                linea.sendall(struct.pack(">I", 0))
            dicho = _respuesta(linea)
        if dicho == "stream: OK":
            return Veredicto()
        if (hallado := HALLADO.fullmatch(dicho)) is not None:
            return Veredicto(hallado[1])
        if MUY_LARGO in dicho:
            raise AntivirusCallado(
                kept("%(d)s (StreamMaxLength)", d=dicho), causa=Causa.RECHAZADO, pasajera=False
            )
        raise AntivirusCallado(
            kept("contestó «%(d)s»", d=dicho[:200]), causa=Causa.ILEGIBLE, pasajera=True
        )

    def probar(self) -> None:
        with self._linea() as linea:
            linea.sendall(b"zPING\0")
            dicho = _respuesta(linea)
        if dicho != "PONG":
            raise AntivirusCallado(
                kept("contestó «%(d)s»", d=dicho[:200]), causa=Causa.ILEGIBLE, pasajera=True
            )

    @contextmanager
    def _linea(self) -> Iterator[socket.socket]:
        try:
            if isinstance(self.lugar, str):
                linea = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            else:
                linea = socket.create_connection(self.lugar, timeout=self.segundos)
            with linea:
                linea.settimeout(self.segundos)
                if isinstance(self.lugar, str):
                    linea.connect(self.lugar)
                yield linea
        except TimeoutError as error:
            raise AntivirusCallado(str(error), causa=Causa.SIN_RESPUESTA, pasajera=True) from error
        except OSError as error:
            raise AntivirusCallado(str(error), causa=Causa.SIN_CONEXION, pasajera=True) from error


def _respuesta(linea: socket.socket) -> str:
    """Up to its zero byte, or to the end of the line. AntivirusCallado: nothing came."""
    dicho = b""
    while b"\0" not in dicho and len(dicho) < RESPUESTA:
        try:
            mas = linea.recv(RESPUESTA)
        except (
            ConnectionResetError
        ):  # what was still being sent is thrown away with the line; what came before stays
            break
        if not mas:
            break
        dicho += mas
    if not dicho:
        raise AntivirusCallado(kept("la línea se cortó"), causa=Causa.SIN_CONEXION, pasajera=True)
    return dicho.partition(b"\0")[0].decode(errors="replace").strip()
