"""Nobody here makes cryptography of their own: what is signed, closed, hashed or drawn comes from a
library, by approved algorithms.

`verifier/` stands apart: it checks with Python alone what others have signed, holds no key, and
nothing of the product imports it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("common", "engine", "records", "handlers", "webforms", "migrations", "demo", "app.py")
HASHES = frozenset({"sha256", "sha512"})
#: Libraries → who asks them, and for what. A new one is a decision, and stands here.
ASKED = {
    "common/notes.py": {"cryptography"},  # Ed25519, ML-DSA-44
    "handlers/evidencia/sellos.py": {"cryptography"},  # certificates of time stamping authorities
    # certificates, and whose a key is that lies within reach
    "webforms/operacion/blindaje.py": {"cryptography"},
    "records/cuentas/cifrado.py": {"argon2"},
    "demo/cuentas.py": {"argon2"},
    "common/tls.py": {"cryptography"},  # when a certificate ends
    "webforms/cuentas/doble.py": {"cryptography"},  # Fernet, HKDF, TOTP
    "webforms/base/en_la_direccion.py": {"cryptography"},  # AES-SIV
    "webforms/cuentas/llaves_de_acceso.py": {"webauthn"},
}
LIBRARIES = frozenset(
    {
        "cryptography",
        "argon2",
        "webauthn",
        "nacl",
        "Crypto",
        "Cryptodome",
        "passlib",
        "jwt",
        "jose",
        "rsa",
        "ecdsa",
        "bcrypt",
    }
)
CIPHERS = ("encrypt", "decrypt", "cipher", "keystream", "pbkdf", "sha1", "md5")
#: Where what is drawn is no secret: pauses between tries, and samples that anybody can draw again.
DRAWN = frozenset(
    {"engine/jobs/durable.py", "engine/store/uow.py", "records/auditorias/reglas/muestra.py"}
)


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """The first word of each module that is imported."""
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def made_here(tree: ast.Module) -> Iterator[str]:
    """What primitives are made of, and no page, rule or table is: octets mixed bit by bit, powers
    of a modulus, ciphers by name."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.BitXor)) or (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in ("pow", "operator.xor")
            and len(node.args) + len(node.keywords) > 1
        ):
            yield ast.unparse(node)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and any(
            word in node.name.lower() for word in CIPHERS
        ):
            yield node.name


def hashed(tree: ast.Module) -> Iterator[str]:
    """Each hash that is no approved one, and each that is chosen where nobody sees it."""
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        what, told = ast.unparse(node.func), ast.unparse(node)
        # what is asked of the hash is not the hash
        if what.startswith("hashlib.") and "(" not in what:
            name = what.partition(".")[2]
            if name == "file_digest":
                name = str(getattr(node.args[1], "value", ""))
            if name not in HASHES and "usedforsecurity=False" not in told:
                yield told
        elif (
            what in ("hmac.new", "hmac.digest")
            and ast.unparse(node.args[2]).replace("hashlib.", "").strip("'") not in HASHES
        ):
            yield told


FILES = dict(sources())


def test_no_file_makes_a_primitive() -> None:
    assert len(FILES) > 500
    assert {file: found for file, tree in FILES.items() if (found := list(made_here(tree)))} == {}


def test_each_library_of_cryptography_is_asked_where_it_is_said() -> None:
    assert {
        file: asked for file, tree in FILES.items() if (asked := imported(tree) & LIBRARIES)
    } == ASKED


def test_hashes_are_approved_ones() -> None:
    assert {file: found for file, tree in FILES.items() if (found := list(hashed(tree)))} == {}
    weak = {file for file, tree in FILES.items() if "usedforsecurity=False" in ast.unparse(tree)}
    assert weak == {"webforms/base/filtradas.py"}, (
        "how a list of stolen passwords that others made is ordered"
    )


def test_libraries_are_asked_for_no_hash_of_before_but_where_applications_of_before_are_replaced() -> (
    None
):
    """Codes of applications that were put before, or where TOTP_SHA1 allows it
    (tests/integration/webforms/test_segundo_factor.py)."""
    old = {"SHA1", "MD5", "SM3", "Poly1305", "TripleDES", "ARC4"}
    asked = {file for file, tree in FILES.items() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
             if old & {alias.name for alias in node.names} and (node.module or "").startswith("cryptography")}  # fmt: skip
    assert asked == {"webforms/cuentas/doble.py"}


def test_what_nobody_may_guess_is_not_drawn_by_random() -> None:
    assert {
        file
        for file, tree in FILES.items()
        if "random" in imported(tree) and not file.startswith("demo/")
    } == DRAWN


def test_nobody_imports_the_verifier() -> None:
    assert {file for file, tree in FILES.items() if "verifier" in imported(tree)} == set()


@pytest.mark.parametrize(
    "source",
    [
        "x = a ^ b",
        "x ^= 1",
        "pow(a, b, n)",
        "def encrypt_it(): ...",
        "class StreamCipher: ...",
        "operator.xor(a, b)",
    ],
)
def test_what_makes_a_primitive_is_seen(source: str) -> None:
    assert list(made_here(ast.parse(source)))


@pytest.mark.parametrize(
    ("source", "bad"),
    [
        ("hashlib.md5(x)", True),
        ("hashlib.sha1(x)", True),
        ("hashlib.new(name, x)", True),
        ("hashlib.file_digest(f, 'md5')", True),
        ("hmac.new(k, x, hashlib.sha1)", True),
        ("hmac.digest(k, x, 'md5')", True),
        ("hmac.digest(k, x, 'sha256')", False),
        ("hashlib.sha256(x)", False),
        ("hashlib.file_digest(f, 'sha256')", False),
        ("hashlib.sha1(x, usedforsecurity=False)", False),
    ],
)
def test_a_hash_that_is_not_approved_is_seen(source: str, *, bad: bool) -> None:
    assert bool(list(hashed(ast.parse(source)))) is bad
