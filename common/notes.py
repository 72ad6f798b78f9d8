"""Signed notes and checkpoints of transparency logs, as C2SP writes them (signed-note,
tlog-checkpoint, tlog-cosignature, tlog-proof).

A note is a text that ends a line, an empty line, and a line of each signature: «— name base64(four
bytes that tell the key, signature)». A checkpoint is a note whose text says origin, size and root
of a tree. A key is told apart by its name and by what it is.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from common import merkle

#: What a key is, the byte by which its texts begin.
ED25519 = 1  #: signs the text
COSIGNATURE = 4  #: Ed25519 over the time and the text (tlog-cosignature)
#: ML-DSA-44 over the time and the tree (tlog-cosignature): stands even where a quantum computer
#: breaks the others
MLDSA44 = 6
LENGTHS = {ED25519: 32, COSIGNATURE: 32, MLDSA44: 1_312}  # bytes of a public key
SEED = 32  # bytes of a private one, of any kind
TIMED = 8  # bytes of a time before a signature
LATEST = 1 << 40  # seconds; beyond there is no date
LARGEST = 64 * 1024  # bytes of a note that is read
MOST_SIGNATURES = 16
LONGEST = 255  # bytes of a name in a cosignature: one byte tells how many
MOST_DIGITS = 19  # of a size
ID = 4  # bytes that tell a key
HEAD = 3  # lines of a proof before its hashes
PROOF = "c2sp.org/tlog-proof@v1"


class BadNote(ValueError):
    """What is wrong with it, in a word: form, signature, unsigned, tree."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key, with the name under which it signs."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def id(self) -> bytes:
        return hashlib.sha256(
            self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        ).digest()[:ID]

    def __str__(self) -> str:
        """As it is handed on: name, id and key in one word."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @staticmethod
    def read(text: str) -> "Verifier":
        """BadNote: it is none, or of another kind."""
        try:
            name, told, key = text.strip().split("+", 2)
            raw = base64.b64decode(key, validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadNote("form") from error
        if not _is_name(name) or not raw or LENGTHS.get(raw[0]) != len(raw) - 1:
            raise BadNote("form")
        made = Verifier(name, raw[1:], raw[0])
        if told != made.id.hex():
            raise BadNote("form")
        return made

    def signed(self, text: str, signature: bytes) -> "Signed | None":
        """None: this key did not sign this."""
        when, value = (
            (None, signature)
            if self.kind == ED25519
            else (int.from_bytes(signature[:TIMED]), signature[TIMED:])
        )
        if when is not None and when >= LATEST:
            return None
        try:
            if self.kind == MLDSA44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(
                    value, _message(self.kind, self.name, text, when)
                )
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(
                    value, _message(self.kind, self.name, text, when)
                )
        except (InvalidSignature, BadNote):
            return None
        return Signed(self, when)


@dataclass(frozen=True, slots=True)
class Signed:
    """By whom, and at which second, if that is under the signature."""

    by: Verifier
    at: int | None


def _message(kind: int, name: str, text: str, when: int | None) -> bytes:
    """What is signed. BadNote: a text that is no checkpoint, or a name that is too long, to a key
    that signs a tree."""
    if when is None:
        return text.encode()
    if kind == COSIGNATURE:
        return f"cosignature/v1\ntime {when}\n{text}".encode()
    tree, names = Checkpoint.of(text), (name.encode(), text.partition("\n")[0].encode())
    if any(len(each) > LONGEST for each in names):
        raise BadNote("form")
    who, origin = (bytes([len(each)]) + each for each in names)
    range_ = (0).to_bytes(TIMED) + tree.size.to_bytes(TIMED)
    return b"subtree/v1\n\0" + who + when.to_bytes(TIMED) + origin + range_ + tree.root


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key. It stays outside of the database."""

    name: str
    private: bytes
    kind: int = ED25519

    @staticmethod
    def new(name: str, kind: int = ED25519) -> "Signer":
        if not _is_name(name):
            raise BadNote("form")
        return Signer(name, os.urandom(SEED), kind)

    @staticmethod
    def read(text: str) -> "Signer":
        """As `secret` wrote it. BadNote: it is none."""
        try:
            private, key, name, told, value = text.strip().split("+", 4)
            raw = base64.b64decode(value, validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadNote("form") from error
        if (
            (private, key) != ("PRIVATE", "KEY")
            or not _is_name(name)
            or len(raw) != SEED + 1
            or raw[0] not in LENGTHS
        ):
            raise BadNote("form")
        made = Signer(name, raw[1:], raw[0])
        if told != made.verifier.id.hex():
            raise BadNote("form")
        return made

    @property
    def secret(self) -> str:
        """The private key with its name, as it is kept in a file."""
        value = base64.b64encode(bytes([self.kind]) + self.private).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{value}"

    @property
    def _key(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.kind == MLDSA44:
            return MLDSA44PrivateKey.from_seed_bytes(self.private)
        return Ed25519PrivateKey.from_private_bytes(self.private)

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key.public_key().public_bytes_raw(), self.kind)

    def line(self, text: str, at: int) -> str:
        """The signature of this text, at this second if this kind of key says so."""
        when = None if self.kind == ED25519 else at
        value = self._key.sign(_message(self.kind, self.name, text, when))
        timed = b"" if when is None else when.to_bytes(TIMED)
        return f"\u2014 {self.name} {base64.b64encode(self.verifier.id + timed + value).decode()}\n"


def sign(text: str, signers: Iterable[Signer], at: int) -> str:
    """The note. The text ends a line and holds no empty one."""
    return text + "\n" + "".join(signer.line(text, at) for signer in signers)


def _is_name(name: str) -> bool:
    return (
        bool(name) and name.isprintable() and "+" not in name and not any(c.isspace() for c in name)
    )


def _is_count(text: str) -> bool:
    """A number that is written in the one way that it can be: of digits, without zeros before."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and str(int(text)) == text


@dataclass(frozen=True, slots=True)
class Opened:
    """A note that known keys signed."""

    text: str
    signed: tuple[Signed, ...]


def open_note(note: str, keys: Iterable[Verifier]) -> Opened:
    """What one of these keys at least signed. BadNote: it is no note, a known key signed something
    else, or none signed."""
    if len(note) > LARGEST or "\n\n" not in note or not note.endswith("\n"):
        raise BadNote("form")
    text, _, tail = note.rpartition("\n\n")
    text += "\n"
    lines, known = tail.removesuffix("\n").split("\n"), {(key.name, key.id): key for key in keys}
    if len(lines) > MOST_SIGNATURES:
        raise BadNote("form")
    found = []
    for line in lines:
        name, raw = read_line(line)
        key = known.get((name, raw[:ID]))
        if key is None:
            continue
        signed = key.signed(text, raw[ID:])
        if signed is None:
            raise BadNote("signature")
        found.append(signed)
    if not found:
        raise BadNote("unsigned")
    return Opened(text, tuple(found))


def read_line(line: str) -> tuple[str, bytes]:
    """Name, and id with signature, of a line of a note. BadNote: it is none."""
    try:
        dash, name, value = line.split(" ")
        raw = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadNote("form") from error
    if dash != "\u2014" or len(raw) <= ID:
        raise BadNote("form")
    return name, raw


def read(note: str, keys: Iterable[Verifier]) -> str:
    """The text of such a note."""
    return open_note(note, keys).text


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree that a log had."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @staticmethod
    def of(text: str) -> "Checkpoint":
        """BadNote: it says no tree. Further lines are for others."""
        try:
            origin, size, root = text.split("\n", 3)[:3]
            raw = base64.b64decode(root, validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadNote("form") from error
        if not origin or not _is_count(size) or len(raw) != merkle.LENGTH:
            raise BadNote("form")
        return Checkpoint(origin, int(size), raw)


@dataclass(frozen=True, slots=True)
class Tree:
    """A checkpoint that all keys of its time signed."""

    checkpoint: Checkpoint
    at: int | None  #: the second, if one of the keys says it


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of a log: those that sign, and those that did, each up to a size of the tree, the
    oldest first."""

    current: tuple[Verifier, ...]
    past: tuple[tuple[int, tuple[Verifier, ...]], ...] = ()

    def of(self, size: int) -> tuple[Verifier, ...]:
        """Those that sign a tree of this size."""
        return next((keys for until, keys in self.past if size <= until), self.current)

    def checkpoint(self, note: str) -> Tree:
        """BadNote: a key of that time did not sign it, or it is of another log."""
        told = Checkpoint.of(note)
        keys = self.of(told.size)
        opened = open_note(note, keys)
        if {signed.by for signed in opened.signed} != set(keys):
            raise BadNote("unsigned")
        if told.origin != keys[0].name or told != Checkpoint.of(opened.text):
            raise BadNote("signature")
        return Tree(
            told, next((signed.at for signed in opened.signed if signed.at is not None), None)
        )


def proof(entry: bytes, index: int, path: Sequence[bytes], checkpoint: str) -> str:
    """That this entry is in the tree of that checkpoint, for who has the key and nothing else."""
    hashes = "".join(f"{base64.b64encode(each).decode()}\n" for each in path)
    return (
        f"{PROOF}\nextra {base64.b64encode(entry).decode()}\nindex {index}\n{hashes}\n{checkpoint}"
    )


@dataclass(frozen=True, slots=True)
class Proven:
    entry: bytes
    index: int
    checkpoint: Checkpoint


def read_proof(text: str, keys: Iterable[Verifier]) -> Proven:
    """BadNote: it proves nothing."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(text) > LARGEST or len(lines) < HEAD or lines[0] != PROOF:
        raise BadNote("form")
    checkpoint = Checkpoint.of(read(note, keys))
    try:
        extra, index = lines[1].removeprefix("extra "), lines[2].removeprefix("index ")
        entry, path = (
            base64.b64decode(extra, validate=True),
            [base64.b64decode(each, validate=True) for each in lines[HEAD:]],
        )
    except (ValueError, binascii.Error) as error:
        raise BadNote("form") from error
    if not _is_count(index):
        raise BadNote("form")
    place = int(index)
    if not merkle.is_included(
        merkle.leaf_hash(entry), place, checkpoint.size, path, checkpoint.root
    ):
        raise BadNote("tree")
    return Proven(entry, place, checkpoint)
