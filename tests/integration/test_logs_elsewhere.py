"""The log on its way to another machine, by the files of `deploy/logs`: run where nginx and the
programs of systemd-journal-remote are."""

import contextlib
import json
import logging
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
import trustme

from common.lines import JsonLines
from engine.store.tables import Access
from engine.store.uow import prepare
from tests.kit.cast import FUNCIONARIA
from tests.kit.engine import Kit
from tests.kit.processes import free_ports, run, spawn

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "deploy/logs"
OPTIONS = {
    "URL": "url",
    "ServerKeyFile": "key",
    "ServerCertificateFile": "cert",
    "TrustedCertificateFile": "trust",
}
FOLDERS = "/lib/systemd:/usr/lib/systemd"
REMOTE, UPLOAD = (
    shutil.which(f"systemd-journal-{name}", path=FOLDERS) for name in ("remote", "upload")
)
JOURNALCTL, NGINX = shutil.which("journalctl"), os.environ.get("NGINX") or shutil.which("nginx")
PATIENCE = 30.0

pytestmark = pytest.mark.skipif(
    not (REMOTE and UPLOAD and JOURNALCTL and NGINX),
    reason="nginx or systemd-journal-remote is not on this machine",
)


def certificate(authority: trustme.CA, folder: Path) -> dict[str, str]:
    """Of somebody of this authority, as options of both programs."""
    folder.mkdir()
    made = authority.issue_cert("127.0.0.1")
    made.private_key_pem.write_to_path(str(folder / "key.pem"))
    made.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    return {
        "key": str(folder / "key.pem"),
        "cert": str(folder / "cert.pem"),
        "trust": str(folder / "authority.pem"),
    }


@dataclass
class Wire:
    """What stands between the two machines, and hears all that passes."""

    to: int
    port: int = 0
    heard: bytes = b""

    @contextlib.contextmanager
    def open(self) -> Iterator["Wire"]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]
            threading.Thread(target=self._serve, args=(server,), daemon=True).start()
            yield self

    def _serve(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = server.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(65_536):
                self.heard += piece
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)


def read(*where: str) -> list[str]:
    """The messages of a journal, in their order."""
    found = run(
        [str(JOURNALCTL), "--output=json", "--quiet", "--no-pager", *where],
        capture_output=True,
        text=True,
    )
    return [str(json.loads(line)["MESSAGE"]) for line in found.stdout.splitlines()]


@dataclass
class Elsewhere:
    """The other machine: what it received so far."""

    folder: Path
    wire: Wire

    def messages(self) -> list[str]:
        return read(f"--directory={self.folder}") if any(self.folder.iterdir()) else []

    def send(self, journal: Path, who: dict[str, str]) -> int:
        """The shipped configuration, with the places of this test; what the program answers."""
        said = dict(
            re.findall(
                r"^(\w+)=(.*)$", (LOGS / "journal-upload.conf").read_text("utf-8"), re.MULTILINE
            )
        )
        assert said.keys() == OPTIONS.keys()
        assert said["URL"].startswith("https://")
        given = {**who, "url": f"https://127.0.0.1:{self.wire.port}"}
        order = [
            str(UPLOAD),
            f"--file={journal}",
            f"--save-state={journal.parent / 'state'}",
            "--follow=no",
        ]
        sent = run(
            [*order, *(f"--{OPTIONS[name]}={given[OPTIONS[name]]}" for name in said)],
            capture_output=True,
            timeout=PATIENCE,
        )
        return int(sent.returncode)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def elsewhere(tmp_path: Path, authority: trustme.CA) -> Iterator[Elsewhere]:
    """nginx by the file that is shipped, and the receiver behind it; ports and certificates are
    those of the test."""
    behind, port = free_ports(2)
    theirs, folder = certificate(authority, tmp_path / "theirs"), tmp_path / "received"
    folder.mkdir()
    said = (LOGS / "receiver.conf").read_text("utf-8")
    for was, now in (
        ("listen 19532 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("proxy_pass http://127.0.0.1:19531;", f"proxy_pass http://127.0.0.1:{behind};"),
        ("/etc/ssl/certs/registros.pem", theirs["cert"]),
        ("/etc/ssl/private/registros.key", theirs["key"]),
        ("/etc/ssl/ca/ventanilla.pem", theirs["trust"]),
    ):
        assert was in said
        said = said.replace(was, now)
    temporary = "".join(
        f"{each}_temp_path {tmp_path / each};"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    log, main = tmp_path / "nginx.log", tmp_path / "nginx.conf"
    main.write_text(
        f"daemon off; pid {tmp_path / 'pid'}; error_log {log}; events {{}} http {{ {temporary}\n{said}\n}}",
        "utf-8",
    )
    with (
        running(
            [
                str(REMOTE),
                f"--listen-http=127.0.0.1:{behind}",
                f"--output={folder}",
                "--split-mode=host",
            ],
            behind,
            tmp_path / "remote.log",
        ),
        running(
            [str(NGINX), "-e", str(log), "-c", str(main), "-p", str(tmp_path)],
            port,
            tmp_path / "started.log",
        ),
        Wire(port).open() as wire,
    ):
        yield Elsewhere(folder, wire)


@contextlib.contextmanager
def running(order: list[str], port: int, said: Path) -> Iterator[None]:
    with said.open("wb") as log:
        process = spawn(order, stdout=log, stderr=log)
    try:
        until_it_listens(port)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def until_it_listens(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(port)


@pytest.fixture
def lines(tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Three entries of the access chain, as web and worker write them on stderr."""
    caplog.set_level(logging.INFO, "access")
    db = sa.create_engine(sqlite_url)
    prepare(db)
    kit, form = Kit(db), JsonLines(tmp_path / "traces")
    for n in range(3):
        kit.engine.log_access(FUNCIONARIA, "consulta_caso", f"caso-{n}", now=kit.later(minutes=n))
    with db.connect() as connection:
        hashes = [
            bytes(each).hex()
            for each in connection.scalars(sa.select(Access.hash).order_by(Access.n))
        ]
    written = [form.format(record) for record in caplog.records if record.name == "access"]
    assert [json.loads(line)["hash"] for line in written] == hashes
    return written


@pytest.fixture
def journal(tmp_path: Path, lines: list[str]) -> Path:
    """That of this machine, with these lines, each as a unit of ours writes it."""
    (folder := tmp_path / "journal").mkdir()
    entries = [
        f"__REALTIME_TIMESTAMP={1_764_500_000_000_000 + n}\n__MONOTONIC_TIMESTAMP={1_000 + n}\n_BOOT_ID={'b' * 32}\n"
        f"_MACHINE_ID={'a' * 32}\n_HOSTNAME=ventanilla\n_SYSTEMD_UNIT=ventanilla-web@1.service\nPRIORITY=6\nMESSAGE={line}\n"
        for n, line in enumerate(lines)
    ]
    file = folder / "here.journal"
    made = run(
        [str(REMOTE), f"--output={file}", "-"],
        input="\n".join(entries) + "\n",
        text=True,
        capture_output=True,
    )
    assert made.returncode == 0, made.stderr
    assert read(f"--file={file}") == lines
    return file


def test_every_line_reaches_the_other_machine_and_nobody_on_the_way_reads_it(
    elsewhere: Elsewhere, journal: Path, lines: list[str], authority: trustme.CA, tmp_path: Path
) -> None:
    assert elsewhere.send(journal, certificate(authority, tmp_path / "ours")) == 0
    end = time.monotonic() + PATIENCE
    while elsewhere.messages() != lines and time.monotonic() < end:
        time.sleep(0.1)
    assert elsewhere.messages() == lines
    assert len(elsewhere.wire.heard) > 1_000
    assert b"caso-1" not in elsewhere.wire.heard


@pytest.mark.parametrize("stranger", ["they", "we"])
def test_nothing_is_sent_to_nor_taken_from_a_stranger(
    elsewhere: Elsewhere, journal: Path, authority: trustme.CA, tmp_path: Path, stranger: str
) -> None:
    ours, other = (
        certificate(authority, tmp_path / "ours"),
        certificate(trustme.CA(), tmp_path / "other"),
    )
    who = {"they": {**ours, "trust": other["trust"]}, "we": {**other, "trust": ours["trust"]}}[
        stranger
    ]
    assert elsewhere.send(journal, who) != 0
    assert elsewhere.messages() == []
    assert b"caso-1" not in elsewhere.wire.heard
