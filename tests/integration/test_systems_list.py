"""The list of whom containers may speak to (`deploy/container/systems.conf`), in an nginx that has
the module stream: built in as the official image has it, or the file that `NGINX_STREAM` names
(else where Debian's package `libnginx-mod-stream` puts it)."""

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from tests.kit.agency import until
from tests.kit.processes import free_ports, run, spawn

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (ROOT / "deploy/container/systems.conf").read_text("utf-8")
LISTED, OTHER = "servicios.entidad.gov.co", "otra.entidad.gov.co"
MODULE = Path(os.environ.get("NGINX_STREAM", "/usr/lib/nginx/modules/ngx_stream_module.so"))


def order() -> list[str] | None:
    """nginx with its stream, where both are."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        return None
    built = run([nginx, "-V"], capture_output=True, text=True).stderr
    if "--with-stream " in f"{built} ":
        return [nginx]
    return [nginx, "-g", f"load_module {MODULE};"] if MODULE.exists() else None


@dataclass
class System:
    """Somebody outside: answers with its name, over TLS or at once."""

    door: socket.socket
    tls: ssl.SSLContext | None
    came: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.door.getsockname()[1])

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _who = self.door.accept()
                self.came.append("came")
                with contextlib.suppress(OSError):
                    line = self.tls.wrap_socket(line, server_side=True) if self.tls else line
                    line.sendall(b"220 hola")
                line.close()


@contextlib.contextmanager
def system(tls: ssl.SSLContext | None = None) -> Iterator[System]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        there = System(door, tls)
        threading.Thread(target=there.serve, daemon=True).start()
        yield there
        door.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def forwarding(folder: Path, said: str, port: int) -> Iterator[None]:
    program = order()
    if program is None:
        pytest.skip("nginx with its module stream is not on this machine")
    said = re.sub(r"^pid .+;$", f"pid {folder / 'nginx.pid'};", said, flags=re.MULTILINE).replace(
        "/dev/stdout", str(folder / "access.log")
    )
    if os.getuid() == 0:
        said = f"user root;\n{said}"
    (folder / "systems.conf").write_text(said, "utf-8")
    at_work = spawn(
        [*program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "systems.conf")],
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: listens(port) or None)
        yield
    finally:
        until(lambda: (folder / "nginx.pid").exists() or None)
        run(
            [
                *program,
                "-p",
                str(folder),
                "-e",
                "stderr",
                "-c",
                str(folder / "systems.conf"),
                "-s",
                "stop",
            ],
            stderr=subprocess.DEVNULL,
        )
        at_work.wait(30)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2):
        return True
    return False


def filled(https: System, mail: System, port: int, mail_port: int) -> str:
    """As somebody fills it: the lines that stand there as examples, with other addresses."""
    said = SHIPPED.replace("listen 443;", f"listen 127.0.0.1:{port};")
    said, names = re.subn(
        rf"# ({re.escape(LISTED)}) 10\.0\.0\.30:443;", rf"\1 127.0.0.1:{https.port};", said
    )
    head, mark, tail = said.partition("    # server {\n")
    tail = "".join(re.sub(r"^    # ?", "    ", line) for line in tail.splitlines(keepends=True))
    said = (
        head
        + mark.replace("# ", "")
        + tail.replace("listen 587;", f"listen 127.0.0.1:{mail_port};")
    )
    said, mails = re.subn(r"10\.0\.0\.25:587;", f"127.0.0.1:{mail.port};", said)
    assert (names, mails) == (1, 1)
    return said


def asked(port: int, name: str, authority: trustme.CA) -> bytes:
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with (
        socket.create_connection(("127.0.0.1", port), 10) as line,
        trust.wrap_socket(line, server_hostname=name) as whole,
    ):
        return whole.recv(100)


def said_to(port: int, words: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(words)
        with contextlib.suppress(ConnectionResetError):
            return line.recv(100)
    return b""


def test_who_is_listed_is_reached_encrypted_from_end_to_end_and_nobody_else(tmp_path: Path) -> None:
    authority = trustme.CA()
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(LISTED, OTHER).configure_cert(theirs)
    port, mail_port = free_ports(2)
    with (
        system(theirs) as https,
        system() as mail,
        forwarding(tmp_path, filled(https, mail, port, mail_port), port),
    ):
        assert asked(port, LISTED, authority) == b"220 hola"
        assert said_to(mail_port, b"") == b"220 hola"
        assert (https.came, mail.came) == (["came"], ["came"])
        with pytest.raises((ssl.SSLError, ConnectionError)):
            asked(port, OTHER, authority)
        assert said_to(port, b"GET / HTTP/1.0\r\nHost: " + LISTED.encode() + b"\r\n\r\n") == b""
        assert (https.came, mail.came) == (["came"], ["came"])
        where = https.port
    log = (tmp_path / "access.log").read_text("ascii")
    assert f" {LISTED} 127.0.0.1:{where} 200 " in log
    assert f" {OTHER} - 500 " in log


def test_as_it_is_shipped_nobody_is_reached(tmp_path: Path) -> None:
    authority = trustme.CA()
    (port,) = free_ports(1)
    with forwarding(tmp_path, SHIPPED.replace("listen 443;", f"listen 127.0.0.1:{port};"), port):
        for name in (LISTED, OTHER):
            with pytest.raises((ssl.SSLError, ConnectionError)):
                asked(port, name, authority)
