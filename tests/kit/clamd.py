"""clamd as its clients meet it: a TCP server that speaks INSTREAM and PING, finds EICAR, and takes
no more than StreamMaxLength.

As the original (clamd/session.c, clamd/scanner.c): commands begin with z and end with a zero byte;
a piece that leads over the limit is answered at once, and the line is cut while the client may
still send.
"""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.kit.files import EICAR


@dataclass
class Clam:
    """What it was asked, and how it behaves."""

    limit: int = 25 * 1024 * 1024
    silent: bool = False  #: takes the line and says nothing
    says: bytes | None = None  #: this, whatever is asked
    seen: list[bytes] = field(default_factory=list)
    address: tuple[str, int] = ("", 0)


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Server)
        clam = self.server.clam
        self.connection.settimeout(20)  # a test that hangs ends
        command = b""
        while not command.endswith(b"\0"):
            if not (byte := self.rfile.read(1)):
                return
            command += byte
        if clam.silent:
            self.rfile.read()
            return
        if clam.says is not None:
            self.wfile.write(clam.says)
            return
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM\0":
            self.wfile.write(self.scan(clam))
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def scan(self, clam: Clam) -> bytes:
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            if len(content) + size > clam.limit:
                return b"INSTREAM size limit exceeded. ERROR\0"
            content += self.rfile.read(size)
        clam.seen.append(content)
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, clam: Clam, port: int) -> None:
        self.clam = clam
        super().__init__(("127.0.0.1", port), Session)


@contextmanager
def running(clam: Clam, port: int = 0) -> Iterator[Clam]:
    with Server(clam, port) as server:
        clam.address = ("127.0.0.1", server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield clam
        finally:
            server.shutdown()
            thread.join()
