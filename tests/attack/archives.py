"""Archives of backups that somebody made or changed."""

import gzip
import io
import json
import random
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from common.notes import ED25519, MLDSA44, Signer, sign
from webforms.respaldo.bases import RespaldoFallido
from webforms.respaldo.paquete import Manifiesto, abierto, huella, por_firmar
from webforms.respaldo.sumas import Suma

FIRMANTES = (Signer.new("entidad.example", ED25519), Signer.new("entidad.example", MLDSA44))
LLAVES = [tuple(f.verifier for f in FIRMANTES)]
DOCUMENTO = f"archivos/aa/{'b' * 62}"


@dataclass(frozen=True, slots=True)
class Miembro:
    nombre: str
    contenido: bytes
    tipo: bytes = tarfile.REGTYPE
    hacia: str = ""
    pax: tuple[tuple[str, str], ...] = ()
    tamano: int | None = None  #: that its header claims


def entero(carpeta: Path) -> list[Miembro]:
    """As `flask backup` writes one, of a small base."""
    contenidos = {
        "base": b"SQLite format 3\0" + bytes(2_000),
        "secreto": b"s" * 43,
        DOCUMENTO: b"%PDF-1.7 poder",
    }
    miembros = {}
    for nombre, contenido in contenidos.items():
        (ruta := carpeta / "de-paso").write_bytes(contenido)
        miembros[nombre] = huella(ruta)
    manifiesto = (
        Manifiesto("2026-11-29T00:00:00+00:00", "sqlite", {"punto": Suma(1, "0" * 64)}, miembros)
        .texto()
        .encode()
    )
    firma = sign(por_firmar(manifiesto), FIRMANTES, 1_764_374_400).encode()
    return [
        Miembro(n, c)
        for n, c in (*contenidos.items(), ("manifiesto.json", manifiesto), ("firma", firma))
    ]


def escrito(miembros: list[Miembro], formato: int = tarfile.PAX_FORMAT) -> bytes:
    salida = io.BytesIO()
    with tarfile.open(fileobj=salida, mode="w", format=formato) as paquete:
        for m in miembros:
            cabecera = tarfile.TarInfo(m.nombre)
            cabecera.type, cabecera.linkname, cabecera.pax_headers = m.tipo, m.hacia, dict(m.pax)
            cabecera.size = (
                len(m.contenido)
                if m.tipo in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
                else 0
            )
            if m.tamano is None:
                paquete.addfile(cabecera, io.BytesIO(m.contenido))
            else:
                cabecera.size = m.tamano
                salida.write(cabecera.tobuf(tarfile.GNU_FORMAT) + m.contenido)
    return gzip.compress(salida.getvalue(), 1)


NOMBRES = (
    *(
        "../victima",
        "/victima",
        "archivos/../../victima",
        f"archivos/aa/{'b' * 61}",
        f"archivos/aa/{'B' * 62}",
        f"./{DOCUMENTO}",
        "base/",
    ),
    *(
        "",
        ".",
        "..",
        "base\0.py",
        "base\n",
        " base",
        "BASE",
        "base ",
        "archivos//aa",
        "C:\\victima",
        "\\\\equipo\\c$",
        "app.py",
        "~/.ssh/x",
    ),
    *(
        "x" * 300,
        "archivos/aa/" + "٣" * 62,
        "secreto/../../victima",
        "firma/x",
        "manifiesto.json/../../victima",
        "a/" * 200 + "victima",
    ),
)
TIPOS = (
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.FIFOTYPE,
    tarfile.DIRTYPE,
    tarfile.GNUTYPE_SPARSE,
    b"Z",
)


def otro_nombre(rng: random.Random, ms: list[Miembro]) -> bytes:
    return escrito(
        [*ms[: (n := rng.randrange(len(ms)))], Miembro(rng.choice(NOMBRES), b"x"), *ms[n:]]
    )


def otro_tipo(rng: random.Random, ms: list[Miembro]) -> bytes:
    n = rng.randrange(len(ms))
    hacia = rng.choice(["../victima", "/etc/passwd", "base", "/victima", "../../../victima"])
    ms[n] = replace(ms[n], tipo=rng.choice(TIPOS), hacia=hacia)
    return escrito(ms, rng.choice([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]))


def por_pax(rng: random.Random, ms: list[Miembro]) -> bytes:
    """A header that changes what follows it."""
    n = rng.randrange(len(ms))
    clave = rng.choice(
        [
            "path",
            "linkpath",
            "size",
            "GNU.sparse.name",
            "GNU.sparse.realsize",
            "GNU.sparse.map",
            "uid",
            "comment",
        ]
    )
    valor = rng.choice(["../victima", "/victima", "9" * 30, "-1", "0,1,5", "\0", "x" * 5_000])
    ms[n] = replace(ms[n], pax=((clave, valor),))
    return escrito(ms)


def dos_veces(rng: random.Random, ms: list[Miembro]) -> bytes:
    repetido = rng.choice(ms)
    return escrito([*ms, replace(repetido, contenido=rng.choice([repetido.contenido, b"otro"]))])


def sin_uno(rng: random.Random, ms: list[Miembro]) -> bytes:
    del ms[rng.randrange(len(ms))]
    return escrito(ms)


def otro_contenido(rng: random.Random, ms: list[Miembro]) -> bytes:
    n = rng.randrange(len(ms))
    crudo = bytearray(ms[n].contenido)
    crudo[rng.randrange(len(crudo))] ^= 1 << rng.randrange(8)
    ms[n] = replace(ms[n], contenido=bytes(crudo))
    return escrito(ms)


def otro_byte(rng: random.Random, ms: list[Miembro]) -> bytes:
    """Of the archive before it is compressed: headers, their sums, padding."""
    crudo = bytearray(gzip.decompress(escrito(ms)))
    for _vez in range(rng.choice([1, 1, 5, 50])):
        crudo[rng.randrange(len(crudo))] = rng.randrange(256)
    return gzip.compress(bytes(crudo), 1)


def comprimido_roto(rng: random.Random, ms: list[Miembro]) -> bytes:
    crudo = bytearray(escrito(ms))
    if rng.random() < 0.5:
        return bytes(crudo[: rng.randrange(len(crudo))])
    crudo[rng.randrange(len(crudo))] ^= 0xFF
    return bytes(crudo)


def tamano_falso(rng: random.Random, ms: list[Miembro]) -> bytes:
    return escrito(
        [
            *ms,
            Miembro(
                DOCUMENTO.replace("b", "c"),
                b"x" * 600,
                tamano=rng.choice([1 << 33, 1 << 50, 5_000, 0]),
            ),
        ]
    )


def otro_manifiesto(rng: random.Random, ms: list[Miembro]) -> bytes:
    """Whoever writes one has no key."""
    n = next(n for n, m in enumerate(ms) if m.nombre == "manifiesto.json")
    dicho = json.loads(ms[n].contenido)
    otros = (
        b"",
        b"null",
        b"[" * 5_000,
        b"\xff\xfe",
        b'{"formato": 1e999}',
        json.dumps({**dicho, "tipo": "postgresql"}).encode(),
        json.dumps({**dicho, "miembros": {}}).encode(),
        json.dumps({**dicho, "miembros": {**dicho["miembros"], "../victima": "0"}}).encode(),
        json.dumps({**dicho, "tablas": 7}).encode(),
        json.dumps({**dicho, "ajeno": 1}).encode(),
    )
    ms[n] = replace(ms[n], contenido=rng.choice(otros))
    if rng.random() < 0.5:
        otra = (Signer.new("entidad.example", ED25519), Signer.new("entidad.example", MLDSA44))
        firma = sign(
            por_firmar(ms[n].contenido), rng.choice([otra, FIRMANTES[:1], otra[:1]]), 1_764_374_400
        )
        ms[-1] = Miembro("firma", firma.encode())
    return escrito(ms)


def bomba(rng: random.Random, ms: list[Miembro]) -> bytes:
    """Few bytes that become many."""
    return escrito(
        [
            *ms,
            Miembro(
                rng.choice(["otro", DOCUMENTO.replace("b", "d")]),
                bytes(rng.choice([1 << 20, 1 << 23])),
            ),
        ]
    )


MODOS: tuple[Callable[[random.Random, list[Miembro]], bytes], ...] = (
    *(
        otro_nombre,
        otro_tipo,
        por_pax,
        dos_veces,
        sin_uno,
        otro_contenido,
        otro_byte,
        comprimido_roto,
        tamano_falso,
        otro_manifiesto,
    ),
    bomba,
)


def leido(paquete: Path, dentro_de: Path) -> dict[str, bytes]:
    with abierto(paquete, dentro_de, LLAVES) as (_manifiesto, lugar):
        return {
            str(f.relative_to(lugar)): f.read_bytes()
            for f in lugar.rglob("*")
            if f.is_file() and not f.is_symlink()
        }


def probar(rng: random.Random, carpeta: Path, veces: int) -> tuple[dict[str, int], list[str]]:
    """By kind how many were refused, and what went wrong: one that was taken is as it was signed,
    nothing lies outside of its folder."""
    dentro, paquete = carpeta / "lugar", carpeta / "respaldo.tar.gz"
    dentro.mkdir()
    (carpeta / "victima").write_text("intacta")
    paquete.write_bytes(escrito(entero(carpeta)))
    bueno = leido(paquete, dentro)
    alrededor, sin_firma = {p.name for p in carpeta.iterdir()}, bueno["firma"]
    rehusados, fallas = dict.fromkeys((m.__name__ for m in MODOS), 0), list[str]()
    for vez in range(veces):
        modo = MODOS[vez % len(MODOS)]
        paquete.write_bytes(modo(rng, entero(carpeta)))
        try:
            if leido(paquete, dentro) | {"firma": sin_firma} != bueno:
                fallas.append(f"{vez} {modo.__name__}: taken, and other than what was signed")
        except RespaldoFallido:
            rehusados[modo.__name__] += 1
        if (
            {p.name for p in carpeta.iterdir()} != alrededor
            or (carpeta / "victima").read_text() != "intacta"
            or list(dentro.iterdir())
        ):
            fallas.append(f"{vez} {modo.__name__}: wrote where it must not")
    return rehusados, fallas
