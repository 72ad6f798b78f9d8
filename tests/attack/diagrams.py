"""Diagrams and tables that somebody changed: each is answered by findings, never by a fault, and
none of them is let in with code in it."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from engine.compile import compile_release
from tests.attack.findings import Attack
from tests.kit.play import Everything

BPMN: Final = Path(__file__).resolve().parents[2] / "bpmn"
CODE: Final = (
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "open('/etc/passwd').read()",
    "(lambda: 1)()",
    "[x for x in ().__class__.__mro__]",
    "10 ** 10 ** 10",
    "'x' * 10 ** 12",
    "eval('1')",
    "{0.__class__}",
    "a\0b",
    "&lt;!ENTITY a SYSTEM 'file:///etc/passwd'&gt;",
)


def _cut(rng: random.Random, text: bytes) -> bytes:
    return text[: rng.randrange(len(text))]


def _byte(rng: random.Random, text: bytes) -> bytes:
    changed = bytearray(text)
    for _each in range(rng.choice((1, 5, 50))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _piece_twice(rng: random.Random, text: bytes) -> bytes:
    a, b = sorted(rng.randrange(len(text)) for _end in range(2))
    return text[:b] + text[a:b][:20_000] + text[b:]


def _piece_gone(rng: random.Random, text: bytes) -> bytes:
    lines = text.split(b"\n")
    a = rng.randrange(len(lines))
    return b"\n".join(lines[:a] + lines[a + rng.randrange(1, 40) :])


def _lines_moved(rng: random.Random, text: bytes) -> bytes:
    lines = text.split(b"\n")
    for _each in range(rng.choice((1, 3, 20))):
        lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))
    return b"\n".join(lines)


def _other_value(rng: random.Random, text: bytes) -> bytes:
    """Another text between some quotes."""
    parts = text.split(b'"')
    place = rng.randrange(1, len(parts) - 1)
    parts[place] = rng.choice(
        (
            *CODE,
            "x" * 50_000,
            "",
            "-1",
            "9" * 400,
            "ñ\u2028",
            parts[rng.randrange(1, len(parts) - 1)].decode(),
        )
    ).encode()
    return b'"'.join(parts)


def _other_text(rng: random.Random, text: bytes) -> bytes:
    """Another text between some tags: expressions stand there."""
    parts = text.split(b">")
    place = rng.randrange(1, len(parts) - 1)
    parts[place] = rng.choice(CODE).encode() + parts[place][parts[place].find(b"<") :]
    return b">".join(parts)


WAYS: Final[tuple[Callable[[random.Random, bytes], bytes], ...]] = (
    *(
        _cut,
        _byte,
        _piece_twice,
        _piece_gone,
        _lines_moved,
        _other_value,
        _other_value,
        _other_text,
        _other_text,
    ),
)


def diagrams(rng: random.Random, seconds: float, most: int = 1_000_000) -> Attack:
    """Until so many were tried, or the time is over."""
    attack = Attack(
        "diagrams",
        "shipped diagrams and tables, changed at random, some with code where an expression stands: findings, no fault",
    )
    files = {
        f.name: f.read_bytes() for f in sorted(BPMN.rglob("*")) if f.suffix in (".bpmn", ".dmn")
    }
    end = time.monotonic() + seconds
    while time.monotonic() < end and attack.tried < most:
        name = rng.choice(sorted(files))
        changed = rng.choice(WAYS)(rng, files[name])
        try:
            compile_release(
                {name: changed}, handlers=Everything(), forms=Everything(), functions={}
            )
        except Exception as fault:  # noqa: BLE001 - any is one
            attack.expect(None, f"{name}: {type(fault).__name__}: {str(fault)[:160]}")
        else:
            attack.tried += 1
    return attack
