"""An HTTP service of somebody else on a free port: it keeps what it was asked, and answers what a
test says, or fails so."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Service:
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answer: bytes = b"{}"
    # what the next requests get instead; 0: silence
    faults: list[int] = field(default_factory=list)
    elsewhere: str = ""  # where a redirect leads


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def log_message(self, *_args: Any) -> None:
        """Quiet."""

    def work(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.service.asked.append(
            Asked(self.command, self.path, dict(self.headers), json.loads(body) if body else None)
        )
        status = self.service.faults.pop(0) if self.service.faults else 200
        if status == 0:
            time.sleep(1.5)
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Location", self.service.elsewhere)
        self.end_headers()
        self.wfile.write(self.service.answer)


for _verb in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{_verb}", _Handler.work)


@contextmanager
def service() -> Iterator[Service]:
    given = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"service": given}))
    server.daemon_threads = True
    loop = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    loop.start()
    given.url = f"http://127.0.0.1:{server.server_address[1]}/api"
    try:
        yield given
    finally:
        server.shutdown()
        server.server_close()
        loop.join(5)
