"""A turn system of another vendor on a free port: it signs what it tells, gives what was missed
page by page, and takes what is signed.

Its signatures are made here, by the specification of Standard Webhooks and without the library of
the product.
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

IN, OUT, TOKEN = (
    "whsec_" + base64.b64encode(b"el que firma el turnero....").decode(),
    base64.b64encode(b"el que firma ventanilla....").decode(),
    "ficha",
)
NEEDED = ("punto", "ticket", "numero", "clase", "cuando", "modulo")
KINDS = {
    "llamado",
    "rellamado",
    "iniciado",
    "ausente",
    "devuelto",
    "retirado",
    "finalizado",
    "trasladado",
}
FIVE = dt.timedelta(minutes=5)


def signed(secret: str, name: str, when: dt.datetime, body: bytes) -> dict[str, str]:
    """The three headers, as the specification has them."""
    stamp = str(int(when.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = base64.b64encode(
        hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    ).decode()
    return {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": f"v1,{made}"}


@dataclass
class Turnero:
    url: str = ""
    now: dt.datetime = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    events: list[dict[str, Any]] = field(default_factory=list)  # what it gives to whoever asks
    heard: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, bytes] = field(default_factory=dict)  # of messages that it took
    # what the next requests get instead; 0: silence
    faults: list[int] = field(default_factory=list)
    page: int = 3

    def told(self) -> list[tuple[str, str]]:
        return [(h["numero"], h["clase"]) for h in self.heard]


class _Handler(BaseHTTPRequestHandler):
    turnero: Turnero
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        """Quiet."""

    def work(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self._fails():
            return
        if self.command == "GET":
            self._answer(*self._events())
        else:
            self._answer(self._heard(body), {})

    def _fails(self) -> bool:
        if not self.turnero.faults:
            return False
        status = self.turnero.faults.pop(0)
        if status == 0:
            time.sleep(1.0)
            self.close_connection = True
            return True
        self._answer(status, {"error": "no"})
        return True

    def _events(self) -> tuple[int, dict[str, Any]]:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {}
        asked = parse_qs(urlsplit(self.path).query)
        if urlsplit(self.path).path != "/api/eventos":
            return 404, {}
        since = int(asked.get("desde", ["0"])[0] or 0)
        some = min(self.turnero.page, int(asked["tope"][0]))
        given = self.turnero.events[since : since + some]
        return 200, {
            "eventos": given,
            "hasta": str(since + len(given)),
            "mas": since + len(given) < len(self.turnero.events) and some > 0,
        }

    def _heard(self, body: bytes) -> int:
        t, name = self.turnero, self.headers.get("webhook-id", "")
        stamp = self.headers.get("webhook-timestamp", "")
        if urlsplit(self.path).path != "/api/avisos":
            return 404
        if self.headers.get("Content-Type") != "application/json":
            return 415
        when = dt.datetime.fromtimestamp(int(stamp or 0), dt.UTC)
        if abs(t.now - when) > FIVE or signed(OUT, name, when, body)[
            "webhook-signature"
        ] != self.headers.get("webhook-signature"):
            return 401
        if name in t.names:
            return 409 if t.names[name] == body else 422
        told = json.loads(body)
        if (
            set(told) != set(NEEDED)
            or told["clase"] not in KINDS
            or dt.datetime.fromisoformat(told["cuando"]).tzinfo is None
        ):
            return 422
        t.names[name] = body
        t.heard.append(told)
        return 204

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        text = b"" if status == 204 else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


for _verb in ("GET", "POST"):
    setattr(_Handler, f"do_{_verb}", _Handler.work)


@contextmanager
def turnero() -> Iterator[Turnero]:
    given = Turnero()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"turnero": given}))
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
