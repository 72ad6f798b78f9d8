"""The web server, the same for `make run` and in production (`flask serve`).

waitress takes a request whole before a thread sees it, so that who sends slowly holds a connection and no thread. Its loop is
ours: room for the browsers of a whole entity, a limit of time for a request that is never finished, and a stop
that answers what it has taken (docs/decisions/web-server.md).
"""

import errno
import os
import resource
import selectors
import socket
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any
from typing import Final

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.parser import ParsingError
from waitress.parser import TransferEncodingNotImplemented

HILOS: Final = 8
CONEXIONES: Final = 2000  # a browser keeps up to six open
DESCRIPTORES: Final = CONEXIONES + 200  # the others are files and databases
CUERPO: Final = 53_000_000  # bytes; somewhat more than the largest form with its files, which the application limits by itself
CABECERAS: Final = 65_536  # bytes
SIN_ACTIVIDAD: Final = 60  # seconds until an idle connection is closed
PLAZO: Final = 60.0  # seconds for a request, from its first byte to its last
GRACIA: Final = 8.0  # seconds to answer what was taken; a supervisor kills after ten
MIRADA: Final = 5.0  # seconds between two looks at unfinished requests
REPASO: Final = 1.0  # seconds until all connections are asked what they want

DEL_GRUPO: Final = "660"  # a socket of the file system: its owner and its group may speak to it

Aplicacion = Callable[..., Any]  # of WSGI


class Servidor:
    """Serves until a signal or `parar`. `donde`: host and port, the path of a socket of the file system, or sockets that listen already."""

    def __init__(self, aplicacion: Aplicacion, donde: "tuple[str, int] | Path | Sequence[socket.socket]", *, hilos: int = HILOS) -> None:
        escucha = _escucha(donde)
        if isinstance(donde, Path):
            aplicacion = _de_este_equipo(aplicacion)
        _permitir_descriptores()
        mapa = Mapa()
        self._servidor: Any = waitress.create_server(
            aplicacion,
            map=mapa,
            **escucha,
            threads=hilos,
            connection_limit=CONEXIONES,
            channel_timeout=SIN_ACTIVIDAD,
            cleanup_interval=10,
            max_request_body_size=CUERPO,
            max_request_header_size=CABECERAS,
            backlog=1024,
            ident=None,
            clear_untrusted_proxy_headers=False,  # TRUSTED_PROXIES says whom to believe (app.py); waitress knows none and hides all
        )
        self._servidor.channel_class = Canal
        self._vuelta = Vuelta(mapa)
        self._fin: float | None = None
        self._empezadas: dict[Any, tuple[Any, float]] = {}  # of a connection: the request that arrives, and since when
        self._mirada = 0.0

    @property
    def puerto(self) -> int:
        puerto: int = self._servidor.socket.getsockname()[1]
        return puerto

    def parar(self, _numero: int = 0, _marco: FrameType | None = None) -> None:
        """From a signal or another thread: no new connection, and the end once all that was taken is answered."""
        if self._fin is None:
            self._fin = time.monotonic() + GRACIA
            with suppress(OSError):  # it ended meanwhile, by itself
                self._servidor.pull_trigger()

    def servir(self) -> None:
        servidor = self._servidor
        while not self._termino():
            self._vuelta.dar(1.0 if self._fin is None else 0.1)
            self._cerrar_las_lentas()
        servidor.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        wasyncore.close_all(self._vuelta.mapa)

    def _termino(self) -> bool:
        if self._fin is None:
            return False
        if self._servidor.accepting:
            wasyncore.dispatcher.close(self._servidor)  # the listening socket alone: the next server may have the port
            self._servidor.accepting = False
        return time.monotonic() > self._fin or not any(_trabaja(canal) for canal in list(self._servidor.active_channels.values()))

    def _cerrar_las_lentas(self) -> None:
        """Each byte that trickles in counts as activity for waitress: the limit is on the whole request."""
        ahora = time.monotonic()
        if ahora - self._mirada < MIRADA:
            return
        self._mirada, antes, self._empezadas = ahora, self._empezadas, {}
        for canal in list(self._servidor.active_channels.values()):
            if canal.request is None:
                continue
            peticion, desde = antes.get(canal, (None, ahora))
            self._empezadas[canal] = (canal.request, desde if peticion is canal.request else ahora)
            if ahora - self._empezadas[canal][1] > PLAZO:
                canal.will_close = True


def exigir_un_fin(cabecera: bytes, version: str) -> None:
    """A head says to everybody alike where its request ends. Whoever passes requests on may read an ambiguous one the other way: then
    the end of one is taken for the beginning of another person's (RFC 9112, 6.1 and 6.3)."""
    lineas = cabecera.split(b"\r\n")[1:]
    if any(linea[:1] in (b" ", b"\t") for linea in lineas):
        raise ParsingError("a line of the head goes on in the next one")
    partidas = [linea.partition(b":") for linea in lineas]
    dichos = [(nombre.strip().lower(), valor.strip(b" \t").lower()) for nombre, _, valor in partidas]
    codificaciones = [valor for nombre, valor in dichos if nombre == b"transfer-encoding"]
    if codificaciones and any(nombre == b"content-length" for nombre, _ in dichos):
        raise ParsingError("both Content-Length and Transfer-Encoding")
    if codificaciones not in ([], [b"chunked"]):
        raise ParsingError("Transfer-Encoding is not chunked, once")
    if version not in ("1.1", "1.0") or (codificaciones and version == "1.0"):
        raise ParsingError("not of this version of HTTP")


class Lector(HTTPRequestParser):
    """Refuses what waitress takes as chunked and leaves ambiguous; after a refusal the connection is closed."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
            exigir_un_fin(header_plus, self.version)
        except (ParsingError, TransferEncodingNotImplemented):
            self.expect_continue = False  # else it would be asked to go on, and be read further
            self.body_rcv = None
            raise


class Canal(HTTPChannel):
    parser_class = Lector


class Mapa(dict[int, Any]):
    """Descriptor -> connection, listening socket or the trigger of waitress; remembers which entries changed, until it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self._cambiados: set[int] = set()

    def __setitem__(self, descriptor: int, cosa: Any) -> None:
        super().__setitem__(descriptor, cosa)
        self._cambiados.add(descriptor)

    def __delitem__(self, descriptor: int) -> None:
        super().__delitem__(descriptor)
        self._cambiados.add(descriptor)

    def cambiados(self) -> set[int]:
        cambiados, self._cambiados = self._cambiados, set()
        return cambiados


class Vuelta:
    """A turn of the loop. That of waitress asks every connection what it wants at every turn: a thousand idle browsers cost
    milliseconds. Here the system remembers it, and only those are asked that something happened to or that are not just waiting
    to be read: a thread has their request, or they have something to send. All are asked once a second, for what time brings.
    """

    def __init__(self, mapa: Mapa) -> None:
        self.mapa = mapa
        self._selector = selectors.DefaultSelector()
        self._conocidas: dict[int, tuple[Any, int]] = {}
        self._despiertas: set[int] = set()
        self._repaso = 0.0

    def dar(self, espera: float) -> None:
        preguntadas, self._despiertas = self._por_preguntar(), set()
        for descriptor in preguntadas:
            cosa = self.mapa.get(descriptor)
            if cosa is None:
                self._querer(descriptor, None, 0)
                continue
            quiere = selectors.EVENT_READ if cosa.readable() else 0
            if cosa.writable() and not cosa.accepting:
                quiere |= selectors.EVENT_WRITE
            self._querer(descriptor, cosa, quiere)
            if quiere != selectors.EVENT_READ:
                self._despiertas.add(descriptor)
        for clave, eventos in self._selector.select(espera):
            self._despiertas.add(clave.fd)
            for evento, hacer in ((selectors.EVENT_READ, wasyncore.read), (selectors.EVENT_WRITE, wasyncore.write)):
                if eventos & evento and self.mapa.get(clave.fd) is clave.data:  # the first may have closed it
                    hacer(clave.data)

    def _por_preguntar(self) -> set[int]:
        cambiados, ahora = self.mapa.cambiados(), time.monotonic()
        if ahora - self._repaso < REPASO:
            return self._despiertas | cambiados
        self._repaso = ahora
        return cambiados | self.mapa.keys()

    def _querer(self, descriptor: int, cosa: Any, quiere: int) -> None:
        """Tell the system when it differs; a descriptor of before may stand for another connection now."""
        antes = self._conocidas.pop(descriptor, (None, 0))
        if cosa is not None:
            self._conocidas[descriptor] = (cosa, quiere)
        if antes[0] is cosa and antes[1] == quiere:
            return
        if antes[1]:
            self._selector.unregister(descriptor)
        if quiere:
            self._selector.register(descriptor, quiere, cosa)


def _escucha(donde: "tuple[str, int] | Path | Sequence[socket.socket]") -> dict[str, Any]:
    if isinstance(donde, Path):
        if donde.exists() and not donde.is_socket():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(donde))
        return {"unix_socket": str(donde), "unix_socket_perms": DEL_GRUPO}
    return {"listen": f"{donde[0]}:{donde[1]}"} if isinstance(donde, tuple) else {"sockets": list(donde)}


def _de_este_equipo(aplicacion: Aplicacion) -> Aplicacion:
    """Whoever speaks to a socket of the file system is on this machine, and has no address of its own."""

    def llamada(environ: dict[str, Any], comenzar: Callable[..., Any]) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ["REMOTE_HOST"] = "127.0.0.1"
        respuesta: Iterable[bytes] = aplicacion(environ, comenzar)
        return respuesta

    return llamada


def _trabaja(canal: Any) -> bool:
    """A request has arrived whole, or its answer is not yet sent; one that arrives still is nobody's loss."""
    return bool(canal.requests or canal.total_outbufs_len)


def _permitir_descriptores() -> None:
    ahora, mas = resource.getrlimit(resource.RLIMIT_NOFILE)
    if ahora < DESCRIPTORES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(DESCRIPTORES, mas), mas))
