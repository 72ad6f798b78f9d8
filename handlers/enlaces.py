"""Where the site is reached, and links of one use: to rate an answer (M5-1-01 act. 15), to fetch a
report (5.2.32), to confirm an address of mail, to set a password; their secret stands behind a `#`,
which no browser sends (webforms/base/llevados.py). And the seal that each mail bears. The link that
ends mails is one that mail programs ask for by themselves (RFC 8058), so all of it is its
address."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from records.base.reglas.firmas import (
    codigo_de_respuesta,
    firmar,
    token_de_calificacion,
    token_de_clave,
    token_de_entrega,
)

SELLO: Final = 22  # letters of a seal: 132 bits
DE_ANTES: Final = 20  # of mails that left before 30-11-2026, which may still come back


@dataclass(frozen=True, slots=True)
class Enlaces:
    """The token follows from what it is of and a secret, so that nobody stores it: the database has
    its hash, the mail has it."""

    # where this site is reached, as configured (BASE_URL): never what a request says of it
    sitio: str
    secreto: bytes
    anteriores: tuple[bytes, ...] = ()  # secrets of before, whose links and seals still hold

    def con_el_de(self, vale: Callable[["Enlaces"], bool]) -> "Enlaces":
        """With the secret by which something was made before: of which this holds. It is a token
        whose hash is kept; of nothing that is kept, with that of now."""
        de_antes = (Enlaces(self.sitio, secreto) for secreto in self.anteriores)
        return next((enlaces for enlaces in (self, *de_antes) if vale(enlaces)), self)

    def token(self, caso_id: int) -> str:
        return token_de_calificacion(self.secreto, caso_id)

    def url(self, caso_id: int) -> str:
        return f"{self.sitio}/calificar/#{self.token(caso_id)}"

    def codigo_de_respuesta(self, clave: str) -> str:
        return codigo_de_respuesta(self.secreto, clave)

    def token_de_entrega(self, entrega_id: int) -> str:
        return token_de_entrega(self.secreto, entrega_id)

    def url_de_entrega(self, entrega_id: int) -> str:
        return f"{self.sitio}/entrega/#{self.token_de_entrega(entrega_id)}"

    def token_de_direccion(self, clave: str) -> str:
        """Confirms the address to which the mail of this key went."""
        return self._firma(f"confirmar-correo:{clave}")

    def url_de_direccion(self, clave: str) -> str:
        return f"{self.sitio}/correo/confirmar/#{self.token_de_direccion(clave)}"

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
        largo = len(numero) + 1 + (DE_ANTES if len(sello) == DE_ANTES else SELLO)
        suyas = (
            Enlaces(self.sitio, secreto).marca(int(numero))[:largo]
            for secreto in (self.secreto, *self.anteriores)
        )
        return (
            int(numero)
            if any(hmac.compare_digest(suya.encode(), marca.encode()) for suya in suyas)
            else None
        )

    def url_de_clave(self, de_que: str) -> str:
        return f"{self.sitio}/clave/#{self.token_de_clave(de_que)}"

    def token_de_clave(self, de_que: str) -> str:
        return token_de_clave(self.secreto, de_que)

    def _firma(self, que: str) -> str:
        return firmar(self.secreto, que)
