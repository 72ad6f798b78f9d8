"""The keys that sign the log of the evidence: a file outside of the database, for its owner only,
or a credential that systemd hands over.

A line each: the private ones that sign, Ed25519 and ML-DSA-44, and «PAST size public» of those that
signed before, up to that size.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from common.notes import ED25519, MLDSA44, BadNote, Keyring, Signer, Verifier
from webforms.base.ajustes import ajustes

DE_ANTES = "PAST"
PALABRAS = 3  # of such a line


class LlaveMala(Exception):
    """The file is there and holds no key, or everybody may read it."""


@dataclass(frozen=True, slots=True)
class Llaves:
    firmantes: tuple[Signer, ...]
    publicas: Keyring

    @property
    def dichas(self) -> list[str]:
        """The public ones, as `leidas` reads them."""
        return [
            *(str(v) for v in self.publicas.current),
            *(f"{v} {hasta}" for hasta, vs in self.publicas.past for v in vs),
        ]


def propio() -> Path:
    """Where keys are made, and beside which lies what was checked by them."""
    return ajustes().llave


def archivo() -> Path:
    """Where they are: those just made here before those that were handed over, which they take the
    place of."""
    entregada: Path | None = ajustes().evidence_credential
    return propio() if entregada is None or os.access(propio(), os.F_OK) else entregada


def llaves() -> Llaves | None:
    """None: this place signs nothing. Raises LlaveMala, and OSError of the disk."""
    lugar = archivo()
    if not lugar.exists():
        return None
    # systemd lets the account of the unit read by a list of access, whose mask shows where the
    # group's rights stand.
    de_otros = 0o077 if lugar == propio() else 0o007
    if lugar.stat().st_mode & de_otros:
        raise LlaveMala
    try:
        lineas = lugar.read_text("utf-8").splitlines()
        firmantes = tuple(
            Signer.read(linea)
            for linea in lineas
            if linea.strip() and not linea.startswith(DE_ANTES)
        )
        pasadas = leidas(
            f"{vkey} {hasta}"
            for _antes, hasta, vkey in (li.split() for li in lineas if li.startswith(DE_ANTES))
        )
    except (BadNote, UnicodeDecodeError, ValueError) as error:
        raise LlaveMala from error
    if not firmantes or len({f.name for f in firmantes}) > 1:
        raise LlaveMala
    return Llaves(firmantes, Keyring(tuple(f.verifier for f in firmantes), pasadas.past))


def leidas(dichas: Iterable[str]) -> Keyring:
    """Public keys; one that has ended with the size of the tree up to which it signed. BadNote: one
    is none."""
    ahora, antes = [], dict[int, list[Verifier]]()
    for dicha in dichas:
        vkey, _espacio, hasta = dicha.strip().partition(" ")
        llave = Verifier.read(vkey)
        if not hasta:
            ahora.append(llave)
        elif hasta.isascii() and hasta.isdecimal():
            antes.setdefault(int(hasta), []).append(llave)
        else:
            raise BadNote("form")
    return Keyring(
        tuple(ahora), tuple((hasta, tuple(suyas)) for hasta, suyas in sorted(antes.items()))
    )


def nuevas(nombre: str) -> Llaves:
    """Made and kept. FileExistsError: there are some. BadNote: no note can carry this name."""
    firmantes = _hechas(nombre or nombre_propio())
    if archivo().exists():
        raise FileExistsError
    _escribir(propio(), firmantes, ())
    return Llaves(firmantes, Keyring(tuple(f.verifier for f in firmantes)))


def renovadas(antes: Llaves, hasta: int) -> Llaves:
    """New ones in the place of these, which signed up to that size; of them only the public part
    stays. Those that were handed over stay where they are, and these come before them
    (`archivo`)."""
    firmantes = _hechas(antes.firmantes[0].name)
    pasadas = (*antes.publicas.past, (hasta, antes.publicas.current))
    aparte = propio().with_name(propio().name + ".new")
    aparte.unlink(missing_ok=True)
    _escribir(aparte, firmantes, pasadas)
    aparte.replace(propio())
    return Llaves(firmantes, Keyring(tuple(f.verifier for f in firmantes), pasadas))


def _hechas(nombre: str) -> tuple[Signer, ...]:
    return Signer.new(nombre, ED25519), Signer.new(nombre, MLDSA44)


def _escribir(
    lugar: Path, firmantes: Iterable[Signer], pasadas: Iterable[tuple[int, tuple[Verifier, ...]]]
) -> None:
    lineas = [f.secret for f in firmantes] + [
        f"{DE_ANTES} {hasta} {v}" for hasta, vs in pasadas for v in vs
    ]
    nuevo(lugar, "".join(f"{linea}\n" for linea in lineas).encode())


def nuevo(lugar: Path, contenido: bytes) -> None:
    """Its owner's alone, whole and on the disk, or not there. FileExistsError, OSError of the
    disk."""
    abierto = os.open(lugar, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(abierto, "wb") as destino:
            destino.write(contenido)
            destino.flush()
            os.fsync(destino.fileno())
    except OSError:
        lugar.unlink()
        raise


def nombre_propio() -> str:
    """The log is called by the address of the place: www.entidad.gov.co/registro."""
    direccion = urlsplit(ajustes().base_url)
    return f"{direccion.netloc}{direccion.path.rstrip('/')}/registro"
