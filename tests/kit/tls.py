"""An authority made here, certificates of its own, and a server that notes what reached it through
TLS."""

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import trustme


def trust(ca: trustme.CA, folder: Path) -> str:
    """The file that others are told to trust."""
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    return str(folder / "ca.pem")


def context(ca: trustme.CA, *names: str) -> ssl.SSLContext:
    """Of a server of those names; of 127.0.0.1 where none is said."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert(*(names or ("127.0.0.1",))).configure_cert(made)
    return made


@dataclass
class Crypted:
    """`asked`: requests that came through, in order; nothing else is known of whoever does not
    trust the certificate."""

    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


@contextmanager
def crypted(tls: ssl.SSLContext, answer: bytes = b"{}") -> Iterator[Crypted]:
    noted = Crypted()

    def any_of_them(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        noted.asked.append(f"{handler.command} {handler.path}")
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    does = {f"do_{method}": any_of_them for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
    handler = type(
        "Handler", (http.server.BaseHTTPRequestHandler,), {**does, "log_message": lambda *_: None}
    )

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that does not trust the certificate leaves in the middle of the
            handshake."""

    server = Server(("127.0.0.1", 0), handler)
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    noted.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield noted
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def database(tls: ssl.SSLContext | None) -> Iterator[Crypted]:
    """What begins every conversation with PostgreSQL: a client asks for TLS, and gets it or a no.
    `asked`: who it then says it is."""
    noted, listening = Crypted(), socket.create_server(("127.0.0.1", 0))
    noted.port = listening.getsockname()[1]

    def serve() -> None:
        while True:
            try:
                line, _who = listening.accept()
            except OSError:  # closed: the test is over
                return
            with line, suppress(OSError):
                line.settimeout(5)
                line.recv(8)
                line.sendall(b"N" if tls is None else b"S")
                with line if tls is None else tls.wrap_socket(line, server_side=True) as spoken:
                    if said := spoken.recv(1024):
                        noted.asked.append(said.decode(errors="replace"))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield noted
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)
