"""A time stamping authority on loopback: OpenSSL's, asked by HTTP as RFC 3161 says it (section
3.4)."""

import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.kit.processes import run

CONFIG = """[tsa]
dir = @dir
serial = @dir/serial
signer_cert = @dir/tsa.pem
signer_key = @dir/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class Authority:
    """`answer` in place of what OpenSSL says, where one is given."""

    address: str
    roots: Path
    answer: list[bytes]


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _files(folder: Path) -> None:
    now, keys = dt.datetime.now(dt.UTC), [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    root, stamping = _name("Autoridad raíz"), _name("Sellos de tiempo")
    for subject, key, name, extension in (
        (root, keys[0], "root", x509.BasicConstraints(ca=True, path_length=0)),
        (stamping, keys[1], "tsa", x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])),
    ):
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root)
            .public_key(key.public_key())
        )
        made = made.serial_number(x509.random_serial_number()).not_valid_before(
            now - dt.timedelta(days=1)
        )
        made = made.not_valid_after(now + dt.timedelta(days=365)).add_extension(
            extension, critical=True
        )
        (folder / f"{name}.pem").write_bytes(
            made.sign(keys[0], hashes.SHA256()).public_bytes(Encoding.PEM)
        )
    (folder / "tsa.key").write_bytes(
        keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.replace("@dir", str(folder)))


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    folder.mkdir()
    _files(folder)
    openssl, lock, answer = shutil.which("openssl"), threading.Lock(), list[bytes]()
    assert openssl, "openssl plays the authority"

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with lock:  # of the serial number
                asked = self.rfile.read(int(self.headers["Content-Length"]))
                (folder / "asked").write_bytes(asked)
                order = [
                    openssl,
                    "ts",
                    "-reply",
                    "-config",
                    "tsa.cnf",
                    "-section",
                    "tsa",
                    "-queryfile",
                    "asked",
                    "-out",
                    "stamp",
                ]
                if self.headers["Content-Type"] != "application/timestamp-query":
                    self.send_error(415)
                    return
                run(order, cwd=folder, check=True, capture_output=True)
                said = answer[0] if answer else (folder / "stamp").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Authority(f"http://127.0.0.1:{server.server_port}/tsr", folder / "root.pem", answer)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
