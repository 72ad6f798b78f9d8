"""A mail server on loopback that keeps every message in a maildir: for the demo, where a page shows
them, and for tests.

`python -m demo.correo_local --port 8025 --maildir FOLDER`. Addresses at REBOTA are refused like
those of unknown people.
"""

import argparse
import asyncio
import datetime as dt
import email
import mailbox
import re
import signal
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
REBOTA = "rebota.example"
MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Resumen:
    """A line of the list of messages, newest first."""

    id: str
    de: str
    para: str
    asunto: str
    fecha: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Recibido:
    resumen: Resumen
    texto: str
    html: str


class _Buzon:
    """Hooks of aiosmtpd: which recipients are taken, and where a message goes."""

    def __init__(self, maildir: Path) -> None:
        self._maildir = _abrir(maildir)

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address.rpartition("@")[2].lower() == REBOTA:
            return "550 5.1.1 El buzon no existe"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self._maildir.add(envelope.original_content or b"")
        return "250 OK"


class ConPuerto(Controller):
    """Controller that can take a free port: it learns which before it knocks at its own door."""

    def _trigger_server(self) -> None:
        if isinstance(self.server, asyncio.Server):
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has no types


class CorreoLocal:
    """Start and stop; a context manager too. Port 0 takes a free one, `port` tells which."""

    def __init__(self, maildir: Path, port: int = 0) -> None:
        self._controller = ConPuerto(
            _Buzon(maildir),
            hostname=HOST,
            port=port,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            server_hostname="correo.local",
        )
        self.port = port

    def start(self) -> None:
        self._controller.start()
        self.port = self._controller.port

    def stop(self) -> None:
        self._controller.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


def list_messages(maildir: Path, limit: int = 100) -> list[Resumen]:
    """The newest messages."""
    caja = _abrir(maildir)
    claves = sorted(caja.iterkeys(), key=_orden, reverse=True)
    return [_resumen(clave, _leer(caja, clave)) for clave in claves[:limit]]


def get_message(maildir: Path, key: str) -> Recibido | None:
    """One message by the id of the list; None when there is none."""
    caja = _abrir(maildir)
    if key not in caja:
        return None
    correo = _leer(caja, key)
    partes = {tipo: correo.get_body((tipo,)) for tipo in ("plain", "html")}
    textos = {
        tipo: str(parte.get_content()) if parte is not None else ""
        for tipo, parte in partes.items()
    }
    return Recibido(_resumen(key, correo), textos["plain"], textos["html"])


def _abrir(maildir: Path) -> "mailbox.Maildir":
    maildir.parent.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(maildir, create=True)


def _orden(clave: str) -> tuple[int, int, int]:
    """When it came, from its file name "SECONDS.MmicrosPpidQcount.host": nothing has to be
    opened."""
    partes = re.match(r"(\d+)\.M(\d+)P\d+Q(\d+)", clave)
    return (int(partes[1]), int(partes[2]), int(partes[3])) if partes else (0, 0, 0)


def _leer(caja: "mailbox.Maildir", clave: str) -> EmailMessage:
    correo = email.message_from_bytes(caja.get_bytes(clave), policy=default)
    if not isinstance(correo, EmailMessage):
        raise TypeError(clave)
    return correo


def _resumen(clave: str, correo: EmailMessage) -> Resumen:
    fecha = correo["Date"]
    return Resumen(
        clave,
        str(correo["From"]),
        str(correo["To"]),
        str(correo["Subject"]).strip(),
        fecha.datetime if fecha else None,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Servidor de correo local de la demostración")
    parser.add_argument("--port", type=int, default=8025)
    parser.add_argument("--maildir", type=Path, default=Path("instance/correo"))
    opciones = parser.parse_args()
    fin = threading.Event()
    for orden in (signal.SIGINT, signal.SIGTERM):
        signal.signal(orden, lambda *_: fin.set())
    with CorreoLocal(opciones.maildir, opciones.port):
        fin.wait()


if __name__ == "__main__":
    main()
