"""A door of our own before a real server on loopback: it lets everybody through, keeps them
waiting, answers nonsense, or is gone."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

NONSENSE = b"\x00\xff<html>no soy quien usted busca</html>\r\n\r\n"
OPEN, SLOW, WRONG, DOWN = "open", "slow", "wrong", "down"


@dataclass
class Gate:
    """`set` changes what it does, and ends what passed through it: a pooled connection would go on
    as before."""

    behind: tuple[str, int] | str  #: a port, or the path of a socket
    port: int = 0
    mode: str = OPEN
    _door: socket.socket | None = None
    _lines: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, mode: str) -> None:
        self.mode = mode
        self._hang_up()
        if mode == DOWN:
            self._shut()
        elif self._door is None:
            self._open()

    def close(self) -> None:
        self._hang_up()
        self._shut()

    def _open(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._receive, args=(self._door,), daemon=True).start()

    def _shut(self) -> None:
        door, self._door = self._door, None
        if door is not None:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            door.close()

    def _hang_up(self) -> None:
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _there(self) -> socket.socket:
        if isinstance(self.behind, tuple):
            return socket.create_connection(self.behind)
        there = socket.socket(socket.AF_UNIX)
        there.connect(self.behind)
        return there

    def _keep(self, line: socket.socket) -> None:
        with self._lock:
            self._lines.append(line)

    def _receive(self, door: socket.socket) -> None:
        while True:
            try:
                line, _who = door.accept()
            except OSError:
                return
            self._keep(line)
            if self.mode == WRONG:
                with suppress(OSError):
                    line.sendall(NONSENSE)
                    line.shutdown(socket.SHUT_WR)
            elif self.mode == OPEN:
                try:
                    there = self._there()
                except OSError:
                    line.close()
                    continue
                self._keep(there)
                for one, other in ((line, there), (there, line)):
                    threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65_536):
            other.sendall(piece)
        other.shutdown(socket.SHUT_WR)


@contextmanager
def gate(behind: tuple[str, int] | str) -> Iterator[Gate]:
    made = Gate(behind)
    made.set(OPEN)
    try:
        yield made
    finally:
        made.close()
