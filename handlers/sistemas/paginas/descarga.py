"""How a page of the entity is asked: from its hosts only, at an address that was checked, within
limits of size and time."""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from handlers.conectores import certificados
from handlers.conectores.proteccion import con_limite
from handlers.sistemas.paginas.texto import Pagina, leer
from records.sistemas.paginas import Copia
from records.sistemas.puertos import FallaDeSistema, PaginaNoTraida
from records.sistemas.reglas.paginas import (
    Direccion,
    DireccionRechazada,
    Falla,
    Sitios,
    es_pasajera,
    es_publica,
)

#: (name, port) → addresses, as the system's resolver gives them
Resolver = Callable[[str, int], Sequence[str]]
#: (address, port, seconds) → a connection to exactly this address
Conectar = Callable[[str, int, float], socket.socket]
TIPOS: Final = ("text/html", "application/xhtml+xml", "text/plain")
DESVIOS: Final = frozenset({301, 302, 303, 307, 308})
# window bits of zlib
EMPAQUES: Final = {"": None, "identity": None, "gzip": 31, "x-gzip": 31, "deflate": 15}
PEDAZO: Final = 65_536
ENCABEZADOS: Final = {
    "User-Agent": "Ventanilla (copia de evidencia)",
    "Accept": "text/html, text/plain;q=0.9",
    "Accept-Encoding": "identity",
    "Accept-Language": "es",
    "Connection": "close",
}


def resolver_del_sistema(nombre: str, puerto: int) -> Sequence[str]:
    return list(
        dict.fromkeys(
            str(hallada[4][0])
            for hallada in socket.getaddrinfo(nombre, puerto, type=socket.SOCK_STREAM)
        )
    )


def conectar_directo(direccion: str, puerto: int, segundos: float) -> socket.socket:
    """Past every proxy of the environment: what was checked is what is asked."""
    return socket.create_connection((direccion, puerto), timeout=segundos)


def _nada() -> None:
    """The system's resolver cannot be told to stop; its thread ends by itself."""


@dataclass(frozen=True, slots=True)
class Limites:
    bytes: int = 2 * 1024 * 1024  # of the body, packed and unpacked
    segundos: float = 15.0  # for everything, redirects included
    desvios: int = 3


class _Plazo:
    """Ends a conversation that takes too long, however many bytes drip in: whoever waits for the
    socket is woken by its end."""

    def __init__(self, segundos: float) -> None:
        self._hasta = time.monotonic() + segundos

    @property
    def queda(self) -> float:
        """PaginaNoTraida when nothing is left."""
        queda = self._hasta - time.monotonic()
        if queda <= 0:
            raise PaginaNoTraida(Falla.LENTA, pasajera=True)
        return queda

    @contextmanager
    def sobre(self, linea: "_Linea") -> Iterator[None]:
        vencido = threading.Event()

        def cortar() -> None:
            vencido.set()
            linea.cortar()

        reloj = threading.Timer(self.queda, cortar)
        reloj.daemon = True
        reloj.start()
        try:
            yield
        except PaginaNoTraida:
            raise
        except Exception as error:
            if vencido.is_set():
                raise PaginaNoTraida(Falla.LENTA, pasajera=True) from error
            raise
        finally:
            reloj.cancel()
        if vencido.is_set():  # the end that we made ourselves reads like the end of the page
            raise PaginaNoTraida(Falla.LENTA, pasajera=True)


@dataclass(slots=True)
class _Linea:
    """The socket of one conversation, which TLS replaces by its own."""

    enchufe: socket.socket

    def cifrar(self, tls: ssl.SSLContext, nombre: str) -> None:
        """The new one stands here before the handshake begins: that may be cut, too."""
        cifrado = tls.wrap_socket(
            self.enchufe, server_hostname=nombre, do_handshake_on_connect=False
        )
        self.enchufe = cifrado
        cifrado.do_handshake()

    def cortar(self) -> None:
        with suppress(OSError):
            socket.socket.shutdown(self.enchufe, socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class _Recibida:
    estado: int
    tipo: str
    empaque: str
    a_donde: str  #: of a redirect
    cuerpo: bytes


@dataclass(frozen=True, slots=True)
class Descargador:
    """The port `PaginasWeb`. Tests give another resolver and another way to connect, so that a
    server of their own is the entity."""

    sitios: Sitios
    resolver: Resolver = resolver_del_sistema
    conectar: Conectar = conectar_directo
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    limites: Limites = field(default_factory=Limites)
    solo_cifradas: bool = False  #: what somebody typed with http:// is asked for by https, too

    def traer(self, url: str) -> Copia:
        plazo, pedida, cifrada = (
            _Plazo(self.limites.segundos),
            self._cifrada(url),
            self.solo_cifradas,
        )
        for _ in range(self.limites.desvios + 1):
            direccion = self._permitida(pedida)
            # what proves who answers is not given up on the way
            if cifrada and direccion.esquema != "https":
                raise PaginaNoTraida(Falla.ESQUEMA, direccion.esquema, pasajera=False)
            cifrada = direccion.esquema == "https"
            recibida = self._pedir(direccion, plazo)
            if recibida.estado not in DESVIOS or not recibida.a_donde:
                return self._copia(url, direccion, recibida)
            pedida = urljoin(direccion.url, recibida.a_donde)
        raise PaginaNoTraida(Falla.DESVIOS, str(self.limites.desvios), pasajera=False)

    def _cifrada(self, url: str) -> str:
        """Of a port that was named for http nobody knows the other one: that one is refused."""
        if (
            not self.solo_cifradas
            or not url.lower().startswith("http://")
            or self._permitida(url).puerto != http.client.HTTP_PORT
        ):
            return url
        return f"https{url[len('http') :]}"

    def _permitida(self, url: str) -> Direccion:
        """Each step anew: a redirect is as little to be trusted as what somebody types."""
        try:
            return self.sitios.direccion(url)
        except DireccionRechazada as error:
            raise PaginaNoTraida(error.falla, error.detalle, pasajera=False) from error

    def _direcciones(self, direccion: Direccion, plazo: _Plazo) -> Sequence[str]:
        """Asked once: what was checked is what is connected to, whatever the name leads to a moment
        later."""
        try:
            halladas = con_limite(
                lambda: self.resolver(direccion.sitio, direccion.puerto),
                plazo.queda,
                cancelar=_nada,
            )
        except FallaDeSistema as error:
            raise PaginaNoTraida(Falla.LENTA, direccion.sitio, pasajera=True) from error
        except (OSError, UnicodeError) as error:
            raise PaginaNoTraida(Falla.SIN_NOMBRE, direccion.sitio, pasajera=True) from error
        if not halladas:
            raise PaginaNoTraida(Falla.SIN_NOMBRE, direccion.sitio, pasajera=True)
        if not all(map(es_publica, halladas)):
            raise PaginaNoTraida(Falla.INTERNA, direccion.sitio, pasajera=False)
        return halladas

    def _enchufe(self, direccion: Direccion, plazo: _Plazo) -> socket.socket:
        """To the first of its addresses that answers."""
        fallo: OSError | None = None
        for ip in self._direcciones(direccion, plazo):
            try:
                return self.conectar(ip, direccion.puerto, plazo.queda)
            except OSError as error:
                fallo = error
        falla = Falla.LENTA if isinstance(fallo, TimeoutError) else Falla.SIN_CONEXION
        raise PaginaNoTraida(falla, direccion.sitio, pasajera=True) from fallo

    def _pedir(self, direccion: Direccion, plazo: _Plazo) -> _Recibida:
        linea = _Linea(self._enchufe(direccion, plazo))
        try:
            with plazo.sobre(linea):
                linea.enchufe.settimeout(plazo.queda)
                if direccion.esquema == "https":
                    linea.cifrar(self.tls, direccion.sitio)
                return self._conversar(linea.enchufe, direccion, plazo)
        except ssl.SSLCertVerificationError as error:
            certificados.anotar(f"the site {direccion.sitio}", error)
            raise PaginaNoTraida(Falla.CERTIFICADO, error.verify_message, pasajera=False) from error
        except TimeoutError as error:
            raise PaginaNoTraida(Falla.LENTA, direccion.sitio, pasajera=True) from error
        except (
            http.client.IncompleteRead,
            OSError,
        ) as error:  # the line broke; RemoteDisconnected is an OSError
            raise PaginaNoTraida(Falla.SIN_CONEXION, direccion.sitio, pasajera=True) from error
        except (http.client.HTTPException, ValueError) as error:
            raise PaginaNoTraida(Falla.ILEGIBLE, direccion.sitio, pasajera=False) from error
        finally:
            linea.enchufe.close()

    def _conversar(self, enchufe: socket.socket, direccion: Direccion, plazo: _Plazo) -> _Recibida:
        conexion = http.client.HTTPConnection(direccion.sitio, direccion.puerto)
        conexion.sock = enchufe
        conexion.sock.settimeout(plazo.queda)
        conexion.request(
            "GET", direccion.ruta, headers={"Host": direccion.url.split("/")[2], **ENCABEZADOS}
        )
        with conexion.getresponse() as respuesta:
            return self._leida(respuesta)

    def _leida(self, respuesta: http.client.HTTPResponse) -> _Recibida:
        tipo = respuesta.headers.get("Content-Type", "")
        empaque = respuesta.headers.get("Content-Encoding", "").strip().lower()
        if respuesta.status in DESVIOS:
            return _Recibida(
                respuesta.status, tipo, empaque, respuesta.headers.get("Location", "").strip(), b""
            )
        if respuesta.status != http.client.OK:
            pasajera = es_pasajera(Falla.RESPUESTA, respuesta.status)
            raise PaginaNoTraida(Falla.RESPUESTA, str(respuesta.status), pasajera=pasajera)
        if tipo.partition(";")[0].strip().lower() not in TIPOS:
            raise PaginaNoTraida(Falla.TIPO, tipo.partition(";")[0].strip()[:80], pasajera=False)
        return _Recibida(respuesta.status, tipo, empaque, "", self._cuerpo(respuesta))

    def _cuerpo(self, respuesta: http.client.HTTPResponse) -> bytes:
        """Not a byte more than the limit stays in memory, whatever the server says of its
        length."""
        partes, van, dicho = [], 0, respuesta.length  # None: until the line ends
        while (dicho is None or van < dicho) and (parte := respuesta.read1(PEDAZO)):
            van += len(parte)
            if van > self.limites.bytes:
                raise PaginaNoTraida(Falla.GRANDE, str(self.limites.bytes), pasajera=False)
            partes.append(parte)
        if dicho is not None and van < dicho:
            raise http.client.IncompleteRead(b"", dicho - van)
        return b"".join(partes)

    def _copia(self, url: str, direccion: Direccion, recibida: _Recibida) -> Copia:
        if recibida.estado != http.client.OK:  # a redirect to nowhere
            raise PaginaNoTraida(Falla.RESPUESTA, str(recibida.estado), pasajera=False)
        pagina: Pagina = leer(self._desempacar(recibida), recibida.tipo)
        empaque = "" if EMPAQUES[recibida.empaque] is None else recibida.empaque
        return Copia(
            url=url,
            url_final=direccion.url,
            estado_http=recibida.estado,
            tipo=recibida.tipo,
            codificacion=empaque,
            cuerpo=recibida.cuerpo,
            titulo=pagina.titulo,
            texto=pagina.texto,
            recortado=pagina.recortado,
        )

    def _desempacar(self, recibida: _Recibida) -> bytes:
        """Asked to send it unpacked, a server may pack it all the same; what it unpacks to has the
        same limit."""
        if recibida.empaque not in EMPAQUES:
            raise PaginaNoTraida(Falla.ILEGIBLE, recibida.empaque[:80], pasajera=False)
        ventana = EMPAQUES[recibida.empaque]
        if ventana is None:
            return recibida.cuerpo
        # half of all servers send it bare
        intentos = (ventana, -ventana) if recibida.empaque == "deflate" else (ventana,)
        for bits in intentos:
            desempaque = zlib.decompressobj(bits)
            with suppress(zlib.error):
                contenido = desempaque.decompress(recibida.cuerpo, self.limites.bytes + 1)
                if len(contenido) > self.limites.bytes:
                    raise PaginaNoTraida(Falla.GRANDE, str(self.limites.bytes), pasajera=False)
                if desempaque.eof:
                    return contenido
        raise PaginaNoTraida(Falla.ILEGIBLE, recibida.empaque, pasajera=False)
