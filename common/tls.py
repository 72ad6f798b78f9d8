"""Our certificate, and whose certificates we accept, when we speak to another machine by TLS.

Somebody else may renew our certificate at any time (an agent of the agency's authority, for hours
or for years): the file is read again when it has changed, and no connection that is open is
touched.
"""

import logging
import ssl
import threading
from pathlib import Path
from typing import Any, Self

from cryptography import x509

log = logging.getLogger(__name__)


def client(authorities: str | None = None, own: str | None = None) -> ssl.SSLContext:
    """`authorities`: file with the only ones that are believed; None: those of the system. `own`:
    file with our certificate, its chain and its key, in PEM; None: we show none. Raises OSError,
    ssl.SSLError: no certificate with its key can be read there."""
    return _Renewed(authorities, own) if own else ssl.create_default_context(cafile=authorities)


def certificate(own: Path) -> x509.Certificate:
    """The first of the file. Raises OSError, ValueError."""
    return x509.load_pem_x509_certificate(own.read_bytes())


class _Renewed(ssl.SSLContext):
    """Hands each connection to a context with the certificate of now."""

    def __new__(cls, authorities: str | None, own: str) -> Self:
        del authorities, own
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self, authorities: str | None, own: str) -> None:
        self._authorities, self._own = authorities, Path(own)
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._now = self._read()

    def _read(self) -> ssl.SSLContext:
        found = self._own.stat()
        made = ssl.create_default_context(cafile=self._authorities)
        # a key that is closed is none: OpenSSL would ask whoever sits at the terminal
        made.load_cert_chain(self._own, password="")
        self._seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        return made

    def _newest(self) -> ssl.SSLContext:
        """The one of before, while a new one is half written."""
        with self._lock:
            try:
                found = self._own.stat()
                if self._seen != (found.st_mtime_ns, found.st_size, found.st_ino):
                    self._now = self._read()
            except (OSError, ssl.SSLError) as error:
                log.warning("our certificate cannot be read: %s: %s", self._own, error)
            return self._now

    def wrap_socket(self, *args: Any, **words: Any) -> ssl.SSLSocket:
        return self._newest().wrap_socket(*args, **words)
