"""The web server beside hundreds of desks: idle browsers, requests that never end, a stop under
work. Real sockets, a plain application."""

import os
import signal
import socket
import sqlite3
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from waitress.channel import HTTPChannel
from werkzeug.middleware.proxy_fix import ProxyFix

import webforms.servidor as modulo
from tests.kit.foreign import ROOT
from tests.kit.processes import free_ports, listens, run, spawn
from webforms.servidor import Servidor

WHOLE = b"GET / HTTP/1.1\r\nHost: v\r\n\r\n"
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: v\r\nX-Half: "
HALF_BODY = b"POST / HTTP/1.1\r\nHost: v\r\nContent-Length: 1000\r\n\r\na=1"
BROWSERS, HALVES = 1000, 300
PATIENCE, START = 20.0, 90.0


class Desk:
    """An application whose requests take as long as is wanted, and that counts them."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.begun = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        self.begun += 1
        self.go_on.wait(PATIENCE)
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [b"done"]


@contextmanager
def serving(
    desk: Callable[..., Any], where: "tuple[str, int] | Sequence[socket.socket]" = ("127.0.0.1", 0)
) -> Iterator[Servidor]:
    server = Servidor(desk, where)
    loop = threading.Thread(target=server.servir)
    loop.start()
    try:
        yield server
    finally:
        if isinstance(desk, Desk):
            desk.go_on.set()
        server.parar()
        loop.join(PATIENCE)
        assert not loop.is_alive()


def connect(server: Servidor, first: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.puerto), PATIENCE)
    connection.sendall(first)
    return connection


def answer(connection: socket.socket) -> bytes:
    """What comes until the body of `Desk` or the end of the connection."""
    read = b""
    while not read.endswith(b"done"):
        piece = connection.recv(65_536)
        if not piece:
            break
        read += piece
    return read


def until(true: Callable[[], bool], patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "first"),
    [(BROWSERS, b""), (HALVES, HALF_HEAD), (HALVES, HALF_BODY)],
    ids=["idle browsers", "half heads", "half bodies"],
)
def test_a_crowd_that_sends_nothing_whole_keeps_nobody_from_an_answer(
    number: int, first: bytes
) -> None:
    desk = Desk()
    with serving(desk) as server:
        crowd = [connect(server, first) for _ in range(number)]
        with closing(connect(server, WHOLE)) as person:
            assert answer(person).startswith(b"HTTP/1.1 200")
        if not first:  # each of them is answered when it asks
            for browser in crowd:
                browser.sendall(WHOLE)
            assert all(answer(browser).endswith(b"done") for browser in crowd)
        assert desk.begun == 1 + (0 if first else number)
        for each in crowd:
            each.close()


def test_a_request_asks_none_of_a_thousand_idle_browsers_what_they_want(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(modulo, "REPASO", 3600.0)
    asked = list[object]()
    readable = HTTPChannel.readable
    monkeypatch.setattr(
        HTTPChannel, "readable", lambda channel: (asked.append(channel), readable(channel))[1]
    )
    with serving(Desk()) as server:
        crowd = [connect(server) for _ in range(BROWSERS)]
        until(lambda: len(asked) >= BROWSERS)  # each as it comes
        with closing(connect(server, WHOLE)) as person:
            assert answer(person).endswith(b"done")
            asked.clear()
            for _ in range(20):
                person.sendall(WHOLE)
                assert answer(person).endswith(b"done")
            assert len(set(asked)) == 1
        for each in crowd:
            each.close()


def test_a_stop_answers_what_was_taken_and_takes_no_more() -> None:
    desk = Desk()
    desk.go_on.clear()
    with serving(desk) as server, ExitStack() as connections:
        people = [connections.enter_context(closing(connect(server, WHOLE))) for _ in range(20)]
        half = connections.enter_context(closing(connect(server, HALF_BODY)))
        until(lambda: desk.begun == modulo.HILOS)
        time.sleep(0.3)  # the other twelve have arrived and wait for a thread
        port = server.puerto
        server.parar()

        def refused() -> bool:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except ConnectionRefusedError:
                return True
            except ConnectionResetError:  # it knocked while the door was being closed
                return False
            return False

        until(refused)
        desk.go_on.set()
        told = [answer(person) for person in people]
        assert [each[-4:] for each in told] == [b"done"] * 20
        # nobody asks again in one that ends
        assert all(b"\r\nConnection: close\r\n" in each for each in told)
        assert comes_again(answer(half))


def comes_again(said: bytes) -> bool:
    head, _, body = said.partition(b"\r\n\r\n")
    return (
        said.startswith(b"HTTP/1.1 503 ")
        and b"\r\nRetry-After: 5" in head
        and f"\r\nContent-Length: {len(body)}\r\n".encode() in head
    )


def test_of_fifty_that_run_at_a_stop_those_that_cannot_be_answered_in_time_are_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(modulo, "GRACIA", 1.0)
    desk, some = Desk(), threading.Semaphore(20)
    slow = Desk()
    slow.go_on.clear()

    def twenty(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return (desk if some.acquire(blocking=False) else slow)(environ, start)

    with serving(twenty) as server, ExitStack() as connections:
        idle = connections.enter_context(closing(connect(server)))
        people = [connections.enter_context(closing(connect(server, WHOLE))) for _ in range(50)]
        server.parar()
        told = [answer(person) for person in people]
        assert answer(idle) == b""  # nobody who asked nothing is told anything
        slow.go_on.set()
    assert sum(each.endswith(b"done") for each in told) == 20
    assert sum(map(comes_again, told)) == 30
    assert slow.begun == modulo.HILOS  # who was told to come again is not begun afterwards


def test_who_has_knocked_before_a_stop_is_answered() -> None:
    """As far as the system alone knows of them yet."""
    desk = Desk()
    server = Servidor(desk, ("127.0.0.1", 0))
    with ExitStack() as connections:
        people = [connections.enter_context(closing(connect(server, WHOLE))) for _ in range(50)]
        server.parar()
        server.servir()
        assert [answer(person)[-4:] for person in people] == [b"done"] * 50


def test_nothing_to_read_is_not_the_end_of_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[HTTPChannel]()
    readable = HTTPChannel.readable
    monkeypatch.setattr(
        HTTPChannel, "readable", lambda channel: (asked.append(channel), readable(channel))[1]
    )
    with serving(Desk()) as server, closing(connect(server)) as person:
        until(lambda: bool(asked))
        asked[0].handle_read_event()  # as if the system had said that there is something
        person.sendall(WHOLE)
        assert answer(person).endswith(b"done")


SOCKETS = """
import os, stat
for each in os.listdir("/proc/self/fd"):
    try:
        if int(each) > 2 and stat.S_ISSOCK(os.fstat(int(each)).st_mode):
            print(each)
    except OSError:
        pass  # that of the list itself
"""


def test_a_program_that_is_begun_beside_the_server_gets_none_of_its_sockets() -> None:
    given = socket.create_server(("127.0.0.1", 0))
    given.set_inheritable(True)  # as one that another program handed over
    with serving(Desk(), [given]) as server, closing(connect(server, WHOLE)) as person:
        assert answer(person).endswith(b"done")
        child = run(
            [sys.executable, "-I", "-c", SOCKETS],
            close_fds=False,
            capture_output=True,
            text=True,
            check=True,
        )
    assert child.stdout == ""


def test_a_request_that_trickles_is_cut_off_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modulo, "PLAZO", 1.0)
    monkeypatch.setattr(modulo, "MIRADA", 0.1)
    with (
        serving(Desk()) as server,
        closing(connect(server, HALF_BODY)) as slow,
        closing(connect(server)) as idle,
    ):
        begin = time.monotonic()
        with suppress(OSError):  # whichever the system says of a closed connection
            while time.monotonic() < begin + PATIENCE:
                slow.sendall(b"x")
                time.sleep(0.1)
        assert time.monotonic() < begin + PATIENCE
        assert time.monotonic() - begin >= 1.0
        idle.sendall(WHOLE)  # who has sent nothing yet may wait longer
        assert answer(idle).endswith(b"done")


def test_a_body_that_is_too_large_is_refused_by_its_length_before_it_is_taken() -> None:
    head = f"POST / HTTP/1.1\r\nHost: v\r\nContent-Length: {80_000_000}\r\n\r\n".encode()
    with serving(Desk()) as server, closing(connect(server, head)) as large:
        assert large.recv(100).startswith(b"HTTP/1.1 413")


SECOND = b"GET /second HTTP/1.1\r\nHost: v\r\n\r\n"
CHUNKS = b"4\r\nabcd\r\n0\r\n\r\n"
ONCE = b"Transfer-Encoding: chunked\r\n"
#: Head and body of requests whose end two readers may see at two places.
AMBIGUOUS = {
    "length and chunks": (b"1.1", b"Content-Length: 4\r\n" + ONCE, b"0\r\n\r\n"),
    "chunks and length": (b"1.1", ONCE + b"Content-Length: 4\r\n", b"0\r\n\r\n"),
    "length and chunks, to be asked first": (
        b"1.1",
        b"Expect: 100-continue\r\nContent-Length: 4\r\n" + ONCE,
        b"0\r\n\r\n",
    ),
    "length and an empty coding": (b"1.1", b"Content-Length: 4\r\nTransfer-Encoding:\r\n", b"abcd"),
    "two lengths": (b"1.1", b"Content-Length: 4\r\nContent-Length: 40\r\n", b"abcd"),
    "two lengths, to be asked first": (
        b"1.1",
        b"Expect: 100-continue\r\nContent-Length: 4\r\nContent-Length: 40\r\n",
        b"abcd",
    ),
    "two lengths in one": (b"1.1", b"Content-Length: 4, 40\r\n", b"abcd"),
    "a length with a sign": (b"1.1", b"Content-Length: +4\r\n", b"abcd"),
    "chunked twice": (b"1.1", b"Transfer-Encoding: chunked, chunked\r\n", CHUNKS),
    "chunked in two lines": (b"1.1", ONCE + ONCE, CHUNKS),
    "chunked in the next line": (b"1.1", b"Transfer-Encoding:\r\n chunked\r\n", CHUNKS),
    "chunked after a sign that is no blank": (
        b"1.1",
        b"Transfer-Encoding: \x0bchunked\r\n",
        CHUNKS,
    ),
    "a blank before the colon": (b"1.1", b"Transfer-Encoding : chunked\r\n", CHUNKS),
    "a line that ends by half": (b"1.1", b"X: a\n" + ONCE, CHUNKS),
    "a coding that nobody knows": (b"1.1", b"Transfer-Encoding: identity\r\n", b""),
    "a size of a chunk that is none": (b"1.1", ONCE, b"0x4\r\nabcd\r\n0\r\n\r\n"),
    "a chunk that is longer than it says": (b"1.1", ONCE, b"4\r\nabcdef\r\n0\r\n\r\n"),
    "an old version with chunks": (b"1.0", b"Connection: keep-alive\r\n" + ONCE, CHUNKS),
    "a version that there is not": (b"1.2", ONCE, CHUNKS),
    "a second host": (b"1.1", b"Host: w\r\n", b""),
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_request_whose_end_is_ambiguous_is_refused_and_nothing_after_it_is_read(
    name: str,
) -> None:
    """What follows in the same connection may be the body of the first, smuggled in as a second
    request (RFC 9112, 6.3)."""
    version, head, body = AMBIGUOUS[name]
    desk = Desk()
    with serving(desk) as server:
        whole = b"POST / HTTP/" + version + b"\r\nHost: v\r\n" + head + b"\r\n" + body + SECOND
        with closing(connect(server, whole)) as connection:
            said = answer(connection)  # to its end: a connection that stays open is a timeout
        assert said[9:12] in (b"400", b"501")
        assert said.count(b"HTTP/1.") == 1
        assert desk.begun == 0


@pytest.mark.parametrize(
    ("head", "body"),
    [(b"Content-Length: 4\r\n", b"abcd"), (ONCE, CHUNKS)],
    ids=["a length", "chunks"],
)
def test_a_request_that_says_its_end_once_is_taken_and_so_is_the_next(
    head: bytes, body: bytes
) -> None:
    desk = Desk()
    with (
        serving(desk) as server,
        closing(
            connect(server, b"POST / HTTP/1.1\r\nHost: v\r\n" + head + b"\r\n" + body)
        ) as connection,
    ):
        assert answer(connection).startswith(b"HTTP/1.1 200")
        connection.sendall(SECOND)
        assert answer(connection).endswith(b"done")
    assert desk.begun == 2


def test_the_command_serves_until_it_is_told_to_stop_and_says_when_the_port_is_taken(
    tmp_path: Path,
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        order = [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(port)]
        env = {**os.environ, "INSTANCE": str(tmp_path)}
        # as far as a start looks
        with closing(sqlite3.connect(tmp_path / "ventanilla.db")) as base:
            base.executescript("CREATE TABLE instance (id TEXT); CREATE TABLE cuenta (id INTEGER)")
        refusal = run(order, env=env, cwd=ROOT, capture_output=True, text=True, timeout=START)
        assert refusal.returncode == 1
        assert refusal.stderr.splitlines()[-1].startswith(
            f"No se puede escuchar en 127.0.0.1:{port}:"
        )
    server = spawn(order, env=env, cwd=ROOT)
    try:

        def serves() -> bool:
            assert server.poll() is None
            return listens(port)

        until(serves, START)
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0
    finally:
        server.kill()
        server.wait()


TOLD_AT_ONCE = """
import os, signal, sys
from flask.cli import main
from webforms.comandos import servidor

class Told(servidor.Servidor):
    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        os.kill(os.getpid(), signal.SIGTERM)

servidor.Servidor = Told
sys.argv = ["flask", "--app", "app", "serve", "--port", sys.argv[1]]
main()
"""


def test_one_that_is_told_to_stop_as_it_begins_to_listen_ends_in_order(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ventanilla.db")) as base:
        base.executescript("CREATE TABLE instance (id TEXT); CREATE TABLE cuenta (id INTEGER)")
    (port,) = free_ports(1)
    order = [sys.executable, "-c", TOLD_AT_ONCE, str(port)]
    env = {**os.environ, "INSTANCE": str(tmp_path)}
    done = run(order, env=env, cwd=ROOT, capture_output=True, text=True, timeout=START)
    assert done.returncode == 0, done.stderr


def _who(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answers who asks, as the application is told of it."""
    told = " ".join(
        str(environ.get(name, "-")) for name in ("REMOTE_ADDR", "wsgi.url_scheme")
    ).encode()
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(told)))])
    return [told]


@pytest.mark.parametrize("on", ["a port", "a socket of the file system"])
@pytest.mark.parametrize(("proxies", "told"), [(0, b"127.0.0.1 http"), (1, b"203.0.113.7 https")])
def test_what_a_proxy_says_of_who_asks_reaches_the_application_that_believes_it(
    on: str, proxies: int, told: bytes, tmp_path: Path
) -> None:
    """As app.py puts it together: a server that takes such headers away would make everybody one
    address, that of the proxy."""
    where: tuple[str, int] | Path = ("127.0.0.1", 0) if on == "a port" else tmp_path / "web.sock"
    server = Servidor(ProxyFix(_who, x_for=proxies, x_proto=proxies) if proxies else _who, where)
    loop = threading.Thread(target=server.servir)
    loop.start()
    said = b"GET / HTTP/1.0\r\nX-Forwarded-For: 198.51.100.1, 203.0.113.7\r\nX-Forwarded-Proto: https\r\n\r\n"
    with closing(
        socket.socket(socket.AF_UNIX if isinstance(where, Path) else socket.AF_INET)
    ) as line:
        line.settimeout(PATIENCE)
        line.connect(str(where) if isinstance(where, Path) else ("127.0.0.1", server.puerto))
        line.sendall(said)
        read = b""
        while piece := line.recv(65_536):
            read += piece
    server.parar()
    loop.join(PATIENCE)
    assert read.endswith(b"\r\n" + told)


def test_a_socket_of_the_file_system_is_for_its_group_and_a_file_of_somebody_else_stays(
    tmp_path: Path,
) -> None:
    where = tmp_path / "web.sock"
    for _begun_again in range(2):  # the one that ended leaves its name behind
        server = Servidor(Desk(), where)
        assert stat.S_IMODE(where.stat().st_mode) == 0o660
        threading.Thread(target=server.parar).start()
        server.servir()
    other = tmp_path / "other"
    other.write_text("of somebody else", "ascii")
    with pytest.raises(FileExistsError):
        Servidor(Desk(), other)
    assert other.read_text("ascii") == "of somebody else"
