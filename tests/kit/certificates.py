"""TLS servers on loopback whose certificates are good or bad in each way that matters; they shake
hands and say little."""

import contextlib
import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import trustme

HOST: Final = "localhost"
DAY: Final = dt.timedelta(days=1)
#: What is wrong with a certificate → what OpenSSL says of it.
BAD: Final = {
    "expired": "certificate has expired",
    "not yet": "certificate is not yet valid",
    "self-made": "self-signed certificate|self signed certificate|unable to get local issuer certificate",
    "of another name": "Hostname mismatch|doesn't match",
}


def authority(folder: Path) -> tuple[trustme.CA, str]:
    """One that nobody else knows, and the file that makes it known."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    return ca, str(folder / "ca.pem")


def context(
    ca: trustme.CA, kind: str, today: dt.datetime | None = None, lasts: dt.timedelta = 90 * DAY
) -> ssl.SSLContext:
    """Of a server. `kind`: one of BAD, or "good", which ends `lasts` after `today`. The check goes
    by the clock of the machine."""
    now = today or dt.datetime.now(dt.UTC)
    begin, end = {"expired": (now - 9 * DAY, now - DAY), "not yet": (now + DAY, now + 9 * DAY)}.get(
        kind, (now - 9 * DAY, now + lasts)
    )
    whose = trustme.CA() if kind == "self-made" else ca
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    whose.issue_cert(
        "otro.example" if kind == "of another name" else HOST, not_before=begin, not_after=end
    ).configure_cert(made)
    return made


@contextmanager
def tls_server(made: ssl.SSLContext) -> Iterator[int]:
    """Its port on loopback. It answers whatever is asked with 200 and no content."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                line, _ = listening.accept()
                with line, made.wrap_socket(line, server_side=True) as spoken:
                    spoken.recv(65_536)
                    spoken.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    )

    loop = threading.Thread(target=serve, daemon=True)
    loop.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        over.set()
        with contextlib.suppress(OSError):
            socket.create_connection(listening.getsockname(), 1).close()
        loop.join(5)
        listening.close()
