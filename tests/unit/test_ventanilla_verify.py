"""The program that checks an export alone: its arithmetic beside libraries that others wrote, and
that it needs nothing but Python."""

import ast
import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings, strategies as st

from common import merkle, notes
from common.notes import Checkpoint, Signer
from tests.kit import processes
from verifier import ventanilla_verify as alone

SIGNERS = [
    Signer.new("ventanilla.example/registro", kind) for kind in (notes.ED25519, notes.MLDSA44)
]
WITNESS = Signer.new("testigo.example/w1", notes.COSIGNATURE)
AT = 1_795_000_000
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(alone.__file__).read_text("utf-8"))
    taken = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    taken |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in taken} <= sys.stdlib_module_names


@settings(max_examples=500)
@given(JSON)
def test_it_writes_json_as_the_hashes_of_the_product_do(value: object) -> None:
    assert alone.canonical(value).encode() == orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


@settings(max_examples=2_000)
@given(st.integers(-(10**17), 10**17), st.integers(-330, 300))
def test_numbers_too_at_the_edges_of_their_ways_of_writing(digits: int, exponent: int) -> None:
    value = float(f"{digits}e{exponent}")
    assert math.isinf(value) or alone.canonical(value).encode() == orjson.dumps(value)


@settings(max_examples=25)
@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32), st.integers(0, 511))
def test_a_signature_of_ed25519_holds_and_no_other(message: bytes, seed: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), bytearray(key.sign(message))
    assert alone.ed25519(public, message, bytes(signature))
    assert not alone.ed25519(public, message + b"!", bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8
    assert not alone.ed25519(public, message, bytes(signature))


@settings(max_examples=15)
@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32), st.integers(0, 2_420 * 8 - 1))
def test_a_signature_of_ml_dsa_44_holds_and_no_other(message: bytes, seed: bytes, bit: int) -> None:
    key = MLDSA44PrivateKey.from_seed_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), bytearray(key.sign(message))
    assert alone.mldsa44(public, message, bytes(signature))
    assert not alone.mldsa44(public, message + b"!", bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8
    assert not alone.mldsa44(public, message, bytes(signature))


@pytest.mark.parametrize(
    ("public", "signature"),
    [(b"", b""), (bytes(32), bytes(64)), (b"\xff" * 32, b"\xff" * 64), (bytes(32), bytes(63))],
)
def test_what_is_no_key_or_no_signature_holds_nothing(public: bytes, signature: bytes) -> None:
    if public + signature != bytes(96):  # the neutral element signs everything, and is nobody's key
        assert not alone.ed25519(public, b"x", signature)
    assert not alone.mldsa44(public, b"x", signature)
    assert not alone.mldsa44(bytes(1_312), b"x", b"\xff" * 2_420)


def test_it_opens_what_the_product_signs_with_every_kind_of_key() -> None:
    tree = Checkpoint(SIGNERS[0].name, 7, merkle.root_of([bytes([n]) * 32 for n in range(7)]))
    note = notes.sign(tree.text, [*SIGNERS, WITNESS], AT)
    keys = [alone.Key.read(str(signer.verifier)) for signer in (*SIGNERS, WITNESS)]
    assert alone.open_checkpoint(note, keys) == alone.Tree(tree.origin, 7, tree.root, AT)
    for missing in range(3):
        lines = notes.sign(
            tree.text, [each for n, each in enumerate((*SIGNERS, WITNESS)) if n != missing], AT
        )
        with pytest.raises(alone.Bad, match="signature"):
            alone.open_checkpoint(lines, keys)
    with pytest.raises(alone.Bad, match="signature"):
        alone.open_checkpoint(note.replace("\n7\n", "\n8\n"), keys)
    with pytest.raises(alone.Bad, match="signature"):
        alone.open_checkpoint(note, keys[2:])  # of a witness alone nobody knows whose log it is


def test_what_is_no_public_key_is_refused() -> None:
    for text in (
        "",
        "nada",
        "a+b+c",
        "ventanilla+00000000+AQ==",
        str(SIGNERS[0].verifier)[:-4] + "AAA=",
    ):
        with pytest.raises((ValueError, IndexError)):
            alone.Key.read(text)


def test_proofs_of_every_size_hold_and_no_other_place_does() -> None:
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(20)]
    for size in range(1, 21):
        tree = alone.Tree("x", size, merkle.root_of(leaves[:size]), None)
        for place in range(size):
            path = merkle.inclusion(leaves[:size], place)
            assert [
                n for n in range(-1, size + 1) if alone.included(leaves[place], n, tree, path)
            ] == [place]


# --- as a program ---------------------------------------------------------------------------------
def program(
    export: Path, stdout: int | IO[bytes], *before: str
) -> "subprocess.CompletedProcess[bytes]":
    """Python alone, without what this process inherited; `before`: words of a shell around it."""
    words = [
        sys.executable,
        "-I",
        "-S",
        alone.__file__,
        str(export),
        "--key",
        str(SIGNERS[0].verifier),
    ]
    return processes.run(
        [*before, *words], env={"LANGUAGE": "en"}, stdout=stdout, stderr=subprocess.PIPE
    )


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """An export of many faults, with names that are made to harm whoever reads the answer."""
    names = ["a\ud800", "b\n0: whole", "c\x1b[2J", *map(str, range(5_000))]
    export = {"format": alone.FORMAT, "case": "c", "instances": [{"id": name} for name in names]}
    (tmp_path / "case.json").write_text(json.dumps(export))
    return tmp_path / "case.json"


def test_who_reads_no_further_ends_it_without_a_trace(faulty: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        ended = program(faulty, closed)
    assert (ended.returncode, ended.stderr) == (-signal.SIGPIPE, b"")


def test_an_answer_that_cannot_be_written_is_no_verdict(faulty: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = program(faulty, full)
    assert ended.returncode == 2
    assert ended.stderr.decode() == "the answer could not be written: No space left on device\n"


def test_a_closed_output_leaves_the_exit_code(faulty: Path) -> None:
    ended = program(faulty, subprocess.PIPE, "sh", "-c", 'exec "$@" >&-', "sh")
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_each_fault_is_one_line_that_moves_no_terminal(faulty: Path) -> None:
    ended = program(faulty, subprocess.PIPE)
    lines = ended.stdout.decode().split("\n")
    assert (ended.returncode, ended.stderr, len(lines)) == (1, b"", 5_003 + 1)
    says = "it is no export of a case that this program knows"
    assert lines[:3] == [
        f"instance {name}: {says}" for name in ("a\\ud800", "b\\n0: whole", "c\\x1b[2J")
    ]
