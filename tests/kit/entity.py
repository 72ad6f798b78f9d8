"""The entity's web site, played by real servers on loopback: what it answers is told by the test,
over HTTP and TLS."""

import http.server
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import trustme

from handlers.sistemas.paginas.descarga import Descargador, Limites
from records.sistemas.reglas.paginas import Sitios
from tests.kit.tls import context

HOST = "www.icetex.gov.co"
OTHER = "icetex.gov.co"  # the entity's, too
# what its names lead to; nobody is asked there, `Entity.connect` turns to loopback
PUBLIC = "190.26.100.10"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    type: str = HTML
    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    length: int | None = None  # what it says of its length; None: what it is
    drip: float = 0.0  # seconds between two bytes


Page = Answer | Callable[[], Answer]


@dataclass
class Entity:
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # (Host, path)
    connected: list[tuple[str, int]] = field(default_factory=list)
    names: dict[str, Sequence[str]] = field(
        default_factory=lambda: {HOST: [PUBLIC], OTHER: [PUBLIC]}
    )
    # of the address that is asked → of loopback
    ports: dict[int, int] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None

    def resolve(self, name: str, _port: int) -> Sequence[str]:
        if name not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return self.names[name]

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.ports.get(port, 1)), timeout=seconds)

    def downloader(
        self, seconds: float = 5.0, size: int = 2 * 1024 * 1024, *, only_encrypted: bool = False
    ) -> Descargador:
        sites, tls = Sitios.leer(f"{HOST}, {OTHER}"), self.tls or ssl.create_default_context()
        return Descargador(
            sites, self.resolve, self.connect, tls, Limites(size, seconds), only_encrypted
        )

    def answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        self.asked.append((handler.headers.get("Host", ""), handler.path))
        page = self.pages.get(handler.path, Answer(b"<p>No existe", status=404))
        given = page if isinstance(page, Answer) else page()
        handler.send_response(given.status)
        handler.send_header("Content-Type", given.type)
        handler.send_header(
            "Content-Length", str(len(given.body) if given.length is None else given.length)
        )
        for name, value in given.headers:
            handler.send_header(name, value)
        handler.end_headers()
        with suppress(OSError):  # whoever asked may be gone
            if not given.drip:
                handler.wfile.write(given.body)
                return
            for byte in given.body:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(given.drip)


@contextmanager
def entity() -> Iterator[Entity]:
    """Its two servers, as long as the test needs them."""
    played = Entity()

    def get(handler: http.server.BaseHTTPRequestHandler) -> None:
        played.answer(handler)

    handler = type(
        "Handler",
        (http.server.BaseHTTPRequestHandler,),
        {"do_GET": get, "log_message": lambda *_: None},
    )

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that does not trust the certificate, or that leaves, is what some tests
            want."""

    plain, crypted = Server(("127.0.0.1", 0), handler), Server(("127.0.0.1", 0), handler)
    ca = trustme.CA()
    crypted.socket = context(ca, HOST, OTHER).wrap_socket(
        crypted.socket, server_side=True, do_handshake_on_connect=False
    )
    played.ports = {80: plain.server_port, 443: crypted.server_port}
    played.tls = ssl.create_default_context()
    ca.configure_trust(played.tls)
    threads = [
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        for server in (plain, crypted)
    ]
    for thread in threads:
        thread.start()
    try:
        yield played
    finally:
        for server in (plain, crypted):
            server.shutdown()
            server.server_close()
