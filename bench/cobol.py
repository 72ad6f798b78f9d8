"""Reading records of COBOL, ours and cobolio's in one run.

`python -m bench.cobol [--records N] [--rounds N]`

100,000 records of the demo's layout (107 bytes, ten fields and a filler) lie in memory as bytes;
each reader makes values of all of them. Ours checks every digit, sign and letter and gives exact
numbers; cobolio checks nothing and gives texts. Times are of this machine and this run, one core:
compare the ratio.
"""

import argparse
import contextlib
import datetime as dt
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo.cctex import Credito
from demo.cobol import CARTERA, REG_CARTERA, construir
from handlers.conectores.cobol.codec import Codec, Escritura
from handlers.conectores.cobol.copybook import leer

FIELDS = 10


def records(number: int) -> list[bytes]:
    """So many, made of a thousand clean ones."""
    people = [
        Credito(f"95{n:08d}", "PREG", 1995, "vigente", "CC", f"99{n:08d}", "Ana María Núñez Peña")
        for n in range(1000)
    ]
    codec = Codec(leer(REG_CARTERA), Escritura("cp284"))
    with tempfile.TemporaryDirectory() as name:
        construir(Path(name), people, corte=dt.date(2026, 11, 23))
        raw = (Path(name) / CARTERA).read_bytes()
    size = codec.diseno.largo
    clean = [
        record
        for record in (raw[at : at + size] for at in range(0, len(raw), size))
        if legible(codec, record)
    ]
    return [clean[n % len(clean)] for n in range(number)]


def legible(codec: Codec, record: bytes) -> bool:
    with contextlib.suppress(Exception):
        return bool(codec.decodificar(record))
    return False


def ours() -> Callable[[bytes], Any]:
    return Codec(leer(REG_CARTERA), Escritura("cp284")).decodificar


def theirs() -> Callable[[bytes], Any]:
    """cobolio prints what it parses; it reads no level 88."""
    text = "\n".join(line for line in REG_CARTERA.splitlines() if " 88 " not in line)
    with contextlib.redirect_stdout(io.StringIO()):
        cobolio = __import__("cobolio")
        size, layout = cobolio.copybook_to_layout(text)
    if size != Codec(leer(REG_CARTERA)).diseno.largo:
        raise SystemExit(f"cobolio reads a record of {size} bytes")
    return lambda record: cobolio.loads(record, layout, "cp284")


def spent(read: Callable[[bytes], Any], given: list[bytes]) -> float:
    """Seconds for a million fields."""
    begin = time.perf_counter()
    for record in given:
        read(record)
    return (time.perf_counter() - begin) / (len(given) * FIELDS) * 1_000_000


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--records", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    given = records(asked.records)
    readers = ours(), theirs()
    # one after the other, the quickest counts
    rounds = [tuple(spent(read, given) for read in readers) for _ in range(asked.rounds)]
    mine, other = (min(times) for times in zip(*rounds, strict=True))
    sys.stdout.write(
        f"{asked.records} records of 107 bytes, {FIELDS} fields each\n"
        f"ours     {mine:.2f} s for a million fields\n"
        f"cobolio  {other:.2f} s for a million fields, {other / mine:.1f} times as long\n"
    )


if __name__ == "__main__":
    main()
