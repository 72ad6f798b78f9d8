"""litewitness (filippo.io/torchwood, BSD-3-Clause), a witness that others wrote, on loopback; its
key is held by an ssh-agent.

Its log is entered with two INSERTs: what its `witnessctl add-log` and `add-key` do, another program
that one log does not need.
"""

import base64
import hashlib
import os
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common import merkle
from common.notes import COSIGNATURE, Verifier
from tests.kit.processes import run, spawn

NAME = "testigo.example/w1"


@contextmanager
def litewitness(binary: str, folder: Path, log: Verifier) -> Iterator[tuple[str, Verifier]]:
    """Address and key."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    pem, agent_socket = folder / "w.pem", str(folder / "s")
    pem.touch(mode=0o600)
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
    )
    kind = b"ssh-ed25519"
    blob = len(kind).to_bytes(4) + kind + len(public).to_bytes(4) + public
    fingerprint = "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    children = [spawn(["ssh-agent", "-D", "-a", agent_socket], stdout=subprocess.DEVNULL)]
    try:
        while not Path(agent_socket).exists():
            time.sleep(0.05)
        run(
            ["ssh-add", "-q", str(pem)],
            env={**os.environ, "SSH_AUTH_SOCK": agent_socket},
            check=True,
        )
        order = [
            binary,
            "-db",
            str(folder / "w.db"),
            "-name",
            NAME,
            "-key",
            fingerprint,
            "-ssh-agent",
            agent_socket,
        ]
        children.append(spawn([*order, "-listen", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL))
        _wait(port)
        with closing(sqlite3.connect(folder / "w.db")) as db, db:
            db.execute(
                "INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)",
                (log.name, base64.b64encode(merkle.EMPTY).decode()),
            )
            db.execute("INSERT INTO key (origin, key) VALUES (?, ?)", (log.name, str(log)))
        yield f"http://127.0.0.1:{port}", Verifier(NAME, public, COSIGNATURE)
    finally:
        for child in reversed(children):
            child.terminate()
            child.wait()


def _wait(port: int) -> None:
    for _again in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(port)
