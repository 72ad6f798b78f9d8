"""Where the site is reached, and links of one use: to rate an answer (M5-1-01 act. 15), to fetch a report (5.2.32)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Enlaces:
    """The token follows from what it is of and a secret, so that nobody stores it: the database has its hash, the mail has it."""

    sitio: str  # where this site is reached, as configured (BASE_URL): never what a request says of it
    secreto: bytes

    def token(self, caso_id: int) -> str:
        return self._firma(f"calificacion-respuesta:{caso_id}")

    def url(self, caso_id: int) -> str:
        return f"{self.sitio}/calificar/{self.token(caso_id)}"

    def token_de_entrega(self, entrega_id: int) -> str:
        return self._firma(f"entrega-interventor:{entrega_id}")

    def url_de_entrega(self, entrega_id: int) -> str:
        return f"{self.sitio}/entrega/{self.token_de_entrega(entrega_id)}"

    def _firma(self, que: str) -> str:
        firma = hmac.new(self.secreto, que.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(firma).rstrip(b"=").decode()
