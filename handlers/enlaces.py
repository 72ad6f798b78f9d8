"""Where the site is reached, and the single-use link with which a citizen rates an answer (M5-1-01 act. 15)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Enlaces:
    """The token follows from the case and a secret, so that nobody stores it: the database has its hash, the mail has it."""

    sitio: str  # where this site is reached, as configured (BASE_URL): never what a request says of it
    secreto: bytes

    def token(self, caso_id: int) -> str:
        firma = hmac.new(self.secreto, f"calificacion-respuesta:{caso_id}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(firma).rstrip(b"=").decode()

    def url(self, caso_id: int) -> str:
        return f"{self.sitio}/calificar/{self.token(caso_id)}"
