"""Two hundred rows that somebody wrote into the tables of the job library: none of them runs
anything, and the honest job is done."""

import base64
import json
import pickle
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.kit.chance import dice
from tests.kit.queue import Banco, banco_of

CLOSED = {"SUCCESS", "ERROR", "CANCELLED"}
#: How many of the first rows say that they killed a worker too often: people would be told, with
#: what stands in the row.
POISONED = 10
ROWS = 200


@pytest.fixture
def banco(db_url: str, tmp_path: Path) -> Iterator[Banco]:
    with banco_of(db_url, tmp_path) as banco:
        yield banco


class Reduces:
    def __init__(self, call: tuple[object, ...]) -> None:
        self.call = call

    def __reduce__(self) -> tuple[object, ...]:
        return self.call


def _calls(rng: random.Random, file: Path) -> bytes:
    """A pickle that makes this file when a reader calls what it names, in each way that the format
    has."""
    touch = f"touch {file}".encode()
    ways: list[Callable[[], bytes]] = [
        lambda: pickle.dumps(Reduces((Path.touch, (file,))), protocol=rng.randrange(6)),
        lambda: pickle.dumps(
            Reduces((eval, (f"open({str(file)!r}, 'w')",))), protocol=rng.randrange(6)
        ),
        lambda: b"cposix\nsystem\n(S'" + touch + b"'\ntR.",
        lambda: b"(S'" + touch + b"'\niposix\nsystem\n.",  # INST
        lambda: b"(cposix\nsystem\nS'" + touch + b"'\no.",  # OBJ
        # STACK_GLOBAL
        lambda: (
            b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c" + bytes([len(touch)]) + touch + b"\x85R."
        ),
        lambda: (
            b"\x80\x02cbuiltins\nexec\nX"
            + len(code := f"open({str(file)!r},'w')".encode()).to_bytes(4, "little")
            + code
            + b"\x85R."
        ),
        lambda: (
            b"\x80\x02cbuiltins\ngetattr\ncposix\nsystem\nX\x08\x00\x00\x00__call__\x86RX"
            + len(touch).to_bytes(4, "little")
            + touch
            + b"\x85R."
        ),
        lambda: pickle.dumps({"args": (Reduces((Path.touch, (file,))),), "kwargs": {}}),
    ]
    return rng.choice(ways)()


def _inputs(rng: random.Random, file: Path) -> tuple[str, str | None]:
    """What a row holds, and what it says that this is."""
    pickled = base64.b64encode(_calls(rng, file)).decode()
    odd = [
        pickled,
        pickled[: rng.randrange(1, len(pickled))],
        base64.b64encode(rng.randbytes(rng.randrange(1, 60))).decode(),
        json.dumps({"positionalArgs": pickled, "namedArgs": {"__reduce__": [str(file)]}}),
        json.dumps({"py/reduce": [{"py/function": "os.system"}, {"py/tuple": [f"touch {file}"]}]}),
        json.dumps(
            {
                "positionalArgs": ["writes", f'{{"n": "$(touch {file})"}}', "service", None],
                "namedArgs": [],
            }
        ),
        "[" * 3_000,
        "!!python/object/apply:os.system ['touch " + str(file) + "']",
        "",
        "null",
        "{}",
        '{"positionalArgs": 7}',
        "\u2028",
        "9" * 400,
    ]
    kinds = [
        "py_pickle",
        "py_pickle",
        "py_pickle",
        "portable_json",
        "",
        None,
        "pickle",
        "jsonpickle",
        "yaml",
        "../../x",
        "PY_PICKLE",
    ]
    return rng.choice([pickled, pickled, *odd]), rng.choice(kinds)


@pytest.mark.slow
def test_two_hundred_hostile_rows_run_nothing_and_the_honest_job_is_done(
    banco: Banco, tmp_path: Path
) -> None:
    rng, marks = dice(41), tmp_path / "marks"
    marks.mkdir()
    for n in range(ROWS):
        banco.enqueue("writes", n)
    of, inputs = banco.jobs_of_library, banco.table("workflow_input", "workflow_uuid", "inputs")
    with banco.db.begin() as c:
        for n in range(ROWS):
            text, kind = _inputs(rng, marks / str(n))
            c.execute(
                sa.update(inputs).where(inputs.c.workflow_uuid == f"writes-{n}").values(inputs=text)
            )
            c.execute(
                sa.update(of)
                .where(of.c.workflow_uuid == f"writes-{n}")
                .values(inputs=text, serialization=kind)
            )
            if n < POISONED:
                c.execute(
                    sa.update(of)
                    .where(of.c.workflow_uuid == f"writes-{n}")
                    .values(status="MAX_RECOVERY_ATTEMPTS_EXCEEDED")
                )
    with banco.worker():
        banco.enqueue("writes", 1_000)
        banco.until(lambda lines: "writes 1000" in lines, 90)
        limit = time.monotonic() + 120
        # nothing is tried for ever
        while left := {
            key: status for key, status in banco.statuses().items() if status not in CLOSED
        }:
            assert time.monotonic() < limit, left
            time.sleep(0.2)
    assert list(marks.iterdir()) == []
    assert [line for line in banco.lines() if not line.startswith("failed")] == ["writes 1000"]
