"""Where the site is reached, and links of one use: to rate an answer (M5-1-01 act. 15), to fetch a report (5.2.32), to confirm an
address of mail, to set a password. And the seal that each mail bears."""

import hmac
from dataclasses import dataclass
from typing import Final

from records.rules.firmas import firmar
from records.rules.firmas import token_de_clave

SELLO: Final = 22  # letters of a seal: 132 bits
DE_ANTES: Final = 20  # of mails that left before 30-11-2026, which may still come back


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

    def token_de_direccion(self, clave: str) -> str:
        """Confirms the address to which the mail of this key went."""
        return self._firma(f"confirmar-correo:{clave}")

    def url_de_direccion(self, clave: str) -> str:
        return f"{self.sitio}/correo/confirmar/{self.token_de_direccion(clave)}"

    def token_de_baja(self, huella: str) -> str:
        return self._firma(f"baja-de-correo:{huella}")

    def url_de_baja(self, huella: str) -> str:
        return f"{self.sitio}/correo/baja/{self.token_de_baja(huella)}"

    def marca(self, aviso_id: int) -> str:
        """What a mail bears, and what comes back with it: nobody outside can make one."""
        return f"{aviso_id}.{self._firma(f'aviso:{aviso_id}')[:SELLO]}"

    def aviso_de(self, marca: str) -> int | None:
        """The notice of a mark that we made."""
        numero, _, sello = marca.partition(".")
        if not (numero.isascii() and numero.isdigit()):
            return None
        entera = self.marca(int(numero))
        propia = entera[: len(numero) + 1 + DE_ANTES] if len(sello) == DE_ANTES else entera
        return int(numero) if hmac.compare_digest(propia.encode(), marca.encode()) else None

    def url_de_clave(self, semilla: str) -> str:
        return f"{self.sitio}/clave/{token_de_clave(self.secreto, semilla)}"

    def _firma(self, que: str) -> str:
        return firmar(self.secreto, que)
