"""The web server, the same for `make run` and in production (`flask serve`).

waitress takes a request whole before a thread sees it, so that who sends slowly holds a connection
and no thread. Its loop is ours: room for the browsers of a whole entity, a limit of time for a
request that is never finished, and a stop that answers what it has taken
(docs/decisions/web-server.md).
"""

import errno
import os
import re
import resource
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final

import waitress
from waitress import wasyncore
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented

HILOS: Final = 8
CONEXIONES: Final = 2000  # a browser keeps up to six open
DESCRIPTORES: Final = CONEXIONES + 200  # the others are files and databases
# bytes; somewhat more than the largest form with its files, which the application limits by itself
CUERPO: Final = 53_000_000
CABECERAS: Final = 65_536  # bytes
SIN_ACTIVIDAD: Final = 60  # seconds until an idle connection is closed
PLAZO: Final = 60.0  # seconds for a request, from its first byte to its last
GRACIA: Final = 8.0  # seconds to answer what was taken; a supervisor kills after fifteen
DESPEDIDA: Final = 1.0  # seconds to send what is said then to the others
MIRADA: Final = 5.0  # seconds between two looks at unfinished requests
REPASO: Final = 1.0  # seconds until all connections are asked what they want

DEL_GRUPO: Final = "660"  # a socket of the file system: its owner and its group may speak to it

#: What a request is told that this server cannot finish any more.
MAS_TARDE: Final = "La aplicación se está reiniciando: inténtelo otra vez.\nThe application is starting anew: please try again.\n".encode()
REINICIO: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\nRetry-After: 5\r\n\r\n%b" % (len(MAS_TARDE), MAS_TARDE)
)
#: A name or an address, and a port (RFC 9110, 7.2); a target may have none.
ANFITRION: Final = re.compile(
    rb"(?:[\w\-.~%!$&'()*+,;=]*|\[[0-9A-Fa-fvV:.]+\])(?::[0-9]*)?", re.ASCII
)

Aplicacion = Callable[..., Any]  # of WSGI


class Servidor:
    """Serves until a signal or `parar`. `donde`: host and port, the path of a socket of the file
    system, or sockets that listen already."""

    def __init__(
        self,
        aplicacion: Aplicacion,
        donde: "tuple[str, int] | Path | Sequence[socket.socket]",
        *,
        hilos: int = HILOS,
    ) -> None:
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
            # TRUSTED_PROXIES says whom to believe (app.py); waitress knows none and hides all
            clear_untrusted_proxy_headers=False,
        )
        self._alto = threading.Event()
        self._servidor.channel_class = partial(Canal, self._alto)
        self._vuelta = Vuelta(mapa)
        self._fin: float | None = None
        # of a connection: the request that arrives, and since when
        self._empezadas: dict[Any, tuple[Any, float]] = {}
        self._mirada = 0.0

    @property
    def puerto(self) -> int:
        puerto: int = self._servidor.socket.getsockname()[1]
        return puerto

    def parar(self, _numero: int = 0, _marco: FrameType | None = None) -> None:
        """From a signal or another thread: no new connection, and the end once all that was taken
        is answered."""
        if self._fin is None:
            self._fin = time.monotonic() + GRACIA
            self._alto.set()
            with suppress(OSError):  # it ended meanwhile, by itself
                self._servidor.pull_trigger()

    def servir(self) -> None:
        servidor, hubo = self._servidor, True
        while self._fin is None or (
            time.monotonic() < self._fin
            and (hubo or any(canal.trabaja for canal in self._canales()))
        ):
            hubo = self._vuelta.dar(1.0 if self._fin is None else 0.1)
            self._cerrar_las_lentas()
            if self._fin is not None and servidor.accepting:
                self._cerrar_la_puerta()
        self._despedir()
        servidor.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        wasyncore.close_all(self._vuelta.mapa)
        self._vuelta.mapa.cerrar()

    def _canales(self) -> "list[Canal]":
        return list(self._servidor.active_channels.values())

    def _cerrar_la_puerta(self) -> None:
        """Takes those that knocked already, then closes the listening socket alone: the next server
        may have the port."""
        antes = -1
        while antes < len(self._servidor.active_channels) < CONEXIONES:
            antes = len(self._servidor.active_channels)
            wasyncore.read(self._servidor)
        wasyncore.dispatcher.close(self._servidor)
        self._servidor.accepting = False
        for canal in self._canales():
            canal.sera_la_ultima()

    def _despedir(self) -> None:
        """Nobody is closed without an answer: who cannot have theirs in time is told to come
        again."""
        for canal in self._canales():
            canal.despedir()
        fin = time.monotonic() + DESPEDIDA
        while time.monotonic() < fin and any(canal.total_outbufs_len for canal in self._canales()):
            self._vuelta.dar(0.1)

    def _cerrar_las_lentas(self) -> None:
        """Each byte that trickles in counts as activity for waitress: the limit is on the whole
        request."""
        ahora = time.monotonic()
        if ahora - self._mirada < MIRADA:
            return
        self._mirada, antes, self._empezadas = ahora, self._empezadas, {}
        for canal in self._canales():
            if canal.request is None:
                continue
            peticion, desde = antes.get(canal, (None, ahora))
            self._empezadas[canal] = (canal.request, desde if peticion is canal.request else ahora)
            if ahora - self._empezadas[canal][1] > PLAZO:
                canal.will_close = True


def exigir_claridad(cabecera: bytes, version: str) -> None:
    """A head says to everybody alike where its request ends and whom it is for. Whoever passes
    requests on may read an ambiguous one the other way: then the end of one is taken for the
    beginning of another person's (RFC 9112, 3.2, 6.1 and 6.3)."""
    lineas = cabecera.split(b"\r\n")[1:]
    if any(linea[:1] in (b" ", b"\t") for linea in lineas):
        raise ParsingError("a line of the head goes on in the next one")
    partidas = [linea.partition(b":") for linea in lineas]
    dichos = [
        (nombre.strip().lower(), valor.strip(b" \t").lower()) for nombre, _, valor in partidas
    ]
    codificaciones = [valor for nombre, valor in dichos if nombre == b"transfer-encoding"]
    if codificaciones and any(nombre == b"content-length" for nombre, _ in dichos):
        raise ParsingError("both Content-Length and Transfer-Encoding")
    if codificaciones not in ([], [b"chunked"]):
        raise ParsingError("Transfer-Encoding is not chunked, once")
    if version not in ("1.1", "1.0") or (codificaciones and version == "1.0"):
        raise ParsingError("not of this version of HTTP")
    anfitriones = [valor for nombre, valor in dichos if nombre == b"host"]
    if len(anfitriones) > 1 or (version == "1.1" and not anfitriones):
        raise ParsingError("not one Host")
    if not all(ANFITRION.fullmatch(anfitrion) for anfitrion in anfitriones):
        raise ParsingError("Host is no name and no address")


class Lector(HTTPRequestParser):
    """Refuses what waitress takes as chunked and leaves ambiguous; after a refusal the connection
    is closed."""

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
            exigir_claridad(header_plus, self.version)
        except (ParsingError, TransferEncodingNotImplemented):
            self.expect_continue = False  # else it would be asked to go on, and be read further
            self.body_rcv = None
            raise


class NadaQueLeer(Exception):
    """The system said that there is something to read, and there is not."""


class Canal(HTTPChannel):
    """A connection."""

    parser_class = Lector

    def __init__(self, alto: threading.Event, *como_siempre: Any, **mas: Any) -> None:
        self._alto = alto
        self._contestada: Any = None  # the last request whose answer has begun
        self._despedido = False
        super().__init__(*como_siempre, **mas)

    def recv(self, buffer_size: int) -> bytes:
        try:
            leido: bytes = super().recv(buffer_size)
        except BlockingIOError as error:
            raise NadaQueLeer from error
        return leido

    def handle_read(self) -> None:
        with suppress(NadaQueLeer):  # for waitress it would be the end of the connection
            super().handle_read()

    @property
    def trabaja(self) -> bool:
        """A request has arrived whole, or its answer is not yet sent."""
        return bool(self.requests or self.total_outbufs_len)

    def service(self) -> None:
        if self._despedido:  # it was told to come again, so it does not begin now
            return
        if self._alto.is_set():
            self.sera_la_ultima()
        super().service()

    def sera_la_ultima(self) -> None:
        """Its answer says that the connection ends with it: a browser then does not ask again in
        one that is being closed."""
        for peticion in self.requests[-1:]:
            peticion.headers["CONNECTION"] = "close"

    def write_soon(self, data: Any) -> int:
        with self.outbuf_lock:
            if self._despedido:
                raise ClientDisconnected
            self._contestada = next(iter(self.requests), None)
            escritos: int = super().write_soon(data)
            return escritos

    def despedir(self) -> None:
        """Of an answer that has begun the rest is sent; else it is said that there will be none."""
        with self.outbuf_lock:
            if not self.connected:
                return
            primera = self.requests[0] if self.requests else None
            llega = primera is None and self.request is not None and self.request.headers_finished
            if llega or (primera is not None and primera is not self._contestada):
                self._despedido = True
                self.outbufs[-1].append(REINICIO)
                self.total_outbufs_len += len(REINICIO)
            self._flush_exception(self._flush_some, do_close=False)


class Mapa(dict[int, Any]):
    """Descriptor -> connection, listening socket or the trigger of waitress; remembers which
    entries changed, until it is asked.

    The system is told that one is of no interest any more before it is closed, by whichever thread:
    while a child that is being born has a copy, it goes on reporting the closed one, under a number
    that may be the next connection's."""

    def __init__(self) -> None:
        super().__init__()
        self._cambiados: set[int] = set()
        self._candado = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self.esperar = self._selector.select
        self.cerrar = self._selector.close

    def __setitem__(self, descriptor: int, cosa: Any) -> None:
        super().__setitem__(descriptor, cosa)
        self._cambiados.add(descriptor)

    def __delitem__(self, descriptor: int) -> None:
        with self._candado:
            super().__delitem__(descriptor)
            self._decir(descriptor, None, 0)

    def cambiados(self) -> set[int]:
        cambiados, self._cambiados = self._cambiados, set()
        return cambiados

    def querer(self, descriptor: int, cosa: Any, eventos: int) -> None:
        with self._candado:
            if self.get(descriptor) is cosa:  # else a thread closed it meanwhile
                self._decir(descriptor, cosa, eventos)

    def _decir(self, descriptor: int, cosa: Any, eventos: int) -> None:
        dicho = self._selector.get_map().get(descriptor)
        if (dicho.events if dicho else 0) == eventos:
            return
        if dicho:
            self._selector.unregister(descriptor)
        if eventos:
            self._selector.register(descriptor, eventos, cosa)


class Vuelta:
    """A turn of the loop. That of waitress asks every connection what it wants at every turn: a
    thousand idle browsers cost milliseconds. Here the system remembers it, and only those are asked
    that something happened to or that are not just waiting to be read: a thread has their request,
    or they have something to send. All are asked once a second, for what time brings.
    """

    def __init__(self, mapa: Mapa) -> None:
        self.mapa = mapa
        self._despiertas: set[int] = set()
        self._repaso = 0.0

    def dar(self, espera: float) -> bool:
        """Whether anything happened."""
        preguntadas, self._despiertas = self._por_preguntar(), set()
        for descriptor in preguntadas:
            cosa = self.mapa.get(descriptor)
            if cosa is None:
                continue
            quiere = selectors.EVENT_READ if cosa.readable() else 0
            if cosa.writable() and not cosa.accepting:
                quiere |= selectors.EVENT_WRITE
            self.mapa.querer(descriptor, cosa, quiere)
            if quiere != selectors.EVENT_READ:
                self._despiertas.add(descriptor)
        hubo = self.mapa.esperar(espera)
        for clave, eventos in hubo:
            self._despiertas.add(clave.fd)
            for evento, hacer in (
                (selectors.EVENT_READ, wasyncore.read),
                (selectors.EVENT_WRITE, wasyncore.write),
            ):
                # the first may have closed it
                if eventos & evento and self.mapa.get(clave.fd) is clave.data:
                    hacer(clave.data)
        return bool(hubo)

    def _por_preguntar(self) -> set[int]:
        cambiados, ahora = self.mapa.cambiados(), time.monotonic()
        if ahora - self._repaso < REPASO:
            return self._despiertas | cambiados
        self._repaso = ahora
        return cambiados | self.mapa.keys()


def _escucha(donde: "tuple[str, int] | Path | Sequence[socket.socket]") -> dict[str, Any]:
    if isinstance(donde, Path):
        if donde.exists() and not donde.is_socket():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(donde))
        return {"unix_socket": str(donde), "unix_socket_perms": DEL_GRUPO}
    if isinstance(donde, tuple):
        return {"listen": f"{donde[0]}:{donde[1]}"}
    for dado in donde:
        # as those that are opened here: no program that is begun by this one gets it
        dado.set_inheritable(False)
    return {"sockets": list(donde)}


def _de_este_equipo(aplicacion: Aplicacion) -> Aplicacion:
    """Whoever speaks to a socket of the file system is on this machine, and has no address of its
    own."""

    def llamada(environ: dict[str, Any], comenzar: Callable[..., Any]) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ["REMOTE_HOST"] = "127.0.0.1"
        respuesta: Iterable[bytes] = aplicacion(environ, comenzar)
        return respuesta

    return llamada


def _permitir_descriptores() -> None:
    ahora, mas = resource.getrlimit(resource.RLIMIT_NOFILE)
    if ahora < DESCRIPTORES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(DESCRIPTORES, mas), mas))
