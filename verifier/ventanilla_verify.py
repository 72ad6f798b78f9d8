#!/usr/bin/env python3
"""Checks the evidence of a case (`flask evidence export`) offline: this file, Python 3.11 or newer,
and a public key of the log.

    python3 ventanilla_verify.py case.json --key 'www.agency.gov.co/registro+1a2b3c4d+Ae...'

Give every key that `flask evidence key` told, or got from whoever keeps them: all of them must have
signed. The key of a witness may be given, too. Exit code 0: whole. 1: something is wrong, each
fault has its line; also a file that is no export, or was cut off. 2: no key, no file, or no way to
write the answer. Whoever stops reading it (`| head`) ends the program by SIGPIPE, which a shell
calls 141.

What is checked: the signature of the checkpoint (Ed25519 of RFC 8032, ML-DSA-44 of FIPS 204, as
C2SP's signed-note and tlog-cosignature lay them), that the newest entry of each instance and each
note is under it (tlog-proof, RFC 6962), that every row of the journal carries the hash of the one
before, that each form gives the digest in its row, and that the facts beside the chain are those
that the log saw. Nothing is taken from the network.

What a form is called is for who reads: no hash covers it. That a note has no text is said, for
nothing in the file tells who took it away.

The electronic index of the file is compared with the export alone: each version with the hash
beside it and with that of the one before, and the digests of forms that it names with the journal,
which is under the signature. Its own hashes are not: whoever makes the export can make an index
anew, hashes and all, as long as the forms stay. Files, answers and dates that an index names are
believed. That a version is the one that was closed says the access chain, which `flask audit
verify` compares where the database is.
"""

import argparse
import base64
import binascii
import datetime as dt
import hashlib
import io
import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = "ventanilla-evidence/1"
LARGEST = 1 << 30  # bytes of an export
START = bytes(32)
ED25519, COSIGNATURE, MLDSA44 = 1, 4, 6
LENGTHS = {ED25519: 32, COSIGNATURE: 32, MLDSA44: 1_312}

SPANISH = os.environ.get(
    "LANGUAGE", os.environ.get("LC_ALL", os.environ.get("LANG", ""))
).startswith("es")
SENTENCES = {
    "file": (
        "it is no export of a case that this program knows",
        "no es una exportación de un caso que este programa conozca",
    ),
    "unproven": ("is under no checkpoint", "no está bajo ninguna firma"),
    "proof": ("its proof does not hold", "su prueba no sirve"),
    "signature": (
        "its checkpoint is not signed by the keys given",
        "lo firmado no lleva la firma de las llaves dadas",
    ),
    "other": ("its proof is of something else", "su prueba es de otra cosa"),
    "edited": ("was changed", "fue cambiada"),
    "missing": ("is missing", "falta"),
    "cut": ("the log saw more than there is", "el registro vio más de lo que hay"),
    "head": ("is not what the log saw", "no dice lo que el registro vio"),
    "facts": (
        "its case, version, state or times are not those that the log saw",
        "su caso, versión, estado u horas no son los que el registro vio",
    ),
    "form": ("what was sent does not give its digest", "lo enviado no da su huella"),
    "inserted": ("nobody sent it", "nadie la envió"),
    "text": ("its text does not give its digest", "su texto no da su huella"),
    "document": (
        "it names a form by another digest than the journal",
        "nombra un formulario con otra huella que el diario",
    ),
    "none": ("there is nothing to check", "no hay nada que comprobar"),
}
WHOLE = (
    "whole: {i} instances, {r} rows, {f} forms ({e} erased), {n} notes; {s}",
    "completo: {i} instancias, {r} filas, {f} formularios ({e} borrados), {n} notas; {s}",
)
NO_TEXT = (
    "{n} notes have no text: it was erased, or is left out of this file; only their digests are proven",
    "{n} notas no tienen texto: se borró, o falta en este archivo; solo sus huellas están probadas",
)
LATER = "{n} rows are newer than the signature", "{n} filas son posteriores a la firma"
INDEXES = (
    "index: {n} versions agree with this export and its journal; no signature reaches them",
    "índice: {n} versiones concuerdan con esta exportación y su diario; ninguna firma las alcanza",
)
SIGNED = "signed at {t}, tree of {s} entries", "firmado {t}, árbol de {s} entradas"
UNWRITTEN = "the answer could not be written", "la respuesta no se pudo escribir"
UNTIMED = "signed, tree of {s} entries", "firmado, árbol de {s} entradas"


class Bad(Exception):
    """What is wrong, a key of SENTENCES."""


@dataclass(frozen=True)
class Fault:
    where: str
    what: str

    def __str__(self) -> str:
        """One line, whatever the file calls its parts: what would move a terminal, or begin another
        line, is written out."""
        where = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in self.where)
        return f"{where}: {SENTENCES[self.what][SPANISH]}"


# --- what the hashes cover ------------------------------------------------------------------------
def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def canonical(value: Any) -> str:
    """JSON with sorted keys and nothing between; numbers as the product writes them."""
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return (
            "{"
            + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in sorted(value))
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """Shortest digits, decimals from 1e-5 on, else an exponent without zeros before it."""
    text = repr(value)
    found = re.fullmatch(r"(-?)(\d)(?:\.(\d+))?e([+-])0*(\d+)", text)
    if found is None:
        return text
    sign, first, more, direction, exponent = found.groups(default="")
    if (direction, exponent) == ("-", "5"):
        return f"{sign}0.0000{first}{more}"
    return f"{sign}{first}{'.' + more if more else ''}e{direction}{exponent}"


def digest(*parts: Any) -> bytes:
    return sha256(canonical(list(parts)).encode())


def octets(text: str) -> bytes:
    """Of base64 that is written in the one way in which it can be. ValueError: it is not."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError(text)
    return raw


def row_hash(instance: str, row: dict[str, Any]) -> bytes:
    covered = [
        instance,
        row["rev"],
        row["at"],
        row["actor_kind"],
        row["actor_id"],
        row["kind"],
        row["element"],
        row["detail"],
    ]
    covered.append(row["digest"])
    return sha256(bytes.fromhex(row["prev_hash"]) + digest(*covered) + sha256(octets(row["delta"])))


# --- signatures: Ed25519 (RFC 8032) ---------------------------------------------------------------
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def _x(y: int, odd: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    return P - x if x & 1 != odd else x


def _point(octets: bytes) -> Point | None:
    number = int.from_bytes(octets, "little")
    y, odd = number & (1 << 255) - 1, number >> 255
    x = _x(y, odd) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


_BASE_Y = 4 * pow(5, -1, P) % P
_BASE_X = _x(_BASE_Y, 0) or 0
BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(signature) != 2 * LENGTHS[ED25519]:
        return False
    a, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = _times(s, BASE), _add(r, _times(h, a))
    return not (
        (left[0] * right[2] - right[0] * left[2]) % P
        or (left[1] * right[2] - right[1] * left[2]) % P
    )


# --- signatures: ML-DSA-44 (FIPS 204, algorithm 3) ------------------------------------------------
Q, K, N, TAU, OMEGA, DROPPED = 8_380_417, 4, 256, 39, 80, 13
GAMMA1, GAMMA2, BETA = 1 << 17, (Q - 1) // 88, 78
SIGNATURE, CHALLENGE, OF_Z = 2_420, 32, 576
Poly = list[int]


def _reversed(n: int) -> int:
    return int(f"{n:08b}"[::-1], 2)


ZETAS = [pow(1753, _reversed(n), Q) for n in range(N)]


def _ntt(values: Poly) -> Poly:
    w, m, step = values.copy(), 0, 128
    while step:
        for start in range(0, N, 2 * step):
            m += 1
            zeta = ZETAS[m]
            for j in range(start, start + step):
                t = zeta * w[j + step] % Q
                w[j + step], w[j] = (w[j] - t) % Q, (w[j] + t) % Q
        step >>= 1
    return w


def _from_ntt(values: Poly) -> Poly:
    w, m, step = values.copy(), N, 1
    while step < N:
        for start in range(0, N, 2 * step):
            m -= 1
            zeta = -ZETAS[m]
            for j in range(start, start + step):
                t = w[j]
                w[j] = (t + w[j + step]) % Q
                w[j + step] = zeta * (t - w[j + step]) % Q
        step <<= 1
    return [8_347_681 * value % Q for value in w]


def _bits(octets: bytes, width: int) -> Poly:
    number, mask = int.from_bytes(octets, "little"), (1 << width) - 1
    return [number >> width * place & mask for place in range(len(octets) * 8 // width)]


def _matrix(rho: bytes, row: int, column: int) -> Poly:
    stream, place = hashlib.shake_128(rho + bytes([column, row])).digest(1_344), 0
    found: Poly = []
    while len(found) < N:
        if place + 3 > len(stream):
            stream = hashlib.shake_128(rho + bytes([column, row])).digest(2 * len(stream))
        value = stream[place] | stream[place + 1] << 8 | (stream[place + 2] & 0x7F) << 16
        place += 3
        if value < Q:
            found.append(value)
    return found


def _ball(seed: bytes) -> Poly:
    stream, poly, place = hashlib.shake_256(seed).digest(1_024), [0] * N, 8
    signs = int.from_bytes(stream[:8], "little")
    for i in range(N - TAU, N):
        while stream[place] > i:
            place += 1
        j = stream[place]
        place += 1
        poly[i], poly[j] = poly[j], 1 - 2 * (signs & 1)
        signs >>= 1
    return poly


def _hints(octets: bytes) -> list[set[int]] | None:
    """None: not written in the one way in which they can be."""
    hints, index = [], 0
    for i in range(K):
        end = octets[OMEGA + i]
        if end < index or end > OMEGA:
            return None
        places = list(octets[index:end])
        if places != sorted(set(places)):
            return None
        hints.append(set(places))
        index = end
    return None if any(octets[index:OMEGA]) else hints


def _high(value: int, *, hint: bool) -> int:
    low = value % (2 * GAMMA2)
    low -= 2 * GAMMA2 if low > GAMMA2 else 0
    high, low = (0, low - 1) if value - low == Q - 1 else ((value - low) // (2 * GAMMA2), low)
    return high if not hint else (high + 1) % 44 if low > 0 else (high - 1) % 44


def mldsa44(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(public) != LENGTHS[MLDSA44] or len(signature) != SIGNATURE:
        return False
    challenge, packed = signature[:CHALLENGE], signature[CHALLENGE : CHALLENGE + K * OF_Z]
    z = [
        [GAMMA1 - value for value in _bits(packed[i * OF_Z : (i + 1) * OF_Z], 18)] for i in range(K)
    ]
    hints = _hints(signature[CHALLENGE + K * OF_Z :])
    if hints is None or any(abs(value) >= GAMMA1 - BETA for poly in z for value in poly):
        return False
    rho = public[:32]
    t1 = [
        [value << DROPPED for value in _bits(public[32 + i * 320 : 32 + (i + 1) * 320], 10)]
        for i in range(K)
    ]
    mu = hashlib.shake_256(hashlib.shake_256(public).digest(64) + b"\0\0" + message).digest(64)
    c, zs = _ntt(_ball(challenge)), [_ntt([value % Q for value in poly]) for poly in z]
    encoded = b""
    for i in range(K):
        row, shifted = [_matrix(rho, i, j) for j in range(K)], _ntt([value % Q for value in t1[i]])
        w = _from_ntt(
            [
                (sum(row[j][n] * zs[j][n] for j in range(K)) - c[n] * shifted[n]) % Q
                for n in range(N)
            ]
        )
        high = [_high(value, hint=n in hints[i]) for n, value in enumerate(w)]
        encoded += sum(value << 6 * n for n, value in enumerate(high)).to_bytes(
            N * 6 // 8, "little"
        )
    return hashlib.shake_256(mu + encoded).digest(CHALLENGE) == challenge


# --- signed notes and the tree (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof; RFC 6962)
@dataclass(frozen=True)
class Key:
    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public)[:4]

    @staticmethod
    def read(text: str) -> "Key":
        """ValueError: it is none."""
        name, told, value = text.strip().partition(" ")[0].split("+", 2)
        raw = base64.b64decode(value, validate=True)
        key = Key(name, raw[0] if raw else 0, raw[1:])
        if LENGTHS.get(key.kind) != len(key.public) or key.id.hex() != told:
            raise ValueError(text)
        return key

    def signed(self, text: str, signature: bytes) -> tuple[bool, int | None]:
        """Whether, and at which second if that is signed."""
        if self.kind == ED25519:
            return ed25519(self.public, text.encode(), signature), None
        when, value = int.from_bytes(signature[:8]), signature[8:]
        if self.kind == COSIGNATURE:
            return ed25519(
                self.public, f"cosignature/v1\ntime {when}\n{text}".encode(), value
            ), when
        origin, size, root = text.split("\n")[:3]
        who, log = (bytes([len(each.encode())]) + each.encode() for each in (self.name, origin))
        tree = bytes(8) + int(size).to_bytes(8) + base64.b64decode(root)
        return mldsa44(
            self.public, b"subtree/v1\n\0" + who + signature[:8] + log + tree, value
        ), when


@dataclass(frozen=True)
class Tree:
    origin: str
    size: int
    root: bytes
    at: int | None


def open_checkpoint(note: str, keys: list[Key]) -> Tree:
    """The tree that all of these keys signed."""
    text, _, tail = note.rpartition("\n\n")
    text += "\n"
    found: dict[Key, int | None] = {}
    known = {(key.name, key.id): key for key in keys}
    for line in tail.splitlines():
        dash, name, value = line.split(" ")
        raw = octets(value)
        key = known.get((name, raw[:4]))
        if dash != "\u2014":
            raise Bad("proof")
        if key is not None:
            good, when = key.signed(text, raw[4:])
            if not good:
                raise Bad("signature")
            found[key] = when
    if not keys or set(found) != set(keys):
        raise Bad("signature")
    origin, size, root = text.split("\n")[:3]
    logs = {key.name for key in keys if key.kind != COSIGNATURE}
    if logs != {origin} or not re.fullmatch(r"0|[1-9]\d{0,18}", size, re.ASCII):
        raise Bad("signature")
    return Tree(
        origin,
        int(size),
        base64.b64decode(root, validate=True),
        next((at for at in found.values() if at is not None), None),
    )


def included(leaf: bytes, index: int, tree: Tree, path: list[bytes]) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < tree.size:
        return False
    place, last, value = index, tree.size - 1, leaf
    for other in path:
        if not last:
            return False
        if place & 1 or place == last:
            value = sha256(b"\1" + other + value)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            value = sha256(b"\1" + value + other)
        place, last = place >> 1, last >> 1
    return not last and value == tree.root


@dataclass(frozen=True)
class Entry:
    kind: str
    subject: str
    rev: int
    head: str
    facts: str


class Proofs:
    """Reads proofs under these keys; of many under one checkpoint its signatures are checked
    once."""

    def __init__(self, keys: list[Key]) -> None:
        self.keys, self.trees = keys, dict[str, Tree]()

    def read(self, text: str | None) -> Entry:
        if not text:
            raise Bad("unproven")
        head, _, note = text.partition("\n\n")
        name, extra, index, *path = head.split("\n")
        if (
            name != "c2sp.org/tlog-proof@v1"
            or not extra.startswith("extra ")
            or not index.startswith("index ")
        ):
            raise Bad("proof")
        if note not in self.trees:
            self.trees[note] = open_checkpoint(note, self.keys)
        entry, hashes = octets(extra[6:]), [octets(each) for each in path]
        if not included(sha256(b"\0" + entry), int(index[6:]), self.trees[note], hashes):
            raise Bad("proof")
        return Entry(*json.loads(entry))


# --- an export ------------------------------------------------------------------------------------
@dataclass
class Checked:
    instances: int = 0
    rows: int = 0
    forms: int = 0
    erased: int = 0
    notes: int = 0
    without_text: int = 0
    indexes: int = 0
    later: int = 0  #: rows that are newer than the signature
    trees: tuple[Tree, ...] = ()


READING = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    binascii.Error,
)


def verify(export: Any, keys: list[Key]) -> tuple[Checked, list[Fault]]:
    checked, proofs, faults = Checked(), Proofs(keys), list[Fault]()
    if not isinstance(export, dict) or export.get("format") != FORMAT:
        return checked, [Fault("export", "file")]
    instances, notes = (
        each if isinstance(each, list) else [None]
        for each in (export.get("instances"), export.get("notes", []))
    )
    indexes = export.get("indexes", [])
    indexes = indexes if isinstance(indexes, list) else [None]
    for kind, things, check in (
        ("instance", instances, _instance),
        ("note", notes, _note),
        ("index", indexes, _index),
    ):
        for place, thing in enumerate(things):
            where = f"{kind} {thing.get('id', place + 1) if isinstance(thing, dict) else place}"
            try:
                faults += [
                    Fault(f"{where}{at}", what)
                    for at, what in check(thing, export, proofs, checked)
                ]
            except Bad as bad:
                faults.append(Fault(where, str(bad)))
            except READING:
                faults.append(Fault(where, "file"))
    if not checked.instances and not faults:
        faults.append(Fault("export", "none"))
    checked.trees = tuple(proofs.trees.values())
    return checked, faults


def _instance(
    instance: dict[str, Any], export: dict[str, Any], proofs: Proofs, checked: Checked
) -> Iterator[tuple[str, str]]:
    checked.instances += 1
    id_, rows = instance["id"], instance["journal"]
    hashes: list[str] = []
    for place, row in enumerate(rows, 1):
        if row["rev"] != place:
            yield f", row {place}", "missing"
            return
        before = hashes[-1] if hashes else START.hex()
        if row["prev_hash"] != before or row_hash(id_, row).hex() != row["hash"]:
            yield f", row {place}", "edited"
            return
        hashes.append(row["hash"])
    checked.rows += len(rows)
    yield from _forms(instance, checked)
    if instance["rev"] != len(rows) or instance["case_key"] != export["case"]:
        yield "", "edited"
    seen = proofs.read(instance["proof"])
    if (seen.kind, seen.subject) != ("instance", id_):
        yield "", "other"
    elif seen.rev > len(rows):
        yield "", "cut"
    elif hashes[seen.rev - 1] != seen.head:
        yield "", "head"
    elif seen.rev == len(rows) and _facts(instance) != seen.facts:
        yield "", "facts"
    else:
        checked.later += len(rows) - seen.rev


def _facts(instance: dict[str, Any]) -> str:
    names = ("case_key", "process", "release", "status", "start_key")
    return digest(
        *(instance[name] for name in names), instance["started_at"], instance["ended_at"]
    ).hex()


def _forms(instance: dict[str, Any], checked: Checked) -> Iterator[tuple[str, str]]:
    forms = {form["rev"]: form for form in instance["forms"]}
    if len(forms) != len(instance["forms"]):
        yield ", forms", "inserted"
    erased = {rev for row in instance["journal"] for rev in row["detail"].get("erased", [])}
    for row in instance["journal"]:
        form = forms.pop(row["rev"], None)
        if row["digest"] is None:
            if form is not None:
                yield f", form {row['rev']}", "inserted"
            continue
        checked.forms += 1
        if form is None or form["values"] is None or form["salt"] is None:
            checked.erased += 1
            if row["rev"] not in erased:
                yield f", form {row['rev']}", "form"
            continue
        salt = bytes.fromhex(form["salt"])
        given = sha256(salt + canonical([form["values"]]).encode()).hex()
        told = (form["actor_id"], form["element"])
        if (given, salt.hex(), told) != (
            row["digest"],
            form["salt"],
            (row["actor_id"], row["element"]),
        ):
            yield f", form {row['rev']}", "form"
    for rev in sorted(forms):
        yield f", form {rev}", "inserted"


def _note(
    note: dict[str, Any], export: dict[str, Any], proofs: Proofs, checked: Checked
) -> Iterator[tuple[str, str]]:
    checked.notes += 1
    checked.without_text += note["text"] is None
    if note["text"] is not None and sha256(note["text"].encode()).hex() != note["digest"]:
        yield "", "text"
    seen = proofs.read(note["proof"])
    if (seen.kind, seen.subject) != ("note", str(note["id"])):
        yield "", "other"
    elif seen.head != note["digest"]:
        yield "", "head"
    elif digest(export["case"], note["kind"], note["actor_id"], note["at"]).hex() != seen.facts:
        yield "", "facts"


def _index(
    index: dict[str, Any], export: dict[str, Any], _proofs: Proofs, checked: Checked
) -> Iterator[tuple[str, str]]:
    """A version of the electronic index of the file against the rest of the export: its hash, that
    of the one before, and forms by the digests of the journal. No signature reaches the hash. Of
    one that an act disposed of only the hash is left; the newest is always there."""
    checked.indexes += 1
    before = [each["hash"] for each in export["indexes"] if each["version"] == index["version"] - 1]
    if index["previous"] != (before[0] if before else "") or (not before and index["version"] != 1):
        yield "", "missing"
    if index["xml"] is None:
        if all(each["version"] <= index["version"] for each in export["indexes"]):
            yield "", "missing"
        return
    if sha256(index["xml"].encode()).hex() != index["hash"]:
        yield "", "edited"
    digests = {
        (each["id"], row["rev"]): row["digest"]
        for each in export["instances"]
        for row in each["journal"]
    }
    named = r"<Id>formulario-([^<]+)-(\d+)</Id>.*?<Valor_Huella>([^<]*)</Valor_Huella>"
    for id_, rev, told in re.findall(named, index["xml"], re.DOTALL):
        if digests.get((id_, int(rev))) != told:
            yield f", form {rev}", "document"


def _said(checked: Checked) -> str:
    trees = []
    for tree in sorted(checked.trees, key=lambda tree: tree.size):
        if tree.at is None:
            trees.append(UNTIMED[SPANISH].format(s=tree.size))
        else:
            trees.append(
                SIGNED[SPANISH].format(
                    t=dt.datetime.fromtimestamp(tree.at, dt.UTC).isoformat(), s=tree.size
                )
            )
    counts = {
        "i": checked.instances,
        "r": checked.rows,
        "f": checked.forms,
        "e": checked.erased,
        "n": checked.notes,
    }
    return WHOLE[SPANISH].format(**counts, s="; ".join(trees))


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("export", type=Path)
    parser.add_argument(
        "--key",
        action="append",
        required=True,
        help="a public key, as `flask evidence key` told it; several times",
    )
    given = parser.parse_args(words)
    try:
        keys = [Key.read(text) for text in given.key]
    except (ValueError, IndexError):
        parser.error("--key: this is no public key of a log")
    try:
        export = (
            json.loads(given.export.read_text("utf-8"))
            if given.export.stat().st_size <= LARGEST
            else None
        )
    except OSError as error:
        parser.error(f"{given.export}: {error.strerror}")
    except (ValueError, RecursionError):
        export = None
    checked, faults = verify(export, keys)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if not faults:
        sys.stdout.write(f"{_said(checked)}\n")
        if checked.indexes:
            sys.stdout.write(INDEXES[SPANISH].format(n=checked.indexes) + "\n")
        if checked.without_text:
            sys.stdout.write(NO_TEXT[SPANISH].format(n=checked.without_text) + "\n")
        if checked.later:
            sys.stdout.write(LATER[SPANISH].format(n=checked.later) + "\n")
    return 1 if faults else 0


def answer() -> int:
    """`main` as a program. Who reads no further has no verdict, so the end is the signal's, and not
    the 1 of a fault."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if sys.stdout is None:  # closed by whoever wants the exit code alone
        sys.stdout = io.StringIO()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = main()
        sys.stdout.flush()
    except OSError as error:
        # else Python tries again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"{UNWRITTEN[SPANISH]}: {error.strerror}\n")
        return 2
    return code


if __name__ == "__main__":
    sys.exit(answer())
