"""Signed notes and checkpoints of transparency logs, as C2SP writes them (signed-note, tlog-checkpoint, tlog-proof); Ed25519.

A note is a text that ends a line, an empty line, and a line of each signature: «— name base64(four bytes that tell the key, signature)».
A checkpoint is a note whose text says origin, size and root of a tree. A key is told apart by its name and by what it is.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from common import merkle

ED25519 = b"\1"
LARGEST = 64 * 1024  # bytes of a note that is read
MOST_SIGNATURES = 16
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

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID]

    def __str__(self) -> str:
        """As it is handed on: name, id and key in one word."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @staticmethod
    def read(text: str) -> "Verifier":
        """BadNote: it is none, or of another kind."""
        try:
            name, told, key = text.strip().split("+", 2)
            raw = base64.b64decode(key, validate=True)
            Ed25519PublicKey.from_public_bytes(raw[1:])
        except (ValueError, binascii.Error) as error:
            raise BadNote("form") from error
        made = Verifier(name, raw[1:])
        if raw[:1] != ED25519 or told != made.id.hex() or not _is_name(name):
            raise BadNote("form")
        return made

    def signed(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key. It stays outside of the database."""

    name: str
    private: bytes

    @staticmethod
    def new(name: str) -> "Signer":
        if not _is_name(name):
            raise BadNote("form")
        return Signer(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @staticmethod
    def read(text: str) -> "Signer":
        """As `secret` wrote it. BadNote: it is none."""
        try:
            private, key, name, told, value = text.strip().split("+", 4)
            raw = base64.b64decode(value, validate=True)
            made = Signer(name, raw[1:])
            known = raw[:1] == ED25519 and told == made.verifier.id.hex()
        except (ValueError, binascii.Error) as error:
            raise BadNote("form") from error
        if (private, key) != ("PRIVATE", "KEY") or not known or not _is_name(name):
            raise BadNote("form")
        return made

    @property
    def secret(self) -> str:
        """The private key with its name, as it is kept in a file."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{base64.b64encode(ED25519 + self.private).decode()}"

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note. The text ends a line and holds no empty one."""
        value = Ed25519PrivateKey.from_private_bytes(self.private).sign(text.encode())
        return f"{text}\n\u2014 {self.name} {base64.b64encode(self.verifier.id + value).decode()}\n"


def _is_name(name: str) -> bool:
    return bool(name) and name.isprintable() and "+" not in name and not any(c.isspace() for c in name)


def _is_count(text: str) -> bool:
    """A number that is written in the one way that it can be: of digits, without zeros before."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and str(int(text)) == text


def read(note: str, keys: Iterable[Verifier]) -> str:
    """The text of a note that one of these keys signed. BadNote: it is none, a known key signed something else, or none signed."""
    if len(note) > LARGEST or "\n\n" not in note or not note.endswith("\n"):
        raise BadNote("form")
    text, _, tail = note.rpartition("\n\n")
    text += "\n"
    lines, known = tail.removesuffix("\n").split("\n"), {(key.name, key.id): key for key in keys}
    if len(lines) > MOST_SIGNATURES:
        raise BadNote("form")
    signed = False
    for line in lines:
        try:
            dash, name, value = line.split(" ")
            raw = base64.b64decode(value, validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadNote("form") from error
        if dash != "\u2014" or len(raw) <= ID:
            raise BadNote("form")
        key = known.get((name, raw[:ID]))
        if key is not None and not key.signed(text, raw[ID:]):
            raise BadNote("signature")
        signed = signed or key is not None
    if not signed:
        raise BadNote("unsigned")
    return text


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


def proof(entry: bytes, index: int, path: Sequence[bytes], checkpoint: str) -> str:
    """That this entry is in the tree of that checkpoint, for who has the key and nothing else."""
    hashes = "".join(f"{base64.b64encode(each).decode()}\n" for each in path)
    return f"{PROOF}\nextra {base64.b64encode(entry).decode()}\nindex {index}\n{hashes}\n{checkpoint}"


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
        entry, path = base64.b64decode(extra, validate=True), [base64.b64decode(each, validate=True) for each in lines[HEAD:]]
    except (ValueError, binascii.Error) as error:
        raise BadNote("form") from error
    if not _is_count(index):
        raise BadNote("form")
    place = int(index)
    if not merkle.is_included(merkle.leaf_hash(entry), place, checkpoint.size, path, checkpoint.root):
        raise BadNote("tree")
    return Proven(entry, place, checkpoint)
