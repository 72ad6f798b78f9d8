"""A witness of a log as C2SP describes it (tlog-witness): takes a checkpoint that its log signed
and that goes on from the last one.

Written from the text of the protocol, beside that of the product; `make witness` runs the same
tests on litewitness, which others wrote.
"""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from common import merkle, notes
from common.notes import BadNote, Checkpoint, Signer, Verifier

NOW = 1_795_000_000


@dataclass
class Witness:
    """`log`: the key of the log that it knows."""

    log: Verifier
    key: Signer = field(default_factory=lambda: Signer.new("testigo.example/w1", notes.COSIGNATURE))
    size: int = 0
    root: bytes = merkle.EMPTY
    address: str = ""
    broken: bool = False

    def add(self, body: str) -> tuple[int, str, str]:
        """Status, kind and text of the answer."""
        head, _, note = body.partition("\n\n")
        first, *hashes = head.split("\n")
        old, proof = (
            int(first.removeprefix("old ")),
            [base64.b64decode(each) for each in hashes if each],
        )
        tree = Checkpoint.of(note)
        if tree.origin != self.log.name:
            return 404, "", "unknown log"
        try:
            notes.read(note, [self.log])
        except BadNote:
            return 403, "", "not signed by the log"
        if old > tree.size:
            return 400, "", "smaller than it was"
        if old != self.size:
            return 409, "text/x.tlog.size", f"{self.size}\n"
        if old and not merkle.is_consistent(old, self.root, tree.size, tree.root, proof):
            return 422, "", "another past"
        self.size, self.root = tree.size, tree.root
        return 200, "", self.key.line(tree.text, NOW)


@contextmanager
def running(witness: Witness) -> Iterator[Witness]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, kind, text = (500, "", "") if witness.broken else witness.add(body)
            self.send_response(status)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    witness.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield witness
    finally:
        server.shutdown()
        server.server_close()
