"""A device that keeps passkeys (WebAuthn level 2), as a browser hands on what it signs; it signs
what it is told to, right or wrong."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as b64

PRESENT, VERIFIED, NEW_KEY = 0x01, 0x04, 0x40
NO_AAGUID = bytes(16)


@dataclass
class Passkey:
    """Of one place and one person. `step` 0: it does not count what it signs."""

    origin: str = "https://ventanilla.test"
    rp: str = "ventanilla.test"
    id: bytes = b"una llave de prueba"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    step: int = 1
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def _client(self, kind: str, options: Any) -> bytes:
        return json.dumps(
            {
                "type": kind,
                "challenge": options["challenge"],
                "origin": self.origin,
                "crossOrigin": False,
            }
        ).encode()

    def _authenticator(self, extra: bytes = b"", flags: int = 0) -> bytes:
        self.count += self.step
        return (
            hashlib.sha256(self.rp.encode()).digest()
            + bytes([self.flags | flags])
            + self.count.to_bytes(4, "big")
            + extra
        )

    def made(self, options: Any) -> str:
        """What `navigator.credentials.create` gives."""
        numbers = self.private.public_key().public_numbers()
        cose = cbor2.dumps(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        extra = NO_AAGUID + len(self.id).to_bytes(2, "big") + self.id + cose
        attested = cbor2.dumps(
            {"fmt": "none", "attStmt": {}, "authData": self._authenticator(extra, NEW_KEY)}
        )
        client = self._client("webauthn.create", options)
        return self._credential({"clientDataJSON": b64(client), "attestationObject": b64(attested)})

    def signed(self, options: Any) -> str:
        """What `navigator.credentials.get` gives."""
        client, data = self._client("webauthn.get", options), self._authenticator()
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            {
                "clientDataJSON": b64(client),
                "authenticatorData": b64(data),
                "signature": b64(signature),
            }
        )

    def _credential(self, response: dict[str, str]) -> str:
        return json.dumps(
            {
                "id": b64(self.id),
                "rawId": b64(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
